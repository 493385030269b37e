"""The change feed: everything that happened, in order, without gaps; asked for, waited for, or streamed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from app.api import cloudevents
from app.api.accepting import preferred
from app.api.access import Scope
from app.api.edge import Edge, MayRead, TheEdge, allow
from app.api.event_stream import AT_ONCE, EventStream, Source
from app.api.event_stream import MEDIA_TYPE as EVENT_STREAM
from app.api.openapi import problems
from app.api.problems import InvalidParameter
from app.api.rendering import next_link, tagged_response
from app.api.schemas.feed import ChangePage, CloudEventOut
from app.events import EventType, Interest
from app.services.following import Page, check_cursor, last_position, read_page, told
from app.store.sight import Sight

MOST_WAIT_S = 60
_END = "end"
_MOST_POSITION = 2**63 - 1
_OFFERED = frozenset({EVENT_STREAM, cloudevents.BATCH, cloudevents.ONE})
_may_read = allow(Scope.READ)

router = APIRouter(tags=["changes"])


async def _hold() -> AsyncIterator[AsyncExitStack]:
    """Keeps what is put into it until the answer has been sent."""
    async with AsyncExitStack() as stack:
        yield stack


Values = list[Annotated[str, Query(min_length=1, max_length=2_000)]] | None
Held = Annotated[AsyncExitStack, Depends(_hold)]


def asked_for(
    types: Annotated[Values, Query(alias="type", max_length=50, description="Types of events.")] = None,
    source: Annotated[Values, Query(max_length=50, description="Sources of what events name.")] = None,
    agency: Annotated[Values, Query(max_length=50, description="Agencies of what events name.")] = None,
    language: Annotated[Values, Query(max_length=50, description="Languages of what events name.")] = None,
) -> Interest:
    """What a request's parameters ask for."""
    for each in types or ():
        if each not in set(EventType):
            raise InvalidParameter(
                f"There is no type {each[:100]!a}.", field="type", fix=f"Name some of {', '.join(EventType)}."
            )
    return Interest.of(types or (), source or (), agency or (), language or ())


@router.get(
    "/v1/changes",
    response_model=None,
    responses={
        200: {
            "model": ChangePage,
            "content": {
                EVENT_STREAM: {"schema": {"type": "string"}},
                cloudevents.BATCH: {"schema": {"type": "array", "items": CloudEventOut.model_json_schema()}},
                cloudevents.ONE: {"schema": CloudEventOut.model_json_schema()},
            },
        },
        204: {"description": "No event yet, where a single one was asked for."},
        304: {"description": "Unchanged."},
        **problems("invalid-parameter", "overloaded", "cursor-ahead"),
    },
)
async def get_changes(  # noqa: PLR0913 - one parameter a wish
    request: Request,
    edge: TheEdge,
    caller: MayRead,
    held: Held,
    interest: Annotated[Interest, Depends(asked_for)],
    *,
    cursor: Annotated[
        str,
        Query(
            pattern="^([0-9]{1,19}|end)$",
            description="`next` of the answer before; 0 is the beginning, `end` what comes from now on.",
        ),
    ] = "0",
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    wait: Annotated[
        float, Query(ge=0, le=MOST_WAIT_S, description="Seconds to wait where nothing is new.")
    ] = 0,
    last_event_id: Annotated[
        str | None, Header(max_length=100, description="The last event of a stream; it wins over `cursor`.")
    ] = None,
) -> Response:
    """Read what happened behind a cursor. Ask again with `next`; it is answered also where nothing is new.

    With `wait` the answer comes as soon as there is something, or when the time is over. `Accept:
    text/event-stream` streams the same entries as they come, and `application/cloudevents-batch+json` answers
    them as CloudEvents.
    """
    form = preferred(request, _OFFERED)
    after = await _position(edge, cursor, last_event_id)
    reader = _Reader(edge, interest, caller.sight, 1 if form == cloudevents.ONE else limit)
    if form == EVENT_STREAM:
        held.enter_context(edge.watcher.place())
        await run_in_threadpool(check_cursor, edge.ctx, after)
        return EventStream(_source(request, replace(reader, limit=AT_ONCE)), after)
    page = await reader.stored(after)
    wait = min(wait, edge.longest_wait_s)
    if wait and not page.rows:
        held.enter_context(edge.watcher.place())
        page = await _await(request, reader, page, wait_s=wait)
    answer = _answer(request, page, form)
    answer.headers.add_vary_header("Accept")
    return answer


@dataclass(frozen=True, slots=True)
class _Reader:
    """One caller's way through the feed."""

    edge: Edge
    interest: Interest
    sight: Sight
    limit: int

    async def stored(self, after: int) -> Page:
        """The next entries, of the database."""
        ctx, limit, interest, sight = self.edge.ctx, self.limit, self.interest, self.sight
        return await run_in_threadpool(read_page, ctx, after, limit=limit, interest=interest, sight=sight)

    async def shared(self, after: int) -> Page:
        """The next entries, of the end that all who follow share where that has them."""
        limit, interest, sight = self.limit, self.interest, self.sight
        page = self.edge.watcher.tail.page(after, limit=limit, interest=interest, sight=sight)
        return page or await self.stored(after)


def _answer(request: Request, page: Page, form: str) -> Response:
    here = next_link(request, str(page.next))
    if form == cloudevents.BATCH:
        events = [cloudevents.cloud_event(row) for row in page.rows]
        return tagged_response(request, events, link=here, kind=form)
    if form == cloudevents.ONE:
        if not page.rows:
            return Response(status_code=204, headers={"link": here, "cache-control": "no-cache"})
        return tagged_response(request, cloudevents.cloud_event(page.rows[0]), link=here, kind=form)
    told_of = {"changes": [told(row) for row in page.rows], "next": str(page.next)}
    return tagged_response(request, told_of, link=here if page.more else None)


async def _await(request: Request, reader: _Reader, page: Page, *, wait_s: float) -> Page:
    """The first page with something on it, or the last without when the time is over or the client left."""
    watcher = reader.edge.watcher
    loop = asyncio.get_running_loop()
    until = loop.time() + wait_s
    left = asyncio.create_task(_left(request))
    try:
        while not page.rows and (rest := until - loop.time()) > 0 and not watcher.stopped:
            if not page.more:
                grown = asyncio.create_task(watcher.beyond(page.next, timeout_s=rest))
                await asyncio.wait({grown, left}, return_when=asyncio.FIRST_COMPLETED)
                grown.cancel()
            if left.done():
                break
            page = await reader.shared(page.next)
    finally:
        left.cancel()
    return page


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _source(request: Request, reader: _Reader) -> Source:
    watcher = reader.edge.watcher

    async def beyond(after: int, timeout_s: float) -> bool:
        return await watcher.beyond(after, timeout_s=timeout_s)

    async def still_allowed() -> None:
        await _may_read(request)

    return Source(reader.shared, beyond, lambda: watcher.stopped, still_allowed)


async def _position(edge: Edge, cursor: str, last_event_id: str | None) -> int:
    """Where to go on: behind the last event of a stream that comes back, else behind the cursor."""
    if cursor == _END and not last_event_id:
        return await run_in_threadpool(last_position, edge.ctx)
    named, given = ("Last-Event-ID", last_event_id) if last_event_id else ("cursor", cursor)
    if not (given.isascii() and given.isdigit() and int(given) <= _MOST_POSITION):
        raise InvalidParameter(
            f"{named} is no cursor of this feed.", field=named, fix="Send `next` of an answer, or 0."
        )
    return int(given)
