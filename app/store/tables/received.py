"""What versions came as, where that was another format than JSON of the contract."""

from sqlalchemy import Column, ForeignKey, LargeBinary, Table, Text

from app.store.columns import Key, ReceivedText
from app.store.tables.base import metadata

# ``body`` is compressed; ``size`` and ``sha256`` are of the bytes as they came. Text first, so that what is
# shown of a version need not walk past the body.
received = Table(
    "received",
    metadata,
    Column("version", Key, ForeignKey("version.key"), primary_key=True, autoincrement=False),
    Column("format", Text, nullable=False),
    Column("media_type", ReceivedText, nullable=False),
    Column("size", Key, nullable=False),
    Column("sha256", LargeBinary(32), nullable=False),
    Column("body", LargeBinary, nullable=False),
)
