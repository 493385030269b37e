"""What came of a person's order, links and the log, as they are answered."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Self

from pydantic import BaseModel, Field, JsonValue

from app.api.rendering import entity_tag, to_json
from app.api.schemas.canonical import CanonicalOut
from app.api.schemas.views import canonical_out
from app.model import LinkKind
from app.services.acting import Action, Curated
from app.services.auditing import Entry
from app.services.linked import LinkView
from app.services.views import StoryPage


class LinkOut(BaseModel):
    """What a person said of articles."""

    link_id: str = Field(description="Empty where it was only rehearsed.")
    kind: LinkKind
    sides: list[list[str]] = Field(
        description="Article IDs. Of a must all are one story; of a cannot those on different sides are not."
    )
    by: str
    why: str
    since: int = Field(description="Position of the change feed from which it counts …")
    until: int | None = Field(description="… and from which it counts no more.")
    audit_id: str | None

    @classmethod
    def of(cls, view: LinkView) -> Self:
        """The link as answered."""
        row = view.row
        return cls(
            link_id=row.id,
            kind=row.kind,
            sides=[list(side) for side in view.sides],
            by=row.by,
            why=row.why,
            since=row.since,
            until=row.until,
            audit_id=row.audit,
        )


class LinkPage(BaseModel):
    """Some links, the latest first."""

    links: list[LinkOut]
    next: str | None


class CuratedCanonicalOut(CanonicalOut):
    """A story as it is now. One that a rehearsal founds has no ID yet."""

    etag: str = Field(description="For If-Match of the next change.")

    @classmethod
    def at(cls, page: StoryPage) -> Self:
        """The story as answered."""
        out = canonical_out(page)
        return cls(**dict(out), etag=entity_tag(to_json(out), page.state))


class CurationOut(BaseModel):
    """What came of an order."""

    audit_id: str | None = Field(description="Its entry in the log; null where it was only rehearsed.")
    dry_run: bool
    action: Action
    canonicals: list[CuratedCanonicalOut] = Field(description="The stories it was about as they are now.")
    links_added: list[LinkOut]
    links_ended: list[LinkOut]
    left: list[str] = Field(description="What could not be done, and why.")

    @classmethod
    def of(cls, curated: Curated) -> Self:
        """The outcome as answered."""
        return cls(
            audit_id=curated.audit_id or None,
            dry_run=not curated.audit_id,
            action=curated.action,
            canonicals=[CuratedCanonicalOut.at(page) for page in curated.stories],
            links_added=[LinkOut.of(each) for each in curated.added],
            links_ended=[LinkOut.of(each) for each in curated.ended],
            left=list(curated.left),
        )


class ChosenName(BaseModel):
    """A version that spoke for a story."""

    article_id: str
    version: int


class AuditStory(BaseModel):
    """A story with all its articles, at one time."""

    canonical_id: str
    canonical: ChosenName | None
    pinned: str | None = Field(description="The article that was pinned.")
    articles: list[str]


class AuditOut(BaseModel):
    """One thing that a person did."""

    audit_id: str
    position: int = Field(description="Of its `curation.applied` in the change feed.")
    at: datetime
    by: str
    action: Action
    why: str
    asked: dict[str, JsonValue]
    undoes: str | None
    undone_by: str | None
    links_added: list[str]
    links_ended: list[str]
    left: list[str]
    before: list[AuditStory]
    after: list[AuditStory]

    @classmethod
    def of(cls, entry: Entry) -> Self:
        """The entry as answered."""
        row = entry.row
        return cls(
            audit_id=row.id,
            position=row.position,
            at=row.at,
            by=row.by,
            action=Action(row.action),
            why=row.why,
            asked=dict(row.asked),
            undoes=row.undoes,
            undone_by=entry.undone_by,
            links_added=row.did["links_added"],
            links_ended=row.did["links_ended"],
            left=row.did["left"],
            before=_stories(row.before),
            after=_stories(row.after),
        )


class AuditPage(BaseModel):
    """Some of the log, the latest first."""

    entries: list[AuditOut]
    next: str | None


def _stories(told: Sequence[Mapping[str, Any]]) -> list[AuditStory]:
    return [AuditStory(**each) for each in told]
