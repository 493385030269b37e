"""One poll: claim a due feed, fetch it, take in what is new or changed, say when it is due again.

A fetch that comes to nothing is written down with its kind and puts off that feed alone; only a database
that is away stops the worker. The document's entries go through ``ingest``, oldest first.
"""

import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from app.errors import Overloaded, StorageFull, StorageUnavailable, WirefoldError
from app.net.client import Fetched
from app.net.faults import Fault, FetchFailed
from app.net.target import read_target
from app.parsing.feed_document import read_feed
from app.services.asking import Failure, bad_status, conditions, validator
from app.services.cadence import (
    after_failures,
    due_at,
    fresh_for_s,
    next_interval,
    posting_gap_s,
)
from app.services.context import Context
from app.services.hauling import Haul, haul
from app.services.pulling import Manners, Pulling
from app.services.visiting import Missed
from app.store import feeds, polling, tallies
from app.store.feeds import FeedRow
from app.store.tallies import Tally

log = structlog.get_logger(__name__)

MOVED_AFTER = 3
"""Fetches in a row that must lead to one other place before the feed is asked for there: a single permanent
redirect is as often a login page, a lapsed domain or a slip as it is a move."""
_AGAIN_S = 60
"""Pages are left: the feed is due again soon."""
_HOST_BACK_OFF_S = 60
_LONGEST_HOST_BACK_OFF_S = 3600
_KEPT_FOR = timedelta(days=90)
"""How long an entry is remembered that left its feed."""
_HOST_FAULTS = frozenset({Fault.CONNECTION, Fault.DNS, Fault.TIMEOUT, Fault.TLS})
_GONE = 410
_CHANCE = secrets.SystemRandom().random


def poll_step(ctx: Context, pulling: Pulling, *, chance: Callable[[], float] = _CHANCE) -> bool:
    """Poll the feed that has been due longest; whether there was one."""
    now = ctx.now()
    with ctx.store.read() as tx:
        if not polling.any_due(tx, now):
            return False
    holder = ctx.new_id("poll")
    until = now + timedelta(seconds=pulling.manners.lease_s)
    with ctx.store.write() as tx:
        feed = polling.claim_due(tx, holder, now, until=until, host_free_at=until)
    if feed is not None:
        _Poll(ctx, pulling, feed, holder, chance()).run()
    return True


@dataclass(frozen=True, slots=True)
class _Poll:
    ctx: Context
    pulling: Pulling
    feed: FeedRow
    holder: str
    chance: float

    @property
    def manners(self) -> Manners:
        return self.pulling.manners

    def run(self) -> None:
        try:
            answer = self.pulling.client.fetch(
                self.feed.url, headers=conditions(self.feed), limits=self.manners.limits
            )
            self._settle(answer)
        except FetchFailed as error:
            self._fail(Failure(error.fault, error.detail, blames_host=error.fault in _HOST_FAULTS))
        except (StorageUnavailable, StorageFull, Overloaded):
            raise
        except WirefoldError as error:
            self._fail(Failure(error.code, f"{error.detail} {error.fix}"))
        except Exception:
            log.exception("feed could not be read", feed=self.feed.id)
            self._fail(Failure("internal", "The feed could not be read; the log says why."))

    def _settle(self, answer: Fetched) -> None:
        if answer.status == _GONE:
            gone = {"paused": True, "paused_why": "The feed is gone: its server answers 410."}
            self._fail(Failure("http-410", "The server says that the feed is gone."), gone)
            return
        if answer.status not in {200, 304}:
            self._fail(bad_status(answer, self.ctx.now()), {"status": answer.status})
            return
        digest = hashlib.blake2b(answer.body, digest_size=16).digest()
        if answer.status == 304 or digest == self.feed.digest:
            self._unchanged(answer)
            return
        document = read_feed(answer.body, address=answer.url, content_type=answer.headers.get("content-type"))
        brought = haul(
            self.ctx,
            self.feed,
            document,
            visit=self._visit if self.feed.fetch_page else None,
            hold=self._hold,
            most_pages=self.manners.most_pages,
            bounds=self.manners.article,
        )
        self._changed(answer, brought, digest)

    def _hold(self) -> None:
        """Keep the feed and its host: what is done next may take long."""
        with self.ctx.store.write() as tx:
            until = self.ctx.now() + timedelta(seconds=self.manners.lease_s)
            polling.prolong(tx, self.feed.id, self.holder, until)

    def _visit(self, address: str) -> str | Missed:
        self._hold()
        return self.pulling.visitor.visit(address, holding=self.feed.host)

    # ------------------------------------------------------------------------------------- writing down
    def _unchanged(self, answer: Fetched) -> None:
        now = self.ctx.now()
        interval = next_interval(
            self.manners.intervals,
            every_s=self.feed.every_s,
            ttl_s=self.feed.ttl_s,
            fresh_s=fresh_for_s(answer.headers, now),
            gap_s=None,
            before_s=self.feed.interval_s,
            came=False,
        )
        due = due_at(
            now,
            interval,
            chance=self.chance,
            skip_hours=frozenset(self.feed.skip_hours),
            skip_days=frozenset(self.feed.skip_days),
        )
        self._write(
            self._well(answer, now)
            | {"due_at": due, "interval_s": interval.seconds, "interval_why": interval.why}
        )

    def _changed(self, answer: Fetched, brought: Haul, digest: bytes) -> None:
        now, document, feed = self.ctx.now(), brought.document, self.feed
        interval = next_interval(
            self.manners.intervals,
            every_s=feed.every_s,
            ttl_s=document.ttl_s,
            fresh_s=fresh_for_s(answer.headers, now),
            gap_s=posting_gap_s((each.published_at for each in document.entries if each.published_at), now),
            before_s=feed.interval_s,
            came=bool(brought.new or brought.updated),
        )
        due = due_at(
            now,
            interval,
            chance=self.chance,
            skip_hours=document.skip_hours,
            skip_days=document.skip_days,
        )
        if not brought.complete:
            due = now + timedelta(seconds=_AGAIN_S)
        validators = {
            "etag": validator(answer, "etag"),
            "last_modified": validator(answer, "last-modified"),
            "digest": digest,
        }
        values = {
            "title": feed.title or document.title[:500],
            "identity_used": brought.identity,
            "identity_why": brought.identity_why,
            "hub": document.hub,
            "ttl_s": document.ttl_s,
            "skip_hours": sorted(document.skip_hours),
            "skip_days": sorted(document.skip_days),
            "due_at": due,
            "interval_s": interval.seconds,
            "interval_why": interval.why,
            "articles_new": feed.articles_new + brought.new,
            "articles_updated": feed.articles_updated + brought.updated,
            "entries_refused": feed.entries_refused + brought.refused,
            "refusal": brought.refusal or feed.refusal,
            **(validators if brought.complete else feeds.INCOMPLETE),
        }
        self._write(self._well(answer, now) | values, brought)

    def _well(self, answer: Fetched, now: datetime) -> dict[str, object]:
        """Values after a fetch that went well, a move that was told often enough included."""
        feed = self.feed
        times = 0
        if answer.moved_to is not None:
            times = feed.moved_times + 1 if answer.moved_to == feed.moved_to else 1
        values: dict[str, object] = {
            "fetched_at": now,
            "succeeded_at": now,
            "status": answer.status,
            "failures": 0,
            "error_kind": None,
            "error": None,
            "error_at": None,
            "fetches": feed.fetches + 1,
            "moved_to": answer.moved_to,
            "moved_times": times,
        }
        if answer.moved_to is None or times < MOVED_AFTER:
            return values
        with self.ctx.store.read() as tx:
            other = feeds.find_by_url(tx, answer.moved_to)
        if other is not None and other.id != feed.id:
            return values | {"paused": True, "paused_why": f"It moved to the address of feed {other.id}."}
        here = {"url": answer.moved_to, "host": read_target(answer.moved_to).host}
        return values | here | {"moved_to": None, "moved_times": 0}

    def _fail(self, failure: Failure, values: Mapping[str, object] | None = None) -> None:
        feed, now = self.feed, self.ctx.now()
        log.info("feed failed", feed=feed.id, kind=failure.kind)
        interval = after_failures(
            self.manners.intervals, feed.failures + 1, retry_after_s=failure.retry_after_s
        )
        self._write(
            {
                "fetched_at": now,
                "status": None,
                "failures": feed.failures + 1,
                "error_kind": failure.kind,
                "error": failure.detail[:1_000],
                "error_at": now,
                "fetches": feed.fetches + 1,
                "due_at": due_at(now, interval, chance=self.chance),
                "interval_why": interval.why,
                **(values or {}),
            },
            failure=failure,
        )

    def _write(
        self, values: Mapping[str, object], brought: Haul | None = None, failure: Failure | None = None
    ) -> None:
        now, feed = self.ctx.now(), self.feed
        with self.ctx.store.write() as tx:
            if not polling.settle(tx, feed.id, self.holder, values):
                return  # the lease was lost, or the feed was removed meanwhile
            tallies.count(tx, _counted(brought, failure))
            if brought is not None:
                if brought.rekeyed:
                    polling.forget_entries(tx, feed.id)
                polling.put_entries(tx, brought.rows)
                polling.forget_entries(tx, feed.id, before=now - _KEPT_FOR)
            failures, rest_s = 0, self.manners.gap_s
            if failure is not None and failure.blames_host:
                failures = polling.host_failures(tx, feed.host) + 1
                doubled = _HOST_BACK_OFF_S * 2 ** min(failures - 1, 10)
                backing_off = min(doubled, _LONGEST_HOST_BACK_OFF_S)
                asked = min(failure.retry_after_s, self.manners.intervals.longest_s)
                rest_s = max(backing_off, asked)
            until = now + timedelta(seconds=rest_s * (1 + self.chance / 10))
            polling.leave_host(tx, feed.host, until=until, failures=failures)


def _counted(brought: Haul | None, failure: Failure | None) -> dict[Tally, int]:
    """What a poll adds to what is counted."""
    if failure is not None:
        return {Tally.FEEDS_FAILED: 1}
    if brought is None:
        return {Tally.FEEDS_UNCHANGED: 1}
    return {
        Tally.FEEDS_CHANGED: 1,
        Tally.ENTRIES_NEW: brought.new,
        Tally.ENTRIES_UPDATED: brought.updated,
        Tally.ENTRIES_REFUSED: brought.refused,
    }
