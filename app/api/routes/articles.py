"""Articles: taken in one by one or in batches, checked, and read."""

import hashlib
import tempfile
from collections.abc import AsyncIterator
from typing import IO, Annotated

import orjson
from fastapi import APIRouter, Depends, Path, Request, Response
from starlette.concurrency import run_in_threadpool

from app.api.access import Caller, Scope
from app.api.batching import Batch, submit
from app.api.body import media_type, read_body, receive, unpack
from app.api.edge import Edge, TheEdge, allow
from app.api.idempotency import Passing, key_of, once
from app.api.openapi import many_submissions, one_submission, problems
from app.api.problems import UnsupportedMedia
from app.api.rendering import json_response, tagged_response
from app.api.schemas.article import ArticleAnswer, ArticleOut, CheckAnswer, VersionOut
from app.api.schemas.feed import BatchAnswer
from app.api.schemas.submission import read_submission
from app.api.schemas.views import article_out, version_out
from app.api.streaming import NDJSON, LinesResponse, PackedResponse, Packer
from app.errors import WirefoldError
from app.parsing.items import ArrayCutter, Cutter, LineCutter
from app.services import reading
from app.services.ingest import check

router = APIRouter(tags=["articles"])

_BODY = ("malformed-json", "too-large", "suspicious-compression", "unsupported-media-type", "broken-body")
_ITEM = (
    "missing-field",
    "wrong-type",
    "invalid-value",
    "empty-text",
    "bad-date",
    "duplicate-key",
    "too-deep",
)
_STORING = (
    "overloaded",
    "storage-full",
    "idempotency-key-in-use",
    "idempotency-key-reused",
    "invalid-parameter",
)
_STEP = 1024 * 1024

ArticleId = Annotated[str, Path(max_length=100)]
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
MayIngest = Annotated[Caller, Depends(allow(Scope.INGEST))]
MayAsk = Annotated[Caller, Depends(allow(Scope.INGEST, Scope.READ))]


@router.post(
    "/v1/articles",
    status_code=201,
    response_model=None,
    responses={
        201: {"model": ArticleAnswer, "description": "A new article, or a new version of one."},
        200: {"model": ArticleAnswer, "description": "A replay of what is stored already."},
        **problems(*_BODY, *_ITEM, *_STORING),
    },
    openapi_extra=one_submission(),
)
async def post_article(request: Request, edge: TheEdge, caller: MayIngest) -> Response:
    """Take in one article."""
    key = key_of(request)
    raw = await _one(request, edge)

    async def carry_out() -> Response:
        try:
            submission = read_submission(raw, edge.limits)
        except WirefoldError as error:
            edge.metrics.count_results("", error)
            raise
        result = (await submit(edge, [submission]))[0]
        edge.metrics.count_results(submission.source, result)
        if isinstance(result, WirefoldError):
            raise result
        if result.replayed:
            return json_response(ArticleAnswer.of(result))
        return json_response(ArticleAnswer.of(result), 201, headers={"location": _place(result.article_id)})

    if key is None:
        return await carry_out()
    response = await once(edge, caller, key, _digest(request, raw), carry_out)
    if isinstance(response, PackedResponse) and response.status_code == 201:
        response.headers["location"] = _place(orjson.loads(response.unpacked())["article_id"])
    return response


@router.post(
    "/v1/check",
    response_model=None,
    responses={
        200: {"model": CheckAnswer, "description": "What POST /v1/articles would answer now."},
        **problems(*_BODY, *_ITEM),
    },
    openapi_extra=one_submission(),
)
async def post_check(request: Request, edge: TheEdge, caller: MayAsk) -> Response:
    """Say what an article would be, and store nothing."""
    submission = read_submission(await _one(request, edge), edge.limits)
    may_read = caller.may(Scope.READ)
    result = await run_in_threadpool(check, edge.ctx, submission, shows_unreleased=may_read)
    return json_response(CheckAnswer.of(result))


@router.post(
    "/v1/articles/batch",
    response_model=None,
    responses={
        200: {
            "model": BatchAnswer,
            "description": "An outcome per item, in order; with Accept: application/x-ndjson one a line, as"
            " groups are stored.",
        },
        **problems(*_BODY, *_STORING),
    },
    openapi_extra=many_submissions(),
)
async def post_batch(request: Request, edge: TheEdge, caller: MayIngest) -> Response:
    """Take in many articles: a JSON array or NDJSON, of any length up to the limits, also gzipped."""
    key = key_of(request)
    kind = media_type(request)
    if key is None:
        pieces = unpack(request, limit=edge.limits.batch_bytes, gzip_ratio=edge.limits.gzip_ratio)
        return await _answer(request, edge, pieces, kind)
    with tempfile.TemporaryFile() as spool:
        digest = await _spool(request, edge, spool)

        async def carry_out() -> Response:
            spool.seek(0)
            pieces = unpack(
                request,
                _unspool(spool),
                limit=edge.limits.batch_bytes,
                gzip_ratio=edge.limits.gzip_ratio,
            )
            return await _collected(edge, pieces, kind)

        return await once(edge, caller, key, digest, carry_out)


@router.get(
    "/v1/articles/{article_id}",
    response_model=None,
    dependencies=[Depends(allow(Scope.READ))],
    responses={200: {"model": ArticleOut}, 304: {"description": "Unchanged."}, **problems("not-found")},
)
def get_article(request: Request, edge: TheEdge, article_id: ArticleId) -> Response:
    """Read an article: its current version as received and as understood, and where it is now."""
    view = reading.read_article(edge.ctx, article_id)
    return _with_submission(request, article_out(view), view.current.page.raw)


@router.get(
    "/v1/articles/{article_id}/versions/{number}",
    response_model=None,
    dependencies=[Depends(allow(Scope.READ))],
    responses={
        200: {"model": VersionOut},
        304: {"description": "Unchanged."},
        **problems("not-found", "invalid-parameter"),
    },
)
def get_version(request: Request, edge: TheEdge, article_id: ArticleId, number: Number) -> Response:
    """Read one version of an article."""
    view, is_current = reading.read_version(edge.ctx, article_id, number)
    return _with_submission(request, version_out(view, is_current=is_current), view.page.raw)


def _place(article_id: str) -> str:
    return f"/v1/articles/{article_id}"


async def _one(request: Request, edge: Edge) -> bytes:
    if media_type(request) != "json":
        fix = "Send NDJSON to /v1/articles/batch."
        raise UnsupportedMedia("One article is sent as application/json.", fix=fix)
    return await read_body(request, limit=edge.limits.item_bytes, gzip_ratio=edge.limits.gzip_ratio)


async def _answer(request: Request, edge: Edge, pieces: AsyncIterator[bytes], kind: str) -> Response:
    if NDJSON in request.headers.get("accept", ""):
        return LinesResponse(Batch(edge, pieces, _cutter(kind, edge)).results())
    return await _collected(edge, pieces, kind)


async def _collected(edge: Edge, pieces: AsyncIterator[bytes], kind: str) -> Response:
    packer, passing, before = Packer(), False, b'{"results":['
    async for line in Batch(edge, pieces, _cutter(kind, edge)).results():
        packer.add(before + line)
        # What failed for a reason that passes must not be the answer to its Idempotency-Key for good.
        passing = passing or line.startswith(b'{"status":5')
        before = b","
    packer.add(b"]}" if before == b"," else before + b"]}")
    return (Passing if passing else PackedResponse)(packer.finish())


def _cutter(kind: str, edge: Edge) -> Cutter:
    limit = edge.limits.item_bytes
    return LineCutter(max_item_bytes=limit) if kind == "ndjson" else ArrayCutter(max_item_bytes=limit)


async def _spool(request: Request, edge: Edge, spool: IO[bytes]) -> bytes:
    """The body as it came, to disk, and the digest under which its answer is remembered."""
    digest = hashlib.sha256(request.url.path.encode())
    async for piece in receive(request, limit=edge.limits.batch_bytes):
        digest.update(piece)
        spool.write(piece)
    return digest.digest()


async def _unspool(spool: IO[bytes]) -> AsyncIterator[bytes]:
    while piece := spool.read(_STEP):
        yield piece


def _digest(request: Request, body: bytes) -> bytes:
    return hashlib.sha256(request.url.path.encode() + body).digest()


def _with_submission(request: Request, out: ArticleOut | VersionOut, raw: bytes) -> Response:
    """The submission goes out to the byte, so it is not read and written again."""
    return tagged_response(request, out.model_dump(exclude={"submission"}), raw={"submission": raw})
