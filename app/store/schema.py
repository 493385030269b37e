"""The schema's revision: migrate to it, or see whether a database has it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

import app
from app.store.engine import Store, Tx, create_engine, translated

DEFAULT_URL = "sqlite:///wirefold.db"
MIGRATION_LOCK = 0x57495245464F4C45
"""Number of the advisory lock on PostgreSQL; another than the ingest lock's."""
LOCK_TIMEOUT = "10s"
"""How long a migration waits for a table before it gives up and frees the queue behind it."""
STATEMENT_TIMEOUT = "15min"

# migrations/ stands beside the package in a checkout and in an installed wheel.
_MIGRATIONS = Path(app.__file__).resolve().parent.parent / "migrations"


def migrate(url: str, revision: str = "head") -> None:
    """Bring the database to a revision. Two that migrate at once take turns."""
    with translated(), migrating(url) as connection:
        command.upgrade(_config(connection), revision)


def downgrade(url: str, revision: str) -> None:
    """Take the database back to an older revision; ``base`` empties it."""
    with translated(), migrating(url) as connection:
        command.downgrade(_config(connection), revision)


@contextmanager
def migrating(url: str) -> Iterator[Connection]:
    """A connection that holds the migration lock, committed at the end."""
    engine = create_engine(url, pool_size=1)
    try:
        with engine.connect() as connection:
            if connection.dialect.name == "sqlite":
                # Batch mode drops and renames tables that others refer to; the pragma cannot change later.
                connection.connection.dbapi_connection.execute("PRAGMA foreign_keys = OFF")  # type: ignore[union-attr]
                connection.execution_options(wirefold_write=True)
                connection.begin()
            else:
                connection.exec_driver_sql(f"SELECT pg_advisory_lock({MIGRATION_LOCK})")
                connection.exec_driver_sql(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
                connection.exec_driver_sql(f"SET statement_timeout = '{STATEMENT_TIMEOUT}'")
                connection.commit()
            yield connection
            connection.commit()
    finally:
        # Closing the connection gives the lock back.
        engine.dispose()


def current_revision(tx: Tx) -> str | None:
    """The revision the database has; none where nothing has migrated it."""
    return MigrationContext.configure(tx.connection).get_current_revision()


def head_revision() -> str:
    """The revision this program is written for."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    if head is None:
        raise RuntimeError("There are no migrations beside the package.")
    return head


def is_known(revision: str) -> bool:
    """Whether this program can bring a database of that revision to its own."""
    return revision in {each.revision for each in ScriptDirectory.from_config(_config()).walk_revisions()}


def is_current(store: Store) -> bool:
    """Whether the database has exactly the schema this program is written for."""
    with store.read() as tx:
        return current_revision(tx) == head_revision()


def _config(connection: sa.Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
