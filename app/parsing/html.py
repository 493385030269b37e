"""HTML to plain text: whole pages through trafilatura, fragments block by block.

A page (it has a head or a body tag) carries menus and links around its article, and trafilatura leaves
them out. A fragment is what a publisher's system sent as the article: nothing of it is left out. Where
trafilatura finds nothing, or the page is larger than it should be given, the page is taken block by block
as well. The text that comes out is frozen with the version: a newer trafilatura changes new versions only.
"""

import re
from dataclasses import dataclass
from html import unescape

from lxml.etree import LxmlError
from selectolax.lexbor import LexborHTMLParser, LexborNode

LARGEST_PAGE = 3_000_000
"""Characters; beyond, extraction takes seconds and articles are never found there."""
_LARGEST_TREE = 50_000
_LONGEST_TITLE = 500
_DEEPEST = 1_000
"""Open elements; parsers take time that grows with the square of the depth. Browsers stop at 512."""

_PAGE = re.compile(r"<(?:!doctype|html|head|body)\b", re.IGNORECASE)
_UNSEEN = ["script", "style", "noscript", "template", "head", "iframe", "svg", "object", "form", "nav"]
_BLOCK_NAMES = (
    "p div section article main header footer aside h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table tr"
    " blockquote pre figure figcaption hr address details summary body html"
)
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_CELLS = frozenset({"td", "th"})
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)[^>]*>?")
_SHALLOW_NAMES = (
    "p li td th tr dt dd option thead tbody tfoot colgroup rt rp"
    " area base br col embed hr img input link meta param source track wbr"
)
_SHALLOW = frozenset(_SHALLOW_NAMES.split())
"""Elements that have no content, or whose end tag is commonly left out."""
_SPACE = re.compile(r"[ \t\r\n\f\v]+")
_BREAKS = re.compile(r" *\n[ \n]*")
_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Extracted:
    """What a piece of HTML says: its text, and its headline where it names one."""

    text: str
    title: str


def read_html(html: str) -> Extracted:
    """The text and the headline of a page or a fragment. Never raises on markup.

    Markup nested beyond what any page needs loses its tags and is read line by line.
    """
    html = _UNREADABLE.sub("\ufffd", html)
    if _too_deep(html):
        return Extracted(_paragraphs(unescape(_TAG.sub("\n", html))), "")
    tree = LexborHTMLParser(html)
    title = _title(tree)
    text = _article(html) if _PAGE.search(html, 0, 4096) else ""
    return Extracted(text or _blocks(tree), title)


def _too_deep(html: str) -> bool:
    depth = 0
    for closing, name in _TAG.findall(html):
        if name.lower() not in _SHALLOW:
            depth += -1 if closing else 1
            if depth > _DEEPEST:
                return True
    return False


def _article(page: str) -> str:
    if len(page) > LARGEST_PAGE:
        return ""
    # Half a second of a processor: whoever takes in plain text only never waits for it.
    import trafilatura  # noqa: PLC0415

    try:
        text = trafilatura.extract(
            page, fast=True, include_comments=False, include_tables=False, max_tree_size=_LARGEST_TREE
        )
    except (LxmlError, ValueError, RecursionError, AttributeError, TypeError):
        return ""
    return _paragraphs(text or "")


def _paragraphs(text: str) -> str:
    return "\n\n".join(line for line in map(str.strip, text.split("\n")) if line)


def _title(tree: LexborHTMLParser) -> str:
    for selector, attribute in (('meta[property="og:title"]', "content"), ("h1", None), ("title", None)):
        node = tree.css_first(selector)
        if node is not None:
            found = node.attributes.get(attribute) if attribute else node.text()
            if found and (title := _SPACE.sub(" ", found).strip()):
                return title[:_LONGEST_TITLE]
    return ""


def _blocks(tree: LexborHTMLParser) -> str:
    """All visible text, a line break pair between blocks."""
    tree.strip_tags(_UNSEEN)
    if tree.body is None:
        return ""
    parts: list[str] = []
    _collect(tree.body, parts)
    return _BREAKS.sub("\n\n", "".join(parts)).strip()


def _collect(root: LexborNode, parts: list[str]) -> None:
    """In document order without recursion: hostile markup nests deeper than Python may."""
    node: LexborNode | None = root
    while node is not None:
        if node.tag == "-text":
            parts.append(_SPACE.sub(" ", node.text_content or ""))
        elif node.tag == "br" or node.tag in _BLOCKS:
            parts.append("\n")
        elif node.tag in _CELLS:
            parts.append(" ")
        node = node.child or _following(node, root, parts)


def _following(node: LexborNode, root: LexborNode, parts: list[str]) -> LexborNode | None:
    """The next node outside this one, closing the blocks that are left."""
    here: LexborNode | None = node
    while here is not None and here.mem_id != root.mem_id:
        if here.tag in _BLOCKS:
            parts.append("\n")
        if here.next is not None:
            return here.next
        here = here.parent
    return None
