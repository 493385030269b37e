"""Deletion on request: the text of an article gone from everywhere, its ID and its past kept.

What can only be found by walking through whole tables is looked for outside the lock. Under it the article
leaves its story, whose others stay together, and everything that holds its text or leads to it is erased.
Its identity is forgotten with it: the same text sent again is a new article.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from app.dedup.model import Hashes
from app.errors import NotFound
from app.events import EventType
from app.model import ArticleId, ArticleKey, ArticleRow, CanonicalId, FurnitureState, VersionKey
from app.services.context import Context
from app.services.furnishing import put_furniture
from app.services.gone import DELETION, refuse_gone
from app.services.ledger import Ledger
from app.services.placing import leave
from app.services.posting import post
from app.store import administration, deletion, furniture, ingesting, reading
from app.store.administration import AdministrationRow
from app.store.engine import Tx
from app.store.index import Index
from app.store.progress import mark, put_mark

DELETED = "deleted"
"""The mark that counts deletions, by which other processes notice them."""
_NOTHING: Hashes = np.empty(0, dtype=np.uint32)


@dataclass(frozen=True, slots=True)
class Deleted:
    """What was deleted."""

    article_id: ArticleId
    canonical_id: CanonicalId | None
    """Where the ID of its story leads now; none where the article was the last of it."""
    versions: int
    at: datetime


def delete_article(ctx: Context, article_id: str, *, by: str, why: str) -> Deleted:
    """Delete the text of an article. Raises NotFound; Gone where that was done before."""
    with ctx.store.read() as tx:
        row = reading.article_of_id(tx, article_id)
        if row is None:
            raise NotFound("There is no article of that ID.")
        refuse_gone(tx, row)
    deleted = delete_articles(ctx, [row.key], by=by, why=why)
    if not deleted:
        with ctx.store.read() as tx:
            refuse_gone(tx, ingesting.load_articles(tx, [row.key])[row.key])
    return deleted[0]


def delete_articles(ctx: Context, keys: Collection[ArticleKey], *, by: str, why: str) -> list[Deleted]:
    """Delete the texts of articles, each in a transaction; those that are deleted already are left out.

    Articles of one story must go one after the other: whoever leaves it settles those who stay.
    """
    with ctx.store.read() as tx:
        rows = _rows(tx, keys)
        remains = deletion.find_remains(tx, rows, now=ctx.now())
        versions = _versions(tx, rows)
    told = [_delete_one(ctx, row.key, versions, remains, by=by, why=why) for row in rows]
    ctx.recall.forget(versions)
    ctx.index.forget_blocks()
    ctx.store.drop_log()
    return [each for each in told if each is not None]


def _delete_one(
    ctx: Context,
    key: ArticleKey,
    known: dict[VersionKey, ArticleKey],
    remains: deletion.Remains,
    *,
    by: str,
    why: str,
) -> Deleted | None:
    """Delete one, of which these versions were known when ``remains`` were looked for."""
    with ctx.store.write() as tx:
        rows = _rows(tx, [key])
        if not rows:
            return None
        versions = _versions(tx, rows)
        if not versions.keys() <= known.keys():
            # A version came meanwhile: what it left in whole tables is looked for under the lock.
            remains = deletion.find_remains(tx, rows, now=ctx.now())
        ledger = Ledger.open(ctx, tx)
        told = _delete(ledger, rows[0], versions, by=by, why=why)
        _erase(ledger, rows, set(versions), remains)
        put_mark(tx, DELETED, mark(tx, DELETED) + 1)
        ledger.keep()
    ctx.recall.forget(versions)
    return told


def forget_deleted(ctx: Context, seen: int) -> int:
    """Drop from this process's memory what may have been deleted since ``seen``; the mark as it is now."""
    with ctx.store.read() as tx:
        now = mark(tx, DELETED)
    if now != seen:
        ctx.recall.forget_all()
        ctx.index.forget_blocks()
    return now


def _rows(tx: Tx, keys: Collection[ArticleKey]) -> list[ArticleRow]:
    rows = ingesting.load_articles(tx, keys)
    return [row for _, row in sorted(rows.items()) if row.deleted_at is None]


def _versions(tx: Tx, rows: Sequence[ArticleRow]) -> dict[VersionKey, ArticleKey]:
    found = ingesting.versions_of(tx, [row.key for row in rows])
    return {row.key: article for article, versions in found.items() for row in versions}


def _delete(
    ledger: Ledger, row: ArticleRow, versions: dict[VersionKey, ArticleKey], *, by: str, why: str
) -> Deleted:
    """Take an article out of its story, and tell and note that it is deleted."""
    ledger.load_articles([row.key])
    story = ledger.stories[ledger.articles[row.key].founder]
    own = [key for key, article in versions.items() if article == row.key]
    position = ledger.emit(EventType.ARTICLE_DELETED, article_id=row.id, canonical_id=story.id)
    ledger.articles[row.key] = replace(ledger.articles[row.key], deleted_at=ledger.now)
    leave(ledger, row.key, position, why="an article of it was deleted")
    entry = AdministrationRow(
        id=ledger.ctx.new_id("adm"),
        at=ledger.now,
        by=by,
        action=DELETION,
        subject=row.id,
        why=why,
        before={"canonical_id": story.id, "source": row.source, "versions": len(own)},
    )
    administration.note(ledger.tx, entry)
    now = ledger.stories[ledger.articles[row.key].founder]
    return Deleted(row.id, now.id if now.members else None, len(own), ledger.now)


def _erase(
    ledger: Ledger, rows: Sequence[ArticleRow], versions: set[VersionKey], remains: deletion.Remains
) -> None:
    """Erase what holds the texts, and let their stories be met under other versions."""
    tx = ledger.tx
    carried = deletion.keys_by_profile(tx, versions)
    left = [ledger.articles[row.key] for row in rows]
    deletion.erase(tx, left, versions, remains, now=ledger.now)
    for profile, keys in carried.items():
        index = ledger.ctx.index if profile == ledger.ctx.index.profile else Index(profile)
        index.erase(tx, np.frombuffer(keys, "<u8").astype(np.uint64), versions)
    _forget_furniture(ledger, rows)
    for founder in {row.founder for row in left}:
        speaks = ledger.stories[founder].canonical
        if speaks is not None and speaks not in versions:
            ledger.load_stored([speaks])
            if (stored := ledger.stored.get(speaks)) is not None and stored.version.released:
                ledger.load_articles([stored.version.article])
                post(ledger, stored.version, stored.print)


def _forget_furniture(ledger: Ledger, rows: Sequence[ArticleRow]) -> None:
    """Empty what was learned from these articles alone; of the rest, no longer name them."""
    ids = {row.id for row in rows}
    for known in furniture.load(ledger.tx, {row.source for row in rows}).values():
        for row in known:
            pages = tuple(id_ for id_ in row.pages if id_ not in ids)
            if pages == row.pages:
                continue
            if pages:
                put_furniture(ledger, replace(row, pages=pages))
            else:
                emptied = replace(
                    row, state=FurnitureState.REJECTED, text="", words=0, shingles=_NOTHING, pages=()
                )
                put_furniture(ledger, replace(emptied, why="the pages that carried it were deleted"))
