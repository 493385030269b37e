"""Versions that wait for their embargo to end: stored, but not in the shared index."""

from datetime import datetime

import sqlalchemy as sa

from app.model import Status, VersionKey
from app.store.engine import Tx
from app.store.tables import version


def load_due(tx: Tx, now: datetime, *, limit: int) -> list[VersionKey]:
    """Versions whose embargo has ended, longest due first. What is withheld stays so."""
    over = sa.not_(version.c.released) & (version.c.embargoed_until <= now)
    due = sa.select(version.c.key).where(over, version.c.status != Status.WITHHELD.value)
    rows = tx.connection.execute(due.order_by(version.c.embargoed_until, version.c.key).limit(limit))
    return [VersionKey(key) for (key,) in rows]


def mark_released(tx: Tx, versions: list[VersionKey]) -> None:
    """These take part from now on."""
    tx.connection.execute(version.update().where(version.c.key.in_(versions)).values(released=True))
