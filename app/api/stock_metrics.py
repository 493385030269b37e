"""How feeds are pulled and webhooks called, as Prometheus reads it: from the database, at every look.

Every process answers the same figures, since the work is shared: they are not to be added up.
"""

from collections.abc import Callable, Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from app.errors import WirefoldError
from app.services.stock import Stock
from app.store.tallies import Tally

_FETCHES = {"changed": Tally.FEEDS_CHANGED, "unchanged": Tally.FEEDS_UNCHANGED, "failed": Tally.FEEDS_FAILED}
_ENTRIES = {"new": Tally.ENTRIES_NEW, "updated": Tally.ENTRIES_UPDATED, "refused": Tally.ENTRIES_REFUSED}
_ATTEMPTS = {"delivered": Tally.ATTEMPTS_DELIVERED, "failed": Tally.ATTEMPTS_FAILED}


class StockCollector(Collector):
    """Asks for the stock whenever somebody looks; tells nothing while the database is away."""

    def __init__(self, take: Callable[[], Stock]) -> None:
        self._take = take

    def describe(self) -> Iterator[Metric]:
        """Nothing: the names do not depend on a first look."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """The figures of now."""
        try:
            stock = self._take()
        except WirefoldError:
            return
        done = stock.done

        def counted(name: str, says: str, by: dict[str, Tally]) -> Metric:
            family = CounterMetricFamily(f"wirefold_{name}", says, labels=("outcome",))
            for outcome, tally in by.items():
                family.add_metric((outcome,), done[tally])
            return family

        yield counted("feed_fetches", "Feeds asked for, by what came.", _FETCHES)
        yield counted("feed_entries", "Entries of feeds that were taken in, or could not be.", _ENTRIES)
        yield counted("webhook_attempts", "Attempts at deliveries, by how they ended.", _ATTEMPTS)
        yield CounterMetricFamily(
            "wirefold_webhook_retries",
            "Attempts that were not the first at their delivery.",
            value=done[Tally.ATTEMPTS_AGAIN],
        )
        yield CounterMetricFamily(
            "wirefold_webhook_deliveries_dead", "Deliveries given up.", value=done[Tally.DELIVERIES_DEAD]
        )
        for name, says, value in (
            ("feeds_due", "Feeds that are due.", stock.feeds_due),
            ("feeds_late", "Feeds that have been due for five minutes.", stock.feeds_late),
            ("feed_lateness_seconds", "For how long the first of them has been due.", stock.feed_due_for_s),
            ("feed_hosts_backing_off", "Hosts left in peace for failing.", stock.hosts_backing_off),
            ("webhook_deliveries_waiting", "Deliveries that wait.", stock.deliveries_waiting),
            ("webhook_oldest_waiting_seconds", "Age of the oldest of them.", stock.delivery_waiting_for_s),
            ("webhooks_disabled", "Endpoints that were disabled.", stock.endpoints_disabled),
        ):
            yield GaugeMetricFamily(f"wirefold_{name}", says, value=value)
