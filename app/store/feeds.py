"""Feeds that are pulled: their rows, and what people change of them. Claiming is ``polling``'s."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.store.engine import Tx
from app.store.statements import insert
from app.store.tables import feed, feed_entry

INCOMPLETE: Mapping[str, None] = {"etag": None, "last_modified": None, "digest": None}
"""Values of a feed whose next fetch must bring the whole document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRow:
    """A feed: what people decided, what is known of it, when it is due and how it went."""

    id: str
    url: str
    """Where it is asked for now."""
    added_url: str
    """Where it was when it was added; another than ``url`` after a permanent redirect."""
    source: str
    """Under which its articles are taken in."""
    title: str = ""
    paused: bool = False
    paused_why: str | None = None
    identity: str = "auto"
    """What people chose to tell its entries by, as ``feed_identity.read_identity`` reads it."""
    fetch_page: bool = False
    """Whether the page that an entry links to is its article, not the entry."""
    every_s: int | None = None
    """The interval people chose."""
    created_at: datetime
    created_by: str
    revision: int = 1
    identity_used: str = "auto"
    identity_why: str = ""
    hub: str | None = None
    """Its WebSub hub, told to whoever subscribes there."""
    ttl_s: int | None = None
    """How long its last document asked to be left alone, with the hours and days it asked to skip."""
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()
    etag: str | None = None
    last_modified: str | None = None
    digest: bytes | None = None
    """Of the last document that was taken in whole."""
    moved_to: str | None = None
    """Where permanent redirects led at the last fetches …"""
    moved_times: int = 0
    """… and at how many of them in a row."""
    host: str
    due_at: datetime
    interval_s: int
    interval_why: str = ""
    lease_holder: str | None = None
    lease_until: datetime | None = None
    fetched_at: datetime | None = None
    succeeded_at: datetime | None = None
    status: int | None = None
    """Of the last answer."""
    failures: int = 0
    """In a row."""
    error_kind: str | None = None
    error: str | None = None
    error_at: datetime | None = None
    fetches: int = 0
    articles_new: int = 0
    articles_updated: int = 0
    entries_refused: int = 0
    refusal: str | None = None
    """Why the last of these was refused."""


def add(tx: Tx, row: FeedRow) -> None:
    """Store a feed."""
    insert(tx, feed, [asdict(row)])


def load(tx: Tx, feed_id: str) -> FeedRow | None:
    """The feed of that ID."""
    return _one(tx, sa.select(feed).where(feed.c.id == feed_id))


def find_by_url(tx: Tx, url: str) -> FeedRow | None:
    """The feed that is asked for at that address."""
    return _one(tx, sa.select(feed).where(feed.c.url == url))


def load_after(tx: Tx, feed_id: str, *, limit: int) -> Sequence[FeedRow]:
    """Feeds in the order in which they were added, from behind that ID."""
    found = tx.connection.execute(sa.select(feed).where(feed.c.id > feed_id).order_by(feed.c.id).limit(limit))
    return [feed_row(row) for row in found.mappings()]


def change(tx: Tx, feed_id: str, values: Mapping[str, object]) -> None:
    """Set columns of a feed."""
    tx.connection.execute(feed.update().where(feed.c.id == feed_id).values(**values))


def remove(tx: Tx, feed_id: str) -> bool:
    """Forget a feed and its entries; false where there was none. Articles stay."""
    tx.connection.execute(sa.delete(feed_entry).where(feed_entry.c.feed == feed_id))
    return tx.connection.execute(sa.delete(feed).where(feed.c.id == feed_id)).rowcount == 1


def _one(tx: Tx, statement: sa.Select[*tuple[Any, ...]]) -> FeedRow | None:
    row = tx.connection.execute(statement).mappings().one_or_none()
    return None if row is None else feed_row(row)


def feed_row(columns: Mapping[Any, Any]) -> FeedRow:
    """The row of these columns."""
    skips = {name: tuple(columns[name]) for name in ("skip_hours", "skip_days")}
    return FeedRow(**{**columns, **skips})
