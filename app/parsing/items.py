"""Cuts a stream of bytes into its items while it arrives, holding one item at a time.

Two shapes: NDJSON (one item a line) and a JSON array. The array is cut on bytes alone, by following strings
and brackets; whether an item is JSON is for its reader to say, so a bad item does not sink those after it.
Only a stream that loses its own frame (no comma, brackets that do not close) raises.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple, Protocol

from app.errors import MalformedJson, TooLarge

_BOM = b"\xef\xbb\xbf"
_SPACE = b" \t\r\n"
_MARK = re.compile(rb'[\[\]{}",]')
_STRING = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)


class Item(NamedTuple):
    """One item's own bytes, and where in the stream they begin."""

    raw: bytes
    offset: int


class Cutter(Protocol):
    """Takes the stream piece by piece, gives the items that are complete."""

    def feed(self, piece: bytes) -> Iterator[Item]:
        """Items that this piece completes."""

    def close(self) -> Iterator[Item]:
        """The last item; raises where the stream ends inside one."""


class LineCutter:
    """NDJSON: an item a line, empty lines skipped."""

    def __init__(self, *, max_item_bytes: int) -> None:
        self._limit = max_item_bytes
        self._held = bytearray()
        self._start = 0

    def feed(self, piece: bytes) -> Iterator[Item]:
        """Items whose line ends in this piece."""
        begin = 0
        while (end := piece.find(b"\n", begin)) >= 0:
            self._hold(piece[begin:end])
            begin = end + 1
            yield from self._take(1)
        self._hold(piece[begin:])

    def close(self) -> Iterator[Item]:
        """The last line, where it has no line break."""
        yield from self._take(0)

    def _hold(self, part: bytes) -> None:
        self._held += part
        if len(self._held) > self._limit:
            raise _over(self._limit, self._start)

    def _take(self, line_break: int) -> Iterator[Item]:
        line, start = bytes(self._held), self._start
        self._start += len(line) + line_break
        self._held.clear()
        raw = line.removeprefix(_BOM) if start == 0 else line
        bare = raw.strip(_SPACE)
        if bare:
            yield Item(bare, start + len(line) - len(raw) + raw.index(bare[:1]))


class ArrayCutter:
    """A JSON array: an item between commas of the outermost level."""

    def __init__(self, *, max_item_bytes: int) -> None:
        self._limit = max_item_bytes
        self._held = bytearray()
        self._start = 0
        """Where in the stream ``_held`` begins."""
        self._scanned = 0
        self._depth = 0
        self._in_string = False
        self._opened = self._closed = self._awaits_item = False

    def feed(self, piece: bytes) -> Iterator[Item]:
        """Items whose comma or closing bracket stands in this piece."""
        self._held += piece
        if not self._opened:
            self._open()
        while self._opened and not self._closed and (end := self._next_end()) is not None:
            yield from self._item(end)
        if self._closed:
            self._check_rest()
        elif len(self._held) > self._limit:
            raise _over(self._limit, self._start)

    def close(self) -> Iterator[Item]:
        """Nothing more may come; raises where the array was not closed."""
        if not self._closed:
            raise MalformedJson("The array is not closed", position=self._start + len(self._held))
        yield from ()

    def _open(self) -> None:
        if not self._start and _BOM.startswith(self._held):  # perhaps a mark cut in two
            return
        bare = bytes(self._held).removeprefix(b"" if self._start else _BOM).lstrip(_SPACE)
        self._drop(len(self._held) - len(bare))
        if bare:
            if not bare.startswith(b"["):
                raise MalformedJson("Expected an array", position=self._start)
            self._drop(1)
            self._opened = True

    def _drop(self, count: int) -> None:
        del self._held[:count]
        self._start += count
        self._scanned = 0

    def _next_end(self) -> int | None:
        """Where in ``_held`` the item under way ends, once it has."""
        at = self._scanned
        while True:
            if self._in_string:
                at = self._after_string(at)
                if self._in_string:
                    self._scanned = at
                    return None
            found = _MARK.search(self._held, at)
            if found is None:
                self._scanned = len(self._held)
                return None
            mark, at = found[0], found.end()
            if mark == b'"':
                self._in_string = True
            elif mark in b"[{":
                self._depth += 1
            elif self._depth and mark in b"]}":
                self._depth -= 1
            elif not self._depth:
                return self._outer_end(mark, at - 1)

    def _after_string(self, at: int) -> int:
        """Past the closing quote, or as far as the string is here (an escape may be cut in two)."""
        found = _STRING.match(self._held, at)
        end = found.end() if found else at
        if self._held[end : end + 1] == b'"':
            self._in_string = False
            return end + 1
        return end

    def _outer_end(self, mark: bytes, at: int) -> int:
        if mark == b"}":
            raise MalformedJson("Unexpected '}'", position=self._start + at)
        self._closed = mark == b"]"
        return at

    def _item(self, end: int) -> Iterator[Item]:
        whole = bytes(self._held[:end])
        bare = whole.strip(_SPACE)
        start = self._start + (whole.index(bare[:1]) if bare else end)
        self._drop(end + 1)
        if bare:
            if len(bare) > self._limit:
                raise _over(self._limit, start)
            yield Item(bare, start)
        elif self._awaits_item or not self._closed:
            raise MalformedJson("Expected a value", position=start)
        self._awaits_item = not self._closed

    def _check_rest(self) -> None:
        rest = bytes(self._held)
        bare = rest.lstrip(_SPACE)
        if bare:
            raise MalformedJson(
                "Unexpected data after the array", position=self._start + len(rest) - len(bare)
            )
        self._drop(len(rest))


def _over(limit: int, start: int) -> TooLarge:
    return TooLarge(
        f"The item that begins at byte {start} is over {limit} bytes.",
        fix=f"Send items of at most {limit} bytes.",
    )
