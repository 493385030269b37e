"""Datelines: where, when and for whom a report was filed, as its first line prints it.

Owns the forms of agencies' datelines in Latin, Cyrillic, Arabic and East Asian scripts. Works on
the head of one line, never more than ``HEAD`` characters. A form is believed for a reason: a known
agency, a date, a place in capitals before a dash, or a city of the table. Known limit: a place in
small letters with neither date nor agency ("Smalltown - The mayor ...") is not a dateline.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from app.dedup.filing import DASHES, in_capitals, iso_date, place_and_date, place_of
from app.dedup.model import Dateline
from app.dedup.phrases.agencies import agency_named
from app.dedup.phrases.places import CITIES

HEAD = 160
_NEAR = 110
_DASH = rf"[{re.escape(DASHES)}]"
_BRACKET = re.compile(r"(?:^|[\s\-–—])[(（/]\s*([^()（）/\n]{2,48}(?:/[^()（）/\n]{2,20})?)\s*[)）/]")
_AFTER = re.compile(rf"\s*\.?\s*{_DASH}+\s*|\s*[.:]\s*{_DASH}*\s*")
_DATED = re.compile(
    r"(?P<where>[^\d(（\n]{0,40}?)[.,،]\s+"
    r"(?P<when>\d{1,2}\.?\s+(?:de\s+)?[^\W\d_]{3,12}|[^\W\d_]{3,12}\.?\s+\d{1,2})"
    rf"(?:,?\s+(?P<year>(?:19|20)\d\d)(?:\s*г\.?)?)?\s*(?P<stop>[.,:]?\s*{_DASH}*)\s+(?=\S)"
)
_CREDITED = re.compile(rf"([^{re.escape(DASHES)}.,:\n]{{2,32}}?)\s*(?:[.:]\s*{_DASH}*|{_DASH}+)\s*")
_DASHED = re.compile(rf"(?P<where>[^\d():\n–—−ـ―]{{2,60}}?)(?:\s+(?:{_DASH}|--)\s*|\s*[—–]\s*|--\s*)(?=\S)")
_COLON = re.compile(r"(?P<where>[^\d():\n–—.]{3,40}?)\s*[:：]\s*(?=\S)")
_IN_BRACKETS = re.compile(rf"\s*[(\[]([^()\[\]\n]{{3,40}})[)\]]\s*{_DASH}+\s*")
_CHINESE = re.compile(
    r"\s*[（(【［\[]?(?P<agency>新华社|新華社|新华网|中新社|中新网|中新網|中国新闻网|中央社|人民网|人民日报|央视网|央视新闻|路透社|法新社|美联社|共同社|"
    r"德新社|塔斯社|韩联社|本报|澎湃新闻|光明网|海外网|环球网)(?P<place>[\u3400-\u9fff·]{0,14}?)"
    r"(?:(?P<month>\d{1,2})月)?(?:(?P<day>\d{1,2})日)?[\u3400-\u9fff]{0,2}?[电電訊讯]"
    r"(?:\s*[（(][^（()）\n]{0,40}[）)])?[】\])）］]?[：:\s]*"
)
_JAPANESE = re.compile(
    r"\s*[【［\[](?P<place>[^】］\]=＝\s　\d０-９]{1,16})[\s　]*(?:(?P<day>[\d０-９]{1,2})日)?[\s　]*"
    r"(?:[=＝][^】］\]\n]{1,20}|(?P<agency>ロイター|時事|共同|AFP|ＡＦＰ|AP|ＡＰ)[^】］\]\n]{0,6})[】］\]]\s*[-－―—]?\s*"
)
_KOREAN = re.compile(
    r"\s*[(\[](?P<place>[가-힣·]{2,16})\s*=\s*(?P<agency>[^)\]\n]{2,16})[)\]]\s*(?:[가-힣·\s]{2,24}(?:기자|특파원)\s*=\s*)?"
)


@dataclass(frozen=True, slots=True)
class Found:
    """A dateline at the head of a line: it ends before character ``end``."""

    end: int
    dateline: Dateline
    agency: str | None


def find_dateline(line: str, published_at: float | None = None) -> Found | None:
    """The dateline that ``line`` opens with; ``published_at`` lends a year to a date without one."""
    head = line[:HEAD]
    lead = len(head) - len(head.lstrip(" \t\u00a0\u3000\ufeff\u200b\u200e\u200f*•▪■"))
    body = head[lead:]
    if not body:
        return None
    first = body[0]
    if first in "新中人央路法美共德塔韩本澎光海环（【［[(":
        found = _east_asian(body, published_at)
        if found:
            return _shifted(found, lead)
    if first.islower():
        return None
    near = frozenset(body[:_NEAR])
    for form, marks in _FORMS:
        found = None if marks.isdisjoint(near) else form(body, published_at)
        if found:
            # a dateline with nothing after it is a by-line or a list of places
            return _shifted(found, lead) if line[lead + found.end :].strip() else None
    return None


def _shifted(found: Found, by: int) -> Found:
    return Found(found.end + by, found.dateline, found.agency)


def _bracketed(head: str, published_at: float | None) -> Found | None:
    """PLACE, DATE (AGENCY) - ; also /AGENCY/, an agency first, an outlet behind a place in capitals."""
    match = _BRACKET.search(head, 0, _NEAR)
    if not match:
        return None
    source, before = match.group(1), head[: match.start()]
    agency = agency_named(source)
    where, when, dated = place_and_date(before, published_at)
    if where is None:
        return None
    after = _AFTER.match(head, match.end())
    dash = after is not None and any(c in DASHES for c in after.group())
    end = after.end() if after else match.end()
    if agency is None:
        plausible = dash and not any(c.isdigit() for c in source) and len(source) <= 32
        if not (plausible and where and (dated or in_capitals(where) or where.lower() in CITIES)):
            return None
    elif not where and not dated and match.start() == 0 and not after:
        rest = head[match.end() :].lstrip()
        if not rest[:1].isupper() and rest[:1] not in "\"“‘'«":
            return None
    elif where and not after and not _opens_sentence(head[match.end() :]):
        return None
    if not where and not dated and dash:
        return _agency_first(head, end, agency, published_at)
    return Found(end, Dateline(where or None, when), agency)


def _opens_sentence(rest: str) -> bool:
    rest = rest.lstrip()
    return rest[:1].isupper() or rest[:1] in "\"“‘'«" or (rest[:1].isalpha() and not rest[:1].islower())


def _agency_first(head: str, end: int, agency: str | None, published_at: float | None) -> Found:
    """(ANSA) - ROMA, 3 NOV - : a place after the agency, if there is one."""
    match = _DATED.match(head, end) or _DASHED.match(head, end)
    if match:
        text = head[end : match.end()].rstrip(f" .,:{DASHES}")
        where, when, _ = place_and_date(text, published_at)
        if where and (when or in_capitals(where)):
            return Found(match.end(), Dateline(where, when), agency)
    return Found(end, Dateline(None, None), agency)


def _dated(head: str, published_at: float | None) -> Found | None:
    """PLACE. DATE. AGENCY - ; the agency may be missing behind a stop or a dash."""
    match = _DATED.match(head)
    if not match:
        return None
    where = place_of(match["where"])
    if not where:
        return None
    text = f"{match['when']} {match['year'] or ''}".strip()
    _, when, dated = place_and_date(text, published_at)
    if not dated:
        return None
    credit = _CREDITED.match(head, match.end())
    agency = agency_named(credit.group(1)) if credit else None
    stop = match["stop"].strip()
    if credit and (agency or (stop == "," and in_capitals(where) and " " not in credit.group(1).strip())):
        return Found(credit.end(), Dateline(where, when), agency)
    if stop and stop not in ",:" and (in_capitals(where) or stop != "." or "\u0400" <= where[0] <= "\u052f"):
        return Found(match.end(), Dateline(where, when), None)
    return None


def _dashed(head: str, _published_at: float | None) -> Found | None:
    """PLACE - ; PLACE - AGENCY: ; PLACE, DATE - ; in small letters only a city of the table."""
    match = _DASHED.match(head)
    if not match:
        return None
    where = place_of(match["where"])
    if not where:
        return None
    credit = _CREDITED.match(head, match.end())
    agency = agency_named(credit.group(1)) if credit else None
    if credit and agency:
        return Found(credit.end(), Dateline(where, None), agency)
    if not _opens_sentence(head[match.end() :]) or ("," in where and not in_capitals(where.split(",")[0])):
        return None
    if where.lower() in CITIES or (in_capitals(where) and len(head) >= 100):
        return Found(match.end(), Dateline(where, None), None)
    return None


def _bracketed_place(head: str, _published_at: float | None) -> Found | None:
    """(Washington) - ."""
    match = _IN_BRACKETS.match(head)
    where = place_of(match.group(1)) if match else None
    if match and where:
        return Found(match.end(), Dateline(where, None), None)
    return None


def _with_colon(head: str, _published_at: float | None) -> Found | None:
    """NEW DELHI: . Only cities of the table: in capitals before a colon stands mostly who speaks."""
    match = _COLON.match(head)
    if not match or len(head) < 60:
        return None
    where = match["where"].strip()
    city = where.split(",")[0].strip()
    if city.lower() in CITIES and in_capitals(city) and _opens_sentence(head[match.end() :]):
        return Found(match.end(), Dateline(where, None), None)
    return None


def _east_asian(head: str, published_at: float | None) -> Found | None:
    match = _CHINESE.match(head)
    if match:
        place = match["place"].split("记者")[0].split("記者")[0] or None
        when = _day_of(match["month"], match["day"], published_at)
        return Found(match.end(), Dateline(place, when), agency_named(match["agency"]))
    match = _JAPANESE.match(head)
    if match:
        place, name = match["place"], match["agency"]
        when = _day_of(None, match["day"], published_at)
        return Found(match.end(), Dateline(place, when), agency_named(_narrow(name)) if name else None)
    match = _KOREAN.match(head)
    if match:
        return Found(match.end(), Dateline(match["place"], None), agency_named(match["agency"]))
    return None


def _narrow(name: str) -> str:
    return name.translate({0xFF21 + i: 0x41 + i for i in range(26)})


def _day_of(month: str | None, day: str | None, published_at: float | None) -> str | None:
    if day is None:
        return None
    return iso_date(int(day), int(month) if month else None, None, published_at)


_FORMS: tuple[tuple[Callable[[str, float | None], Found | None], frozenset[str]], ...] = (
    (_bracketed, frozenset("(（/")),
    (_dated, frozenset("0123456789")),
    (_dashed, frozenset(DASHES)),
    (_bracketed_place, frozenset("([")),
    (_with_colon, frozenset(":：")),
)
"""The forms in the order of belief, each with the marks it cannot do without."""
