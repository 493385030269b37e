"""When a delivery that failed is tried again: the schedule of Standard Webhooks. Pure."""

from datetime import datetime, timedelta

_MINUTE, _HOUR = 60, 3_600
DELAYS_S = (
    0,
    5,
    5 * _MINUTE,
    30 * _MINUTE,
    2 * _HOUR,
    5 * _HOUR,
    10 * _HOUR,
    14 * _HOUR,
    20 * _HOUR,
    24 * _HOUR,
)
"""Seconds before each attempt, counted from the one before."""
JITTER = 0.1
"""The share of a delay that chance adds at most: what failed at once does not come back at once."""
_LONGEST_S = 24 * _HOUR
"""The longest that a receiver may put us off."""


def due_again(attempts: int, now: datetime, *, chance: float, retry_after_s: float = 0) -> datetime | None:
    """When the next attempt is due after so many that failed; none after the last. ``chance``: 0 to 1."""
    if attempts >= len(DELAYS_S):
        return None
    delay = DELAYS_S[attempts] * (1 + JITTER * chance)
    return now + timedelta(seconds=max(delay, min(retry_after_s, _LONGEST_S)))
