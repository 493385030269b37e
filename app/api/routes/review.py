"""Decisions that a person should look at."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from app.api.access import Scope
from app.api.edge import TheEdge, allow
from app.api.objects import CODES
from app.api.openapi import problems
from app.api.ordering import Orders, outcomes
from app.api.rendering import next_link, tagged_response
from app.api.schemas.orders import AnswerIn, order_body
from app.api.schemas.review import DoubtOut, ReviewPage
from app.model import ReviewReason
from app.parsing.dates import read_moment
from app.services.acting import Curated, Order
from app.services.reviewing import ReviewFilters, answer_doubt, list_doubts

router = APIRouter(tags=["explain"])


@router.get(
    "/v1/review",
    response_model=None,
    dependencies=[Depends(allow(Scope.READ))],
    responses={
        200: {"model": ReviewPage},
        304: {"description": "Unchanged."},
        **problems("invalid-parameter", "bad-date"),
    },
)
def get_review(  # noqa: PLR0913 - one parameter a filter
    request: Request,
    edge: TheEdge,
    *,
    low: Annotated[float, Query(alias="from", ge=0, le=1)] = 0.0,
    high: Annotated[float, Query(alias="to", ge=0, le=1)] = 1.0,
    reason: ReviewReason | None = None,
    source: Annotated[str | None, Query(min_length=1, max_length=8192)] = None,
    since: Annotated[str | None, Query(max_length=64, examples=["2026-03-03T00:00:00Z"])] = None,
    cursor: Annotated[int | None, Query(ge=0, le=2**63 - 1, description="`next` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Response:
    """List arrivals whose place is in doubt, the latest first, with the evidence.

    `from` and `to` bound the probability that the two are one story; the list holds what lay between
    WIREFOLD_REVIEW_FROM and WIREFOLD_REVIEW_TO on arrival, and pairs that the rest of a story overruled.
    Pairs of which a person has spoken are done, and not listed; nor are texts withheld since.
    """
    filters = ReviewFilters(low, high, reason, source, read_moment(since, field="since"))
    doubts, more = list_doubts(edge.ctx, filters, before=cursor, limit=limit)
    page = ReviewPage(doubts=[DoubtOut.of(each) for each in doubts], next=None if more is None else str(more))
    return tagged_response(request, page, link=next_link(request, page.next) if page.next else None)


@router.post(
    "/v1/review/{position}",
    response_model=None,
    responses=outcomes(*CODES, "contradiction"),
    openapi_extra=order_body(AnswerIn, {"same_story": False, "why": "Last year's flood."}),
)
async def post_review(orders: Orders, position: Annotated[int, Path(ge=1, le=2**63 - 1)]) -> Response:
    """Answer an entry of the list: a link between its two articles, which takes it off the list."""

    def act(order: Order, sent: AnswerIn) -> Curated:
        return answer_doubt(orders.ctx, order, position, same_story=sent.same_story)

    return await orders.read(AnswerIn, act)
