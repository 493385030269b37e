"""All visible text of markup, block by block; of markup too deep or too large for a tree, tag by tag."""

import re
from html import unescape

from selectolax.lexbor import LexborHTMLParser, LexborNode

MOST_TAGS = 100_000
"""Beyond, a tree takes seconds to walk (400,000 table rows took half a minute)."""
_DEEPEST = 1_000
"""Open elements; parsers take time that grows with the square of the depth. Browsers stop at 512."""
_MOST_COMPARED = 10**8
"""Pairs of attributes within tags: parsers look for duplicates among all. So many take half a second."""
_FEW_ATTRIBUTES = 200
_UNSEEN = ["script", "style", "noscript", "template", "head", "iframe", "svg", "object", "form", "nav"]
_BLOCK_NAMES = (
    "p div section article main header footer aside h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table tr"
    " blockquote pre figure figcaption hr address details summary body html"
)
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_CELLS = frozenset({"td", "th"})
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)[^>]*>?")
_ATTRIBUTE = re.compile(
    r"""[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"?+|'[^']*+'?+|[^\s>"'][^\s>]*+|))?+"""
)
_TAG_WITH_ATTRIBUTES = re.compile(rf"</?[a-zA-Z][^\s/>]*+((?:{_ATTRIBUTE.pattern})*+)")
"""A tag as HTML's tokeniser reads it: an attribute's value may hold what ends a tag elsewhere."""
_SHALLOW_NAMES = (
    "p li td th tr dt dd option thead tbody tfoot colgroup rt rp"
    " area base br col embed hr img input link meta param source track wbr"
)
_SHALLOW = frozenset(_SHALLOW_NAMES.split())
"""Elements that have no content, or whose end tag is commonly left out."""
_BLOCK = re.compile(rf"</?(?:br|{_BLOCK_NAMES.replace(' ', '|')})(?![a-z0-9])[^>]*>?", re.IGNORECASE)
_CELL = re.compile(r"</?t[dh](?![a-z0-9])[^>]*>?", re.IGNORECASE)
_HIDDEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style|noscript|template|svg)\b.*?(?:</\1|\Z)", re.IGNORECASE | re.DOTALL
)
_SPACE = re.compile(r"[ \t\r\n\f\v]+")
_BREAKS = re.compile(r" *\n[ \n]*")


def is_too_much(html: str) -> bool:
    """Whether markup is nested or strewn with tags beyond what any page needs."""
    if html.count("<") > MOST_TAGS or _compared(html) > _MOST_COMPARED:
        return True
    depth = 0
    for found in _TAG.finditer(html):
        if found[2].lower() not in _SHALLOW:
            depth += -1 if found[1] else 1
            if depth > _DEEPEST:
                return True
    return False


def _compared(html: str) -> int:
    """How many pairs of attributes a parser compares in those tags that have many."""
    if len(html) < 2 * _MOST_COMPARED**0.5:
        return 0
    long = (found[1] for found in _TAG_WITH_ATTRIBUTES.finditer(html) if len(found[1]) > 2 * _FEW_ATTRIBUTES)
    return sum(sum(1 for _ in _ATTRIBUTE.finditer(each)) ** 2 for each in long)


def without_tree(html: str) -> str:
    """All text of markup by its tags alone, in one pass."""
    text = _SPACE.sub(" ", _HIDDEN.sub(" ", html))
    text = _TAG.sub("", _CELL.sub(" ", _BLOCK.sub("\n", text)))
    return _BREAKS.sub("\n\n", unescape(text)).strip()


def of_tree(tree: LexborHTMLParser) -> str:
    """All visible text, a line break pair between blocks. The tree loses what is not seen."""
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
