"""Copies that still say what their origin corrected or withdrew."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from app.api.edge import MayCurate, MayRead, TheEdge
from app.api.objects import CODES, json_body, takes
from app.api.openapi import problems
from app.api.rendering import json_response, next_link, tagged_response
from app.api.schemas.stale import DismissalIn, StaleOut, StalePage, read_dismissal
from app.parsing.dates import read_moment
from app.services.stale_list import StaleFilters, dismiss_stale, list_stale, read_stale
from app.store.stale_copies import StaleReason, StaleState

router = APIRouter(tags=["stale"])

StaleId = Annotated[str, Path(max_length=100)]


@router.get(
    "/v1/stale",
    response_model=None,
    responses={
        200: {"model": StalePage},
        304: {"description": "Unchanged."},
        **problems("invalid-parameter", "bad-date", "not-found"),
    },
)
def get_stale_list(  # noqa: PLR0913 - one parameter a filter
    request: Request,
    edge: TheEdge,
    caller: MayRead,
    *,
    state: Annotated[Literal["open", "resolved", "dismissed", "all"], Query()] = "open",
    canonical: Annotated[
        str | None, Query(min_length=1, max_length=100, description="Copies that are in this story now.")
    ] = None,
    source: Annotated[str | None, Query(min_length=1, max_length=8192, description="Of the copy.")] = None,
    reason: StaleReason | None = None,
    since: Annotated[str | None, Query(max_length=64, examples=["2026-03-03T00:00:00Z"])] = None,
    cursor: Annotated[int | None, Query(ge=0, le=2**63 - 1, description="`next` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Response:
    """List copies that still say what their origin corrected or withdrew, the latest first."""
    filters = StaleFilters(
        state=None if state == "all" else StaleState(state),
        source=source,
        reason=reason,
        since=read_moment(since, field="since"),
    )
    views, more = list_stale(
        edge.ctx, filters, canonical_id=canonical, before=cursor, limit=limit, sight=caller.sight
    )
    page = StalePage(stale=[StaleOut.of(each) for each in views], next=None if more is None else str(more))
    return tagged_response(request, page, link=next_link(request, page.next) if page.next else None)


@router.get(
    "/v1/stale/{stale_id}",
    response_model=None,
    responses={200: {"model": StaleOut}, 304: {"description": "Unchanged."}, **problems("not-found")},
)
def get_stale(request: Request, edge: TheEdge, caller: MayRead, stale_id: StaleId) -> Response:
    """Read one entry of the list, open or closed."""
    return tagged_response(request, StaleOut.of(read_stale(edge.ctx, stale_id, caller.sight)))


@router.post(
    "/v1/stale/{stale_id}/dismiss",
    response_model=None,
    responses={
        200: {"model": StaleOut, "description": "It may stay; the same correction does not list it again."},
        **problems(
            "not-found",
            "conflict",
            *CODES,
        ),
    },
    openapi_extra=takes(DismissalIn, {"why": "The old figure is quoted as an error."}),
)
async def post_dismissal(request: Request, edge: TheEdge, caller: MayCurate, stale_id: StaleId) -> Response:
    """Say that a copy may stay as it is."""
    raw = await json_body(request, gzip_ratio=edge.limits.gzip_ratio, says="A dismissal is sent as JSON.")
    sent = read_dismissal(raw)
    view = await run_in_threadpool(
        dismiss_stale, edge.ctx, stale_id, by=caller.id, why=sent.why, sight=caller.sight
    )
    return json_response(StaleOut.of(view))
