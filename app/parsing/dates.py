"""Reads the dates publishers write: ISO 8601 in its many spellings, and the RFC 2822 of feeds.

A date without a zone is taken as UTC, a date without a time as its midnight; both are common in feeds and
refusing them would lose the article. Year 1 and year 9999 are what programs write for "unknown" and "never":
``read_moment`` answers unknown for them, ``read_deadline`` (embargoes) keeps the latter.
"""

import re
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime

from app.errors import BadDate

EARLIEST_YEAR = 1600
"""Before the first newspaper a date of publication is a placeholder."""
LATEST_YEAR = 9000
LONGEST = 64

_ISO = re.compile(r"\d{4}-?(?:\d\d|W\d\d|\d{3})")
_BEYOND = re.compile(r"(?<=[T ])24(?=:?00(?::?00(?:[.,]0+)?)?(?![:.,\d]))|(?<=59:)60|(?<=[T ]\d\d59)60")
"""Midnight at the end of a day, and a leap second: both are ISO 8601, and neither is a time in Python."""
_LAX_FRACTION = re.compile(r"(?<=\d)[.,](\d{6})\d+")
_LAX_ZONE = re.compile(r"\s*(?:UTC|GMT|Z)$", re.IGNORECASE)
_SPACED_OFFSET = re.compile(r"\s+(?=[+-]\d\d:?\d\d$)")
_LOST_PLUS = re.compile(r"(T\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?) (\d\d:?\d\d)$")
"""In the query of an address a plus that nobody escaped is a space. It can have been nothing else."""
_MONTH = re.compile(r"(?<=\d )[^\W\d_]{3,10}\.?(?= \d{4})")
_MONTH_STARTS = {
    "Jan": "jan ene gen",
    "Feb": "feb fev fév",
    "Mar": "mar mär mrt",
    "Apr": "apr abr avr",
    "May": "may mai maj mag mei",
    "Jun": "jun juin giu",
    "Jul": "jul juil lug",
    "Aug": "aug ago aoû aou",
    "Sep": "sep set",
    "Oct": "oct okt out ott",
    "Nov": "nov",
    "Dec": "dec dez déc dic",
}
_MONTHS = {start: month for month, starts in _MONTH_STARTS.items() for start in starts.split()}
"""How months begin in the feeds of other languages, which write RFC 2822 in their own."""
_AMERICAN = re.compile(r"^(?:[^\W\d_]+,? )?([^\W\d_]{3,9})\.? (\d{1,2}),? (\d{4})\b,?")
"""November 19, 2019."""
_HALF_DAY = re.compile(r"(?<!\d)(1[0-2]|0?[1-9])(:\d\d(?::\d\d)?)\s*([AaPp])\.?[Mm]\b\.?")
"""5:04 PM."""
_ONE_DIGIT_HOUR = re.compile(r"(?<=\d[ T])(?=\d:\d\d)")
_FIX = 'Send an ISO 8601 date with its zone, such as "2022-09-20T14:05:00Z", or leave the field out.'


def read_moment(value: str | None, *, field: str) -> datetime | None:
    """The instant a text names, in UTC; None for an empty text or a placeholder year."""
    moment = _read(value, field=field)
    if moment is None or not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
        return None
    return moment


def read_deadline(value: str | None, *, field: str) -> datetime | None:
    """The instant until which something holds; year 9999 stands for "until further notice"."""
    moment = _read(value, field=field)
    if moment is None or moment.year < EARLIEST_YEAR:
        return None
    return moment


def _read(value: str | None, *, field: str) -> datetime | None:
    text = (value or "").strip()
    if not text:
        return None
    if len(text) > LONGEST:
        raise BadDate(f"{field} is longer than any date.", field=field, fix=_FIX)
    try:
        moment = _iso(text) if _ISO.match(text) else _rfc_2822(text)
    except (ValueError, TypeError, IndexError, OverflowError) as error:
        raise BadDate(f"{field} is not a date: {_quoted(text)}.", field=field, fix=_FIX) from error
    return _in_utc(moment)


def _iso(text: str) -> datetime:
    if beyond := _BEYOND.search(text):
        hour = beyond[0] == "24"
        before = _iso(f"{text[: beyond.start()]}{'23' if hour else '59'}{text[beyond.end() :]}")
        return before + (timedelta(hours=1) if hour else timedelta(seconds=1))
    text = _LOST_PLUS.sub(r"\1+\2", _ONE_DIGIT_HOUR.sub("0", text))
    text = _LAX_FRACTION.sub(r".\1", text)
    text = _SPACED_OFFSET.sub("", _LAX_ZONE.sub("+00:00", text))
    if len(text) <= len("2022-09-20"):
        day = date.fromisoformat(text)
        return datetime(day.year, day.month, day.day, tzinfo=UTC)
    return datetime.fromisoformat(text)


def _rfc_2822(text: str) -> datetime:
    in_order = _HALF_DAY.sub(_whole_day, _AMERICAN.sub(r"\2 \1 \3", text))
    if ":" not in in_order:
        in_order += " 00:00"
    return parsedate_to_datetime(_MONTH.sub(_english, in_order))


def _whole_day(hour: re.Match[str]) -> str:
    return f"{int(hour[1]) % 12 + (12 if hour[3] in 'pP' else 0):02d}{hour[2]}"


def _english(month: re.Match[str]) -> str:
    name = month[0].lower()
    return _MONTHS.get(name[:4]) or _MONTHS.get(name[:3]) or month[0]


def _in_utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError:  # the first or last day of the calendar, seen from another zone
        return moment.replace(tzinfo=UTC)


def _quoted(text: str) -> str:
    return ascii(text)
