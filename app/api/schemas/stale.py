"""Stale copies as they are answered, and a person's word on one."""

from datetime import datetime
from typing import Self

from pydantic import BaseModel, Field

from app.api.schemas.article import SpanOut
from app.dedup.differences import DifferenceKind
from app.errors import InvalidValue, MissingField, WrongType
from app.parsing.json_text import read_json
from app.services.stale_list import Passage, StaleSide, StaleView
from app.store.stale_copies import Outcome, StaleReason, StaleState

MOST_WHY = 1_000


class StalePassageOut(BaseModel):
    """Where a copy says what was corrected. Spans count its text as received."""

    kind: DifferenceKind
    span: SpanOut = Field(description="Of the sentence.")
    text: str = Field(description="The sentence as the copy prints it.")
    old_span: SpanOut | None
    old: str = Field(description='What it says; empty where a "not" is missing.')
    new: str = Field(description='What it should say; empty where a "not" is too much.')

    @classmethod
    def of(cls, passage: Passage) -> Self:
        """The passage as answered."""
        return cls(
            kind=passage.kind,
            span=SpanOut.of(passage.span),
            text=passage.text,
            old_span=None if passage.old_span is None else SpanOut.of(passage.old_span),
            old=passage.old,
            new=passage.new,
        )


class StaleSideOut(BaseModel):
    """A version: the copy, or what corrects or withdraws it."""

    article_id: str
    version: int
    source: str
    url: str | None
    title: str
    received_at: datetime

    @classmethod
    def of(cls, side: StaleSide) -> Self:
        """The version as answered."""
        return cls(
            article_id=side.article_id,
            version=side.version.number,
            source=side.source,
            url=side.url,
            title=side.version.title,
            received_at=side.version.received_at,
        )


class StaleOut(BaseModel):
    """A copy that still says what its origin corrected or withdrew."""

    id: str
    position: int = Field(description="Of its `copy.stale` in the change feed.")
    at: datetime = Field(description="Since when it is known to be stale.")
    state: StaleState
    reason: StaleReason = Field(description="By a `withdrawal` the copy is stale as a whole.")
    canonical_id: str = Field(description="Of the story that the copy is in now.")
    copied: StaleSideOut = Field(description="The version that is stale.")
    correction: StaleSideOut | None = Field(
        description="What corrects or withdraws it; null where the key may not see what withdraws it."
    )
    passages: list[StalePassageOut]
    outcome: Outcome | None = Field(description="Why it is stale no more.")
    closed_at: datetime | None
    by: str | None = Field(description="Who dismissed it.")
    why: str | None

    @classmethod
    def of(cls, view: StaleView) -> Self:
        """The entry as answered."""
        row = view.row
        return cls(
            id=row.id,
            position=row.position,
            at=row.at,
            state=row.state,
            reason=row.reason,
            canonical_id=view.canonical_id,
            copied=StaleSideOut.of(view.copy),
            correction=None if view.correction is None else StaleSideOut.of(view.correction),
            passages=[StalePassageOut.of(each) for each in view.passages],
            outcome=row.outcome,
            closed_at=row.closed_at,
            by=row.by,
            why=row.why,
        )


class StalePage(BaseModel):
    """Some of the list, the latest first."""

    stale: list[StaleOut]
    next: str | None


class DismissalIn(BaseModel):
    """Why a stale copy may stay as it is."""

    why: str = Field(min_length=1, max_length=MOST_WHY)


def read_dismissal(raw: bytes) -> DismissalIn:
    """The reason in a body's bytes."""
    sent = read_json(raw)
    if not isinstance(sent, dict):
        raise WrongType("A dismissal is a JSON object.", fix='Send {"why": "…"}.')
    for name in sent.keys() - {"why"}:
        raise InvalidValue(f"There is no field {name[:100]}.", field=name[:100], fix="Send why.")
    why = sent.get("why")
    if why is None:
        raise MissingField("why is missing.", field="why", fix="Send why as text.")
    if not isinstance(why, str):
        raise WrongType("why is no text.", field="why", fix="Send why as text.")
    if not why.strip() or len(why) > MOST_WHY:
        raise InvalidValue("why is blank or too long.", field="why", fix=f"Send 1 to {MOST_WHY} characters.")
    return DismissalIn(why=why)
