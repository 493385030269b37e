"""Versions that people chose to speak for a story."""

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from app.model import ArticleKey, Position, VersionKey
from app.store.engine import Tx
from app.store.statements import insert, rows_in
from app.store.tables import pin


@dataclass(frozen=True, slots=True)
class PinRow:
    """A person's choice; it counts in whatever story the article is in."""

    article: ArticleKey
    since: Position
    version: VersionKey | None
    """None where the pin goes with the article, whatever version it has."""
    by: str
    why: str
    until: Position | None = None

    def holds(self, version: VersionKey) -> bool:
        """Whether it is this version of its article that was chosen."""
        return self.version is None or self.version == version


_COUNTING = sa.select(pin).where(pin.c.until.is_(None))


def pins_of(tx: Tx, articles: Collection[ArticleKey]) -> dict[ArticleKey, PinRow]:
    """The pins that count today on these articles."""
    return {row.article: _row(row) for row in rows_in(tx, _COUNTING, pin.c.article, articles)}


def load_pin(tx: Tx, article: ArticleKey, since: Position) -> PinRow | None:
    """A pin, whether it counts or not."""
    row = tx.connection.execute(sa.select(pin).where(pin.c.article == article, pin.c.since == since))
    found = row.one_or_none()
    return None if found is None else _row(found)


def add_pin(tx: Tx, row: PinRow) -> None:
    """Let this count."""
    values = {
        "article": row.article,
        "since": row.since,
        "version": row.version,
        "until": None,
        "by": row.by,
        "why": row.why,
    }
    insert(tx, pin, [values])


def end_pin(tx: Tx, row: PinRow, *, until: Position) -> None:
    """Let this count no more."""
    same = (pin.c.article == row.article) & (pin.c.since == row.since)
    tx.connection.execute(pin.update().where(same).values(until=until))


def _row(row: sa.Row[*tuple[object, ...]]) -> PinRow:
    return PinRow(row.article, row.since, row.version, row.by, row.why, row.until)
