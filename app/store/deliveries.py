"""Deliveries: what is to be sent to each endpoint, who sends it at the moment, and how each attempt went.

A delivery waits until it is delivered or failed. To claim one is a conditional update that sets until when:
if its holder dies, it is free again at that time, and is sent once more.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa

from app.store.engine import Tx
from app.store.progress import mark, put_mark
from app.store.statements import insert, rows_in
from app.store.tables import delivery, delivery_attempt, webhook
from app.store.webhooks import WebhookState

_NUMBER = "delivery"


class DeliveryState(StrEnum):
    """Where a delivery is."""

    WAITING = "waiting"
    """For its first or its next attempt, or under way."""
    DELIVERED = "delivered"
    FAILED = "failed"
    """Not delivered by its last attempt; it can be replayed."""


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """What is to be sent."""

    webhook: str
    message: str
    """The ``webhook-id``: the same whenever this is sent."""
    position: int | None
    """Of the entry; none for a test."""
    type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """One delivery."""

    key: int
    webhook: str
    message: str
    position: int | None
    type: str
    body: bytes
    state: DeliveryState
    attempts: int
    due_at: datetime
    claimed_until: datetime | None
    created_at: datetime
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """How one attempt went."""

    delivery: int
    number: int
    at: datetime
    ms: int
    status: int | None
    """Of the answer; none where there was none."""
    fault: str | None
    """Why there was none."""
    answer: bytes
    """The first bytes of it."""


_waiting = delivery.c.state == DeliveryState.WAITING.value


def add(tx: Tx, rows: Sequence[NewDelivery], *, now: datetime) -> list[int]:
    """Store deliveries that are due now, in order; gives their keys."""
    last = mark(tx, _NUMBER)
    keys = list(range(last + 1, last + 1 + len(rows)))
    insert(
        tx,
        delivery,
        [
            {
                "key": key,
                "webhook": row.webhook,
                "message": row.message,
                "position": row.position,
                "type": row.type,
                "body": row.body,
                "state": DeliveryState.WAITING.value,
                "attempts": 0,
                "due_at": now,
                "claimed_until": None,
                "created_at": now,
                "settled_at": None,
            }
            for key, row in zip(keys, rows, strict=True)
        ],
    )
    if keys:
        put_mark(tx, _NUMBER, keys[-1])
    return keys


def load(tx: Tx, keys: Collection[int]) -> dict[int, DeliveryRow]:
    """Deliveries by key."""
    return {row.key: _row(row) for row in rows_in(tx, sa.select(delivery), delivery.c.key, keys)}


def list_of(
    tx: Tx, webhook: str, *, state: DeliveryState | None, before: int | None, limit: int
) -> list[DeliveryRow]:
    """Deliveries to an endpoint, the last first, from below ``before``."""
    statement = sa.select(delivery).where(delivery.c.webhook == webhook)
    if state is not None:
        statement = statement.where(delivery.c.state == state.value)
    if before is not None:
        statement = statement.where(delivery.c.key < before)
    rows = tx.connection.execute(statement.order_by(delivery.c.key.desc()).limit(limit))
    return [_row(row) for row in rows]


def attempts_of(tx: Tx, keys: Collection[int]) -> dict[int, list[AttemptRow]]:
    """The attempts at each delivery, in order."""
    found: dict[int, list[AttemptRow]] = {key: [] for key in keys}
    statement = sa.select(delivery_attempt).order_by(delivery_attempt.c.delivery, delivery_attempt.c.number)
    for row in rows_in(tx, statement, delivery_attempt.c.delivery, keys):
        found[row.delivery].append(AttemptRow(*row))
    return found


def count_waiting(tx: Tx) -> Mapping[str, int]:
    """How many deliveries wait for each endpoint, where any do."""
    statement = sa.select(delivery.c.webhook, sa.func.count()).where(_waiting).group_by(delivery.c.webhook)
    return {row[0]: row[1] for row in tx.connection.execute(statement)}


def waiting_for_enabled(tx: Tx) -> tuple[int, datetime | None]:
    """How many deliveries wait for endpoints that are called, and since when the oldest has."""
    statement = (
        sa.select(sa.func.count(), sa.func.min(delivery.c.created_at))
        .join_from(delivery, webhook, webhook.c.id == delivery.c.webhook)
        .where(_waiting, webhook.c.state == WebhookState.ENABLED.value)
    )
    row = tx.connection.execute(statement).one()
    return row[0], row[1]


def count_claimed(tx: Tx, now: datetime) -> Mapping[str, int]:
    """How many deliveries to each endpoint are under way, in whatever process."""
    claimed = _waiting & (delivery.c.claimed_until > now)
    statement = sa.select(delivery.c.webhook, sa.func.count()).where(claimed).group_by(delivery.c.webhook)
    return {row[0]: row[1] for row in tx.connection.execute(statement)}


def webhooks_due(tx: Tx, now: datetime) -> list[str]:
    """Endpoints to which something may be due, the one that has waited longest first."""
    statement = sa.select(delivery.c.webhook).where(_free(now)).group_by(delivery.c.webhook)
    return list(tx.connection.execute(statement.order_by(sa.func.min(delivery.c.due_at))).scalars())


def due(
    tx: Tx, webhook: str, now: datetime, *, limit: int, ordered: bool, only_tests: bool
) -> list[DeliveryRow]:
    """The next deliveries to an endpoint. In order, only the first that waits may go, once it is due."""
    own = _waiting & (delivery.c.webhook == webhook)
    statement = sa.select(delivery).where(own, _free(now))
    if only_tests:
        statement = statement.where(delivery.c.position.is_(None))
    elif ordered:
        line = delivery.alias()
        waits = (line.c.webhook == webhook) & (line.c.state == DeliveryState.WAITING.value)
        first = sa.select(sa.func.min(line.c.key)).where(waits, line.c.position.is_not(None))
        head = delivery.c.key == first.scalar_subquery()
        statement = statement.where(delivery.c.position.is_(None) | head)
    rows = tx.connection.execute(statement.order_by(delivery.c.due_at, delivery.c.key).limit(limit))
    return [_row(row) for row in rows]


def claim(tx: Tx, key: int, *, now: datetime, until: datetime) -> bool:
    """Take a delivery for an attempt; false where another was faster."""
    taking = delivery.update().where(delivery.c.key == key, _free(now))
    values = {"claimed_until": until, "attempts": delivery.c.attempts + 1}
    return tx.connection.execute(taking.values(values)).rowcount == 1


def settle(
    tx: Tx, attempt: AttemptRow, *, claimed_until: datetime, state: DeliveryState, due_at: datetime | None
) -> bool:
    """Note how a claimed attempt went; false where the claim had run out and is another's."""
    mine = (delivery.c.key == attempt.delivery) & _waiting & (delivery.c.claimed_until == claimed_until)
    values: dict[str, object] = {"state": state.value, "claimed_until": None}
    if due_at is None:
        values["settled_at"] = attempt.at
    else:
        values["due_at"] = due_at
    if tx.connection.execute(delivery.update().where(mine).values(values)).rowcount != 1:
        return False
    columns = {column.name: getattr(attempt, column.name) for column in delivery_attempt.c}
    insert(tx, delivery_attempt, [columns])
    return True


def make_due(tx: Tx, webhook: str, now: datetime) -> None:
    """Let everything that waits for an endpoint be tried at once: it was said to be well again."""
    late = _waiting & (delivery.c.webhook == webhook) & (delivery.c.due_at > now)
    tx.connection.execute(delivery.update().where(late).values(due_at=now))


def prune(tx: Tx, *, before: datetime, keep: int, webhooks: Collection[str], most: int) -> int:
    """Forget settled deliveries that are older than a time, or beyond so many of an endpoint; how many."""
    settled = delivery.c.settled_at.is_not(None)
    old = sa.select(delivery.c.key).where(settled, delivery.c.settled_at < before).limit(most)
    keys = set(tx.connection.execute(old).scalars())
    for each in webhooks:
        own = sa.select(delivery.c.key).where(delivery.c.webhook == each, settled)
        excess = own.order_by(delivery.c.key.desc()).offset(keep).limit(most)
        keys |= set(tx.connection.execute(excess).scalars())
    chosen = sorted(keys)[:most]
    tx.connection.execute(delivery_attempt.delete().where(delivery_attempt.c.delivery.in_(chosen)))
    tx.connection.execute(delivery.delete().where(delivery.c.key.in_(chosen)))
    return len(chosen)


def _free(now: datetime) -> sa.ColumnElement[bool]:
    unclaimed = delivery.c.claimed_until.is_(None) | (delivery.c.claimed_until <= now)
    return _waiting & (delivery.c.due_at <= now) & unclaimed


def _row(row: sa.Row[*tuple[object, ...]]) -> DeliveryRow:
    values = dict(row._mapping)  # noqa: SLF001 - the documented way to a row's names
    values["state"] = DeliveryState(values["state"])
    return DeliveryRow(**values)
