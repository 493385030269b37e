"""Canonicals as they are answered."""

from datetime import datetime

from pydantic import BaseModel, Field

from app.api.schemas.article import AsOfOut, RelationOut
from app.model import Status
from app.store.stale_copies import StaleReason


class MemberOut(BaseModel):
    """An article of a story."""

    article_id: str
    version: int
    source: str
    external_id: str | None
    title: str
    url: str | None
    language: str | None
    agency: str | None
    status: Status
    published_at: datetime | None
    received_at: datetime
    is_canonical: bool
    relation: RelationOut | None
    withdrawn_by: str | None = Field(
        default=None, description="The notice of its source, an article of its own, that takes it back."
    )


class MemberPage(BaseModel):
    """Some of a story's members, in order of arrival."""

    members: list[MemberOut]
    next: str | None
    as_of: AsOfOut | None = Field(default=None, description="Null where the answer is about now.")


class ChosenOut(BaseModel):
    """The version that speaks for a story."""

    article_id: str
    version: int
    source: str
    title: str
    url: str | None
    language: str | None
    agency: str | None
    status: Status
    published_at: datetime | None


class CanonicalSummary(BaseModel):
    """A story, without its members."""

    canonical_id: str
    canonical: ChosenOut | None = Field(description="Null where nothing of the story may be printed.")
    withdrawn: bool = Field(description="Whether all of the story was taken back, or is kept back.")
    member_count: int
    first_seen: datetime
    last_seen: datetime


class PinOut(BaseModel):
    """What a person wants to speak for a story. What is withheld or withdrawn does not, pinned or not."""

    article_id: str
    version: int | None = Field(description="Null where whatever version the article has may speak.")
    by: str
    why: str


class StaleNoteOut(BaseModel):
    """What is open of the version that speaks."""

    id: str = Field(description="Of its entry: `GET /v1/stale/{stale_id}`.")
    reason: StaleReason


class CanonicalOut(CanonicalSummary):
    """A story with the first page of its members."""

    source_count: int
    pinned: PinOut | None = Field(default=None, description="Not told of the past.")
    stale: StaleNoteOut | None = Field(
        default=None,
        description="Where what speaks still says what its origin corrected or took back; not for the past.",
    )
    members: list[MemberOut]
    next: str | None
    as_of: AsOfOut | None = Field(default=None, description="Null where the answer is about now.")


class CanonicalList(BaseModel):
    """Some stories, the last founded first."""

    canonicals: list[CanonicalSummary]
    next: str | None
