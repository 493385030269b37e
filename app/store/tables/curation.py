"""What people decide: links between articles, pinned versions, and the log of who did what and why."""

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Index, Table, Text

from app.store.columns import Json, Key, ReceivedText, UtcDateTime
from app.store.tables.base import key, metadata, ref

# ``replaces`` is the link of which this one is what was left when somebody overruled a part of it.
# Rows are added and closed, never changed otherwise: ``until`` is NULL while a person's word counts.
link = Table(
    "link",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    ref("since"),
    ref("until", null=True),
    Column("by", ReceivedText, nullable=False),
    Column("why", ReceivedText, nullable=False),
    Column("audit", Text),
    Column("replaces", Text, index=True),
)

# The articles that a link speaks of. A must has one side; a cannot keeps its sides apart.
link_end = Table(
    "link_end",
    metadata,
    Column("link", Text, ForeignKey("link.id"), primary_key=True),
    Column("article", Key, ForeignKey("article.key"), primary_key=True, autoincrement=False),
    Column("side", sa.Integer, nullable=False),
    Index(None, "article"),
)

# ``version`` is NULL where the pin goes with the article, whatever version it has.
pin = Table(
    "pin",
    metadata,
    Column("article", Key, ForeignKey("article.key"), primary_key=True, autoincrement=False),
    key("since"),
    Column("version", Key, ForeignKey("version.key")),
    ref("until", null=True),
    Column("by", ReceivedText, nullable=False),
    Column("why", ReceivedText, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    key("position"),
    Column("id", Text, nullable=False, unique=True),
    Column("at", UtcDateTime, nullable=False),
    Column("by", ReceivedText, nullable=False),
    Column("action", Text, nullable=False),
    Column("why", ReceivedText, nullable=False),
    Column("undoes", Text, index=True),
    Column("asked", Json, nullable=False),
    Column("did", Json, nullable=False),
    Column("before", Json, nullable=False),
    Column("after", Json, nullable=False),
)
