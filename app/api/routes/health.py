"""Whether the process lives, whether it can serve, how it fares, and what its errors mean."""

from pathlib import Path

from fastapi import APIRouter, Depends, Response
from starlette.concurrency import run_in_threadpool

from app.api.access import Scope
from app.api.edge import TheEdge, allow
from app.api.metrics import CONTENT_TYPE
from app.api.openapi import only, problems
from app.api.problems import DOCUMENTATION
from app.api.rendering import json_response
from app.api.schemas.feed import Health, Readiness
from app.errors import NotFound, SchemaMismatch
from app.store import schema
from app.store.progress import settled_position

router = APIRouter(tags=["operations"])

# docs/ stands beside the package in a checkout; a wheel does not have it.
_DOCUMENT = Path(__file__).resolve().parents[3] / DOCUMENTATION.removeprefix("/")


@router.get("/healthz", response_model=None, responses={200: {"model": Health}, **only("invalid-parameter")})
async def get_health() -> Response:
    """Say that the process answers. Asks nothing else: a restart would not bring a database back."""
    return json_response(Health(status="ok"), headers={"cache-control": "no-store"})


@router.get(
    "/readyz",
    response_model=None,
    responses={200: {"model": Readiness}, **problems("schema-mismatch")},
)
def get_readiness(edge: TheEdge) -> Response:
    """Say whether the database is reached and has the schema of this program."""
    wanted = schema.head_revision()
    with edge.ctx.store.read() as tx:
        found = schema.current_revision(tx)
        settled = settled_position(tx) if found == wanted else 0
    if found != wanted:
        raise SchemaMismatch(
            f"The database has revision {found}, the program needs {wanted}.", fix="Run wirefold migrate."
        )
    ready = Readiness(status="ready", schema_revision=wanted, settled_position=settled)
    return json_response(ready, headers={"cache-control": "no-store"})


@router.get(
    "/metrics",
    response_model=None,
    dependencies=[Depends(allow(Scope.READ))],
    responses={200: {"description": "Prometheus text format.", "content": {"text/plain": {}}}, **problems()},
)
async def get_metrics(edge: TheEdge) -> Response:
    """Answer this process's measurements."""
    body = await run_in_threadpool(edge.metrics.render)
    return Response(body, headers={"cache-control": "no-store"}, media_type=CONTENT_TYPE)


@router.get(DOCUMENTATION, include_in_schema=False)
def get_error_documentation() -> Response:
    """Answer the page that problem types lead to."""
    if not _DOCUMENT.is_file():
        raise NotFound("The documentation is not installed beside the program.")
    return Response(_DOCUMENT.read_bytes(), media_type="text/markdown; charset=utf-8")
