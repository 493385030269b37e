"""HTML pages as they are posted: the page as bytes, with what it says of itself where that is borne out."""

import re
from datetime import datetime

from app.errors import MissingField
from app.model import Submission
from app.parsing.encodings import decode
from app.parsing.html import read_html, read_statements
from app.parsing.json_text import JsonValue
from app.parsing.page_hints import Hints
from app.parsing.reader import Defaults, make_submission
from app.parsing.urls import host_of

_META_CHARSET = re.compile(
    rb"""<meta[^>]{0,300}?charset\s*=\s*["']?\s*([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE
)
_HEAD = 4_096
"""Bytes in which a page names its charset; the standard says 1024, many pages are late."""


def read_posted_page(data: bytes, defaults: Defaults) -> Submission:
    """The article of a page. What the query says goes before what the page says of itself.

    ``source`` is the query's, else the host of the query's ``url``, else the host on which two statements of
    the page agree. Raises MissingField where there is none.
    """
    html = _decoded(data, defaults)
    url = defaults.fields.get("url")
    page = read_html(html, url=url)
    source = defaults.fields.get("source") or host_of(url) or page.hints.source
    if source is None:
        raise MissingField(
            "The page does not say reliably whose it is.",
            field="source",
            fix="Add ?source= with the name of who printed it, or ?url= with the page's address.",
        )
    fields = {**_said(page.hints), "title": page.title, **defaults.fields, "source": source, "html": html}
    return make_submission(fields, data, defaults)


def published_of(data: bytes, defaults: Defaults) -> datetime | None:
    """When the page says it was published, where that is believed; its text is not looked for."""
    return read_statements(_decoded(data, defaults), url=defaults.fields.get("url")).published_at


def _decoded(data: bytes, defaults: Defaults) -> str:
    declared = _META_CHARSET.search(data[:_HEAD])
    html, _ = decode(data, labels=(defaults.charset, declared[1].decode() if declared else None))
    return html


def _said(hints: Hints) -> dict[str, JsonValue]:
    return {
        "canonical_url": hints.canonical_url,
        "published_at": hints.published_at.isoformat() if hints.published_at else None,
        "updated_at": hints.updated_at.isoformat() if hints.updated_at else None,
        "language": hints.language,
        "byline": hints.byline,
        "agency": hints.agency,
        "genre": hints.genre,
        "ed_note": hints.ed_note,
        "metadata": {**hints.kept, **({"not_believed": hints.doubted} if hints.doubted else {})},
    }
