"""API keys. Only a digest of the secret is stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.store.engine import Tx
from app.store.statements import insert
from app.store.tables import api_key


@dataclass(frozen=True, slots=True)
class ApiKeyRow:
    """One key; usable until it is revoked."""

    id: str
    name: str
    hash: bytes
    scopes: tuple[str, ...]
    created_at: datetime
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None


def add(tx: Tx, row: ApiKeyRow) -> None:
    """Store a key."""
    values = {
        "id": row.id,
        "name": row.name,
        "hash": row.hash,
        "scopes": row.scopes,
        "created_at": row.created_at,
        "last_used_at": row.last_used_at,
        "revoked_at": row.revoked_at,
    }
    insert(tx, api_key, [values])


def find_by_hash(tx: Tx, digest: bytes) -> ApiKeyRow | None:
    """The key of that digest, revoked or not."""
    rows = _rows(tx, sa.select(api_key).where(api_key.c.hash == digest))
    return rows[0] if rows else None


def load_all(tx: Tx) -> Sequence[ApiKeyRow]:
    """Every key, oldest first."""
    return _rows(tx, sa.select(api_key).order_by(api_key.c.created_at, api_key.c.id))


def count(tx: Tx) -> int:
    """How many keys there ever were. Revoked ones count: revoking the last must not open the door."""
    return tx.connection.execute(sa.select(sa.func.count()).select_from(api_key)).scalar_one()


def revoke(tx: Tx, key_id: str, *, now: datetime) -> bool:
    """Make a key unusable; false where there is none of that ID that was usable."""
    usable = (api_key.c.id == key_id) & api_key.c.revoked_at.is_(None)
    return tx.connection.execute(api_key.update().where(usable).values(revoked_at=now)).rowcount == 1


def touch(tx: Tx, key_id: str, *, now: datetime) -> None:
    """Note that a key was used."""
    tx.connection.execute(api_key.update().where(api_key.c.id == key_id).values(last_used_at=now))


def _rows(tx: Tx, statement: sa.Select[*tuple[Any, ...]]) -> list[ApiKeyRow]:
    return [
        ApiKeyRow(
            row.id, row.name, row.hash, tuple(row.scopes), row.created_at, row.last_used_at, row.revoked_at
        )
        for row in tx.connection.execute(statement)
    ]
