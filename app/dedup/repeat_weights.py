"""Learned weights of the signals of words printed twice: log-odds of a page artefact.

Written by ``benchmarks/quality/fit_repeats.py``; not to be edited by hand.
"""

ABOVE_BODY = {
    "intercept": -3.14,
    "length": 0.50,
    "upper_fills": 2.94,
    "lower_fills": 2.61,
    "from_start": 1.29,
    "edges": 1.67,
    "edited": -6.11,
    "cited": -0.89,
}

ELSEWHERE = {
    "intercept": -2.51,
    "length": 0.13,
    "stands_alone": 3.74,
    "cited": -0.53,
}
