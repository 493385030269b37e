"""What the ingest transaction reads and writes, in one place.

Numbers come from ``counter`` under the ingest lock, not from sequences: positions follow the order of
commits and have no gaps. A use case reads the counters, counts on, and stores them with its batch.
"""

from collections.abc import Iterable

import sqlalchemy as sa

from app.model import (
    ArticleKey,
    Batch,
    ChangeRow,
    Counters,
    MembershipRow,
    Position,
    PostingRow,
    VersionKey,
)
from app.store.adding import insert_many, insert_new, upsert
from app.store.articles import (
    article_values,
    find_identities,
    fingerprint_values,
    load_articles,
    load_stored,
    load_versions,
    version_values,
    versions_of,
)
from app.store.engine import Tx
from app.store.furniture import furniture_values
from app.store.pages import load_pages, page_values
from app.store.received import received_values
from app.store.reviewing import review_values
from app.store.statements import Values, update
from app.store.stories import (
    decision_values,
    edge_values,
    edges_among,
    load_decisions,
    load_members,
    load_stories,
    story_values,
)
from app.store.tables import (
    appointment,
    article,
    change,
    counter,
    decision,
    edge,
    fingerprint,
    furniture,
    identity,
    membership,
    page,
    posting,
    received,
    review,
    story,
    succession,
    url,
    version,
)

__all__ = [
    "append",
    "counters",
    "edges_among",
    "find_identities",
    "load_articles",
    "load_decisions",
    "load_members",
    "load_pages",
    "load_stored",
    "load_stories",
    "load_versions",
    "save_counters",
    "versions_of",
]

_NAMES = ("article", "version", "position", "posting", "furniture")
_COUNTERS = sa.select(counter.c.name, counter.c.value).where(counter.c.name.in_(_NAMES))


def counters(tx: Tx) -> Counters:
    """The last numbers given out; zeros in an empty database."""
    found = {row.name: row.value for row in tx.connection.execute(_COUNTERS)}
    return Counters(*(found.get(name, 0) for name in _NAMES))


def save_counters(tx: Tx, now: Counters) -> None:
    """Store the last numbers given out."""
    upsert(tx, counter, [{"name": name, "value": getattr(now, name)} for name in _NAMES])


def append(tx: Tx, batch: Batch) -> None:
    """Store everything of a batch: one statement a table, however many rows."""
    moves = _moves(batch.moves)
    founders = {row.article: row.founder for row, _ in moves}
    added = {row.key for row in batch.articles}
    insert_many(
        tx,
        article,
        [
            article_values(
                row,
                founder=founders.get(row.key, row.founder),
                current=batch.currents.get(row.key, row.current),
            )
            for row in batch.articles
        ],
    )
    upsert(tx, identity, [{"key": key, "article": owner} for key, owner in sorted(batch.identities.items())])
    insert_new(tx, url, [{"key": key, "article": of} for key, of in sorted(set(batch.urls))])
    insert_many(tx, version, [version_values(row) for row in batch.versions])
    insert_many(tx, page, [page_values(row) for row in batch.pages])
    insert_many(tx, received, [received_values(key, of) for key, of in batch.received])
    insert_many(tx, fingerprint, [fingerprint_values(key, of) for key, of in batch.fingerprints])
    insert_many(tx, posting, [_posting_values(row) for row in batch.postings])
    upsert(tx, story, [story_values(row) for _, row in sorted(batch.stories.items())])
    insert_many(tx, appointment, [_turn_values("founder", *turn) for turn in batch.appointments])
    insert_many(tx, succession, [_turn_values("article", *turn) for turn in batch.successions])
    _close_memberships(tx, {row.article: row.since for row, _ in reversed(moves) if row.article not in added})
    insert_many(tx, membership, [_membership_values(row, until) for row, until in moves])
    update(tx, article, article.c.key, [(k, v) for k, v in founders.items() if k not in added], "founder")
    update(
        tx, article, article.c.key, [(k, v) for k, v in batch.currents.items() if k not in added], "current"
    )
    upsert(tx, edge, [edge_values(row) for row in batch.edges])
    insert_many(tx, decision, [decision_values(row) for row in batch.decisions])
    insert_many(tx, review, [review_values(row) for row in batch.reviews])
    upsert(tx, furniture, [furniture_values(row) for row in batch.furniture.values()])
    insert_many(tx, change, [_change_values(row) for row in batch.changes])


def _moves(rows: Iterable[MembershipRow]) -> list[tuple[MembershipRow, Position | None]]:
    """The memberships to open, each with where it ends already: an article may move twice in a batch."""
    kept = {(row.article, row.since): row for row in rows}
    ends: dict[ArticleKey, Position] = {}
    moves: list[tuple[MembershipRow, Position | None]] = []
    for row in sorted(kept.values(), key=lambda row: (row.since, row.article), reverse=True):
        moves.append((row, ends.get(row.article)))
        ends[row.article] = row.since
    return moves[::-1]


def _close_memberships(tx: Tx, ends: dict[ArticleKey, Position]) -> None:
    if ends:
        is_open = (membership.c.article == sa.bindparam("of")) & membership.c.until.is_(None)
        statement = membership.update().where(is_open).values(until=sa.bindparam("at"))
        tx.connection.execute(statement, [{"of": of, "at": at} for of, at in ends.items()])


def _membership_values(row: MembershipRow, until: Position | None) -> Values:
    return {
        "article": row.article,
        "since": row.since,
        "founder": row.founder,
        "until": until,
        "by": row.by,
        "why": row.why,
    }


def _turn_values(whose: str, key: ArticleKey, since: Position, speaks: VersionKey | None) -> Values:
    return {whose: key, "since": since, "version": speaks}


def _posting_values(row: PostingRow) -> Values:
    return {"seq": row.seq, "profile": row.profile, "version": row.version, "keys": row.keys}


def _change_values(row: ChangeRow) -> Values:
    return {"position": row.position, "type": row.type, "at": row.at, "payload": dict(row.payload)}
