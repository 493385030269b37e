"""The change feed: everything that happened, in order, without gaps."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.api.edge import MayRead, TheEdge
from app.api.openapi import problems
from app.api.rendering import next_link, tagged_response
from app.api.schemas.feed import ChangePage
from app.services import reading

router = APIRouter(tags=["changes"])


@router.get(
    "/v1/changes",
    response_model=None,
    responses={
        200: {"model": ChangePage},
        304: {"description": "Unchanged."},
        **problems("invalid-parameter"),
    },
)
def get_changes(
    request: Request,
    edge: TheEdge,
    caller: MayRead,
    cursor: Annotated[
        int, Query(ge=0, le=2**63 - 1, description="`next` of the answer before; 0 is the beginning.")
    ] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> Response:
    """Read what happened behind a cursor. Ask again with `next`; it is answered also where nothing is new."""
    rows = reading.read_changes(edge.ctx, cursor, limit=limit, sight=caller.sight)
    after = str(rows[-1].position) if rows else str(cursor)
    page = {
        # An entry's own members come first: what it carries cannot pass for its position.
        "changes": [
            {**row.payload, "position": row.position, "type": row.type, "at": row.at} for row in rows
        ],
        "next": after,
    }
    return tagged_response(request, page, link=next_link(request, after) if len(rows) == limit else None)
