"""Stories: what is in which, judged pairs, what was decided, and the change feed."""

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Index, Table, Text

from app.store.columns import Json, Key, ReceivedText, UtcDateTime
from app.store.tables.base import key, metadata, ref

story = Table(
    "story",
    metadata,
    Column("founder", Key, ForeignKey("article.key"), primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False, unique=True),
    ref("canonical", null=True),
    Column("members", sa.Integer, nullable=False),
    Column("first_seen", UtcDateTime, nullable=False),
    Column("last_seen", UtcDateTime, nullable=False),
    ref("founded_position"),
    ref("changed_position"),
)

# Rows are added and closed, never changed otherwise: ``until`` is NULL while a membership lasts.
membership = Table(
    "membership",
    metadata,
    Column("article", Key, ForeignKey("article.key"), primary_key=True, autoincrement=False),
    key("since"),
    ref("founder", "story.founder"),
    ref("until", null=True),
    Column("by", ReceivedText, nullable=False),
    Column("why", ReceivedText, nullable=False),
    Index(None, "founder", "article"),
)

edge = Table(
    "edge",
    metadata,
    key("version_a"),
    key("version_b"),
    Column("a", Key, nullable=False, index=True),
    Column("b", Key, nullable=False, index=True),
    Column("relation", Text, nullable=False),
    Column("revision_kind", Text),
    Column("weight", sa.Double, nullable=False),
    Column("jaccard", sa.Double, nullable=False),
    Column("containment", sa.Double, nullable=False),
    ref("position"),
    Index(None, "version_b"),
    sqlite_with_rowid=False,
)

decision = Table(
    "decision",
    metadata,
    Column("version", Key, ForeignKey("version.key"), primary_key=True, autoincrement=False),
    ref("position"),
    Column("relation", Text, nullable=False),
    Column("revision_kind", Text),
    ref("matched", null=True),
    Column("matched_id", Text),
    Column("jaccard", sa.Double, nullable=False),
    Column("containment", sa.Double, nullable=False),
    Column("probability", sa.Double, nullable=False),
    Column("rule", Text, nullable=False),
    Column("profile", Text, nullable=False),
    Column("policy", Text, nullable=False),
    Column("furniture", Text, nullable=False),
    Column("reasons", Json, nullable=False),
    Column("signals", Json, nullable=False),
    Column("related", Json, nullable=False),
)

change = Table(
    "change",
    metadata,
    key("position"),
    Column("type", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("payload", Json, nullable=False),
)
