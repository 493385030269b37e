"""Taking Content-Encoding off a body as it comes, within limits: gzip, deflate and Brotli.

RFC 9110, section 8.4. A limit stops the unpacking itself, not its result: a bomb is never held in memory.
"""

import zlib
from collections.abc import Iterable, Iterator

import brotli

from app.net.faults import Fault, FetchFailed

_FREE = 1024 * 1024
"""What any body may unpack to; small ones may be very dense."""
_STEP = 256 * 1024
_GZIP = 16 + zlib.MAX_WBITS
ACCEPTED = "gzip, deflate, br"
"""The value of Accept-Encoding."""


def unpack(pieces: Iterable[bytes], coding: str, *, most_bytes: int, most_ratio: int) -> bytes:
    """The whole body. Raises FetchFailed over a limit, or where the data is not what ``coding`` says."""
    counted = _Counted(pieces)
    body = bytearray()
    for part in _unpacked(counted, coding.strip().lower()):
        body += part
        if len(body) > most_bytes:
            raise FetchFailed(f"The body is over {most_bytes} bytes.", Fault.TOO_LARGE)
        if len(body) > max(_FREE, most_ratio * counted.count):
            raise FetchFailed(f"The body unpacks to more than {most_ratio} times its size.", Fault.TOO_LARGE)
    return bytes(body)


class _Counted:
    """Pieces, and how many bytes of them were taken so far."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = pieces
        self.count = 0

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            self.count += len(piece)
            if piece:
                yield piece


def _unpacked(pieces: Iterable[bytes], coding: str) -> Iterable[bytes]:
    if coding in {"", "identity"}:
        return pieces
    if coding in {"gzip", "x-gzip"}:
        return _gunzip(pieces)
    if coding == "deflate":
        return _inflate(pieces)
    if coding == "br":
        return _unbrotli(pieces)
    raise FetchFailed(f"The body is packed as {coding!r}, which was not asked for.", Fault.BAD_ENCODING)


def _gunzip(pieces: Iterable[bytes]) -> Iterator[bytes]:
    state, began = zlib.decompressobj(_GZIP), False
    for piece in pieces:
        began, rest = True, piece
        while rest:
            if state.eof:
                if not rest.startswith(b"\x1f"):  # padding, as many servers send
                    break
                state = zlib.decompressobj(_GZIP)  # several members: RFC 1952, section 2.2
            yield _step(state, rest)
            rest = state.unused_data if state.eof else state.unconsumed_tail
    if began and not state.eof:
        raise _ends_early("gzip")


def _inflate(pieces: Iterable[bytes]) -> Iterator[bytes]:
    state = None
    for piece in pieces:
        if state is None:
            # RFC 9110 means the zlib format (RFC 1950), many servers send bare deflate.
            framed = piece[0] & 0x0F == 8 and int.from_bytes(piece[:2]) % 31 == 0
            state = zlib.decompressobj(zlib.MAX_WBITS if framed else -zlib.MAX_WBITS)
        rest = piece
        while rest:
            yield _step(state, rest)
            rest = state.unconsumed_tail
    if state is not None and not state.eof:
        raise _ends_early("deflate")


def _step(state: "zlib._Decompress", packed: bytes) -> bytes:
    try:
        return state.decompress(packed, _STEP)
    except zlib.error as error:
        raise FetchFailed(f"The compressed data is broken: {error}.", Fault.BAD_ENCODING) from None


def _unbrotli(pieces: Iterable[bytes]) -> Iterator[bytes]:
    state, began = brotli.Decompressor(), False
    try:
        for piece in pieces:
            began = True
            part = state.process(piece, output_buffer_limit=_STEP)
            while part:
                yield part
                part = state.process(b"", output_buffer_limit=_STEP)
    except brotli.error:
        raise FetchFailed("The Brotli data is broken.", Fault.BAD_ENCODING) from None
    if began and not state.is_finished():
        raise _ends_early("Brotli")


def _ends_early(coding: str) -> FetchFailed:
    return FetchFailed(f"The {coding} data ends early.", Fault.BAD_ENCODING)
