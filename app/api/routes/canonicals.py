"""Canonicals: one story each, with its members; look-ups and lists."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from starlette.responses import RedirectResponse

from app.api.access import Caller
from app.api.edge import Edge, MayRead, TheEdge
from app.api.openapi import Responses, problems
from app.api.past import AsOf, cache_of, read_as_of
from app.api.problems import InvalidParameter
from app.api.rendering import next_link, tagged_response
from app.api.schemas.canonical import CanonicalList, CanonicalOut, MemberPage
from app.api.schemas.views import as_of_out, canonical_out, canonical_summary, members_out
from app.dedup.model import Relation
from app.errors import BadDate
from app.model import Position
from app.parsing.dates import read_moment
from app.parsing.urls import url_key
from app.services import finding, reading
from app.services.as_of import Moment, story_as_of
from app.services.views import Moved, StoryPage, StoryView

router = APIRouter(tags=["canonicals"])

CanonicalId = Annotated[str, Path(max_length=100)]
Cursor = Annotated[int | None, Query(ge=0, le=2**63 - 1, description="`next` of the page before.")]
Limit = Annotated[int, Query(ge=1, le=500)]
Text = Annotated[str | None, Query(min_length=1, max_length=8192)]
When = Annotated[str | None, Query(max_length=64, examples=["2026-03-03T00:00:00Z"])]
_MOVED: Responses = {
    308: {"description": "Absorbed: the survivor is at Location."},
    304: {"description": "Unchanged."},
}
_NOT_THERE = ("not-found", "gone", "not-yet", "invalid-parameter", "bad-date")


@router.get(
    "/v1/canonicals",
    response_model=None,
    responses={
        200: {"model": CanonicalList},
        304: {"description": "Unchanged."},
        **problems("invalid-parameter", "bad-date"),
    },
)
def list_canonicals(  # noqa: PLR0913 - one parameter a filter
    request: Request,
    edge: TheEdge,
    caller: MayRead,
    *,
    url: Text = None,
    source: Text = None,
    external_id: Text = None,
    agency: Text = None,
    language: Text = None,
    relation: Relation | None = None,
    since: When = None,
    until: When = None,
    min_members: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """List stories, the last founded first; or look one up by `url`, or by `source` and `external_id`.

    A look-up answers a list: one address may have carried several stories. With `url`, `source` names who
    printed it there. A filter passes a story where one of its members has all that is asked; `since` and
    `until` bound when it was seen.
    """
    if url is not None:
        _refuse_others(request, "url", "source")
        if url_key(url) is None:
            raise InvalidParameter(
                "url is not an http or https address.",
                field="url",
                fix="Send it whole, as https://host/path.",
            )
        return _found(request, finding.find_by_url(edge.ctx, url, caller.sight, source=source))
    if external_id is not None:
        _refuse_others(request, "external_id", "source")
        if source is None:
            raise InvalidParameter("external_id needs source.", field="source", fix="Send source as well.")
        return _found(request, finding.find_by_external_id(edge.ctx, source, external_id, caller.sight))
    filters = finding.Filters(
        source=source,
        agency=agency,
        language=language,
        relation=relation,
        since=_moment("since", since),
        until=_moment("until", until),
        min_members=min_members,
    )
    views, more = finding.list_stories(edge.ctx, filters, before=cursor, limit=limit, sight=caller.sight)
    after = None if more is None else str(more)
    page = CanonicalList(canonicals=[canonical_summary(view) for view in views], next=after)
    return tagged_response(request, page, link=next_link(request, after) if after else None)


@router.get(
    "/v1/canonicals/{canonical_id}",
    response_model=None,
    responses={200: {"model": CanonicalOut}, **_MOVED, **problems(*_NOT_THERE)},
)
def get_canonical(
    request: Request,
    edge: TheEdge,
    caller: MayRead,
    canonical_id: CanonicalId,
    limit: Limit = 50,
    as_of: AsOf = None,
) -> Response:
    """Read a story: the version that speaks for it and the first page of its members."""
    page, moment = _read(edge, caller, canonical_id, read_as_of(as_of), limit=limit)
    if isinstance(page, Moved):
        return _redirect(f"/v1/canonicals/{page.survivor}", request)
    out = canonical_out(page, moment)
    link = _members_link(canonical_id, out.next, limit, moment)
    return tagged_response(request, out, link=link, cache=cache_of(moment), state=page.state)


@router.get(
    "/v1/canonicals/{canonical_id}/members",
    response_model=None,
    responses={200: {"model": MemberPage}, **_MOVED, **problems(*_NOT_THERE)},
)
def get_members(
    request: Request,
    edge: TheEdge,
    caller: MayRead,
    canonical_id: CanonicalId,
    cursor: Cursor = None,
    limit: Limit = 50,
    as_of: AsOf = None,
) -> Response:
    """Page through a story's members, in order of arrival."""
    page, moment = _read(edge, caller, canonical_id, read_as_of(as_of), after=cursor or 0, limit=limit)
    if isinstance(page, Moved):
        return _redirect(f"/v1/canonicals/{page.survivor}/members", request)
    after = None if page.more is None else str(page.more)
    out = MemberPage(members=members_out(page.members), next=after, as_of=as_of_out(moment))
    link = _members_link(canonical_id, after, limit, moment)
    return tagged_response(request, out, link=link, cache=cache_of(moment))


def _read(
    edge: Edge,
    caller: Caller,
    canonical_id: str,
    asked: Position | datetime | None,
    *,
    after: int = 0,
    limit: int,
) -> tuple[StoryPage | Moved, Moment | None]:
    sight = caller.sight
    if asked is None:
        return reading.read_story(edge.ctx, canonical_id, after=after, limit=limit, sight=sight), None
    return story_as_of(edge.ctx, canonical_id, asked, after=after, limit=limit, sight=sight)


def _refuse_others(request: Request, *looked_up_by: str) -> None:
    """Raise where a look-up is asked to filter too: what it passed over would seem to have been looked at."""
    for name in request.query_params:
        if name not in {*looked_up_by, "limit"}:
            raise InvalidParameter(
                f"A look-up by {looked_up_by[0]} takes no {name}.", field=name, fix=f"Leave {name} out."
            )


def _found(request: Request, views: Sequence[StoryView]) -> Response:
    page = CanonicalList(canonicals=[canonical_summary(view) for view in views], next=None)
    return tagged_response(request, page)


def _redirect(path: str, request: Request) -> Response:
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(path + query, 308, {"cache-control": "no-store"})


def _members_link(canonical_id: str, after: str | None, limit: int, moment: Moment | None) -> str | None:
    path = f"/v1/canonicals/{canonical_id}/members"
    # By position: a time may come to mean a later one while somebody pages.
    then = "" if moment is None else f"&as_of={moment.position}"
    return None if after is None else f'<{path}?cursor={after}&limit={limit}{then}>; rel="next"'


def _moment(name: str, value: str | None) -> datetime | None:
    moment = read_moment(value, field=name)
    if moment is None and value and not value.isspace():
        # In an article such a year stands for "unknown"; as a bound it must not pass for none.
        fix = "Leave the bound out, or send a year from 1600 to 9000."
        raise BadDate(f"{name} is outside the years that dates have.", field=name, fix=fix)
    return moment
