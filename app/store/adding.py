"""Adding many rows at once, past what SQLAlchemy does for each: 30 µs a row, and an article makes thirty.

SQLite's driver takes a statement and its rows. PostgreSQL would execute a statement for each: it takes new
rows by COPY, and rows that may stand already as an array for each column.
"""

from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from functools import cache
from typing import Any, NamedTuple, TypeAlias, TypeVar

import sqlalchemy as sa
from sqlalchemy import Dialect, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

from app.store.engine import Tx
from app.store.statements import Values

_Bind: TypeAlias = Callable[[Any], object]
_Binds: TypeAlias = list[tuple[str, _Bind]]
"""Names of columns, and what makes of a value of ours one of the driver's."""
_TYPES = {
    "BIGINT": "int8",
    "BOOLEAN": "bool",
    "BYTEA": "bytea",
    "DOUBLE PRECISION": "float8",
    "INTEGER": "int4",
    "TEXT": "text",
}
"""How SQLAlchemy spells a type, and what psycopg calls it."""


class _Standing(Enum):
    """What becomes of a row whose primary key stands already."""

    FAILS = "fails"
    REPLACES = "replaces"
    IS_LEFT_OUT = "is left out"


def insert_many(tx: Tx, table: Table, rows: Sequence[Values]) -> None:
    """Add rows that all name the same columns; the others must be nullable and stay NULL."""
    if rows and tx.dialect == "postgresql":
        _copy(tx, _copying(table, tuple(rows[0]), tx.connection.dialect), rows)
    elif rows:
        _execute(tx, table, rows, _Standing.FAILS)


def upsert(tx: Tx, table: Table, rows: Sequence[Values]) -> None:
    """Add rows as ``insert_many``; of one whose primary key stands already, all other columns are replaced.

    Of several rows with one primary key the last counts.
    """
    keys = [column.name for column in table.primary_key.columns]
    last = {tuple(row[key] for key in keys): row for row in rows}
    _insert(tx, table, list(last.values()), _Standing.REPLACES)


def insert_new(tx: Tx, table: Table, rows: Sequence[Values]) -> None:
    """Add rows as ``insert_many``, but for those whose primary key stands already."""
    _insert(tx, table, rows, _Standing.IS_LEFT_OUT)


def _insert(tx: Tx, table: Table, rows: Sequence[Values], standing: _Standing) -> None:
    if rows and tx.dialect == "postgresql":
        names = tuple(rows[0])
        columns = {name: [row[name] for row in rows] for name in names}
        tx.connection.execute(_from_arrays(table, names, standing), columns)
    elif rows:
        _execute(tx, table, rows, standing)


def _execute(tx: Tx, table: Table, rows: Sequence[Values], standing: _Standing) -> None:
    said, binds = _executing(table, tuple(rows[0]), standing, tx.connection.dialect)
    tx.connection.exec_driver_sql(said, list(_bound(rows, binds)))


@cache
def _executing(
    table: Table, names: tuple[str, ...], standing: _Standing, dialect: Dialect
) -> tuple[str, _Binds]:
    compiled = _unless(sqlite.insert(table), table, standing).compile(dialect=dialect, column_keys=names)
    return compiled.string, _binds(table, compiled.positiontup or (), dialect)


@cache
def _from_arrays(table: Table, names: tuple[str, ...], standing: _Standing) -> postgresql.Insert:
    # Said to have one dimension, or a list that a column keeps as JSON is taken for a second.
    arrays = (sa.bindparam(name, type_=postgresql.ARRAY(table.c[name].type, dimensions=1)) for name in names)
    rows = sa.select(*(sa.func.unnest(array) for array in arrays))
    return _unless(postgresql.insert(table).from_select(names, rows), table, standing)


_InsertT = TypeVar("_InsertT", sqlite.Insert, postgresql.Insert)


def _unless(statement: _InsertT, table: Table, standing: _Standing) -> _InsertT:
    match standing:
        case _Standing.FAILS:
            return statement
        case _Standing.IS_LEFT_OUT:
            return statement.on_conflict_do_nothing()
        case _Standing.REPLACES:
            keys = list(table.primary_key.columns)
            sets = {each.name: statement.excluded[each.name] for each in table.c if each not in set(keys)}
            return statement.on_conflict_do_update(index_elements=keys, set_=sets)


class _Copying(NamedTuple):
    said: str
    types: list[str]
    binds: _Binds


@cache
def _copying(table: Table, names: tuple[str, ...], dialect: Dialect) -> _Copying:
    quoted = ", ".join(f'"{name}"' for name in names)
    return _Copying(
        f'COPY "{table.name}" ({quoted}) FROM STDIN (FORMAT BINARY)',
        [_TYPES[table.c[name].type.compile(dialect)] for name in names],
        _binds(table, names, dialect),
    )


def _copy(tx: Tx, copying: _Copying, rows: Sequence[Values]) -> None:
    # Here: on SQLite nothing else loads it, which takes a tenth of a second.
    import psycopg  # noqa: PLC0415

    driver = tx.connection.connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        raise TypeError("PostgreSQL is spoken to by psycopg")
    try:
        with driver.cursor() as cursor, cursor.copy(copying.said) as copy:
            copy.set_types(copying.types)
            for row in _bound(rows, copying.binds):
                copy.write_row(row)
    except psycopg.Error as error:
        # As if SQLAlchemy had executed it: the store names the failures that it knows.
        raise DBAPIError.instance(
            copying.said,
            None,
            error,
            psycopg.Error,
            hide_parameters=True,
            connection_invalidated=driver.closed,
            dialect=tx.connection.dialect,
        ) from error


def _binds(table: Table, names: Sequence[str], dialect: Dialect) -> _Binds:
    types = ((name, table.c[name].type.dialect_impl(dialect)) for name in names)
    return [(name, type_.bind_processor(dialect) or _as_it_is) for name, type_ in types]


def _bound(rows: Sequence[Values], binds: _Binds) -> Iterator[tuple[object, ...]]:
    return (tuple([bind(row[name]) for name, bind in binds]) for row in rows)


def _as_it_is(value: Any) -> object:  # noqa: ANN401
    return value
