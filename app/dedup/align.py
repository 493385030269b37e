"""Where two word arrays say the same: equal runs of words, chained over small differences.

Used for a text against another (comparison) and for a text against itself (repeats). Equal
``width``-word shingles lie on diagonals of the dot plot; neighbours on one diagonal are one run;
runs whose diagonals lie close are chained and what stands between them is a substitution.
Cost: a sort of each text's shingles; a shingle that stands often pairs with its nearest few only.
"""

import numpy as np
from numpy.typing import NDArray

from app.dedup.model import Hashes, Run, WordFlag
from app.dedup.words import mix

_MULTIPLIER = np.uint64(0xD6E8FEB86659FD93)
_ANY_NUMBER = np.uint32(0x0A0B0C0D)
MOST_PARTNERS = 8
"""Places of one shingle that are paired; more is a refrain or a table, quadratic if all were."""


def shingles(words: Hashes, width: int) -> Hashes:
    """The hash of each run of ``width`` words, in order; empty for fewer words."""
    count = len(words) - width + 1
    if count <= 0:
        return np.empty(0, dtype=np.uint32)
    total = np.zeros(count, dtype=np.uint64)
    for offset in range(width):
        total = total * _MULTIPLIER + words[offset : offset + count]
    return mix(total)


def numbers_alike(words: Hashes, flags: NDArray[np.uint8]) -> Hashes:
    """The words with all numbers made one, so that a form meets itself filled in otherwise."""
    return np.where((flags & np.uint8(WordFlag.NUMBER)) != 0, _ANY_NUMBER, words)


def matches(a: Hashes, b: Hashes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """All ``(i, j)`` with ``a[i] == b[j]``, at most ``MOST_PARTNERS`` places of b for a value."""
    if not len(a) or not len(b):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    order = np.argsort(b, kind="stable")
    ranked = b[order]
    low = np.searchsorted(ranked, a, side="left")
    count = np.searchsorted(ranked, a, side="right") - low
    np.minimum(count, MOST_PARTNERS, out=count)
    total = int(count.sum())
    i = np.repeat(np.arange(len(a)), count)
    step = np.arange(total) - np.repeat(np.cumsum(count) - count, count)
    return i, order[np.repeat(low, count) + step]


def runs_of(i: NDArray[np.int64], j: NDArray[np.int64], *, width: int, gap: int) -> list[Run]:
    """Maximal runs on single diagonals, from matches; misses of up to ``gap`` words are bridged.

    Runs come longest first and may overlap.
    """
    if not len(i):
        return []
    diagonal = j - i
    order = np.lexsort((i, diagonal))
    i, diagonal = i[order], diagonal[order]
    breaks = np.flatnonzero((np.diff(diagonal) != 0) | (np.diff(i) > gap + width)) + 1
    first = np.concatenate(([0], breaks))
    last = np.concatenate((breaks, [len(i)])) - 1
    start, end, shift = i[first], i[last] + width, diagonal[first]
    by_length = np.lexsort((start, start - end))
    return [
        Run(int(s), int(e), int(s + d), int(e + d))
        for s, e, d in zip(start[by_length], end[by_length], shift[by_length], strict=True)
    ]
