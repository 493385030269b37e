"""The formats that are read, by media type and by the name that ``?format=`` takes.

Nothing is guessed from the bytes: ``application/xml`` says no more than that it is XML, so it needs the name.
"""

from dataclasses import dataclass

from app.model import Submission
from app.parsing.ap import read_ap
from app.parsing.feed_format import read_posted_feed
from app.parsing.newsml_1 import read_newsml_1
from app.parsing.newsml_g2 import read_newsml_g2
from app.parsing.ninjs import read_ninjs
from app.parsing.nitf import read_nitf
from app.parsing.page_format import read_posted_page
from app.parsing.reader import Defaults, Reader
from app.parsing.submission import read_submission
from app.parsing.text_format import read_posted_text


@dataclass(frozen=True, slots=True)
class Format:
    """One format: its name, the media types that mean it, and its reader."""

    name: str
    says: str
    read: Reader
    media_types: tuple[str, ...] = ()
    is_json: bool = False
    """Its articles are JSON objects, so that a batch of them is NDJSON or a JSON array."""


def _read_contract(data: bytes, defaults: Defaults) -> Submission:
    return read_submission(data, defaults.bounds, offset=defaults.offset)


JSON = Format("json", "JSON of the contract", _read_contract, ("application/json", "text/json"), is_json=True)
TEXT = Format("text", "Plain text, the rest in the query", read_posted_text, ("text/plain",))
HTML = Format("html", "An HTML page", read_posted_page, ("text/html", "application/xhtml+xml"))
RSS = Format("rss", "RSS 2.0, 1.0, 0.9x", read_posted_feed, ("application/rss+xml", "application/rdf+xml"))
ATOM = Format("atom", "Atom 1.0 or 0.3", read_posted_feed, ("application/atom+xml",))
JSON_FEED = Format("jsonfeed", "JSON Feed 1.1 or 1.0", read_posted_feed, ("application/feed+json",))
NEWSML_G2 = Format(
    "newsml-g2",
    "NewsML-G2: a newsItem, or a newsMessage of several",
    read_newsml_g2,
    tuple(f"application/vnd.iptc.g2.{kind}+xml" for kind in ("newsitem", "newsmessage", "packageitem")),
)
NITF = Format("nitf", "NITF", read_nitf, ("application/nitf+xml", "application/vnd.iptc.nitf+xml"))
NEWSML_1 = Format("newsml-1", "NewsML 1.x, as AFP, ANA and Business Wire send it", read_newsml_1)
NINJS = Format(
    "ninjs",
    "ninjs 1.0 to 3.1: an item, or an array of several",
    read_ninjs,
    ("application/vnd.iptc.ninjs+json", "application/ninjs+json"),
    is_json=True,
)
AP = Format("ap", "AP Media API: an item, or a page of a feed", read_ap)
FORMATS: dict[str, Format] = {
    each.name: each for each in (JSON, TEXT, HTML, RSS, ATOM, JSON_FEED, NINJS, NEWSML_G2, NEWSML_1, NITF, AP)
}
_BY_MEDIA_TYPE = {kind: each for each in FORMATS.values() for kind in each.media_types}


def format_of(media_type: str) -> Format | None:
    """The format that a media type (lower case, without parameters) means."""
    found = _BY_MEDIA_TYPE.get(media_type)
    if found is None and media_type.startswith("application/") and media_type.endswith("+json"):
        return JSON
    return found
