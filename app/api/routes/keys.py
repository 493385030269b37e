"""API keys: made, listed, rotated and revoked by administrators; and the log of what those did."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from app.api.body import read_body
from app.api.edge import MayAdminister, TheEdge
from app.api.objects import CODES, json_body, takes
from app.api.openapi import problems
from app.api.rendering import json_response, next_link, tagged_response
from app.api.schemas.keys import (
    AdministrationPage,
    KeyIn,
    KeyList,
    KeyOut,
    NewKeyOut,
    RotationIn,
    read_key,
    read_overlap_hours,
)
from app.services.administering import list_administration
from app.services.keys import list_keys, make_key, revoke_key, rotate_key

router = APIRouter(tags=["administration"])

KeyId = Annotated[str, Path(max_length=100)]
_MOST_BYTES = 1024 * 1024
_NOT_KEPT = {"cache-control": "no-store"}
_SENT = (*CODES, "bad-date")


@router.get(
    "/v1/keys",
    response_model=None,
    responses={200: {"model": KeyList}, 304: {"description": "Unchanged."}, **problems()},
)
def get_keys(request: Request, edge: TheEdge, caller: MayAdminister) -> Response:
    """List all keys, oldest first, with those revoked or expired."""
    del caller
    return tagged_response(request, KeyList.of(list_keys(edge.ctx)))


@router.post(
    "/v1/keys",
    status_code=201,
    response_model=None,
    responses={
        201: {"model": NewKeyOut, "description": "The secret is in `key`, this once."},
        **problems(*_SENT),
    },
    openapi_extra=takes(
        KeyIn,
        {"name": "Coastal News", "scopes": ["ingest", "read"], "sources": ["coastalnews.example"]},
    ),
)
async def post_key(request: Request, edge: TheEdge, caller: MayAdminister) -> Response:
    """Make a key."""
    says = "A key is described in JSON."
    raw = await json_body(request, gzip_ratio=edge.limits.gzip_ratio, says=says, most_bytes=_MOST_BYTES)
    terms = read_key(raw)
    row, secret = await run_in_threadpool(make_key, edge.ctx, terms, by=caller.id)
    edge.keys.forget()
    return json_response(NewKeyOut.with_secret(row, secret), 201, headers=_NOT_KEPT)


@router.post(
    "/v1/keys/{key_id}/rotate",
    response_model=None,
    responses={
        200: {"model": NewKeyOut, "description": "The new secret is in `key`, this once."},
        **problems("not-found", "invalid-parameter", *_SENT),
    },
    openapi_extra=takes(RotationIn, {"overlap_hours": 24}, required=False),
)
async def post_rotation(request: Request, edge: TheEdge, caller: MayAdminister, key_id: KeyId) -> Response:
    """Give a key a new secret. The one it has is accepted as well until the overlap ends."""
    raw = await read_body(request, limit=_MOST_BYTES, gzip_ratio=edge.limits.gzip_ratio)
    overlap = timedelta(hours=read_overlap_hours(raw))
    row, secret = await run_in_threadpool(rotate_key, edge.ctx, key_id, overlap=overlap, by=caller.id)
    edge.keys.forget()
    return json_response(NewKeyOut.with_secret(row, secret), headers=_NOT_KEPT)


@router.delete(
    "/v1/keys/{key_id}",
    response_model=None,
    responses={
        200: {"model": KeyOut, "description": "It is refused within five seconds."},
        **problems("not-found", "invalid-parameter"),
    },
)
def delete_key(
    edge: TheEdge,
    caller: MayAdminister,
    key_id: KeyId,
    why: Annotated[str, Query(max_length=2_000, description="The reason, for the log.")] = "",
) -> Response:
    """Revoke a key. It stays listed."""
    row = revoke_key(edge.ctx, key_id, by=caller.id, why=why)
    edge.keys.forget()
    return json_response(KeyOut.of(row))


@router.get(
    "/v1/administration",
    response_model=None,
    responses={
        200: {"model": AdministrationPage},
        304: {"description": "Unchanged."},
        **problems("invalid-parameter"),
    },
)
def get_administration(
    request: Request,
    edge: TheEdge,
    caller: MayAdminister,
    cursor: Annotated[
        str | None, Query(max_length=100, pattern="^[!-~]*$", description="`next` of the page before.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Response:
    """List what administrators did with keys, articles and sources, the latest first."""
    del caller
    rows, more = list_administration(edge.ctx, before=cursor, limit=limit)
    page = AdministrationPage.of(rows, more=more)
    return tagged_response(request, page, link=next_link(request, more) if more else None)
