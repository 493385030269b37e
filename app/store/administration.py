"""The log of what administrators did with keys, articles and sources: appended to, never changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.store.engine import Tx
from app.store.statements import insert
from app.store.tables import administration


@dataclass(frozen=True, slots=True)
class AdministrationRow:
    """One thing that was done."""

    id: str
    at: datetime
    by: str
    action: str
    subject: str
    """The ID of a key or an article, or the name of a source."""
    why: str
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None


def note(tx: Tx, row: AdministrationRow) -> None:
    """Append an entry."""
    values = {
        "id": row.id,
        "at": row.at,
        "by": row.by,
        "action": row.action,
        "subject": row.subject,
        "why": row.why,
        "before": row.before,
        "after": row.after,
    }
    insert(tx, administration, [values])


def last_of(tx: Tx, action: str, subject: str) -> AdministrationRow | None:
    """The last entry of an action on one subject."""
    that = (administration.c.subject == subject) & (administration.c.action == action)
    statement = sa.select(administration).where(that).order_by(administration.c.id.desc()).limit(1)
    row = tx.connection.execute(statement).one_or_none()
    return None if row is None else AdministrationRow(*row)


def entries_before(tx: Tx, before: str | None, *, limit: int) -> list[AdministrationRow]:
    """Entries from below an ID, the latest first: IDs sort by time."""
    statement = sa.select(administration)
    if before is not None:
        statement = statement.where(administration.c.id < before)
    rows = tx.connection.execute(statement.order_by(administration.c.id.desc()).limit(limit))
    return [AdministrationRow(*row) for row in rows]
