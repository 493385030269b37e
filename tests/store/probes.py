"""Ways to look at what a store does."""

from contextlib import contextmanager, suppress

import psycopg
from sqlalchemy import event


class Undone(Exception):
    """Ends a transaction that shall leave nothing."""


@contextmanager
def undone(store):
    """A write transaction that is rolled back, so that examples do not meet."""
    with suppress(Undone), store.write() as tx:
        yield tx
        raise Undone


@contextmanager
def counting(store):
    """The statements that run inside, PostgreSQL's COPY among them."""
    statements = []
    copy = psycopg.Cursor.copy

    def note_copy(cursor, statement, *more, **options):
        statements.append(statement)
        return copy(cursor, statement, *more, **options)

    def note(_connection, _cursor, statement, *_):
        statements.append(statement)

    event.listen(store.engine, "before_cursor_execute", note)
    setattr(psycopg.Cursor, "copy", note_copy)  # noqa: B010 - SQLAlchemy has no event for it
    try:
        yield statements
    finally:
        setattr(psycopg.Cursor, "copy", copy)  # noqa: B010 - back
        event.remove(store.engine, "before_cursor_execute", note)
