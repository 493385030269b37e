"""What arrives: a submission, and the document that is made of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Status(StrEnum):
    """Whether an article may be published (IPTC pubStatus)."""

    USABLE = "usable"
    WITHHELD = "withheld"
    CANCELED = "canceled"


@dataclass(frozen=True, slots=True)
class Received:
    """What came where it was not JSON of the contract, to the byte: one article's own part of it."""

    format: str
    media_type: str
    """As the request named it, with its charset."""
    body: bytes


@dataclass(frozen=True, slots=True)
class Submission:
    """One article. ``raw`` is its JSON in our words: as received, or what was made of ``received``."""

    source: str
    raw: bytes
    title: str = ""
    text: str | None = None
    html: str | None = None
    external_id: str | None = None
    url: str | None = None
    canonical_url: str | None = None
    published_at: datetime | None = None
    updated_at: datetime | None = None
    version: str | None = None
    language: str | None = None
    byline: str | None = None
    agency: str | None = None
    slug: str | None = None
    genre: str | None = None
    ed_note: str | None = None
    signals: tuple[str, ...] = ()
    status: Status = Status.USABLE
    embargoed_until: datetime | None = None
    received: Received | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A submission as parsed: plain text (frozen with the version) and checked metadata."""

    submission: Submission
    text: str
    title: str
    language: str | None
    url_keys: tuple[bytes, ...]
    """Look-up keys of ``url`` and ``canonical_url`` (trackers, AMP, mobile, fragments gone)."""
