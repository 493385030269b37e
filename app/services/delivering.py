"""Delivering: claim what is due, sign and post it, and settle how it went.

At least once: a claim that nobody settles runs out, and what was claimed is sent again under the same ID. Any
number of processes may claim; slots are counted in the database, so that no endpoint is called by more at
once than it may be.
"""

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.events import EventType
from app.net.client import Client
from app.net.faults import FetchFailed
from app.net.signing import signed_headers
from app.services.cadence import retry_after_s
from app.services.context import Context
from app.services.ledger import Ledger
from app.services.retrying import due_again
from app.store import deliveries, tallies, webhooks
from app.store.deliveries import AttemptRow, DeliveryRow, DeliveryState
from app.store.engine import Tx
from app.store.tallies import Tally
from app.store.webhooks import WebhookRow, WebhookState

GONE = 410
ANSWER_BYTES = 1_024
"""Of an answer that are kept in the log."""
SLOW_MS = 2_000
_GRACE_S = 30
"""How much longer than an attempt may take its claim lasts."""
_KEPT = 10_000
"""Settled deliveries kept in the log of one endpoint, however young."""
_PRUNED_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Calling:
    """How endpoints are called."""

    timeout_s: float = 15.0
    at_once: int = 4
    """Calls of one endpoint under way at once; one where it is slow or wants order."""
    disable_after: timedelta = timedelta(days=5)
    """An endpoint that has failed for so long is not called any more."""
    keep_log: timedelta = timedelta(days=7)
    chance: Callable[[], float] = lambda: 0.0
    """Between 0 and 1, for jitter."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery that is ours until a time."""

    webhook: WebhookRow
    delivery: DeliveryRow
    number: int
    """Of the attempt, from 1."""
    until: datetime


@dataclass(frozen=True, slots=True)
class _Outcome:
    """How an attempt went."""

    attempt: AttemptRow
    retry_after_s: float = 0

    @property
    def succeeded(self) -> bool:
        """Whether the endpoint has it: any 2xx, and nothing else."""
        return self.attempt.status is not None and 200 <= self.attempt.status < 300


def claim_due(ctx: Context, calling: Calling, *, room: int, room_for_slow: int) -> list[Claim]:
    """Claim deliveries that are due, in turn over their endpoints: so many, of slow endpoints so many."""
    now = ctx.now()
    with ctx.store.read() as tx:
        if room <= 0 or not deliveries.webhooks_due(tx, now):
            return []
    until = now + timedelta(seconds=calling.timeout_s + _GRACE_S)
    with ctx.store.write() as tx:
        chosen = _choose(tx, now, calling, room=room, room_for_slow=room_for_slow)
        return [
            Claim(row, each, each.attempts + 1, until)
            for row, each in chosen
            if deliveries.claim(tx, each.key, now=now, until=until)
        ]


def deliver(ctx: Context, client: Client, calling: Calling, claim: Claim) -> None:
    """Make the attempt that was claimed, and settle it."""
    outcome = _post(ctx, client, calling, claim)
    with ctx.store.write() as tx:
        _settle(ctx, tx, calling, claim, outcome)


def prune(ctx: Context, calling: Calling) -> bool:
    """Forget some of what the log need not keep; whether there was any."""
    with ctx.store.write() as tx:
        ids = [row.id for row in webhooks.load_all(tx)]
        before = ctx.now() - calling.keep_log
        return deliveries.prune(tx, before=before, keep=_KEPT, webhooks=ids, most=_PRUNED_AT_ONCE) > 0


def _choose(
    tx: Tx, now: datetime, calling: Calling, *, room: int, room_for_slow: int
) -> list[tuple[WebhookRow, DeliveryRow]]:
    busy = deliveries.count_claimed(tx, now)
    lines: list[list[tuple[WebhookRow, DeliveryRow]]] = []
    for webhook_id in deliveries.webhooks_due(tx, now):
        row = webhooks.load(tx, webhook_id)
        if row is None:
            continue
        slots = (1 if row.slow or row.ordered else calling.at_once) - busy.get(row.id, 0)
        if slots > 0:
            due = deliveries.due(
                tx,
                row.id,
                now,
                limit=slots,
                ordered=row.ordered,
                only_tests=row.state is not WebhookState.ENABLED,
            )
            lines.append([(row, each) for each in due])
    return _in_turn(lines, room=room, room_for_slow=room_for_slow)


def _in_turn(
    lines: Collection[list[tuple[WebhookRow, DeliveryRow]]], *, room: int, room_for_slow: int
) -> list[tuple[WebhookRow, DeliveryRow]]:
    """The first of each endpoint, then the second of each, and so on, as far as there is room."""
    chosen: list[tuple[WebhookRow, DeliveryRow]] = []
    for place in range(max(map(len, lines), default=0)):
        for line in lines:
            if place >= len(line) or len(chosen) >= room:
                continue
            if line[place][0].slow:
                if room_for_slow <= 0:
                    continue
                room_for_slow -= 1
            chosen.append(line[place])
    return chosen


def _post(ctx: Context, client: Client, calling: Calling, claim: Claim) -> _Outcome:
    row, body = claim.webhook, claim.delivery.body
    now = ctx.now()
    secrets = [row.secret]
    if row.old_secret is not None and row.old_secret_until is not None and now < row.old_secret_until:
        secrets.append(row.old_secret)
    headers = signed_headers(claim.delivery.message, body, secrets, now)
    headers["content-type"] = "application/json"
    status, fault, answer, wait_s = None, None, b"", 0.0
    began = time.perf_counter()
    try:
        got = client.post(row.url, body, headers, timeout_s=calling.timeout_s, keep_bytes=ANSWER_BYTES)
        status, answer, wait_s = got.status, got.body, retry_after_s(got.headers, now)
    except FetchFailed as error:
        fault = error.fault.value
    ms = round((time.perf_counter() - began) * 1_000)
    attempt = AttemptRow(claim.delivery.key, claim.number, ctx.now(), ms, status, fault, answer)
    return _Outcome(attempt, wait_s)


def _settle(ctx: Context, tx: Tx, calling: Calling, claim: Claim, outcome: _Outcome) -> None:
    attempt, now = outcome.attempt, ctx.now()
    state, due_at = DeliveryState.DELIVERED, None
    if not outcome.succeeded:
        state = DeliveryState.FAILED
        if claim.delivery.position is not None and attempt.status != GONE:
            due_at = due_again(
                claim.number, now, chance=calling.chance(), retry_after_s=outcome.retry_after_s
            )
            state = DeliveryState.FAILED if due_at is None else DeliveryState.WAITING
    settled = deliveries.settle(tx, attempt, claimed_until=claim.until, state=state, due_at=due_at)
    row = webhooks.load(tx, claim.webhook.id)
    if not settled or row is None:
        return
    if claim.delivery.position is not None:
        tallies.count(tx, _counted(claim, outcome, state))
    after = replace(
        row,
        failing_since=None if outcome.succeeded else row.failing_since or now,
        slow=not outcome.succeeded or attempt.ms > SLOW_MS,
    )
    reason = _why_disabled(after, attempt, now, calling)
    if reason and row.state is WebhookState.ENABLED:
        after = replace(after, state=WebhookState.DISABLED, why=reason)
        _tell(ctx, tx, after)
    if after != row:
        webhooks.change(tx, after)


def _counted(claim: Claim, outcome: _Outcome, state: DeliveryState) -> dict[Tally, int]:
    """What an attempt adds to what is counted. Tests are not: people look at how they end."""
    return {
        Tally.ATTEMPTS_DELIVERED: outcome.succeeded,
        Tally.ATTEMPTS_FAILED: not outcome.succeeded,
        Tally.ATTEMPTS_AGAIN: claim.number > 1,
        Tally.DELIVERIES_DEAD: state is DeliveryState.FAILED,
    }


def _why_disabled(row: WebhookRow, attempt: AttemptRow, now: datetime, calling: Calling) -> str | None:
    if attempt.status == GONE:
        return "It answered 410 Gone."
    if row.failing_since is not None and now - row.failing_since >= calling.disable_after:
        return f"Nothing was delivered since {row.failing_since:%Y-%m-%d %H:%M} UTC."
    return None


def _tell(ctx: Context, tx: Tx, row: WebhookRow) -> None:
    """Say on the change feed that an endpoint is not called any more."""
    ledger = Ledger.open(ctx, tx)
    ledger.emit(EventType.WEBHOOK_DISABLED, webhook_id=row.id, reason=row.why)
    ledger.keep()
