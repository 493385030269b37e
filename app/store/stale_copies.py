"""Copies that are stale, what is to be looked at for it, and which versions correct what was said before."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Row

from app.dedup.differences import DifferenceKind
from app.dedup.model import RevisionKind, Span, TagKind
from app.dedup.staleness import StalePassage
from app.model import ArticleKey, Position, Status, VersionKey, VersionRow
from app.store.adding import insert_new, upsert
from app.store.engine import Tx
from app.store.sight import Sight, seen
from app.store.statements import insert, rows_in
from app.store.tables import article, correction, decision, membership, stale, stale_due, version

CORRECTING = {RevisionKind.CORRECTION, RevisionKind.REFILE, RevisionKind.WITHDRAWAL}
"""Revisions that say themselves that what went before was wrong."""
_TAGGED = [kind.value for kind in (TagKind.CORRECTION, TagKind.REFILE, TagKind.WITHDRAWAL)]


class StaleReason(StrEnum):
    """What the origin did."""

    CORRECTION = "correction"
    WITHDRAWAL = "withdrawal"
    """The copy is stale as a whole."""


class StaleState(StrEnum):
    """Whether a copy is stale still."""

    OPEN = "open"
    RESOLVED = "resolved"
    DISMISSED = "dismissed"


class Outcome(StrEnum):
    """Why a copy is stale no more."""

    REFRESHED = "refreshed"
    """It says what the origin says now."""
    WITHDRAWN = "withdrawn"
    """It was withdrawn or withheld itself."""
    RESTORED = "restored"
    """The origin took the correction or the withdrawal back."""
    LEFT = "left"
    """It is of another story than the origin."""
    SUPERSEDED = "superseded"
    """It is stale in another way: there is a later entry."""
    DISMISSED = "dismissed"
    UNDONE = "undone"
    """It was dismissed, and that was taken back."""


@dataclass(frozen=True, slots=True)
class StaleRow:
    """One copy that says what its origin corrected or withdrew.

    Closed once, and changed after that only where a person takes the dismissal back that closed it.
    """

    position: Position
    """Of its ``copy.stale`` in the change feed."""
    id: str
    article: ArticleKey
    version: VersionKey
    """Of the copy."""
    correction: VersionKey
    """What corrects or withdraws it."""
    reason: StaleReason
    passages: tuple[StalePassage, ...]
    at: datetime
    outcome: Outcome | None = None
    closed: Position | None = None
    closed_at: datetime | None = None
    by: str | None = None
    why: str | None = None

    @property
    def state(self) -> StaleState:
        """Open, resolved or dismissed."""
        if self.outcome is None:
            return StaleState.OPEN
        return StaleState.DISMISSED if self.outcome is Outcome.DISMISSED else StaleState.RESOLVED


@dataclass(frozen=True, slots=True)
class StaleFilters:
    """Which entries are asked for; all where nothing is said."""

    state: StaleState | None = None
    founder: ArticleKey | None = None
    """Of the story that the copy is in now."""
    source: str | None = None
    """Of the copy."""
    reason: StaleReason | None = None
    since: datetime | None = None


def find_corrections(tx: Tx, articles: Collection[ArticleKey]) -> dict[VersionKey, ArticleKey]:
    """The versions of these articles that correct or take back what was said, by tag, status or verdict."""
    kinds = [kind.value for kind in CORRECTING]
    says = (
        version.c.tag_kind.in_(_TAGGED)
        | (version.c.status != Status.USABLE.value)
        | decision.c.revision_kind.in_(kinds)
    )
    statement = (
        sa.select(version.c.key, version.c.article)
        .select_from(version.outerjoin(decision, decision.c.version == version.c.key))
        .where(says)
    )
    return {row.key: row.article for row in rows_in(tx, statement, version.c.article, articles)}


def add_corrections(tx: Tx, found: Mapping[VersionKey, ArticleKey]) -> None:
    """Remember versions that correct something."""
    insert_new(tx, correction, [{"version": key, "article": of} for key, of in found.items()])


def corrected_stories(tx: Tx, founders: Collection[ArticleKey]) -> set[ArticleKey]:
    """Founders of those of these stories that have a member with such a version."""
    statement = (
        sa.select(membership.c.founder)
        .join_from(membership, correction, correction.c.article == membership.c.article)
        .where(membership.c.until.is_(None))
        .distinct()
    )
    return {row.founder for row in rows_in(tx, statement, membership.c.founder, founders)}


def add_due(tx: Tx, articles: Collection[ArticleKey], position: Position) -> None:
    """Let articles be looked at, for what the feed says up to a position."""
    upsert(tx, stale_due, [{"article": key, "position": position} for key in sorted(articles)])


def load_due(tx: Tx, *, limit: int) -> list[ArticleKey]:
    """The next articles to look at."""
    statement = sa.select(stale_due.c.article).order_by(stale_due.c.article).limit(limit)
    return list(tx.connection.execute(statement).scalars())


def drop_due(tx: Tx, articles: Collection[ArticleKey], position: Position) -> None:
    """These were looked at, as the feed stood at a position. What was found to be due later stays."""
    done = stale_due.c.article.in_(sorted(articles)) & (stale_due.c.position <= position)
    tx.connection.execute(stale_due.delete().where(done))


def open_rows(tx: Tx, articles: Collection[ArticleKey]) -> dict[ArticleKey, StaleRow]:
    """What is open of these articles: one entry each at most."""
    statement = sa.select(stale).where(stale.c.outcome.is_(None))
    return {row.article: _row(row) for row in rows_in(tx, statement, stale.c.article, articles)}


def open_row_of(tx: Tx, version: VersionRow) -> StaleRow | None:
    """What is open of just this version."""
    row = open_rows(tx, [version.article]).get(version.article)
    return row if row is not None and row.version == version.key else None


def dismissed_of(tx: Tx, articles: Collection[ArticleKey]) -> set[tuple[ArticleKey, VersionKey]]:
    """Which corrections people dismissed for these articles."""
    said = sa.select(stale.c.article, stale.c.correction).where(stale.c.outcome == Outcome.DISMISSED.value)
    return {(row.article, row.correction) for row in rows_in(tx, said, stale.c.article, articles)}


def add_rows(tx: Tx, rows: Sequence[StaleRow]) -> None:
    """Store entries, open."""
    insert(
        tx,
        stale,
        [
            {
                "position": row.position,
                "id": row.id,
                "article": row.article,
                "version": row.version,
                "correction": row.correction,
                "reason": row.reason.value,
                "passages": [_packed(each) for each in row.passages],
                "at": row.at,
                "outcome": None,
                "closed": None,
                "closed_at": None,
                "by": None,
                "why": None,
            }
            for row in rows
        ],
    )


def close_row(tx: Tx, row: StaleRow) -> None:
    """Close an entry, as ``row`` says."""
    closing = {
        "outcome": row.outcome,
        "closed": row.closed,
        "closed_at": row.closed_at,
        "by": row.by,
        "why": row.why,
    }
    tx.connection.execute(stale.update().where(stale.c.position == row.position).values(closing))


def stale_of_id(tx: Tx, id_: str) -> StaleRow | None:
    """One entry by its public ID."""
    if not (id_.isascii() and id_.isprintable()):
        return None
    row = tx.connection.execute(sa.select(stale).where(stale.c.id == id_)).one_or_none()
    return None if row is None else _row(row)


def stale_before(
    tx: Tx, filters: StaleFilters, *, before: int | None, limit: int, sight: Sight
) -> list[StaleRow]:
    """Entries from below a position, the latest first; of texts that somebody sees."""
    copy, corrects = version.alias(), version.alias()
    joined = stale.join(copy, copy.c.key == stale.c.version).join(
        corrects, corrects.c.key == stale.c.correction
    )
    joined = joined.join(article, article.c.key == stale.c.article)
    # That a story was taken back is told to whoever prints it, though what takes it back may not be shown.
    told = seen(sight, corrects) | (stale.c.reason == StaleReason.WITHDRAWAL.value)
    statement = sa.select(stale).select_from(joined).where(seen(sight, copy), told)
    if before is not None:
        statement = statement.where(stale.c.position < before)
    if filters.state is StaleState.OPEN:
        statement = statement.where(stale.c.outcome.is_(None))
    elif filters.state is StaleState.DISMISSED:
        statement = statement.where(stale.c.outcome == Outcome.DISMISSED.value)
    elif filters.state is StaleState.RESOLVED:
        statement = statement.where(stale.c.outcome.is_not(None), stale.c.outcome != Outcome.DISMISSED.value)
    if filters.founder is not None:
        statement = statement.where(article.c.founder == filters.founder)
    if filters.source is not None:
        statement = statement.where(article.c.source == filters.source)
    if filters.reason is not None:
        statement = statement.where(stale.c.reason == filters.reason.value)
    if filters.since is not None:
        statement = statement.where(stale.c.at >= filters.since)
    rows = tx.connection.execute(statement.order_by(stale.c.position.desc()).limit(limit))
    return [_row(row) for row in rows]


def _packed(each: StalePassage) -> list[object]:
    old, new = each.old and list(each.old), each.new and list(each.new)
    return [each.kind.value, list(each.passage), old, new, each.new_in]


def _row(row: Row[*tuple[Any, ...]]) -> StaleRow:
    return StaleRow(
        position=row.position,
        id=row.id,
        article=row.article,
        version=row.version,
        correction=row.correction,
        reason=StaleReason(row.reason),
        passages=tuple(
            StalePassage(
                DifferenceKind(kind),
                Span(*passage),
                Span(*old) if old else None,
                Span(*new) if new else None,
                new_in,
            )
            for kind, passage, old, new, new_in in row.passages
        ),
        at=row.at,
        outcome=None if row.outcome is None else Outcome(row.outcome),
        closed=row.closed,
        closed_at=row.closed_at,
        by=row.by,
        why=row.why,
    )
