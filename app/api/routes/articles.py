"""Articles read, in any of their versions, and deleted."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from app.api.edge import MayAdminister, MayRead, TheEdge
from app.api.openapi import problems
from app.api.past import AsOf, cache_of, read_as_of
from app.api.rendering import json_response, tagged_bytes, tagged_response
from app.api.schemas.article import ArticleOut, VersionOut
from app.api.schemas.deletion import DeletedOut
from app.api.schemas.views import article_out, version_out
from app.services import deleting, reading
from app.services.as_of import article_as_of

router = APIRouter(tags=["articles"])

_BYTES = "application/octet-stream"

ArticleId = Annotated[str, Path(max_length=100)]
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]


@router.delete(
    "/v1/articles/{article_id}",
    response_model=None,
    responses={
        200: {"model": DeletedOut, "description": "Gone from every answer; the ID answers 410 from now on."},
        **problems("not-found", "gone", "invalid-parameter"),
    },
)
def delete_article(
    edge: TheEdge,
    caller: MayAdminister,
    article_id: ArticleId,
    why: Annotated[
        str, Query(min_length=1, max_length=2_000, pattern=r"\S", description="The reason, which 410 tells.")
    ],
) -> Response:
    """Delete the text of an article and all that leads to it. Its ID and its past stay."""
    return json_response(DeletedOut.of(deleting.delete_article(edge.ctx, article_id, by=caller.id, why=why)))


@router.get(
    "/v1/articles/{article_id}",
    response_model=None,
    responses={
        200: {"model": ArticleOut},
        304: {"description": "Unchanged."},
        **problems("not-found", "gone", "not-yet", "invalid-parameter", "bad-date"),
    },
)
def get_article(
    request: Request, edge: TheEdge, caller: MayRead, article_id: ArticleId, as_of: AsOf = None
) -> Response:
    """Read an article: its current version as received and as understood, and where it is now."""
    asked = read_as_of(as_of)
    if asked is None:
        view = reading.read_article(edge.ctx, article_id, caller.sight)
        return _with_submission(request, article_out(view), view.current.page.raw)
    view, moment = article_as_of(edge.ctx, article_id, asked, caller.sight)
    out = article_out(view, moment)
    return _with_submission(request, out, view.current.page.raw, cache=cache_of(moment))


@router.get(
    "/v1/articles/{article_id}/versions/{number}",
    response_model=None,
    responses={
        200: {"model": VersionOut},
        304: {"description": "Unchanged."},
        **problems("not-found", "gone", "invalid-parameter"),
    },
)
def get_version(
    request: Request, edge: TheEdge, caller: MayRead, article_id: ArticleId, number: Number
) -> Response:
    """Read one version of an article."""
    view, is_current = reading.read_version(edge.ctx, article_id, number, caller.sight)
    return _with_submission(request, version_out(view, is_current=is_current), view.page.raw)


@router.get(
    "/v1/articles/{article_id}/versions/{number}/received",
    response_model=None,
    responses={
        200: {"content": {_BYTES: {}}, "description": "The bytes, as an attachment."},
        304: {"description": "Unchanged."},
        **problems("not-found", "gone", "invalid-parameter"),
    },
)
def get_received(
    request: Request, edge: TheEdge, caller: MayRead, article_id: ArticleId, number: Number
) -> Response:
    """Answer the bytes that a version came as, whatever they are: never to be shown by a browser."""
    view, _ = reading.read_version(edge.ctx, article_id, number, caller.sight)
    name = f"{view.article.id}-{number}.{view.received.format if view.received else 'json'}"
    headers = {
        "content-disposition": f'attachment; filename="{name}"',
        "x-content-type-options": "nosniff",
        "cache-control": "no-cache",
    }
    return tagged_bytes(request, reading.read_body(edge.ctx, view), _BYTES, headers)


def _with_submission(
    request: Request, out: ArticleOut | VersionOut, raw: bytes, *, cache: str = "no-cache"
) -> Response:
    """The submission goes out to the byte, so it is not read and written again."""
    return tagged_response(
        request, out.model_dump(exclude={"submission"}), raw={"submission": raw}, cache=cache
    )
