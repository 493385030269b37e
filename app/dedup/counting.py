"""What two outlines have in common and what differs inside, counted with NumPy.

Numbers are alike to the alignment, so a daily form aligns with yesterday's from end to end and
the numbers that differ stand inside its runs: that tells a template from a copy. Between two runs
that follow each other closely in both texts stands a substitution.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple, TypeAlias

import numpy as np

from app.dedup.align import matches, runs_of
from app.dedup.arrays import member
from app.dedup.model import Hashes, Mask, Run, WordFlag
from app.dedup.packing import SEED, Parts, unpack

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


Runs: TypeAlias = Sequence[tuple[int, int, int, int]]
"""Each as the fields of a ``Run``, in order of the first text and disjoint in both."""


class Alignment(NamedTuple):
    """Runs of equal words in order of the first text, disjoint in both, and what lies between."""

    runs: Sequence[Run]
    substitutions: Sequence[Run]
    in_a: Mask
    """Words inside runs that stand in the other text."""
    in_b: Mask


class Counts(NamedTuple):
    """Numbers of two texts, a and b. Facts are counted only where the texts are aligned around them."""

    body: int
    """Distinct shingles that both have."""
    aligned_a: int
    """Words of a inside runs that stand in b."""
    aligned_b: int
    lead_a: int
    """Shingles of a's lead that stand anywhere in b."""
    lead_b: int
    longest_run: int
    numbers_agree: int
    numbers_differ: int
    dates_differ: int
    names_differ: int
    negations_differ: int
    numbers: int
    """Distinct ones that both have, aligned or not; and so on."""
    names: int
    vocabulary: int
    opening: int
    title: int
    title_a_in_b: int
    """Words of a's headline that b has anywhere."""
    title_b_in_a: int
    runs: Runs
    substitutions: Runs


def count(packed_a: bytes, packed_b: bytes) -> Counts:
    """Measure two outlines."""
    a, b = unpack(packed_a), unpack(packed_b)
    alignment = _lay(a, b)
    facts = _facts(a, b, alignment)
    return Counts(
        body=count_common(a.body, b.body),
        aligned_a=int(np.count_nonzero(alignment.in_a)),
        aligned_b=int(np.count_nonzero(alignment.in_b)),
        lead_a=int(np.count_nonzero(member(a.lead, b.phrases))),
        lead_b=int(np.count_nonzero(member(b.lead, a.phrases))),
        longest_run=max((run.a_end - run.a_start for run in alignment.runs), default=0),
        numbers_agree=facts.numbers_agree,
        numbers_differ=facts.numbers_differ,
        dates_differ=facts.dates_differ,
        names_differ=facts.names_differ,
        negations_differ=facts.negations_differ,
        numbers=count_common(a.numbers, b.numbers),
        names=count_common(a.names, b.names),
        vocabulary=count_common(a.vocabulary, b.vocabulary),
        opening=count_common(a.opening, b.opening),
        title=count_common(a.title, b.title),
        title_a_in_b=count_common(a.title, b.vocabulary),
        title_b_in_a=count_common(b.title, a.vocabulary),
        runs=alignment.runs,
        substitutions=alignment.substitutions,
    )


def align(packed_a: bytes, packed_b: bytes) -> tuple[Runs, Runs, bytes, bytes]:
    """Lay the words of two outlines side by side: runs, substitutions, and the equal words of both."""
    alignment = _lay(unpack(packed_a), unpack(packed_b))
    return alignment.runs, alignment.substitutions, alignment.in_a.tobytes(), alignment.in_b.tobytes()


def count_common(a: Hashes, b: Hashes) -> int:
    """How many values two sets have in common, both ascending."""
    few, many = (a, b) if len(a) <= len(b) else (b, a)
    return int(np.count_nonzero(member(few, many)))


def is_edit(part: Run) -> bool:
    """Whether a part says one thing on both sides: beyond that a sentence came or went with its "not"."""
    return abs((part.a_end - part.a_start) - (part.b_end - part.b_start)) <= _EDIT


def _lay(a: Parts, b: Parts) -> Alignment:
    """Numbers count as equal."""
    form_a, form_b = a.form, b.form
    in_a, in_b = np.zeros(len(form_a), dtype=np.bool_), np.zeros(len(form_b), dtype=np.bool_)
    runs: list[Run] = []
    i, j = matches(a.seeds.in_order(), b.seeds)
    if not len(i):
        return Alignment([], [], in_a, in_b)
    for run in runs_of(i, j, width=SEED, gap=_BRIDGE, least=_LEAST_RUN)[:_MOST_RUNS]:
        clear = _clear(run, in_a, in_b)
        if clear.a_end - clear.a_start < _LEAST_RUN:
            continue
        equal = form_a[clear.a_start : clear.a_end] == form_b[clear.b_start : clear.b_end]
        in_a[clear.a_start : clear.a_end] = equal
        in_b[clear.b_start : clear.b_end] = equal
        runs.append(clear)
    runs.sort()
    ends = [Run(0, 0, 0, 0), *runs, Run(len(in_a), len(in_a), len(in_b), len(in_b))]
    between = (Run(left.a_end, right.a_start, left.b_end, right.b_start) for left, right in pairwise(ends))
    return Alignment(runs, [gap for gap in between if runs and _is_substitution(gap)], in_a, in_b)


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


def _facts(a: Parts, b: Parts, alignment: Alignment) -> _Facts:
    """Look at the words that differ: inside runs at the same place, in substitutions on either side."""
    counted = _Facts()
    known_a, known_b = frozenset(a.vocabulary.tolist()), frozenset(b.vocabulary.tolist())
    for run in alignment.runs:
        words_a, words_b = a.words[run.a_start : run.a_end], b.words[run.b_start : run.b_end]
        flags_a, flags_b = a.flags[run.a_start : run.a_end], b.flags[run.b_start : run.b_end]
        differs = words_a != words_b
        counted.numbers_agree += int(np.count_nonzero((flags_a & np.uint8(_NUMBER)) > differs))
        places = np.flatnonzero(differs)
        if len(places):
            marks = [x & y for x, y in zip(flags_a[places].tolist(), flags_b[places].tolist(), strict=True)]
            counted.numbers_differ += _having(marks, _NUMBER)
            counted.dates_differ += _having(marks, _CALENDAR)
            side_a = _Side(words_a[places].tolist(), flags_a[places].tolist())
            side_b = _Side(words_b[places].tolist(), flags_b[places].tolist())
            counted.names_differ += min(_names_alone(side_a, known_b), _names_alone(side_b, known_a))
            counted.negations_differ += _denied(side_a, side_b)
    for gap in alignment.substitutions:
        side_a, side_b = _side(a, gap.a_start, gap.a_end), _side(b, gap.b_start, gap.b_end)
        counted.numbers_differ += _exchanged(side_a, side_b, _NUMBER)
        counted.dates_differ += _exchanged(side_a, side_b, _CALENDAR)
        counted.names_differ += min(_names_alone(side_a, known_b), _names_alone(side_b, known_a))
        counted.negations_differ += _denied(side_a, side_b) if is_edit(gap) else 0
    return counted


class _Side(NamedTuple):
    """The few words on one side of a difference."""

    words: list[int]
    flags: list[int]


def _side(of: Parts, start: int, end: int) -> _Side:
    return _Side(of.words[start:end].tolist(), of.flags[start:end].tolist())


def _denied(side_a: _Side, side_b: _Side) -> int:
    """Negations come or gone."""
    return abs(_having(side_a.flags, _NEGATION) - _having(side_b.flags, _NEGATION))


def _names_alone(side: _Side, others: frozenset[int]) -> int:
    """Names that the other text has nowhere."""
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
