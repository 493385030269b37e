"""Learned weights of the signals of words printed twice: log-odds of a page artefact.

Written by ``benchmarks/quality/fit_repeats.py``; not to be edited by hand.
"""

ABOVE_BODY = {
    "intercept": -2.90,
    "length": 0.51,
    "upper_fills": 2.40,
    "lower_fills": 2.56,
    "from_start": 1.10,
    "edges": 2.15,
    "edited": -5.74,
    "cited": -0.92,
}

ELSEWHERE = {
    "intercept": -2.53,
    "length": 0.21,
    "stands_alone": 3.59,
    "cited": -0.54,
}
