"""How long the texts of sources are kept, and which are older."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from app.model import ArticleKey
from app.store.adding import upsert
from app.store.columns import EPOCH, MICROSECOND
from app.store.engine import Tx
from app.store.tables import article, retention, version

_DAY = timedelta(days=1)
_OWN = sa.cast(retention.c.days, sa.BigInteger)


def days_of(tx: Tx, source: str) -> int | None:
    """For how many days a source's texts are kept by a rule of its own; 0 is for ever."""
    return tx.connection.execute(sa.select(retention.c.days).where(retention.c.source == source)).scalar()


def put(tx: Tx, source: str, days: int | None) -> None:
    """Give a source a rule of its own, or none."""
    if days is None:
        tx.connection.execute(retention.delete().where(retention.c.source == source))
    else:
        upsert(tx, retention, [{"source": source, "days": days}])


def find_outlived(tx: Tx, after: int, *, default_days: int, now: datetime, limit: int) -> list[ArticleKey]:
    """The next articles behind a key whose last version came more days ago than their source's are kept.

    None of a source whose texts are kept for ever, and none with a version whose embargo is still to end.
    """
    if (
        not default_days
        and tx.connection.execute(sa.select(retention).where(_OWN > 0).limit(1)).first() is None
    ):
        return []
    # Reckoned by the database: a condition for each source would be longer than a statement may be.
    days = sa.func.coalesce(_OWN, sa.literal(default_days, sa.BigInteger))
    before = sa.literal((now - EPOCH) // MICROSECOND, sa.BigInteger) - days * (_DAY // MICROSECOND)
    came = sa.type_coerce(version.c.received_at, sa.BigInteger)
    since = sa.exists().where(version.c.article == article.c.key, came >= before)
    waiting = sa.exists().where(
        version.c.article == article.c.key, sa.not_(version.c.released), version.c.embargoed_until > now
    )
    some = (
        sa.select(article.c.key)
        .outerjoin(retention, retention.c.source == article.c.source)
        .where(
            article.c.key > after,
            article.c.deleted_at.is_(None),
            days > 0,
            sa.type_coerce(article.c.created_at, sa.BigInteger) < before,
            ~since.correlate(article, retention),
            ~waiting.correlate(article),
        )
    )
    return list(tx.connection.execute(some.order_by(article.c.key).limit(limit)).scalars())
