"""How migrations run: by ``app.store.schema`` with a connection, or by the ``alembic`` command.

The command takes its database from DATABASE_URL, so that a new migration can be drafted with
``alembic revision --autogenerate``.
"""

import os
from typing import Literal

from alembic import context
from sqlalchemy import Connection
from sqlalchemy.types import TypeDecorator

from app.store import columns
from app.store.schema import DEFAULT_URL, migrating
from app.store.tables import metadata


def render(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Write our column types as what they are in the database: a migration must not change with the code."""
    if kind == "type" and isinstance(item, TypeDecorator) and type(item).__module__ == columns.__name__:
        return f"sa.{type(item.impl_instance).__name__}()"
    return False


def run(connection: Connection) -> None:
    """Apply the migrations asked for on a connection that holds the migration lock."""
    sqlite = connection.dialect.name == "sqlite"
    context.configure(
        connection=connection,
        target_metadata=metadata,
        # SQLite cannot alter most things in place: batch mode copies the table.
        render_as_batch=sqlite,
        render_item=render,
        # On SQLite the lock is the transaction, so all migrations of one run share it.
        transaction_per_migration=not sqlite,
    )
    with context.begin_transaction():
        context.run_migrations()


given: Connection | None = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with migrating(os.environ.get("DATABASE_URL", DEFAULT_URL)) as own:
        run(own)
