"""Feeds as workers see them: claimed with a lease, their entries remembered, their hosts left in peace."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from app.store.adding import upsert
from app.store.engine import Tx
from app.store.feeds import FeedRow, feed_row
from app.store.statements import insert_if_new
from app.store.tables import feed, feed_entry, feed_host

_LONGER_THAN_A_CLAIM = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRow:
    """An entry as it was last seen in its feed."""

    feed: str
    key: bytes
    """Of its identity within the feed."""
    digest: bytes | None
    """Of its words; None while its page is still to be fetched."""
    external_id: str | None
    """Under which its article was taken in. Stays when the feed's entries are told apart otherwise."""
    guid: str | None
    url: str | None
    title: str
    published_at: datetime | None
    article_id: str | None = None
    tries: int = 0
    """Fetches of its page that came to nothing."""
    first_seen_at: datetime
    seen_at: datetime


# -------------------------------------------------------------------------------------------------- feeds
def any_due(tx: Tx, now: datetime) -> bool:
    """Whether some feed could be claimed."""
    return tx.connection.execute(_due(now)).first() is not None


def count_due(tx: Tx, now: datetime) -> tuple[int, datetime | None]:
    """How many feeds have been due since then that nobody has taken, and since when the first has been."""
    which = sa.select(sa.func.count(), sa.func.min(feed.c.due_at)).where(_free(now))
    row = tx.connection.execute(which).one()
    return row[0], row[1]


def claim_due(
    tx: Tx, holder: str, now: datetime, *, until: datetime, host_free_at: datetime
) -> FeedRow | None:
    """Take a lease of the feed that has been due longest and whose host is free.

    The host is taken with it until ``host_free_at``: one fetch a host at a time, whoever makes it.
    """
    found = tx.connection.execute(_due(now)).first()
    if found is None or not claim_host(tx, found.host, now, host_free_at):
        return None
    still = (feed.c.id == found.id) & _free(now)
    claimed = feed.update().where(still).values(lease_holder=holder, lease_until=until)
    if tx.connection.execute(claimed).rowcount != 1:
        return None
    row = tx.connection.execute(sa.select(feed).where(feed.c.id == found.id)).mappings().one()
    return feed_row(row)


def prolong(tx: Tx, feed_id: str, holder: str, until: datetime) -> bool:
    """Keep a lease for longer, and its host with it; false where it has gone to another."""
    own = (feed.c.id == feed_id) & (feed.c.lease_holder == holder)
    if tx.connection.execute(feed.update().where(own).values(lease_until=until)).rowcount != 1:
        return False
    its = sa.select(feed.c.host).where(feed.c.id == feed_id).scalar_subquery()
    tx.connection.execute(feed_host.update().where(feed_host.c.host == its).values(free_at=until))
    return True


def settle(tx: Tx, feed_id: str, holder: str, values: Mapping[str, object]) -> bool:
    """Store how a fetch went and give the lease back; false, and nothing is stored, where it was lost."""
    own = (feed.c.id == feed_id) & (feed.c.lease_holder == holder)
    done = feed.update().where(own).values(**values, lease_holder=None, lease_until=None)
    return tx.connection.execute(done).rowcount == 1


def _due(now: datetime) -> sa.Select[tuple[str, str]]:
    return (
        sa.select(feed.c.id, feed.c.host)
        .outerjoin(feed_host, feed_host.c.host == feed.c.host)
        .where(_free(now), feed_host.c.free_at.is_(None) | (feed_host.c.free_at <= now))
        .order_by(feed.c.due_at, feed.c.id)
        .limit(1)
    )


def _free(now: datetime) -> sa.ColumnElement[bool]:
    unleased = feed.c.lease_until.is_(None) | (feed.c.lease_until <= now)
    return sa.and_(feed.c.paused.is_(False), feed.c.due_at <= now, unleased)


# -------------------------------------------------------------------------------------------------- hosts
def claim_host(tx: Tx, host: str, now: datetime, free_at: datetime) -> bool:
    """Take a host until then; false while another has it or it is to be left in peace."""
    if insert_if_new(tx, feed_host, {"host": host, "free_at": free_at, "failures": 0}):
        return True
    free = (feed_host.c.host == host) & (feed_host.c.free_at <= now)
    return tx.connection.execute(feed_host.update().where(free).values(free_at=free_at)).rowcount == 1


def host_failures(tx: Tx, host: str) -> int:
    """How many fetches in a row the host itself let fail."""
    found = tx.connection.execute(sa.select(feed_host.c.failures).where(feed_host.c.host == host))
    return found.scalar() or 0


def count_backing_off(tx: Tx, now: datetime) -> int:
    """How many hosts are left in peace now because they failed."""
    which = sa.select(sa.func.count()).select_from(feed_host)
    return tx.connection.execute(
        which.where(feed_host.c.failures > 0, feed_host.c.free_at > now)
    ).scalar_one()


def leave_host(tx: Tx, host: str, *, until: datetime, failures: int) -> None:
    """Ask nothing of a host until then."""
    upsert(tx, feed_host, [{"host": host, "free_at": until, "failures": failures}])


def forgive_host(tx: Tx, host: str, now: datetime) -> None:
    """Let a host be asked at once that is left in peace for its failures, or for longer than any claim."""
    waits = (feed_host.c.failures > 0) | (feed_host.c.free_at > now + _LONGER_THAN_A_CLAIM)
    which = (feed_host.c.host == host) & (feed_host.c.free_at > now) & waits
    tx.connection.execute(feed_host.update().where(which).values(free_at=now, failures=0))


# ------------------------------------------------------------------------------------------------ entries
def load_entries(tx: Tx, feed_id: str) -> Sequence[EntryRow]:
    """What was seen of a feed, oldest first."""
    ordered = sa.select(feed_entry).where(feed_entry.c.feed == feed_id)
    found = tx.connection.execute(ordered.order_by(feed_entry.c.first_seen_at, feed_entry.c.key))
    return [EntryRow(**row) for row in found.mappings()]


def put_entries(tx: Tx, rows: Iterable[EntryRow]) -> None:
    """Store entries as they were seen now."""
    upsert(tx, feed_entry, [asdict(row) for row in rows])


def forget_entries(tx: Tx, feed_id: str, *, before: datetime | None = None) -> None:
    """Drop what is known of a feed's entries: all, or those that left it before then."""
    which = feed_entry.c.feed == feed_id
    if before is not None:
        which &= feed_entry.c.seen_at < before
    tx.connection.execute(sa.delete(feed_entry).where(which))
