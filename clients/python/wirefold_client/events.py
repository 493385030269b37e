"""Events of the change feed, a class each; of types that this release does not know, plain ``Event``."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from wirefold_client.problems import UnexpectedAnswer
from wirefold_client.reading import read


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened. ``position`` numbers it, 1, 2, 3 and so on; ``data`` is what it carries."""

    position: int
    type: str
    at: datetime
    data: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleIngested(Event):
    """A version was stored."""

    article_id: str
    version: int
    source: str
    canonical_id: str | None
    relation: str
    revision_kind: str | None
    matched_article_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleReleased(Event):
    """An embargo ended."""

    article_id: str
    version: int
    canonical_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleDeleted(Event):
    """The text of an article was deleted: delete your copy, too."""

    article_id: str
    canonical_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CanonicalCreated(Event):
    """A story began."""

    canonical_id: str
    article_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CanonicalVersionChanged(Event):
    """Another version speaks for the story."""

    canonical_id: str
    article_id: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CanonicalWithdrawn(Event):
    """Nothing of the story may be printed any more."""

    canonical_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CanonicalMerged(Event):
    """A story was absorbed: its ID leads to ``into``."""

    canonical_id: str
    into: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CanonicalSplit(Event):
    """Articles left a story for another."""

    canonical_id: str
    into: str
    article_ids: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryCorrected(Event):
    """A correction arrived: whoever printed the story should look."""

    canonical_id: str | None
    article_id: str
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryWithdrawn(Event):
    """A withdrawal arrived: whoever printed the story should look at once."""

    canonical_id: str | None
    article_id: str
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyStale(Event):
    """A copy still says what its origin has corrected or withdrawn."""

    stale_id: str
    canonical_id: str
    article_id: str
    version: int
    source: str
    reason: str
    passages: int
    correction_article_id: str | None
    correction_version: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyRefreshed(Event):
    """A copy is stale no more; ``outcome`` says why."""

    stale_id: str
    canonical_id: str
    article_id: str
    version: int
    source: str
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyDismissed(Event):
    """A person said that a stale copy may stay as it is."""

    stale_id: str
    canonical_id: str
    article_id: str
    version: int
    source: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewNeeded(Event):
    """A person should look at where an arrival was put."""

    article_id: str
    version: int
    canonical_id: str
    matched_article_id: str
    probability: float
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FurnitureChanged(Event):
    """A passage became furniture of a source, was rejected, or made room for another."""

    source: str
    furniture_id: str
    state: str
    words: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CurationApplied(Event):
    """A person decided something; what it changed stands in the entries before it."""

    audit_id: str
    action: str
    canonical_ids: tuple[str, ...]
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookDisabled(Event):
    """An endpoint is not called any more: it is gone, or failed for days."""

    webhook_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Undisclosed(Event):
    """Something happened to a text that the key may not see yet."""


TYPES: Mapping[str, type[Event]] = {
    "article.ingested": ArticleIngested,
    "article.released": ArticleReleased,
    "article.deleted": ArticleDeleted,
    "canonical.created": CanonicalCreated,
    "canonical.version_changed": CanonicalVersionChanged,
    "canonical.withdrawn": CanonicalWithdrawn,
    "canonical.merged": CanonicalMerged,
    "canonical.split": CanonicalSplit,
    "story.corrected": StoryCorrected,
    "story.withdrawn": StoryWithdrawn,
    "copy.stale": CopyStale,
    "copy.refreshed": CopyRefreshed,
    "copy.dismissed": CopyDismissed,
    "review.needed": ReviewNeeded,
    "furniture.changed": FurnitureChanged,
    "curation.applied": CurationApplied,
    "webhook.disabled": WebhookDisabled,
    "undisclosed": Undisclosed,
}

_ENVELOPE = {"position", "type", "at"}


def event_of(entry: Mapping[str, object]) -> Event:
    """An entry of the feed: what it carries beside ``position``, ``type`` and ``at``."""
    kind = TYPES.get(str(entry.get("type")), Event)
    data = {name: value for name, value in entry.items() if name not in _ENVELOPE}
    try:
        return read(kind, entry, data=data)
    except UnexpectedAnswer:
        if kind is Event:
            raise
        return read(Event, entry, data=data)
