"""The unsealed end of the posting log, in memory."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence

import numpy as np

from app.model import PostingRow


class Tail:
    """Posting rows in ascending order of number, found by key. Only ever added to.

    Readers name how many rows they see, so one tail serves transactions of different ages.
    """

    def __init__(self, rows: Iterable[PostingRow] = ()) -> None:
        self.rows: list[PostingRow] = []
        self._seqs: list[int] = []
        self._places: dict[int, list[int]] = {}
        self.extend(rows)

    @property
    def last_seq(self) -> int:
        """The last row's number; 0 where there is none."""
        return self._seqs[-1] if self._seqs else 0

    def extend(self, rows: Iterable[PostingRow]) -> None:
        """Add rows, which come in order; those that are here already are passed over."""
        for row in rows:
            if row.seq <= self.last_seq:
                continue
            place = len(self.rows)
            for key in np.frombuffer(row.keys, "<u8").tolist():
                self._places.setdefault(key, []).append(place)
            self.rows.append(row)
            self._seqs.append(row.seq)

    def upto(self, seq: int) -> int:
        """How many rows have a number of at most ``seq``."""
        return bisect_right(self._seqs, seq)

    def after(self, seq: int) -> "Tail":
        """A tail of the rows behind ``seq``."""
        return Tail(self.rows[self.upto(seq) :])

    def find(self, keys: Sequence[int], first: int, end: int) -> tuple[list[int], list[int]]:
        """Positions into ``keys`` and versions, among the rows ``[first, end)``."""
        positions: list[int] = []
        versions: list[int] = []
        places = self._places
        for position, key in enumerate(keys):
            for place in places.get(key, ()):
                if first <= place < end:
                    positions.append(position)
                    versions.append(self.rows[place].version)
        return positions, versions
