"""The few shapes of statement that everything here is made of."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy import Column, Row, Select, Table
from sqlalchemy.dialects import postgresql, sqlite

from app.store.engine import Tx

Values: TypeAlias = Mapping[str, object]

CHUNK = 1_000
"""Values in one ``IN``. Both databases take far more, but plans and parsing grow with it."""


def insert(tx: Tx, table: Table, rows: Sequence[Values]) -> None:
    """Add rows: one statement, however many. Of very many at a time: ``adding``."""
    if rows:
        tx.connection.execute(table.insert(), rows)


def insert_if_new(tx: Tx, table: Table, row: Values) -> bool:
    """Add a row unless one of that primary key stands already; whether it was added."""
    statement = _insert(tx, table).values(row).on_conflict_do_nothing()
    # Without being asked, SQLAlchemy keeps the count of an UPDATE or DELETE only.
    return tx.connection.execute(statement.execution_options(preserve_rowcount=True)).rowcount == 1


def update(tx: Tx, table: Table, key: Column[Any], rows: Sequence[tuple[int, object]], column: str) -> None:
    """Set one column to a value of its own in each of the rows named by ``key``."""
    if rows:
        statement = table.update().where(key == sa.bindparam("k")).values({column: sa.bindparam("v")})
        tx.connection.execute(statement, [{"k": k, "v": v} for k, v in rows])


def rows_in(
    tx: Tx, statement: Select[*tuple[Any, ...]], column: sa.ColumnElement[Any], values: Collection[Any]
) -> Iterator[Row[*tuple[Any, ...]]]:
    """Rows of ``statement`` whose ``column`` is among ``values``, asked for in sorted chunks.

    Cheapest for a statement that its caller keeps.
    """
    ordered = sorted(set(values))
    for start in range(0, len(ordered), CHUNK):
        chunk = {"among": ordered[start : start + CHUNK]}
        yield from tx.connection.execute(_among(statement, column), chunk)


# Made anew for each call, its condition and the fitting of its rows took longer than running it.
@lru_cache(maxsize=256)
def _among(statement: Select[*tuple[Any, ...]], column: sa.ColumnElement[Any]) -> Select[*tuple[Any, ...]]:
    return statement.where(column.in_(sa.bindparam("among", expanding=True)))


def may_be_id(text: str) -> bool:
    """Whether a string can be one of our IDs; PostgreSQL refuses to be asked for one with NUL in it."""
    return text.isascii() and text.isprintable()


def _insert(tx: Tx, table: Table) -> sqlite.Insert | postgresql.Insert:
    return postgresql.insert(table) if tx.dialect == "postgresql" else sqlite.insert(table)
