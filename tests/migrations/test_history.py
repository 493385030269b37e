"""What stood when is filled in from the change feed of an archive that came before."""

import pytest
import sqlalchemy as sa

from app.store import schema
from app.store.engine import create_engine

ROWS = {
    "article": "(key, id, source, founder, current, created_at, created_position)",
    "version": "(key, article, number, position, received_at, status, released, content, title, source, word_count)",
    "story": "(founder, id, canonical, members, first_seen, last_seen, founded_position, changed_position)",
    "membership": "(article, since, founder, until, by, why)",
    "change": "(position, type, at, payload)",
}


@pytest.fixture
def connection(empty_url):
    """A database of the schema before, with two stories of which one was absorbed and one was revised."""
    schema.migrate(empty_url)
    schema.downgrade(empty_url, "0004")
    engine = create_engine(empty_url, pool_size=1)
    blob = "'\\x61'::bytea" if engine.dialect.name == "postgresql" else "x'61'"
    true = "true" if engine.dialect.name == "postgresql" else "1"
    values = {
        "article": [f"({k}, 'art_{k}', {blob}, {f}, {c}, 0, {p})" for k, f, c, p in ((1, 1, 3, 1), (2, 1, 2, 3))],
        "version": [
            f"({k}, {a}, {n}, {p}, 0, 'usable', {out}, {blob}, {blob}, {blob}, 9)"
            for k, a, n, p, out in ((1, 1, 1, 1, true), (2, 2, 1, 3, true), (3, 1, 2, 5, true))
        ],
        "story": ["(1, 'can_1', 3, 2, 0, 0, 1, 6)", "(2, 'can_2', NULL, 0, 0, 0, 3, 7)"],
        "membership": [f"(1, 1, 1, NULL, {blob}, {blob})", f"(2, 3, 2, 7, {blob}, {blob})", f"(2, 7, 1, NULL, {blob}, {blob})"],
        "change": [
            """(2, 'canonical.created', 0, '{"canonical_id":"can_1","article_id":"art_1"}')""",
            """(4, 'canonical.created', 0, '{"canonical_id":"can_2","article_id":"art_2"}')""",
            """(6, 'canonical.version_changed', 0, '{"canonical_id":"can_1","article_id":"art_1","version":2}')""",
            """(7, 'canonical.merged', 0, '{"canonical_id":"can_2","into":"can_1"}')""",
            """(8, 'article.released', 0, '{"article_id":"art_1","version":2,"canonical_id":"can_1"}')""",
        ],
    }  # fmt: skip
    with engine.begin() as writing:
        for table, rows in values.items():
            quoted = ROWS[table].replace("key", '"key"').replace("by", '"by"')
            for row in rows:
                writing.exec_driver_sql(f"INSERT INTO {table} {quoted} VALUES {row}".replace("%", "%%"))
    schema.migrate(empty_url)
    with engine.connect() as reading:
        yield reading
    engine.dispose()


def test_the_past_is_filled_in_from_the_feed(connection):
    def rows(table):
        return sorted(tuple(row) for row in connection.execute(sa.text(f"SELECT * FROM {table}")))

    assert rows("appointment") == [(1, 1, 1), (1, 6, 3), (2, 3, 2), (2, 7, None)]
    assert rows("succession") == [(1, 8, 3)]
    assert rows("embargo_end") == [(3, 8)]
