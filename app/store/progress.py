"""How far background work has come: numbers under names, kept between restarts.

They share the table of counters, which is read and written under the ingest lock.
"""

import sqlalchemy as sa

from app.model import Position
from app.store.adding import upsert
from app.store.engine import Tx
from app.store.tables import counter

_SETTLED = "settled"
_POLICIES = "policies"
_MARK = sa.select(counter.c.value).where(counter.c.name == sa.bindparam("mark"))


def mark(tx: Tx, name: str) -> int:
    """The number under a name; 0 where there is none."""
    return tx.connection.execute(_MARK, {"mark": name}).scalar() or 0


def put_mark(tx: Tx, name: str, value: int) -> None:
    """Store the number under a name."""
    upsert(tx, counter, [{"name": name, "value": value}])


def count_on(tx: Tx, name: str) -> int:
    """The next number under a name, from 1; stored as its number now."""
    number = mark(tx, name) + 1
    put_mark(tx, name, number)
    return number


def settled_position(tx: Tx) -> Position:
    """The position up to which everything that follows from a change has been done."""
    return Position(mark(tx, _SETTLED))


def put_settled_position(tx: Tx, position: Position) -> None:
    """Say that what follows from changes up to a position has been done."""
    put_mark(tx, _SETTLED, position)


def policies_in_force(tx: Tx) -> int:
    """The digest of the policies that the service last began with; 0 where none has."""
    return mark(tx, _POLICIES)


def put_policies_in_force(tx: Tx, digest: int) -> None:
    """Say under which policies a service begins."""
    put_mark(tx, _POLICIES, digest)
