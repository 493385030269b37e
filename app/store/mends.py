"""Rows that follow from others, written anew where verifying found them wrong."""

from collections.abc import Collection

import sqlalchemy as sa

from app.dedup.model import Fingerprint
from app.events import EventType
from app.model import ArticleKey, Position, VersionKey
from app.store.articles import fingerprint_values
from app.store.deletion import leave_story
from app.store.engine import Tx
from app.store.integrity import THERE
from app.store.statements import insert, rows_in, update
from app.store.tables import article, change, edge, fingerprint, membership, story, version


def mend_currents(tx: Tx, articles: Collection[ArticleKey]) -> None:
    """Let each article's last released version be its current one, or its last where none was released."""
    order = (version.c.released.desc(), version.c.number.desc())
    for key in articles:
        last = sa.select(version.c.key).where(version.c.article == key).order_by(*order).limit(1)
        found = tx.connection.execute(last).scalar()
        if found is not None:
            update(tx, article, article.c.key, [(key, found)], "current")


def mend_memberships(tx: Tx, articles: Collection[ArticleKey], *, since: Position) -> None:
    """Let each article be in one story: the one it entered last, or without any the one its row names."""
    for key in articles:
        is_open = (membership.c.article == key) & membership.c.until.is_(None)
        order = membership.c.since.desc()
        entered = list(
            tx.connection.execute(sa.select(membership.c.since).where(is_open).order_by(order)).scalars()
        )
        if entered:
            others = membership.update().where(is_open, membership.c.since < entered[0])
            tx.connection.execute(others.values(until=entered[0]))
            continue
        at = tx.connection.execute(sa.select(article.c.founder).where(article.c.key == key)).scalar_one()
        values = {"article": key, "since": since, "founder": at, "until": None}
        insert(tx, membership, [values | {"by": "wirefold", "why": "its membership was missing"}])


def end_memberships(tx: Tx, articles: Collection[ArticleKey]) -> None:
    """Let deleted articles leave their stories, at the entries of the feed that tell of the deletions."""
    for key in articles:
        entered = sa.select(sa.func.max(membership.c.since)).where(membership.c.article == key)
        since = tx.connection.execute(entered).scalar_one()
        leave_story(tx, key, until=Position(max(since, _deleted_position(tx, key))))


def _deleted_position(tx: Tx, key: ArticleKey) -> int:
    row = tx.connection.execute(sa.select(article).where(article.c.key == key)).one()
    entries = sa.select(change).where(
        change.c.at == row.deleted_at, change.c.type == EventType.ARTICLE_DELETED
    )
    told = tx.connection.execute(entries)
    return max((each.position for each in told if each.payload["article_id"] == row.id), default=0)


def mend_founders(tx: Tx, articles: Collection[ArticleKey]) -> None:
    """Let each article's row name the story of its open membership: that is the record, the row a copy."""
    for key in articles:
        at = sa.select(membership.c.founder).where(membership.c.article == key, membership.c.until.is_(None))
        update(tx, article, article.c.key, [(key, tx.connection.execute(at).scalar_one())], "founder")


def mend_counts(tx: Tx, founders: Collection[ArticleKey]) -> None:
    """Count the members of these stories. For one that has none nothing speaks."""
    for founder in founders:
        inside = sa.select(sa.func.count()).where(article.c.founder == founder, THERE)
        members = tx.connection.execute(inside).scalar_one()
        update(tx, story, story.c.founder, [(founder, members)], "members")
        if not members:
            tx.connection.execute(story.update().where(story.c.founder == founder).values(canonical=None))


def mend_edges(tx: Tx, later: Collection[VersionKey]) -> None:
    """Let judged pairs name the articles that their versions are of; drop those of versions that are gone."""
    for row in list(rows_in(tx, sa.select(edge), edge.c.version_a, later)):
        owners = {
            each.key: each.article
            for each in rows_in(tx, sa.select(version), version.c.key, {row.version_a, row.version_b})
        }
        pair = (edge.c.version_a == row.version_a) & (edge.c.version_b == row.version_b)
        if len(owners) < 2:
            tx.connection.execute(edge.delete().where(pair))
        else:
            right = {"a": owners[row.version_a], "b": owners[row.version_b]}
            tx.connection.execute(edge.update().where(pair).values(right))


def replace_fingerprint(tx: Tx, key: VersionKey, of: Fingerprint) -> None:
    """Store a version's fingerprint in place of the one it has under that profile."""
    own = (fingerprint.c.version == key) & (fingerprint.c.profile == of.profile)
    tx.connection.execute(fingerprint.delete().where(own))
    insert(tx, fingerprint, [fingerprint_values(key, of)])
