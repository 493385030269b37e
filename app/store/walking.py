"""Walking all articles or stories in order of their keys, a page at a time, and what was judged of them."""

from collections.abc import Collection

import sqlalchemy as sa

from app.model import ArticleKey, ArticleRow, EdgeRow, StoryRow
from app.store.engine import Tx
from app.store.statements import rows_in
from app.store.stories import edge_from
from app.store.tables import article, edge, story


def articles_after(tx: Tx, key: ArticleKey, *, limit: int) -> list[ArticleRow]:
    """The next articles behind a key."""
    some = sa.select(article).where(article.c.key > key).order_by(article.c.key).limit(limit)
    return [ArticleRow(*row) for row in tx.connection.execute(some)]


def stories_after(tx: Tx, founder: ArticleKey, *, limit: int) -> list[StoryRow]:
    """The next stories behind a founder, absorbed ones left out."""
    some = sa.select(story).where(story.c.founder > founder, story.c.members > 0)
    return [StoryRow(*row) for row in tx.connection.execute(some.order_by(story.c.founder).limit(limit))]


def edges_touching(tx: Tx, articles: Collection[ArticleKey]) -> list[EdgeRow]:
    """Edges with an end among these articles, in order of arrival."""
    rows = [
        *rows_in(tx, sa.select(edge), edge.c.a, articles),
        *rows_in(tx, sa.select(edge), edge.c.b, articles),
    ]
    found = {(row.version_a, row.version_b): edge_from(row) for row in rows}
    return [found[key] for key in sorted(found)]
