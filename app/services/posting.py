"""Putting a version's keys into the index: only those under which its story cannot be met yet.

So the five hundredth copy of a story adds none, and a key's postings count stories.
"""

import numpy as np
from numpy.typing import NDArray

from app.dedup.arrays import distinct, member
from app.dedup.model import Fingerprint
from app.model import PostingRow, VersionRow
from app.services.ledger import Ledger
from app.services.matching import COMMON
from app.store import ingesting


def post_lacking(
    ledger: Ledger, row: VersionRow, of: Fingerprint, covered: NDArray[np.uint64]
) -> NDArray[np.uint64]:
    """Post the version's keys but for those that its story is met under already; give what was posted."""
    keys = of.keys[~member(of.keys, distinct(covered))]
    if len(keys):
        ledger.batch.postings.append(
            PostingRow(ledger.next_posting(), of.profile, row.key, keys.astype("<u8").tobytes())
        )
    return keys


def post(ledger: Ledger, row: VersionRow, of: Fingerprint) -> None:
    """Index a version later than its arrival: at a release or a move to another profile.

    The article's row must be in the ledger, with the story that it is in now.
    """
    index, tx = ledger.ctx.index, ledger.tx
    founder = ledger.articles[row.article].founder
    places, holders = index.lookup(tx, of.keys)
    # Who carries a common key is not asked: that may be hundreds, and the key says nothing anyway.
    telling = np.bincount(places, minlength=len(of.keys))[places] <= COMMON
    places, holders = places[telling], holders[telling]
    versions = ingesting.load_versions(tx, set(holders.tolist()))
    ledger.load_articles({each.article for each in versions.values()})
    own = [key for key, each in versions.items() if ledger.articles[each.article].founder == founder]
    if len(post_lacking(ledger, row, of, of.keys[places[np.isin(holders, own)]])):
        index.note(tx, ledger.batch.postings[-1:])
