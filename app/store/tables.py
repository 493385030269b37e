"""The tables. Keys are integers given out in ascending order, so that inserts append.

Random keys stand only where something must be found by a hash: ``identity`` and ``url``.
The index of keys has its own reasons: docs/decisions/0002-key-index.md.
"""

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Index, LargeBinary, MetaData, Table, Text

from app.store.columns import Json, Key, ReceivedText, UtcDateTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _key(name: str = "key") -> Column[int]:
    """A primary key whose numbers come from ``counter`` or from another table."""
    return Column(name, Key, primary_key=True, autoincrement=False)


def _ref(name: str, target: str | None = None, *, null: bool = False) -> Column[int]:
    """A number of another table's row; checked by the database where ``target`` is given."""
    return Column(name, Key, *([ForeignKey(target)] if target else []), nullable=null)


counter = Table(
    "counter",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Key, nullable=False),
)

# ------------------------------------------------------------------------------------------------ articles
article = Table(
    "article",
    metadata,
    _key(),
    Column("id", Text, nullable=False, unique=True),
    Column("source", ReceivedText, nullable=False),
    Column("external_id", ReceivedText),
    _ref("founder"),
    _ref("current"),
    Column("created_at", UtcDateTime, nullable=False),
    _ref("created_position"),
)

identity = Table(
    "identity",
    metadata,
    Column("key", LargeBinary(16), primary_key=True),
    _ref("article", "article.key"),
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
    _key(),
    _ref("article", "article.key"),
    Column("number", sa.Integer, nullable=False),
    _ref("position"),
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
    sa.UniqueConstraint("article", "number"),
)
Index(
    "ix_version_embargoed",
    version.c.embargoed_until,
    sqlite_where=sa.text("released = 0"),
    postgresql_where=sa.text("NOT released"),
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

# ------------------------------------------------------------------------------------------------- stories
story = Table(
    "story",
    metadata,
    Column("founder", Key, ForeignKey("article.key"), primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False, unique=True),
    _ref("canonical", null=True),
    Column("members", sa.Integer, nullable=False),
    Column("first_seen", UtcDateTime, nullable=False),
    Column("last_seen", UtcDateTime, nullable=False),
    _ref("founded_position"),
    _ref("changed_position"),
)

# Rows are added and closed, never changed otherwise: ``until`` is NULL while a membership lasts.
membership = Table(
    "membership",
    metadata,
    Column("article", Key, ForeignKey("article.key"), primary_key=True, autoincrement=False),
    _key("since"),
    _ref("founder", "story.founder"),
    _ref("until", null=True),
    Column("by", ReceivedText, nullable=False),
    Column("why", ReceivedText, nullable=False),
    Index(None, "founder", "article"),
)

edge = Table(
    "edge",
    metadata,
    _key("version_a"),
    _key("version_b"),
    Column("a", Key, nullable=False, index=True),
    Column("b", Key, nullable=False, index=True),
    Column("relation", Text, nullable=False),
    Column("revision_kind", Text),
    Column("weight", sa.Double, nullable=False),
    Column("jaccard", sa.Double, nullable=False),
    Column("containment", sa.Double, nullable=False),
    _ref("position"),
    Index(None, "version_b"),
    sqlite_with_rowid=False,
)

link = Table(
    "link",
    metadata,
    _key("a"),
    _key("b"),
    _key("since"),
    Column("kind", Text, nullable=False),
    _ref("until", null=True),
    Column("by", ReceivedText, nullable=False),
    Column("why", ReceivedText, nullable=False),
    Index(None, "b"),
)

decision = Table(
    "decision",
    metadata,
    Column("version", Key, ForeignKey("version.key"), primary_key=True, autoincrement=False),
    _ref("position"),
    Column("relation", Text, nullable=False),
    Column("revision_kind", Text),
    _ref("matched", null=True),
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
    _key("position"),
    _ref("version", "version.key"),
    _ref("other", "version.key"),
    Column("at", UtcDateTime, nullable=False),
    Column("reason", Text, nullable=False),
    Column("relation", Text, nullable=False),
    Column("probability", sa.Double, nullable=False),
    Column("policy", Text, nullable=False),
)

change = Table(
    "change",
    metadata,
    _key("position"),
    Column("type", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("payload", Json, nullable=False),
)

# ------------------------------------------------------------------------------------------------- service
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

# --------------------------------------------------------------------------------------------------- index
# The log of keys: rows not yet sealed into a segment.
posting = Table(
    "posting",
    metadata,
    _key("seq"),
    Column("profile", Text, nullable=False),
    _ref("version"),
    Column("keys", LargeBinary, nullable=False),
)

# ``state`` is building, live or dead; ``merge`` is how far a building segment has come.
segment = Table(
    "segment",
    metadata,
    _key("id"),
    Column("profile", Text, nullable=False),
    Column("level", sa.Integer, nullable=False),
    _ref("first_seq"),
    _ref("last_seq"),
    Column("entries", Key, nullable=False),
    Column("blocks", sa.Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("merge", Json),
)

# ``id`` is the segment's shifted left by 20, plus the block's number. The filter stands before the
# long blobs, so that loading filters need not walk past those.
segment_block = Table(
    "segment_block",
    metadata,
    _key("id"),
    Column("first_key", Key, nullable=False),
    Column("filter", LargeBinary, nullable=False),
    Column("keys", LargeBinary, nullable=False),
    Column("versions", LargeBinary, nullable=False),
)
