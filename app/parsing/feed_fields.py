"""What the elements of a feed's entry say: title, dates, people, links, origin, each of many spellings."""

import base64
import binascii
import re
from collections.abc import Iterable
from datetime import datetime

from app.errors import BadDate
from app.parsing.dates import read_moment
from app.parsing.feed_elements import (
    ByName,
    Element,
    as_json,
    base_of,
    children,
    first_text,
    inner_markup,
    join,
    text_of,
)
from app.parsing.feed_markup import as_markup, as_plain, one_line, plain_as_markup
from app.parsing.json_text import JsonValue
from app.parsing.urls import normalise

AUTHORS = ("author", "dc:creator", "atom:author", "itunes:author", "contributor", "dc:contributor")
_MAIL_AND_NAME = re.compile(r"^\S+@\S+\s*\((.+)\)$")
_MAIL = re.compile(r"^\S+@\S+$")


def title_of(by: ByName) -> str:
    """The first title that says anything, as plain text; empty where none does."""
    for name in ("title", "dc:title", "media:title"):
        for each in by.get(name, ()):
            if title := _plain(each):
                return title
    return ""


def _plain(element: Element) -> str:
    """The text of a title: what an Atom title of type text says is what it says, tags and all."""
    kind = (element.get("type") or "").lower()
    if kind == "xhtml" or len(element):
        return one_line(text_of(element))
    text = text_of(element)
    if kind == "text":
        return one_line(text)
    return as_plain(text)


def _markup(element: Element) -> str:
    kind = (element.get("type") or "").lower()
    if kind == "xhtml" or len(element):
        return inner_markup(element)
    text = text_of(element)
    if (element.get("mode") or "").lower() == "base64":
        text = _unpacked(text)
    if kind in {"text", "text/plain"} and element.get("mode") is None:
        return plain_as_markup(text)
    return as_markup(text) if kind not in {"html", "text/html"} else _as_html(text)


def _as_html(text: str) -> str:
    marked = as_markup(text)
    return marked if marked.strip() else text


def _unpacked(text: str) -> str:
    try:
        return base64.b64decode(text, validate=False).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""


def longest(by: ByName, names: Iterable[str]) -> str | None:
    """The fullest of several printings of one thing."""
    found = [_markup(each) for name in names for each in by.get(name, ())]
    return max(found, key=len, default="").strip() or None


def by_rel(links: Iterable[Element], outside: str | None) -> dict[str, list[str]]:
    """The addresses of links by what they are to the entry, pages before other media."""
    found: dict[str, list[str]] = {}
    preferred = sorted(links, key=lambda each: "html" not in (each.get("type") or "html"))
    for each in preferred:
        href = (each.get("href") or "").strip()
        if href:
            for rel in (each.get("rel") or "alternate").lower().split():
                found.setdefault(rel.removeprefix("http://www.iana.org/assignments/relation/"), []).append(
                    join(base_of(each, outside), href)
                )
    return found


def first_of(rels: dict[str, list[str]], rel: str) -> str | None:
    """The first address of a kind."""
    return next(iter(rels.get(rel, ())), None)


def address_of(by: ByName, rels: dict[str, list[str]], base: str | None) -> str | None:
    """Where the article is: behind a counting proxy its own address, else the link."""
    written = (first_text(by, "feedburner:origLink", "link"), *rels.get("alternate", ()))
    for each in written:
        if each and normalise(absolute := join(base, each)):
            return absolute
    return None


def says_permalink(by: ByName, guid: str | None) -> bool:
    """RSS: true unless said otherwise, and it can only be true of an address."""
    element = next(iter(by.get("guid", ())), None)
    if element is None or guid is None or normalise(guid) is None:
        return False
    said = next((element.get(key) for key in element.attrib if str(key).lower() == "ispermalink"), "true")
    return str(said).strip().lower() not in {"false", "0", "no"}


def date_of(by: ByName, names: Iterable[str], metadata: dict[str, JsonValue]) -> datetime | None:
    """The first date that can be read; one that cannot is kept as it stands."""
    for name in names:
        text = first_text(by, name)
        try:
            moment = read_moment(text, field=name)
        except BadDate:
            metadata[name] = text
            continue
        if moment is not None:
            return moment
    return None


def byline_of(by: ByName, own: str) -> str | None:
    """The names of those who wrote it, of the first element that has any."""
    names: dict[str, None] = {}
    for name in AUTHORS:
        for each in by.get(name, ()):
            inner = children(each, own)
            said = first_text(inner, "name", "atom:name") if len(each) else one_line(text_of(each))
            if person := _person(said):
                names[person] = None
        if names and name != "author":
            break
    return ", ".join(names)[:2000] or None


def _person(said: str) -> str:
    """RSS authors are mail addresses with a name in brackets; an address alone is no byline."""
    if found := _MAIL_AND_NAME.match(said):
        return found[1].strip()
    return "" if _MAIL.match(said) else as_plain(said)


def byline_of_source(by: ByName) -> str | None:
    """The byline of the feed that an entry was taken over from."""
    for each in (*by.get("source", ()), *by.get("atom:source", ())):
        if len(each):
            return byline_of(children(each, "atom"), "atom")
    return None


def origin_of(by: ByName, outside: str | None) -> tuple[str | None, str | None]:
    """Whom an entry was taken over from: RSS's ``source``, Atom's ``source``."""
    for each in (*by.get("atom:source", ()), *by.get("source", ())):
        inner = children(each, "atom")
        if len(each):
            rels = by_rel(inner.get("link", ()), outside)
            named = first_text(inner, "id")
            url = (
                first_of(rels, "alternate") or first_of(rels, "self") or (named if normalise(named) else None)
            )
            return title_of(inner) or None, url
        url = (each.get("url") or "").strip()
        return one_line(text_of(each)) or None, join(base_of(each, outside), url) if url else None
    return first_text(by, "dc:source") or None, None


def categories_of(by: ByName) -> tuple[str, ...]:
    """Labels, each once, at most 200 of 500 characters."""
    found: dict[str, None] = {}
    for name in ("category", "dc:subject", "atom:category"):
        for each in by.get(name, ()):
            said = each.get("label") or each.get("term") or text_of(each)
            if label := as_plain(said):
                found[label[:500]] = None
    return tuple(found)[:200]


def several(those: list[Element], own: str) -> JsonValue:
    """What elements of one name hold, as JSON: one by itself, more as a list."""
    values = [as_json(each, own) for each in those[:100]]
    return values[0] if len(values) == 1 else values
