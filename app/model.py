"""The service's nouns: what arrives, what is stored, and the rows that carry it.

Integers are internal keys, given out under the ingest lock and ascending; text IDs are public.
``Position`` numbers the change feed. A canonical ID belongs to the article that founded it, so a
story is named by its founder's key. All datetimes are aware and UTC.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType, Protocol

from app.dedup.model import (
    Facts,
    Fingerprint,
    Hashes,
    Passage,
    Relation,
    Repeat,
    RevisionKind,
    Span,
    TagKind,
)
from app.dedup.outline import Outline

ArticleKey = NewType("ArticleKey", int)
VersionKey = NewType("VersionKey", int)
Position = NewType("Position", int)
ArticleId = NewType("ArticleId", str)
CanonicalId = NewType("CanonicalId", str)
IdentityKey = NewType("IdentityKey", bytes)
"""16 bytes that stand for source + external ID, source + URL, or source + content."""


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

    @property
    def withdrawn(self) -> bool:
        """Whether it is kept back, taken back, or a notice that takes a story back: nothing to print."""
        tag = self.facts.tag
        return self.status is not Status.USABLE or (tag is not None and tag.kind is TagKind.WITHDRAWAL)


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


@dataclass(frozen=True, slots=True)
class StoryRow:
    """A founder's story as of now. An absorbed story has no members."""

    founder: ArticleKey
    id: CanonicalId
    canonical: VersionKey | None
    members: int
    first_seen: datetime
    last_seen: datetime
    founded_position: Position
    changed_position: Position


@dataclass(frozen=True, slots=True)
class MembershipRow:
    """Article ``article`` is in the story of ``founder`` from one position until another."""

    article: ArticleKey
    founder: ArticleKey
    since: Position
    by: str
    why: str


@dataclass(frozen=True, slots=True)
class EdgeRow:
    """What was found between two versions: the pair's verdict, ``a`` the later arrival."""

    a: ArticleKey
    b: ArticleKey
    version_a: VersionKey
    version_b: VersionKey
    relation: Relation
    revision_kind: RevisionKind | None
    weight: float
    """Log-odds that the two are one story: the evidence stories are derived from."""
    jaccard: float
    containment: float
    position: Position


class FurnitureState(StrEnum):
    """Where a piece of furniture comes from, and whether it counts."""

    LEARNED = "learned"
    ADDED = "added"
    REJECTED = "rejected"
    """A person said that it is none: it masks nothing and is not learned again."""


@dataclass(frozen=True, slots=True, eq=False)
class FurnitureRow:
    """A passage that comes back under different stories of a source."""

    id: str
    source: str
    state: FurnitureState
    text: str
    """As one page prints it."""
    words: int
    shingles: Hashes
    """By which it is known again, ascending (``dedup.furniture``)."""
    pages: tuple[ArticleId, ...]
    """Some articles that carry it."""
    version: int
    """Of the furniture, when this row was last changed."""
    at: datetime
    by: str
    why: str


class ReviewReason(StrEnum):
    """Why a person should look at an arrival."""

    DOUBTFUL = "doubtful"
    """Its most probable pair lies between the two bounds."""
    OVERRULED = "overruled"
    """A pair said one story, and what else was judged of that story outweighed it."""


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """An arrival whose place is in doubt, with the pair that makes it so. Never changes."""

    position: Position
    version: VersionKey
    other: VersionKey
    at: datetime
    reason: ReviewReason
    relation: Relation
    """What the pair by itself was found to be."""
    probability: float
    policy: str


class LinkKind(StrEnum):
    """What a person said of two articles."""

    MUST = "must"
    CANNOT = "cannot"


@dataclass(frozen=True, slots=True)
class Related:
    """Another story that shares text or form with an article."""

    canonical_id: CanonicalId
    relation: Relation
    containment: float


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """What was concluded when a version arrived. Never changed afterwards."""

    version: VersionKey
    position: Position
    relation: Relation
    revision_kind: RevisionKind | None
    matched: VersionKey | None
    matched_id: ArticleId | None
    jaccard: float
    containment: float
    probability: float
    rule: str
    reasons: tuple[str, ...]
    signals: Mapping[str, float]
    related: tuple[Related, ...]
    profile: str
    policy: str
    furniture: str


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One entry of the change feed."""

    position: Position
    type: str
    at: datetime
    payload: Mapping[str, object]


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
    decision: DecisionRow
    repeats: Sequence[Repeat]
    agency: str | None
    dateline_place: str | None
    dateline_date: str | None
    text: str
