"""What stood when: which version spoke from which position on. Rows are added, never changed.

Where an article was stands in ``membership``; here is the rest that ``as_of`` needs.
"""

from sqlalchemy import Column, ForeignKey, Table

from app.store.columns import Key
from app.store.tables.base import key, metadata, ref

# The version that speaks for a story; NULL from where the story was absorbed.
appointment = Table(
    "appointment",
    metadata,
    key("founder"),
    key("since"),
    ref("version", null=True),
    sqlite_with_rowid=False,
)

# The current version of an article, where that is not the first: one that was revised.
succession = Table(
    "succession",
    metadata,
    key("article"),
    key("since"),
    ref("version"),
    sqlite_with_rowid=False,
)

# Where embargoes ended. What is not here and is released was so on arrival.
embargo_end = Table(
    "embargo_end",
    metadata,
    Column("version", Key, ForeignKey("version.key"), primary_key=True, autoincrement=False),
    ref("position"),
)
