"""Ways to look at what a store does."""

from contextlib import contextmanager, suppress

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
    """The statements that run inside."""
    statements = []

    def note(_connection, _cursor, statement, *_):
        statements.append(statement)

    event.listen(store.engine, "before_cursor_execute", note)
    yield statements
    event.remove(store.engine, "before_cursor_execute", note)
