"""The key index, whose layout has its own reasons: docs/decisions/0002-key-index.md."""

import sqlalchemy as sa
from sqlalchemy import Column, LargeBinary, Table, Text

from app.store.columns import Json, Key, UtcDateTime
from app.store.tables.base import key, metadata, ref

# The log of keys: rows not yet sealed into a segment.
posting = Table(
    "posting",
    metadata,
    key("seq"),
    Column("profile", Text, nullable=False),
    ref("version"),
    Column("keys", LargeBinary, nullable=False),
)

# ``state`` is building, live or dead; ``merge`` is how far a building segment has come;
# What it holds was posted from ``since`` to ``until``, or a little earlier.
# ``last_version`` is the last version there was when the newest of it was sealed, posted or not.
# ``erased`` counts how often entries were taken out of its blocks, which are else never changed.
segment = Table(
    "segment",
    metadata,
    key("id"),
    Column("profile", Text, nullable=False),
    Column("level", sa.Integer, nullable=False),
    ref("first_seq"),
    ref("last_seq"),
    Column("entries", Key, nullable=False),
    Column("blocks", sa.Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("until", UtcDateTime, nullable=False),
    ref("last_version"),
    Column("merge", Json),
    Column("erased", sa.Integer, nullable=False, default=0),
)

# ``id`` is the segment's shifted left by 20, plus the block's number. The filter stands before the
# long blobs, so that loading filters need not walk past those.
segment_block = Table(
    "segment_block",
    metadata,
    key("id"),
    Column("first_key", Key, nullable=False),
    Column("filter", LargeBinary, nullable=False),
    Column("keys", LargeBinary, nullable=False),
    Column("versions", LargeBinary, nullable=False),
)
