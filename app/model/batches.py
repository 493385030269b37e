"""What one write transaction adds, and what is answered for it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.dedup.model import Fingerprint, Repeat
from app.model.arriving import Received
from app.model.articles import ArticleRow, PageRow, PostingRow, VersionRow
from app.model.judging import FurnitureRow, ReviewRow
from app.model.numbers import ArticleId, ArticleKey, CanonicalId, IdentityKey, Position, VersionKey
from app.model.stories import ChangeRow, DecisionRow, EdgeRow, MembershipRow, StoryRow


@dataclass(slots=True)
class Batch:
    """All that one write transaction adds, in tables' order. Appended in a few statements."""

    articles: list[ArticleRow] = field(default_factory=list)
    identities: dict[IdentityKey, ArticleKey] = field(default_factory=dict)
    """Upserts: an identity may move to a newer article."""
    urls: list[tuple[bytes, ArticleKey]] = field(default_factory=list)
    versions: list[VersionRow] = field(default_factory=list)
    pages: list[PageRow] = field(default_factory=list)
    received: list[tuple[VersionKey, Received]] = field(default_factory=list)
    fingerprints: list[tuple[VersionKey, Fingerprint]] = field(default_factory=list)
    postings: list[PostingRow] = field(default_factory=list)
    currents: dict[ArticleKey, VersionKey] = field(default_factory=dict)
    """Updates of ``ArticleRow.current``."""
    moves: list[MembershipRow] = field(default_factory=list)
    """Each closes the article's open membership, opens this one and moves the article."""
    stories: dict[ArticleKey, StoryRow] = field(default_factory=dict)
    """Upserts."""
    appointments: list[tuple[ArticleKey, Position, VersionKey | None]] = field(default_factory=list)
    """Founder, position, and the version that speaks for the story from there on; None: it was absorbed."""
    successions: list[tuple[ArticleKey, Position, VersionKey]] = field(default_factory=list)
    """Article, position, and the version that is current from there on, where that is not its first."""
    edges: list[EdgeRow] = field(default_factory=list)
    decisions: list[DecisionRow] = field(default_factory=list)
    reviews: list[ReviewRow] = field(default_factory=list)
    furniture: dict[str, FurnitureRow] = field(default_factory=dict)
    """Upserts, by ID."""
    changes: list[ChangeRow] = field(default_factory=list)


@dataclass(slots=True)
class Counters:
    """The last number given out of each kind. Read and written under the ingest lock."""

    article: int
    version: int
    position: int
    posting: int
    furniture: int
    """Version of what is known to be furniture: higher with every passage learned, added or taken back."""


@dataclass(frozen=True, slots=True)
class Ingested:
    """The answer for one submission."""

    article_id: ArticleId
    version: int
    canonical_id: CanonicalId
    is_canonical: bool
    replayed: bool
    released: bool
    """Whether the version may be told to everybody."""
    decision: DecisionRow
    repeats: Sequence[Repeat]
    agency: str | None
    dateline_place: str | None
    dateline_date: str | None
    text: str
