"""Articles as they are answered."""

from datetime import datetime
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from app.dedup.model import Passage, Relation, Repeat, RepeatKind, RevisionKind, Role, Span
from app.model import DecisionRow, Ingested, Related, Status

_ANSWER: dict[str, JsonValue] = {
    "article_id": "art_01kc2v7t3q0000000000000001",
    "version": 1,
    "canonical_id": "can_01kc2v7t3q0000000000000002",
    "is_canonical": False,
    "decision": {
        "relation": "copy",
        "revision_kind": None,
        "matched_article_id": "art_01kc2v7t3q0000000000000000",
        "jaccard": 0.71,
        "containment": 0.98,
        "probability": 0.99,
        "confidence": 0.99,
        "rule": "same-length",
        "reasons": ["98 % of the shorter text stands in the other"],
        "profile": "p1",
        "policy": "standard-1",
        "furniture": "learned-0",
    },
    "related": [],
    "repeats": [
        {
            "kind": "standfirst",
            "removed": {"start": 65, "end": 520},
            "kept": {"start": 700, "end": 1150},
            "similarity": 1.0,
        }
    ],
    "agency": "Coastal News",
    "dateline": {"place": "PORT ELSA", "date": "2026-03-03"},
}


class SpanOut(BaseModel):
    """A half-open range of Unicode code points in `text`."""

    start: int
    end: int

    @classmethod
    def of(cls, span: Span) -> Self:
        """The span as answered."""
        return cls(start=span.start, end=span.end)


class RepeatOut(BaseModel):
    """Text printed twice."""

    kind: RepeatKind
    removed: SpanOut
    kept: SpanOut | None
    similarity: float

    @classmethod
    def of(cls, repeat: Repeat) -> Self:
        """The repeat as answered."""
        return cls(
            kind=repeat.kind,
            removed=SpanOut.of(repeat.removed),
            kept=SpanOut.of(repeat.kept) if repeat.kept else None,
            similarity=round(repeat.similarity, 4),
        )


class PassageOut(BaseModel):
    """A run of text with a role."""

    role: Role
    start: int
    end: int

    @classmethod
    def of(cls, passage: Passage) -> Self:
        """The passage as answered."""
        return cls(role=passage.role, start=passage.span.start, end=passage.span.end)


class DatelineOut(BaseModel):
    """Where and when the report was filed, as its first line says."""

    place: str | None
    date: str | None


class DecisionOut(BaseModel):
    """What was concluded when the version arrived. Never changed afterwards."""

    relation: Relation
    revision_kind: RevisionKind | None
    matched_article_id: str | None
    jaccard: float
    containment: float
    probability: float = Field(
        description="That this article and the one it was matched with are one story, as an editor would say."
    )
    confidence: float = Field(
        description="That an editor would agree on whether the two are one story: `probability` where they"
        " were joined, else what it lacks of 1."
    )
    rule: str
    reasons: list[str]
    profile: str
    policy: str
    furniture: str

    @classmethod
    def of(cls, row: DecisionRow) -> Self:
        """The decision as answered."""
        return cls(
            relation=row.relation,
            revision_kind=row.revision_kind,
            matched_article_id=row.matched_id,
            jaccard=round(row.jaccard, 4),
            containment=round(row.containment, 4),
            probability=round(row.probability, 4),
            confidence=round(row.probability if row.relation.joins else 1 - row.probability, 4),
            rule=row.rule,
            reasons=list(row.reasons),
            profile=row.profile,
            policy=row.policy,
            furniture=row.furniture,
        )


class RelatedOut(BaseModel):
    """Another story that shares text or form."""

    canonical_id: str
    relation: Relation
    containment: float

    @classmethod
    def of(cls, related: Related) -> Self:
        """The related story as answered."""
        return cls(
            canonical_id=related.canonical_id,
            relation=related.relation,
            containment=round(related.containment, 4),
        )


class ArticleAnswer(BaseModel):
    """What a submission is answered with."""

    model_config = ConfigDict(json_schema_extra={"examples": [_ANSWER]})

    article_id: str
    version: int
    canonical_id: str
    is_canonical: bool
    decision: DecisionOut
    related: list[RelatedOut]
    repeats: list[RepeatOut]
    agency: str | None
    dateline: DatelineOut | None

    @classmethod
    def of(cls, result: Ingested) -> Self:
        """The answer to a submission that was taken in."""
        return cls(**_members(result))


class CheckAnswer(BaseModel):
    """What a submission would be answered with. IDs of what is not stored are null."""

    article_id: str | None
    version: int
    canonical_id: str | None
    is_canonical: bool
    decision: DecisionOut
    related: list[RelatedOut]
    repeats: list[RepeatOut]
    agency: str | None
    dateline: DatelineOut | None
    text: str = Field(description="What offsets count into: `text` as sent, or as taken from `html`.")

    @classmethod
    def of(cls, result: Ingested) -> Self:
        """The answer to a check."""
        members = _members(result)
        members["article_id"] = result.article_id or None
        members["canonical_id"] = result.canonical_id or None
        return cls(**members, text=result.text)


def dateline_of(place: str | None, date: str | None) -> DatelineOut | None:
    """A dateline, where there is any of it."""
    return DatelineOut(place=place, date=date) if place or date else None


def _members(result: Ingested) -> dict[str, object]:
    return {
        "article_id": result.article_id,
        "version": result.version,
        "canonical_id": result.canonical_id,
        "is_canonical": result.is_canonical,
        "decision": DecisionOut.of(result.decision),
        "related": [RelatedOut.of(each) for each in result.decision.related],
        "repeats": [RepeatOut.of(each) for each in result.repeats],
        "agency": result.agency,
        "dateline": dateline_of(result.dateline_place, result.dateline_date),
    }


class RelationOut(BaseModel):
    """How an article and its story's canonical version compare now, where the two were compared."""

    relation: Relation
    revision_kind: RevisionKind | None
    jaccard: float
    containment: float


class VersionSummary(BaseModel):
    """One version of an article."""

    version: int
    is_current: bool
    received_at: datetime
    published_at: datetime | None
    updated_at: datetime | None
    declared: str | None = Field(description="The publisher's own version label.")
    status: Status
    embargoed_until: datetime | None
    title: str


class ReceivedOut(BaseModel):
    """What a version came as; `GET /v1/articles/{id}/versions/{n}/received` answers its bytes."""

    format: str
    media_type: str
    bytes: int
    sha256: str


class VersionOut(VersionSummary):
    """One version with its page."""

    article_id: str
    source: str
    external_id: str | None
    language: str | None
    agency: str | None
    byline: str | None
    dateline: DatelineOut | None
    provenance: str | None
    word_count: int
    text: str = Field(description="As received, or as taken from `html`: what offsets count into.")
    clean_text: str = Field(description="`text` without the `removed` spans.")
    passages: list[PassageOut]
    repeats: list[RepeatOut]
    removed: list[SpanOut]
    decision: DecisionOut
    related: list[RelatedOut]
    received: ReceivedOut
    submission: JsonValue = Field(
        default=None,
        description="The submission in our words: as received, where it came as JSON.",
    )


class AsOfOut(BaseModel):
    """The time that an answer is about."""

    position: int = Field(description="In the change feed: entries up to this one count.")
    at: datetime | None = Field(description="When that entry was written.")


class ArticleOut(VersionOut):
    """An article: its current version, and where it is now."""

    canonical_id: str
    is_canonical: bool
    relation: RelationOut | None
    withdrawn_by: str | None = Field(
        default=None, description="The notice of its source, an article of its own, that takes it back."
    )
    created_at: datetime
    versions: list[VersionSummary]
    as_of: AsOfOut | None = Field(default=None, description="Null where the answer is about now.")
