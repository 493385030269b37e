"""WARC (ISO 28500, versions 1.0 and 1.1): the HTML pages among its records; all others are counted.

A small reader of our own: the one in the field stops at the first record that is damaged, and holds no
record to a size.
"""

import re
from collections.abc import Iterator, Mapping
from typing import IO

from app.errors import InvalidSubmission, TooLarge
from app.parsing.archive_records import Record, broken, other
from app.parsing.warc_page import page_in

_LENGTH = re.compile(r"[0-9]{1,18}")
_LONGEST_LINE = 64 * 1024
_MOST_LINES = 1_000
_PIECE = 256 * 1024
_FIX = "Write the archive anew with the program that made it."


def read_warc(stream: IO[bytes], most_bytes: int) -> Iterator[Record]:
    """The records in a stream that is not packed. Behind a damaged one it goes on at the next ``WARC/``."""
    place, lost = 0, False
    while line := stream.readline(_LONGEST_LINE):
        if not line.strip():
            continue
        if not line.startswith(b"WARC/"):
            if not lost:
                place, lost = place + 1, True
                yield _damaged(place, "does not begin with WARC/")
            continue
        place, lost = place + 1, False
        yield _record(stream, place, most_bytes)


def _record(stream: IO[bytes], place: int, most_bytes: int) -> Record:
    """The record behind its first line; what is not wanted of it is passed over."""
    head = _head(stream)
    length = head.get("content-length", "")
    if not _LENGTH.fullmatch(length):
        return _damaged(place, "has no Content-Length")
    kind = head.get("warc-type", "").lower()
    if kind != "response":
        missing = _pass_over(stream, int(length))
        return _damaged(place, "ends early") if missing else other(place, kind[:20] or "without a type")
    if int(length) > most_bytes:
        _pass_over(stream, int(length))
        return broken(place, TooLarge(f"The record is over {most_bytes} bytes."))
    block = stream.read(int(length))
    if len(block) < int(length):
        return _damaged(place, "ends early")
    return page_in(block, head, place)


def _head(stream: IO[bytes]) -> Mapping[str, str]:
    """Named fields by lower-case name, up to the empty line. What is no field is passed over."""
    fields: dict[str, str] = {}
    for _ in range(_MOST_LINES):
        line = stream.readline(_LONGEST_LINE).strip()
        if not line:
            break
        name, _, value = line.decode("utf-8", "replace").partition(":")
        fields[name.strip().lower()] = value.strip()
    return fields


def _pass_over(stream: IO[bytes], length: int) -> int:
    """Read on without keeping; how many bytes were missing."""
    while length:
        piece = stream.read(min(length, _PIECE))
        if not piece:
            break
        length -= len(piece)
    return length


def _damaged(place: int, why: str) -> Record:
    return broken(place, InvalidSubmission(f"The WARC record {why}.", fix=_FIX))
