"""Which stories still live when a part of the index is about to be dropped, and what has left it."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from app.model import StoryRow, VersionKey
from app.store.engine import Tx
from app.store.progress import mark, put_mark
from app.store.segments import BUILDING, DEAD, LIVE, bump_generation
from app.store.tables import segment, story

_UNINDEXED = "unindexed"


class Expired(NamedTuple):
    """A segment that has outlived its time."""

    id: int
    last_seq: int
    until: datetime
    last_version: VersionKey


def oldest_expired(tx: Tx, profile: str, before: datetime) -> Expired | None:
    """The oldest live segment, if all it holds was posted before; none while it is being merged."""
    mine = (segment.c.profile == profile) & (segment.c.state == LIVE)
    row = tx.connection.execute(sa.select(segment).where(mine).order_by(segment.c.first_seq).limit(1)).first()
    if row is None or row.until >= before:
        return None
    building = sa.select(segment.c.merge).where(segment.c.state == BUILDING)
    if any(row.id in merge["inputs"] for merge in tx.connection.execute(building).scalars()):
        return None
    return Expired(row.id, row.last_seq, row.until, VersionKey(row.last_version))


def drop(tx: Tx, id_: int) -> None:
    """Take one segment out of the index. Steps of merging delete its blocks."""
    tx.connection.execute(segment.update().where(segment.c.id == id_).values(state=DEAD))
    bump_generation(tx)


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


def put_unindexed(tx: Tx, *, upto: VersionKey) -> None:
    """Say that versions up to one need not be found under their keys any more."""
    put_mark(tx, _UNINDEXED, max(upto, mark(tx, _UNINDEXED)))


def unindexed(tx: Tx) -> VersionKey:
    """The last version that need not be found any more; 0 where all must."""
    return VersionKey(mark(tx, _UNINDEXED))
