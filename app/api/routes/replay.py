"""What another policy would make of the archive."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.api.edge import MayRead, TheEdge
from app.api.openapi import problems
from app.api.rendering import next_link, tagged_response
from app.api.schemas.replay import ReplayPage
from app.dedup.policy import NAMED, PolicyName
from app.parsing.dates import read_moment
from app.services.replaying import PAGE, asked, replay

router = APIRouter(tags=["explain"])

When = Annotated[str | None, Query(max_length=64, examples=["2026-03-03T00:00:00Z"])]


@router.get(
    "/v1/replay",
    response_model=None,
    responses={
        200: {"model": ReplayPage},
        304: {"description": "Unchanged."},
        **problems("invalid-parameter", "bad-date"),
    },
)
def get_replay(  # noqa: PLR0913 - one parameter a filter
    request: Request,
    edge: TheEdge,
    caller: MayRead,
    *,
    policy: PolicyName,
    source: Annotated[str | None, Query(min_length=1, max_length=8192)] = None,
    since: When = None,
    until: When = None,
    cursor: Annotated[int, Query(ge=0, le=2**63 - 1, description="`next` of the page before.")] = 0,
    limit: Annotated[int, Query(ge=1, le=200, description="Stories to look at.")] = PAGE,
) -> Response:
    """Judge what is stored again under another policy, and say what would change. Changes nothing.

    `policy` stands for that of all sources, or with `source` for that of this one; policies of other
    sources stay as they are. `since` and `until` bound when the later of a pair arrived. Texts that are
    under embargo or withheld are left out. A page looks at `limit` stories, at fewer where they have
    many pairs.
    """
    what = asked(
        edge.ctx,
        policy,
        source=source,
        since=read_moment(since, field="since"),
        until=read_moment(until, field="until"),
    )
    found = replay(edge.ctx, what, after=cursor, limit=limit, sight=caller.sight)
    page = ReplayPage.of(NAMED[policy].id, found)
    return tagged_response(request, page, link=next_link(request, page.next) if page.next else None)
