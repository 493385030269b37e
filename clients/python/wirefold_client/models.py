"""What is sent and what is answered. The service's docs/api.md explains every member."""

import dataclasses
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from wirefold_client.problems import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """An article to send: ``source`` and one of ``text`` and ``html``, and whatever else is known.

    Times need a zone. Leave an unknown date out.
    """

    source: str
    text: str | None = None
    html: str | None = None
    title: str | None = None
    external_id: str | int | None = None
    url: str | None = None
    canonical_url: str | None = None
    published_at: datetime | str | None = None
    updated_at: datetime | str | None = None
    version: str | int | None = None
    language: str | None = None
    byline: str | None = None
    agency: str | None = None
    slug: str | None = None
    genre: str | None = None
    ed_note: str | None = None
    status: str | None = None
    embargoed_until: datetime | str | None = None
    signals: Sequence[str] | None = None
    metadata: Mapping[str, object] | None = None


def encode(submission: Submission | Mapping[str, object]) -> bytes:
    """A submission as JSON, on one line. Raises ValueError for NaN, and for a time without a zone."""
    if isinstance(submission, Submission):
        told: Mapping[str, object] = {
            each.name: value
            for each in dataclasses.fields(submission)
            if (value := getattr(submission, each.name)) is not None
        }
    else:
        told = submission
    try:
        return json.dumps(told, ensure_ascii=False, allow_nan=False, default=_plain).encode()
    except UnicodeEncodeError:  # a lone surrogate, which JSON can only escape
        return json.dumps(told, allow_nan=False, default=_plain).encode()


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError(f"{value.isoformat()} has no zone; the service would take it for UTC.")
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"a {type(value).__name__} cannot be sent as JSON")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of ``text``, in Unicode code points."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Repeat:
    """Text that stands twice in one article. ``kept`` is None where neither printing stays."""

    kind: str
    removed: Span
    kept: Span | None
    similarity: float


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of ``text`` with a role."""

    role: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Dateline:
    """Where and when the article says it was written."""

    place: str | None
    date: str | None


@dataclass(frozen=True, slots=True)
class Decision:
    """What was concluded when the version arrived, and why. It never changes."""

    relation: str
    revision_kind: str | None
    matched_article_id: str | None
    jaccard: float
    containment: float
    probability: float
    confidence: float
    rule: str
    reasons: tuple[str, ...]
    profile: str
    policy: str
    furniture: str


@dataclass(frozen=True, slots=True)
class Relation:
    """What an article is to the version that speaks for its story now."""

    relation: str
    revision_kind: str | None
    jaccard: float
    containment: float


@dataclass(frozen=True, slots=True)
class Related:
    """Another story that shares text or form."""

    canonical_id: str
    relation: str
    containment: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of an article that was sent. Act on ``canonical_id``."""

    article_id: str
    version: int
    canonical_id: str
    is_canonical: bool
    decision: Decision
    related: tuple[Related, ...]
    repeats: tuple[Repeat, ...]
    agency: str | None
    dateline: Dateline | None
    replayed: bool = False
    """It was stored already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What would become of an article if it were sent. IDs of what would be new are None."""

    article_id: str | None
    version: int
    canonical_id: str | None
    is_canonical: bool
    decision: Decision
    related: tuple[Related, ...]
    repeats: tuple[Repeat, ...]
    agency: str | None
    dateline: Dateline | None
    text: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """A valid document that holds no article, such as a picture: nothing was stored, nothing is wrong."""

    code: str
    detail: str


ItemOutcome: TypeAlias = Answer | Skipped | Problem
"""What became of one article of what was sent."""


@dataclass(frozen=True, slots=True)
class Result:
    """One item of a batch: the ``index``-th that was given, and what became of it."""

    index: int
    submission: Submission | Mapping[str, object]
    outcome: ItemOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionSummary:
    """One of an article's versions."""

    version: int
    title: str
    status: str
    is_current: bool
    received_at: datetime
    published_at: datetime | None
    updated_at: datetime | None
    embargoed_until: datetime | None
    declared: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A stored article's current version as received and as understood, and where it is now."""

    article_id: str
    version: int
    source: str
    title: str
    external_id: str | None
    language: str | None
    agency: str | None
    byline: str | None
    status: str
    published_at: datetime | None
    updated_at: datetime | None
    embargoed_until: datetime | None
    received_at: datetime
    created_at: datetime
    dateline: Dateline | None
    text: str
    clean_text: str
    word_count: int
    passages: tuple[Passage, ...]
    repeats: tuple[Repeat, ...]
    removed: tuple[Span, ...]
    provenance: str | None
    declared: str | None
    decision: Decision
    related: tuple[Related, ...]
    canonical_id: str
    is_canonical: bool
    relation: Relation | None
    versions: tuple[VersionSummary, ...]
    submission: object
    withdrawn_by: str | None = None
    """The notice of its source, an article of its own, that takes it back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The version that speaks for a story."""

    article_id: str
    version: int
    source: str
    title: str
    url: str | None
    published_at: datetime | None
    agency: str | None
    language: str | None
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """An article of a story, and what it is to the version that speaks for it."""

    article_id: str
    version: int
    source: str
    title: str
    external_id: str | None
    url: str | None
    agency: str | None
    language: str | None
    status: str
    published_at: datetime | None
    received_at: datetime
    is_canonical: bool
    relation: Relation | None
    withdrawn_by: str | None = None
    """The notice of its source, an article of its own, that takes it back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A story as lists show it. ``canonical`` is None where nothing of it may be published now."""

    canonical_id: str
    canonical: Chosen | None
    withdrawn: bool
    member_count: int
    first_seen: datetime
    last_seen: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Canonical:
    """A story with its first members. Where ``next`` is not None there are more: ``Client.members``."""

    canonical_id: str
    canonical: Chosen | None
    withdrawn: bool
    member_count: int
    source_count: int
    first_seen: datetime
    last_seen: datetime
    members: tuple[Member, ...]
    next: str | None
    asked_for: str
    """The ID that was asked for."""

    @property
    def absorbed(self) -> bool:
        """Whether the story of the ID that was asked for was absorbed by this one. Keep the old ID, too."""
        return self.asked_for != self.canonical_id
