"""How the background work fares at this moment: what it has done, what waits, and for how long."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.services.context import Context
from app.store import deliveries, polling, tallies, webhooks
from app.store.tallies import Tally
from app.store.webhooks import WebhookState

LATE = timedelta(minutes=5)
"""A feed that has been due for longer is late: there are too few workers, or none."""


@dataclass(frozen=True, slots=True)
class Stock:
    """The figures of one moment. Ages are seconds; 0 where nothing waits."""

    done: Mapping[Tally, int]
    feeds_due: int
    feeds_late: int
    feed_due_for_s: float
    """Of the feed that has been due longest."""
    hosts_backing_off: int
    """Hosts that are left in peace for their failures."""
    deliveries_waiting: int
    """For endpoints that are called: what waits for a paused or disabled one waits for people."""
    delivery_waiting_for_s: float
    endpoints_disabled: int


def take_stock(ctx: Context) -> Stock:
    """Look at what the background work has done and has before it."""
    now = ctx.now()
    with ctx.store.read() as tx:
        due, due_since = polling.count_due(tx, now)
        late, _ = polling.count_due(tx, now - LATE)
        waiting, waiting_since = deliveries.waiting_for_enabled(tx)
        return Stock(
            done=tallies.load_all(tx),
            feeds_due=due,
            feeds_late=late,
            feed_due_for_s=_age(due_since, now),
            hosts_backing_off=polling.count_backing_off(tx, now),
            deliveries_waiting=waiting,
            delivery_waiting_for_s=_age(waiting_since, now),
            endpoints_disabled=webhooks.count(tx, WebhookState.DISABLED),
        )


def _age(since: datetime | None, now: datetime) -> float:
    return 0.0 if since is None else max(0.0, (now - since).total_seconds())
