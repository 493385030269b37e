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
)

lease = Table(
    "lease",
    metadata,
    Column("name", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("until", UtcDateTime, nullable=False),
)
