"""Learned weights of the signals: log-odds of one story, per unit of a signal.

Written by ``benchmarks/quality/fit.py``; not to be edited by hand.
"""

INTERCEPT = -12.2691

WEIGHTS = {
    "aligned": 2.6260,
    "aligned_short": -7.4965,
    "jaccard": 2.7324,
    "both_leads": -1.3278,
    "opening_shared": 5.9196,
    "opening_shared_same_source": -1.9735,
    "words_shared": 8.3161,
    "headline": 1.3149,
    "headline_same_source": 2.9745,
    "headline_equal": -1.3523,
    "headline_elsewhere": -1.0891,
    "numbers_differ_share": -10.4260,
    "numbers_shared": 2.3519,
    "numbers_missing": 2.2686,
    "numbers_missing_short": -6.3894,
    "names_alike": 1.9565,
    "names_shared": -2.1903,
    "same_source": -1.0331,
    "hours_same_source": 0.1832,
    "days_apart": -1.9737,
    "past_news": -3.6999,
}
