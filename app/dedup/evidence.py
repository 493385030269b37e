"""The named numbers a decision is made from, each a plain function of one comparison.

Every signal has a reason an editor would accept; their weights are learned (``weights``). Shares
are of the shorter text unless named otherwise. What is unknown takes a neutral value, never that
of another fact: receipt time does not stand in for a date.
"""

import math

from app.dedup.model import Comparison

_UNKNOWN_HOURS = 24.0
"""Half of the labelled pairs of one story lie within a day: unknown is taken as that."""

_FEW_NUMBERS = 4
"""Numbers below which their share says little: one changed of one is a correction as often as a form."""


def signals(c: Comparison) -> dict[str, float]:
    """Name → value, in a fixed order."""
    a_is_short = c.words_a <= c.words_b
    aligned, aligned_long = (c.aligned_a, c.aligned_b) if a_is_short else (c.aligned_b, c.aligned_a)
    shorter, longer = sorted((c.words_a, c.words_b))
    names = 0.5 if c.names_shared is None else c.names_shared
    hours = math.log1p(_UNKNOWN_HOURS if c.hours_apart is None else c.hours_apart)
    source = float(c.same_source)
    lead = max(c.lead_a, c.lead_b)
    return {
        "containment": c.containment,
        "jaccard": c.jaccard,
        "aligned": aligned,
        "aligned_of_longer": aligned_long,
        "lead": lead,
        "both_leads": min(c.lead_a, c.lead_b),
        "headline": c.title_likeness,
        "log_hours_apart": hours,
        "hours_unknown": float(c.hours_apart is None),
        "numbers_differ_share": c.numbers_differ / (_FEW_NUMBERS + c.numbers_agree + c.numbers_differ),
        "log_numbers_differ": math.log1p(c.numbers_differ),
        "log_names_differ": math.log1p(c.names_differ),
        "dates_differ": float(min(3, c.dates_differ)),
        "numbers_shared": 0.5 if c.numbers_shared is None else c.numbers_shared,
        "names_shared": names,
        "same_source": source,
        "log_longest_run": math.log1p(c.longest_run),
        "log_words": math.log1p(shorter),
        "log_length_ratio": math.log((1 + longer) / (1 + shorter)),
        "aligned_same_source": aligned * source,
        "lead_aligned": lead * aligned,
        "hours_same_source": source * hours,
        "names_aligned": names * aligned,
        "aligned_short": aligned * max(0.0, 1 - shorter / 60),
        "headline_same_source": source * c.title_likeness,
    }
