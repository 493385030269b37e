"""Learned weights of the signals: log-odds of one story, per unit of a signal.

Written by ``benchmarks/quality/fit.py``; not to be edited by hand.
"""

INTERCEPT = -12.6536

WEIGHTS = {
    "aligned": 2.7620,
    "aligned_short": -7.5366,
    "jaccard": 2.6475,
    "both_leads": -1.6177,
    "opening_shared": 6.2470,
    "opening_shared_same_source": -1.7942,
    "words_shared": 8.2784,
    "headline": 1.3496,
    "headline_same_source": 2.9148,
    "headline_equal": -1.4074,
    "headline_elsewhere": -0.9308,
    "numbers_differ_share": -10.5729,
    "numbers_shared": 2.3259,
    "numbers_missing": 2.3009,
    "numbers_missing_short": -6.5029,
    "names_alike": 1.9184,
    "names_shared": -1.7724,
    "same_source": -1.1523,
    "hours_same_source": 0.1703,
    "days_apart": -1.9694,
    "past_news": -3.7110,
}
