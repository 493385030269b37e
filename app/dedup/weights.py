"""Learned weights of the signals: log-odds of one story, per unit of a signal.

Written by ``benchmarks/quality/fit.py``; not to be edited by hand.
"""

INTERCEPT = -2.3333

WEIGHTS = {
    "containment": 2.8211,
    "jaccard": 1.2034,
    "aligned": 4.5554,
    "aligned_of_longer": -1.1226,
    "lead": 1.0547,
    "both_leads": 0.7179,
    "headline": 1.9219,
    "log_hours_apart": -0.6379,
    "hours_unknown": 1.4027,
    "numbers_differ_share": -4.5011,
    "log_numbers_differ": -0.1520,
    "log_names_differ": -0.3309,
    "dates_differ": -0.2081,
    "numbers_shared": 1.5775,
    "names_shared": -0.0078,
    "same_source": -0.6476,
    "log_longest_run": -0.1025,
    "log_words": -0.5453,
    "log_length_ratio": -0.8069,
    "aligned_same_source": -2.1017,
    "lead_aligned": 1.0271,
    "hours_same_source": -0.3480,
    "names_aligned": 0.5585,
    "aligned_short": -8.9743,
    "headline_same_source": 1.2948,
}
