"""The tables. Keys are integers given out in ascending order, so that inserts append.

Random keys stand only where something must be found by a hash: ``identity`` and ``url``.
"""

from app.store.tables.administering import administration, retention
from app.store.tables.articles import article, fingerprint, identity, page, url, version
from app.store.tables.base import metadata
from app.store.tables.curation import audit, link, link_end, pin
from app.store.tables.feeds import feed, feed_entry, feed_host
from app.store.tables.history import appointment, embargo_end, succession
from app.store.tables.index import posting, segment, segment_block
from app.store.tables.judging import furniture, rejudge, review
from app.store.tables.received import received
from app.store.tables.service import api_key, counter, idempotency, key_usage, lease
from app.store.tables.staleness import correction, stale, stale_due
from app.store.tables.stories import change, decision, edge, membership, story
from app.store.tables.webhooks import delivery, delivery_attempt, webhook

__all__ = [
    "administration",
    "api_key",
    "appointment",
    "article",
    "audit",
    "change",
    "correction",
    "counter",
    "decision",
    "delivery",
    "delivery_attempt",
    "edge",
    "embargo_end",
    "feed",
    "feed_entry",
    "feed_host",
    "fingerprint",
    "furniture",
    "idempotency",
    "identity",
    "key_usage",
    "lease",
    "link",
    "link_end",
    "membership",
    "metadata",
    "page",
    "pin",
    "posting",
    "received",
    "rejudge",
    "retention",
    "review",
    "segment",
    "segment_block",
    "stale",
    "stale_due",
    "story",
    "succession",
    "url",
    "version",
    "webhook",
]
