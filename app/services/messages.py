"""What webhooks are sent: an entry of the change feed as a message of Standard Webhooks. Pure.

The envelope has ``type``, ``timestamp`` (when it happened) and ``data`` (what the entry carries, and its
position). A message's ID names the entry and the moment it was made: the same for every attempt, every
endpoint and every replay, and another for what takes its position where a database is set back to a backup.
"""

import json
from datetime import UTC, datetime

from app.model import ChangeRow
from app.store.columns import EPOCH
from app.store.deliveries import NewDelivery

TEST = "webhook.test"
_MILLISECOND = 1_000


def message(webhook_id: str, row: ChangeRow) -> NewDelivery:
    """An entry for an endpoint."""
    age = row.at - EPOCH
    moment = (age.days * 86_400 + age.seconds) * _MILLISECOND + age.microseconds // _MILLISECOND
    body = _body(row.type, row.at, {**row.payload, "position": row.position})
    return NewDelivery(webhook_id, f"evt_{row.position}_{moment:x}", row.position, row.type, body)


def ping(webhook_id: str, message_id: str, now: datetime) -> NewDelivery:
    """A test of an endpoint."""
    return NewDelivery(webhook_id, message_id, None, TEST, _body(TEST, now, {"webhook_id": webhook_id}))


def _body(type_: str, at: datetime, data: dict[str, object]) -> bytes:
    # ASCII: what is signed is text, and a lone surrogate has no other form in it.
    timestamp = at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    envelope = {"type": type_, "timestamp": timestamp, "data": data}
    return json.dumps(envelope, separators=(",", ":")).encode()
