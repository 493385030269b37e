"""Copies that still say what their origin has corrected or withdrawn."""

from sqlalchemy import Column, ForeignKey, Index, Table, Text

from app.store.columns import Json, Key, ReceivedText, UtcDateTime
from app.store.tables.base import key, metadata, ref

# Versions that correct or withdraw what was said before them.
correction = Table(
    "correction",
    metadata,
    Column("version", Key, ForeignKey("version.key"), primary_key=True, autoincrement=False),
    Column("article", Key, ForeignKey("article.key"), nullable=False, index=True),
)

# Articles to be laid beside the corrections of their story, and where the feed stood when that was found.
# Rows are done and gone.
stale_due = Table(
    "stale_due",
    metadata,
    Column("article", Key, ForeignKey("article.key"), primary_key=True, autoincrement=False),
    ref("position"),
)

# Rows are added and closed: ``outcome`` is NULL while a copy is stale. A dismissal may be undone, which
# changes the outcome.
# ``passages`` are spans only: what stands there is cut out of the pages when it is read.
stale = Table(
    "stale",
    metadata,
    key("position"),
    Column("id", Text, nullable=False, unique=True),
    ref("article", "article.key"),
    ref("version", "version.key"),
    ref("correction", "version.key"),
    Column("reason", Text, nullable=False),
    Column("passages", Json, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("outcome", Text),
    ref("closed", null=True),
    Column("closed_at", UtcDateTime),
    Column("by", ReceivedText),
    Column("why", ReceivedText),
    Index(None, "article"),
    Index(None, "outcome", "position"),
)
