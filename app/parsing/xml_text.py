"""Text of marked-up paragraphs: XHTML and NITF, block by block. Names of HTML's entities are read."""

import re
from html.entities import html5

from app.parsing.xml import Element, name_of

_INDENTED = re.compile(r"[ \t]{2,}\S")
_SPACE = re.compile(r"[ \t\r\n\f\v]+")
_BLOCK_NAMES = (
    "p div section article main header footer aside h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table caption thead"
    " tbody tfoot tr blockquote bq pre figure figcaption hr address block hl1 hl2 note body body.content"
    " body.end tagline nitf-table fn content"
)
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_CELLS = frozenset({"td", "th"})
_UNSEEN = frozenset({"script", "style", "head", "iframe", "object", "media", "figure", "img", "svg"})


def line_of(element: Element | None) -> str | None:
    """All text of an element on one line; None where there is none."""
    if element is None:
        return None
    return _SPACE.sub(" ", "".join(_text_in(element))).strip() or None


def text_of(element: Element | None) -> str:
    """The text of marked-up paragraphs: blocks apart by an empty line, lines that were wrapped joined."""
    if element is None:
        return ""
    parts: list[str] = []
    _collect(element, parts, keep_lines=name_of(element) == "pre")
    blocks = [_tidied(block) for block in "".join(parts).split("\x1e")]
    return "\n\n".join(block for block in blocks if block.strip())


def _tidied(block: str) -> str:
    if "\x1d" in block:  # preformatted
        return "\n".join(line.rstrip() for line in block.replace("\x1d", "").strip("\r\n").splitlines())
    lines = (_SPACE.sub(" ", line).strip() for line in _split(block).split("\x1f"))
    return "\n".join(line for line in lines if line)


def _split(block: str) -> str:
    """Paragraphs that one element sets apart by indenting their first lines (Reuters)."""
    lines = block.strip().splitlines()
    indented = [_INDENTED.match(line) is not None for line in lines[1:] if line.strip()]
    if all(indented) or not any(indented):
        return block
    return "\n".join("\x1f" + line if _INDENTED.match(line) else line for line in lines)


def _collect(element: Element, parts: list[str], *, keep_lines: bool) -> None:
    parts.append(("\x1d" + (element.text or "")) if keep_lines else (element.text or ""))
    for each in element:
        name = name_of(each)
        if not isinstance(each.tag, str):
            parts.append(_entity(name))
        elif name == "br":
            parts.append("\n" if keep_lines else "\x1f")
        elif name not in _UNSEEN:
            is_block = name in _BLOCKS
            parts.append("\x1e" if is_block else " " if name in _CELLS else "")
            _collect(each, parts, keep_lines=keep_lines or name == "pre")
            parts.append("\x1e" if is_block else " " if name in _CELLS else "")
        parts.append(each.tail or "")


def _text_in(element: Element) -> list[str]:
    parts = [element.text or ""]
    for each in element:
        if isinstance(each.tag, str):
            parts.extend((" ", *_text_in(each), " ") if name_of(each) in _BLOCKS else _text_in(each))
        else:
            parts.append(_entity(name_of(each)))
        parts.append(each.tail or "")
    return parts


def _entity(reference: str) -> str:
    """An entity of HTML by its name; an unknown one as it stands."""
    return html5.get(reference.removeprefix("&"), html5.get(f"{reference.removeprefix('&')};", reference))
