"""Furniture of a source: what was learned, and what people add to it or take out of it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from app.api.access import Scope
from app.api.admission import refuse_source
from app.api.edge import MayCurate, TheEdge, allow
from app.api.objects import CODES, json_body, takes
from app.api.openapi import problems
from app.api.rendering import json_response, tagged_response
from app.api.schemas.furniture import MOST_WHY, FurnitureIn, FurnitureList, FurnitureOut, read_furniture
from app.services.furnishing import add_furniture, list_furniture, reject_furniture

router = APIRouter(tags=["furniture"])

Source = Annotated[str, Path(min_length=1, max_length=2_000, description="A source, as submissions name it.")]


@router.get(
    "/v1/sources/{source:path}/furniture",
    response_model=None,
    dependencies=[Depends(allow(Scope.READ))],
    responses={
        200: {"model": FurnitureList},
        304: {"description": "Unchanged."},
        **problems("no-such-page"),  # a source with a line break in it
    },
)
def get_furniture(request: Request, edge: TheEdge, source: Source) -> Response:
    """List the passages that count as furniture of a source, with the rejected ones."""
    return tagged_response(request, FurnitureList.of(source, list_furniture(edge.ctx, source)))


@router.post(
    "/v1/sources/{source:path}/furniture",
    status_code=201,
    response_model=None,
    responses={
        201: {"model": FurnitureOut, "description": "It counts; what it touches is judged again soon."},
        **problems(
            *CODES,
            "source-forbidden",
            "no-such-page",  # a source with a line break in it
        ),
    },
    openapi_extra=takes(
        FurnitureIn,
        {
            "text": "Sign up to our morning newsletter and get the day's stories first.",
            "why": "Stands under every page since March.",
        },
    ),
)
async def post_furniture(request: Request, edge: TheEdge, caller: MayCurate, source: Source) -> Response:
    """Let a passage count as furniture of a source."""
    refuse_source(caller, source)
    raw = await json_body(request, gzip_ratio=edge.limits.gzip_ratio, says="A passage is sent as JSON.")
    sent = read_furniture(raw)
    row = await run_in_threadpool(add_furniture, edge.ctx, source, sent.text, by=caller.id, why=sent.why)
    return json_response(FurnitureOut.of(row), 201)


@router.delete(
    "/v1/sources/{source:path}/furniture/{furniture_id}",
    response_model=None,
    responses={
        200: {"model": FurnitureOut, "description": "It counts no more; what it touched is judged again."},
        **problems("not-found", "invalid-parameter", "source-forbidden"),
    },
)
def delete_furniture(
    edge: TheEdge,
    caller: MayCurate,
    source: Source,
    furniture_id: Annotated[str, Path(max_length=100)],
    why: Annotated[str, Query(min_length=1, max_length=MOST_WHY, pattern=r"\S", description="The reason.")],
) -> Response:
    """Say that a passage is no furniture of a source. It stays listed, and is not learned again."""
    refuse_source(caller, source)
    return json_response(
        FurnitureOut.of(reject_furniture(edge.ctx, source, furniture_id, by=caller.id, why=why))
    )
