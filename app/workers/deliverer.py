"""What a running service delivers by itself: the feed fanned out, and each delivery in a thread of its own.

The threads are bounded, and endpoints that are slow or fail may hold half of them between them: whoever
answers quickly always finds one. Several deliverers, in several processes or on several machines, share the
work.
"""

import threading
from datetime import datetime, timedelta

import structlog

from app.net.client import Client
from app.services.context import Context
from app.services.delivering import Calling, Claim, claim_due, deliver, prune
from app.services.fanning_out import fan_out

_PRUNE_EVERY = timedelta(minutes=10)
_PATIENCE_S = 0.5

log = structlog.get_logger(__name__)


class Deliverer:
    """One process's deliverer. Steps are taken by one thread."""

    def __init__(self, ctx: Context, client: Client, calling: Calling, *, threads: int) -> None:
        self._ctx = ctx
        self._client = client
        self._calling = calling
        self._threads = threads
        self._under_way = self._slow = self._ended = 0
        self._prune_at: datetime | None = None
        self._changed = threading.Condition()

    def step(self) -> bool:
        """Fan out, and begin what is due; whether there was anything, or something ended meanwhile."""
        moved = fan_out(self._ctx)
        with self._changed:
            ended = self._ended
            room = self._threads - self._under_way
            room_for_slow = max(1, self._threads // 2) - self._slow
        claims = claim_due(self._ctx, self._calling, room=room, room_for_slow=room_for_slow)
        for claim in claims:
            self._begin(claim)
        return bool(claims) or moved or self._prune() or self._await_end(ended)

    def finish(self, *, timeout_s: float) -> bool:
        """Wait for what is under way; false where it takes longer: it is sent again later."""
        with self._changed:
            return self._changed.wait_for(lambda: self._under_way == 0, timeout_s)

    def _begin(self, claim: Claim) -> None:
        with self._changed:
            self._under_way += 1
            self._slow += claim.webhook.slow
        # A daemon: an endpoint that answers late must not keep a process from ending.
        threading.Thread(target=self._deliver, args=[claim], name="deliver", daemon=True).start()

    def _deliver(self, claim: Claim) -> None:
        try:
            deliver(self._ctx, self._client, self._calling, claim)
        except Exception:
            # The claim runs out, and it is sent again.
            log.exception("delivery failed", webhook=claim.webhook.id, delivery=claim.delivery.key)
        finally:
            with self._changed:
                self._under_way -= 1
                self._slow -= claim.webhook.slow
                self._ended += 1
                self._changed.notify_all()

    def _await_end(self, before: int) -> bool:
        """Whether something ended since, or does soon: then there is room, and the next in line may go."""
        with self._changed:
            if self._under_way:
                self._changed.wait_for(lambda: self._ended != before, _PATIENCE_S)
            return self._ended != before

    def _prune(self) -> bool:
        now = self._ctx.now()
        if self._prune_at is not None and now < self._prune_at:
            return False
        more = prune(self._ctx, self._calling)
        self._prune_at = None if more else now + _PRUNE_EVERY
        return more
