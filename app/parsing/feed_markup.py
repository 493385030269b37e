"""The texts of feeds: plain or markup, escaped once or twice, told apart by what stands in them."""

import re
from html import escape, unescape

_NAMES = (
    "p|br|div|span|a|b|i|u|em|strong|img|ul|ol|li|dl|dt|dd|h[1-6]|blockquote|figure|figcaption|table|tbody|thead"
    "|tr|td|th|pre|code|hr|sub|sup|small|cite|q|iframe|video|audio|source|picture|section|article|header|footer"
    "|aside|main|center|font|s|del|ins|tt|abbr|time|html|body|head|script|style|form|input|object|embed|svg|wbr"
)
_TAG = re.compile(rf"</?(?:{_NAMES})(?:\s[^<>]{{0,4000}})?/?>|<!--", re.IGNORECASE)
_ESCAPED_TAG = re.compile(rf"&lt;/?(?:{_NAMES})(?:\s(?:(?!&[lg]t;)[^<>]){{0,4000}})?/?&gt;", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]{1,30}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});")
_BREAK = re.compile(r"<(?:br|/p|/div)\b[^<>]{0,200}>", re.IGNORECASE)
_SPACE = re.compile(r"\s+")
_LINE_BREAK = re.compile(r"\r\n?|\n")


def as_markup(text: str) -> str:
    """Markup for what an element of unknown kind holds (RSS description, content:encoded, Atom html)."""
    if _TAG.search(text):
        return text
    if _ESCAPED_TAG.search(text):  # escaped once more than the feed's own escaping
        return unescape(text)
    if _ENTITY.search(text):
        return text
    return plain_as_markup(text)


def plain_as_markup(text: str) -> str:
    """Plain text as paragraphs, a line each."""
    lines = (_SPACE.sub(" ", line).strip() for line in _LINE_BREAK.split(text))
    return "".join(f"<p>{escape(line, quote=False)}</p>" for line in lines if line)


def as_plain(text: str) -> str:
    """One line of plain text from an element that should be plain but often is markup (RSS titles)."""
    if _ESCAPED_TAG.search(text):
        text = unescape(text)
    text = _TAG.sub("", _BREAK.sub(" ", text))
    return one_line(unescape(text) if _ENTITY.search(text) else text)


def one_line(text: str) -> str:
    """White space of any kind as single spaces."""
    return _SPACE.sub(" ", text).strip()
