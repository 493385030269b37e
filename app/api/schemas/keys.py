"""API keys and the log of administration, as they are sent and answered."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from app.api.access import Scope
from app.errors import InvalidValue, MissingField, WrongType
from app.parsing.dates import read_moment
from app.parsing.json_text import read_json
from app.services.keys import Terms
from app.store.administration import AdministrationRow
from app.store.api_keys import ApiKeyRow

_Count = Annotated[int, Field(ge=0, le=1_000_000_000)]


class KeyIn(BaseModel):
    """What a key is to allow."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=2_000, description="Whose key it is; to recognise it by.")
    scopes: list[Scope] = Field(min_length=1)
    sources: Annotated[list[str], Field(min_length=1, max_length=100)] | None = Field(
        default=None, description="What it is bound to: exact names, or `*.host` for all that end in `.host`."
    )
    expires_at: datetime | None = None
    requests_per_minute: _Count | None = Field(default=None, description="0 is no limit.")
    articles_per_day: _Count | None = Field(default=None, description="0 is no limit.")


class RotationIn(BaseModel):
    """How a secret is replaced."""

    model_config = ConfigDict(extra="forbid")

    overlap_hours: Annotated[float, Field(ge=0, le=720)] = Field(
        default=24, description="How long the secret before is accepted as well."
    )


class KeyOut(BaseModel):
    """A key, without its secret."""

    id: str
    name: str
    scopes: list[str]
    sources: list[str] | None
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None = Field(description="To the hour.")
    previous_until: datetime | None = Field(description="Until when the secret before is accepted.")
    revoked_at: datetime | None
    requests_per_minute: int | None
    articles_per_day: int | None

    @classmethod
    def of(cls, row: ApiKeyRow) -> Self:
        """The row as answered."""
        return cls(**_members(row))


class NewKeyOut(KeyOut):
    """A key with its secret, which is not stored and cannot be told again."""

    key: str

    @classmethod
    def with_secret(cls, row: ApiKeyRow, secret: str) -> Self:
        """The row as answered, once."""
        return cls(**_members(row), key=secret)


class KeyList(BaseModel):
    """All keys, oldest first."""

    keys: list[KeyOut]

    @classmethod
    def of(cls, rows: Sequence[ApiKeyRow]) -> Self:
        """The rows as answered."""
        return cls(keys=[KeyOut.of(row) for row in rows])


class AdministrationOut(BaseModel):
    """One thing that an administrator did."""

    id: str
    at: datetime
    by: str
    action: str
    subject: str
    why: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


class AdministrationPage(BaseModel):
    """Entries of the log, the latest first."""

    entries: list[AdministrationOut]
    next: str | None

    @classmethod
    def of(cls, rows: Sequence[AdministrationRow], *, more: str | None) -> Self:
        """The rows as answered."""
        entries = [
            AdministrationOut(
                id=row.id,
                at=row.at,
                by=row.by,
                action=row.action,
                subject=row.subject,
                why=row.why,
                before=None if row.before is None else dict(row.before),
                after=None if row.after is None else dict(row.after),
            )
            for row in rows
        ]
        return cls(entries=entries, next=more)


def read_key(raw: bytes) -> Terms:
    """The terms in a body's bytes."""
    sent = read_object(raw, set(KeyIn.model_fields))
    for field in ("name", "scopes"):
        if sent.get(field) is None:
            raise MissingField(f"{field} is missing.", field=field, fix=f"Send {field}.")
    scopes = _texts(sent["scopes"], "scopes")
    for each in scopes:
        if each not in set(Scope):
            fix = f"Name some of {', '.join(Scope)}."
            raise InvalidValue(f"There is no scope {each[:100]!a}.", field="scopes", fix=fix)
    sources = sent.get("sources")
    ends = sent.get("expires_at")
    return Terms(
        name=_text(sent["name"], "name"),
        scopes=scopes,
        sources=None if sources is None else _texts(sources, "sources"),
        expires_at=None if ends is None else _moment(_text(ends, "expires_at")),
        requests_per_minute=_count(sent, "requests_per_minute"),
        articles_per_day=_count(sent, "articles_per_day"),
    )


def read_overlap_hours(raw: bytes) -> float:
    """How long the secret before is to be accepted, of a body's bytes; an empty body is 24 hours."""
    sent = read_object(raw, set(RotationIn.model_fields)) if raw.strip() else {}
    hours = sent.get("overlap_hours", RotationIn.model_fields["overlap_hours"].default)
    if isinstance(hours, bool) or not isinstance(hours, int | float):
        raise WrongType("overlap_hours is no number.", field="overlap_hours", fix="Send hours, 0 to 720.")
    if not 0 <= hours <= 720:
        raise InvalidValue("overlap_hours is out of bounds.", field="overlap_hours", fix="Send 0 to 720.")
    return float(hours)


def read_object(raw: bytes, fields: Collection[str]) -> dict[str, JsonValue]:
    """A JSON object that has none but these members."""
    sent = read_json(raw)
    names = ", ".join(sorted(fields))
    if not isinstance(sent, dict):
        raise WrongType("The body is no JSON object.", fix=f"Send an object with some of {names}.")
    for name in sent.keys() - set(fields):
        raise InvalidValue(f"There is no field {name[:100]!a}.", field=name[:100], fix=f"Send {names}.")
    return sent


def _members(row: ApiKeyRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "scopes": list(row.scopes),
        "sources": None if row.sources is None else list(row.sources),
        "created_at": row.created_at,
        "expires_at": row.expires_at,
        "last_used_at": row.last_used_at,
        "previous_until": row.previous_until,
        "revoked_at": row.revoked_at,
        "requests_per_minute": row.requests_per_minute,
        "articles_per_day": row.articles_per_day,
    }


def _moment(text: str) -> datetime:
    moment = read_moment(text, field="expires_at")
    if moment is None:
        raise InvalidValue(
            "expires_at is out of bounds.",
            field="expires_at",
            fix="Send a date of ISO 8601, or leave it out: then the key does not expire.",
        )
    return moment


def _text(value: JsonValue, field: str) -> str:
    if not isinstance(value, str):
        raise WrongType(f"{field} is no text.", field=field, fix=f"Send {field} as text.")
    return value


def _texts(value: JsonValue, field: str) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise WrongType(f"{field} is no list.", field=field, fix=f"Send {field} as a list of texts.")
    return tuple(dict.fromkeys(_text(each, field) for each in value))


def _count(sent: dict[str, JsonValue], field: str) -> int | None:
    value = sent.get(field)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        raise WrongType(
            f"{field} is no whole number.", field=field, fix="Send a whole number; 0 is no limit."
        )
    return value
