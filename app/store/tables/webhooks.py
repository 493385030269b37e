"""Webhooks: the endpoints that are called, what is to be delivered to each, and every attempt."""

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Index, LargeBinary, Table, Text

from app.store.columns import Json, Key, ReceivedText, UtcDateTime
from app.store.tables.base import key, metadata, ref

# ``cursor`` is how far into the change feed deliveries have been made of it. Secrets stand as they are: to
# sign needs them.
webhook = Table(
    "webhook",
    metadata,
    Column("id", Text, primary_key=True),
    Column("url", ReceivedText, nullable=False),
    Column("description", ReceivedText, nullable=False),
    Column("interest", Json, nullable=False),
    Column("unreleased", sa.Boolean, nullable=False),
    Column("ordered", sa.Boolean, nullable=False),
    Column("state", Text, nullable=False),
    Column("why", ReceivedText),
    ref("cursor"),
    ref("replay_after", null=True),
    ref("replay_upto", null=True),
    Column("failing_since", UtcDateTime),
    Column("slow", sa.Boolean, nullable=False),
    Column("secret", LargeBinary, nullable=False),
    Column("old_secret", LargeBinary),
    Column("old_secret_until", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    Column("created_by", ReceivedText, nullable=False),
)

# ``position`` is NULL for a test. A claim is ``claimed_until``: whoever set it delivers until then.
delivery = Table(
    "delivery",
    metadata,
    key(),
    Column("webhook", Text, ForeignKey("webhook.id"), nullable=False),
    Column("message", Text, nullable=False),
    ref("position", null=True),
    Column("type", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", sa.Integer, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("claimed_until", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    Column("settled_at", UtcDateTime, index=True),
    Index(None, "webhook", "key"),
)
Index(
    "ix_delivery_waiting",
    delivery.c.webhook,
    delivery.c.due_at,
    sqlite_where=sa.text("state = 'waiting'"),
    postgresql_where=sa.text("state = 'waiting'"),
)

delivery_attempt = Table(
    "delivery_attempt",
    metadata,
    Column("delivery", Key, ForeignKey("delivery.key"), primary_key=True, autoincrement=False),
    Column("number", sa.Integer, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("ms", sa.Integer, nullable=False),
    Column("status", sa.Integer),
    Column("fault", Text),
    Column("answer", LargeBinary, nullable=False),
)
