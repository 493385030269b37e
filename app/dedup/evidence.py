"""The named numbers a decision is made from, each a plain function of one comparison.

Every signal has a reason an editor would accept; their weights are learned (``weights``). What is
unknown takes a neutral value, never that of another fact: receipt time does not stand in for a date.
"""

import math

from app.dedup.model import Comparison

_NEWS_HOURS = 48.0
"""How long a story is news: nine in ten labelled pairs of one story lie within two days."""

_FEW_NUMBERS = 4
"""Numbers below which their share says little: one changed of one is a correction as often as a form."""

_SHORT_WORDS = 60
"""Below this length a form leaves little room for facts, and what is aligned says less."""

_LONG_WORDS = 150
"""Words from which accounts of one event are alike though neither was taken from the other."""


def signals(c: Comparison) -> dict[str, float]:
    """Name → value, in a fixed order."""
    aligned = c.aligned_a if c.words_a <= c.words_b else c.aligned_b
    shorter, longer = sorted((c.words_a, c.words_b))
    short = max(0.0, 1 - shorter / _SHORT_WORDS)
    long = max(0.0, math.log((1 + longer) / _LONG_WORDS))
    missing = float(c.numbers_shared is None)
    headline_elsewhere = 0.5 if c.headline_in_text is None else 1 - c.headline_in_text
    source = float(c.same_source)
    within_news = _NEWS_HOURS / 2 if c.hours_apart is None else min(_NEWS_HOURS, c.hours_apart)
    return {
        # The shorter text's words stand in the longer one in the same order: it was taken from it.
        "aligned": aligned,
        # Short forms align wholly whatever they are filled in with.
        "aligned_short": aligned * short,
        # Phrases in common, and few that are not: nothing was left out on either side.
        "jaccard": c.jaccard,
        # Both leads stand in the other. Beside what the openings share this tells set phrases from rewrites.
        "both_leads": min(c.lead_a, c.lead_b),
        # A rewrite says the same at the top with the same words, if in another order.
        "opening_shared": c.opening_shared,
        # One desk that opens two articles alike follows a story, or a habit.
        "opening_shared_same_source": c.opening_shared * source,
        # Two desks' accounts of one event share words by their length alone: nobody took what opens
        # otherwise and stands in another order.
        "length_apart": (1 - source) * (1 - (aligned + c.opening_shared) / 2) * long,
        # A rewrite keeps the words that the facts need, a stranger the language's common ones.
        "words_shared": c.words_shared,
        # Headlines say what a text is about …
        "headline": c.title_likeness,
        # … one desk's more than two desks', which word them anew …
        "headline_same_source": c.title_likeness * source,
        # … but a form comes back under the very same one.
        "headline_equal": float(c.title_likeness >= 0.95),
        # A roundup goes on, the longer the more, about what its headline announces and the brief lacks.
        "headline_elsewhere": headline_elsewhere * math.log((1 + longer) / (1 + shorter)),
        # A form filled in otherwise differs in its numbers, a copy does not.
        "numbers_differ_share": c.numbers_differ / (_FEW_NUMBERS + c.numbers_agree + c.numbers_differ),
        # The same event has the same figures, wherever they stand.
        "numbers_shared": 0.5 if c.numbers_shared is None else c.numbers_shared,
        # Where one text has no numbers none can differ: the other signals are to be believed …
        "numbers_missing": missing,
        # … but not of a sentence or two, which may be a form about somebody else.
        "numbers_missing_short": missing * short,
        # Who is in the news stands in every account of it: names of one text alone are another matter …
        "names_alike": 0.5 if c.names_alike is None else c.names_alike,
        # … and a page that holds them all among many more is a list as often as a longer account.
        "names_shared": 0.5 if c.names_shared is None else c.names_shared,
        # One desk rarely prints a copy of its own and often the next article on the matter …
        "same_source": source,
        # … but it returns to its own story later than others copy it.
        "hours_same_source": source * math.log1p(within_news),
        # Copies follow within hours …
        "days_apart": within_news / 24,
        # … and hardly ever after two days, when a form comes round again.
        "past_news": _past_news(c.hours_apart),
    }


def _past_news(hours: float | None) -> float:
    """0 up to a day and a half, 1 from three days on."""
    return 0.0 if hours is None else min(1.0, max(0.0, hours / 36 - 1))
