"""Exact measures of two articles: shared shingles, aligned words, and what differs inside.

Numbers are alike to the alignment, so a daily form aligns with yesterday's from end to end and
the numbers that differ stand inside its runs: that tells a template from a copy. Between two runs
that follow each other closely in both texts stands a substitution.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from app.dedup.align import matches, runs_of
from app.dedup.arrays import member
from app.dedup.model import Comparison, Facts, Hashes, Mask, Run, WordFlag
from app.dedup.outline import SEED, Outline

_BRIDGE = 6
"""Words that may differ inside one run."""
_LEAST_RUN = 6
_MOST_RUNS = 4_000
"""The longest runs that are laid side by side. A page of 20,000 words has some hundreds; of stock sentences
every pair of places makes one: where 30,000 met, comparing took 12 s, and takes 1.3."""
_SUBSTITUTION = 24
"""The longest stretch between two runs that still counts as one text edited into the other."""
_EDIT = 4
"""Words by which the sides of a substitution may differ in length to be one clause worded otherwise."""
# Plain integers: "and" with a member of an IntFlag takes 2 µs, and a pair asks a hundred times.
_NUMBER, _CAPITAL, _CALENDAR = int(WordFlag.NUMBER), int(WordFlag.CAPITAL), int(WordFlag.CALENDAR)
_NEGATION = int(WordFlag.NEGATION)
_NAME_OR_DAY = _CAPITAL | _CALENDAR
_TAKEN = b"\x01"


@dataclass(frozen=True, slots=True, eq=False)
class Alignment:
    """Runs of equal words in order of the first text, disjoint in both, and what lies between."""

    runs: tuple[Run, ...]
    substitutions: tuple[Run, ...]
    in_a: Mask
    in_b: Mask


def compare(a: Outline, b: Outline, facts_a: Facts, facts_b: Facts) -> Comparison:
    """Measure ``a`` (arriving) against ``b`` (stored). Raises ValueError for two profiles."""
    if a.print.profile != b.print.profile:
        msg = f"fingerprints of {a.print.profile} and {b.print.profile} do not compare"
        raise ValueError(msg)
    shared = _shared(a.body, b.body)
    alignment = align(a, b)
    facts = _facts(a, b, alignment)
    return Comparison(
        jaccard=shared / max(1, len(a.body) + len(b.body) - shared),
        containment_a=shared / max(1, len(a.body)),
        containment_b=shared / max(1, len(b.body)),
        aligned_a=_share(alignment.in_a),
        aligned_b=_share(alignment.in_b),
        lead_a=_share(member(a.lead, b.phrases)),
        lead_b=_share(member(b.lead, a.phrases)),
        title_likeness=_likeness(a.title, b.title),
        words_a=len(a.form),
        words_b=len(b.form),
        longest_run=max((run.a_end - run.a_start for run in alignment.runs), default=0),
        numbers_agree=facts.numbers_agree,
        numbers_differ=facts.numbers_differ,
        names_differ=facts.names_differ,
        negations_differ=facts.negations_differ,
        dates_differ=facts.dates_differ,
        numbers_shared=_pooled(a.numbers, b.numbers),
        names_shared=_pooled(a.names, b.names),
        names_alike=_alike(a.names, b.names),
        words_shared=_pooled(a.words, b.words) or 0.0,
        opening_shared=_pooled(a.opening, b.opening) or 0.0,
        headline_in_text=_headline_in_text(a, b),
        hours_apart=_hours(facts_a.published_at, facts_b.published_at),
        same_source=facts_a.source == facts_b.source,
        same_agency=_same(facts_a.agency, facts_b.agency),
        same_slug=_same(facts_a.slug, facts_b.slug),
        same_place=_same(facts_a.place, facts_b.place),
        runs=alignment.runs,
        substitutions=alignment.substitutions,
    )


def align(a: Outline, b: Outline) -> Alignment:
    """Lay the words of two texts side by side, numbers counting as equal."""
    i, j = matches(a.seeds, b.ranked)
    in_a, in_b = np.zeros(len(a.form), dtype=np.bool_), np.zeros(len(b.form), dtype=np.bool_)
    runs: list[Run] = []
    if not len(i):
        return Alignment((), (), in_a, in_b)
    for run in runs_of(i, j, width=SEED, gap=_BRIDGE, least=_LEAST_RUN)[:_MOST_RUNS]:
        clear = _clear(run, in_a, in_b)
        if clear.a_end - clear.a_start < _LEAST_RUN:
            continue
        equal = a.form[clear.a_start : clear.a_end] == b.form[clear.b_start : clear.b_end]
        in_a[clear.a_start : clear.a_end] = equal
        in_b[clear.b_start : clear.b_end] = equal
        runs.append(clear)
    runs.sort()
    ends = [Run(0, 0, 0, 0), *runs, Run(len(in_a), len(in_a), len(in_b), len(in_b))]
    between = (Run(left.a_end, right.a_start, left.b_end, right.b_start) for left, right in pairwise(ends))
    gaps = tuple(gap for gap in between if runs and _is_substitution(gap))
    return Alignment(tuple(runs), gaps, in_a, in_b)


def _clear(run: Run, in_a: Mask, in_b: Mask) -> Run:
    """The longest stretch of a run that no earlier, longer run has taken on either side."""
    taken = (in_a[run.a_start : run.a_end] | in_b[run.b_start : run.b_end]).tobytes()
    if _TAKEN not in taken:
        return run
    # As bytes: of texts that share little most runs are short, and 25 of a pair come here.
    free = max(taken.split(_TAKEN), key=len)
    start, length = taken.find(free), len(free)
    return Run(
        run.a_start + start, run.a_start + start + length, run.b_start + start, run.b_start + start + length
    )


def is_edit(part: Run) -> bool:
    """Whether a part says one thing on both sides: beyond that a sentence came or went with its "not"."""
    return abs((part.a_end - part.a_start) - (part.b_end - part.b_start)) <= _EDIT


def _is_substitution(gap: Run) -> bool:
    in_a, in_b = gap.a_end - gap.a_start, gap.b_end - gap.b_start
    return 0 <= in_b <= _SUBSTITUTION and 0 <= in_a <= _SUBSTITUTION and in_a + in_b > 0


@dataclass(slots=True)
class _Facts:
    """Counts of what agrees and differs where two texts are aligned."""

    numbers_agree: int = 0
    numbers_differ: int = 0
    dates_differ: int = 0
    names_differ: int = 0
    negations_differ: int = 0


def _facts(a: Outline, b: Outline, alignment: Alignment) -> _Facts:
    """Look at the words that differ: inside runs at the same place, in substitutions on either side."""
    counted = _Facts()
    for run in alignment.runs:
        words_a, words_b = a.print.words[run.a_start : run.a_end], b.print.words[run.b_start : run.b_end]
        flags_a, flags_b = a.print.flags[run.a_start : run.a_end], b.print.flags[run.b_start : run.b_end]
        differs = words_a != words_b
        counted.numbers_agree += int(np.count_nonzero((flags_a & np.uint8(_NUMBER)) > differs))
        places = np.flatnonzero(differs)
        if len(places):
            marks = [x & y for x, y in zip(flags_a[places].tolist(), flags_b[places].tolist(), strict=True)]
            counted.numbers_differ += _having(marks, _NUMBER)
            counted.dates_differ += _having(marks, _CALENDAR)
            side_a = _Side(words_a[places].tolist(), flags_a[places].tolist())
            side_b = _Side(words_b[places].tolist(), flags_b[places].tolist())
            _count_names(counted, side_a, side_b, a, b)
            counted.negations_differ += _denied(side_a, side_b)
    for gap in alignment.substitutions:
        side_a, side_b = _side(a, gap.a_start, gap.a_end), _side(b, gap.b_start, gap.b_end)
        counted.numbers_differ += _exchanged(side_a, side_b, _NUMBER)
        counted.dates_differ += _exchanged(side_a, side_b, _CALENDAR)
        _count_names(counted, side_a, side_b, a, b)
        counted.negations_differ += _denied(side_a, side_b) if is_edit(gap) else 0
    return counted


class _Side(NamedTuple):
    """The few words on one side of a difference."""

    words: list[int]
    flags: list[int]


def _side(of: Outline, start: int, end: int) -> _Side:
    return _Side(of.print.words[start:end].tolist(), of.print.flags[start:end].tolist())


def _count_names(counted: _Facts, side_a: _Side, side_b: _Side, a: Outline, b: Outline) -> None:
    """Names exchanged for names that the other text has nowhere."""
    counted.names_differ += min(_names_alone(side_a, b.words), _names_alone(side_b, a.words))


def _denied(side_a: _Side, side_b: _Side) -> int:
    """Negations come or gone."""
    return abs(_having(side_a.flags, _NEGATION) - _having(side_b.flags, _NEGATION))


def _names_alone(side: _Side, others: frozenset[int]) -> int:
    return sum(
        1
        for word, flags in zip(side.words, side.flags, strict=True)
        if flags & _NAME_OR_DAY == _CAPITAL and word not in others
    )


def _having(flags: list[int], flag: int) -> int:
    return sum(1 for each in flags if each & flag)


def _exchanged(side_a: _Side, side_b: _Side, flag: int) -> int:
    """How many such words stand on each side of a substitution that the other side lacks."""
    in_a, in_b = (
        [word for word, flags in zip(side.words, side.flags, strict=True) if flags & flag]
        for side in (side_a, side_b)
    )
    if not in_a or not in_b:
        return 0
    return min(sum(1 for word in in_a if word not in in_b), sum(1 for word in in_b if word not in in_a))


def _shared(a: Hashes, b: Hashes) -> int:
    """How many values two ascending arrays have in common."""
    few, many = (a, b) if len(a) <= len(b) else (b, a)
    return int(np.count_nonzero(member(few, many)))


def _pooled(a: frozenset[int], b: frozenset[int]) -> float | None:
    """Share of the poorer pool that the other has; None where one is empty."""
    fewest = min(len(a), len(b))
    return len(a & b) / fewest if fewest else None


def _alike(a: frozenset[int], b: frozenset[int]) -> float | None:
    """Jaccard of two pools; None where both are empty."""
    common = len(a & b)
    every = len(a) + len(b) - common
    return common / every if every else None


def _headline_in_text(a: Outline, b: Outline) -> float | None:
    # Of two texts of one length neither is the longer: the verdict may not hang on which came first.
    told = [(x, y) for x, y in ((a, b), (b, a)) if x.title and len(x.form) >= len(y.form)]
    return max((len(x.title & y.words) / len(x.title) for x, y in told), default=None)


def _share(mask: Mask) -> float:
    return np.count_nonzero(mask) / len(mask) if len(mask) else 0.0


def _likeness(a: frozenset[int], b: frozenset[int]) -> float:
    """Dice coefficient of two headlines' words; 0 where one has none."""
    return 2 * len(a & b) / (len(a) + len(b)) if a and b else 0.0


def _hours(a: float | None, b: float | None) -> float | None:
    return None if a is None or b is None else abs(a - b) / 3600


def _same(a: str | None, b: str | None) -> bool | None:
    return None if a is None or b is None else a == b
