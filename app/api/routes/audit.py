"""The log of what people did."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from app.api.edge import MayCurate, TheEdge
from app.api.objects import CODES
from app.api.openapi import problems
from app.api.ordering import Orders, outcomes
from app.api.rendering import next_link, tagged_response
from app.api.schemas.curation import AuditOut, AuditPage
from app.api.schemas.orders import UndoIn, order_body
from app.parsing.dates import read_moment
from app.services.acting import Action, Curated, Order
from app.services.auditing import AuditFilters, list_audit, read_audit
from app.services.undoing import undo

router = APIRouter(tags=["curation"])

AuditId = Annotated[str, Path(max_length=100)]
Moment = Annotated[str | None, Query(max_length=64, examples=["2026-03-03T00:00:00Z"])]


@router.get(
    "/v1/audit",
    response_model=None,
    responses={
        200: {"model": AuditPage},
        304: {"description": "Unchanged."},
        **problems("invalid-parameter", "bad-date"),
    },
)
def get_audit(  # noqa: PLR0913 - one parameter a filter
    request: Request,
    edge: TheEdge,
    caller: MayCurate,
    *,
    by: Annotated[str | None, Query(min_length=1, max_length=200)] = None,
    action: Action | None = None,
    undoes: Annotated[str | None, Query(pattern=r"^aud_[0-9a-z]{1,96}$")] = None,
    since: Moment = None,
    until: Moment = None,
    cursor: Annotated[int | None, Query(ge=0, le=2**63 - 1, description="`next` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Response:
    """List what people did, the latest first, with who, why, and what stood before and after."""
    filters = AuditFilters(
        by=by,
        action=None if action is None else action.value,
        undoes=undoes,
        since=read_moment(since, field="since"),
        until=read_moment(until, field="until"),
    )
    entries, more = list_audit(edge.ctx, filters, before=cursor, limit=limit, sight=caller.sight)
    page = AuditPage(
        entries=[AuditOut.of(each) for each in entries], next=None if more is None else str(more)
    )
    return tagged_response(request, page, link=next_link(request, page.next) if page.next else None)


@router.get(
    "/v1/audit/{audit_id}",
    response_model=None,
    responses={200: {"model": AuditOut}, 304: {"description": "Unchanged."}, **problems("not-found")},
)
def get_entry(request: Request, edge: TheEdge, caller: MayCurate, audit_id: AuditId) -> Response:
    """Read one entry of the log."""
    return tagged_response(request, AuditOut.of(read_audit(edge.ctx, audit_id, caller.sight)))


@router.post(
    "/v1/audit/{audit_id}/undo",
    response_model=None,
    responses=outcomes(*CODES, "contradiction"),
    openapi_extra=order_body(UndoIn, {"why": "It was the same vote after all."}),
)
async def post_undo(orders: Orders, audit_id: AuditId) -> Response:
    """Take back what an entry of the log did, as far as that is still possible; `left` says what is not."""

    def act(order: Order, sent: UndoIn) -> Curated:
        del sent
        return undo(orders.ctx, order, audit_id)

    return await orders.read(UndoIn, act)
