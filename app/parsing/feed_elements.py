"""Elements of XML feeds under one name each, whichever of its namespaces, prefixes or none a feed used.

``dc:creator`` is Dublin Core's, ``title`` the feed format's own, ``{uri}name`` somebody else's.
"""

from collections.abc import Iterator
from typing import TypeAlias
from urllib.parse import urljoin

from lxml import etree

from app.parsing.feed_markup import one_line
from app.parsing.json_text import JsonValue

Element: TypeAlias = etree._Element  # noqa: SLF001 - lxml gives the type no public name

ByName: TypeAlias = dict[str, list[Element]]

_PREFIX_OF = {
    "http://www.w3.org/2005/atom": "atom",
    "https://www.w3.org/2005/atom": "atom",
    "http://purl.org/atom/ns#": "atom",
    "http://example.com/newformat#": "atom",
    "http://purl.org/rss/1.0": "rss",
    "http://backend.userland.com/rss": "rss",
    "http://backend.userland.com/rss2": "rss",
    "http://backend.userland.com/rss091": "rss",
    "http://blogs.law.harvard.edu/tech/rss": "rss",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
    "http://purl.org/dc/elements/1.0": "dc",
    "http://purl.org/dc/elements/1.1": "dc",
    "http://purl.org/dc/terms": "dcterms",
    "http://purl.org/rss/1.0/modules/content": "content",
    "http://purl.org/rss/1.0/modules/syndication": "sy",
    "http://search.yahoo.com/mrss": "media",
    "https://search.yahoo.com/mrss": "media",
    "http://search.yahoo.com/rss": "media",
    "http://video.search.yahoo.com/mrss": "media",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "http://www.w3.org/1999/xhtml": "xhtml",
    "http://purl.org/syndication/thread/1.0": "thr",
    "http://www.w3.org/xml/1998/namespace": "xml",
}
# RSS 0.90, by who named it and the version.
_NETSCAPE = ("http://my.netscape.com/rdf/", "http://channel.netscape.com/rdf/")
_CONVENTIONAL = frozenset(_PREFIX_OF.values()) | {"a10", "atom10"}
"""Prefixes that mean their namespace also where a feed forgot to declare it."""
XML = "{http://www.w3.org/XML/1998/namespace}"
_MOST_KEPT = 100
_LONGEST_KEPT = 10_000
_DEEPEST_KEPT = 6


def name_of(element: Element, own: str) -> str:
    """The element's name; elements of the format itself (prefix ``own``) go without a prefix."""
    tag = element.tag
    if not isinstance(tag, str):
        return ""
    if tag.startswith("{"):
        uri, _, local = tag[1:].partition("}")
        known = uri.rstrip("/").lower()
        is_first = known.startswith(_NETSCAPE) and known.endswith("/0.9")
        prefix = "rss" if is_first else _PREFIX_OF.get(known, f"{{{uri}}}")
    else:
        prefix, _, local = tag.rpartition(":")
        if prefix not in _CONVENTIONAL:
            prefix, local = "", tag
        prefix = "atom" if prefix in {"a10", "atom10"} else prefix
    if prefix in {"", own}:
        return local
    return f"{prefix}{local}" if prefix.startswith("{") else f"{prefix}:{local}"


def children(element: Element, own: str) -> ByName:
    """The elements inside by name, in document order."""
    found: dict[str, list[Element]] = {}
    for child in element:
        if name := name_of(child, own):
            found.setdefault(name, []).append(child)
    return found


def first_text(by: ByName, *names: str) -> str:
    """The first text that any of some elements has, as one line."""
    for name in names:
        for each in by.get(name, ()):
            if text := one_line(text_of(each)):
                return text
    return ""


def text_of(element: Element) -> str:
    """All text inside, tags left out."""
    return "".join(element.itertext())


def inner_markup(element: Element) -> str:
    """What stands inside as markup, without namespaces: XHTML inside Atom, unescaped HTML inside RSS."""
    parts: list[str] = []
    _write(element, parts)
    return "".join(parts)


def base_of(element: Element, outside: str | None) -> str | None:
    """The base for relative addresses inside: ``xml:base`` of it and all around it (XML Base, 4.2)."""
    base = outside
    for each in reversed([element, *element.iterancestors()]):
        declared = each.get(f"{XML}base")
        if declared:
            base = join(base, declared)
    return base


def language_of(element: Element) -> str | None:
    """The nearest ``xml:lang``."""
    for each in (element, *element.iterancestors()):
        if declared := (each.get(f"{XML}lang") or "").strip():
            return declared
    return None


def join(base: str | None, address: str) -> str:
    """The absolute address where there is a base for it."""
    address = "".join(address.split()) if "\n" in address else address.strip()
    if not base:
        return address
    try:
        return urljoin(base, address)
    except ValueError:
        return address


def as_json(element: Element, own: str, depth: int = 0) -> JsonValue:
    """An element as it is kept in ``metadata``: its text, or an object of attributes, elements and text."""
    said: dict[str, JsonValue] = {str(key): value for key, value in _attributes(element)}
    if depth < _DEEPEST_KEPT:
        for name, those in children(element, own).items():
            values = [as_json(each, own, depth + 1) for each in those[:_MOST_KEPT]]
            said[name] = values[0] if len(values) == 1 else values
        text = (element.text or "").strip()
    else:
        text = text_of(element).strip()
    text = text[:_LONGEST_KEPT]
    if not said:
        return text
    if text:
        said["text"] = text
    return said


def _attributes(element: Element) -> Iterator[tuple[str, str]]:
    # By name: lxml's items() looks for each value among all, which of 100,000 takes a second and more.
    for key in element.keys()[:_MOST_KEPT]:
        yield str(key).rpartition("}")[2], str(element.get(key))[:_LONGEST_KEPT]


def _write(element: Element, parts: list[str]) -> None:
    """libxml2 holds documents to 256 levels, so this may call itself."""
    parts.append(_escaped(element.text))
    for child in element:
        if isinstance(child.tag, str):
            local = child.tag.rpartition("}")[2].rpartition(":")[2]
            said = "".join(f' {name}="{_escaped(value, quote=True)}"' for name, value in _attributes(child))
            parts.append(f"<{local}{said}>")
            _write(child, parts)
            if local not in _VOID:
                parts.append(f"</{local}>")
        parts.append(_escaped(child.tail))


_VOID = frozenset({"br", "img", "hr", "input", "wbr", "source", "area", "col", "embed", "link", "meta"})


def _escaped(text: str | None, *, quote: bool = False) -> str:
    text = (text or "").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&quot;") if quote else text
