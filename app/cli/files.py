"""Files of submissions, read piece by piece: NDJSON, a JSON array or one JSON object, gzipped or not.

Also how far a file has been taken in, kept in a small file beside it, so that ``--resume`` can go on.
"""

import gzip
import hashlib
import os
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Self

import orjson

from app.cli.failing import Code, Stop
from app.errors import TooLarge, WirefoldError
from app.parsing.items import ArrayCutter, Cutter, Item, LineCutter

if TYPE_CHECKING:
    from app.api.limits import Limits
    from app.model import Submission

PIECE = 256 * 1024
_GZIP = b"\x1f\x8b"
_BOM = b"\xef\xbb\xbf"


class SubmissionFile:
    """One file, or standard input under the name ``-``."""

    def __init__(self, name: str) -> None:
        self._is_input = name == "-"
        self._file: IO[bytes] = sys.stdin.buffer if self._is_input else Path(name).open("rb")  # noqa: SIM115
        self.size = None if self._is_input else os.fstat(self._file.fileno()).st_size
        """Bytes as stored; none where it is not known."""
        self._read = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if not self._is_input:
            self._file.close()

    @property
    def read(self) -> int:
        """Bytes as stored that were read so far."""
        return self._read if self._is_input else self._file.tell()

    def items(self, *, max_item_bytes: int) -> Iterator[Item]:
        """The items, each with its own bytes. Raises where the file loses its frame."""
        pieces = self._pieces()
        first = next(pieces, b"")
        cutter = _cutter(first, max_item_bytes)
        if cutter is None:
            yield Item(_whole(first, pieces, max_item_bytes).strip(), 0)
            return
        yield from cutter.feed(first)
        for piece in pieces:
            yield from cutter.feed(piece)
        yield from cutter.close()

    def _pieces(self) -> Iterator[bytes]:
        head = self._file.peek(2)[:2] if hasattr(self._file, "peek") else b""
        stream: IO[bytes] = gzip.GzipFile(fileobj=self._file) if head == _GZIP else self._file  # type: ignore[assignment]
        try:
            while piece := stream.read(PIECE):
                self._read += len(piece)
                yield piece
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise Stop(
                f"The gzip file is broken: {error}.", name="broken-file", code=Code.INCOMPLETE
            ) from None


def _cutter(first: bytes, limit: int) -> Cutter | None:
    """What cuts a file that begins so; none for one object written over several lines."""
    bare = first.removeprefix(_BOM).lstrip()
    if bare.startswith(b"["):
        return ArrayCutter(max_item_bytes=limit)
    line, broken, _ = bare.partition(b"\n")
    over_lines = bare.startswith(b"{") and broken and not line.rstrip().endswith(b"}")
    return None if over_lines else LineCutter(max_item_bytes=limit)


def _whole(first: bytes, pieces: Iterator[bytes], limit: int) -> bytes:
    whole = bytearray(first.removeprefix(_BOM))
    for piece in pieces:
        whole += piece
        if len(whole) > limit:
            break
    if len(whole) > limit:
        raise TooLarge(f"The file is one object of over {limit} bytes.", fix="Send one object a line.")
    return bytes(whole)


def read_one(raw: bytes, limits: "Limits", offset: int) -> "Submission | WirefoldError":
    """The submission in an item's bytes, or what is wrong with it; its neighbours go on."""
    from app.parsing.submission import read_submission

    try:
        return read_submission(raw, limits.bounds, offset=offset)
    except WirefoldError as error:
        return error


@dataclass(frozen=True, slots=True)
class Bookmark:
    """How many items of a file were taken in. Worthless once the file's size or beginning changed."""

    path: Path
    of: str

    @staticmethod
    def of_file(name: str) -> "Bookmark":
        """The bookmark of a file, whether there is one yet or not."""
        path = Path(name)
        with path.open("rb") as file:
            head = hashlib.blake2b(file.read(PIECE), digest_size=16).hexdigest()
        return Bookmark(path.with_name(f"{path.name}.wirefold-resume"), f"{path.stat().st_size}-{head}")

    def items(self) -> int:
        """How many items were taken in; 0 where nothing is known."""
        try:
            kept = orjson.loads(self.path.read_bytes())
        except (OSError, orjson.JSONDecodeError):
            return 0
        known = isinstance(kept, dict) and kept.get("of") == self.of and isinstance(kept.get("items"), int)
        return int(kept["items"]) if known else 0

    def put(self, items: int) -> None:
        """Note it, all or nothing. A folder that cannot be written only costs the resuming."""
        fresh = self.path.with_name(self.path.name + ".new")
        try:
            fresh.write_bytes(orjson.dumps({"of": self.of, "items": items}))
            fresh.replace(self.path)
        except OSError:
            return

    def remove(self) -> None:
        """The file is done."""
        self.path.unlink(missing_ok=True)
