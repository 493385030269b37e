"""HTML to plain text, and what the page says of its article.

A page (it has a head or a body tag) carries menus and links around its article: trafilatura leaves them out,
and what it found is held against the page's own markup and its JSON-LD. A fragment is what a publisher's
system sent as the article: nothing of it is left out. Where trafilatura finds nothing, or the page is larger
than it should be given, the page is taken block by block as well. The text that comes out is frozen with the
version: a newer trafilatura changes new versions only.
"""

import re
from configparser import ConfigParser
from dataclasses import dataclass
from functools import cache
from html import unescape

from lxml.etree import LxmlError
from selectolax.lexbor import LexborHTMLParser

from app.parsing import visible_text
from app.parsing.page_claims import Claims, read_claims
from app.parsing.page_hints import Hints, believe, believe_language
from app.parsing.page_parts import read_parts, refine, says_all_of

LARGEST_PAGE = 3_000_000
"""Characters; beyond, extraction takes seconds and articles are never found there."""
_MOST_TAGS = 30_000
"""trafilatura takes seconds beyond; of 181 news pages the largest has 3,200."""
_LARGEST_TREE = 50_000
_LONGEST_TITLE = 500
_SHOWN = 500_000
"""Characters of a page's text that its statements are held against."""
_FEW_WORDS = 25
_LONGER = 1.3

_PAGE = re.compile(r"<(?:!doctype|html|head|body)\b", re.IGNORECASE)
_SAYS_SOMETHING = re.compile(r"<(?:meta|title|h1|link|time)\b|ld\+json", re.IGNORECASE)
_SCRIPTS = ["script", "style", "noscript", "template", "svg", "iframe"]
_TABLE_ROW = re.compile(r"^\|.*\|$")
_TABLE_RULE = re.compile(r"^[|\s:-]+$")
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]{0,2000}>")
_BLOCK_END = re.compile(r"</(?:p|div|h[1-6]|li|blockquote)>|<br[^<>]{0,100}>", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\r\n\f\v]+")
_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Extracted:
    """What a piece of HTML says: its text, its headline where it names one, and its other statements."""

    text: str
    title: str
    hints: Hints


def read_html(html: str, *, url: str | None = None) -> Extracted:
    """The text and the statements of a page or a fragment found at ``url``. Never raises on markup.

    Markup nested or strewn with tags beyond what any page needs is read by its tags alone.
    """
    html = _UNREADABLE.sub("\ufffd", html)
    if visible_text.is_too_much(html):
        return Extracted(visible_text.without_tree(html), "", Hints())
    tree = LexborHTMLParser(html)
    is_page = _PAGE.search(html, 0, 4096) is not None
    claims, hints = _statements(html, tree, url)
    text = (_article(html, tree, hints) if is_page else "") or visible_text.of_tree(tree)
    return Extracted(text, _title(hints), believe_language(hints, claims, text))


def read_statements(html: str, *, url: str | None = None) -> Hints:
    """What ``read_html`` says of the page beside its text and language, without looking for its text."""
    html = _UNREADABLE.sub("\ufffd", html)
    if visible_text.is_too_much(html):
        return Hints()
    return _statements(html, LexborHTMLParser(html), url)[1]


def _statements(html: str, tree: LexborHTMLParser, url: str | None) -> tuple[Claims, Hints]:
    """What the page says of itself, and what of it is believed. Takes the scripts out of the tree."""
    claims = read_claims(tree) if _SAYS_SOMETHING.search(html) else Claims()
    tree.strip_tags(_SCRIPTS)
    shown = tree.body.text(separator=" ")[:_SHOWN] if tree.body is not None else ""
    return claims, believe(claims, visible=shown, url=url)


def _title(hints: Hints) -> str:
    return _SPACE.sub(" ", hints.headline).strip()[:_LONGEST_TITLE]


def _article(html: str, tree: LexborHTMLParser, hints: Hints) -> str:
    lines = [line for line in map(_plain_row, _extract(html).split("\n")) if line]
    parts = read_parts(tree) if lines else None
    if parts is not None:
        lines = refine(lines, parts)
    text = "\n\n".join(lines)
    body = _plain_body(hints.body)
    # A page that leaves its text to a script often has it in its JSON-LD.
    if body and (says_all_of(body, text, longer=_LONGER) or _is_stub(text, body)):
        return body
    return text


def _extract(page: str) -> str:
    if len(page) > LARGEST_PAGE or page.count("<") > _MOST_TAGS:
        return ""
    # Half a second of a processor: whoever takes in plain text only never waits for it.
    import trafilatura  # noqa: PLC0415

    try:
        text = trafilatura.extract(page, fast=True, include_comments=False, config=_config())
    except (LxmlError, ValueError, RecursionError, AttributeError, TypeError):
        return ""
    return text or ""


@cache
def _config() -> ConfigParser:
    from trafilatura.settings import use_config  # noqa: PLC0415

    config: ConfigParser = use_config()
    config.set("DEFAULT", "MAX_TREE_SIZE", str(_LARGEST_TREE))
    return config


def _plain_row(line: str) -> str:
    """A table's row as its cells, without the marks that trafilatura puts between them."""
    line = line.strip()
    if not _TABLE_ROW.match(line):
        return line
    if _TABLE_RULE.match(line):
        return ""
    return " ".join(cell.strip() for cell in line.strip("|").split("|") if cell.strip())


def _plain_body(body: str) -> str:
    """``articleBody`` as paragraphs; some publishers put their markup into it."""
    if "<" in body:
        body = unescape(_MARKUP.sub("", _BLOCK_END.sub("\n", body)))
    return "\n\n".join(line for line in map(str.strip, body.split("\n")) if line)


def _is_stub(text: str, body: str) -> bool:
    return len(text.split()) < _FEW_WORDS <= len(body.split()) // 4
