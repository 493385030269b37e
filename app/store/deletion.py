"""What is left of an article whose text is deleted: its ID, its place in the past, and what was decided.

Everything else goes: pages, what they came as, fingerprints, edges, reviews, index entries, identities,
addresses, and answers kept for a retry. Tables that hang on versions or articles are found by their foreign
keys, so that a new one is emptied too unless it is named here as one that stays.
"""

import zlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.dedup.differences import DifferenceKind
from app.model import ArticleId, ArticleKey, ArticleRow, IdentityKey, Position, VersionKey
from app.store.engine import Tx
from app.store.statements import CHUNK, rows_in, update
from app.store.tables import (
    article,
    decision,
    edge,
    feed_entry,
    fingerprint,
    idempotency,
    identity,
    membership,
    metadata,
    pin,
    posting,
    url,
    version,
)

_STAY = {"version", "decision", "membership", "story", "link_end", "pin", "embargo_end"}
"""Tables that say what was when, and hold no text."""
_FOUND_APART = {"identity", "url"}
_GZIP = 16 + zlib.MAX_WBITS
_SPELLED = tuple(f"{kind.value}: " for kind in DifferenceKind)
"""How a reason begins that quotes both texts."""


@dataclass(frozen=True, slots=True)
class Remains:
    """What of some articles stands where only a walk through a whole table finds it."""

    identities: frozenset[IdentityKey]
    urls: frozenset[bytes]
    answers: frozenset[tuple[str, str]]
    """Answers kept for a retry, by caller and Idempotency-Key."""
    at: datetime
    """When it was looked for."""


def find_remains(tx: Tx, articles: Sequence[ArticleRow], *, now: datetime) -> Remains:
    """Look for it. Some 0.2 s for a million identities; wants no lock."""
    keys = sorted(row.key for row in articles)
    owned = sa.select(identity.c.key).where(identity.c.article.in_(keys))
    printed = sa.select(url.c.key).where(url.c.article.in_(keys))
    return Remains(
        identities=frozenset(tx.connection.execute(owned).scalars()),
        urls=frozenset(tx.connection.execute(printed).scalars()),
        answers=frozenset(_answers(tx, [row.id for row in articles], None)),
        at=now,
    )


def add_late_answers(tx: Tx, articles: Sequence[ArticleRow], remains: Remains) -> frozenset[tuple[str, str]]:
    """The answers found, with those kept since they were looked for."""
    return remains.answers | _answers(tx, [row.id for row in articles], remains.at)


def counterparts(tx: Tx, articles: Collection[ArticleKey]) -> set[VersionKey]:
    """The versions that any version of these articles was compared with."""
    found: set[VersionKey] = set()
    for own, other in ((edge.c.a, edge.c.version_b), (edge.c.b, edge.c.version_a)):
        found |= {row[0] for row in rows_in(tx, sa.select(other), own, articles)}
    return found


def keys_by_profile(tx: Tx, versions: Collection[VersionKey]) -> dict[str, bytes]:
    """The index keys of these versions, as little-endian bytes, by the profile they are of."""
    found: dict[str, bytes] = {}
    statement = sa.select(fingerprint.c.profile, fingerprint.c["keys"])
    for row in rows_in(tx, statement, fingerprint.c.version, versions):
        found[row.profile] = found.get(row.profile, b"") + row.keys
    return found


def erase(
    tx: Tx,
    articles: Sequence[ArticleRow],
    versions: Collection[VersionKey],
    remains: Remains,
    *,
    now: datetime,
) -> None:
    """Delete the text of these articles and all that leads to it. Their rows name the story they left."""
    keys = sorted(row.key for row in articles)
    answers = add_late_answers(tx, articles, remains)
    met = counterparts(tx, keys) | set(versions)
    with _overwriting(tx):
        _unquote(tx, met, versions)
        for table in reversed(metadata.sorted_tables):
            if table.name not in _STAY | _FOUND_APART:
                _delete_of(tx, table, keys, versions)
        tx.connection.execute(posting.delete().where(posting.c.version.in_(sorted(versions))))
        tx.connection.execute(edge.delete().where(edge.c.a.in_(keys) | edge.c.b.in_(keys)))
        _delete_by(tx, identity.c.key, remains.identities, identity.c.article.in_(keys))
        _delete_by(tx, url.c.key, remains.urls, url.c.article.in_(keys))
        for scope, key in answers:
            that = (idempotency.c.scope == scope) & (idempotency.c.key == key)
            tx.connection.execute(idempotency.delete().where(that))
        tx.connection.execute(version.update().where(version.c.article.in_(keys)).values(_BLANK))
        # What a feed was seen to hold stays known by its digest, else it would be taken in again.
        pulled = feed_entry.c.article_id.in_([row.id for row in articles])
        tx.connection.execute(feed_entry.update().where(pulled).values(title=""))
        gone = article.update().where(article.c.key.in_(keys))
        tx.connection.execute(gone.values(external_id=None, deleted_at=now))
        update(tx, article, article.c.key, [(row.key, row.founder) for row in articles], "founder")


_BLANK: dict[str, object] = {
    "title": "",
    "content": b"",
    "declared": None,
    "agency": None,
    "slug": None,
    "genre": None,
    "place": None,
    "filed_on": None,
}


def leave_story(tx: Tx, key: ArticleKey, *, until: Position) -> None:
    """End an article's membership and what people pinned of it. Nothing takes their place."""
    for open_ in (membership, pin):
        ends = (open_.c.article == key) & open_.c.until.is_(None)
        tx.connection.execute(open_.update().where(ends).values(until=until))


class _overwriting:  # noqa: N801 - a context manager is called like a function
    """SQLite writes zeros over what it deletes while this lasts; else the bytes stay until reused."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def __enter__(self) -> None:
        self._set("ON")

    def __exit__(self, *_: object) -> None:
        self._set("OFF")

    def _set(self, state: str) -> None:
        if self._tx.dialect == "sqlite":
            self._tx.connection.exec_driver_sql(f"PRAGMA secure_delete = {state}").fetchall()


def _delete_of(tx: Tx, table: sa.Table, articles: list[ArticleKey], versions: Collection[VersionKey]) -> None:
    """Delete the rows of a table that point at one of these."""
    for key in table.foreign_keys:
        wanted = {"version.key": versions, "article.key": articles}.get(key.target_fullname, ())
        if wanted:
            tx.connection.execute(table.delete().where(key.parent.in_(sorted(wanted))))


def _delete_by(
    tx: Tx, column: sa.Column[bytes], keys: Collection[bytes], owned: sa.ColumnElement[bool]
) -> None:
    ordered = sorted(keys)
    for start in range(0, len(ordered), CHUNK):
        some = column.in_(ordered[start : start + CHUNK])
        tx.connection.execute(column.table.delete().where(some, owned))


def _unquote(tx: Tx, met: Collection[VersionKey], gone: Collection[VersionKey]) -> None:
    """Take out of decisions what quotes one of the texts; what they measured stays."""
    lost = set(gone)
    columns = sa.select(decision.c.version, decision.c.matched, decision.c.reasons)
    rows: list[tuple[int, object]] = []
    for row in rows_in(tx, columns, decision.c.version, met):
        if row.version in lost:
            rows.append((row.version, []))
        elif row.matched in lost:
            rows.append((row.version, [each for each in row.reasons if not each.startswith(_SPELLED)]))
    update(tx, decision, decision.c.version, rows, "reasons")


def _answers(tx: Tx, ids: Collection[ArticleId], since: datetime | None) -> set[tuple[str, str]]:
    """Answers kept for a retry that name one of these articles."""
    statement = sa.select(idempotency).where(idempotency.c.body.is_not(None))
    if since is not None:
        statement = statement.where(idempotency.c.created_at >= since)
    named = [id_.encode() for id_ in ids]
    found = set()
    for row in tx.connection.execute(statement):
        body = zlib.decompress(row.body, _GZIP)
        if any(id_ in body for id_ in named):
            found.add((row.scope, row.key))
    return found
