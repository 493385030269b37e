"""The requests of the API and how their answers are read, without sending anything."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar
from urllib.parse import quote
from uuid import uuid4

import httpx

from wirefold_client.events import Event, event_of
from wirefold_client.models import (
    Answer,
    Article,
    Canonical,
    Checked,
    ItemOutcome,
    Member,
    Skipped,
    Story,
    Submission,
    encode,
)
from wirefold_client.problems import UnexpectedAnswer, problem_of
from wirefold_client.reading import read

T = TypeVar("T")

JSON = {"content-type": "application/json"}
NDJSON = {"content-type": "application/x-ndjson"}
PAGE = 500
ENTRIES = 1000

Sendable = Submission | Mapping[str, object]
Filter = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """One request, and how its answer is read. Every one of them may be sent again."""

    method: str
    path: str
    read: Callable[[httpx.Response], T]
    params: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes | None = None
    held_s: float = 0
    """How long the service may take its time, because it was asked to wait."""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A page of a list. ``next`` leads to the one behind it."""

    entries: tuple[T, ...]
    next: str | None
    ends: bool = False
    """There was nothing behind it yet."""
    of: str | None = None
    """The story that a page of members is of: another than the one asked for, where that was absorbed."""


def submit(article: Sendable, *, idempotency_key: str | None = None) -> Call[Answer]:
    """Send an article. Under a key, one of its own by default, the first answer is the answer for good."""
    return Call(
        "POST",
        "/v1/articles",
        _answer,
        headers=JSON | _key(idempotency_key),
        content=encode(article),
    )


def check(article: Sendable) -> Call[Checked]:
    """Ask what an article would be."""
    return Call(
        "POST", "/v1/check", lambda response: read(Checked, _json(response)), (), JSON, encode(article)
    )


def submit_lines(lines: Sequence[bytes]) -> Call[tuple[ItemOutcome, ...]]:
    """Send articles as NDJSON; an outcome each, in order, and one more where the stream broke."""
    return Call("POST", "/v1/articles/batch", _outcomes, (), NDJSON | _key(None), b"\n".join(lines))


def submit_document(
    document: bytes, media_type: str, fields: Mapping[str, str], *, idempotency_key: str | None = None
) -> Call[tuple[ItemOutcome, ...]]:
    """Send a document of another format, such as NewsML-G2, ninjs, RSS or a page."""
    headers = {"content-type": media_type} | _key(idempotency_key)
    return Call("POST", "/v1/articles", _outcomes, tuple(fields.items()), headers, document)


def article(article_id: str) -> Call[Article]:
    """Read an article."""
    return Call("GET", f"/v1/articles/{_part(article_id)}", lambda response: read(Article, _json(response)))


def canonical(canonical_id: str) -> Call[Canonical]:
    """Read a story; a story that absorbed it, where it was absorbed."""

    def told(response: httpx.Response) -> Canonical:
        return read(Canonical, _json(response), asked_for=canonical_id)

    return Call("GET", f"/v1/canonicals/{_part(canonical_id)}", told)


def members(canonical_id: str, cursor: str | None) -> Call[Page[Member]]:
    """Read a page of a story's articles. Of the survivor's first, where the story was absorbed meanwhile."""
    path = f"/v1/canonicals/{_part(canonical_id)}/members"

    def told(response: httpx.Response) -> Page[Member]:
        return replace(_page(response, "members", Member), of=response.request.url.path.split("/")[-2])

    return Call("GET", path, told, _paging(cursor, PAGE))


def stories(filters: Mapping[str, str], cursor: str | None) -> Call[Page[Story]]:
    """Look stories up, or list them."""
    params = (*filters.items(), *_paging(cursor, PAGE))
    return Call("GET", "/v1/canonicals", lambda response: _page(response, "canonicals", Story), params)


def changes(cursor: str, filters: Filter, *, wait_s: float) -> Call[Page[Event]]:
    """Read what happened behind a cursor; where nothing did, wait for it."""
    asked = tuple((name, value) for name, values in filters.items() for value in values)
    params = (("cursor", cursor), *asked, ("limit", str(ENTRIES)))
    waiting = (("wait", f"{wait_s:g}"),) if wait_s else ()
    return Call("GET", "/v1/changes", _changes, (*params, *waiting), held_s=wait_s)


def _answer(response: httpx.Response) -> Answer:
    return read(Answer, _json(response), replayed=response.status_code == 200)


def _outcomes(response: httpx.Response) -> tuple[ItemOutcome, ...]:
    told = _json(response)
    results = told.get("results")
    if results is None:
        return (_answer(response),)
    return tuple(_outcome(each) for each in _list(results))


def _outcome(result: object) -> ItemOutcome:
    if not isinstance(result, dict):
        raise UnexpectedAnswer("A result of the batch is no JSON object.")
    if isinstance(problem := result.get("problem"), dict):
        return problem_of({"status": result.get("status"), **problem})
    if isinstance(skipped := result.get("skipped"), dict):
        return read(Skipped, skipped)
    return read(Answer, result.get("article"), replayed=result.get("status") == 200)


def _page(response: httpx.Response, name: str, kind: type[T]) -> Page[T]:
    told = _json(response)
    following = told.get("next")
    entries = tuple(read(kind, each) for each in _list(told.get(name)))
    return Page(entries, following if isinstance(following, str) else None)


def _changes(response: httpx.Response) -> Page[Event]:
    told = _json(response)
    following = told.get("next")
    if not isinstance(following, str):
        raise UnexpectedAnswer("The change feed has no cursor to go on with.")
    events = tuple(event_of(each) for each in _list(told.get("changes")))
    return Page(events, following, ends="next" not in response.links)


def _json(response: httpx.Response) -> dict[str, object]:
    try:
        told = json.loads(response.content)
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise UnexpectedAnswer(f"{response.request.url} answered no JSON object: is that Wirefold?")
    return told


def _list(value: object) -> list[dict[str, object]]:
    if not isinstance(value, list):
        raise UnexpectedAnswer("A list is missing in the answer.")
    return value


def _paging(cursor: str | None, limit: int) -> tuple[tuple[str, str], ...]:
    return (("limit", str(limit)), *((("cursor", cursor),) if cursor else ()))


def _key(given: str | None) -> dict[str, str]:
    return {"idempotency-key": given or str(uuid4())}


def _part(name: str) -> str:
    return quote(name, safe="")
