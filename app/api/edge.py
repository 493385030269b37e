"""What every route is given, and the dependencies that hand it over."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from app.api.access import LOCAL, Caller, KeyRing, Scope, bearer, refuse_scope, refuse_strangers
from app.api.limits import Limits
from app.api.metrics import Metrics
from app.api.middleware import FIELDS
from app.api.pace import Guesses, Pace
from app.api.problems import TooManyGuesses, Unauthenticated
from app.api.quota import Quota
from app.api.room import Room
from app.api.watching import Watcher
from app.services.context import Context
from app.services.pulling import Pulling
from app.services.queue import IngestQueue


@dataclass(frozen=True, slots=True)
class Edge:
    """The service as the HTTP edge sees it. Made once, in ``create_app``."""

    ctx: Context
    queue: IngestQueue
    limits: Limits
    room: Room
    keys: KeyRing
    pace: Pace
    guesses: Guesses
    quota: Quota
    articles_per_day: int
    """Of keys that have no quota of their own; 0 is none."""
    retention_days: int
    """Of sources that have no rule of their own; 0 is for ever."""
    metrics: Metrics
    pulling: Pulling
    watcher: Watcher
    longest_wait_s: float
    origins: tuple[str, ...]
    idempotency_hours: int

    def quota_of(self, caller: Caller) -> int:
        """Articles that the caller may send in a day; 0 is no limit."""
        return self.articles_per_day if caller.articles_per_day is None else caller.articles_per_day


def edge_of(request: Request) -> Edge:
    """The edge of the application that serves this request."""
    edge: Edge = request.app.state.edge
    return edge


TheEdge = Annotated[Edge, Depends(edge_of)]


def allow(*scopes: Scope) -> Callable[[Request], Awaitable[Caller]]:
    """A dependency that lets pass whoever has one of the scopes."""

    async def check(request: Request) -> Caller:
        caller = await identify(request)
        _keep_pace(request, caller)
        if scopes == (Scope.INGEST,):
            _tell_quota(request, caller)
        refuse_scope(caller, *scopes)
        return caller

    return check


def _keep_pace(request: Request, caller: Caller) -> None:
    """Count a request once, whoever asks how often about its caller."""
    fields = request.scope.setdefault(FIELDS, [])
    if not fields:
        told = edge_of(request).pace.take(caller.id, caller.requests_per_minute)
        fields.append(lambda: told)


def _tell_quota(request: Request, caller: Caller) -> None:
    """Have the answer say what is left of the day's articles, once this request's are counted."""
    edge = edge_of(request)
    if per_day := edge.quota_of(caller):
        request.scope[FIELDS].append(lambda: edge.quota.fields(caller.id, per_day))


MayRead = Annotated[Caller, Depends(allow(Scope.READ))]
"""Whoever may read. What they see of texts that are not out is ``caller.sight``."""
MayCurate = Annotated[Caller, Depends(allow(Scope.CURATE))]
MayAdminister = Annotated[Caller, Depends(allow(Scope.ADMIN))]


async def identify(request: Request) -> Caller:
    """Who is asking; raises where nobody may be."""
    edge = edge_of(request)
    secret = bearer(request.headers)
    if secret is not None:
        return edge.keys.recall(secret) or await _look_up(edge, secret, request)
    there = edge.keys.recall_any()
    if there is None:
        there = await run_in_threadpool(edge.keys.any)
    if there:
        raise Unauthenticated("The request has no key.", fix="Send Authorization: Bearer <key>.")
    refuse_strangers(request, edge.origins)
    return LOCAL


async def _look_up(edge: Edge, secret: str, request: Request) -> Caller:
    if edge.keys.is_familiar(secret):
        caller = await run_in_threadpool(edge.keys.find, secret)
        if caller is not None:
            return caller
    host = request.client.host if request.client else ""
    async with edge.guesses.turn:
        try:
            edge.guesses.refuse(host)
        except TooManyGuesses:
            # Behind one proxy all have one address: what others guess there must not shut out a good key.
            if not await run_in_threadpool(edge.keys.is_listed, secret):
                raise
        caller = edge.keys.recall(secret) or await run_in_threadpool(edge.keys.find, secret)
        if caller is None:
            edge.guesses.count(host)
            raise Unauthenticated("The key is unknown, was revoked, or has expired.", fix="Send a valid key.")
    return caller
