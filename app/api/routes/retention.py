"""How long the texts of a source are kept."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from starlette.concurrency import run_in_threadpool

from app.api.edge import MayAdminister, TheEdge
from app.api.objects import CODES, json_body, takes
from app.api.openapi import problems
from app.api.rendering import json_response, tagged_response
from app.api.schemas.deletion import RetentionIn, RetentionOut, read_retention
from app.services import retaining

router = APIRouter(tags=["administration"])

Source = Annotated[str, Path(min_length=1, max_length=2_000, description="A source, as submissions name it.")]


@router.get(
    "/v1/sources/{source:path}/retention",
    response_model=None,
    responses={
        200: {"model": RetentionOut},
        304: {"description": "Unchanged."},
        **problems("invalid-parameter", "no-such-page"),
    },
)
def get_retention(request: Request, edge: TheEdge, caller: MayAdminister, source: Source) -> Response:
    """Read how long the texts of a source are kept."""
    del caller
    told = retaining.read_retention(edge.ctx, source, default_days=edge.retention_days)
    return tagged_response(request, RetentionOut.of(told))


@router.put(
    "/v1/sources/{source:path}/retention",
    response_model=None,
    responses={
        200: {"model": RetentionOut},
        **problems(
            "invalid-parameter",
            "no-such-page",
            *CODES,
        ),
    },
    openapi_extra=takes(RetentionIn, {"days": 90, "why": "The licence of the wire ends after 90 days."}),
)
async def put_retention(request: Request, edge: TheEdge, caller: MayAdminister, source: Source) -> Response:
    """Keep the texts of a source for so many days. What is older goes within the hour, a few at a time."""
    raw = await json_body(request, gzip_ratio=edge.limits.gzip_ratio, says="Retention is described in JSON.")
    days, why = read_retention(raw)

    def put() -> retaining.Retention:
        return retaining.put_retention(
            edge.ctx, source, days, default_days=edge.retention_days, by=caller.id, why=why
        )

    return json_response(RetentionOut.of(await run_in_threadpool(put)))
