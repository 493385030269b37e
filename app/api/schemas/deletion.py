"""Deleted articles and the retention of sources, as they are sent and answered."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field

from app.api.schemas.keys import read_object
from app.errors import InvalidValue, MissingField, WrongType
from app.services.deleting import Deleted
from app.services.retaining import LONGEST_DAYS, Retention


class DeletedOut(BaseModel):
    """An article whose text was deleted."""

    article_id: str
    canonical_id: str | None = Field(
        description="Where the ID of its story leads now; null where it was the last of it."
    )
    versions: int = Field(description="How many were deleted.")
    deleted_at: datetime

    @classmethod
    def of(cls, told: Deleted) -> Self:
        """As answered."""
        return cls(
            article_id=told.article_id,
            canonical_id=told.canonical_id,
            versions=told.versions,
            deleted_at=told.at,
        )


class RetentionIn(BaseModel):
    """How long the texts of a source are kept."""

    model_config = ConfigDict(extra="forbid")

    days: Annotated[int, Field(ge=0, le=LONGEST_DAYS)] | None = Field(
        description="Days since an article's last version came; 0 is for ever, null follows the setting."
    )
    why: str = Field(default="", max_length=2_000, description="The reason, for the log.")


class RetentionOut(BaseModel):
    """How long the texts of a source are kept."""

    source: str
    days: int | None = Field(description="Of the source itself; null where the setting holds.")
    kept_days: int = Field(description="What holds: days, 0 for ever.")

    @classmethod
    def of(cls, told: Retention) -> Self:
        """As answered."""
        return cls(source=told.source, days=told.days, kept_days=told.kept_days)


def read_retention(raw: bytes) -> tuple[int | None, str]:
    """The days and the reason in a body's bytes."""
    sent = read_object(raw, set(RetentionIn.model_fields))
    if "days" not in sent:
        raise MissingField("days is missing.", field="days", fix="Send days, or null.")
    days, why = sent["days"], sent.get("why", "")
    if days is not None and (isinstance(days, bool) or not isinstance(days, int)):
        raise WrongType("days is no whole number.", field="days", fix="Send whole days, or null.")
    if days is not None and not 0 <= days <= LONGEST_DAYS:
        raise InvalidValue("days is out of bounds.", field="days", fix=f"Send 0 to {LONGEST_DAYS}.")
    if not isinstance(why, str) or len(why) > 2_000:
        raise WrongType("why is no text of up to 2000 characters.", field="why", fix="Send text.")
    return days, why
