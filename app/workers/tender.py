"""What a running service tends to by itself, a little at a time: one ``step`` after another.

In turn: seal and merge the index, release what was embargoed, find the copies that still say what was
corrected or withdrawn, move to the program's profile what came under another and drop that, forget old
idempotency keys, delete texts whose time is over, learn what is furniture of a source and judge again
what it touches, derive stories again from complete evidence. One tender works at a time, the holder of a
lease; the lease is thrift, not safety, since every step takes the ingest lock and looks anew at what there
is to do. A work that fails rests by itself and holds up none of the others; nothing is settled meanwhile.
"""

import threading
from datetime import datetime, timedelta

from app.model import Counters, Position
from app.services.context import Context
from app.services.expiring import expire_step
from app.services.learning import learn_step
from app.services.mending import mend_step
from app.services.rederiving import rederive_step
from app.services.refingerprint import drop_step, lease_of, left_to_move, move_step, note_moved
from app.services.releasing import release_due
from app.services.retaining import Retaining
from app.services.staling import stale_step
from app.store import embargoes, idempotency, ingesting, leases, usage
from app.store.progress import put_settled_position, settled_position
from app.workers.work import Work

LEASE_TTL = timedelta(seconds=30)
_PRUNE_EVERY = timedelta(minutes=10)


class Tender:
    """One process's tender. Steps are taken by one thread; ``settled_position`` may be read by any."""

    def __init__(
        self,
        ctx: Context,
        *,
        holder: str,
        idempotency_ttl: timedelta,
        retention_days: int = 0,
        index_days: int = 0,
    ) -> None:
        self._index_days = index_days
        self._retaining = Retaining(ctx, default_days=retention_days)
        self._ctx = ctx
        self._holder = holder
        self._idempotency_ttl = idempotency_ttl
        self._lease = lease_of(ctx.profile)
        self._asked_at: datetime | None = None
        """When the lease was last asked for."""
        self._held = False
        self._prune_at: datetime | None = None
        self._rested_at: Counters | None = None
        self._settled = Position(0)
        self._arrived = 0
        self._fed = False
        self._turn = threading.Lock()
        self._always = [
            Work("prune", self._prune),
            Work("retain", self._retaining.step),
            Work("expire", self._expire),
        ]
        self._works = [
            Work("seal", self._seal),
            Work("merge", self._merge),
            Work("release", self._release),
            Work("stale", self._fan_out),
            Work("move", self._move),
            *self._always,
        ]
        self._thinking = Work("think", self._think_again)

    @property
    def settled_position(self) -> Position:
        """The position up to which all that follows from changes has been done, by this tender."""
        return self._settled

    @property
    def fed(self) -> bool:
        """Whether articles came in between the last two steps: then they should not have to wait for this."""
        return self._fed

    def step(self) -> bool:
        """Do a little of whatever there is to do; whether there was anything, or another holds the lease."""
        with self._turn:
            if not self._hold():
                return False
            with self._ctx.store.read() as tx:
                counters = ingesting.counters(tx)
                self._fed, self._arrived = counters.version != self._arrived, counters.version
                due = embargoes.load_due(tx, self._ctx.now(), limit=1)
            if counters == self._rested_at and not due:
                return any(work.attempt() for work in self._always)
            done = [work.attempt() for work in self._works]
            # Only when all fingerprints are of one profile: others do not compare.
            if not left_to_move(self._ctx, most=1):
                done.append(self._thinking.attempt())
            if any(done):
                return True
            if not any(work.failing for work in (*self._works, self._thinking)):
                self._settle(counters)
            return False

    def close(self) -> None:
        """Let another tender take over at once."""
        with self._turn:
            if self._held:
                self._held = False
                with self._ctx.store.write() as tx:
                    leases.give_back(tx, self._lease, self._holder)

    # --------------------------------------------------------------------------------------- works
    def _seal(self) -> bool:
        with self._ctx.store.write() as tx:
            return self._ctx.index.seal_step(tx, self._ctx.now())

    def _merge(self) -> bool:
        with self._ctx.store.write() as tx:
            return self._ctx.index.merge_step(tx)

    def _release(self) -> bool:
        return release_due(self._ctx) > 0

    def _fan_out(self) -> bool:
        # Also while others have work left: who prints what was killed should hear of it at once.
        return stale_step(self._ctx)

    def _move(self) -> bool:
        if left_to_move(self._ctx, most=1):
            return move_step(self._ctx) > 0
        return drop_step(self._ctx)

    def _think_again(self) -> bool:
        learned, mended = learn_step(self._ctx), mend_step(self._ctx)
        # Derived from pairs that wait to be judged again, stories would change twice.
        return (not mended and rederive_step(self._ctx) > 0) or learned or mended

    def _prune(self) -> bool:
        now = self._ctx.now()
        if self._prune_at is None or now >= self._prune_at:
            self._prune_at = now + _PRUNE_EVERY
            with self._ctx.store.write() as tx:
                usage.forget_before(tx, int(now.timestamp()) // 86_400 - 1)
                return idempotency.prune(tx, before=now - self._idempotency_ttl) > 0
        return False

    def _expire(self) -> bool:
        return self._index_days > 0 and expire_step(self._ctx, days=self._index_days)

    # --------------------------------------------------------------------------------------- being
    def _hold(self) -> bool:
        """Whether the lease is this tender's; asked of the database a few times in its life only."""
        now = self._ctx.now()
        # Also when the clock was set back: until it is where it was, another may need to take over.
        if self._asked_at is None or abs(now - self._asked_at) >= LEASE_TTL / 3:
            with self._ctx.store.write() as tx:
                self._held = leases.claim(tx, self._lease, self._holder, now, LEASE_TTL)
            self._asked_at = now
        return self._held

    def _settle(self, counters: Counters) -> None:
        """Everything up to these counters is done."""
        position = Position(counters.position)
        with self._ctx.store.write() as tx:
            if settled_position(tx) < position:
                put_settled_position(tx, position)
            note_moved(self._ctx, tx, counters.version)
        self._settled, self._rested_at = position, counters
