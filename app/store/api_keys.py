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
    """One key; usable until it expires or is revoked."""

    id: str
    name: str
    hash: bytes
    scopes: tuple[str, ...]
    created_at: datetime
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None
    sources: tuple[str, ...] | None = None
    """What it is bound to; none where it is for all sources."""
    expires_at: datetime | None = None
    requests_per_minute: int | None = None
    articles_per_day: int | None = None
    previous_hash: bytes | None = None
    """Of the secret before the last rotation …"""
    previous_until: datetime | None = None
    """… and until when that is accepted as well."""

    def usable_until(self, digest: bytes) -> datetime | None:
        """When the secret of this digest ends; none where that is not set."""
        ends = [self.expires_at, self.previous_until if digest == self.previous_hash else None]
        return min((at for at in ends if at is not None), default=None)


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
        "sources": row.sources,
        "expires_at": row.expires_at,
        "requests_per_minute": row.requests_per_minute,
        "articles_per_day": row.articles_per_day,
        "previous_hash": row.previous_hash,
        "previous_until": row.previous_until,
    }
    insert(tx, api_key, [values])


def find(tx: Tx, key_id: str) -> ApiKeyRow | None:
    """The key of that ID, usable or not."""
    rows = _rows(tx, sa.select(api_key).where(api_key.c.id == key_id))
    return rows[0] if rows else None


def find_by_hash(tx: Tx, digest: bytes) -> ApiKeyRow | None:
    """The key whose secret, or the one before it, has that digest; usable or not."""
    either = (api_key.c.hash == digest) | (api_key.c.previous_hash == digest)
    rows = _rows(tx, sa.select(api_key).where(either))
    return rows[0] if rows else None


def usable_digests(tx: Tx, now: datetime) -> frozenset[bytes]:
    """Of every secret that is good now."""
    rows = _rows(tx, sa.select(api_key).where(api_key.c.revoked_at.is_(None)))
    pairs = ((row, digest) for row in rows for digest in (row.hash, row.previous_hash) if digest is not None)
    untils = ((digest, row.usable_until(digest)) for row, digest in pairs)
    return frozenset(digest for digest, until in untils if until is None or until > now)


def load_all(tx: Tx) -> Sequence[ApiKeyRow]:
    """Every key, oldest first."""
    return _rows(tx, sa.select(api_key).order_by(api_key.c.created_at, api_key.c.id))


def count(tx: Tx) -> int:
    """How many keys there ever were. Revoked ones count: revoking the last must not open the door."""
    return tx.connection.execute(sa.select(sa.func.count()).select_from(api_key)).scalar_one()


def rotate(tx: Tx, key_id: str, *, digest: bytes, previous: bytes, until: datetime) -> None:
    """Give a key a new secret; the one before it ends at ``until``, and any before that now."""
    values = {"hash": digest, "previous_hash": previous, "previous_until": until}
    tx.connection.execute(api_key.update().where(api_key.c.id == key_id).values(values))


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
            id=row.id,
            name=row.name,
            hash=row.hash,
            scopes=tuple(row.scopes),
            created_at=row.created_at,
            last_used_at=row.last_used_at,
            revoked_at=row.revoked_at,
            sources=None if row.sources is None else tuple(row.sources),
            expires_at=row.expires_at,
            requests_per_minute=row.requests_per_minute,
            articles_per_day=row.articles_per_day,
            previous_hash=row.previous_hash,
            previous_until=row.previous_until,
        )
        for row in tx.connection.execute(statement)
    ]
