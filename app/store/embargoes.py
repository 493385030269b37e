"""Versions that wait for their embargo to end: stored, but not in the shared index."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from app.model import Position, Status, VersionKey
from app.store.engine import Tx
from app.store.statements import insert
from app.store.tables import article, embargo_end, version


def load_due(tx: Tx, now: datetime, *, limit: int) -> list[VersionKey]:
    """Versions whose embargo has ended, longest due first.

    What is withheld or put off stays so, and of what was deleted nothing is left to release.
    """
    over = sa.not_(version.c.released) & (version.c.embargoed_until <= now)
    due = (
        sa.select(version.c.key)
        .join(article, article.c.key == version.c.article)
        .where(
            over,
            version.c.status != Status.WITHHELD.value,
            article.c.deleted_at.is_(None),
            ~_put_off(now),
        )
    )
    rows = tx.connection.execute(due.order_by(version.c.embargoed_until, version.c.key).limit(limit))
    return [VersionKey(key) for (key,) in rows]


def mark_released(tx: Tx, since: Mapping[VersionKey, Position]) -> None:
    """These take part from now on, each from a position of the change feed."""
    tx.connection.execute(version.update().where(version.c.key.in_(since.keys())).values(released=True))
    insert(tx, embargo_end, [{"version": key, "position": position} for key, position in since.items()])


def _put_off(now: datetime) -> sa.ColumnElement[bool]:
    """Whether the publisher has since moved the article's embargo beyond ``now``, or withheld the article."""
    later = version.alias()
    withheld = (later.c.status == Status.WITHHELD.value) & (article.c.current == later.c.key)
    return (
        sa.exists()
        .select_from(later.join(article, article.c.key == later.c.article))
        .where(
            later.c.article == version.c.article,
            later.c.number > version.c.number,
            sa.not_(later.c.released),
            (later.c.embargoed_until > now) | withheld,
        )
        .correlate(version)
    )
