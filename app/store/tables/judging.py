"""What judging leaves to do or to look at: furniture of sources, pairs to judge again, doubts."""

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, LargeBinary, Table, Text

from app.store.columns import Json, Key, ReceivedText, UtcDateTime
from app.store.tables.base import key, metadata, ref

furniture = Table(
    "furniture",
    metadata,
    Column("id", Text, primary_key=True),
    Column("source", ReceivedText, nullable=False, index=True),
    Column("state", Text, nullable=False),
    Column("text", ReceivedText, nullable=False),
    Column("words", sa.Integer, nullable=False),
    Column("shingles", LargeBinary, nullable=False),
    Column("tokeniser", Text, nullable=False),
    Column("pages", Json, nullable=False),
    Column("version", Key, nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False),
    Column("by", ReceivedText, nullable=False),
    Column("why", ReceivedText, nullable=False),
)

# Versions whose pairs are to be judged again: furniture of theirs became known, or was taken back.
rejudge = Table(
    "rejudge",
    metadata,
    Column("version", Key, ForeignKey("version.key"), primary_key=True, autoincrement=False),
)

# Rows of decisions that a person should look at: few of a hundred arrivals.
review = Table(
    "review",
    metadata,
    key("position"),
    ref("version", "version.key"),
    ref("other", "version.key"),
    Column("at", UtcDateTime, nullable=False),
    Column("reason", Text, nullable=False),
    Column("relation", Text, nullable=False),
    Column("probability", sa.Double, nullable=False),
    Column("policy", Text, nullable=False),
)
