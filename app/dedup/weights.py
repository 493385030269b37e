"""Learned weights of the signals: log-odds that two articles are one story, per unit of a signal.

Written by ``benchmarks/quality/fit.py``; not to be edited by hand.
"""

INTERCEPT = -7.8103

WEIGHTS = {
    "containment": 1.9221,
    "jaccard": -0.5830,
    "aligned": 5.5645,
    "aligned_of_longer": -1.3391,
    "lead": 0.8815,
    "both_leads": 1.2769,
    "headline": 2.7461,
    "log_hours_apart": -0.5658,
    "hours_unknown": 0.3054,
    "numbers_differ_share": -4.1680,
    "log_numbers_differ": -0.3684,
    "log_names_differ": 0.3197,
    "dates_differ": -0.3111,
    "numbers_shared": 1.9554,
    "names_shared": -0.3553,
    "same_source": -0.9325,
    "log_longest_run": -0.0275,
    "log_words": 0.3578,
    "log_length_ratio": -0.4025,
    "aligned_same_source": -2.5006,
    "lead_aligned": -0.4093,
    "hours_same_source": -0.3629,
    "names_aligned": 1.1011,
    "headline_same_source": 3.0934,
}
