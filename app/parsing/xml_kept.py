"""What is kept of XML that has no word of ours: elements as JSON, items by their own bytes."""

from xml.parsers import expat

from lxml import etree

from app.parsing.json_text import JsonValue
from app.parsing.xml import Element, attributes_of, name_of

_DEEPEST = 6
"""Levels of an element told as JSON; deeper parts are told as XML."""
_XHTML = "http://www.w3.org/1999/xhtml"


def as_json(element: Element, *, levels: int = _DEEPEST) -> JsonValue:
    """An element as JSON: attributes under ``@``, text under ``#text``, children by name.

    A child that comes several times is an array. Markup inside text, and what lies deeper than ``levels``,
    is told as XML. Nothing is left out.
    """
    if name_of(element) and not len(element) and not element.attrib:
        return element.text or ""
    mixed = len(element) and ((element.text or "").strip() or any((e.tail or "").strip() for e in element))
    if mixed or levels <= 0 or element.tag == f"{{{_XHTML}}}html" or not isinstance(element.tag, str):
        written: str = etree.tostring(element, encoding="unicode", with_tail=False)
        return written
    told: dict[str, JsonValue] = {f"@{_local(name)}": value for name, value in attributes_of(element).items()}
    if (element.text or "").strip():
        told["#text"] = element.text or ""
    for each in element:
        add(told, name_of(each), as_json(each, levels=levels - 1))
    return told


def add(told: dict[str, JsonValue], name: str, value: JsonValue) -> None:
    """Put a value under a name; what stands there already makes it an array."""
    if name not in told:
        told[name] = value
        return
    there = told[name]
    if isinstance(there, list):
        there.append(value)
    else:
        told[name] = [there, value]


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def parts_of(data: bytes, root: Element, items: list[Element], names: frozenset[str]) -> list[bytes]:
    """The bytes of each of some elements in the document, as they came.

    ``items`` are all elements of these ``names`` that stand in none of their kind, in order. Where the
    bytes cannot be told apart (an encoding that only lxml reads), the elements written again.
    """
    if len(items) == 1 and items[0] is root:
        return [data]
    found = _spans(data, names)
    if found is None or len(found) != len(items):
        return [etree.tostring(item, encoding="utf-8", with_tail=False) for item in items]
    return [data[start:end] for start, end in found]


def _spans(data: bytes, names: frozenset[str]) -> list[tuple[int, int]] | None:
    """Where the outermost elements of these names begin and end; None where expat cannot tell."""
    if b"\0" in data:
        return None
    spans: list[tuple[int, int]] = []
    depth = open_at = events = 0
    parser = expat.ParserCreate()
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)

    def start(name: str, _: object) -> None:
        nonlocal depth, open_at, events
        events += 1
        if name.rpartition(":")[2] in names:
            if not depth:
                open_at, events = parser.CurrentByteIndex, 0
            depth += 1

    def text(_: str) -> None:
        nonlocal events
        events += 1

    def end(name: str) -> None:
        nonlocal depth
        if name.rpartition(":")[2] in names:
            depth -= 1
            if not depth:
                at = parser.CurrentByteIndex
                # The end of an empty element is told behind it, that of others at the "<" of their end tag.
                is_empty = not events and data[at - 2 : at] == b"/>"
                spans.append((open_at, at if is_empty else data.find(b">", at) + 1))

    parser.StartElementHandler = start
    parser.CharacterDataHandler = text
    parser.EndElementHandler = end
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, LookupError, ValueError):  # LookupError: an encoding that Python does not know
        return None
    return spans
