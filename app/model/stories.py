"""Stories, what joins them, what was concluded, and what is told of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.dedup.model import Relation, RevisionKind
from app.model.numbers import ArticleId, ArticleKey, CanonicalId, Position, VersionKey


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
