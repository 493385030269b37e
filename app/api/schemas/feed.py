"""The change feed, batches and the states of the service as they are answered."""

from datetime import datetime
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from app.api.schemas.article import ArticleAnswer
from app.errors import NoArticle
from app.events import EventType


class ChangeOut(BaseModel):
    """One entry. What else it carries depends on its type (docs/api.md)."""

    model_config = ConfigDict(extra="allow")

    position: int
    type: EventType | str
    at: datetime


class ChangePage(BaseModel):
    """Entries in order, without gaps. `next` is the cursor to go on with, also where nothing is new."""

    changes: list[ChangeOut]
    next: str


class CloudEventOut(BaseModel):
    """An entry as a CloudEvent 1.0. `data` is what it carries."""

    specversion: Literal["1.0"]
    id: str
    source: str
    type: str
    time: datetime
    subject: str | None = None
    datacontenttype: Literal["application/json"]
    data: dict[str, JsonValue]


class ProblemOut(BaseModel):
    """A problem document (RFC 9457)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "/docs/errors.md#missing-field",
                    "title": "A field that must be there is missing",
                    "status": 422,
                    "detail": "source is missing.",
                    "code": "missing-field",
                    "field": "source",
                    "fix": "Send source.",
                    "request_id": "5f0c6d0e2b8c4f3c9d6d2f6a3a1b7e10",
                }
            ]
        }
    )

    type: str
    title: str
    status: int
    detail: str
    code: str
    fix: str
    field: str | None = None
    position: int | None = None
    links: list[str] | None = None
    kind: str | None = None
    request_id: str | None = None


class SkippedOut(BaseModel):
    """Why nothing was taken in of a valid document: it holds no article."""

    code: str = Field(description="`no-article`.")
    detail: str

    @classmethod
    def of(cls, nothing: NoArticle) -> Self:
        """The reason as answered."""
        return cls(code=nothing.code, detail=nothing.detail)


class ItemResult(BaseModel):
    """The outcome for one item of a batch: `article`, `skipped` or `problem`."""

    status: int
    article: ArticleAnswer | None = None
    skipped: SkippedOut | None = None
    problem: ProblemOut | None = None


class BatchAnswer(BaseModel):
    """The outcomes of a batch, in order. One more where the stream itself broke: its problem."""

    results: list[ItemResult]


class Health(BaseModel):
    """Whether the process answers."""

    status: Literal["ok"]


class Readiness(BaseModel):
    """Whether requests can be served."""

    status: Literal["ready"]
    schema_revision: str
    settled_position: int
    """Everything that follows from changes up to this position of the feed has been done."""
