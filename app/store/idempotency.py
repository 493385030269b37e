"""Answers remembered by Idempotency-Key, so that a repeated request is not carried out twice."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.store.engine import Tx
from app.store.statements import insert_if_new
from app.store.tables import idempotency


@dataclass(frozen=True, slots=True)
class Remembered:
    """What is known of a key. ``status`` and ``body`` are none while its first request is under way."""

    request_digest: bytes
    status: int | None
    body: bytes | None
    created_at: datetime
    """When it was taken, or its claim last renewed."""


def find(tx: Tx, scope: str, key: str) -> Remembered | None:
    """What is remembered under a key of one caller."""
    columns = (
        idempotency.c.request_digest,
        idempotency.c.status,
        idempotency.c.body,
        idempotency.c.created_at,
    )
    row = tx.connection.execute(sa.select(*columns).where(_is(scope, key))).one_or_none()
    return None if row is None else Remembered(*row)


def reserve(tx: Tx, scope: str, key: str, *, request_digest: bytes, now: datetime) -> bool:
    """Take a key for the request at hand; false where it is taken already."""
    row = {"scope": scope, "key": key, "request_digest": request_digest, "created_at": now}
    return insert_if_new(tx, idempotency, row)


def renew(tx: Tx, scope: str, key: str, *, claimed_at: datetime, now: datetime) -> bool:
    """Say that the request of a claim is still under way; false where the key is another's by now."""
    claim = _is(scope, key) & idempotency.c.status.is_(None) & (idempotency.c.created_at == claimed_at)
    return tx.connection.execute(idempotency.update().where(claim).values(created_at=now)).rowcount > 0


def complete(tx: Tx, scope: str, key: str, *, status: int, body: bytes) -> None:
    """Remember the answer."""
    tx.connection.execute(idempotency.update().where(_is(scope, key)).values(status=status, body=body))


def release(tx: Tx, scope: str, key: str) -> None:
    """Give back a key whose request was not carried out; an answered one stays."""
    unanswered = _is(scope, key) & idempotency.c.status.is_(None)
    tx.connection.execute(idempotency.delete().where(unanswered))


def prune(tx: Tx, *, before: datetime) -> int:
    """Forget keys taken before a time; how many that were."""
    return tx.connection.execute(idempotency.delete().where(idempotency.c.created_at < before)).rowcount


def _is(scope: str, key: str) -> sa.ColumnElement[bool]:
    return (idempotency.c.scope == scope) & (idempotency.c.key == key)
