"""The service's own: numbers given out, keys, leases, answers kept for a retry."""

import sqlalchemy as sa
from sqlalchemy import Column, LargeBinary, Table, Text

from app.store.columns import Json, Key, ReceivedText, UtcDateTime
from app.store.tables.base import metadata

counter = Table(
    "counter",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Key, nullable=False),
)

# ``status`` and ``body`` are NULL while the first request of that key is under way.
idempotency = Table(
    "idempotency",
    metadata,
    Column("scope", ReceivedText, primary_key=True),
    Column("key", ReceivedText, primary_key=True),
    Column("request_digest", LargeBinary, nullable=False),
    Column("status", sa.Integer),
    Column("body", LargeBinary),
    Column("created_at", UtcDateTime, nullable=False, index=True),
)

api_key = Table(
    "api_key",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", ReceivedText, nullable=False),
    Column("hash", LargeBinary, nullable=False, unique=True),
    Column("scopes", Json, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("last_used_at", UtcDateTime),
    Column("revoked_at", UtcDateTime),
    Column("sources", Json),
    Column("expires_at", UtcDateTime),
    Column("requests_per_minute", sa.Integer),
    Column("articles_per_day", sa.Integer),
    Column("previous_hash", LargeBinary),
    Column("previous_until", UtcDateTime),
)
sa.Index("ix_api_key_previous_hash", api_key.c.previous_hash, unique=True)

# Articles that keys with a quota have sent or have room taken for, by day since 1970 in UTC.
key_usage = Table(
    "key_usage",
    metadata,
    Column("key", Text, sa.ForeignKey("api_key.id"), primary_key=True),
    Column("day", sa.Integer, primary_key=True),
    Column("articles", Key, nullable=False),
)

lease = Table(
    "lease",
    metadata,
    Column("name", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("until", UtcDateTime, nullable=False),
)
