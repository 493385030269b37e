"""When a feed asks to be fetched: ttl, skipHours and skipDays of RSS 2.0, RSS 1.0's syndication module."""

from app.parsing.feed_elements import ByName, first_text, text_of

_PERIODS_S = {"hourly": 3600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}
_DAYS = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6}
_LONGEST_TTL_S = 31_536_000


def ttl_s(by: ByName) -> int | None:
    """The longest wait asked for, at most a year."""
    waits = []
    minutes = first_text(by, "ttl")
    if minutes.isascii() and minutes.isdigit() and len(minutes) < 9:
        waits.append(int(minutes) * 60)
    period = _PERIODS_S.get(first_text(by, "sy:updatePeriod").lower())
    if period:
        times = first_text(by, "sy:updateFrequency")
        often = int(times) if times.isascii() and times.isdigit() and len(times) < 9 else 1
        waits.append(period // max(1, often))
    wanted = min(max(waits, default=0), _LONGEST_TTL_S)
    return wanted or None


def skip_hours(by: ByName) -> frozenset[int]:
    """Hours of the day, UTC, in which it asks not to be fetched; all of them count as none."""
    said = [text_of(hour).strip() for each in by.get("skipHours", ()) for hour in each]
    hours = {int(each) % 24 for each in said if each.isascii() and each.isdigit() and int(each) <= 24}
    return frozenset(hours) if len(hours) < 24 else frozenset()


def skip_days(by: ByName) -> frozenset[int]:
    """Days of the week, Monday 0, in which it asks not to be fetched; all of them count as none."""
    said = [text_of(day).strip().lower()[:3] for each in by.get("skipDays", ()) for day in each]
    days = {_DAYS[each] for each in said if each in _DAYS}
    return frozenset(days) if len(days) < 7 else frozenset()
