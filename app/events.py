"""What the world is told: the types of the change feed's entries and what each carries.

Consumers skip types they do not know; types and members are added, never renamed or removed. Whoever
follows may ask for some of it only: one ``Interest`` serves polling, streams and webhooks.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NotRequired, TypedDict


class EventType(StrEnum):
    """What happened."""

    ARTICLE_INGESTED = "article.ingested"
    ARTICLE_RELEASED = "article.released"
    ARTICLE_DELETED = "article.deleted"
    CANONICAL_CREATED = "canonical.created"
    CANONICAL_VERSION_CHANGED = "canonical.version_changed"
    CANONICAL_WITHDRAWN = "canonical.withdrawn"
    CANONICAL_MERGED = "canonical.merged"
    CANONICAL_SPLIT = "canonical.split"
    STORY_CORRECTED = "story.corrected"
    STORY_WITHDRAWN = "story.withdrawn"
    COPY_STALE = "copy.stale"
    COPY_REFRESHED = "copy.refreshed"
    COPY_DISMISSED = "copy.dismissed"
    REVIEW_NEEDED = "review.needed"
    FURNITURE_CHANGED = "furniture.changed"
    WEBHOOK_DISABLED = "webhook.disabled"
    UNDISCLOSED = "undisclosed"
    CURATION_APPLIED = "curation.applied"


class ArticleIngested(TypedDict):
    """A version was stored: of a new article, or a further one of a known article."""

    article_id: str
    version: int
    source: str
    canonical_id: str | None
    relation: str
    revision_kind: str | None
    matched_article_id: str | None


class ArticleReleased(TypedDict):
    """An embargo ended: from here on the version takes part in comparisons."""

    article_id: str
    version: int
    canonical_id: str


class ArticleDeleted(TypedDict):
    """The text of an article was deleted on request, or by retention: delete your copy too."""

    article_id: str
    canonical_id: str


class CanonicalCreated(TypedDict):
    """A story began with this article."""

    canonical_id: str
    article_id: str


class CanonicalVersionChanged(TypedDict):
    """Another version now speaks for the story."""

    canonical_id: str
    article_id: str
    version: int


class CanonicalWithdrawn(TypedDict):
    """Nothing of the story may be printed any more: no version speaks for it until one that may be comes."""

    canonical_id: str


class CanonicalMerged(TypedDict):
    """A story was absorbed: its ID now leads to ``into``."""

    canonical_id: str
    into: str
    reason: str


class CanonicalSplit(TypedDict):
    """These articles left a story for another."""

    canonical_id: str
    into: str
    article_ids: list[str]
    reason: str


class StoryAlarm(TypedDict):
    """A correction or a withdrawal of the story arrived: whoever printed it should look."""

    canonical_id: str | None
    article_id: str
    version: NotRequired[int]


class CopyStale(TypedDict):
    """A copy still says what its origin has corrected or withdrawn; ``/v1/stale/{id}`` has the passages.

    What withdraws it is stored by name, and told as None to whom it may not be shown.
    """

    stale_id: str
    canonical_id: str
    article_id: str
    version: int
    source: str
    reason: str
    passages: int
    correction_article_id: str | None
    correction_version: int | None


class CopyRefreshed(TypedDict):
    """A copy is stale no more; ``outcome`` says why."""

    stale_id: str
    canonical_id: str
    article_id: str
    version: int
    source: str
    outcome: str


class CopyDismissed(TypedDict):
    """A person said that a stale copy may stay as it is."""

    stale_id: str
    canonical_id: str
    article_id: str
    version: int
    source: str
    why: str


class ReviewNeeded(TypedDict):
    """A person should look at where an arrival was put: the pair with ``matched_article_id`` is in doubt."""

    article_id: str
    version: int
    canonical_id: str
    matched_article_id: str
    probability: float
    reason: str


class FurnitureChanged(TypedDict):
    """A passage became furniture of a source, a person said that it is none, or it made room for another."""

    source: str
    furniture_id: str
    state: str
    words: int


class WebhookDisabled(TypedDict):
    """An endpoint is not called any more: it answered that it is gone, or failed for days."""

    webhook_id: str
    reason: str


class Undisclosed(TypedDict):
    """An entry that names what the caller may not see. Never stored; told in place of what it stands for."""


class CurationApplied(TypedDict):
    """A person decided something; what it changed stands in the entries before this one."""

    audit_id: str
    action: str
    canonical_ids: list[str]
    by: str
    reason: str


PAYLOADS: dict[EventType, type] = {
    EventType.ARTICLE_INGESTED: ArticleIngested,
    EventType.ARTICLE_RELEASED: ArticleReleased,
    EventType.ARTICLE_DELETED: ArticleDeleted,
    EventType.CANONICAL_CREATED: CanonicalCreated,
    EventType.CANONICAL_VERSION_CHANGED: CanonicalVersionChanged,
    EventType.CANONICAL_WITHDRAWN: CanonicalWithdrawn,
    EventType.CANONICAL_MERGED: CanonicalMerged,
    EventType.CANONICAL_SPLIT: CanonicalSplit,
    EventType.STORY_CORRECTED: StoryAlarm,
    EventType.STORY_WITHDRAWN: StoryAlarm,
    EventType.COPY_STALE: CopyStale,
    EventType.COPY_REFRESHED: CopyRefreshed,
    EventType.COPY_DISMISSED: CopyDismissed,
    EventType.REVIEW_NEEDED: ReviewNeeded,
    EventType.FURNITURE_CHANGED: FurnitureChanged,
    EventType.WEBHOOK_DISABLED: WebhookDisabled,
    EventType.UNDISCLOSED: Undisclosed,
    EventType.CURATION_APPLIED: CurationApplied,
}


@dataclass(frozen=True, slots=True)
class About:
    """What is known of one thing that an event names: an article's version, or a source alone."""

    source: str
    agency: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Interest:
    """Which events somebody asks for. An empty set asks for nothing in particular."""

    types: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    agencies: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    """Primary subtags in lower case, as versions have them."""

    @classmethod
    def of(
        cls,
        types: Iterable[str] = (),
        sources: Iterable[str] = (),
        agencies: Iterable[str] = (),
        languages: Iterable[str] = (),
    ) -> "Interest":
        """What is asked for in the words of a request: ``en-GB`` asks for ``en``."""
        subtags = (each.replace("_", "-").partition("-")[0].strip().lower() for each in languages)
        return cls(frozenset(types), frozenset(sources), frozenset(agencies), frozenset(subtags))

    @property
    def asks_for_facts(self) -> bool:
        """Whether more than an event's type has to be known."""
        return bool(self.sources or self.agencies or self.languages)

    def includes(self, type_: str, about: Iterable[About]) -> bool:
        """Whether an event passes: its type does, and one thing it names has all the facts asked for."""
        if self.types and type_ not in self.types:
            return False
        return not self.asks_for_facts or any(self._has_all(each) for each in about)

    def _has_all(self, about: About) -> bool:
        return (
            (not self.sources or about.source in self.sources)
            and (not self.agencies or about.agency in self.agencies)
            and (not self.languages or about.language in self.languages)
        )


EVERYTHING = Interest()
