"""What the server of a feed is asked, and what its answers mean."""

from datetime import datetime
from typing import NamedTuple

from app.net.client import Fetched
from app.services.cadence import retry_after_s
from app.store.feeds import FeedRow

ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml,"
    " application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5"
)


class Failure(NamedTuple):
    """A fetch that came to nothing."""

    kind: str
    """A ``Fault``, ``http-<status>``, or the code of the error that the document met."""
    detail: str
    retry_after_s: int = 0
    blames_host: bool = False
    """Whether other feeds of the host would fare no better."""


def conditions(feed: FeedRow) -> dict[str, str]:
    """The header fields of a conditional request (RFC 9110, section 13.1)."""
    fields = {"Accept": ACCEPT, "If-None-Match": feed.etag, "If-Modified-Since": feed.last_modified}
    return {name: value for name, value in fields.items() if value}


def bad_status(answer: Fetched, now: datetime) -> Failure:
    """An answer that is neither a document nor 304."""
    slow_down = answer.status in {429, 503}
    wait_s = retry_after_s(answer.headers, now)
    told = f"The server answered {answer.status}" + (f", retry after {wait_s} s." if wait_s else ".")
    return Failure(f"http-{answer.status}", told, wait_s, blames_host=slow_down)


def validator(answer: Fetched, name: str) -> str | None:
    """A validator to send back; none that could not be sent."""
    value = answer.headers.get(name, "")
    return value if 0 < len(value) <= 1_000 and value.isascii() and value.isprintable() else None
