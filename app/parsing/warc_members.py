"""WARC packed by gzip, record by record (ISO 28500, annex D): damage costs the record it is in, no more."""

import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import IO

from app.errors import InvalidSubmission, TooLarge
from app.parsing.archive_records import Record, broken
from app.parsing.warc import read_warc

_MAGIC = b"\x1f\x8b\x08"
_PIECE = 256 * 1024
_WBITS = 16 + zlib.MAX_WBITS
_START = b"WARC/"


def read_members(file: IO[bytes], most_bytes: int) -> Iterator[Record]:
    """The records of a file whose members hold one each, or a few."""
    members = _Members(file)
    place = 0
    while members.next():
        try:
            whole = members.unpack(most_bytes)
        except (zlib.error, EOFError) as error:
            place += 1
            yield broken(place, InvalidSubmission(f"The gzip data of the record is damaged: {error}."))
            members.resume()
            continue
        if whole is None:
            place += 1
            detail = f"The record is over {most_bytes} bytes, or the archive is packed as a whole."
            yield broken(place, TooLarge(detail, fix="Unpack the archive first: gzip -d."))
            members.resume()
            continue
        for record in read_warc(BytesIO(whole), most_bytes):
            place += 1
            yield record._replace(place=place)


class _Members:
    """The members of a gzip file, one after the other."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._held = b""
        """Read and not yet unpacked; begins with the member under way."""
        self._at = 0
        """Where in the file the member under way begins."""

    def next(self) -> bool:
        """Whether another member follows."""
        while True:
            held = self._held or self._file.read(_PIECE)
            self._held = held.lstrip(b"\0")  # padding, as some writers leave
            self._at += len(held) - len(self._held)
            if self._held or not held:
                return bool(self._held)

    def unpack(self, most_bytes: int) -> bytes | None:
        """The member's content; None where it is over the limit. Raises zlib.error and EOFError."""
        state = zlib.decompressobj(_WBITS)
        start, taken, content = self._at, 0, bytearray()
        rest = self._held
        while True:
            before = len(rest)
            content += state.decompress(rest, most_bytes + 1 - len(content))
            if state.eof:
                taken += before - len(state.unused_data)
                self._held, self._at = state.unused_data, start + taken
                return bytes(content)
            if len(content) > most_bytes:
                return None
            taken += before - len(state.unconsumed_tail)
            rest = state.unconsumed_tail or self._file.read(_PIECE)
            if not rest:
                raise EOFError("it ends early")

    def resume(self) -> None:
        """Go on at the next member that holds a record; at the end of the file where there is none."""
        self._at += 1
        self._file.seek(self._at)
        window = self._file.read(_PIECE)
        while window:
            found = window.find(_MAGIC)
            while found >= 0:
                if _begins_record(window[found : found + 512]):
                    self._at += found
                    self._held = window[found:]
                    return
                found = window.find(_MAGIC, found + 1)
            kept = window[-511:]
            self._at += len(window) - len(kept)
            more = self._file.read(_PIECE)
            window = kept + more if more else b""
        self._held = b""


def _begins_record(packed: bytes) -> bool:
    try:
        return zlib.decompressobj(_WBITS).decompress(packed, len(_START)) == _START
    except zlib.error:
        return False
