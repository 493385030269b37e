"""What deriving stories again reads: who stands behind an index hit, and what content to order by."""

from collections.abc import Collection
from typing import NamedTuple

import sqlalchemy as sa

from app.model import ArticleKey, VersionKey
from app.store.engine import Tx
from app.store.statements import may_be_id, rows_in
from app.store.tables import article, story, version


class Holder(NamedTuple):
    """Whom a version stands for today."""

    article: ArticleKey
    current: VersionKey
    founder: ArticleKey
    canonical: VersionKey
    """The version that speaks for the story."""


_HOLDERS = sa.select(
    version.c.key, article.c.key.label("of"), article.c.current, article.c.founder, story.c.canonical
).select_from(
    version.join(article, article.c.key == version.c.article).join(
        story, story.c.founder == article.c.founder
    )
)
_CONTENTS = sa.select(version.c.key, version.c.content, version.c.source)


def load_holders(tx: Tx, versions: Collection[VersionKey]) -> dict[VersionKey, Holder]:
    """For each version its article and its story, as of now."""
    return {row.key: Holder(*row[1:]) for row in rows_in(tx, _HOLDERS, version.c.key, versions)}


def load_contents(tx: Tx, versions: Collection[VersionKey]) -> dict[VersionKey, bytes]:
    """A digest of each version that has nothing of its arrival in it: to choose and to order by."""
    return {
        row.key: row.content + row.source.encode("utf-8", "surrogatepass")
        for row in rows_in(tx, _CONTENTS, version.c.key, versions)
    }


def find_articles(tx: Tx, ids: Collection[str]) -> dict[str, ArticleKey]:
    """Articles by public ID; deleted ones are left out."""
    asked = [each for each in ids if may_be_id(each)]
    statement = sa.select(article.c.id, article.c.key).where(article.c.deleted_at.is_(None))
    return {row.id: row.key for row in rows_in(tx, statement, article.c.id, asked)}


def find_founders(tx: Tx, ids: Collection[str]) -> dict[str, ArticleKey]:
    """Founders by their stories' canonical IDs."""
    return {
        row.id: row.founder for row in rows_in(tx, sa.select(story.c.id, story.c.founder), story.c.id, ids)
    }
