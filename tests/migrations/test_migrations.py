"""Migrations on both databases."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory

from app.errors import SchemaMismatch
from app.store import schema
from app.store.engine import Store, create_engine


def tables(url):
    engine = create_engine(url, pool_size=1)
    names = set(sa.inspect(engine).get_table_names())
    engine.dispose()
    return names


def test_an_empty_database_is_brought_to_the_newest_revision(empty_url, open_stores):
    store: Store = open_stores(empty_url)
    assert not schema.is_current(store)
    schema.migrate(empty_url)
    assert schema.is_current(store)
    with store.read() as tx:
        assert schema.current_revision(tx) == schema.head_revision()


def test_going_up_down_and_up_again_leaves_the_same_tables(empty_url):
    schema.migrate(empty_url)
    first = tables(empty_url)
    schema.downgrade(empty_url, "base")
    assert tables(empty_url) == {"alembic_version"}
    schema.migrate(empty_url)
    assert tables(empty_url) == first


def test_the_migrations_make_exactly_the_tables_of_the_code(empty_url):
    schema.migrate(empty_url)
    with schema.migrating(empty_url) as connection:
        command.check(schema._config(connection))


def test_migrating_what_is_migrated_changes_nothing(empty_url):
    schema.migrate(empty_url)
    schema.migrate(empty_url)


def test_what_is_read_of_the_migrations_without_alembic_is_what_alembic_reads(sqlite_url):
    with schema.migrating(sqlite_url) as connection:
        script = ScriptDirectory.from_config(schema._config(connection))
    assert schema.head_revision() == script.get_current_head()
    assert schema._revisions() == {each.revision: each.down_revision for each in script.walk_revisions()}


def test_a_database_that_a_later_program_migrated_is_refused_and_left_as_it_is(empty_url):
    schema.migrate(empty_url)
    before = tables(empty_url)
    mark(empty_url, "later")
    with pytest.raises(SchemaMismatch, match="schema later, which this program does not know"):
        schema.migrate(empty_url)
    assert tables(empty_url) == before
    mark(empty_url, schema.head_revision())
    schema.migrate(empty_url)


def mark(url, revision):
    with schema.migrating(url) as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = :r"), {"r": revision})


@pytest.mark.slow
def test_processes_that_migrate_at_once_take_turns(empty_url):
    code = f"from app.store.schema import migrate; migrate({empty_url!r})"
    command_line = [sys.executable, "-c", code]
    with ThreadPoolExecutor(3) as pool:
        runs = list(
            pool.map(
                lambda _: subprocess.run(command_line, check=False, capture_output=True, text=True), range(3)
            )
        )
    assert [run.stderr for run in runs if run.returncode] == []
    assert "article" in tables(empty_url)
