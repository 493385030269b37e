"""Transactions, the ingest lock, and what failures are called."""

import sqlite3
import threading
import time
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from app.errors import StorageFull, StorageUnavailable
from app.store import engine as engine_module
from app.store.columns import UtcDateTime
from app.store.engine import create_engine, open_store, translated
from app.store.tables import counter
from tests.conftest import SQLITE_PRAGMAS


def put(tx, name, value=1):
    tx.connection.execute(counter.insert(), [{"name": name, "value": value}])


def names(tx):
    return set(tx.connection.execute(sa.select(counter.c.name)).scalars())


def test_what_is_written_is_there_once_committed_and_not_after_an_error(store):
    calls = []
    with store.write() as tx:
        put(tx, "kept")
        tx.after_commit.append(lambda: calls.append("committed"))
    with pytest.raises(ZeroDivisionError), store.write() as tx:  # noqa: PT012
        put(tx, "lost")
        tx.after_commit.append(lambda: calls.append("never"))
        _ = 1 / 0
    with store.read() as tx:
        assert names(tx) == {"kept"}
    assert calls == ["committed"]


def test_a_reader_keeps_its_snapshot_while_others_write(store):
    with store.read() as reader:
        assert names(reader) == set()
        with store.write() as tx:
            put(tx, "later")
        assert names(reader) == set()
    with store.read() as reader:
        assert names(reader) == {"later"}


@pytest.mark.parametrize("shared", [True, False], ids=["threads", "processes"])
def test_two_writers_are_never_inside_at_once_and_the_second_sees_what_the_first_did(
    store, store_url, open_stores, shared
):
    inside, overlaps = [], []

    def count_up(through):
        for _ in range(10):
            with through.write() as tx:
                inside.append(1)
                overlaps.append(len(inside))
                last = tx.connection.execute(sa.select(sa.func.max(counter.c.value))).scalar() or 0
                time.sleep(0.001)
                put(tx, f"n{last + 1}", last + 1)
                inside.pop()

    stores = [store if shared else open_stores(store_url) for _ in range(3)]
    threads = [threading.Thread(target=count_up, args=(each,)) for each in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.read() as tx:
        assert tx.connection.execute(sa.select(sa.func.max(counter.c.value))).scalar() == 30
    assert max(overlaps) == 1


def test_a_writer_that_waits_too_long_is_told_so(store_url, open_stores, monkeypatch):
    monkeypatch.setattr(engine_module, "LOCK_TIMEOUT_S", 0.2)
    monkeypatch.setattr(engine_module, "_SQLITE_PRAGMAS", ("PRAGMA busy_timeout = 200",))
    first, second = open_stores(store_url), open_stores(store_url)
    with first.write() as tx:
        put(tx, "first")
        with pytest.raises(StorageUnavailable), second.write():
            pytest.fail("The lock was not held.")
        with pytest.raises(StorageUnavailable), first.write():
            pytest.fail("The lock was not held.")
    with second.write() as tx:
        assert names(tx) == {"first"}


def test_a_read_transaction_cannot_write_on_postgresql(store):
    if store.dialect == "sqlite":
        pytest.skip("SQLite would let it, and roll it back.")
    with pytest.raises(StorageUnavailable), store.read() as tx:
        put(tx, "x")


def test_an_unreachable_database_is_unavailable(tmp_path):
    for url in (f"sqlite:///{tmp_path}/no/such/folder/x.db", "postgresql://u@127.0.0.1:1/x"):
        store = open_store(url)
        with pytest.raises(StorageUnavailable), store.read():
            pytest.fail("There is no database.")
        store.close()


@pytest.mark.postgres
def test_a_store_survives_a_server_that_dropped_its_connections(postgres_url, postgres_server):
    store = open_store(postgres_url)
    with store.read() as tx:
        tx.connection.execute(sa.select(1))
    admin = create_engine(postgres_server.render_as_string(hide_password=False), pool_size=1)
    with admin.connect() as connection:
        cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'wirefold' AND datname = :d"
        connection.execute(sa.text(cut), {"d": sa.make_url(postgres_url).database})
    admin.dispose()
    with store.read() as tx:
        assert tx.connection.execute(sa.select(1)).scalar() == 1
    store.close()


def test_a_full_disk_stores_nothing_of_the_transaction_and_says_507(store):
    if store.dialect != "sqlite":
        pytest.skip("PostgreSQL's disk cannot be filled by a test.")
    with store.write() as tx:
        pages = tx.connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    with pytest.raises(StorageFull) as failure, store.write() as tx:  # noqa: PT012
        tx.connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")
        for number in range(1000):
            put(tx, f"{number}" * 100)
    assert failure.value.status == 507
    with store.read() as tx:
        assert names(tx) == set()


def test_postgresql_says_that_its_disk_is_full_by_a_code_of_its_own():
    cause = Exception()
    cause.sqlstate = "53100"  # type: ignore[attr-defined]
    with pytest.raises(StorageFull), translated():
        raise sa.exc.OperationalError("INSERT", {}, cause)


def test_a_mistake_in_a_statement_is_no_outage(store):
    with pytest.raises(sa.exc.DBAPIError), store.read() as tx:
        tx.connection.exec_driver_sql("SELECT nothing FROM nowhere")


def test_sqlite_syncs_every_commit_and_keeps_a_write_ahead_log(sqlite_url, open_stores, monkeypatch):
    monkeypatch.setattr(engine_module, "_SQLITE_PRAGMAS", SQLITE_PRAGMAS)
    with open_stores(sqlite_url).read() as tx:
        pragma = {
            name: tx.connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert pragma == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(TypeError):
        UtcDateTime().process_bind_param(datetime(2026, 1, 1), sa.create_engine("sqlite://").dialect)  # noqa: DTZ001
    assert UtcDateTime().process_bind_param(datetime(1970, 1, 1, tzinfo=UTC), None) == 0  # type: ignore[arg-type]


def test_the_errors_known_to_sqlite_have_the_numbers_used_here():
    assert sqlite3.SQLITE_FULL == 13
