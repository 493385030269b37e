"""What stood at an earlier position of the change feed: where articles were, and what spoke for what."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.model import ArticleKey, Position, VersionKey, VersionRow
from app.store.articles import version_from
from app.store.engine import Tx
from app.store.statements import rows_in
from app.store.tables import appointment, article, change, embargo_end, membership, succession, version


@dataclass(frozen=True, slots=True)
class Extent:
    """How large a story was, and when the first and the last of its members came."""

    members: int
    sources: int
    first_seen: datetime | None
    last_seen: datetime | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A version that was not out yet."""

    version: VersionKey
    article: ArticleKey
    source: str


def position_at(tx: Tx, moment: datetime) -> Position:
    """The last position at or before a moment; 0 where nothing had happened."""
    until = sa.select(change.c.position).where(change.c.at <= moment)
    last = until.order_by(change.c.at.desc(), change.c.position.desc()).limit(1)
    return Position(tx.connection.execute(last).scalar() or 0)


def moment_of(tx: Tx, position: Position) -> datetime | None:
    """When the entry of a position was written; None where there is none."""
    return tx.connection.execute(sa.select(change.c.at).where(change.c.position == position)).scalar()


def founders_at(tx: Tx, articles: Collection[ArticleKey], position: Position) -> dict[ArticleKey, ArticleKey]:
    """Founders of the stories that articles were in; what had not arrived is left out."""
    statement = sa.select(membership.c.article, membership.c.founder).where(_lasting(position))
    return {row.article: row.founder for row in rows_in(tx, statement, membership.c.article, articles)}


def extent_at(
    tx: Tx, founder: ArticleKey, position: Position, *, without: Collection[ArticleKey] = ()
) -> Extent:
    """How large a story was, some of its articles left out."""
    statement = (
        sa.select(
            sa.func.count(),
            sa.func.count(article.c.source.distinct()),
            sa.func.min(article.c.created_at),
            sa.func.max(article.c.created_at),
        )
        .join_from(membership, article, article.c.key == membership.c.article)
        .where(membership.c.founder == founder, _lasting(position), article.c.key.not_in(sorted(without)))
    )
    return Extent(*tx.connection.execute(statement).one())


def members_at(
    tx: Tx,
    founder: ArticleKey,
    position: Position,
    *,
    after: int,
    limit: int,
    without: Collection[ArticleKey] = (),
) -> list[ArticleKey]:
    """Articles that were in a story, in order of arrival, from behind ``after``."""
    statement = (
        sa.select(membership.c.article)
        .where(membership.c.founder == founder, _lasting(position), membership.c.article > after)
        .where(membership.c.article.not_in(sorted(without)))
        .order_by(membership.c.article)
        .limit(limit)
    )
    return list(tx.connection.execute(statement).scalars())


def currents_at(tx: Tx, articles: Collection[ArticleKey], position: Position) -> dict[ArticleKey, VersionKey]:
    """The versions that were current: an article's last turn by then, else its first version."""
    first = sa.select(version.c.article, version.c.key).where(version.c.number == 1)
    found = {row.article: row.key for row in rows_in(tx, first, version.c.article, articles)}
    turns = sa.select(succession.c.article, succession.c.version).where(succession.c.since <= position)
    for row in rows_in(tx, turns.order_by(succession.c.since), succession.c.article, articles):
        found[row.article] = row.version
    return found


def notices_at(tx: Tx, founder: ArticleKey, position: Position) -> list[VersionRow]:
    """The notices that a story had and that were current, whoever was shown them."""
    members = sa.select(membership.c.article).where(membership.c.founder == founder, _lasting(position))
    notices = sa.select(version).where(version.c.article.in_(members), version.c.notice, version.c.released)
    rows = [version_from(row) for row in tx.connection.execute(notices)]
    currents = currents_at(tx, {row.article for row in rows}, position)
    return [row for row in rows if currents[row.article] == row.key]


def appointed_at(tx: Tx, founder: ArticleKey, position: Position) -> VersionKey | None:
    """The version that spoke for a story; None where the story was absorbed, or not founded."""
    turns = sa.select(appointment.c.version).where(
        appointment.c.founder == founder, appointment.c.since <= position
    )
    return tx.connection.execute(turns.order_by(appointment.c.since.desc()).limit(1)).scalar()


def hidden_at(tx: Tx, founder: ArticleKey, position: Position) -> list[Waiting]:
    """Versions of a story's members of then that were stored by then and not out."""
    members = sa.select(membership.c.article).where(membership.c.founder == founder, _lasting(position))
    later = sa.not_(version.c.released) | (embargo_end.c.position > position)
    statement = (
        sa.select(version.c.key, version.c.article, version.c.source)
        .select_from(version.outerjoin(embargo_end, embargo_end.c.version == version.c.key))
        .where(version.c.article.in_(members), version.c.position <= position, later)
    )
    return [Waiting(*row) for row in tx.connection.execute(statement)]


def out_since(tx: Tx, article_key: ArticleKey) -> dict[VersionKey, Position]:
    """From which position on each version of an article was out; those that are not are left out."""
    statement = (
        sa.select(version.c.key, sa.func.coalesce(embargo_end.c.position, version.c.position).label("since"))
        .select_from(version.outerjoin(embargo_end, embargo_end.c.version == version.c.key))
        .where(version.c.article == article_key, version.c.released)
    )
    return {row.key: row.since for row in tx.connection.execute(statement)}


def _lasting(position: Position) -> sa.ColumnElement[bool]:
    until = membership.c.until
    return (membership.c.since <= position) & (until.is_(None) | (until > position))
