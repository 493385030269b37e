"""Request bodies, piece by piece: unpacked, counted, and compared with what their headers promise."""

import asyncio
import zlib
from collections.abc import AsyncIterator

from starlette.requests import ClientDisconnect, Request

from app.api.edge import edge_of
from app.api.middleware import AT_END
from app.api.problems import BodyTooDense, BrokenBody, UnsupportedMedia
from app.errors import TooLarge

IDLE_S = 120.0
"""A sender that sends nothing for so long has gone; a connection must not be held for ever."""
STEP = 256 * 1024
"""Bytes unpacked at a time: a bomb is noticed before it has gone off."""
_FREE = 1024 * 1024
"""What any compressed body may unpack to; small ones may be very dense."""
_GZIP = 16 + zlib.MAX_WBITS
_JSON = frozenset({"application/json", "text/json"})
LINES = frozenset(
    {"application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines"}
)
"""Media types of one JSON text a line."""


def content_type(request: Request) -> tuple[str, str | None]:
    """The media type, in lower case without parameters, and the charset, where one is named."""
    kind, _, parameters = request.headers.get("content-type", "").partition(";")
    charset = parameters.lower().partition("charset=")[2].partition(";")[0].strip(" \"'")
    return kind.strip().lower(), charset or None


def media_type(request: Request) -> str:
    """``json`` or ``ndjson``, of a route that takes nothing else; raises for anything else."""
    kind, charset = content_type(request)
    expect_utf8(charset)
    if kind in _JSON or (kind.startswith("application/") and kind.endswith("+json")):
        return "json"
    if kind in LINES:
        return "ndjson"
    raise UnsupportedMedia(
        f"{kind} is not read here." if kind else "The request has no Content-Type.",
        fix="Send application/json.",
    )


def expect_utf8(charset: str | None) -> None:
    """Raise where JSON is said to be in another charset."""
    if charset not in {None, "utf-8", "utf8"}:
        raise UnsupportedMedia(f"JSON is read as UTF-8, not {charset}.", fix="Send UTF-8.")


async def read_body(request: Request, *, limit: int, gzip_ratio: int) -> bytes:
    """The whole body, which may have ``limit`` bytes and is counted as held until the request is answered.

    Raises Overloaded where other requests hold too much.
    """
    share = request.scope[AT_END].enter_context(edge_of(request).room.share())
    pieces: list[bytes] = []
    size = 0
    async for piece in unpack(request, limit=limit, gzip_ratio=gzip_ratio):
        size += len(piece)
        share.hold(size)
        pieces.append(piece)
    return b"".join(pieces)


def unpack(
    request: Request, pieces: AsyncIterator[bytes] | None = None, *, limit: int, gzip_ratio: int
) -> AsyncIterator[bytes]:
    """The pieces of the body as its sender wrote it. Raises at once where the headers cannot be met."""
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    received = receive(request, limit=limit) if pieces is None else pieces
    if encoding in {"", "identity"}:
        return _counted(received, limit)
    if encoding in {"gzip", "x-gzip"}:
        return _gunzip(received, limit=limit, ratio=gzip_ratio)
    raise UnsupportedMedia(f"Content-Encoding {encoding} is not read here.", fix="Send gzip or no encoding.")


def receive(request: Request, *, limit: int) -> AsyncIterator[bytes]:
    """The body as it comes over the wire, held against Content-Length."""
    declared = request.headers.get("content-length")
    if declared is None:
        return _received(request, None)
    if not (declared.isascii() and declared.isdigit()):
        raise BrokenBody("Content-Length is not a number.", fix="Send the body's length in bytes.")
    if int(declared) > limit:
        raise _too_large(limit)
    return _received(request, int(declared))


async def _received(request: Request, declared: int | None) -> AsyncIterator[bytes]:
    count = 0
    stream = request.stream()
    while True:
        try:
            async with asyncio.timeout(IDLE_S):
                piece = await anext(stream, None)
        except ClientDisconnect as error:
            raise BrokenBody(f"The sender went away after {count} bytes.") from error
        except TimeoutError as error:
            raise BrokenBody(f"After {count} bytes nothing came for {IDLE_S:g} seconds.") from error
        if piece is None:
            break
        count += len(piece)
        if piece:
            yield piece
    if declared is not None and count != declared:
        raise BrokenBody(
            f"Content-Length says {declared} bytes, {count} came.", fix="Send the body's length in bytes."
        )


async def _counted(pieces: AsyncIterator[bytes], limit: int) -> AsyncIterator[bytes]:
    count = 0
    async for piece in pieces:
        count += len(piece)
        if count > limit:
            raise _too_large(limit)
        yield piece


async def _gunzip(pieces: AsyncIterator[bytes], *, limit: int, ratio: int) -> AsyncIterator[bytes]:
    unpacker = zlib.decompressobj(_GZIP)
    packed = unpacked = 0
    async for piece in pieces:
        packed += len(piece)
        rest = piece
        while rest:
            if unpacker.eof:  # a gzip file may have several members
                unpacker = zlib.decompressobj(_GZIP)
            try:
                part = unpacker.decompress(rest, STEP)
            except zlib.error as error:
                raise BrokenBody(f"The gzip stream breaks before byte {packed}.") from error
            rest = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
            unpacked += len(part)
            if unpacked > limit:
                raise _too_large(limit)
            if unpacked > max(_FREE, ratio * packed):
                raise BodyTooDense(
                    f"The body unpacks to more than {ratio} times its size.", fix="Send it plain."
                )
            if part:
                yield part
                await asyncio.sleep(0)  # unpacking must not keep other requests waiting
    if packed and not unpacker.eof:
        raise BrokenBody(f"The gzip stream ends early, at byte {packed}.")


def _too_large(limit: int) -> TooLarge:
    return TooLarge(f"The body is over {limit} bytes.", fix="Send less at once.")
