"""RSS 0.9x, 1.0 (RDF) and 2.0, Atom 0.3 and 1.0: the tree of a document to a FeedDocument.

RSS Advisory Board's RSS 2.0.11, RFC 4287, RSS 1.0 with its content, syndication and Dublin Core modules,
Media RSS. Feeds mix them (``atom:link`` in RSS is the rule), so an entry of either family is read by one
table that knows the words of all.
"""

from lxml import etree

from app.parsing.feed_elements import (
    ByName,
    Element,
    base_of,
    children,
    first_text,
    join,
    language_of,
    name_of,
    text_of,
)
from app.parsing.feed_entries import FeedDocument, FeedEntry, Flavour, check_count
from app.parsing.feed_fields import (
    AUTHORS,
    address_of,
    by_rel,
    byline_of,
    byline_of_source,
    categories_of,
    date_of,
    first_of,
    longest,
    origin_of,
    says_permalink,
    several,
    title_of,
)
from app.parsing.feed_markup import one_line
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
_CONTENT = ("content", "content:encoded", "xhtml:body", "xhtml:div", "atom:content", "fulltext")
_SUMMARY = ("summary", "description", "atom:summary", "itunes:summary", "media:description", "dc:description")
_READ = frozenset({"title", "link", "guid", "id", "category", "dc:subject"})
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
    rels = by_rel(links, address)
    base = home_url if normalise(home_url or "") else address
    about = {**by, "link": []}
    pieces = _raw_of(items, raws)
    return FeedDocument(
        flavour=flavour,
        entries=tuple(_entry(each, "rss", raw, base, about) for each, raw in zip(items, pieces, strict=True)),
        title=title_of(by),
        language=first_text(by, "language", "dc:language") or language_of(channel) or None,
        ttl_s=ttl_s(by),
        skip_hours=skip_hours(by),
        skip_days=skip_days(by),
        hub=first_of(rels, "hub"),
        self_url=first_of(rels, "self"),
        home_url=home_url or first_of(rels, "alternate"),
    )


def _atom(feed: Element, raws: list[bytes], address: str | None) -> FeedDocument:
    by = children(feed, "atom")
    links = by.get("link", ())
    outside = address or first_of(by_rel(links, None), "self") or first_of(by_rel(links, None), "alternate")
    rels = by_rel(links, outside)
    entries = [each for each in feed.iter() if name_of(each, "atom") == "entry"]
    pieces = _raw_of(entries, raws)
    return FeedDocument(
        flavour=Flavour.ATOM,
        entries=tuple(
            _entry(each, "atom", raw, outside, by) for each, raw in zip(entries, pieces, strict=True)
        ),
        title=title_of(by),
        language=language_of(feed) or first_text(by, "dc:language") or None,
        ttl_s=ttl_s(by),
        hub=first_of(rels, "hub"),
        self_url=first_of(rels, "self"),
        home_url=first_of(rels, "alternate"),
    )


def _entry(element: Element, own: str, raw: bytes, outside: str | None, about: ByName) -> FeedEntry:
    by = children(element, own)
    # media:group holds what may stand in the entry itself.
    for group in by.get("media:group", ()):
        for name, those in children(group, own).items():
            by.setdefault(name, those)
    base = base_of(element, outside)
    metadata: dict[str, JsonValue] = {}
    rels = by_rel([*by.get("link", ()), *by.get("atom:link", ())], outside)
    guid = first_text(by, "guid", "id", "dc:identifier") or None
    is_permalink = says_permalink(by, guid)
    url = address_of(by, rels, base) or (guid if is_permalink else None)
    content = longest(by, _CONTENT)
    summary = longest(by, _SUMMARY)
    origin_title, origin_url = origin_of(by, outside)
    of_feed = first_text(about, "language", "dc:language")
    used = {*_READ, *_PUBLISHED, *_UPDATED, *AUTHORS}
    used |= {"source", "dc:language", "media:group", "atom:link", "atom:source", *_CONTENT, *_SUMMARY}
    metadata |= {name: several(those, own) for name, those in by.items() if name not in used}
    metadata |= {f"link:{rel}": list(those) for rel, those in rels.items() if rel not in _ROLES_OF_LINKS}
    for name in ("source", "atom:source"):
        if by.get(name):
            metadata[name] = several(by[name], own)
    return FeedEntry(
        raw=raw,
        flavour=Flavour.ATOM if own == "atom" else Flavour.RSS,
        guid=guid,
        is_permalink=is_permalink,
        url=url,
        canonical_url=first_of(rels, "canonical"),
        title=title_of(by),
        summary_html=summary,
        content_html=content,
        published_at=date_of(by, _PUBLISHED, metadata),
        updated_at=date_of(by, _UPDATED, metadata),
        byline=byline_of(by, own)
        or byline_of_source(by)
        or (byline_of(about, own) if own == "atom" else None),
        source_title=origin_title,
        source_url=origin_url,
        categories=categories_of(by),
        language=first_text(by, "dc:language") or language_of(element) or of_feed or None,
        metadata=metadata,
    )


def _raw_of(elements: list[Element], raws: list[bytes]) -> list[bytes]:
    """The bytes of each element: as cut from the document where as many were found, else written anew."""
    check_count(len(elements))
    if len(raws) == len(elements):
        return raws
    return [etree.tostring(each, encoding="utf-8", with_tail=False) for each in elements]
