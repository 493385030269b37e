"""What is known to be furniture, by source, and the versions to be judged again because of it."""

from collections.abc import Collection, Iterable
from typing import Any

import numpy as np
import sqlalchemy as sa
from sqlalchemy import Row

from app.dedup.furniture import passage_shingles
from app.dedup.words import TOKENISER
from app.model import FurnitureRow, FurnitureState, VersionKey
from app.store.adding import insert_new
from app.store.engine import Tx
from app.store.progress import mark
from app.store.statements import Values, rows_in
from app.store.tables import furniture, rejudge


def version(tx: Tx) -> int:
    """The version of the furniture that this transaction sees; 0 where none was ever known."""
    return mark(tx, "furniture")


def load(tx: Tx, sources: Collection[str]) -> dict[str, list[FurnitureRow]]:
    """The furniture of these sources, oldest first; sources without any are left out."""
    found: dict[str, list[FurnitureRow]] = {}
    for row in rows_in(tx, sa.select(furniture), furniture.c.source, sources):
        found.setdefault(row.source, []).append(_row_from(row))
    for rows in found.values():
        rows.sort(key=lambda row: (row.at, row.id))
    return found


def changed_sources(tx: Tx, *, after: int) -> set[str]:
    """Sources whose furniture changed since a version."""
    changed = sa.select(furniture.c.source).where(furniture.c.version > after).distinct()
    return set(tx.connection.execute(changed).scalars())


def furniture_values(row: FurnitureRow) -> Values:
    """Its columns."""
    return {
        "id": row.id,
        "source": row.source,
        "state": row.state.value,
        "text": row.text,
        "words": row.words,
        "shingles": row.shingles.astype("<u4", copy=False).tobytes(),
        "tokeniser": TOKENISER,
        "pages": list(row.pages),
        "version": row.version,
        "at": row.at,
        "by": row.by,
        "why": row.why,
    }


def delete(tx: Tx, ids: Collection[str]) -> None:
    """Forget rows for good: what was learned longest ago makes room."""
    if ids:
        tx.connection.execute(furniture.delete().where(furniture.c.id.in_(ids)))


def put_due(tx: Tx, versions: Iterable[VersionKey]) -> None:
    """Have the pairs of these versions judged again."""
    insert_new(tx, rejudge, [{"version": key} for key in sorted(set(versions))])


def load_due(tx: Tx, *, limit: int) -> list[VersionKey]:
    """The next versions whose pairs are to be judged again."""
    due = sa.select(rejudge.c.version).order_by(rejudge.c.version).limit(limit)
    return list(tx.connection.execute(due).scalars())


def drop_due(tx: Tx, versions: Collection[VersionKey]) -> None:
    """Their pairs have been judged."""
    tx.connection.execute(rejudge.delete().where(rejudge.c.version.in_(versions)))


def _row_from(row: Row[*tuple[Any, ...]]) -> FurnitureRow:
    # Hashes of another tokeniser mean nothing beside today's fingerprints; the text can be read anew.
    is_ours = row.tokeniser == TOKENISER
    return FurnitureRow(
        id=row.id,
        source=row.source,
        state=FurnitureState(row.state),
        text=row.text,
        words=row.words,
        shingles=np.frombuffer(row.shingles, "<u4") if is_ours else passage_shingles(row.text),
        pages=tuple(row.pages),
        version=row.version,
        at=row.at,
        by=row.by,
        why=row.why,
    )
