"""What is furniture for each source, kept in memory. Rows change seldom and are read with every pair."""

from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from threading import Lock

import numpy as np

from app.dedup.arrays import distinct, member
from app.dedup.furniture import NONE, Furniture
from app.model import FurnitureRow, FurnitureState
from app.store import furniture
from app.store.engine import Tx


class Masks:
    """Furniture by source, as of the newest version that any transaction has seen. Safe to share."""

    def __init__(self, most: int = 5_000) -> None:
        # Ten passages of 40 words are 2 KB a source; a source without any costs an entry.
        self._most = most
        self._version = 0
        self._kept: OrderedDict[str, Furniture] = OrderedDict()
        self._lock = Lock()

    def load(self, tx: Tx, version: int, sources: Collection[str]) -> Mapping[str, Furniture]:
        """What is furniture for these sources in a transaction that sees ``version`` of it."""
        if version == 0:
            return dict.fromkeys(sources, NONE)
        self._catch_up(tx, version)
        with self._lock:
            # A snapshot older than what others have seen reads for itself and leaves no trace.
            shared = version == self._version
            found = {source: self._kept[source] for source in sources if shared and source in self._kept}
            for source in found:
                self._kept.move_to_end(source)
        missing = set(sources) - found.keys()
        if missing:
            found |= _read(tx, missing)
            self._keep(version, {source: found[source] for source in missing})
        return found

    def _catch_up(self, tx: Tx, version: int) -> None:
        if version <= self._version:
            return
        changed = furniture.changed_sources(tx, after=self._version)
        with self._lock:
            if version > self._version:
                self._version = version
                for source in changed:
                    self._kept.pop(source, None)

    def _keep(self, version: int, read: Mapping[str, Furniture]) -> None:
        with self._lock:
            if version == self._version:
                self._kept.update(read)
                while len(self._kept) > self._most:
                    self._kept.popitem(last=False)


def _read(tx: Tx, sources: Collection[str]) -> dict[str, Furniture]:
    rows = furniture.load(tx, sources)
    return {source: _mask(rows.get(source, [])) for source in sources}


def _mask(rows: Sequence[FurnitureRow]) -> Furniture:
    learned, added, rejected = (
        distinct(np.concatenate([NONE.shingles, *(row.shingles for row in rows if row.state is state)]))
        for state in (FurnitureState.LEARNED, FurnitureState.ADDED, FurnitureState.REJECTED)
    )
    # What a person rejected is not masked by a longer passage either that was learned around it.
    told = distinct(np.concatenate((learned[~member(learned, rejected)], added)))
    if not len(told):
        return NONE
    # Versions ascend over all sources, so that for one source the highest names the whole set.
    return Furniture(max(row.version for row in rows), told)
