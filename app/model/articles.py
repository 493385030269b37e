"""Articles and their versions as they are stored."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from app.dedup.model import Facts, Fingerprint, Passage, Repeat, Span
from app.dedup.outline import Outline
from app.model.arriving import Status
from app.model.numbers import ArticleId, ArticleKey, Position, VersionKey


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """An identity that versions hang on, with where it is now."""

    key: ArticleKey
    id: ArticleId
    source: str
    external_id: str | None
    founder: ArticleKey
    """Founder of the story the article is in now."""
    current: VersionKey
    created_at: datetime
    created_position: Position
    deleted_at: datetime | None = None
    """When its text was deleted on request; it is in no story since then."""


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One immutable version of an article: everything but its page and its fingerprint."""

    key: VersionKey
    article: ArticleKey
    number: int
    position: Position
    received_at: datetime
    published_at: datetime | None
    updated_at: datetime | None
    declared: str | None
    """The publisher's own version label."""
    status: Status
    embargoed_until: datetime | None
    released: bool
    """False while an embargo keeps it out of the shared index."""
    content: bytes
    """Digest of text, title, status, embargo and version fields: equal means a replay."""
    title: str
    facts: Facts
    """``facts.published_at`` is the same instant as ``published_at``."""
    word_count: int
    is_notice: bool = False
    """Whether it takes back another article's story: its article never said anything else.

    What takes back its own is a later version.
    """

    @property
    def withdrawn(self) -> bool:
        """Whether it is kept back, taken back, or a notice that takes a story back: nothing to print."""
        return self.status is not Status.USABLE or self.facts.withdraws


@dataclass(frozen=True, slots=True)
class PageRow:
    """What one version looked like: the cold part, read by GET and explain."""

    version: VersionKey
    raw: bytes
    text: str
    url: str | None
    byline: str | None
    dateline_place: str | None
    dateline_date: str | None
    provenance: str | None
    passages: tuple[Passage, ...]
    repeats: tuple[Repeat, ...]
    removed: tuple[Span, ...]


class Comparable(Protocol):
    """What can be compared, arriving or stored."""

    @property
    def print(self) -> Fingerprint:
        """Under which it is found and measured."""

    @property
    def facts(self) -> Facts:
        """What is known of it beside its words."""

    @property
    def drawn(self) -> dict[int, Outline]:
        """Its outline, kept under the version of the furniture that it was drawn without."""


@dataclass(frozen=True, slots=True, eq=False)
class Stored:
    """A version as comparison needs it. Immutable but for ``drawn``, so it may be cached for ever."""

    version: VersionRow
    print: Fingerprint
    drawn: dict[int, Outline] = field(default_factory=dict, repr=False)

    @property
    def facts(self) -> Facts:
        """What is known of it beside its words."""
        return self.version.facts


@dataclass(frozen=True, slots=True)
class PostingRow:
    """Keys that one version adds to the index (all of its keys, or those its story lacks)."""

    seq: int
    profile: str
    version: VersionKey
    keys: bytes
    """Ascending little-endian uint64."""
