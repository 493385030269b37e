"""The log of what people did, as it is read: without what the reader does not see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.errors import NotFound
from app.services.context import Context
from app.services.discretion import ids_in
from app.services.linked import unseen
from app.store.audits import AuditFilters, AuditRow, audits_before, load_audit, undone_by
from app.store.engine import Tx
from app.store.sight import PUBLIC, Sight

__all__ = ["AuditFilters"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the log."""

    row: AuditRow
    undone_by: str | None
    """The last entry that took it back."""


def list_audit(
    ctx: Context, filters: AuditFilters, *, before: int | None, limit: int, sight: Sight = PUBLIC
) -> tuple[Sequence[Entry], int | None]:
    """A page of the log, the latest first, and the position below which it goes on."""
    with ctx.store.read() as tx:
        rows = audits_before(tx, filters, before=before, limit=limit + 1)
        more = rows[limit - 1].position if len(rows) > limit else None
        return _entries(tx, rows[:limit], sight), more


def read_audit(ctx: Context, audit_id: str, sight: Sight = PUBLIC) -> Entry:
    """One entry. Raises NotFound."""
    with ctx.store.read() as tx:
        return _entries(tx, [seen_audit(tx, audit_id, sight)], sight)[0]


def seen_audit(tx: Tx, audit_id: str, sight: Sight) -> AuditRow:
    """An entry as it is stored. Raises NotFound, also where all that it speaks of is not seen."""
    row = load_audit(tx, audit_id)
    if row is None or not _is_seen(row, unseen(tx, _named(row), sight)):
        raise NotFound("There is no entry of that ID in the log.")
    return row


def _entries(tx: Tx, rows: Sequence[AuditRow], sight: Sight) -> list[Entry]:
    undone = undone_by(tx, [row.id for row in rows])
    hidden = unseen(tx, {id_ for row in rows for id_ in _named(row)}, sight)
    return [Entry(_without(row, hidden), undone.get(row.id)) for row in rows if _is_seen(row, hidden)]


def _named(row: AuditRow) -> set[str]:
    return set(ids_in([row.asked, row.did, row.before, row.after]))


def _is_seen(row: AuditRow, hidden: set[str]) -> bool:
    return not hidden or not _named(row) or not _named(row) <= hidden


def _without(row: AuditRow, hidden: set[str]) -> AuditRow:
    """An entry without IDs that are not to be told, and without the reason, which may tell of them."""
    if hidden.isdisjoint(_named(row)):
        return row
    told = {name: [each for each in row.did[name] if hidden.isdisjoint(ids_in(each))] for name in row.did}
    told["left"] = [each for each in row.did["left"] if not any(id_ in each for id_ in hidden)]
    return replace(
        row,
        why="",
        asked={name: value for name, value in row.asked.items() if set(ids_in(value)).isdisjoint(hidden)},
        did=told,
        before=[_story(each, hidden) for each in row.before if each["canonical_id"] not in hidden],
        after=[_story(each, hidden) for each in row.after if each["canonical_id"] not in hidden],
    )


def _story(told: Mapping[str, Any], hidden: set[str]) -> Mapping[str, Any]:
    return {
        **told,
        "canonical": None if not set(ids_in(told["canonical"])).isdisjoint(hidden) else told["canonical"],
        "pinned": None if told["pinned"] in hidden else told["pinned"],
        "articles": [each for each in told["articles"] if each not in hidden],
    }
