"""Opening the database: pragmas, transactions, the ingest lock, and what failures are called.

``Store.read()`` is one snapshot and writes nothing. ``Store.write()`` holds the ingest lock from its
first statement to its commit: whoever is inside sees everything that was committed before.
"""

import contextlib
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.errors import StorageFull, StorageUnavailable, WirefoldError

LOCK_TIMEOUT_S = 10.0
INGEST_LOCK = 0x57495245464F4C44
"""Number of the advisory lock on PostgreSQL: "WIREFOLD" in ASCII."""

_SQLITE_PRAGMAS = (
    f"PRAGMA busy_timeout = {int(LOCK_TIMEOUT_S * 1000)}",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA cache_size = -16384",  # KiB a connection; with four times as much nothing was faster
    "PRAGMA temp_store = MEMORY",
    # Pages: an article posted by itself dirties 50, most of them again and again. At SQLite's 1,000 it makes
    # 670 KB of writes, at this 350.
    "PRAGMA wal_autocheckpoint = 4000",
    "PRAGMA journal_size_limit = 67108864",
)

_SQLITE_AWAY = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_READONLY,
}


@dataclass(slots=True, eq=False)
class Tx:
    """One transaction: the connection, and what to do once it is committed."""

    connection: Connection
    dialect: str
    writing: bool
    after_commit: list[Callable[[], None]] = field(default_factory=list)
    """Called after a commit, and not at all after a rollback."""
    views: dict[object, object] = field(default_factory=dict)
    """What each process-wide structure shows to this transaction."""
    discarded: bool = False
    """What was written is only a rehearsal, and is rolled back at the end."""
    blocks_written: bool = False
    """Blocks of the key index were written, so what is read of them may yet be undone."""


class Store:
    """An open database. Safe to share between threads; close it once."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.dialect = engine.dialect.name
        self._turn = threading.Lock()

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """A transaction that sees one snapshot of everything committed, and cannot write."""
        with translated(), self.engine.connect() as connection:
            if self.dialect == "postgresql":
                connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with connection.begin() as transaction:
                yield Tx(connection, self.dialect, writing=False)
                transaction.rollback()

    @contextmanager
    def write(self) -> Iterator[Tx]:
        """A transaction that holds the ingest lock; commits on clean exit, else rolls back."""
        # Threads of one process queue here, where waiting is fair and costs no connection.
        if not self._turn.acquire(timeout=LOCK_TIMEOUT_S):
            raise StorageUnavailable("Another writer holds the database.", retry_after_s=1)
        try:
            with translated(), self.engine.connect() as connection:
                connection.execution_options(wirefold_write=True)
                with connection.begin() as transaction:
                    tx = Tx(connection, self.dialect, writing=True)
                    if self.dialect == "postgresql":
                        _lock(connection)
                    yield tx
                    if tx.discarded:
                        transaction.rollback()
                        return
                for call in tx.after_commit:
                    call()
        finally:
            self._turn.release()

    def drop_log(self) -> None:
        """Empty SQLite's write-ahead log, which holds pages as they were. Does nothing while others read."""
        if self.dialect == "sqlite":
            with contextlib.suppress(sqlite3.Error, sa.exc.SQLAlchemyError):
                connection = self.engine.raw_connection()
                try:
                    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                finally:
                    connection.close()

    def close(self) -> None:
        """Give every pooled connection back."""
        self.engine.dispose()


def open_store(url: str, *, pool_size: int = 8) -> Store:
    """The database of an SQLAlchemy URL. Connects at the first transaction, not here."""
    return Store(create_engine(url, pool_size=pool_size))


def create_engine(url: str, *, pool_size: int) -> Engine:
    """An engine whose connections behave as this package relies on."""
    parsed = make_url(url)
    if parsed.drivername in {"postgres", "postgresql"}:
        parsed = parsed.set(drivername="postgresql+psycopg")
    common = {
        "pool_size": pool_size,
        "max_overflow": 0,
        # The connection used last knows most of the file; taken in turn, each would keep all of it in memory.
        "pool_use_lifo": True,
        "pool_timeout": LOCK_TIMEOUT_S,
        # An error's message would carry a statement's values, and so article text into the log.
        "hide_parameters": True,
    }
    if parsed.get_backend_name() == "postgresql":
        return sa.create_engine(
            parsed,
            **common,
            pool_pre_ping=True,
            connect_args={"connect_timeout": 5, "application_name": "wirefold"},
        )
    engine = sa.create_engine(parsed, **common, connect_args={"check_same_thread": False})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver would begin transactions when it sees fit; _begin_sqlite does.
    connection.isolation_level = None
    for pragma in _SQLITE_PRAGMAS:
        connection.execute(pragma)


def _begin_sqlite(connection: Connection) -> None:
    writing = connection.get_execution_options().get("wirefold_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN DEFERRED")


def _lock(connection: Connection) -> None:
    # READ COMMITTED: every statement after the lock sees what its last holder committed.
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = {int(LOCK_TIMEOUT_S * 1000)}")
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({INGEST_LOCK})")


@contextmanager
def translated() -> Iterator[None]:
    """Name the failures a caller can do something about; let programming errors through."""
    try:
        yield
    except PoolTimeout as error:
        raise StorageUnavailable("All database connections are busy.", retry_after_s=1) from error
    except DBAPIError as error:
        if named := _named(error):
            raise named from error
        raise


def _named(error: DBAPIError) -> WirefoldError | None:
    cause = error.orig
    sqlite_code = getattr(cause, "sqlite_errorcode", None)
    if sqlite_code is None:
        state = getattr(cause, "sqlstate", None)
        full = state == "53100"
        away = isinstance(error, OperationalError) or error.connection_invalidated or state == "25006"
    else:
        # The low byte is the error, the rest its details. A missing table is an OperationalError too.
        full = sqlite_code & 0xFF == sqlite3.SQLITE_FULL
        away = sqlite_code & 0xFF in _SQLITE_AWAY
    if full:
        return StorageFull("The database's disk is full.", retry_after_s=60)
    if away:
        return StorageUnavailable("The database cannot be reached or is locked.", retry_after_s=1)
    return None
