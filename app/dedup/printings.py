"""Where one text prints the same words twice: runs of the text against itself.

Owns finding, not judging: equal shingles are paired above the diagonal, neighbours on one
diagonal are joined, runs on close diagonals are chained over a word put in or left out, and each
end grows over small edits. A run may cross paragraphs; its two printings never overlap. Each
shingle is paired with its first place and its next few, so that the cost stays linear however
often a refrain or a table row comes back.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.dedup.align import shingles
from app.dedup.model import Hashes, WordFlag, Words

_IDEOGRAPH = int(WordFlag.IDEOGRAPH)
WIDTH = 5
UNSPACED_WIDTH = 10
"""A letter of Chinese, Japanese or Thai says about half a word."""
SHORTEST = 8
"""Words; what is shorter is a phrase."""
NEXT_PLACES = 3
GAP = 4
"""Words that may differ between two equal stretches of one printing."""
MOST_PRINTINGS = 128
"""The longest are judged. A page with more is a table or a list, and those stay anyway."""
MOST_ROUNDS = 8
LOOK_BACK = 8

Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Printing:
    """Words ``[a_start, a_end)`` stand again, nearly the same, at ``[b_start, b_end)``."""

    a_start: int
    a_end: int
    b_start: int
    b_end: int
    equal: int
    """Words that are the same in both."""

    @property
    def similarity(self) -> float:
        """Share of equal words in the longer of the two."""
        return min(1.0, self.equal / max(self.a_end - self.a_start, self.b_end - self.b_start))


def find_printings(words: Words) -> list[Printing]:
    """The pairs of printings in a text, longest first; empty at once if no shingle repeats."""
    if len(words) < 2 * WIDTH:
        return []
    unspaced = 2 * np.count_nonzero(words.flags & _IDEOGRAPH) > len(words)
    width = UNSPACED_WIDTH if unspaced else WIDTH
    hashes = shingles(words.hash, width)
    ranked = np.sort(hashes)
    if not (ranked[1:] == ranked[:-1]).any():
        return []
    runs = _chained(_diagonal_runs(*_pairs(hashes), width=width))
    longest = runs[np.argsort(runs[:, 0] - runs[:, 1], kind="stable")[:MOST_PRINTINGS]]
    known = words.hash.tolist()
    printings = [_grown(p, known) for row in longest.tolist() for p in _apart(*row)]
    found = {
        (p.a_start, p.a_end, p.b_start, p.b_end): p for p in printings if p.a_end - p.a_start >= SHORTEST
    }
    return sorted(found.values(), key=lambda p: (p.a_start - p.a_end, p.a_start, p.b_start))


def _pairs(hashes: Hashes) -> tuple[Indices, Indices]:
    """Places ``i < j`` of equal shingles: each with its next few and with the first of all."""
    order = np.argsort(hashes, kind="stable")
    ranked = hashes[order]
    new = np.ones(len(ranked), dtype=np.bool_)
    new[1:] = ranked[1:] != ranked[:-1]
    first = np.maximum.accumulate(np.where(new, np.arange(len(ranked)), 0))
    rank = np.arange(len(ranked)) - first
    i, j = [], []
    for step in range(1, NEXT_PLACES + 1):
        later = np.flatnonzero(rank >= step)
        i.append(order[later - step])
        j.append(order[later])
    far = np.flatnonzero(rank > NEXT_PLACES)
    i.append(order[first[far]])
    j.append(order[far])
    return np.concatenate(i), np.concatenate(j)


def _diagonal_runs(i: Indices, j: Indices, *, width: int) -> Indices:
    """Rows ``a_start, a_end, b_start, b_end, equal`` of matches on one diagonal, ordered by a."""
    shift = j - i
    order = np.lexsort((i, shift))
    i, shift = i[order], shift[order]
    step = np.diff(i)
    broken = (np.diff(shift) != 0) | (step > width + GAP)
    first = np.flatnonzero(np.concatenate(([True], broken)))
    last = np.append(first[1:], len(i)) - 1
    fresh = np.full(len(i), width, dtype=np.int64)
    fresh[1:][~broken] = np.minimum(step[~broken], width)
    equal = np.add.reduceat(fresh, first)
    start, end, shift = i[first], i[last] + width, shift[first]
    rows = np.stack((start, end, start + shift, end + shift, equal), axis=1)
    return rows[np.lexsort((rows[:, 2], rows[:, 0]))]


def _chained(rows: Indices) -> Indices:
    """Runs whose ends and starts lie within ``GAP`` on both sides, joined into one."""
    count = len(rows)
    before = np.full(count, -1, dtype=np.int64)
    cost = np.full(count, 1 << 30, dtype=np.int64)
    for back in range(1, min(LOOK_BACK, count - 1) + 1):
        gap_a = rows[back:, 0] - rows[:-back, 1]
        gap_b = rows[back:, 2] - rows[:-back, 3]
        close = (np.abs(gap_a) <= GAP) & (np.abs(gap_b) <= GAP) & (rows[back:, 2] > rows[:-back, 2])
        price = np.abs(gap_a) + np.abs(gap_b)
        better = np.flatnonzero(close & (price < cost[back:])) + back
        before[better] = better - back
        cost[better] = price[better - back]
    joined = np.flatnonzero(before >= 0)
    # one run has one successor, the nearest; else two printings would be mixed into one
    joined = joined[np.lexsort((cost[joined], before[joined]))]
    _, nearest = np.unique(before[joined], return_index=True)
    root = np.arange(count)
    root[joined[nearest]] = before[joined[nearest]]
    while (root[root] != root).any():
        root = root[root]
    _, member = np.unique(root, return_inverse=True)
    order = np.argsort(member, kind="stable")
    first = np.flatnonzero(np.diff(member[order], prepend=-1))
    ordered = rows[order]
    low = np.minimum.reduceat(ordered, first, axis=0)
    high = np.maximum.reduceat(ordered, first, axis=0)
    equal = np.minimum(np.add.reduceat(ordered[:, 4], first), high[:, 1] - low[:, 0])
    return np.stack((low[:, 0], high[:, 1], low[:, 2], high[:, 3], equal), axis=1)


def _apart(a_start: int, a_end: int, b_start: int, b_end: int, equal: int) -> list[Printing]:
    """The run as printings that do not overlap: text that follows itself is cut at its period."""
    if a_end <= b_start:
        return [Printing(a_start, a_end, b_start, b_end, equal)]
    period = b_start - a_start
    if period < WIDTH:
        return []
    share = equal / (a_end - a_start)
    rounds = min((b_end - b_start) // period, MOST_ROUNDS)
    return [
        Printing(a_start, b_start, b_start + k * period, b_start + (k + 1) * period, round(share * period))
        for k in range(rounds)
    ]


def _grown(run: Printing, known: list[int]) -> Printing:
    """The printing with both ends moved over a few small edits while the same words go on."""
    right_a, right_b, more = _reach(known, (run.a_end, run.b_end), 1, stops=(run.b_start, len(known)))
    a_end = run.a_end + right_a
    left_a, left_b, yet_more = _reach(known, (run.a_start - 1, run.b_start - 1), -1, stops=(-1, a_end - 1))
    return Printing(
        run.a_start - left_a,
        a_end,
        run.b_start - left_b,
        run.b_end + right_b,
        run.equal + more + yet_more,
    )


_SKIPS = tuple(sorted(((p, q) for p in range(GAP + 1) for q in range(GAP + 1)), key=sum))
_ENOUGH = 3
"""Equal words that must follow an edit, one more for a long one."""
_MOST_EDITS = 4


def _reach(
    known: list[int], ends: tuple[int, int], way: int, *, stops: tuple[int, int]
) -> tuple[int, int, int]:
    """How far each end moves towards its stop, and the equal words gained."""
    (a, b), gained = ends, 0
    for _ in range(_MOST_EDITS):
        for skip_a, skip_b in _SKIPS:
            x, y, same = a + way * skip_a, b + way * skip_b, 0
            while (x - stops[0]) * way < 0 and (y - stops[1]) * way < 0 and known[x] == known[y]:
                x, y, same = x + way, y + way, same + 1
            if same >= (_ENOUGH + (skip_a + skip_b > GAP) if skip_a or skip_b else 1):
                a, b, gained = x, y, gained + same
                break
        else:
            break
    return (a - ends[0]) * way, (b - ends[1]) * way, gained
