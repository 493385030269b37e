"""What Prometheus may ask: how long requests take, what comes in, how the database fares.

Each process counts for itself, but for the work in the background (``stock_metrics``). Labels are bounded:
routes are templates, sources are the first so many that were seen and ``other`` for the rest.
"""

from collections.abc import Callable, Iterator, Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from app.api.stock_metrics import StockCollector
from app.errors import StorageFull, StorageUnavailable, WirefoldError
from app.model import Ingested
from app.services.stock import Stock

CONTENT_TYPE = CONTENT_TYPE_LATEST
_UNDISCLOSED = "undisclosed"
_FAST = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """The counters of one process."""

    def __init__(self, *, sources: int = 100) -> None:
        self._most_sources = sources
        self._sources: set[str] = set()
        self._registry = registry = CollectorRegistry()
        self.requests = Histogram(
            "wirefold_http_request_duration_seconds",
            "Time to answer a request.",
            ("method", "route", "status"),
            buckets=_FAST,
            registry=registry,
        )
        self.ingested = Counter(
            "wirefold_articles_ingested",
            "Articles stored or replayed, by source and relation.",
            ("source", "relation"),
            registry=registry,
        )
        self.refused = Counter(
            "wirefold_articles_refused", "Submissions refused, by problem code.", ("code",), registry=registry
        )
        self.group = Histogram(
            "wirefold_ingest_group_size",
            "Articles stored in one transaction.",
            buckets=(1, 2, 5, 10, 20, 50, 100, 200, 500),
            registry=registry,
        )
        self.candidates = Histogram(
            "wirefold_candidates",
            "Stored versions that one arriving article was compared with; of what is out.",
            buckets=(0, 1, 2, 4, 8, 12),
            registry=registry,
        )
        self.decision = Histogram(
            "wirefold_decision_seconds",
            "Time per article from parsing to commit, within its group.",
            buckets=(0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1),
            registry=registry,
        )
        self.database_errors = Counter(
            "wirefold_database_errors",
            "Failures of the database, by problem code.",
            ("code",),
            registry=registry,
        )
        self.waiting = Gauge("wirefold_ingest_waiting", "Articles waiting to be stored.", registry=registry)
        self.index = Gauge("wirefold_index_entries", "Keys in the index.", registry=registry)

    def measure(
        self,
        *,
        waiting: Callable[[], float],
        index: Callable[[], float],
        failures: Mapping[str, int],
        stock: Callable[[], Stock],
    ) -> None:
        """Ask these for their values whenever somebody looks."""
        self._registry.register(StockCollector(stock))
        self.waiting.set_function(waiting)
        self.index.set_function(index)
        self._registry.register(FailureCollector(failures))

    def count_results(self, source: str, result: Ingested | WirefoldError) -> None:
        """Count one submission's outcome."""
        if isinstance(result, WirefoldError):
            self.refused.labels(result.code).inc()
        elif not result.released:
            # What may be told to its source alone: whoever reads metrics may be anybody.
            self.ingested.labels(_UNDISCLOSED, _UNDISCLOSED).inc()
        else:
            relation = "replay" if result.replayed else result.decision.relation.value
            self.ingested.labels(self._label(source), relation).inc()

    def count_failure(self, error: WirefoldError) -> None:
        """Count a failure, where it is the database's."""
        if isinstance(error, StorageUnavailable | StorageFull):
            self.database_errors.labels(error.code).inc()

    def render(self) -> bytes:
        """Everything, in Prometheus's text format."""
        return generate_latest(self._registry)

    def _label(self, source: str) -> str:
        if source in self._sources:
            return source
        if len(self._sources) < self._most_sources and source.isprintable() and len(source) <= 80:
            self._sources.add(source)
            return source
        return "other"


class FailureCollector(Collector):
    """Tells the failures of background work, which are counted elsewhere, by the work's name."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._counts = counts

    def collect(self) -> Iterator[CounterMetricFamily]:
        """One counter."""
        family = CounterMetricFamily(
            "wirefold_work_failures", "Failures of background work.", labels=("work",)
        )
        for work, count in dict(self._counts).items():
            family.add_metric([work], count)
        yield family
