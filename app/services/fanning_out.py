"""From the change feed to deliveries: what an endpoint asks for becomes a row of its own, once and in order.

An endpoint has a cursor into the feed, and its deliveries are stored in the transaction that moves it: what
is committed to the feed is delivered, whatever dies between. An endpoint with much waiting is left where it
is; the feed keeps what is still to come.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.events import EventType
from app.model import ChangeRow
from app.services.context import Context
from app.services.following import page_of
from app.services.messages import message
from app.store import deliveries, reading, sight, webhooks
from app.store.engine import Tx
from app.store.webhooks import WebhookRow

BACKLOG = 1_000
"""Deliveries that may wait for one endpoint; beyond, its cursor rests."""
STRETCH = 500
"""Deliveries made in one transaction, which holds the ingest lock."""
_FAIR = 20
"""What each endpoint may have of them at least."""


@dataclass(frozen=True, slots=True)
class _Move:
    """An endpoint, where it goes in the feed, and what it is to be sent on the way."""

    before: WebhookRow
    after: WebhookRow
    rows: Sequence[ChangeRow]


def fan_out(ctx: Context) -> bool:
    """Make the next deliveries of endpoints that are behind; whether any moved on."""
    with ctx.store.read() as tx:
        behind = webhooks.behind(tx, reading.last_position(tx))
        moves = _moves(tx, behind, deliveries.count_waiting(tx)) if behind else []
    if not moves:
        return False
    now = ctx.now()
    with ctx.store.write() as tx:
        for move in moves:
            if webhooks.advance(tx, move.before, move.after):
                deliveries.add(tx, [message(move.before.id, row) for row in move.rows], now=now)
    return True


def _moves(tx: Tx, behind: Sequence[WebhookRow], waiting: Mapping[str, int]) -> list[_Move]:
    share = max(_FAIR, STRETCH // len(behind))
    room = STRETCH
    moves = []
    for row in behind:
        most = min(share, room, BACKLOG - waiting.get(row.id, 0))
        if most <= 0:
            continue
        move = _move(tx, row, most)
        room -= len(move.rows)
        if move.after != move.before:
            moves.append(move)
    return moves


def _move(tx: Tx, row: WebhookRow, most: int) -> _Move:
    """The next of an endpoint: in order, a replay goes before what is new; else after it."""
    again, new = _replay_on, _go_on
    after, rows = row, list[ChangeRow]()
    for step in (again, new) if row.ordered else (new, again):
        if len(rows) < most:
            after, more = step(tx, after, most - len(rows))
            rows += more
        if row.ordered and after.replay_upto is not None:
            break
    return _Move(row, after, rows)


def _go_on(tx: Tx, row: WebhookRow, most: int) -> tuple[WebhookRow, list[ChangeRow]]:
    rows, at = _read(tx, row, row.cursor, most)
    return replace(row, cursor=at), rows


def _replay_on(tx: Tx, row: WebhookRow, most: int) -> tuple[WebhookRow, list[ChangeRow]]:
    if row.replay_after is None or row.replay_upto is None:
        return row, []
    rows, at = _read(tx, row, row.replay_after, most)
    if at < row.replay_upto:
        return replace(row, replay_after=at), rows
    done = replace(row, replay_after=None, replay_upto=None)
    return done, [each for each in rows if each.position <= row.replay_upto]


def _read(tx: Tx, row: WebhookRow, after: int, most: int) -> tuple[list[ChangeRow], int]:
    seen = sight.EVERYTHING if row.unreleased else sight.PUBLIC
    page = page_of(tx, after, limit=most, interest=row.interest, sight=seen)
    return [each for each in page.rows if each.type != EventType.UNDISCLOSED], page.next
