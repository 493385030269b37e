"""Webhook endpoints: where they are, what they ask for, how far the feed has been made into deliveries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Row

from app.events import Interest
from app.store.engine import Tx
from app.store.statements import Values, insert
from app.store.tables import delivery, delivery_attempt, webhook


class WebhookState(StrEnum):
    """Whether an endpoint is called."""

    ENABLED = "enabled"
    PAUSED = "paused"
    """By a person. What happens meanwhile is delivered afterwards."""
    DISABLED = "disabled"
    """By the service: it answered 410, or failed for days."""


@dataclass(frozen=True, slots=True)
class WebhookRow:
    """One endpoint."""

    id: str
    url: str
    description: str
    interest: Interest
    unreleased: bool
    """Whether it hears of texts that are not out, too."""
    ordered: bool
    state: WebhookState
    why: str | None
    cursor: int
    """The position up to which the feed has been made into deliveries."""
    replay_after: int | None
    replay_upto: int | None
    """The stretch that is still to be delivered again."""
    failing_since: datetime | None
    """When the first attempt failed of those that have failed since the last success."""
    slow: bool
    """Whether the last attempt failed or took long."""
    secret: bytes = field(repr=False)
    old_secret: bytes | None = field(repr=False)
    old_secret_until: datetime | None
    created_at: datetime
    created_by: str


def add(tx: Tx, row: WebhookRow) -> None:
    """Store an endpoint."""
    insert(tx, webhook, [_values(row)])


def load(tx: Tx, webhook_id: str) -> WebhookRow | None:
    """An endpoint by its ID."""
    rows = _rows(tx, sa.select(webhook).where(webhook.c.id == webhook_id))
    return rows[0] if rows else None


def count(tx: Tx, state: WebhookState) -> int:
    """How many endpoints are in a state."""
    which = sa.select(sa.func.count()).select_from(webhook).where(webhook.c.state == state.value)
    return tx.connection.execute(which).scalar_one()


def load_all(tx: Tx) -> Sequence[WebhookRow]:
    """Every endpoint, oldest first."""
    return _rows(tx, sa.select(webhook).order_by(webhook.c.created_at, webhook.c.id))


def behind(tx: Tx, end: int) -> Sequence[WebhookRow]:
    """Endpoints of whose feed something has not been made into deliveries, furthest behind first."""
    some = (webhook.c.cursor < end) | webhook.c.replay_upto.is_not(None)
    enabled = webhook.c.state == WebhookState.ENABLED.value
    return _rows(tx, sa.select(webhook).where(enabled, some).order_by(webhook.c.cursor, webhook.c.id))


def change(tx: Tx, row: WebhookRow) -> None:
    """Store an endpoint as it is now, but for how far its feed has come: that is ``advance``'s."""
    kept = {"id", "cursor", "replay_after", "replay_upto"}
    values = {name: value for name, value in _values(row).items() if name not in kept}
    tx.connection.execute(webhook.update().where(webhook.c.id == row.id).values(values))


def advance(tx: Tx, before: WebhookRow, after: WebhookRow) -> bool:
    """Move an endpoint on in the feed; false where another has, or it is not called any more."""
    same = (webhook.c.id == before.id) & (webhook.c.cursor == before.cursor)
    same &= webhook.c.replay_after.is_not_distinct_from(before.replay_after)
    same &= webhook.c.replay_upto.is_not_distinct_from(before.replay_upto)
    same &= webhook.c.state == before.state.value
    values = {
        "cursor": after.cursor,
        "replay_after": after.replay_after,
        "replay_upto": after.replay_upto,
    }
    return tx.connection.execute(webhook.update().where(same).values(values)).rowcount == 1


def remove(tx: Tx, webhook_id: str) -> bool:
    """Delete an endpoint with all its deliveries; false where there was none."""
    own = sa.select(delivery.c.key).where(delivery.c.webhook == webhook_id)
    tx.connection.execute(delivery_attempt.delete().where(delivery_attempt.c.delivery.in_(own)))
    tx.connection.execute(delivery.delete().where(delivery.c.webhook == webhook_id))
    return tx.connection.execute(webhook.delete().where(webhook.c.id == webhook_id)).rowcount == 1


def _rows(tx: Tx, statement: sa.Select[*tuple[Any, ...]]) -> list[WebhookRow]:
    return [_row(row) for row in tx.connection.execute(statement)]


def _row(row: Row[*tuple[Any, ...]]) -> WebhookRow:
    values = dict(row._mapping)  # noqa: SLF001 - the documented way to a row's names
    values["interest"] = _interest(values["interest"])
    values["state"] = WebhookState(values["state"])
    return WebhookRow(**values)


def _values(row: WebhookRow) -> Values:
    values = {column.name: getattr(row, column.name) for column in webhook.c}
    interest = row.interest
    values["interest"] = {
        "types": sorted(interest.types),
        "sources": sorted(interest.sources),
        "agencies": sorted(interest.agencies),
        "languages": sorted(interest.languages),
    }
    values["state"] = row.state.value
    return values


def _interest(stored: Mapping[str, Sequence[str]]) -> Interest:
    return Interest(**{name: frozenset(values) for name, values in stored.items()})
