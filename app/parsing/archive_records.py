"""What an archive holds, record by record, whichever way it is written."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from app.errors import WirefoldError


class UnreadableArchive(Exception):
    """Nothing of an archive can be read: it is of another kind, or what reads it is not installed."""

    def __init__(self, detail: str, *, fix: str) -> None:
        super().__init__(detail)
        self.detail = detail
        self.fix = fix


class Kind(StrEnum):
    """What a record is to us."""

    ARTICLE = "article"
    """JSON of one article."""
    PAGE = "page"
    """An HTML page as it was served."""
    BROKEN = "broken"
    """What should have been one of these, and cannot be read."""
    OTHER = "other"
    """No article at all: a request, an image, a redirect."""


class Record(NamedTuple):
    """One record. ``said`` is what stands beside its body; which names depends on the kind.

    * PAGE: ``url``, ``media_type``, ``charset``, ``coding``, ``crawled``, as far as they are known.
    * BROKEN: ``code``, ``detail``, ``fix``.
    * OTHER: ``what`` it is.
    """

    kind: Kind
    place: int
    """Line of NDJSON, row of Parquet, record of WARC; from 1."""
    body: bytes = b""
    said: Mapping[str, str] = {}


def broken(place: int, error: WirefoldError) -> Record:
    """A record that cannot be read, with the reason."""
    return Record(
        Kind.BROKEN, place, said={"code": error.code, "detail": error.detail, "fix": error.fix or ""}
    )


def other(place: int, what: str) -> Record:
    """A record that is no article."""
    return Record(Kind.OTHER, place, said={"what": what})
