"""The composition root: settings become a store, an index, a context and the ingest queue."""

import math
import multiprocessing
import os
import random
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial

from app.api.limits import Limits
from app.api.metrics import Metrics
from app.dedup import profile
from app.dedup.policy import NAMED, Policies
from app.errors import WirefoldError
from app.net.addresses import read_allowed
from app.net.client import Client
from app.services.cadence import Bounds
from app.services.context import Context
from app.services.delivering import Calling
from app.services.drafting import Drafted
from app.services.expiring import span_of
from app.services.ingest import Answer, take_in
from app.services.pool import DraftPool
from app.services.pulling import Manners, Pulling
from app.services.queue import IngestQueue
from app.services.reading import count_index_entries
from app.services.stock import take_stock
from app.services.visiting import Visitor
from app.settings import Settings
from app.store.engine import open_store
from app.store.index import Index
from app.store.segments import Shape
from app.workers.work import FAILURES

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_RANDOM_BITS = 80
_DIGITS = 26
_MOST_DRAFTING = 3
"""One interpreter stores what three draft: an article takes it 3.6 ms, drafting 4.7."""


@dataclass(frozen=True, slots=True)
class Service:
    """Everything that runs below the HTTP edge. Close it once."""

    ctx: Context
    pool: DraftPool
    queue: IngestQueue
    metrics: Metrics

    def close(self) -> None:
        """Finish what was accepted, then give the database back."""
        self.queue.close()
        self.pool.close()
        self.ctx.store.close()


class IdMaker:
    """Public IDs that sort by time: 48 bits of milliseconds and 80 of chance, as in a ULID.

    Within one process they ascend strictly, also inside a millisecond or when the clock is set back.
    """

    def __init__(self, clock_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000) -> None:
        self._clock_ms = clock_ms
        self._last = 0
        self._turn = threading.Lock()

    def __call__(self, prefix: str) -> str:
        """A fresh ID with this prefix."""
        fresh = (self._clock_ms() << _RANDOM_BITS) | secrets.randbits(_RANDOM_BITS)
        with self._turn:
            self._last = number = max(fresh, self._last + 1)
        digits = "".join(_ALPHABET[number >> shift & 31] for shift in range(5 * (_DIGITS - 1), -1, -5))
        return f"{prefix}_{digits}"


def open_service(settings: Settings) -> Service:
    """Open the database of these settings and start the ingest thread. Migrates nothing."""
    metrics = Metrics(sources=settings.metrics_sources)
    ctx = replace(open_context(settings), observe_candidates=metrics.candidates.observe)
    pool = open_pool(settings, ctx)
    queue = IngestQueue(
        pool.draft_all,
        partial(_timed_take_in, ctx, metrics),
        most_waiting=settings.queue_articles,
        drafters=max(2, pool.drafters),
        observe=metrics.group.observe,
    )
    metrics.measure(
        waiting=lambda: len(queue),
        index=partial(_index_entries, ctx),
        failures=FAILURES,
        stock=partial(take_stock, ctx),
    )
    return Service(ctx, pool, queue, metrics)


def open_pool(settings: Settings, ctx: Context) -> DraftPool:
    """The processes that draft: as many as the settings say, else one for each core.

    Of several workers none has any, unless told: they are processes already.
    """
    return DraftPool(ctx.profile, processes=drafting_processes(settings))


def drafting_processes(settings: Settings) -> int:
    """How many processes draft beside this one."""
    if settings.draft_processes is not None:
        return settings.draft_processes
    alone = multiprocessing.parent_process() is None
    return min(_MOST_DRAFTING, _cores()) if alone and _cores() > 1 else 0


def _cores() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def open_context(settings: Settings) -> Context:
    """What every use case is given. For commands that take nothing in."""
    return Context(
        store=open_store(settings.database_url, pool_size=settings.database_pool),
        index=Index(profile.STANDARD.id, shape=shape_of(settings)),
        profile=profile.STANDARD,
        policies=policies_of(settings),
        review=(settings.review_from, settings.review_to),
        outbound=read_allowed(settings.outbound_allow),
        now=lambda: datetime.now(UTC),
        new_id=IdMaker(),
    )


def open_pulling(settings: Settings, ctx: Context) -> Pulling:
    """What feeds are pulled with; its client is the process's one for addresses that others chose."""
    client = Client(allowed=ctx.outbound, contact=settings.outbound_contact)
    gap_s = settings.feed_host_gap_s
    manners = Manners(
        intervals=Bounds(least_s=settings.feed_least_s, most_s=settings.feed_most_s),
        gap_s=gap_s,
        article=limits_of(settings).bounds,
    )
    return Pulling(client, Visitor(ctx, client, gap_s=gap_s), manners)


def shape_of(settings: Settings) -> Shape:
    """Sizes of the index. Where it is dropped by age, segments stay short."""
    return Shape(span=span_of(settings.index_days)) if settings.index_days else Shape()


def calling_of(settings: Settings) -> Calling:
    """How webhooks are called."""
    return Calling(
        timeout_s=settings.webhook_timeout_s,
        at_once=max(1, settings.webhook_threads // 4),
        disable_after=timedelta(days=settings.webhook_disable_days),
        keep_log=timedelta(days=settings.webhook_log_days),
        chance=random.random,
    )


def policies_of(settings: Settings) -> Policies:
    """The policies that articles are judged by."""
    own = {source: NAMED[name] for source, name in settings.policy_overrides.items()}
    return Policies(NAMED[settings.policy], own)


def limits_of(settings: Settings) -> Limits:
    """The bounds of requests."""
    return Limits(
        item_bytes=settings.max_item_bytes,
        text_bytes=settings.max_text_bytes,
        batch_bytes=settings.max_batch_bytes,
        batch_items=settings.max_batch_items,
        batch_group=settings.batch_group,
        depth=settings.max_json_depth,
        gzip_ratio=settings.max_gzip_ratio,
    )


def _index_entries(ctx: Context) -> float:
    """Not a number while the database is away: the other measurements are wanted most then."""
    try:
        return count_index_entries(ctx)
    except WirefoldError:
        return math.nan


def _timed_take_in(ctx: Context, metrics: Metrics, drafted: Sequence[Drafted]) -> list[Answer]:
    began = time.perf_counter()
    results = take_in(ctx, drafted)
    each = (time.perf_counter() - began) / max(1, len(drafted))
    for _ in drafted:
        metrics.decision.observe(each)
    return results
