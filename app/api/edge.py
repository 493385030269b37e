"""What every route is given, and the dependencies that hand it over."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from app.api.access import LOCAL, Caller, KeyRing, Scope, bearer, refuse_scope, refuse_strangers
from app.api.limits import Limits
from app.api.metrics import Metrics
from app.api.problems import Unauthenticated
from app.api.watching import Watcher
from app.services.context import Context
from app.services.queue import IngestQueue


@dataclass(frozen=True, slots=True)
class Edge:
    """The service as the HTTP edge sees it. Made once, in ``create_app``."""

    ctx: Context
    queue: IngestQueue
    limits: Limits
    keys: KeyRing
    metrics: Metrics
    watcher: Watcher
    longest_wait_s: float
    origins: tuple[str, ...]
    idempotency_hours: int


def edge_of(request: Request) -> Edge:
    """The edge of the application that serves this request."""
    edge: Edge = request.app.state.edge
    return edge


TheEdge = Annotated[Edge, Depends(edge_of)]


def allow(*scopes: Scope) -> Callable[[Request], Awaitable[Caller]]:
    """A dependency that lets pass whoever has one of the scopes."""

    async def check(request: Request) -> Caller:
        caller = await identify(request)
        refuse_scope(caller, *scopes)
        return caller

    return check


MayRead = Annotated[Caller, Depends(allow(Scope.READ))]
"""Whoever may read. What they see of texts that are not out is ``caller.sight``."""


async def identify(request: Request) -> Caller:
    """Who is asking; raises where nobody may be."""
    edge = edge_of(request)
    secret = bearer(request.headers)
    if secret is not None:
        caller = edge.keys.recall(secret) or await run_in_threadpool(edge.keys.find, secret)
        if caller is None:
            raise Unauthenticated("The key is unknown or was revoked.", fix="Send a valid key.")
        return caller
    there = edge.keys.recall_any()
    if there is None:
        there = await run_in_threadpool(edge.keys.any)
    if there:
        raise Unauthenticated("The request has no key.", fix="Send Authorization: Bearer <key>.")
    refuse_strangers(request, edge.origins)
    return LOCAL
