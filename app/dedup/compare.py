"""Exact measures of two articles: shared shingles, aligned words, and what differs inside.

What two outlines have in common is counted by ``kernel``; here counts become shares.
"""

import numpy as np

from app.dedup import kernel
from app.dedup.counting import Alignment, Counts, count_common
from app.dedup.model import Comparison, Facts, Hashes, Run
from app.dedup.outline import Outline
from app.dedup.packing import Sizes


def compare(a: Outline, b: Outline, facts_a: Facts, facts_b: Facts) -> Comparison:
    """Measure ``a`` (arriving) against ``b`` (stored). Raises ValueError for two profiles."""
    if a.print.profile != b.print.profile:
        msg = f"fingerprints of {a.print.profile} and {b.print.profile} do not compare"
        raise ValueError(msg)
    of_a, of_b, common = a.sizes, b.sizes, Counts._make(kernel.count(a.packed, b.packed))
    if a.letters and b.letters:
        words_shared = _shared(a.letters.pairs, b.letters.pairs)
        opening_shared = _shared(a.letters.opening, b.letters.opening)
    else:
        words_shared = _pooled(common.vocabulary, of_a.vocabulary, of_b.vocabulary)
        opening_shared = _pooled(common.opening, of_a.opening, of_b.opening)
    return Comparison(
        jaccard=common.body / ((of_a.body + of_b.body - common.body) or 1),
        containment_a=common.body / (of_a.body or 1),
        containment_b=common.body / (of_b.body or 1),
        aligned_a=common.aligned_a / (of_a.words or 1),
        aligned_b=common.aligned_b / (of_b.words or 1),
        lead_a=common.lead_a / (of_a.lead or 1),
        lead_b=common.lead_b / (of_b.lead or 1),
        title_likeness=2 * common.title / ((of_a.title + of_b.title) or 1),
        words_a=of_a.words,
        words_b=of_b.words,
        longest_run=common.longest_run,
        numbers_agree=common.numbers_agree,
        numbers_differ=common.numbers_differ,
        names_differ=common.names_differ,
        negations_differ=common.negations_differ,
        dates_differ=common.dates_differ,
        numbers_shared=_pooled(common.numbers, of_a.numbers, of_b.numbers),
        names_shared=_pooled(common.names, of_a.names, of_b.names),
        names_alike=_alike(common.names, of_a.names, of_b.names),
        words_shared=words_shared or 0.0,
        opening_shared=opening_shared or 0.0,
        headline_in_text=_headline_in_text(of_a, of_b, common),
        hours_apart=_hours(facts_a.published_at, facts_b.published_at),
        same_source=facts_a.source == facts_b.source,
        same_agency=_same(facts_a.agency, facts_b.agency),
        same_slug=_same(facts_a.slug, facts_b.slug),
        same_place=_same(facts_a.place, facts_b.place),
        runs=tuple(map(Run._make, common.runs)),
        substitutions=tuple(map(Run._make, common.substitutions)),
    )


def align(a: Outline, b: Outline) -> Alignment:
    """Lay the words of two texts side by side, numbers counting as equal."""
    runs, substitutions, in_a, in_b = kernel.align(a.packed, b.packed)
    return Alignment(
        tuple(map(Run._make, runs)),
        tuple(map(Run._make, substitutions)),
        np.frombuffer(in_a, dtype=np.bool_),
        np.frombuffer(in_b, dtype=np.bool_),
    )


def _pooled(common: int, a: int, b: int) -> float | None:
    """Share of the poorer pool that the other has; None where one is empty."""
    return common / min(a, b) if a and b else None


def _shared(a: Hashes, b: Hashes) -> float | None:
    return _pooled(count_common(a, b), len(a), len(b))


def _alike(common: int, a: int, b: int) -> float | None:
    """Jaccard of two pools; None where both are empty."""
    every = a + b - common
    return common / every if every else None


def _headline_in_text(a: Sizes, b: Sizes, common: Counts) -> float | None:
    # Of two texts of one length neither is the longer: the verdict may not hang on which came first.
    told_a = common.title_a_in_b / a.title if a.title and a.words >= b.words else None
    told_b = common.title_b_in_a / b.title if b.title and b.words >= a.words else None
    if told_a is None or told_b is None:
        return told_b if told_a is None else told_a
    return max(told_a, told_b)


def _hours(a: float | None, b: float | None) -> float | None:
    return None if a is None or b is None else abs(a - b) / 3600


def _same(a: str | None, b: str | None) -> bool | None:
    return None if a is None or b is None else a == b
