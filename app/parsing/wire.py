"""What the wire formats have in common: the text that stands for an item, its dateline, status and embargo.

An item that takes a story back often has no body, and an alert is a headline alone: both are news. What
stands for the text of such an item is, in this order, its summary, its note to editors, its headline.
"""

import re
from collections.abc import Iterable

from app.dedup.dateline import find_dateline
from app.dedup.phrases.agencies import agency_named
from app.errors import InvalidValue, NoArticle
from app.parsing.dates import read_moment
from app.parsing.document import is_blank

UNTIL_FURTHER_NOTICE = "9999-12-31T00:00:00Z"
"""The end of an embargo that names none."""
_LONGEST_DATELINE = 120
_DASHED = ("-", "–", "—", ":", "_")
_AUTHORITY = re.compile(r"https?://([\w.-]+)|urn:newsml:([\w.-]+\.\w+)|tag:([\w.-]+),", re.IGNORECASE)
_WRAPPER = re.compile(
    r"<\?xml[^>]*>|<!doctype[^>]*>|<head\b.*?</head>|</?(?:html|body)\b[^>]*>", re.IGNORECASE | re.DOTALL
)
_STATUSES = ("usable", "withheld", "canceled")


def status_of(value: str | None, *, field: str) -> str | None:
    """An IPTC publishing status in our word; None where none is said. Raises InvalidValue."""
    if not value:
        return None
    told = re.split(r"[:/]", value.strip())[-1].lower()
    if told not in _STATUSES:
        fix = "Send usable, withheld or canceled."
        raise InvalidValue(f"{field} is {value[:60]!a}, no publishing status.", field=field, fix=fix)
    return told


def known_date(value: str | None) -> str | None:
    """A date; None for a placeholder such as YYYYMMDD."""
    return value if value and value[0].isdigit() and value.strip("0") else None


def embargo_of(until: str | None, *, after: str | None) -> str | None:
    """The end of an embargo that a release date makes: none where it was out when it was sent."""
    ends = read_moment(until, field="embargoed_until")
    sent = read_moment(after, field="published_at")
    return until if ends is not None and (sent is None or ends > sent) else None


def article_text(
    body: str, *, status: str | None, summary: str = "", note: str | None = None, headline: str | None = None
) -> str:
    """The text that stands for an item of this ``status``. Raises NoArticle where it has none at all.

    A kill is never passed over for having nothing to say: its status stands for it.
    """
    for text in (body, summary, note or "", headline or ""):
        if not is_blank(text):
            return text
    if status in (None, "usable"):
        raise NoArticle("The item has neither text nor headline.")
    return status


def with_dateline(text: str, dateline: str | None) -> str:
    """The text as it is printed: behind its dateline, where that is kept apart and not printed already."""
    line = (dateline or "").strip()
    if not line or len(line) > _LONGEST_DATELINE or not line[0].isalpha() or not text:
        return text
    place = re.split(r"[,(\d–—-]", line, maxsplit=1)[0].strip().casefold()
    opening = text.lstrip()[: _LONGEST_DATELINE * 2]
    if place in opening.casefold() or find_dateline(opening.partition("\n")[0]):
        return text
    return f"{line} {text}" if line.endswith(_DASHED) else f"{line} - {text}"


def agency_of(declared: Iterable[str | None], others: Iterable[str | None] = ()) -> str | None:
    """The agency among who is credited: the first that is known, of both; else the first declared."""
    credited = [each for each in declared if each]
    known = (each for each in (*credited, *others) if each and agency_named(each))
    return next(known, credited[0] if credited else None)


def authority_of(uri: str) -> str | None:
    """Who gave an ID out: the host of an address, the authority of a urn:newsml or tag."""
    found = _AUTHORITY.match(uri)
    return next((each for each in found.groups() if each), None) if found else None


def without_wrapper(html: str) -> str:
    """An article's markup without the document around it: as a page it would lose what looks like none."""
    return _WRAPPER.sub("", html)


def first(values: Iterable[str | None]) -> str | None:
    """The first that says something."""
    return next((value for value in values if value and not value.isspace()), None)
