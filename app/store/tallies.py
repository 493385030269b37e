"""What background work has done since the archive began, counted in the transactions that do it.

The counts stand in the database and not in a process: the one that pulls and delivers need not be the one
that is asked, and a restart loses nothing.
"""

from collections.abc import Mapping
from enum import StrEnum

import sqlalchemy as sa

from app.store.adding import upsert
from app.store.engine import Tx
from app.store.tables import counter


class Tally(StrEnum):
    """What is counted."""

    FEEDS_CHANGED = "feeds.changed"
    """Fetches that brought a document unlike the last …"""
    FEEDS_UNCHANGED = "feeds.unchanged"
    """… the same one, or 304 …"""
    FEEDS_FAILED = "feeds.failed"
    """… or nothing."""
    ENTRIES_NEW = "entries.new"
    ENTRIES_UPDATED = "entries.updated"
    ENTRIES_REFUSED = "entries.refused"
    ATTEMPTS_DELIVERED = "attempts.delivered"
    ATTEMPTS_FAILED = "attempts.failed"
    ATTEMPTS_AGAIN = "attempts.again"
    """Attempts, of either end, that were not the first at their delivery."""
    DELIVERIES_DEAD = "deliveries.dead"
    """Deliveries that were given up."""


def count(tx: Tx, more: Mapping[Tally, int]) -> None:
    """Add to the counts. Under the ingest lock, like all that writes to their table."""
    added = {tally: number for tally, number in more.items() if number}
    if added:
        known = load_all(tx)
        upsert(
            tx,
            counter,
            [{"name": each.value, "value": known[each] + number} for each, number in added.items()],
        )


def load_all(tx: Tx) -> dict[Tally, int]:
    """Every count."""
    rows = tx.connection.execute(sa.select(counter).where(counter.c.name.in_([each.value for each in Tally])))
    found = {row.name: row.value for row in rows}
    return {each: found.get(each.value, 0) for each in Tally}
