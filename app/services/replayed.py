"""What a replay tells: pairs that would be judged otherwise, and what would become of their stories."""

from dataclasses import dataclass
from enum import StrEnum

from app.dedup.model import Decision, Relation, RevisionKind
from app.model import ArticleId, ArticleKey, CanonicalId, VersionKey


class Effect(StrEnum):
    """What another policy would make of a pair."""

    JOIN = "join"
    PART = "part"
    RENAME = "rename"


@dataclass(frozen=True, slots=True)
class Side:
    """One version of a pair."""

    article_id: ArticleId
    version: int
    source: str
    title: str
    canonical_id: CanonicalId
    key: VersionKey


@dataclass(frozen=True, slots=True)
class PairChange:
    """A pair that would be judged otherwise. ``a`` is the later arrival."""

    effect: Effect
    a: Side
    b: Side
    was: Relation
    was_kind: RevisionKind | None
    decision: Decision
    policy: str


class Regrouping(StrEnum):
    """What would become of stories."""

    MERGE = "merge"
    SPLIT = "split"
    REGROUP = "regroup"
    """Both at once."""


@dataclass(frozen=True, slots=True)
class Group:
    """Articles of one story. A story that does not exist yet has no ID."""

    canonical_id: CanonicalId | None
    articles: tuple[ArticleId, ...]


@dataclass(frozen=True, slots=True)
class StoryChange:
    """Stories whose articles would be grouped otherwise."""

    effect: Regrouping
    before: tuple[Group, ...]
    after: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Replayed:
    """A page: what was looked at, what would change, and the story behind which it goes on."""

    stories: int
    pairs: int
    left_out: int
    """Pairs that were to be judged and could not: withheld, under embargo, or of another profile."""
    cut: int
    """Groups of connected stories that were too large to be looked at whole."""
    pair_changes: tuple[PairChange, ...]
    story_changes: tuple[StoryChange, ...]
    more: ArticleKey | None
