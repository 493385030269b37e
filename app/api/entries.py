"""What a batch's body holds, entry by entry: cut from the stream as it arrives, or read as one document."""

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from app.api.formats import Sent
from app.errors import TooLarge
from app.parsing.items import ArrayCutter, Cutter, LineCutter
from app.parsing.reader import Parsed


class Entry(NamedTuple):
    """One article, or why there is none, and how many bytes it came in."""

    parsed: Parsed
    size: int


class Entries(Protocol):
    """Takes a body piece by piece, gives the entries that are complete."""

    def feed(self, piece: bytes) -> Iterator[Entry]:
        """Entries that this piece completes."""

    def close(self) -> Iterator[Entry]:
        """The rest. May take long: a document is read here."""


class Cut:
    """NDJSON or a JSON array: an item at a time, so that a stream of any length is read in little memory."""

    def __init__(self, sent: Sent, *, max_item_bytes: int) -> None:
        cutter = LineCutter if sent.in_lines else ArrayCutter
        self._cutter: Cutter = cutter(max_item_bytes=max_item_bytes)
        self._sent = sent

    def feed(self, piece: bytes) -> Iterator[Entry]:
        """Entries that this piece completes."""
        for item in self._cutter.feed(piece):
            yield from _sized(self._sent.read_item(item.raw, offset=item.offset), len(item.raw))

    def close(self) -> Iterator[Entry]:
        """The last item; raises where the stream ends inside one."""
        for item in self._cutter.close():
            yield from _sized(self._sent.read_item(item.raw, offset=item.offset), len(item.raw))


class Whole:
    """One document that may hold several articles: held until it is complete."""

    def __init__(self, sent: Sent, *, max_bytes: int) -> None:
        self._sent = sent
        self._limit = max_bytes
        self._held = bytearray()

    def feed(self, piece: bytes) -> Iterator[Entry]:
        """No entries yet."""
        self._held += piece
        if len(self._held) > self._limit:
            fix = f"Send documents of at most {self._limit} bytes."
            raise TooLarge(f"The document is over {self._limit} bytes.", fix=fix)
        return iter(())

    def close(self) -> Iterator[Entry]:
        """The document's articles."""
        read = self._sent.read(bytes(self._held))
        yield from _sized(read if isinstance(read, list) else [read], len(self._held))


class Ready:
    """Articles that were read before."""

    def __init__(self, read: list[Parsed], size: int) -> None:
        self._read = read
        self._size = size

    def feed(self, piece: bytes) -> Iterator[Entry]:
        """Nothing is left to come."""
        del piece
        return iter(())

    def close(self) -> Iterator[Entry]:
        """The articles."""
        yield from _sized(self._read, self._size)


def _sized(read: list[Parsed], size: int) -> Iterator[Entry]:
    """An even share of the bytes each."""
    for each in read:
        yield Entry(each, size // len(read))
