"""Which versions are notices is told of those that were stored before anybody asked."""

import sqlalchemy as sa

from app.store import schema
from app.store.engine import create_engine

TAGS: dict[int, list[str | None]] = {
    1: [None, "withdrawal"],
    2: ["withdrawal", "withdrawal", "update", "withdrawal"],
    3: ["update"],
}
"""Of each article's versions."""


def test_a_version_is_a_notice_where_its_article_never_said_anything_else(empty_url):
    schema.migrate(empty_url)
    schema.downgrade(empty_url, "segments")
    engine = create_engine(empty_url, pool_size=1)
    numbered = [(article, n, tag) for article, tags in TAGS.items() for n, tag in enumerate(tags, start=1)]
    row = {"position": 1, "received_at": 0, "status": "usable", "released": True, "word_count": 9}
    row |= dict.fromkeys(("content", "title", "source"), b"a")
    with engine.begin() as writing:
        for article in TAGS:
            writing.execute(
                sa.text(
                    'INSERT INTO article ("key", id, source, founder, current, created_at, created_position)'
                    " VALUES (:key, :id, :source, :key, 1, 0, 1)"
                ),
                {"key": article, "id": f"art_{article}", "source": b"a"},
            )
        for key, (article, number, tag) in enumerate(numbered, start=1):
            values = row | {"key": key, "article": article, "number": number, "tag_kind": tag}
            names = ", ".join(f'"{name}"' for name in values)
            given = ", ".join(f":{name}" for name in values)
            writing.execute(sa.text(f"INSERT INTO version ({names}) VALUES ({given})"), values)
    schema.migrate(empty_url)
    with engine.connect() as reading:
        found = reading.execute(sa.text('SELECT notice FROM version ORDER BY "key"')).scalars()
        assert list(map(bool, found)) == [False, False, True, True, False, False, False]
    engine.dispose()
