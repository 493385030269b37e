"""The XML of feeds as a tree, mended where it can be: no DTD, no entities of their own, no network.

Feeds are written by templates and read by forgiving readers, so many are not well-formed; agencies' XML is
read strictly, elsewhere.

The DOCTYPE is cut away before the parser sees it, so there is nothing to expand: an entity that HTML knows
becomes its character (publishers write ``&nbsp;`` in RSS), any other stays the text it is. libxml2's own
limits stay on: 256 levels, 10 MB a text.
"""

import re
from html import escape
from html.entities import html5

from lxml import etree

_DOCTYPE = re.compile(r"<!DOCTYPE\b", re.IGNORECASE)
_SUBSET_END = re.compile(r"\]\s*>")
_DECLARATION = re.compile(r"^\s*<\?xml\b[^>]{0,400}>")
_BEFORE_ROOT = 20_000
"""Characters in which the DOCTYPE must begin; what stands further in is text."""
_REFERENCE = re.compile(r"<!\[CDATA\[.*?(?:\]\]>|\Z)|&(?:([A-Za-z][A-Za-z0-9]{0,40});|(?!#))", re.DOTALL)
_NUMBER = re.compile(r"&#(?:x([0-9A-Fa-f]+)|([0-9]+));?")
_PLAIN = frozenset({"amp", "lt", "gt", "quot", "apos"})
_UNREADABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Not a Char of XML 1.0."""


def read_tree(text: str) -> etree._Element | None:
    """The root of a document, mended where it can be; None where there is nothing to mend."""
    parser = etree.XMLParser(
        recover=True,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8",
    )
    try:
        return etree.fromstring(_without_entities(_without_doctype(text)).encode("utf-8"), parser)
    except etree.XMLSyntaxError:
        return None


def _without_doctype(text: str) -> str:
    text = _DECLARATION.sub("", text.lstrip("\ufeff"), count=1)
    found = _DOCTYPE.search(text, 0, _BEFORE_ROOT)
    if found is None:
        return text
    opening, closing = text.find("[", found.end()), text.find(">", found.end())
    if opening >= 0 and (closing < 0 or opening < closing):
        subset = _SUBSET_END.search(text, opening)
        return text[: found.start()] + (text[subset.end() :] if subset else "")
    return text[: found.start()] + (text[closing + 1 :] if closing >= 0 else "")


def _without_entities(text: str) -> str:
    if "&" in text:
        text = _NUMBER.sub(_readable, _REFERENCE.sub(_character, text))
    return _UNREADABLE.sub("\ufffd", text)


def _character(found: re.Match[str]) -> str:
    name = found[1]
    if name in _PLAIN or found[0].startswith("<"):
        return found[0]
    if name is None:
        return "&amp;"
    return escape(html5.get(f"{name};") or f"&{name};")


def _readable(found: re.Match[str]) -> str:
    """A reference by number, or U+FFFD for what is no Char: libxml2 lets it through in attributes.

    In CDATA as well, which in attributes looks alike and is none; there readers of HTML would do the same.
    """
    try:
        code = int(found[1], 16) if found[1] else int(found[2])
        return found[0] if not _UNREADABLE.match(chr(code)) else "\ufffd"
    except (ValueError, OverflowError):
        return "\ufffd"
