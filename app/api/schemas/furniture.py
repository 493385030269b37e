"""What is furniture of a source, as it is sent and answered."""

from collections.abc import Sequence
from datetime import datetime
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from app.errors import InvalidValue, MissingField, WrongType
from app.model import FurnitureRow, FurnitureState
from app.parsing.json_text import read_json

MOST_WHY = 2_000
"""Characters of a reason."""
_SHOWN = 2_000
"""Characters of a passage that are answered."""


class FurnitureIn(BaseModel):
    """A passage that is to count as furniture."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(description="One passage of 8 to 400 words, as the source's pages print it.")
    why: str = Field(max_length=MOST_WHY, description="The reason, for whoever reads it later.")


class FurnitureOut(BaseModel):
    """A passage that comes back under different stories of a source."""

    id: str
    state: FurnitureState = Field(description="Rejected ones mask nothing and are not learned again.")
    text: str = Field(description="As one page prints it; the first 2,000 characters.")
    words: int
    articles: list[str] = Field(description="Some articles that carry it.")
    version: int = Field(description="Version of all furniture since which it stands so.")
    at: datetime
    by: str
    why: str

    @classmethod
    def of(cls, row: FurnitureRow) -> Self:
        """The row as answered."""
        return cls(
            id=row.id,
            state=row.state,
            text=row.text[:_SHOWN],
            words=row.words,
            articles=list(row.pages),
            version=row.version,
            at=row.at,
            by=row.by,
            why=row.why,
        )


class FurnitureList(BaseModel):
    """All that is known of a source, oldest first."""

    source: str
    furniture: list[FurnitureOut]

    @classmethod
    def of(cls, source: str, rows: Sequence[FurnitureRow]) -> Self:
        """The rows as answered."""
        return cls(source=source, furniture=[FurnitureOut.of(row) for row in rows])


def read_furniture(raw: bytes) -> FurnitureIn:
    """The passage in a body's bytes."""
    sent = read_json(raw)
    if not isinstance(sent, dict):
        raise WrongType("A passage is a JSON object.", fix="Send an object with text and why.")
    for name in sent.keys() - {"text", "why"}:
        raise InvalidValue(f"There is no field {name[:100]}.", field=name[:100], fix="Send text and why.")
    text, why = (_text(sent, name) for name in ("text", "why"))
    if len(why) > MOST_WHY:
        raise InvalidValue("why is too long.", field="why", fix=f"Send at most {MOST_WHY} characters.")
    return FurnitureIn(text=text, why=why)


def _text(sent: dict[str, JsonValue], name: str) -> str:
    value = sent.get(name)
    if value is None:
        raise MissingField(f"{name} is missing.", field=name, fix=f"Send {name} as text.")
    if not isinstance(value, str):
        raise WrongType(f"{name} is no text.", field=name, fix=f"Send {name} as text.")
    if not value.strip():
        raise InvalidValue(f"{name} is blank.", field=name, fix=f"Send {name} as text.")
    return value
