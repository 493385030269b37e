"""Bytes to text where the declared encoding may be missing, wrong or a lie. Never raises.

What is valid UTF-8 and not plain ASCII is UTF-8: no other encoding's prose passes for it by chance. So the
bytes are asked before the labels, and of the labels the one nearest the text comes first.
"""

import codecs
import re
from collections.abc import Iterable
from typing import NamedTuple

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BARE_WIDE = (
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
"""A document's first character in UTF-16 and UTF-32 without a mark (XML 1.0, appendix F)."""
_SEVEN_BIT = frozenset({"iso2022_jp", "iso2022_jp_1", "iso2022_jp_2", "iso2022_kr", "hz"})
"""Encodings whose bytes are all ASCII: there the label is all there is."""
_AS_BROWSERS = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "latin-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "big5": "big5hkscs",
}
"""What a label means on the web (WHATWG Encoding Standard, 4.2): the superset that is really written."""
_LAST_RESORT = "cp1252"
_XML_DECLARATION = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
_CHARSET = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)
_FEW = 20
"""One broken byte in so many well-formed characters is damage, more is another encoding."""


class Decoded(NamedTuple):
    """A text, and the Python name of the encoding it was read by."""

    text: str
    encoding: str


def decode(data: bytes, *, labels: Iterable[str | None] = ()) -> Decoded:
    """The text of bytes. ``labels`` are encodings declared for them, the most believable first.

    A byte order mark decides, then UTF-8 by its form, then the first label that fits every byte, then the
    likeliest reading with U+FFFD for what is broken.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return Decoded(data[len(mark) :].decode(encoding, "replace"), encoding)
    for start, encoding in _BARE_WIDE:
        if data.startswith(start):
            return Decoded(data.decode(encoding, "replace"), encoding)
    named = [codec for codec in map(codec_of, labels) if codec is not None]
    seven_bit = [codec for codec in named if codec in _SEVEN_BIT]
    for encoding in (*seven_bit, "utf-8", *named):
        text = _strictly(data, encoding)
        if text is not None:
            return Decoded(text, encoding)
    if _is_damaged_utf8(data):
        return Decoded(data.decode("utf-8", "replace"), "utf-8")
    encoding = next((codec for codec in named if codec != "utf-8"), _LAST_RESORT)
    return Decoded(data.decode(encoding, "replace"), encoding)


def codec_of(label: str | None) -> str | None:
    """Python's name for what a label means on the web; None for one that is unknown or no text encoding."""
    try:
        info = codecs.lookup((label or "").strip())
        "".encode(info.name)
    except (LookupError, ValueError):
        return None
    # Only one of its spellings is allowed to be a wide one without a mark, and that was looked at before.
    if info.name.startswith(("utf-16", "utf-32", "utf-7", "unicode", "raw-unicode", "idna", "punycode")):
        return None
    return _AS_BROWSERS.get(info.name, info.name)


def declared_in_xml(data: bytes) -> str | None:
    """The encoding that an XML declaration names."""
    found = _XML_DECLARATION.match(data[:400])
    return found[1].decode("ascii") if found else None


def declared_in_type(content_type: str | None) -> str | None:
    """The charset parameter of a media type."""
    found = _CHARSET.search(content_type or "")
    return found[1] if found else None


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeError, ValueError):
        return None


def _is_damaged_utf8(data: bytes) -> bool:
    """Whether far more of the bytes beyond ASCII form UTF-8 characters than do not."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    formed = sum(1 for character in text if character > "\x7f") - broken
    return formed >= _FEW * broken
