"""Learned weights of the signals: log-odds of one story, per unit of a signal.

Written by ``benchmarks/quality/fit.py``; not to be edited by hand.
"""

INTERCEPT = -10.1179

WEIGHTS = {
    "aligned": 0.9275,
    "aligned_short": -7.7620,
    "jaccard": 2.6836,
    "both_leads": -0.8872,
    "opening_shared": 4.3857,
    "opening_shared_same_source": -0.3740,
    "length_apart": -2.4134,
    "words_shared": 9.0803,
    "headline": 1.3390,
    "headline_same_source": 3.0875,
    "headline_equal": -1.4536,
    "headline_elsewhere": -0.7735,
    "numbers_differ_share": -10.5044,
    "numbers_shared": 2.3682,
    "numbers_missing": 2.1499,
    "numbers_missing_short": -6.3611,
    "names_alike": 2.1289,
    "names_shared": -2.3763,
    "same_source": -2.6435,
    "hours_same_source": 0.0832,
    "days_apart": -1.8191,
    "past_news": -3.6728,
}
