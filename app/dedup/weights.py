"""Learned weights of the signals: log-odds of one story, per unit of a signal.

Written by ``benchmarks/quality/fit.py``; not to be edited by hand.
"""

INTERCEPT = -2.4942

WEIGHTS = {
    "containment": 2.1463,
    "jaccard": 2.2153,
    "aligned": 4.3838,
    "aligned_of_longer": -1.7232,
    "lead": 1.3199,
    "both_leads": 0.6318,
    "headline": 0.8394,
    "log_hours_apart": -0.6224,
    "hours_unknown": 0.8613,
    "numbers_differ_share": -8.9314,
    "log_numbers_differ": -0.0240,
    "log_names_differ": -0.0289,
    "dates_differ": -0.1458,
    "numbers_shared": 1.6542,
    "names_shared": 0.3003,
    "same_source": -1.2078,
    "log_longest_run": -0.1652,
    "log_words": -0.4118,
    "log_length_ratio": -0.8144,
    "aligned_same_source": -0.8408,
    "lead_aligned": 0.6444,
    "hours_same_source": -0.2803,
    "names_aligned": 0.0794,
    "aligned_short": -8.6621,
    "headline_same_source": 2.3469,
}
