"""Walking all articles or stories in order of their keys, a page at a time."""

import sqlalchemy as sa

from app.model import ArticleKey, ArticleRow, StoryRow
from app.store.engine import Tx
from app.store.sight import EVERYTHING, Sight, seen_story
from app.store.tables import article, story


def articles_after(tx: Tx, key: ArticleKey, *, limit: int) -> list[ArticleRow]:
    """The next articles behind a key; deleted ones are left out."""
    some = (
        sa.select(article)
        .where(article.c.key > key, article.c.deleted_at.is_(None))
        .order_by(article.c.key)
        .limit(limit)
    )
    return [ArticleRow(*row) for row in tx.connection.execute(some)]


def stories_after(tx: Tx, founder: ArticleKey, *, limit: int, sight: Sight = EVERYTHING) -> list[StoryRow]:
    """The next stories behind a founder, without absorbed ones and those of which somebody sees nothing."""
    some = sa.select(story).where(story.c.founder > founder, story.c.members > 0, seen_story(sight))
    return [StoryRow(*row) for row in tx.connection.execute(some.order_by(story.c.founder).limit(limit))]
