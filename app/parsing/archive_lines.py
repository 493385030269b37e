"""NDJSON as an archive: a line that is too long or no object does not sink those after it."""

from collections.abc import Iterator
from typing import IO

from app.errors import TooLarge
from app.parsing.archive_records import Kind, Record, broken

_BOM = b"\xef\xbb\xbf"
_SPACE = b" \t\r\n"
_PIECE = 256 * 1024


def read_lines(stream: IO[bytes], most_bytes: int) -> Iterator[Record]:
    """One record a line that is not blank. What is in it, its reader finds out."""
    place = 0
    while line := stream.readline(most_bytes + 2):
        place += 1
        if len(line) > most_bytes and not line.endswith(b"\n"):
            _pass_rest(stream)
            yield broken(place, TooLarge(f"The line is over {most_bytes} bytes."))
            continue
        bare = (line.removeprefix(_BOM) if place == 1 else line).strip(_SPACE)
        if bare:
            yield Record(Kind.ARTICLE, place, bare)


def _pass_rest(stream: IO[bytes]) -> None:
    while (piece := stream.readline(_PIECE)) and not piece.endswith(b"\n"):
        pass
