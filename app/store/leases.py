"""Leases: one holder at a time of a job that several processes could do.

A lease that would last longer than any does was taken before the clock was set back. It counts as over: its
holder may have died since, and nobody would do the job for as long as the clock was set back.
"""

from datetime import datetime, timedelta

import sqlalchemy as sa

from app.store.engine import Tx
from app.store.statements import insert_if_new
from app.store.tables import lease

LONGEST = timedelta(minutes=10)
"""No lease lasts so long, also where the clocks of several machines differ by minutes."""


def is_held(now: datetime) -> sa.ColumnElement[bool]:
    """Of a lease, whether somebody holds it."""
    return (lease.c.until > now) & (lease.c.until <= now + LONGEST)


def claim(tx: Tx, name: str, holder: str, now: datetime, ttl: timedelta) -> bool:
    """Take or prolong a lease; false while another holds it."""
    until = now + ttl
    if insert_if_new(tx, lease, {"name": name, "holder": holder, "until": until}):
        return True
    free = (lease.c.holder == holder) | ~is_held(now)
    claimed = lease.update().where(lease.c.name == name, free).values(holder=holder, until=until)
    return tx.connection.execute(claimed).rowcount == 1


def give_back(tx: Tx, name: str, holder: str) -> None:
    """End a lease before its time, if it is this holder's."""
    tx.connection.execute(sa.delete(lease).where(lease.c.name == name, lease.c.holder == holder))
