"""Learned weights of the signals: log-odds of one story, per unit of a signal.

Written by ``benchmarks/quality/fit.py``; not to be edited by hand.
"""

INTERCEPT = -5.3525

WEIGHTS = {
    "containment": -2.0796,
    "jaccard": 2.4805,
    "aligned": 13.9035,
    "aligned_of_longer": -5.5713,
    "lead": 1.2857,
    "both_leads": 0.7818,
    "headline": 2.1685,
    "log_hours_apart": -0.6708,
    "hours_unknown": 0.8809,
    "numbers_differ_share": -4.7629,
    "log_numbers_differ": -0.6731,
    "log_names_differ": -0.1189,
    "dates_differ": 0.0549,
    "numbers_shared": 1.7193,
    "names_shared": -0.1928,
    "same_source": -1.3898,
    "log_longest_run": -0.0839,
    "log_words": -0.0683,
    "log_length_ratio": -1.5472,
    "aligned_same_source": -2.4962,
    "lead_aligned": -0.7349,
    "hours_same_source": -0.4544,
    "names_aligned": -0.7736,
    "aligned_short": -7.0584,
    "headline_same_source": 4.6173,
}
