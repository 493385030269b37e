"""The schema's revision: migrate to it, or see whether a database has it.

Alembic is loaded where there is something to migrate. It takes a fifth of a second to load, which a service
that starts on a database of its own schema, as nearly all starts are, need not wait for.
"""

import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy import Connection

import app
from app.errors import SchemaMismatch
from app.store.engine import Store, Tx, create_engine, translated

if TYPE_CHECKING:
    from alembic.config import Config

DEFAULT_URL = "sqlite:///wirefold.db"
MIGRATION_LOCK = 0x57495245464F4C45
"""Number of the advisory lock on PostgreSQL; another than the ingest lock's."""
LOCK_TIMEOUT = "10s"
"""How long a migration waits for a table before it gives up and frees the queue behind it."""
STATEMENT_TIMEOUT = "15min"

# migrations/ stands beside the package in a checkout and in an installed wheel.
_MIGRATIONS = Path(app.__file__).resolve().parent.parent / "migrations"
_STATED = re.compile(r'^(?:revision = "(\w+)"\ndown_revision = (?:"(\w+)"|None))$', re.MULTILINE)
_VERSION = sa.table("alembic_version", sa.column("version_num"))


def migrate(url: str, revision: str = "head") -> None:
    """Bring the database to a revision. Two that migrate at once take turns.

    Raises SchemaMismatch for a database that a later program has migrated.
    """
    with translated(), migrating(url) as connection:
        found = _revision_of(connection)
        if found is not None and not is_known(found):
            raise SchemaMismatch(
                f"The database has schema {found}, which this program does not know.",
                fix="Use the version of Wirefold that migrated it, or a later one.",
            )
        if revision == "head" and found == head_revision():
            return
        from alembic import command  # noqa: PLC0415 - see above

        command.upgrade(_config(connection), revision)


def downgrade(url: str, revision: str) -> None:
    """Take the database back to an older revision; ``base`` empties it."""
    from alembic import command  # noqa: PLC0415 - see above

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
    return _revision_of(tx.connection)


def head_revision() -> str:
    """The revision this program is written for."""
    revisions = _revisions()
    heads = revisions.keys() - revisions.values()
    if len(heads) != 1:
        raise RuntimeError("There are no migrations beside the package, or they have several ends.")
    return heads.pop()


def is_known(revision: str) -> bool:
    """Whether this program can bring a database of that revision to its own."""
    return revision in _revisions()


def is_current(store: Store) -> bool:
    """Whether the database has exactly the schema this program is written for."""
    with store.read() as tx:
        return current_revision(tx) == head_revision()


def _revision_of(connection: Connection) -> str | None:
    if not sa.inspect(connection).has_table(_VERSION.name):
        return None
    found: str | None = connection.execute(sa.select(_VERSION.c.version_num)).scalar_one_or_none()
    return found


@cache
def _revisions() -> Mapping[str, str | None]:
    """Each revision with the one before it, as the migrations state them."""
    stated = [_STATED.search(each.read_text("utf-8")) for each in (_MIGRATIONS / "versions").glob("*.py")]
    return {found[1]: found[2] for found in stated if found}


def _config(connection: Connection) -> "Config":
    from alembic.config import Config  # noqa: PLC0415 - see above

    # Its own default is whatever stood there when Alembic was loaded.
    config = Config(stdout=sys.stdout)
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
