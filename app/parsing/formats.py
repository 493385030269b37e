"""The formats that are read, by media type and by the name that ``?format=`` takes.

Nothing is guessed from the bytes: ``application/xml`` says no more than that it is XML, so it needs the name.
"""

from dataclasses import dataclass

from app.model import Submission
from app.parsing.feed_format import read_posted_feed
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
FORMATS: dict[str, Format] = {each.name: each for each in (JSON, TEXT, HTML, RSS, ATOM, JSON_FEED)}
_BY_MEDIA_TYPE = {kind: each for each in FORMATS.values() for kind in each.media_types}


def format_named(name: str) -> Format | None:
    """The format of that name."""
    return FORMATS.get(name)


def format_of(media_type: str) -> Format | None:
    """The format that a media type (lower case, without parameters) means."""
    found = _BY_MEDIA_TYPE.get(media_type)
    if found is None and media_type.startswith("application/") and media_type.endswith("+json"):
        return JSON
    return found
