"""What judging learns and doubts: furniture of sources, arrivals for people to look at."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.dedup.model import Hashes, Relation
from app.model.numbers import ArticleId, Position, VersionKey


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
