"""Leases: one holder at a time of a job that several processes could do."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from app.store.engine import Tx
from app.store.statements import insert_if_new
from app.store.tables import lease


def claim(tx: Tx, name: str, holder: str, now: datetime, ttl: timedelta) -> bool:
    """Take or prolong a lease; false while another holds it."""
    until = now + ttl
    if insert_if_new(tx, lease, {"name": name, "holder": holder, "until": until}):
        return True
    free = (lease.c.holder == holder) | (lease.c.until <= now)
    claimed = lease.update().where(lease.c.name == name, free).values(holder=holder, until=until)
    return tx.connection.execute(claimed).rowcount == 1


def give_back(tx: Tx, name: str, holder: str) -> None:
    """End a lease before its time, if it is this holder's."""
    tx.connection.execute(sa.delete(lease).where(lease.c.name == name, lease.c.holder == holder))
