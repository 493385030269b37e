"""The place and the date that stand before the dash of a dateline.

Owns what may be a place and how a date without a year finds one: never from the clock, only from
the page's own date of publication.
"""

import re
from datetime import UTC, date, datetime, timedelta

from app.dedup.phrases.calendar import MONTHS, WEEKDAYS
from app.dedup.phrases.places import NOT_PLACES, SMALL_WORDS

DASHES = "-–—−_ـ―"
_DAY_MONTH = re.compile(
    r"(?:^|[\s,،.])(?P<day>\d{1,2})(?:\.|º|er|st|nd|rd|th)?\s+(?:de\s+)?(?P<month>[^\W\d_]{3,12})\.?"
    r"(?:,?\s*(?:de\s+|del\s+)?(?P<year>(?:19|20)\d\d))?(?:\s*(?:г|года|року|م)\.?)?\s*$"
)
_MONTH_DAY = re.compile(
    r"(?:^|[\s,،.])(?P<month>[^\W\d_]{3,12})\.?\s+(?P<day>\d{1,2})(?:,?\s*(?P<year>(?:19|20)\d\d))?\s*$"
)
_NUMERIC = re.compile(r"(?:^|[\s,،.])(?P<day>\d{1,2})[./-](?P<month>\d{1,2})[./-](?P<year>(?:19|20)\d\d)\s*$")


def place_and_date(before: str, published_at: float | None) -> tuple[str | None, str | None, bool]:
    """Place ("" if none, None if what stands there is no place), ISO date, whether a date stands there."""
    text = before.strip(f" \t\u00a0,:;،{DASHES}")
    if not text:
        return "", None, False
    for form in (_DAY_MONTH, _MONTH_DAY, _NUMERIC):
        match = form.search(text) if any(c.isdigit() for c in text) else None
        if not match:
            continue
        name = match["month"]
        month = int(name) if name.isdigit() else MONTHS.get(name.lower())
        if month is None:
            continue
        rest = text[: match.start()].strip(" \t\u00a0.,:;،")
        weekday = rest.rsplit(",", 1)[-1].strip().lower()
        if weekday in WEEKDAYS:
            rest = rest[: len(rest) - len(weekday)].rstrip(" ,")
        when = iso_date(int(match["day"]), month, match["year"], published_at)
        return (place_of(rest) if rest else ""), when, True
    return place_of(text), None, False


def place_of(text: str) -> str | None:
    """``text`` if it can be the name of a place: capitals, no digits, none of the words that label lines."""
    text = text.strip(" \t\u00a0,:،*")
    if "," not in text:
        text = text.strip(".")  # behind a comma it belongs to "La." or "D.C."
    if not 2 <= len(text) <= 60 or any(c in '"“”«»?!;|=…@#$%&' for c in text):
        return None
    words = text.replace("/", " ").replace("-", " ").replace(",", " ").split()
    if not 1 <= len(words) <= 7:
        return None
    for word in words:
        low = word.strip(".").lower()
        if any(c.isdigit() for c in word) or low in NOT_PLACES or low in WEEKDAYS:
            return None
        if word[0].islower() and low not in SMALL_WORDS:
            return None
    if words[0][0].islower():
        return None
    return text


def in_capitals(place: str) -> bool:
    """Whether the city's name stands in capitals ("LAFAYETTE, La.", "SÃO PAULO")."""
    city = place.split(",", maxsplit=1)[0].strip()
    return city.isupper() and sum(c.isalpha() for c in city) >= 3


def iso_date(day: int, month: int | None, year: str | None, published_at: float | None) -> str | None:
    """The date as ISO 8601; what is missing is taken so that it falls nearest to publication."""
    if year and month:
        when = _date(int(year), month, day)
        return when.isoformat() if when else None
    if published_at is None:
        return None
    try:
        published = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=published_at)).date()
    except (OverflowError, ValueError):
        return None
    if month:
        candidates = [_date(published.year + shift, month, day) for shift in (-1, 0, 1)]
    else:
        months = [divmod(published.year * 12 + published.month - 1 + shift, 12) for shift in (-1, 0, 1)]
        candidates = [_date(year_, month_ + 1, day) for year_, month_ in months]
    # filed after it was published is a slip of a day or two; more is last year's
    known = [c for c in candidates if c and c - published <= timedelta(days=3)]
    return min(known, key=lambda c: abs(c - published)).isoformat() if known else None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
