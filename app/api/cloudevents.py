"""Entries of the change feed as CloudEvents 1.0, in the structured JSON and the batched format."""

from app.model import ChangeRow

ONE = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
_SOURCE = "/v1/changes"


def cloud_event(row: ChangeRow) -> dict[str, object]:
    """One entry. ``source`` is relative to the address the feed is read at; with ``id`` it is unique."""
    subject = row.payload.get("article_id") or row.payload.get("canonical_id")
    named = {"subject": subject} if isinstance(subject, str) else {}
    return {
        "specversion": "1.0",
        "id": str(row.position),
        "source": _SOURCE,
        "type": row.type,
        "time": row.at,
        **named,
        "datacontenttype": "application/json",
        "data": dict(row.payload),
    }
