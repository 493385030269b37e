"""Feeds that are pulled: added, listed, changed, paused, tried, and as OPML in and out."""

import threading
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Header, Path, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from app.api.access import Caller
from app.api.admission import refuse_source
from app.api.body import read_body
from app.api.edge import Edge, MayCurate, MayRead, TheEdge
from app.api.objects import CODES, json_body, takes
from app.api.openapi import problems
from app.api.preconditions import states_of
from app.api.rendering import (
    entity_tag,
    json_response,
    next_link,
    tagged_bytes,
    tagged_response,
    to_json,
)
from app.api.schemas.feeds import (
    FeedIn,
    FeedOut,
    FeedPage,
    ImportOut,
    TrialOut,
    import_out,
    read_change,
    read_feed_in,
)
from app.errors import FeedChanged, Overloaded
from app.services import feeds
from app.services.feeds import Wish
from app.services.trying import Trial, try_feed
from app.store.feeds import FeedRow
from app.store.sight import covers

router = APIRouter(tags=["feeds"])

FeedId = Annotated[str, Path(max_length=100)]
IfMatch = Annotated[
    str | None,
    Header(max_length=1_000, description="The feed's ETag: refuse where people changed it since."),
]
OPML = "text/x-opml"
_MOST_OPML_BYTES = 10 * 1024 * 1024
_TRIALS = threading.BoundedSemaphore(2)
"""A trial waits for a stranger's server and keeps a thread meanwhile: others must not have to wait for it."""
_BODY_PROBLEMS = (*CODES, "source-forbidden", "fetch-failed")
_EXAMPLE = {"url": "https://harbour-gazette.example/rss", "source": "harbour-gazette.example"}


@router.get(
    "/v1/feeds",
    response_model=None,
    responses={
        200: {"model": FeedPage},
        304: {"description": "Unchanged."},
        **problems("invalid-parameter"),
    },
)
def get_feeds(
    request: Request,
    edge: TheEdge,
    caller: MayRead,
    cursor: Annotated[str, Query(max_length=100, description="`next` of the page before.")] = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Response:
    """List the feeds that are pulled, in the order in which they were added."""
    rows = feeds.list_feeds(edge.ctx, after=cursor, limit=limit)
    after = rows[-1].id if len(rows) == limit else None
    page = FeedPage(feeds=[FeedOut.of(row) for row in rows if _shown(caller, row)], next=after)
    return tagged_response(request, page, link=next_link(request, after) if after else None)


@router.post(
    "/v1/feeds",
    status_code=201,
    response_model=None,
    responses={
        201: {"model": FeedOut, "description": "It is fetched within seconds."},
        **problems("feed-exists", *_BODY_PROBLEMS),
    },
    openapi_extra=takes(FeedIn, _EXAMPLE),
)
async def post_feed(request: Request, edge: TheEdge, caller: MayCurate) -> Response:
    """Add a feed."""
    wish = feeds.decide(edge.ctx, read_feed_in(await _body(request, edge)))
    refuse_source(caller, wish.source or "")
    row = await run_in_threadpool(feeds.add_feed, edge.ctx, wish, by=caller.id)
    return _told(row, 201)


@router.post(
    "/v1/feeds/test",
    response_model=None,
    responses={
        200: {"model": TrialOut},
        **problems(
            "not-a-feed",
            "no-feed-there",
            "overloaded",
            *_BODY_PROBLEMS,
        ),
    },
    openapi_extra=takes(FeedIn, _EXAMPLE),
)
async def post_test(request: Request, edge: TheEdge, caller: MayCurate) -> Response:
    """Fetch a feed and tell what would come of it. Stores nothing."""
    wish = feeds.decide(edge.ctx, read_feed_in(await _body(request, edge)))
    refuse_source(caller, wish.source or "")
    return json_response(TrialOut.of(await run_in_threadpool(_try, edge, wish, caller)))


@router.get(
    "/v1/feeds/opml",
    response_model=None,
    responses={
        200: {"description": "A list of all feeds (OPML 2.0).", "content": {OPML: {}}},
        304: {"description": "Unchanged."},
    },
)
def get_opml(request: Request, edge: TheEdge, caller: MayCurate) -> Response:
    """Export the feeds as OPML."""
    body = feeds.export_opml(edge.ctx, lambda row: _shown(caller, row))
    headers = {"content-disposition": 'attachment; filename="wirefold.opml"', "cache-control": "no-cache"}
    return tagged_bytes(request, body, OPML, headers)


@router.post(
    "/v1/feeds/opml",
    response_model=None,
    responses={
        200: {"model": ImportOut},
        **problems("invalid-value", "too-large", "broken-body", "suspicious-compression", "overloaded"),
    },
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                OPML: {"schema": {"type": "string"}},
                "application/xml": {"schema": {"type": "string"}},
            },
        }
    },
)
async def post_opml(request: Request, edge: TheEdge, caller: MayCurate) -> Response:
    """Add the feeds of an OPML list. One that cannot be added does not sink the others."""
    data = await read_body(request, limit=_MOST_OPML_BYTES, gzip_ratio=edge.limits.gzip_ratio)

    allow_source = partial(refuse_source, caller)
    results = await run_in_threadpool(
        feeds.import_opml, edge.ctx, data, by=caller.id, allow_source=allow_source
    )
    return json_response(import_out(results))


@router.get(
    "/v1/feeds/{feed_id}",
    response_model=None,
    responses={200: {"model": FeedOut}, 304: {"description": "Unchanged."}, **problems("not-found")},
)
def get_feed(request: Request, edge: TheEdge, caller: MayRead, feed_id: FeedId) -> Response:
    """Read one feed: its settings, when it is due, how it went."""
    row = _mine(edge, caller, feed_id)
    return tagged_response(request, FeedOut.of(row), state=str(row.revision))


@router.patch(
    "/v1/feeds/{feed_id}",
    response_model=None,
    responses={
        200: {"model": FeedOut, "description": "It is fetched again within seconds."},
        **problems("not-found", "feed-exists", "feed-changed", *_BODY_PROBLEMS),
    },
    openapi_extra=takes(FeedIn, {"identity": "url"}),
)
async def patch_feed(
    request: Request, edge: TheEdge, caller: MayCurate, feed_id: FeedId, if_match: IfMatch = None
) -> Response:
    """Change a feed: what is sent changes, null takes back to the default (RFC 7396)."""
    raw = await _body(request, edge)
    before = await run_in_threadpool(_mine, edge, caller, feed_id)
    wish = feeds.decide(edge.ctx, read_change(raw, feeds.wish_of(before)))
    refuse_source(caller, wish.source or "")
    # What was read to be merged with is what must still stand, also without If-Match.
    revision = before.revision if if_match is None else _revision(if_match)
    row = await run_in_threadpool(feeds.change_feed, edge.ctx, feed_id, wish, revision=revision)
    return _told(row)


@router.delete(
    "/v1/feeds/{feed_id}",
    status_code=204,
    response_model=None,
    responses={204: {"description": "Removed. Its articles stay."}, **problems("not-found", "feed-changed")},
)
def delete_feed(edge: TheEdge, caller: MayCurate, feed_id: FeedId, if_match: IfMatch = None) -> Response:
    """Remove a feed. What it brought stays."""
    _mine(edge, caller, feed_id)
    feeds.remove_feed(edge.ctx, feed_id, revision=_revision(if_match))
    return Response(status_code=204)


@router.post(
    "/v1/feeds/{feed_id}/pause",
    response_model=None,
    responses={200: {"model": FeedOut}, **problems("not-found", "invalid-parameter")},
)
def post_pause(
    edge: TheEdge,
    caller: MayCurate,
    feed_id: FeedId,
    why: Annotated[str, Query(max_length=500, description="The reason, for whoever reads it later.")] = "",
) -> Response:
    """Ask for a feed no more, until it is resumed."""
    _mine(edge, caller, feed_id)
    return _told(feeds.pause_feed(edge.ctx, feed_id, why=why))


@router.post(
    "/v1/feeds/{feed_id}/resume",
    response_model=None,
    responses={200: {"model": FeedOut}, **problems("not-found")},
)
def post_resume(edge: TheEdge, caller: MayCurate, feed_id: FeedId) -> Response:
    """Ask for a feed again, at once: one that was paused, or that is backing off."""
    _mine(edge, caller, feed_id)
    return _told(feeds.resume_feed(edge.ctx, feed_id))


async def _body(request: Request, edge: Edge) -> bytes:
    return await json_body(request, gzip_ratio=edge.limits.gzip_ratio, says="A feed is sent as JSON.")


def _try(edge: Edge, wish: Wish, caller: Caller) -> Trial:
    if not _TRIALS.acquire(blocking=False):
        raise Overloaded("Two feeds are being tried already.", retry_after_s=5)
    try:
        return try_feed(edge.ctx, edge.pulling, wish, caller.sight)
    finally:
        _TRIALS.release()


def _shown(caller: Caller, row: FeedRow) -> bool:
    """A key that is bound to sources sees their feeds only: an address may carry a password of its own."""
    return caller.sources is None or covers(caller.sources, row.source)


def _mine(edge: Edge, caller: Caller, feed_id: str) -> FeedRow:
    row = feeds.get_feed(edge.ctx, feed_id)
    if not _shown(caller, row):
        raise feeds.no_feed(feed_id)
    return row


def _told(row: FeedRow, status: int = 200) -> Response:
    body = to_json(FeedOut.of(row))
    return Response(body, status, {"etag": entity_tag(body, str(row.revision))}, "application/json")


def _revision(if_match: str | None) -> int | None:
    """The revision that a tag names: fetches in between are no conflict."""
    if if_match is None or if_match.strip() == "*":
        return None
    states = states_of(tag.strip() for tag in if_match.split(","))
    revisions = [int(state) for state in states if state.isdecimal() and len(state) < 10]
    if not revisions:
        raise FeedChanged("If-Match names no tag of this feed.", field="If-Match")
    return revisions[0]
