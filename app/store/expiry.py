"""Which stories still live when a part of the index is about to be dropped, and what has left it."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from app.model import StoryRow, VersionKey
from app.store.engine import Tx
from app.store.progress import mark, put_mark
from app.store.tables import story, version

_UNINDEXED = "unindexed"


def living_stories(
    tx: Tx, *, after: int, begun_until: datetime, seen_from: datetime, limit: int
) -> Sequence[StoryRow]:
    """The next stories behind a founder that began until then and have been added to since."""
    living = sa.select(story).where(
        story.c.founder > after,
        story.c.members > 0,
        story.c.first_seen <= begun_until,
        story.c.last_seen >= seen_from,
    )
    return [StoryRow(*row) for row in tx.connection.execute(living.order_by(story.c.founder).limit(limit))]


def put_unindexed(tx: Tx, *, until: datetime) -> None:
    """Say that versions received until then need not be found under their keys any more."""
    last = sa.select(sa.func.max(version.c.key)).where(version.c.received_at <= until)
    put_mark(tx, _UNINDEXED, tx.connection.execute(last).scalar() or 0)


def unindexed(tx: Tx) -> VersionKey:
    """The last version that need not be found any more; 0 where all must."""
    return VersionKey(mark(tx, _UNINDEXED))
