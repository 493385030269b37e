"""Feeds that are pulled: what is asked for, what was seen of it, and how its hosts are to be treated."""

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Index, LargeBinary, Table, Text, UniqueConstraint

from app.store.columns import Json, ReceivedText, UtcDateTime
from app.store.tables.base import metadata

feed = Table(
    "feed",
    metadata,
    Column("id", Text, primary_key=True),
    # What people decide. `revision` counts their changes.
    Column("url", ReceivedText, nullable=False),
    Column("added_url", ReceivedText, nullable=False),
    Column("source", ReceivedText, nullable=False),
    Column("title", ReceivedText, nullable=False),
    Column("paused", sa.Boolean, nullable=False),
    Column("paused_why", ReceivedText),
    Column("identity", Text, nullable=False),
    Column("fetch_page", sa.Boolean, nullable=False),
    Column("every_s", sa.Integer),
    Column("created_at", UtcDateTime, nullable=False),
    Column("created_by", ReceivedText, nullable=False),
    Column("revision", sa.Integer, nullable=False),
    # What is known of it.
    Column("identity_used", Text, nullable=False),
    Column("identity_why", Text, nullable=False),
    Column("hub", ReceivedText),
    Column("ttl_s", sa.Integer),
    Column("skip_hours", Json, nullable=False),
    Column("skip_days", Json, nullable=False),
    Column("etag", ReceivedText),
    Column("last_modified", ReceivedText),
    Column("digest", LargeBinary),
    Column("moved_to", ReceivedText),
    Column("moved_times", sa.Integer, nullable=False),
    # When it is due, and who has it.
    Column("host", Text, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("interval_s", sa.Integer, nullable=False),
    Column("interval_why", Text, nullable=False),
    Column("lease_holder", Text),
    Column("lease_until", UtcDateTime),
    # How it went.
    Column("fetched_at", UtcDateTime),
    Column("succeeded_at", UtcDateTime),
    Column("status", sa.Integer),
    Column("failures", sa.Integer, nullable=False),
    Column("error_kind", Text),
    Column("error", ReceivedText),
    Column("error_at", UtcDateTime),
    Column("fetches", sa.Integer, nullable=False),
    Column("articles_new", sa.Integer, nullable=False),
    Column("articles_updated", sa.Integer, nullable=False),
    Column("entries_refused", sa.Integer, nullable=False),
    Column("refusal", ReceivedText),
    UniqueConstraint("url"),
    Index("ix_feed_due", "paused", "due_at"),
)

# An entry as it was last seen in its feed: what tells "new" from "updated" from "the same".
feed_entry = Table(
    "feed_entry",
    metadata,
    Column("feed", Text, ForeignKey("feed.id", ondelete="CASCADE"), primary_key=True),
    Column("key", LargeBinary, primary_key=True),
    Column("digest", LargeBinary),
    Column("external_id", ReceivedText),
    Column("guid", ReceivedText),
    Column("url", ReceivedText),
    Column("title", ReceivedText, nullable=False),
    Column("published_at", UtcDateTime),
    Column("article_id", Text),
    Column("tries", sa.Integer, nullable=False),
    Column("first_seen_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
)

# Politeness is shared by all workers on all machines, so it is kept here.
feed_host = Table(
    "feed_host",
    metadata,
    Column("host", Text, primary_key=True),
    Column("free_at", UtcDateTime, nullable=False),
    Column("failures", sa.Integer, nullable=False),
)
