"""Links of an export taken in: each line alone, in its own transaction and with its own entry in the log."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from app.api.body import media_type, read_body
from app.api.edge import Edge, MayCurate, TheEdge
from app.api.openapi import problems
from app.api.problems import TooManyItems, UnsupportedMedia, problem_of
from app.api.rendering import json_response
from app.api.schemas.feed import ProblemOut
from app.api.schemas.link_import import (
    MOST_LINES,
    ImportedLinkOut,
    LinkImportOut,
    read_link_line,
)
from app.api.schemas.orders import MOST_WHY
from app.errors import WirefoldError
from app.parsing.items import LineCutter
from app.services.acting import Order
from app.services.importing_links import import_link

router = APIRouter(tags=["curation"])

_MOST_BYTES = 8 * 1024 * 1024
_LONGEST_LINE = 1024 * 1024


@router.post(
    "/v1/links/import",
    response_model=None,
    responses={
        200: {"model": LinkImportOut, "description": "What came of each line, in order."},
        **problems(
            "too-large",
            "too-many-items",
            "broken-body",
            "suspicious-compression",
            "unsupported-media-type",
            "overloaded",
        ),
    },
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/x-ndjson": {
                    "schema": {"type": "string", "description": "A link a line, as `wirefold export links`."}
                }
            },
        }
    },
)
async def post_link_import(
    request: Request,
    edge: TheEdge,
    caller: MayCurate,
    *,
    why: Annotated[
        str | None, Query(min_length=1, max_length=MOST_WHY, description="Where a line has no reason.")
    ] = None,
    overrule: Annotated[bool, Query(description="Take back what speaks against a line.")] = False,
    dry_run: Annotated[bool, Query(description="Only tell what would come of each line alone.")] = False,
) -> Response:
    """Say here what people said on another database. A line that cannot be said does not sink the others."""
    if media_type(request) != "ndjson":
        raise UnsupportedMedia("Links come one a line.", fix="Send application/x-ndjson.")
    raw = await read_body(request, limit=_MOST_BYTES, gzip_ratio=edge.limits.gzip_ratio)
    order = Order(by=caller.id, why=why or "", overrule=overrule, dry_run=dry_run, sight=caller.sight)
    results = await run_in_threadpool(_import, edge, order, raw)
    return json_response(LinkImportOut(dry_run=dry_run, results=results))


def _import(edge: Edge, order: Order, raw: bytes) -> list[ImportedLinkOut]:
    cutter = LineCutter(max_item_bytes=_LONGEST_LINE)
    lines = [each.raw for each in (*cutter.feed(raw), *cutter.close())]
    if len(lines) > MOST_LINES:
        raise TooManyItems(
            f"There are more than {MOST_LINES} lines.", fix="Send the rest in another request."
        )
    return [_one(edge, order, number, line) for number, line in enumerate(lines, start=1)]


def _one(edge: Edge, order: Order, number: int, line: bytes) -> ImportedLinkOut:
    try:
        said, why = read_link_line(line, why=order.why)
        return ImportedLinkOut.of(number, import_link(edge.ctx, replace(order, why=why), said))
    except WirefoldError as error:
        if error.status >= 500:
            raise  # of the database, not of the line; what was said before is known when it is sent again
        told = ProblemOut.model_validate(problem_of(error))
        return ImportedLinkOut(line=number, status=error.status, problem=told)
