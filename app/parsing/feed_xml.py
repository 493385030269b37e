"""RSS 0.9x, 1.0 (RDF) and 2.0, Atom 0.3 and 1.0: the tree of a document to a FeedDocument.

RSS Advisory Board's RSS 2.0.11, RFC 4287, RSS 1.0 with its content, syndication and Dublin Core modules,
Media RSS. Feeds mix them (``atom:link`` in RSS is the rule), so an entry of either family is read by one
table that knows the words of all.
"""

import base64
import binascii
import re
from collections.abc import Iterable
from datetime import datetime

from lxml import etree

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
    language_of,
    name_of,
    text_of,
)
from app.parsing.feed_entries import FeedDocument, FeedEntry, Flavour, check_count
from app.parsing.feed_markup import as_markup, as_plain, one_line, plain_as_markup
from app.parsing.feed_schedule import skip_days, skip_hours, ttl_s
from app.parsing.json_text import JsonValue
from app.parsing.urls import normalise

_PUBLISHED = (
    "published",
    "pubDate",
    "pubdate",
    "issued",
    "dc:date",
    "dcterms:issued",
    "dcterms:created",
    "created",
)
_UPDATED = ("updated", "atom:updated", "modified", "dcterms:modified")
_AUTHORS = ("author", "dc:creator", "atom:author", "itunes:author", "contributor", "dc:contributor")
_CONTENT = ("content", "content:encoded", "xhtml:body", "xhtml:div", "atom:content", "fulltext")
_SUMMARY = ("summary", "description", "atom:summary", "itunes:summary", "media:description", "dc:description")
_READ = frozenset({"title", "link", "guid", "id", "category", "dc:subject"})
_MAIL_AND_NAME = re.compile(r"^\S+@\S+\s*\((.+)\)$")
_MAIL = re.compile(r"^\S+@\S+$")
_ROLES_OF_LINKS = frozenset({"alternate", "canonical"})


def read_document(root: Element, raws: list[bytes], *, address: str | None) -> FeedDocument | None:
    """The feed in a tree, None where there is none. ``raws`` are its entries' bytes where they were found."""
    local = root.tag.rpartition("}")[2].rpartition(":")[2] if isinstance(root.tag, str) else ""
    if local == "feed":
        return _atom(root, raws, address)
    if local == "rss":
        channel = next((each for each in root if name_of(each, "rss") == "channel"), None)
        inside = root if channel is None else channel
        items = [each for each in root.iter() if name_of(each, "rss") == "item"]
        return _rss(Flavour.RSS, inside, items, raws, address)
    if local == "channel":  # RSS without its root
        items = [each for each in root.iter() if name_of(each, "rss") == "item"]
        return _rss(Flavour.RSS, root, items, raws, address)
    if local == "RDF":
        channel = next((each for each in root if name_of(each, "rss") == "channel"), None)
        items = [each for each in root.iter() if name_of(each, "rss") == "item"]
        if channel is None and not items:
            return None
        return _rss(Flavour.RDF, root if channel is None else channel, items, raws, address)
    if local == "entry" and root.tag != "entry":  # an Atom entry document (RFC 5023)
        entry = _entry(root, "atom", _raw_of([root], raws)[0], address, {})
        return FeedDocument(flavour=Flavour.ATOM, entries=(entry,), language=language_of(root))
    return None


def _rss(
    flavour: Flavour, channel: Element, items: list[Element], raws: list[bytes], address: str | None
) -> FeedDocument:
    by = children(channel, "rss")
    home = next((one_line(text_of(each)) for each in by.get("link", ()) if text_of(each).strip()), None)
    home_url = join(base_of(channel, address), home) if home else None
    links = [each for name in ("atom:link", "link") for each in by.get(name, ()) if each.get("href")]
    rels = _by_rel(links, address)
    base = home_url if normalise(home_url or "") else address
    about = {**by, "link": []}
    pieces = _raw_of(items, raws)
    return FeedDocument(
        flavour=flavour,
        entries=tuple(_entry(each, "rss", raw, base, about) for each, raw in zip(items, pieces, strict=True)),
        title=_title(by),
        language=first_text(by, "language", "dc:language") or language_of(channel) or None,
        ttl_s=ttl_s(by),
        skip_hours=skip_hours(by),
        skip_days=skip_days(by),
        hub=_one(rels, "hub"),
        self_url=_one(rels, "self"),
        home_url=home_url or _one(rels, "alternate"),
    )


def _atom(feed: Element, raws: list[bytes], address: str | None) -> FeedDocument:
    by = children(feed, "atom")
    links = by.get("link", ())
    outside = address or _one(_by_rel(links, None), "self") or _one(_by_rel(links, None), "alternate")
    rels = _by_rel(links, outside)
    entries = [each for each in feed.iter() if name_of(each, "atom") == "entry"]
    pieces = _raw_of(entries, raws)
    return FeedDocument(
        flavour=Flavour.ATOM,
        entries=tuple(
            _entry(each, "atom", raw, outside, by) for each, raw in zip(entries, pieces, strict=True)
        ),
        title=_title(by),
        language=language_of(feed) or first_text(by, "dc:language") or None,
        ttl_s=ttl_s(by),
        hub=_one(rels, "hub"),
        self_url=_one(rels, "self"),
        home_url=_one(rels, "alternate"),
    )


def _entry(element: Element, own: str, raw: bytes, outside: str | None, about: ByName) -> FeedEntry:
    by = children(element, own)
    # media:group holds what may stand in the entry itself.
    for group in by.get("media:group", ()):
        for name, those in children(group, own).items():
            by.setdefault(name, those)
    base = base_of(element, outside)
    metadata: dict[str, JsonValue] = {}
    rels = _by_rel([*by.get("link", ()), *by.get("atom:link", ())], outside)
    guid = first_text(by, "guid", "id", "dc:identifier") or None
    is_permalink = _is_permalink(by, guid)
    url = _address(by, rels, base) or (guid if is_permalink else None)
    content = _longest(by, _CONTENT)
    summary = _longest(by, _SUMMARY)
    origin_title, origin_url = _origin(by, outside)
    of_feed = first_text(about, "language", "dc:language")
    used = {*_READ, *_PUBLISHED, *_UPDATED, *_AUTHORS}
    used |= {"source", "dc:language", "media:group", "atom:link", "atom:source", *_CONTENT, *_SUMMARY}
    metadata |= {name: _several(those, own) for name, those in by.items() if name not in used}
    metadata |= {f"link:{rel}": list(those) for rel, those in rels.items() if rel not in _ROLES_OF_LINKS}
    for name in ("source", "atom:source"):
        if by.get(name):
            metadata[name] = _several(by[name], own)
    return FeedEntry(
        raw=raw,
        flavour=Flavour.ATOM if own == "atom" else Flavour.RSS,
        guid=guid,
        is_permalink=is_permalink,
        url=url,
        canonical_url=_one(rels, "canonical"),
        title=_title(by),
        summary_html=summary,
        content_html=content,
        published_at=_date(by, _PUBLISHED, metadata),
        updated_at=_date(by, _UPDATED, metadata),
        byline=_byline(by, own) or _byline_of_source(by) or (_byline(about, own) if own == "atom" else None),
        source_title=origin_title,
        source_url=origin_url,
        categories=_categories(by),
        language=first_text(by, "dc:language") or language_of(element) or of_feed or None,
        metadata=metadata,
    )


def _raw_of(elements: list[Element], raws: list[bytes]) -> list[bytes]:
    """The bytes of each element: as cut from the document where as many were found, else written anew."""
    check_count(len(elements))
    if len(raws) == len(elements):
        return raws
    return [etree.tostring(each, encoding="utf-8", with_tail=False) for each in elements]


def _title(by: ByName) -> str:
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


def _longest(by: ByName, names: Iterable[str]) -> str | None:
    """The fullest of several printings of one thing."""
    found = [_markup(each) for name in names for each in by.get(name, ())]
    return max(found, key=len, default="").strip() or None


def _by_rel(links: Iterable[Element], outside: str | None) -> dict[str, list[str]]:
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


def _one(rels: dict[str, list[str]], rel: str) -> str | None:
    return next(iter(rels.get(rel, ())), None)


def _address(by: ByName, rels: dict[str, list[str]], base: str | None) -> str | None:
    """Where the article is: behind a counting proxy its own address, else the link."""
    written = (first_text(by, "feedburner:origLink", "link"), *rels.get("alternate", ()))
    for each in written:
        if each and normalise(absolute := join(base, each)):
            return absolute
    return None


def _is_permalink(by: ByName, guid: str | None) -> bool:
    """RSS: true unless said otherwise, and it can only be true of an address."""
    element = next(iter(by.get("guid", ())), None)
    if element is None or guid is None or normalise(guid) is None:
        return False
    said = next((value for key, value in element.attrib.items() if str(key).lower() == "ispermalink"), "true")
    return str(said).strip().lower() not in {"false", "0", "no"}


def _date(by: ByName, names: Iterable[str], metadata: dict[str, JsonValue]) -> datetime | None:
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


def _byline(by: ByName, own: str) -> str | None:
    names: dict[str, None] = {}
    for name in _AUTHORS:
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


def _byline_of_source(by: ByName) -> str | None:
    for each in (*by.get("source", ()), *by.get("atom:source", ())):
        if len(each):
            return _byline(children(each, "atom"), "atom")
    return None


def _origin(by: ByName, outside: str | None) -> tuple[str | None, str | None]:
    """Whom an entry was taken over from: RSS's ``source``, Atom's ``source``."""
    for each in (*by.get("atom:source", ()), *by.get("source", ())):
        inner = children(each, "atom")
        if len(each):
            rels = _by_rel(inner.get("link", ()), outside)
            named = first_text(inner, "id")
            url = _one(rels, "alternate") or _one(rels, "self") or (named if normalise(named) else None)
            return _title(inner) or None, url
        url = (each.get("url") or "").strip()
        return one_line(text_of(each)) or None, join(base_of(each, outside), url) if url else None
    return first_text(by, "dc:source") or None, None


def _categories(by: ByName) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for name in ("category", "dc:subject", "atom:category"):
        for each in by.get(name, ()):
            said = each.get("label") or each.get("term") or text_of(each)
            if label := as_plain(said):
                found[label[:500]] = None
    return tuple(found)[:200]


def _several(those: list[Element], own: str) -> JsonValue:
    values = [as_json(each, own) for each in those[:100]]
    return values[0] if len(values) == 1 else values
