"""Exact measures of two articles: shared shingles, aligned words, and what differs inside.

Numbers are alike to the alignment, so a daily form aligns with yesterday's from end to end and
the numbers that differ stand inside its runs: that tells a template from a copy. Between two runs
that follow each other closely in both texts stands a substitution.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from app.dedup import lexicon
from app.dedup.align import matches, runs_of
from app.dedup.model import Comparison, Facts, Fingerprint, Hashes, Mask, Run, WordFlag
from app.dedup.outline import SEED, Outline, flagged
from app.dedup.words import distinct, member, tokenise

_BRIDGE = 6
"""Words that may differ inside one run."""
_LEAST_RUN = 6
_SUBSTITUTION = 24
"""The longest stretch between two runs that still counts as one text edited into the other."""
_CALENDAR = distinct(tokenise(" ".join(lexicon.CALENDAR.values())).hash)


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
    numbers_agree, numbers_differ, dates_differ = _numbers(a.print, b.print, alignment)
    names_differ, negations_differ = _names(a, b, alignment)
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
        numbers_agree=numbers_agree,
        numbers_differ=numbers_differ,
        names_differ=names_differ,
        negations_differ=negations_differ,
        dates_differ=dates_differ,
        numbers_shared=_pooled(a.numbers, b.numbers),
        names_shared=_pooled(a.names, b.names),
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
    for run in runs_of(i, j, width=SEED, gap=_BRIDGE, least=_LEAST_RUN):
        clear = _clear(run, in_a, in_b)
        if clear is None or clear.a_end - clear.a_start < _LEAST_RUN:
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


def _clear(run: Run, in_a: Mask, in_b: Mask) -> Run | None:
    """The longest stretch of a run that no earlier, longer run has taken on either side."""
    taken = in_a[run.a_start : run.a_end] | in_b[run.b_start : run.b_end]
    if not taken.any():
        return run
    edges = np.flatnonzero(np.diff(np.concatenate(([True], taken, [True])).astype(np.int8)))
    lengths = edges[1::2] - edges[::2]
    if not len(lengths):
        return None
    best = int(lengths.argmax())
    start, length = int(edges[2 * best]), int(lengths[best])
    return Run(
        run.a_start + start, run.a_start + start + length, run.b_start + start, run.b_start + start + length
    )


def _is_substitution(gap: Run) -> bool:
    in_a, in_b = gap.a_end - gap.a_start, gap.b_end - gap.b_start
    return 0 <= in_b <= _SUBSTITUTION and 0 <= in_a <= _SUBSTITUTION and in_a + in_b > 0


def _numbers(a: Fingerprint, b: Fingerprint, alignment: Alignment) -> tuple[int, int, int]:
    """Numbers that agree and differ in aligned places, and calendar words that differ there."""
    agree = differ = dates = 0
    number_a, number_b = flagged(a, WordFlag.NUMBER), flagged(b, WordFlag.NUMBER)
    for run in alignment.runs:
        part_a, part_b = slice(run.a_start, run.a_end), slice(run.b_start, run.b_end)
        both = number_a[part_a] & number_b[part_b]
        equal = a.words[part_a] == b.words[part_b]
        agree += int((both & equal).sum())
        differ += int((both & ~equal).sum())
        if not equal.all():
            dates += int(
                (member(a.words[part_a], _CALENDAR) & member(b.words[part_b], _CALENDAR) & ~equal).sum()
            )
    for gap in alignment.substitutions:
        part_a, part_b = slice(gap.a_start, gap.a_end), slice(gap.b_start, gap.b_end)
        differ += _exchanged(a.words[part_a][number_a[part_a]], b.words[part_b][number_b[part_b]])
        day_a, day_b = a.words[part_a], b.words[part_b]
        dates += _exchanged(day_a[member(day_a, _CALENDAR)], day_b[member(day_b, _CALENDAR)])
    return agree, differ, dates


def _names(outline_a: Outline, outline_b: Outline, alignment: Alignment) -> tuple[int, int]:
    """Names exchanged for names that the other text has nowhere, and negations come or gone."""
    a, b = outline_a.print, outline_b.print
    all_a, all_b = outline_a.words, outline_b.words
    names = negations = 0
    for gap in (*alignment.runs, *alignment.substitutions):
        part_a, part_b = slice(gap.a_start, gap.a_end), slice(gap.b_start, gap.b_end)
        words_a, words_b = a.words[part_a], b.words[part_b]
        if len(words_a) == len(words_b) and (words_a == words_b).all():
            continue
        flags_a, flags_b = a.flags[part_a], b.flags[part_b]
        only_a = ~member(words_a, all_b) & ~member(words_a, _CALENDAR)
        only_b = ~member(words_b, all_a) & ~member(words_b, _CALENDAR)
        names += min(
            int((only_a & ((flags_a & np.uint8(WordFlag.CAPITAL)) != 0)).sum()),
            int((only_b & ((flags_b & np.uint8(WordFlag.CAPITAL)) != 0)).sum()),
        )
        negations += abs(
            int(((flags_a & np.uint8(WordFlag.NEGATION)) != 0).sum())
            - int(((flags_b & np.uint8(WordFlag.NEGATION)) != 0).sum())
        )
    return names, negations


def _exchanged(in_a: Hashes, in_b: Hashes) -> int:
    """How many values stand on each side that the other side of the gap lacks."""
    if not len(in_a) or not len(in_b):
        return 0
    return min(int((~np.isin(in_a, in_b)).sum()), int((~np.isin(in_b, in_a)).sum()))


def _shared(a: Hashes, b: Hashes) -> int:
    """How many values two ascending arrays have in common."""
    few, many = (a, b) if len(a) <= len(b) else (b, a)
    return int(np.count_nonzero(member(few, many)))


def _pooled(a: Hashes, b: Hashes) -> float | None:
    """Share of the poorer pool that the other has; None where one is empty."""
    fewest = min(len(a), len(b))
    return _shared(a, b) / fewest if fewest else None


def _share(mask: Mask) -> float:
    return np.count_nonzero(mask) / len(mask) if len(mask) else 0.0


def _likeness(a: Hashes, b: Hashes) -> float:
    """Dice coefficient of two headlines' words; 0 where one has none."""
    return 2 * _shared(a, b) / (len(a) + len(b)) if len(a) and len(b) else 0.0


def _hours(a: float | None, b: float | None) -> float | None:
    return None if a is None or b is None else abs(a - b) / 3600


def _same(a: str | None, b: str | None) -> bool | None:
    return None if a is None or b is None else a == b
