"""What versions came as, to the byte."""

import hashlib
import zlib
from dataclasses import dataclass

import sqlalchemy as sa

from app.model import Received, VersionKey
from app.store.engine import Tx
from app.store.statements import Values
from app.store.tables import received


@dataclass(frozen=True, slots=True)
class ReceivedRow:
    """What one version came as, where that was another format than JSON of the contract."""

    version: VersionKey
    format: str
    media_type: str
    size: int
    """Bytes of the body."""
    sha256: bytes


def load_received(tx: Tx, version: VersionKey) -> ReceivedRow | None:
    """What is known of what a version came as; none where that is its JSON."""
    columns = (
        received.c.version,
        received.c.format,
        received.c.media_type,
        received.c.size,
        received.c.sha256,
    )
    row = tx.connection.execute(sa.select(*columns).where(received.c.version == version)).one_or_none()
    return None if row is None else ReceivedRow(*row)


def load_body(tx: Tx, version: VersionKey) -> bytes | None:
    """The bytes a version came as; none where they are its JSON."""
    body = tx.connection.scalar(sa.select(received.c.body).where(received.c.version == version))
    return None if body is None else zlib.decompress(body)


def received_values(version: VersionKey, of: Received) -> Values:
    """A row's columns."""
    return {
        "version": version,
        "format": of.format,
        "media_type": of.media_type,
        "size": len(of.body),
        "sha256": hashlib.sha256(of.body).digest(),
        "body": zlib.compress(of.body, 3),
    }
