"""What administrators do: the log of it, and how long the texts of sources are kept."""

import sqlalchemy as sa
from sqlalchemy import Column, Table, Text

from app.store.columns import Json, ReceivedText, UtcDateTime
from app.store.tables.base import metadata

# ``subject`` is the ID of a key or an article, or the name of a source.
administration = Table(
    "administration",
    metadata,
    Column("id", Text, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("by", ReceivedText, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", ReceivedText, nullable=False, index=True),
    Column("why", ReceivedText, nullable=False),
    Column("before", Json),
    Column("after", Json),
)

# Days that a source's texts are kept; 0 is for ever. Sources without a row follow the setting.
retention = Table(
    "retention",
    metadata,
    Column("source", ReceivedText, primary_key=True),
    Column("days", sa.Integer, nullable=False),
)
