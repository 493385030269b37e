"""What people said of articles: said, listed, taken back."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from app.api.access import Caller, Scope
from app.api.edge import TheEdge, allow
from app.api.objects import CODES
from app.api.openapi import problems
from app.api.ordering import Orders, Reason, outcomes
from app.api.rendering import next_link, tagged_response
from app.api.schemas.curation import LinkOut, LinkPage
from app.api.schemas.orders import LinkIn, order_body
from app.errors import InvalidValue
from app.model import LinkKind
from app.services import curating
from app.services.acting import Curated, Order
from app.services.linked import list_links

router = APIRouter(tags=["curation"])

MayLook = Annotated[Caller, Depends(allow(Scope.READ, Scope.CURATE))]


@router.post(
    "/v1/links",
    response_model=None,
    responses=outcomes(*CODES, "contradiction"),
    openapi_extra=order_body(
        LinkIn, {"kind": "cannot", "canonicals": ["can_…", "can_…"], "why": "Two fires, two towns."}
    ),
)
async def post_link(orders: Orders) -> Response:
    """Say that articles, or stories, are one story, or that they never are."""

    def act(order: Order, sent: LinkIn) -> Curated:
        if (sent.articles is None) == (sent.canonicals is None):
            raise InvalidValue("Name articles or canonicals.", field="articles", fix="Send one of the two.")
        if sent.articles is not None:
            return curating.link_articles(orders.ctx, order, sent.kind, sent.articles)
        first, *others = sent.canonicals or []
        if sent.kind is LinkKind.MUST:
            return curating.merge(orders.ctx, order, first, others)
        return curating.keep_apart(orders.ctx, order, [first, *others])

    return await orders.read(LinkIn, act)


@router.get(
    "/v1/links",
    response_model=None,
    responses={
        200: {"model": LinkPage},
        304: {"description": "Unchanged."},
        **problems("not-found", "invalid-parameter"),
    },
)
def get_links(  # noqa: PLR0913 - one parameter a filter
    request: Request,
    edge: TheEdge,
    caller: MayLook,
    *,
    article_id: Annotated[str | None, Query(min_length=1, max_length=100)] = None,
    kind: LinkKind | None = None,
    by: Annotated[str | None, Query(min_length=1, max_length=200)] = None,
    ended: Annotated[bool, Query(description="Also those that count no more.")] = False,
    cursor: Annotated[
        str | None, Query(pattern=r"^lnk_[0-9a-z_]{1,96}$", description="`next` of the page before.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Response:
    """List what people said of articles, the latest first."""
    views, more = list_links(
        edge.ctx,
        article_id=article_id,
        kind=kind,
        by=by,
        ended=ended,
        before=cursor,
        limit=limit,
        sight=caller.sight,
    )
    page = LinkPage(links=[LinkOut.of(each) for each in views], next=more)
    return tagged_response(request, page, link=next_link(request, more) if more else None)


@router.delete("/v1/links/{link_id}", response_model=None, responses=outcomes())
async def delete_link(orders: Orders, link_id: Annotated[str, Path(max_length=100)], why: Reason) -> Response:
    """Take back what was said: the machine judges again. The link stays in the list of ended ones."""
    return await orders.plain(why, lambda order: curating.unlink(orders.ctx, order, link_id))
