"""What is furniture of a source: read, added or taken back by a person, kept when it was learned.

Every change is a new version, told on the change feed, and the pairs of whoever carries the passage
are put down to be judged again (``mending``).
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from app.dedup.fingerprint import sample_keys
from app.dedup.furniture import LEAST_WORDS, MOST_WORDS, passage_shingles
from app.dedup.model import Hashes
from app.dedup.words import tokenise
from app.errors import InvalidValue, NotFound
from app.events import EventType
from app.model import FurnitureRow, FurnitureState, VersionKey
from app.services.context import Context
from app.services.ledger import Ledger
from app.store import furniture, ingesting

MOST_STORY = 500
"""Members of one story that are judged again; a story of more is not held together by furniture."""


def list_furniture(ctx: Context, source: str) -> Sequence[FurnitureRow]:
    """What is known of a source, oldest first, with what people rejected."""
    with ctx.store.read() as tx:
        return furniture.load(tx, [source]).get(source, [])


def add_furniture(ctx: Context, source: str, text: str, *, by: str, why: str) -> FurnitureRow:
    """Let a passage count as furniture of a source. Raises InvalidValue."""
    words = len(tokenise(text))
    if not LEAST_WORDS <= words <= MOST_WORDS:
        raise InvalidValue(
            f"A passage of {words} words cannot be furniture.",
            field="text",
            fix=f"Give one passage of {LEAST_WORDS} to {MOST_WORDS} words, as pages print it.",
        )
    with ctx.store.write() as tx:
        ledger = Ledger.open(ctx, tx)
        row = FurnitureRow(
            id=ctx.new_id("fur"),
            source=source,
            state=FurnitureState.ADDED,
            text=text,
            words=words,
            shingles=passage_shingles(text),
            pages=(),
            version=0,
            at=ledger.now,
            by=by,
            why=why,
        )
        return _keep(ledger, row)


def reject_furniture(ctx: Context, source: str, id_: str, *, by: str, why: str) -> FurnitureRow:
    """Say that a passage is no furniture: it masks nothing and is not learned again. Raises NotFound."""
    with ctx.store.write() as tx:
        ledger = Ledger.open(ctx, tx)
        known = {row.id: row for row in furniture.load(tx, [source]).get(source, [])}
        if id_ not in known:
            raise NotFound(f"{source} has no furniture {id_}.")
        if known[id_].state is FurnitureState.REJECTED:
            return known[id_]
        return _keep(ledger, replace(known[id_], state=FurnitureState.REJECTED, by=by, why=why))


def _keep(ledger: Ledger, row: FurnitureRow) -> FurnitureRow:
    kept = put_furniture(ledger, row)
    ledger.keep()
    return kept


def forget_furniture(ledger: Ledger, row: FurnitureRow) -> None:
    """Delete a row, tell of it, and have what it masked judged again.

    Another row of its source must be put in the same transaction: that raises the version.
    """
    furniture.delete(ledger.tx, [row.id])
    _tell(ledger, row, "forgotten")
    furniture.put_due(ledger.tx, _touched(ledger, row.source, row.shingles))


def put_furniture(ledger: Ledger, row: FurnitureRow) -> FurnitureRow:
    """Store a row under the next version, tell of it, and have what it touches judged again."""
    ledger.counters.furniture += 1
    row = replace(row, version=ledger.counters.furniture)
    ledger.batch.furniture[row.id] = row
    _tell(ledger, row, row.state.value)
    furniture.put_due(ledger.tx, _touched(ledger, row.source, row.shingles))
    return row


def _tell(ledger: Ledger, row: FurnitureRow, state: str) -> None:
    ledger.emit(
        EventType.FURNITURE_CHANGED, source=row.source, furniture_id=row.id, state=state, words=row.words
    )


def _touched(ledger: Ledger, source: str, passage: Hashes) -> set[VersionKey]:
    """Versions of a source that carry a passage, and the source's others in their stories.

    A copy is not in the index under keys that its story has already, so it is reached through that. A
    passage so short that no shingle of it was sampled is met by what arrives from now on alone.
    """
    index, tx = ledger.ctx.index, ledger.tx
    _, holders = index.lookup(tx, sample_keys(passage))
    rows = ingesting.load_versions(tx, [VersionKey(key) for key in np.unique(holders).tolist()])
    carriers = {key: row for key, row in rows.items() if row.facts.source == source}
    ledger.load_articles({row.article for row in carriers.values()})
    founders = {ledger.articles[row.article].founder for row in carriers.values()}
    small = [founder for founder in founders if ledger.stories[founder].members <= MOST_STORY]
    members = ledger.members(small)
    ledger.load_articles(members)
    beside = [article for article in members if ledger.articles[article].source == source]
    # All their versions: a pair's strongest verdict counts, also that on a version that is no longer current.
    versions = ingesting.versions_of(tx, beside)
    return {*carriers, *(row.key for rows in versions.values() for row in rows)}
