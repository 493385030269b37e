"""Canonicals as they are answered."""

from datetime import datetime

from pydantic import BaseModel

from app.api.schemas.article import RelationOut
from app.model import Status


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


class MemberPage(BaseModel):
    """Some of a story's members, in order of arrival."""

    members: list[MemberOut]
    next: str | None


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
    canonical: ChosenOut | None
    member_count: int
    first_seen: datetime
    last_seen: datetime


class CanonicalOut(CanonicalSummary):
    """A story with the first page of its members."""

    source_count: int
    members: list[MemberOut]
    next: str | None


class CanonicalList(BaseModel):
    """Some stories, the last founded first."""

    canonicals: list[CanonicalSummary]
    next: str | None
