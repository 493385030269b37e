"""The JSON-LD of a page: its article nodes, read as leniently as search engines read them.

Pages hold it in arrays, in ``@graph``, nested under other nodes, with lists of types, and broken: comments
and CDATA around it, commas too many, line breaks inside strings, escaped once too often. What cannot be read
at all counts as absent.
"""

import json
import re
from collections.abc import Iterator, Sequence
from html import unescape
from typing import TypeAlias

from app.parsing.json_text import JsonValue

Node: TypeAlias = dict[str, JsonValue]
LARGEST = 1_000_000
"""Characters of JSON-LD read of one page."""
_MOST_NODES = 5_000
_DEEPEST = 64
_OPENINGS = ("//", "/*", "<![CDATA[", "*/", "<!--")
_CLOSINGS = (";", "//", "/*", "]]>", "*/", "-->")
_STRING_OR_COMMA = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|,(?=\s*[\]}])|\}\s*(?=\{)', re.DOTALL)
_TYPE_ENDS = ("article", "blogposting", "liveblogposting", "report", "newsstory")
_NESTED_ELSEWHERE = frozenset(
    {"citation", "isbasedon", "haspart", "mentions", "relatedlink", "itemlistelement"}
)
"""Below these stand other articles than the page's own."""


def articles(scripts: Sequence[str]) -> list[Node]:
    """The nodes whose type is an article, in document order, those of lists and references left out."""
    found: list[Node] = []
    room, count = LARGEST, 0
    for script in scripts:
        if len(script) > room:
            continue
        room -= len(script)
        for node in _nodes(_read(script)):
            count += 1
            if count > _MOST_NODES:
                return found
            if any(kind.lower().endswith(_TYPE_ENDS) for kind in types(node)):
                found.append(node)
    return found


def types(node: Node) -> list[str]:
    """The node's types without the vocabulary in front."""
    said = node.get("@type", node.get("type"))
    kinds = said if isinstance(said, list) else [said]
    return [re.split(r"[/#:]", kind)[-1] for kind in kinds if isinstance(kind, str)]


def text(value: JsonValue) -> str:
    """What a property says as text: a string, the first of a list, a node's name, text or address."""
    for _ in range(4):
        if isinstance(value, list):
            value = value[0] if value else None
        elif isinstance(value, dict):
            keys = ("name", "text", "@value", "url", "@id")
            value = next((value[key] for key in keys if value.get(key)), None)
        else:
            break
    if isinstance(value, str):
        return unescape(value).strip()
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def texts(value: JsonValue) -> list[str]:
    """Every value of a property that may be a list."""
    several = value if isinstance(value, list) else [value]
    return [said for said in map(text, several[:50]) if said]


def _read(script: str) -> JsonValue:
    for attempt in (script, _mended(script), _mended(unescape(script))):
        try:
            value: JsonValue = json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
        return value
    return None


def _mended(script: str) -> str:
    bare = script.strip("\ufeff \t\r\n")
    for opening in _OPENINGS:
        bare = bare.removeprefix(opening).lstrip()
    for closing in (*_CLOSINGS[::-1], *_CLOSINGS):
        bare = bare.removesuffix(closing).rstrip()
    mended = _STRING_OR_COMMA.sub(_correction, bare)
    return f"[{mended}]" if mended != bare and mended.startswith("{") else mended


def _correction(found: re.Match[str]) -> str:
    """A trailing comma goes; two objects side by side become two of a list."""
    if found[0].startswith('"'):
        return found[0]
    return "" if found[0] == "," else "},"


def _nodes(value: JsonValue, depth: int = 0) -> Iterator[Node]:
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for each in value:
            yield from _nodes(each, depth + 1)
    elif isinstance(value, dict):
        yield value
        for name, each in value.items():
            if isinstance(each, dict | list) and name.lower() not in _NESTED_ELSEWHERE:
                yield from _nodes(each, depth + 1)
