"""What a feed document says, in our words, whatever its flavour: the feed and its entries."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from app.errors import TooLarge
from app.parsing.json_text import JsonValue

MOST_ENTRIES = 10_000


class Flavour(StrEnum):
    """Which of the feed formats a document is."""

    RSS = "rss"
    RDF = "rdf"
    ATOM = "atom"
    JSON_FEED = "jsonfeed"


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry. Addresses are absolute where a base for them is known; texts are as the feed has them.

    ``summary_html`` and ``content_html`` are markup whatever the feed sent: plain text comes as paragraphs,
    text that was escaped once too often as what was meant.
    """

    raw: bytes
    """The entry as it came, to the byte."""
    flavour: Flavour = Flavour.RSS
    encoding: str = "utf-8"
    """Of ``raw``."""
    guid: str | None = None
    is_permalink: bool = False
    """Whether the feed says that the GUID is the entry's address."""
    url: str | None = None
    canonical_url: str | None = None
    """``rel=canonical``: a claim, for its reader to check."""
    title: str = ""
    """Plain text."""
    summary_html: str | None = None
    content_html: str | None = None
    published_at: datetime | None = None
    updated_at: datetime | None = None
    byline: str | None = None
    source_title: str | None = None
    source_url: str | None = None
    """Where the entry was copied from (``<source url>``, ``atom:source``)."""
    categories: tuple[str, ...] = ()
    language: str | None = None
    """Its own, else the feed's."""
    metadata: Mapping[str, JsonValue] = field(default_factory=dict)
    """Everything else that the entry says."""


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """One feed as it stood when it was read."""

    flavour: Flavour
    entries: tuple[FeedEntry, ...]
    title: str = ""
    language: str | None = None
    ttl_s: int | None = None
    """How long the feed asks not to be fetched again: the longest of ttl and sy:update*."""
    skip_hours: frozenset[int] = frozenset()
    """Hours of the day, UTC, in which it asks not to be fetched."""
    skip_days: frozenset[int] = frozenset()
    """Days of the week, Monday 0, in which it asks not to be fetched."""
    hub: str | None = None
    """Its WebSub hub."""
    self_url: str | None = None
    """The address it gives for itself."""
    home_url: str | None = None
    """The page it belongs to."""
    flaws: tuple[str, ...] = ()
    """What had to be mended or passed over to read it, for whoever tests a feed."""


def check_count(entries: int) -> None:
    """Raise TooLarge for more than a feed may have."""
    if entries > MOST_ENTRIES:
        raise TooLarge(f"The feed has {entries} entries.", fix=f"Send at most {MOST_ENTRIES} at once.")
