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
from app.dedup.arrays import member
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
    ranked = hashes.copy()
    ranked.sort()
    again = ranked[1:].compress(ranked[1:] == ranked[:-1])
    if not len(again):
        return []
    runs = _chained(_diagonal_runs(*_pairs(hashes, again), width=width))
    longest = runs.take((runs[:, 0] - runs[:, 1]).argsort(kind="stable")[:MOST_PRINTINGS], axis=0)
    known = words.hash.tolist()
    printings = [_grown(p, known) for row in longest.tolist() for p in _apart(*row)]
    found = {
        (p.a_start, p.a_end, p.b_start, p.b_end): p for p in printings if p.a_end - p.a_start >= SHORTEST
    }
    return sorted(found.values(), key=lambda p: (p.a_start - p.a_end, p.a_start, p.b_start))


def _pairs(hashes: Hashes, again: Hashes) -> tuple[Indices, Indices]:
    """Places ``i < j`` of equal shingles: each with its next few and with the first of all.

    ``again`` holds the values, ascending, that stand more than once, one time less often.
    """
    # Half of all pages repeat some phrase, few more than a dozen shingles: only those are ranked.
    places = member(hashes, again).nonzero()[0]
    values = hashes.take(places)
    by_value = values.argsort(kind="stable")
    order, ranked = places.take(by_value), values.take(by_value)
    if len(order) == 2 * len(again):
        return order[::2], order[1::2]  # none stands more than twice
    count = np.arange(len(ranked))
    new = np.ones(len(ranked), dtype=np.bool_)
    np.not_equal(ranked[1:], ranked[:-1], out=new[1:])
    first = np.maximum.accumulate(count * new)
    rank = count - first
    most = int(rank.max())
    i, j = [], []
    for step in range(1, min(NEXT_PLACES, most) + 1):
        later = (rank >= step).nonzero()[0]
        i.append(order.take(later - step))
        j.append(order.take(later))
    if most > NEXT_PLACES:
        far = (rank > NEXT_PLACES).nonzero()[0]
        i.append(order.take(first.take(far)))
        j.append(order.take(far))
    return np.concatenate(i), np.concatenate(j)


def _diagonal_runs(i: Indices, j: Indices, *, width: int) -> Indices:
    """Rows ``a_start, a_end, b_start, b_end, equal`` of matches on one diagonal, ordered by a."""
    shift = j - i
    order = np.lexsort((i, shift))
    i, shift = i.take(order), shift.take(order)
    step = i[1:] - i[:-1]
    broken = (shift[1:] != shift[:-1]) | (step > width + GAP)
    fresh = np.full(len(i), width)
    fresh[1:] = np.where(broken, width, np.minimum(step, width))
    breaks = broken.nonzero()[0]
    first, last = np.zeros(len(breaks) + 1, dtype=np.intp), np.full(len(breaks) + 1, len(i) - 1)
    first[1:], last[:-1] = breaks + 1, breaks
    rows = np.empty((len(first), 5), dtype=np.int64)
    rows[:, 0] = i.take(first)
    rows[:, 1] = i.take(last) + width
    rows[:, 2:4] = rows[:, :2] + shift.take(first)[:, None]
    rows[:, 4] = np.add.reduceat(fresh, first)
    return rows.take(np.lexsort((rows[:, 2], rows[:, 0])), axis=0)


def _chained(rows: Indices) -> Indices:
    """Runs whose ends and starts lie within ``GAP`` on both sides, joined into one."""
    before = _before(rows) if len(rows) > 1 else np.full(1, -1)
    joined = (before >= 0).nonzero()[0]
    # of nine pages in ten no two runs are
    if len(joined):
        root = np.arange(len(rows))
        root[joined] = before.take(joined)
        while (root.take(root) != root).any():
            root = root.take(root)
        order = root.argsort(kind="stable")
        ordered, root = rows.take(order, axis=0), root.take(order)
        first = np.append(0, (root[1:] != root[:-1]).nonzero()[0] + 1)
        rows = np.minimum.reduceat(ordered, first, axis=0)
        rows[:, 1::2] = np.maximum.reduceat(ordered[:, 1::2], first, axis=0)
        rows[:, 4] = np.add.reduceat(ordered[:, 4], first)
    rows[:, 4] = np.minimum(rows[:, 4], rows[:, 1] - rows[:, 0])
    return rows


def _before(rows: Indices) -> Indices:
    """Which row each goes on from, −1 for none: of the close ones among the last few the closest."""
    count = np.arange(len(rows))
    before = count[:, None] - np.arange(1, min(LOOK_BACK, len(rows) - 1) + 1)
    a_start, a_end, b_start, b_end, _ = rows.T
    gap_a = np.abs(a_start[:, None] - a_end.take(before))
    gap_b = np.abs(b_start[:, None] - b_end.take(before))
    close = (before >= 0) & (gap_a <= GAP) & (gap_b <= GAP) & (b_start[:, None] > b_start.take(before))
    found = np.full(len(rows), -1)
    joined = close.any(axis=1).nonzero()[0]
    if not len(joined):
        return found
    price = np.where(close, gap_a + gap_b, 2 * GAP + 1).take(joined, axis=0)
    nearest, cost = price.argmin(axis=1), price.min(axis=1)
    chosen = before[joined, nearest]
    # one run has one successor, the nearest; else two printings would be mixed into one
    order = np.lexsort((cost, chosen))
    joined, chosen = joined.take(order), chosen.take(order)
    alone = np.ones(len(chosen), dtype=np.bool_)
    np.not_equal(chosen[1:], chosen[:-1], out=alone[1:])
    found[joined.compress(alone)] = chosen.compress(alone)
    return found


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
        # most runs end for good: without a word in common near both ends there is no need to try all 25 edits
        if set(_ahead(known, a, way)).isdisjoint(_ahead(known, b, way)):
            break
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


def _ahead(known: list[int], at: int, way: int) -> list[int]:
    """The words that an edit may go on with, reading from ``at``."""
    return known[at : at + GAP + 1] if way > 0 else known[max(0, at - GAP) : at + 1]
