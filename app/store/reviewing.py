"""The review list: arrivals that a person should look at, the latest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Row

from app.dedup.model import Relation
from app.model import LinkKind, ReviewReason, ReviewRow
from app.store.engine import Tx
from app.store.statements import Values
from app.store.tables import article, link, link_end, review, version


@dataclass(frozen=True, slots=True)
class ReviewFilters:
    """Which entries are asked for; all where nothing is said."""

    low: float = 0.0
    high: float = 1.0
    reason: ReviewReason | None = None
    source: str | None = None
    """Of the arrival."""
    since: datetime | None = None


def review_values(row: ReviewRow) -> Values:
    """An entry's columns."""
    return {
        "position": row.position,
        "version": row.version,
        "other": row.other,
        "at": row.at,
        "reason": row.reason.value,
        "relation": row.relation.value,
        "probability": row.probability,
        "policy": row.policy,
    }


def load_review(tx: Tx, position: int) -> ReviewRow | None:
    """An entry by its position."""
    row = tx.connection.execute(sa.select(review).where(review.c.position == position)).one_or_none()
    return None if row is None else _row(row)


def reviews_before(tx: Tx, filters: ReviewFilters, *, before: int | None, limit: int) -> list[ReviewRow]:
    """Entries from below a position, the latest first.

    Left out: pairs of which a person has spoken, and texts that are withheld since.
    """
    one, other = version.alias(), version.alias()
    articles = article.alias(), article.alias()
    currents = version.alias(), version.alias()
    joined = review.join(one, one.c.key == review.c.version).join(other, other.c.key == review.c.other)
    for side, row, current in zip((one, other), articles, currents, strict=True):
        joined = joined.join(row, row.c.key == side.c.article).join(current, current.c.key == row.c.current)
    said, ends = link.alias(), (link_end.alias(), link_end.alias())
    spoken = (
        sa.select(1)
        .select_from(said)
        .join(ends[0], ends[0].c.link == said.c.id)
        .join(ends[1], ends[1].c.link == said.c.id)
        .where(said.c.until.is_(None))
        .where(ends[0].c.article == one.c.article, ends[1].c.article == other.c.article)
        .where((said.c.kind == LinkKind.MUST.value) | (ends[0].c.side != ends[1].c.side))
    )
    statement = (
        sa.select(review)
        .select_from(joined)
        .where(*(each.c.released for each in (one, other, *currents)))
        .where(~spoken.exists())
        .where(review.c.probability >= filters.low, review.c.probability <= filters.high)
    )
    if before is not None:
        statement = statement.where(review.c.position < before)
    if filters.reason is not None:
        statement = statement.where(review.c.reason == filters.reason.value)
    if filters.source is not None:
        statement = statement.where(one.c.source == filters.source)
    if filters.since is not None:
        statement = statement.where(review.c.at >= filters.since)
    rows = tx.connection.execute(statement.order_by(review.c.position.desc()).limit(limit))
    return [_row(row) for row in rows]


def _row(row: Row[*tuple[Any, ...]]) -> ReviewRow:
    return ReviewRow(
        position=row.position,
        version=row.version,
        other=row.other,
        at=row.at,
        reason=ReviewReason(row.reason),
        relation=Relation(row.relation),
        probability=row.probability,
        policy=row.policy,
    )
