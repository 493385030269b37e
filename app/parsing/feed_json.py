"""JSON Feed 1.0 and 1.1 (jsonfeed.org): a document to a FeedDocument, each item with its own bytes."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from app.errors import BadDate, MalformedJson, NotAFeed
from app.parsing.dates import read_moment
from app.parsing.feed_elements import join
from app.parsing.feed_entries import FeedDocument, FeedEntry, Flavour, check_count
from app.parsing.feed_markup import one_line, plain_as_markup
from app.parsing.json_text import JsonValue, read_json
from app.parsing.urls import normalise

_VERSION = "jsonfeed.org/version/"
_READ_NAMES = (
    "id url title content_html content_text summary date_published date_modified author authors tags language"
)
_READ = frozenset(_READ_NAMES.split())
_SPACE = " \t\r\n"


def read_json_feed(data: bytes, *, address: str | None) -> FeedDocument:
    """The feed in JSON. Raises MalformedJson and NotAFeed."""
    feed = read_json(data)
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(feed, dict) or not isinstance(items, list):
        raise NotAFeed("The JSON is not a JSON Feed: it has no list of items.", field="items")
    if _VERSION not in _text(feed, "version"):
        raise NotAFeed(
            "The JSON is not a JSON Feed: its version does not name jsonfeed.org.",
            field="version",
            fix='Send "version": "https://jsonfeed.org/version/1.1", or articles as application/json.',
        )
    check_count(len(items))
    home = _text(feed, "home_page_url")
    base = address or _text(feed, "feed_url") or home or None
    authors, language = _byline(feed), _text(feed, "language") or None
    raws = list(_pieces(data.decode("utf-8-sig")))
    flaws: list[str] = []
    entries = []
    for item, raw in zip(items, raws, strict=True):
        if isinstance(item, dict):
            own = _entry(item, raw, base)
            entries.append(replace(own, byline=own.byline or authors, language=own.language or language))
        else:
            flaws.append("An item is not an object and was passed over.")
    return FeedDocument(
        flavour=Flavour.JSON_FEED,
        entries=tuple(entries),
        title=one_line(_text(feed, "title")),
        language=language,
        hub=_hub(feed),
        self_url=_text(feed, "feed_url") or None,
        home_url=join(base, home) if home else None,
        flaws=tuple(dict.fromkeys(flaws)),
    )


def _entry(item: Mapping[str, JsonValue], raw: bytes, base: str | None) -> FeedEntry:
    metadata = {name: value for name, value in item.items() if name not in _READ}
    url = _text(item, "url")
    absolute = join(base, url) if url else ""
    if url and not normalise(absolute):
        metadata["url"] = url
    content = _text(item, "content_html") or plain_as_markup(_text(item, "content_text"))
    summary = _text(item, "summary")
    guid = _text(item, "id")
    return FeedEntry(
        raw=raw,
        flavour=Flavour.JSON_FEED,
        guid=guid or None,
        is_permalink=bool(guid) and guid == url,
        url=absolute if normalise(absolute) else None,
        title=one_line(_text(item, "title")),
        summary_html=plain_as_markup(summary) or None,
        content_html=content or None,
        published_at=_date(item, "date_published", metadata),
        updated_at=_date(item, "date_modified", metadata),
        byline=_byline(item),
        categories=_tags(item),
        language=_text(item, "language") or None,
        metadata=metadata,
    )


def _text(of: Mapping[str, JsonValue], name: str) -> str:
    """A string; version 1.0 let IDs be numbers, and feeds write them as such."""
    value = of.get(name)
    if isinstance(value, str):
        return value.strip()
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def _byline(of: Mapping[str, JsonValue]) -> str | None:
    """1.1 has ``authors``, 1.0 had ``author``."""
    several = of.get("authors")
    found = several if isinstance(several, list) and several else [of.get("author")]
    names = [one_line(_text(each, "name")) if isinstance(each, dict) else "" for each in found]
    return ", ".join(dict.fromkeys(name for name in names if name))[:2000] or None


def _tags(item: Mapping[str, JsonValue]) -> tuple[str, ...]:
    tags = item.get("tags")
    said = [one_line(tag)[:500] for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []
    return tuple(dict.fromkeys(tag for tag in said if tag))[:200]


def _date(item: Mapping[str, JsonValue], name: str, metadata: dict[str, JsonValue]) -> datetime | None:
    text = _text(item, name)
    try:
        return read_moment(text, field=name)
    except BadDate:
        metadata[name] = text
        return None


def _hub(feed: Mapping[str, JsonValue]) -> str | None:
    hubs = feed.get("hubs")
    for hub in hubs if isinstance(hubs, list) else []:
        if isinstance(hub, dict) and _text(hub, "type").lower() == "websub" and _text(hub, "url"):
            return _text(hub, "url")
    return None


def _pieces(text: str) -> Iterator[bytes]:
    """The bytes of each member of ``items``; ``text`` is known to be a JSON object that has them."""
    decoder = json.JSONDecoder()
    at = _after(text, 0, "{")
    while True:
        name, at = decoder.raw_decode(text, _skip(text, at))
        at = _skip(text, _after(text, at, ":"))
        if name == "items":
            break
        _, at = decoder.raw_decode(text, at)
        at = _after(text, at, ",")
    at = _skip(text, _after(text, at, "["))
    while text[at] != "]":
        _, end = decoder.raw_decode(text, at)
        yield text[at:end].encode()
        at = _skip(text, end)
        at = _skip(text, at + 1) if text[at] == "," else at


def _after(text: str, at: int, mark: str) -> int:
    at = _skip(text, at)
    if text[at] != mark:
        raise MalformedJson(f"Expected {mark!r}", position=len(text[:at].encode()))
    return at + 1


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in _SPACE:
        at += 1
    return at
