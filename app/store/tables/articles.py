"""Articles: identities, versions, and what belongs to one version."""

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Index, LargeBinary, Table, Text

from app.store.columns import Json, Key, ReceivedText, UtcDateTime
from app.store.tables.base import key, metadata, ref

article = Table(
    "article",
    metadata,
    key(),
    Column("id", Text, nullable=False, unique=True),
    Column("source", ReceivedText, nullable=False),
    Column("external_id", ReceivedText),
    ref("founder"),
    ref("current"),
    Column("created_at", UtcDateTime, nullable=False),
    ref("created_position"),
    Column("deleted_at", UtcDateTime),
)

identity = Table(
    "identity",
    metadata,
    Column("key", LargeBinary(16), primary_key=True),
    ref("article", "article.key"),
    sqlite_with_rowid=False,
)

url = Table(
    "url",
    metadata,
    Column("key", LargeBinary(16), primary_key=True),
    Column("article", Key, ForeignKey("article.key"), primary_key=True),
    sqlite_with_rowid=False,
)

version = Table(
    "version",
    metadata,
    key(),
    ref("article", "article.key"),
    Column("number", sa.Integer, nullable=False),
    ref("position"),
    Column("received_at", UtcDateTime, nullable=False),
    Column("published_at", UtcDateTime),
    Column("updated_at", UtcDateTime),
    Column("declared", ReceivedText),
    Column("status", Text, nullable=False),
    Column("embargoed_until", UtcDateTime),
    Column("released", sa.Boolean, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("title", ReceivedText, nullable=False),
    Column("source", ReceivedText, nullable=False),
    Column("language", ReceivedText),
    Column("agency", ReceivedText),
    Column("slug", ReceivedText),
    Column("genre", ReceivedText),
    Column("tag_kind", Text),
    Column("tag_number", Key),
    Column("place", ReceivedText),
    Column("filed_on", ReceivedText),
    Column("word_count", sa.Integer, nullable=False),
    Column("notice", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.UniqueConstraint("article", "number"),
)
Index(
    "ix_version_embargoed",
    version.c.embargoed_until,
    sqlite_where=sa.text("released = 0"),
    postgresql_where=sa.text("NOT released"),
)

Index(
    "ix_version_notice",
    version.c.source,
    sqlite_where=sa.text("notice = 1"),
    postgresql_where=sa.text("notice"),
)

# Compressed; ``text`` is NULL where the JSON in ``raw`` carries the very same text.
page = Table(
    "page",
    metadata,
    Column("version", Key, ForeignKey("version.key"), primary_key=True, autoincrement=False),
    Column("url", ReceivedText),
    Column("byline", ReceivedText),
    Column("dateline_place", ReceivedText),
    Column("dateline_date", ReceivedText),
    Column("provenance", ReceivedText),
    Column("passages", Json, nullable=False),
    Column("repeats", Json, nullable=False),
    Column("removed", Json, nullable=False),
    Column("text", LargeBinary),
    Column("raw", LargeBinary, nullable=False),
)

# Arrays are little-endian, as NumPy holds them.
fingerprint = Table(
    "fingerprint",
    metadata,
    Column("version", Key, ForeignKey("version.key"), primary_key=True, autoincrement=False),
    Column("profile", Text, primary_key=True),
    Column("digest", LargeBinary, nullable=False),
    Column("title", LargeBinary, nullable=False),
    Column("keys", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    Column("lead_signature", LargeBinary, nullable=False),
    Column("flags", LargeBinary, nullable=False),
    Column("words", LargeBinary, nullable=False),
)
