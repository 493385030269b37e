"""What leaves the index for its age: what came long ago is copied no more, and need not be found.

Articles stay readable, stories stay as they are. A story that still gets copies stays findable: before a
segment is dropped, each living story that only that segment leads to is posted anew.
"""

from datetime import timedelta

import numpy as np

from app.model import PostingRow, StoryRow
from app.services.context import Context
from app.services.ledger import Ledger
from app.store import expiry, ingesting
from app.store.expiry import Expired
from app.store.progress import mark, put_mark

STEP = 50
"""Stories looked at in one transaction: some 0.3 ms each under the lock, 2 where one is posted anew."""
SPANS = 4
"""Segments do not grow beyond this part of the time that is kept, so that what is kept is not much more."""
_LOOKED_AT = "expiry"


def span_of(days: int) -> timedelta:
    """The longest time that a segment may hold."""
    return timedelta(days=days) / SPANS


def expire_step(ctx: Context, *, days: int) -> bool:
    """Look at the next stories of a segment older than so many days, or drop it; whether there was any."""
    kept_from = ctx.now() - timedelta(days=days)
    with ctx.store.read() as tx:
        old = expiry.oldest_expired(tx, ctx.profile.id, kept_from)
        if old is None:
            return False
        alive = expiry.living_stories(
            tx, after=mark(tx, _LOOKED_AT), begun_until=old.until, seen_from=kept_from, limit=STEP
        )
    with ctx.store.write() as tx:
        ledger = Ledger.open(ctx, tx)
        for story in alive:
            _stay_findable(ledger, story, old)
        ledger.keep()
        if len(alive) == STEP:
            put_mark(tx, _LOOKED_AT, alive[-1].founder)
        else:
            expiry.drop(tx, old.id)
            put_mark(tx, _LOOKED_AT, 0)
            expiry.put_unindexed(tx, upto=old.last_version)
    return True


def _stay_findable(ledger: Ledger, story: StoryRow, old: Expired) -> None:
    """Post the story's canonical version anew, unless something posted later leads to the story."""
    if story.canonical is None:
        return
    ledger.load_stored([story.canonical])
    stored = ledger.stored.get(story.canonical)
    if stored is None or not stored.version.released:
        return
    index, tx = ledger.ctx.index, ledger.tx
    _, holders = index.lookup(tx, stored.print.keys, after=old.last_seq)
    versions = ingesting.load_versions(tx, set(np.unique(holders).tolist()))
    ledger.load_articles({each.article for each in versions.values()})
    if any(ledger.articles[each.article].founder == story.founder for each in versions.values()):
        return
    keys = stored.print.keys.astype("<u8").tobytes()
    row = PostingRow(ledger.next_posting(), stored.print.profile, story.canonical, keys)
    ledger.batch.postings.append(row)
    index.note(tx, [row])
