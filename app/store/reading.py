"""Queries that only read: by public ID, by look-up, page by page.

Pages go by key (keyset), never by offset: they neither slow down with depth nor slip when rows are added.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Row

from app.dedup.model import Relation, RevisionKind
from app.model import (
    ArticleKey,
    ArticleRow,
    ChangeRow,
    IdentityKey,
    Position,
    StoryRow,
    VersionKey,
    VersionRow,
)
from app.store.articles import load_articles, load_versions, version_from, versions_of
from app.store.engine import Tx
from app.store.pages import load_pages
from app.store.sight import PUBLIC, Sight, seen, seen_article
from app.store.statements import may_be_id, rows_in
from app.store.stories import load_decisions, load_stories
from app.store.tables import (
    article,
    change,
    edge,
    identity,
    membership,
    page,
    posting,
    segment,
    story,
    url,
    version,
)

__all__ = [
    "Compared",
    "Extent",
    "article_of_id",
    "changes_after",
    "count_index_entries",
    "count_sources",
    "edges_with",
    "last_position",
    "load_articles",
    "load_decisions",
    "load_pages",
    "load_stories",
    "load_urls",
    "load_versions",
    "members_after",
    "owner_of",
    "owners_of_url",
    "seen_articles",
    "seen_extents",
    "seen_versions_of",
    "shadowed",
    "story_of_id",
    "versions_of",
]

_SIDES = version.alias(), version.alias()
"""The versions at the two ends of a comparison. Made once, as in ``app.store.sight``."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What two articles were found to be to each other."""

    relation: Relation
    revision_kind: RevisionKind | None
    jaccard: float
    containment: float


@dataclass(frozen=True, slots=True)
class Extent:
    """How many articles somebody sees of a story, and when the first and the last of them came."""

    members: int
    first_seen: datetime
    last_seen: datetime


def article_of_id(tx: Tx, article_id: str) -> ArticleRow | None:
    """The article of a public ID."""
    if not may_be_id(article_id):
        return None
    row = tx.connection.execute(sa.select(article).where(article.c.id == article_id)).one_or_none()
    return None if row is None else ArticleRow(*row)


def story_of_id(tx: Tx, canonical_id: str) -> StoryRow | None:
    """The story of a canonical ID, absorbed or not."""
    if not may_be_id(canonical_id):
        return None
    row = tx.connection.execute(sa.select(story).where(story.c.id == canonical_id)).one_or_none()
    return None if row is None else StoryRow(*row)


def seen_articles(tx: Tx, keys: Collection[ArticleKey], sight: Sight) -> set[ArticleKey]:
    """Those of the articles that have a version somebody sees."""
    statement = sa.select(article.c.key).where(seen_article(sight, article.c.key))
    return {row.key for row in rows_in(tx, statement, article.c.key, keys)}


def seen_versions_of(
    tx: Tx, articles: Collection[ArticleKey], sight: Sight
) -> dict[ArticleKey, list[VersionRow]]:
    """The versions of each article that somebody sees, oldest first."""
    found: dict[ArticleKey, list[VersionRow]] = {key: [] for key in articles}
    statement = sa.select(version).where(seen(sight)).order_by(version.c.article, version.c.number)
    for row in rows_in(tx, statement, version.c.article, articles):
        found[row.article].append(version_from(row))
    return found


def shadowed(tx: Tx, articles: Collection[ArticleKey], sight: Sight) -> set[ArticleKey]:
    """Those of the articles that have a version somebody does not see."""
    if sight.everything:
        return set()
    statement = sa.select(version.c.article).where(sa.not_(seen(sight))).distinct()
    return {row.article for row in rows_in(tx, statement, version.c.article, articles)}


def seen_extents(tx: Tx, founders: Collection[ArticleKey], sight: Sight) -> dict[ArticleKey, Extent]:
    """What somebody sees of each story; stories of which that is nothing are left out."""
    came = article.c.created_at
    statement = (
        sa.select(membership.c.founder, sa.func.count(), sa.func.min(came), sa.func.max(came))
        .join_from(membership, article, article.c.key == membership.c.article)
        .where(membership.c.until.is_(None), seen_article(sight, article.c.key))
        .group_by(membership.c.founder)
    )
    return {row.founder: Extent(*row[1:]) for row in rows_in(tx, statement, membership.c.founder, founders)}


def owner_of(tx: Tx, key: IdentityKey) -> ArticleKey | None:
    """The article that owns an identity now."""
    return tx.connection.execute(sa.select(identity.c.article).where(identity.c.key == key)).scalar()


def owners_of_url(tx: Tx, key: bytes, *, limit: int) -> list[ArticleKey]:
    """The articles that ever stood at an address, the latest first."""
    statement = sa.select(url.c.article).where(url.c.key == key).order_by(url.c.article.desc()).limit(limit)
    return list(tx.connection.execute(statement).scalars())


def load_urls(tx: Tx, versions: Collection[VersionKey]) -> dict[VersionKey, str | None]:
    """Addresses of versions, without the rest of their pages."""
    if not versions:
        return {}
    statement = sa.select(page.c.version, page.c.url).where(page.c.version.in_(sorted(versions)))
    return {row.version: row.url for row in tx.connection.execute(statement)}


def members_after(
    tx: Tx, founder: ArticleKey, after: int, *, limit: int, sight: Sight = PUBLIC
) -> list[ArticleKey]:
    """Articles of a story that somebody sees, in order of arrival, from behind ``after``."""
    statement = (
        sa.select(membership.c.article)
        .where(membership.c.founder == founder, membership.c.until.is_(None), membership.c.article > after)
        .where(seen_article(sight, membership.c.article))
        .order_by(membership.c.article)
        .limit(limit)
    )
    return list(tx.connection.execute(statement).scalars())


def sources_with_notices(tx: Tx) -> frozenset[str]:
    """The sources that ever took something back by a notice: few of all."""
    statement = sa.select(version.c.source).where(version.c.notice == sa.true()).distinct()
    return frozenset(tx.connection.execute(statement).scalars())


def notices_in(tx: Tx, founder: ArticleKey) -> list[VersionRow]:
    """The notices of a story that are out: articles of their own that take back what their source said."""
    statement = (
        sa.select(version)
        .join_from(membership, article, article.c.key == membership.c.article)
        .join(version, version.c.key == article.c.current)
        .where(membership.c.founder == founder, membership.c.until.is_(None), version.c.released)
        .where(version.c.notice)
    )
    return [version_from(row) for row in tx.connection.execute(statement)]


def count_sources(tx: Tx, founder: ArticleKey, sight: Sight = PUBLIC) -> int:
    """How many sources printed a story, as far as somebody sees."""
    statement = (
        sa.select(sa.func.count(article.c.source.distinct()))
        .join_from(membership, article, article.c.key == membership.c.article)
        .where(membership.c.founder == founder, membership.c.until.is_(None))
        .where(seen_article(sight, article.c.key))
    )
    return tx.connection.execute(statement).scalar_one()


def edges_with(
    tx: Tx, one: ArticleKey, others: Collection[ArticleKey], sight: Sight = PUBLIC
) -> dict[ArticleKey, Compared]:
    """The latest comparison of one article with each of the others, of versions that somebody sees."""
    if not others:
        return {}
    keys = sorted(others)
    pair = ((edge.c.a == one) & edge.c.b.in_(keys)) | ((edge.c.b == one) & edge.c.a.in_(keys))
    statement = sa.select(edge).where(pair).order_by(edge.c.position)
    if not sight.everything:
        for end, side in zip((edge.c.version_a, edge.c.version_b), _SIDES, strict=True):
            statement = statement.join(side, side.c.key == end).where(seen(sight, side))
    rows = tx.connection.execute(statement)
    return {ArticleKey(row.b if row.a == one else row.a): _compared(row) for row in rows}


def changes_after(tx: Tx, position: int, *, limit: int) -> list[ChangeRow]:
    """Entries of the change feed behind a position, in order."""
    statement = sa.select(change).where(change.c.position > position).order_by(change.c.position).limit(limit)
    return [ChangeRow(*row) for row in tx.connection.execute(statement)]


def last_position(tx: Tx) -> Position:
    """The position of the last entry; 0 where there is none."""
    return Position(tx.connection.execute(sa.select(sa.func.max(change.c.position))).scalar() or 0)


def count_index_entries(tx: Tx) -> int:
    """Keys in the index: those in sealed segments, and those in the log that is not sealed yet."""
    sealed = sa.select(sa.func.coalesce(sa.func.sum(segment.c.entries), 0)).where(segment.c.state == "live")
    unsealed = sa.select(sa.func.coalesce(sa.func.sum(sa.func.length(posting.c["keys"])), 0))
    bytes_a_key = 8
    return int(tx.connection.execute(sealed).scalar_one()) + (
        int(tx.connection.execute(unsealed).scalar_one()) // bytes_a_key
    )


def _compared(row: Row[*tuple[Any, ...]]) -> Compared:
    kind = None if row.revision_kind is None else RevisionKind(row.revision_kind)
    return Compared(Relation(row.relation), kind, row.jaccard, row.containment)
