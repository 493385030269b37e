"""How long the texts of sources are kept, and which are older."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from app.model import ArticleKey
from app.store.engine import Tx
from app.store.statements import upsert
from app.store.tables import article, retention, version


def load_all(tx: Tx) -> dict[str, int]:
    """Days by source, of the sources that have a rule of their own; 0 is for ever."""
    return {row.source: row.days for row in tx.connection.execute(sa.select(retention))}


def put(tx: Tx, source: str, days: int | None) -> None:
    """Give a source a rule of its own, or none."""
    if days is None:
        tx.connection.execute(retention.delete().where(retention.c.source == source))
    else:
        upsert(tx, retention, [{"source": source, "days": days}])


def find_outlived(
    tx: Tx,
    after: int,
    before: Mapping[str, datetime | None],
    others_before: datetime | None,
    *,
    now: datetime,
    limit: int,
) -> list[ArticleKey]:
    """The next articles behind a key whose last version came before the time of their source.

    None of a source whose time is none, and none with a version whose embargo is still to end.
    """
    own = [(article.c.source == source) & _came_before(at) for source, at in before.items() if at is not None]
    if others_before is not None:
        own.append(article.c.source.not_in(list(before)) & _came_before(others_before))
    if not own:
        return []
    waiting = sa.exists().where(
        version.c.article == article.c.key, sa.not_(version.c.released), version.c.embargoed_until > now
    )
    some = sa.select(article.c.key).where(
        article.c.key > after, article.c.deleted_at.is_(None), sa.or_(*own), ~waiting.correlate(article)
    )
    return list(tx.connection.execute(some.order_by(article.c.key).limit(limit)).scalars())


def _came_before(at: datetime) -> sa.ColumnElement[bool]:
    since = sa.exists().where(version.c.article == article.c.key, version.c.received_at >= at)
    return (article.c.created_at < at) & ~since.correlate(article)
