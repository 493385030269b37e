"""Webhooks and their deliveries, as they are sent and answered."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from app.events import EventType
from app.net.signing import shown
from app.services.webhooks import DeliveryView, WebhookView
from app.store.deliveries import AttemptRow, DeliveryState
from app.store.webhooks import WebhookState

_Name = Annotated[str, Field(min_length=1, max_length=2_000)]
_Names = Annotated[list[_Name], Field(max_length=100)]
_Types = Annotated[list[EventType], Field(max_length=100)]
_MOST_OVERLAP_H = 24 * 30
_STRICT = ConfigDict(extra="forbid")


class WebhookIn(BaseModel):
    """An endpoint that is to be called. An empty list asks for everything of its kind."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "url": "https://desk.example/hooks/wirefold",
                    "types": ["story.corrected", "story.withdrawn"],
                    "languages": ["en"],
                }
            ]
        },
    )

    url: str = Field(max_length=8_192, description="https, without a user or a password.")
    description: str = Field(default="", max_length=2_000)
    types: _Types = []
    sources: _Names = []
    agencies: _Names = []
    languages: _Names = []
    unreleased: bool = Field(default=False, description="Hear of what is under embargo or withheld, too.")
    ordered: bool = Field(default=False, description="Send one after the other, in the feed's order.")
    state: Literal["enabled", "paused"] = "enabled"
    after: int | None = Field(
        default=None, ge=0, le=2**63 - 1, description="The position behind which it begins; null is the end."
    )


class WebhookChange(BaseModel):
    """What is to change of an endpoint. What is left out stays."""

    model_config = _STRICT

    url: str | None = Field(default=None, max_length=8_192)
    description: str | None = Field(default=None, max_length=2_000)
    types: _Types | None = None
    sources: _Names | None = None
    agencies: _Names | None = None
    languages: _Names | None = None
    unreleased: bool | None = None
    ordered: bool | None = None
    state: Literal["enabled", "paused"] | None = None


class RotationIn(BaseModel):
    """How long the secret before goes on to sign."""

    model_config = _STRICT

    overlap_hours: float = Field(default=24, ge=0, le=_MOST_OVERLAP_H)


class ReplayIn(BaseModel):
    """Which stretch of the feed is to be delivered again: by positions or by times, each end included."""

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        json_schema_extra={"examples": [{"since": "2026-03-03T09:00:00Z", "until": "2026-03-03T11:00:00Z"}]},
    )

    first: int | None = Field(default=None, alias="from", ge=1, le=2**63 - 1, description="A position.")
    last: int | None = Field(default=None, alias="to", ge=1, le=2**63 - 1, description="A position.")
    since: str | None = Field(default=None, max_length=64, description="ISO 8601.")
    until: str | None = Field(default=None, max_length=64, description="ISO 8601.")


class ReplayOut(BaseModel):
    """The stretch that is still to be delivered again."""

    after: int
    upto: int


class WebhookOut(BaseModel):
    """An endpoint as it is. Its secret is shown when it is made or rotated, and never again."""

    id: str
    url: str
    description: str
    types: list[str]
    sources: list[str]
    agencies: list[str]
    languages: list[str]
    unreleased: bool
    ordered: bool
    state: WebhookState
    reason: str | None = Field(description="Why it was disabled.")
    position: int = Field(description="How far into the feed its deliveries have been made.")
    waiting: int = Field(description="Deliveries that wait for their first or next attempt.")
    replay: ReplayOut | None
    failing_since: datetime | None
    old_secret_until: datetime | None
    created_at: datetime
    created_by: str

    @classmethod
    def of(cls, view: WebhookView) -> Self:
        """The endpoint as answered."""
        return cls(**_members(view))


class WebhookMade(WebhookOut):
    """An endpoint with the secret to verify by."""

    secret: str

    @classmethod
    def of(cls, view: WebhookView) -> Self:
        """The endpoint as answered this once."""
        return cls(**_members(view), secret=shown(view.row.secret))


class WebhookList(BaseModel):
    """Every endpoint, oldest first."""

    webhooks: list[WebhookOut]

    @classmethod
    def of(cls, views: Sequence[WebhookView]) -> Self:
        """The endpoints as answered."""
        return cls(webhooks=[WebhookOut.of(each) for each in views])


class AttemptOut(BaseModel):
    """How one attempt went: a `status` was answered, or `fault` says why none was."""

    number: int
    at: datetime
    duration_ms: int
    status: int | None
    fault: str | None
    answer: str = Field(description="The first 1,024 bytes that were answered, as UTF-8 where they are.")

    @classmethod
    def of(cls, row: AttemptRow) -> Self:
        """The attempt as answered."""
        return cls(
            number=row.number,
            at=row.at,
            duration_ms=row.ms,
            status=row.status,
            fault=row.fault,
            answer=row.answer.decode("utf-8", "replace"),
        )


class DeliveryOut(BaseModel):
    """What was or is to be sent to an endpoint, with every attempt."""

    id: str
    message_id: str = Field(description="The `webhook-id` it is sent with.")
    position: int | None = Field(description="Of the entry; null for a test.")
    type: str
    state: DeliveryState
    due_at: datetime | None = Field(description="When it is tried next.")
    created_at: datetime
    settled_at: datetime | None
    attempts: list[AttemptOut]

    @classmethod
    def of(cls, view: DeliveryView) -> Self:
        """The delivery as answered."""
        row = view.row
        return cls(
            id=str(row.key),
            message_id=row.message,
            position=row.position,
            type=row.type,
            state=row.state,
            due_at=row.due_at if row.state is DeliveryState.WAITING else None,
            created_at=row.created_at,
            settled_at=row.settled_at,
            attempts=[AttemptOut.of(each) for each in view.attempts],
        )


class DeliveryPage(BaseModel):
    """Deliveries to an endpoint, the last first."""

    deliveries: list[DeliveryOut]
    next: str | None


def _members(view: WebhookView) -> dict[str, object]:
    row = view.row
    pending = row.replay_after is not None and row.replay_upto is not None
    return {
        "id": row.id,
        "url": row.url,
        "description": row.description,
        "types": sorted(row.interest.types),
        "sources": sorted(row.interest.sources),
        "agencies": sorted(row.interest.agencies),
        "languages": sorted(row.interest.languages),
        "unreleased": row.unreleased,
        "ordered": row.ordered,
        "state": row.state,
        "reason": row.why,
        "position": row.cursor,
        "waiting": view.waiting,
        "replay": {"after": row.replay_after, "upto": row.replay_upto} if pending else None,
        "failing_since": row.failing_since,
        "old_secret_until": row.old_secret_until,
        "created_at": row.created_at,
        "created_by": row.created_by,
    }
