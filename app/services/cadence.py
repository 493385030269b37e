"""When a feed is asked again: its pace, its wishes, its failures. Pure: time and chance are arguments."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import NamedTuple

_PACE_OF = 20
"""Latest entries by which a feed's pace is measured."""
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,10})", re.IGNORECASE)
_UNCACHED = re.compile(r"\bno-(?:cache|store)\b", re.IGNORECASE)
_JITTER = 0.1
_HOURS_OF_A_WEEK = 7 * 24


@dataclass(frozen=True, slots=True)
class Bounds:
    """Limits of the interval between two fetches of a feed, in seconds."""

    least_s: int = 300
    """Never more often, whatever anyone asks for."""
    most_s: int = 3 * 3600
    """A feed that is quiet is asked as often as this."""
    longest_s: int = 24 * 3600
    """No wish of a feed and no row of failures puts it off for longer."""


class Interval(NamedTuple):
    """Seconds until the next fetch, and what decided them."""

    seconds: int
    why: str


def next_interval(
    bounds: Bounds,
    *,
    every_s: int | None,
    ttl_s: int | None,
    fresh_s: int,
    gap_s: float | None,
    before_s: int,
    came: bool,
) -> Interval:
    """The interval after a fetch that went well.

    ``every_s`` is what people chose, ``ttl_s`` what the document asks for, ``fresh_s`` for how long its
    HTTP headers call it fresh, ``gap_s`` the usual time between entries. Where that is unknown the interval
    before halves when something ``came`` and grows by half when nothing did.
    """
    if every_s is not None:
        return Interval(max(every_s, bounds.least_s), "chosen by a person")
    if gap_s is not None:
        wished, why = gap_s / 2, "half the usual time between entries"
    elif came:
        wished, why = before_s / 2, "something came: half the interval before"
    else:
        wished, why = before_s * 1.5, "nothing came: half as much again"
    own = Interval(round(min(max(wished, bounds.least_s), bounds.most_s)), why)
    asked = max(
        Interval(min(ttl_s or 0, bounds.longest_s), "asked for by the feed (ttl, sy:update*)"),
        Interval(min(fresh_s, bounds.longest_s), "fresh for so long (Cache-Control, Expires)"),
    )
    return max(own, asked, key=lambda each: each.seconds)


def after_failures(bounds: Bounds, failures: int, *, retry_after_s: int = 0) -> Interval:
    """The interval after so many failures in a row: it doubles, and Retry-After is kept."""
    doubled = bounds.least_s * 2 ** min(failures - 1, 20)
    backing_off = Interval(min(doubled, bounds.longest_s), "backing off after a failure")
    asked = Interval(min(retry_after_s, bounds.longest_s), "asked for by Retry-After")
    return max(backing_off, asked, key=lambda each: each.seconds)


def posting_gap_s(published: Iterable[datetime], now: datetime) -> float | None:
    """The usual seconds between a feed's latest entries; None where its dates do not tell.

    A silence counts: what has said nothing for a day is not asked every minute.
    """
    times = sorted({each for each in published if each <= now}, reverse=True)[:_PACE_OF]
    if len(times) < 3:
        return None
    usual = (times[0] - times[-1]).total_seconds() / (len(times) - 1)
    return max(usual, (now - times[0]).total_seconds() / 3)


def fresh_for_s(headers: Mapping[str, str], now: datetime) -> int:
    """For how many seconds an answer calls itself fresh (RFC 9111, section 4.2.1); 0 where it does not."""
    control = headers.get("cache-control", "")
    if _UNCACHED.search(control):
        return 0
    if found := _MAX_AGE.search(control):
        age = headers.get("age", "0").strip()
        return max(0, int(found[1]) - (int(age) if age.isdecimal() and len(age) < 10 else 0))
    expires = _moment(headers.get("expires"))
    if expires is None:
        return 0
    return max(0, int((expires - (_moment(headers.get("date")) or now)).total_seconds()))


def retry_after_s(headers: Mapping[str, str], now: datetime) -> int:
    """The seconds that Retry-After asks to wait (RFC 9110, section 10.2.3); 0 where it does not."""
    value = headers.get("retry-after", "").strip()
    if value.isdecimal() and len(value) < 10:
        return int(value)
    moment = _moment(value)
    return 0 if moment is None else max(0, int((moment - now).total_seconds()))


def due_at(
    now: datetime,
    interval: Interval,
    *,
    chance: float,
    skip_hours: frozenset[int] = frozenset(),
    skip_days: frozenset[int] = frozenset(),
) -> datetime:
    """When the interval is over, up to a tenth later by ``chance`` (0 to 1), and not in hours to skip.

    Feeds that were added together would else be asked together for ever.
    """
    due = now + timedelta(seconds=interval.seconds * (1 + _JITTER * chance))
    for _ in range(_HOURS_OF_A_WEEK):
        if due.hour not in skip_hours and due.weekday() not in skip_days:
            return due
        due = due.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1, seconds=600 * chance)
    return now + timedelta(seconds=interval.seconds)


def _moment(value: str | None) -> datetime | None:
    try:
        read = parsedate_to_datetime(value or "")
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)
