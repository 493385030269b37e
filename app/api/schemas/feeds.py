"""Feeds that are pulled, as they are sent and answered."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from app.api.problems import problem_of
from app.api.schemas.feed import ProblemOut
from app.errors import InvalidValue, MissingField, WirefoldError, WrongType
from app.model import Ingested
from app.parsing.json_text import read_json
from app.services.feeds import LEAST_EVERY_S, LONGEST_NAME, LONGEST_URL, MOST_EVERY_S, Wish
from app.services.trying import Trial, TriedEntry
from app.store.feeds import FeedRow

_IDENTITY = "`auto`, or some of guid, url, title, published, content joined by `+`: what tells entries apart."


class FeedIn(BaseModel):
    """A feed to pull. What is left out or null is as said by default."""

    model_config = ConfigDict(extra="forbid")

    url: str = Field(max_length=LONGEST_URL, description="RSS, RDF, Atom or JSON Feed.")
    source: str | None = Field(
        None, max_length=LONGEST_NAME, description="`source` of its articles; the host, by default."
    )
    title: str | None = Field(
        None, max_length=LONGEST_NAME, description="A name for people; the feed's, by default."
    )
    identity: str | None = Field(None, description=f"{_IDENTITY} By default `auto`.")
    fetch_page: bool | None = Field(
        None, description="Whether the page that an entry links to is the article. By default false."
    )
    every_s: int | None = Field(
        None,
        ge=LEAST_EVERY_S,
        le=MOST_EVERY_S,
        description="Seconds between two fetches; adaptive, by default.",
    )


class FeedErrorOut(BaseModel):
    """Why the last fetch came to nothing."""

    kind: str = Field(description="One of the kinds in docs/feeds.md.")
    detail: str
    at: datetime


class FeedOut(BaseModel):
    """A feed: what people decided, what is known of it, when it is due and how it went."""

    id: str
    url: str = Field(description="Where it is asked for now.")
    added_url: str = Field(description="Where it was when it was added.")
    source: str
    title: str
    paused: bool
    paused_why: str | None
    identity: str = Field(description=f"As chosen. {_IDENTITY}")
    identity_used: str = Field(description="What its entries are told apart by now …")
    identity_why: str = Field(description="… and why.")
    fetch_page: bool
    every_s: int | None
    created_at: datetime
    created_by: str
    revision: int = Field(description="How often people changed it; the ETag begins with it.")
    hub: str | None = Field(description="Its WebSub hub.")
    due_at: datetime
    interval_s: int
    interval_why: str = Field(description="What decided when it is due.")
    fetched_at: datetime | None = Field(description="When it was last asked for …")
    succeeded_at: datetime | None = Field(description="… and when that last went well.")
    status: int | None = Field(description="HTTP status of the last answer.")
    failures: int = Field(description="In a row.")
    error: FeedErrorOut | None
    fetches: int
    articles_new: int
    articles_updated: int
    entries_refused: int
    refusal: str | None = Field(description="Why the last of these was refused.")

    @classmethod
    def of(cls, row: FeedRow) -> Self:
        """The row as answered."""
        error = None
        if row.error_kind is not None and row.error_at is not None:
            error = FeedErrorOut(kind=row.error_kind, detail=row.error or "", at=row.error_at)
        names = cls.model_fields.keys() - {"error"}
        return cls(error=error, **{name: getattr(row, name) for name in names})


class FeedPage(BaseModel):
    """Feeds in the order in which they were added."""

    feeds: list[FeedOut]
    next: str | None = Field(description="Cursor of the next page.")


class ImportedOut(BaseModel):
    """What became of one feed of a list."""

    url: str
    feed: FeedOut | None = None
    problem: ProblemOut | None = None


class ImportOut(BaseModel):
    """What became of a list of feeds, in its order."""

    results: list[ImportedOut]


class TriedEntryOut(BaseModel):
    """An entry as it would be taken in."""

    guid: str | None
    url: str | None
    title: str
    published_at: datetime | None
    updated_at: datetime | None
    external_id: str | None = Field(description="The ID it would be known by; null: by its URL.")
    page: str | None = Field(description="Why its page could not be had: busy, failed, refused.")
    words: int | None = Field(description="Of its text.")
    relation: str | None = Field(description="What would be concluded of it.")
    matched_article_id: str | None
    problem: ProblemOut | None = Field(description="Why it would be refused.")

    @classmethod
    def of(cls, tried: TriedEntry) -> Self:
        """The entry as answered."""
        entry, answer = tried.entry, tried.answer
        taken = answer if isinstance(answer, Ingested) else None
        refused = answer if isinstance(answer, WirefoldError) else None
        return cls(
            guid=entry.guid,
            url=entry.url,
            title=entry.title,
            published_at=entry.published_at,
            updated_at=entry.updated_at,
            external_id=tried.external_id,
            page=tried.page,
            words=len(taken.text.split()) if taken else None,
            relation=taken.decision.relation if taken else None,
            matched_article_id=taken.decision.matched_id if taken else None,
            problem=ProblemOut.model_validate(problem_of(refused)) if refused else None,
        )


class TrialOut(BaseModel):
    """What a feed would bring. Nothing of it is stored."""

    url: str = Field(description="The address that answered, redirects followed.")
    moved_to: str | None = Field(description="Where the address has moved for good.")
    flavour: str
    title: str
    language: str | None
    hub: str | None
    ttl_s: int | None = Field(description="How long it asks to be left alone.")
    interval_s: int = Field(description="How often it would be asked …")
    interval_why: str = Field(description="… and why.")
    identity: str = Field(description="What its entries would be told apart by …")
    identity_why: str = Field(description="… and why.")
    flaws: list[str] = Field(description="What had to be mended or passed over to read it.")
    entry_count: int = Field(description="Entries in the document …")
    told_apart: int = Field(description="… and how many are left when each identity counts once.")
    entries: list[TriedEntryOut] = Field(description="The first ten.")

    @classmethod
    def of(cls, trial: Trial) -> Self:
        """The trial as answered."""
        document = trial.document
        return cls(
            url=trial.answer.url,
            moved_to=trial.answer.moved_to,
            flavour=document.flavour,
            title=document.title,
            language=document.language,
            hub=document.hub,
            ttl_s=document.ttl_s,
            interval_s=trial.interval.seconds,
            interval_why=trial.interval.why,
            identity="+".join(trial.choice.fields) or "auto",
            identity_why=trial.choice.why,
            flaws=list(document.flaws),
            entry_count=len(document.entries),
            told_apart=trial.told_apart,
            entries=[TriedEntryOut.of(each) for each in trial.entries],
        )


def read_feed_in(raw: bytes) -> Wish:
    """The feed in a body's bytes."""
    values = _values(raw)
    if values.get("url") is None:
        raise MissingField("url is missing.", field="url", fix="Send the feed's address.")
    return _wished(Wish(url=""), values)


def read_change(raw: bytes, before: Wish) -> Wish:
    """A feed's wish with what a body changes of it (RFC 7396: null takes back)."""
    values = _values(raw)
    if "url" in values and values["url"] is None:
        raise InvalidValue("A feed needs its url.", field="url", fix="Send an address, or leave it out.")
    return _wished(before, values)


def import_out(results: Sequence[tuple[str, FeedRow | WirefoldError]]) -> ImportOut:
    """What became of a list, as answered."""
    return ImportOut(
        results=[
            ImportedOut(url=url, problem=ProblemOut.model_validate(problem_of(each)))
            if isinstance(each, WirefoldError)
            else ImportedOut(url=url, feed=FeedOut.of(each))
            for url, each in results
        ]
    )


_TYPES: Mapping[str, type] = {
    "url": str,
    "source": str,
    "title": str,
    "identity": str,
    "fetch_page": bool,
    "every_s": int,
}
_SAYS = {str: "a string", bool: "true or false", int: "a whole number"}


def _values(raw: bytes) -> dict[str, JsonValue]:
    sent = read_json(raw)
    if not isinstance(sent, dict):
        raise WrongType("A feed is a JSON object.", fix="Send an object with url.")
    for name, value in sent.items():
        kind = _TYPES.get(name)
        if kind is None:
            known = ", ".join(_TYPES)
            raise InvalidValue(f"There is no field {name[:100]}.", field=name[:100], fix=f"Send {known}.")
        if value is not None and type(value) is not kind:
            fix = f"Send {_SAYS[kind]} or null."
            raise WrongType(f"{name} is not {_SAYS[kind]}.", field=name, fix=fix)
    return sent


def _wished(before: Wish, values: Mapping[str, JsonValue]) -> Wish:
    defaults = Wish(url="")
    said: dict[str, Any] = {
        name: getattr(defaults, name) if value is None else value for name, value in values.items()
    }
    return replace(before, **said)
