"""Feeds as they are posted: RSS, RDF, Atom or JSON Feed to a submission for each entry.

Any of the three names reads any of the flavours: feeds are mislabelled more often than articles are.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from app.errors import WirefoldError
from app.parsing.feed_document import FeedDocument, entry_fields, read_feed
from app.parsing.feed_identity import choose_identity
from app.parsing.reader import Defaults, Parsed, make_submission
from app.parsing.urls import host_of, site_of


def read_posted_feed(data: bytes, defaults: Defaults) -> list[Parsed]:
    """The articles of a feed, in its order. Raises what ``read_feed`` raises.

    What a feed says of its GUIDs in one document (all the same, one for several addresses) decides by which
    fields its entries are known.
    """
    feed = read_feed(data, content_type=defaults.media_type)
    identity = choose_identity(feed.entries).fields
    source = defaults.fields.get("source") or _own_source(feed)
    outcomes: list[Parsed] = []
    for entry in feed.entries:
        kind = defaults.media_type if entry.encoding == "utf-8" else _with_charset(defaults, entry.encoding)
        try:
            fields = {**entry_fields(entry, identity), "source": source}
            outcomes.append(make_submission(fields, entry.raw, replace(defaults, media_type=kind)))
        except WirefoldError as error:
            outcomes.append(error)
    return outcomes


def _own_source(feed: FeedDocument) -> str | None:
    """The feed's site where it says whose it is and most of its entries lie there; else nobody's."""
    site = site_of(feed.home_url or feed.self_url)
    if site is None:
        return None
    sites: Mapping[str | None, int] = Counter(site_of(entry.url) for entry in feed.entries)
    return host_of(feed.home_url or feed.self_url) if 2 * sites.get(site, 0) > len(feed.entries) else None


def _with_charset(defaults: Defaults, encoding: str) -> str:
    return f"{defaults.media_type.partition(';')[0].strip()}; charset={encoding}"
