"""Where two word arrays say the same: equal runs of words, chained over small differences.

Used for a text against another (comparison) and for a text against itself (repeats). Equal
``width``-word shingles lie on diagonals of the dot plot; neighbours on one diagonal are one run;
runs whose diagonals lie close are chained and what stands between them is a substitution.
Cost: a sort of each text's shingles; a shingle that stands often pairs with its nearest few only.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.dedup.arrays import mix
from app.dedup.model import Hashes, Run, WordFlag

_MULTIPLIER = np.uint64(0xD6E8FEB86659FD93)
_ANY_NUMBER = np.uint32(0x0A0B0C0D)
MOST_PARTNERS = 8
"""Places of one shingle that are paired; more is a refrain or a table, quadratic if all were."""


def shingles(words: Hashes, width: int) -> Hashes:
    """The hash of each run of ``width`` words, in order; empty for fewer words."""
    count = len(words) - width + 1
    if count <= 0:
        return np.empty(0, dtype=np.uint32)
    # widened once and added in place: a sum of 400 words costs 1.8 µs, of mixed types 3.2
    wide = words.astype(np.uint64)
    total = wide[:count].copy()
    for offset in range(1, width):
        total *= _MULTIPLIER
        total += wide[offset : offset + count]
    return mix(total)


def numbers_alike(words: Hashes, flags: NDArray[np.uint8]) -> Hashes:
    """The words with all numbers made one, so that a form meets itself filled in otherwise."""
    return np.where((flags & np.uint8(WordFlag.NUMBER)) != 0, _ANY_NUMBER, words)


class Ranked(NamedTuple):
    """Values in ascending order, and where each stood."""

    values: Hashes
    place: NDArray[np.intp]

    def in_order(self) -> Hashes:
        """The values where they stood."""
        ordered = np.empty_like(self.values)
        ordered[self.place] = self.values
        return ordered


def rank(values: Hashes) -> Ranked:
    """Make an array ready to be matched against; equal values keep their order."""
    place = values.argsort(kind="stable")
    return Ranked(values.take(place), place)


def matches(a: Hashes, b: Ranked) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """All ``(i, j)`` with ``a[i] == b[j]``, at most ``MOST_PARTNERS`` places of b for a value."""
    if not len(b.values):
        return np.empty(0, dtype=np.intp), np.empty(0, dtype=np.intp)
    low = b.values.searchsorted(a)
    i = (b.values.take(low, mode="clip") == a).nonzero()[0]
    low = low.take(i)
    count = b.values.searchsorted(a.take(i), side="right") - low
    np.minimum(count, MOST_PARTNERS, out=count)
    if len(i) == int(count.sum()):
        return i, b.place[low]
    step = np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count)
    return np.repeat(i, count), b.place[np.repeat(low, count) + step]


def runs_of(i: NDArray[np.intp], j: NDArray[np.intp], *, width: int, gap: int, least: int = 0) -> list[Run]:
    """Maximal runs on single diagonals, from matches; misses of up to ``gap`` words are bridged.

    Runs of ``least`` words or more come longest first and may overlap.
    """
    if not len(i):
        return []
    diagonal = j - i
    order = np.lexsort((i, diagonal))
    i, diagonal = i[order], diagonal[order]
    breaks = np.flatnonzero((diagonal[1:] != diagonal[:-1]) | (i[1:] - i[:-1] > gap + width)) + 1
    first = np.concatenate(([0], breaks))
    last = np.concatenate((breaks, [len(i)])) - 1
    start, end, shift = i[first], i[last] + width, diagonal[first]
    enough = end - start >= least
    start, end, shift = start[enough], end[enough], shift[enough]
    by_length = np.lexsort((start, start - end))
    return [
        Run(s, e, s + d, e + d)
        for s, e, d in zip(
            start[by_length].tolist(), end[by_length].tolist(), shift[by_length].tolist(), strict=True
        )
    ]
