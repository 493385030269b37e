"""Articles taken in: one by one, in batches, in any format, or only checked."""

import hashlib
import tempfile
from collections.abc import AsyncIterator
from typing import IO, Annotated

import orjson
from fastapi import APIRouter, Depends, Request, Response
from starlette.concurrency import run_in_threadpool

from app.api.accepting import preferred
from app.api.access import Caller, Scope
from app.api.batching import Batch, failure_line, submit
from app.api.body import read_body, receive, unpack
from app.api.edge import Edge, TheEdge, allow
from app.api.entries import Cut, Entries, Ready, Whole
from app.api.formats import Sent, how_sent
from app.api.idempotency import Passing, key_of, once
from app.api.openapi import many_submissions, one_submission, problems
from app.api.problems import UnsupportedMedia
from app.api.rendering import json_response, to_json
from app.api.schemas.article import ArticleAnswer, CheckAnswer
from app.api.schemas.feed import BatchAnswer
from app.api.streaming import NDJSON, LinesResponse, PackedResponse, Packer
from app.errors import NoArticle, WirefoldError
from app.model import Submission
from app.parsing.formats import JSON
from app.parsing.reader import Parsed
from app.services.ingest import check
from app.store.sight import Sight

router = APIRouter(tags=["articles"])

_BODY = (
    "malformed-json",
    "malformed-xml",
    "too-large",
    "suspicious-compression",
    "unsupported-media-type",
    "broken-body",
    "overloaded",
)
_ITEM = (
    "missing-field",
    "wrong-type",
    "invalid-value",
    "empty-text",
    "not-a-feed",
    "bad-date",
    "duplicate-key",
    "too-deep",
)
_STORING = (
    "storage-full",
    "idempotency-key-in-use",
    "idempotency-key-reused",
    "invalid-parameter",
    "source-forbidden",
    "quota-exceeded",
)
_STEP = 1024 * 1024

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
    sent = _one_sent(request, edge)
    body = await read_body(request, limit=edge.limits.item_bytes, gzip_ratio=edge.limits.gzip_ratio)

    async def carry_out() -> Response:
        try:
            read = await _read(sent, body)
        except WirefoldError as error:
            edge.metrics.count_results("", error)
            raise
        if isinstance(read, list):
            return await _collected(Batch(edge, caller, _nothing(), Ready(read, len(body))))
        result = await submit(edge, caller, read)
        edge.metrics.count_results(read.source, result)
        if isinstance(result, WirefoldError):
            raise result
        if result.replayed:
            return json_response(ArticleAnswer.of(result))
        return json_response(ArticleAnswer.of(result), 201, headers={"location": _place(result.article_id)})

    if key is None:
        return await carry_out()
    digest = _digest(request, sent)
    digest.update(body)
    response = await once(edge, caller, key, digest.digest(), carry_out)
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
    sent = _one_sent(request, edge)
    body = await read_body(request, limit=edge.limits.item_bytes, gzip_ratio=edge.limits.gzip_ratio)
    read = await _read(sent, body)
    if isinstance(read, list):
        return PackedResponse(await run_in_threadpool(_check_all, edge, read, caller.sight))
    result = await run_in_threadpool(check, edge.ctx, read, caller.sight)
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
    """Take in many articles: a JSON array, NDJSON, or a document of another format, also gzipped."""
    key = key_of(request)
    sent = how_sent(request, edge.limits)
    sent.refuse_fields_of_one()
    if key is None:
        pieces = unpack(request, limit=edge.limits.batch_bytes, gzip_ratio=edge.limits.gzip_ratio)
        return await _answer(request, edge, caller, pieces, sent)
    with tempfile.TemporaryFile() as spool:
        digest = await _spool(request, edge, spool, _digest(request, sent))

        async def carry_out() -> Response:
            spool.seek(0)
            pieces = unpack(
                request,
                _unspool(spool),
                limit=edge.limits.batch_bytes,
                gzip_ratio=edge.limits.gzip_ratio,
            )
            return await _collected(Batch(edge, caller, pieces, _entries(edge, sent)))

        return await once(edge, caller, key, digest, carry_out)


def _place(article_id: str) -> str:
    return f"/v1/articles/{article_id}"


def _one_sent(request: Request, edge: Edge) -> Sent:
    sent = how_sent(request, edge.limits)
    if sent.in_lines:
        fix = "Send NDJSON to /v1/articles/batch."
        raise UnsupportedMedia("One article is sent as one JSON object.", fix=fix)
    return sent


async def _read(sent: Sent, body: bytes) -> Submission | list[Parsed]:
    if sent.format is JSON:  # quicker than a thread's turn
        return sent.read(body)
    try:
        return await run_in_threadpool(sent.read, body)
    except NoArticle as nothing:
        # A document holds one article, or many, or none.
        return [nothing]


def _check_all(edge: Edge, read: list[Parsed], sight: Sight) -> bytes:
    """Each as if it were sent alone. One after the other: a document's articles are few."""
    packer, before = Packer(), b'{"results":['
    for each in read:
        packer.add(before + _check_line(edge, each, sight))
        before = b","
    packer.add(b"]}" if before == b"," else before + b"]}")
    return packer.finish()


def _check_line(edge: Edge, each: Parsed, sight: Sight) -> bytes:
    if isinstance(each, WirefoldError):
        return failure_line(edge, each)
    try:
        result = check(edge.ctx, each, sight)
    except WirefoldError as error:
        return failure_line(edge, error)
    return b'{"status":200,"article":%b}' % to_json(CheckAnswer.of(result))


async def _nothing() -> AsyncIterator[bytes]:
    return
    yield b""


async def _answer(
    request: Request, edge: Edge, caller: Caller, pieces: AsyncIterator[bytes], sent: Sent
) -> Response:
    batch = Batch(edge, caller, pieces, _entries(edge, sent))
    if preferred(request, {NDJSON}) == NDJSON:
        return LinesResponse(batch.results())
    return await _collected(batch)


async def _collected(batch: Batch) -> Response:
    packer, passing, before = Packer(), False, b'{"results":['
    async for line in batch.results():
        packer.add(before + line)
        # What failed for a reason that passes must not be the answer to its Idempotency-Key for good.
        passing = passing or line.startswith((b'{"status":5', b'{"status":429'))
        before = b","
    packer.add(b"]}" if before == b"," else before + b"]}")
    return (Passing if passing else PackedResponse)(packer.finish())


def _entries(edge: Edge, sent: Sent) -> Entries:
    limit = edge.limits.item_bytes
    if sent.in_lines or sent.format.is_json:
        return Cut(sent, max_item_bytes=limit)
    return Whole(sent, max_bytes=limit)


async def _spool(request: Request, edge: Edge, spool: IO[bytes], digest: "hashlib._Hash") -> bytes:
    """The body as it came, to disk, and the digest under which its answer is remembered."""
    async for piece in receive(request, limit=edge.limits.batch_bytes):
        digest.update(piece)
        spool.write(piece)
    return digest.digest()


async def _unspool(spool: IO[bytes]) -> AsyncIterator[bytes]:
    while piece := spool.read(_STEP):
        yield piece


def _digest(request: Request, sent: Sent) -> "hashlib._Hash":
    """Of what says what a body is; the body is to be added."""
    digest = hashlib.sha256(request.url.path.encode())
    if sent.format is not JSON:
        digest.update(to_json([sent.format.name, sent.defaults.charset, sent.defaults.fields]))
    return digest
