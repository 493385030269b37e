"""The log of what people did: appended to, never changed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Row

from app.model import Position
from app.store.engine import Tx
from app.store.statements import insert, may_be_id, rows_in
from app.store.tables import audit


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One thing that a person did."""

    position: Position
    """Of its ``curation.applied`` in the change feed."""
    id: str
    at: datetime
    by: str
    action: str
    why: str
    undoes: str | None
    """The entry that it undoes."""
    asked: Mapping[str, Any]
    did: Mapping[str, Any]
    """IDs of links added and ended, pins likewise, stale copies dismissed: what an undo takes back."""
    before: Sequence[Mapping[str, Any]]
    """The stories it was about …"""
    after: Sequence[Mapping[str, Any]]
    """… and what became of them, each with all its articles."""


@dataclass(frozen=True, slots=True)
class AuditFilters:
    """Which entries are asked for."""

    by: str | None = None
    action: str | None = None
    undoes: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def add_audit(tx: Tx, row: AuditRow) -> None:
    """Append an entry."""
    values = {
        "position": row.position,
        "id": row.id,
        "at": row.at,
        "by": row.by,
        "action": row.action,
        "why": row.why,
        "undoes": row.undoes,
        "asked": dict(row.asked),
        "did": dict(row.did),
        "before": list(row.before),
        "after": list(row.after),
    }
    insert(tx, audit, [values])


def load_audit(tx: Tx, id_: str) -> AuditRow | None:
    """An entry by its ID."""
    if not may_be_id(id_):
        return None
    row = tx.connection.execute(sa.select(audit).where(audit.c.id == id_)).one_or_none()
    return None if row is None else _row(row)


def undone_by(tx: Tx, ids: Collection[str]) -> dict[str, str]:
    """The last entries that took these back."""
    statement = sa.select(audit.c.undoes, audit.c.id).order_by(audit.c.position)
    return {row.undoes: row.id for row in rows_in(tx, statement, audit.c.undoes, ids)}


def audits_before(tx: Tx, filters: AuditFilters, *, before: int | None, limit: int) -> list[AuditRow]:
    """Entries from below a position, the latest first."""
    statement = sa.select(audit)
    if before is not None:
        statement = statement.where(audit.c.position < before)
    if filters.by is not None:
        statement = statement.where(audit.c.by == filters.by)
    if filters.action is not None:
        statement = statement.where(audit.c.action == filters.action)
    if filters.undoes is not None:
        statement = statement.where(audit.c.undoes == filters.undoes)
    if filters.since is not None:
        statement = statement.where(audit.c.at >= filters.since)
    if filters.until is not None:
        statement = statement.where(audit.c.at < filters.until)
    rows = tx.connection.execute(statement.order_by(audit.c.position.desc()).limit(limit))
    return [_row(row) for row in rows]


def _row(row: Row[*tuple[Any, ...]]) -> AuditRow:
    return AuditRow(
        row.position,
        row.id,
        row.at,
        row.by,
        row.action,
        row.why,
        row.undoes,
        row.asked,
        row.did,
        row.before,
        row.after,
    )
