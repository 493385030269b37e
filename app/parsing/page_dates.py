"""When a page says that its article was published and changed, and whether that is believed."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from app.errors import BadDate
from app.parsing.dates import read_moment
from app.parsing.page_claims import Claim, Claims, Doubts
from app.parsing.urls import normalise

_DAYS_APART = timedelta(hours=36)
"""Statements of one moment in different zones lie up to a day apart."""
_DAY_IN_PATH = re.compile(r"/((?:19|20)\d\d)[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?=\D)")


def believe_dates(claims: Claims, url: str | None, doubts: Doubts) -> tuple[datetime | None, datetime | None]:
    """When it was published and when changed, where nothing contradicts that; else it goes to ``doubts``."""
    published = _date(claims.of("published") or claims.of("dated"), "published", url, doubts)
    updated = _date(claims.of("modified"), "modified", None, doubts)
    if published and updated and updated < published:
        if published - updated > _DAYS_APART:
            doubts["modified"] = updated.isoformat()
        updated = None
    return published, updated


def _date(said: Sequence[Claim], about: str, url: str | None, doubts: Doubts) -> datetime | None:
    """The first readable statement, if none of the others and not the address names another day."""
    moments: list[tuple[Claim, datetime]] = []
    for claim in said:
        try:
            moment = read_moment(claim.says[:64], field=about)
        except BadDate:
            doubts[f"{about} ({claim.where})"] = claim.says
            continue
        if moment is not None:
            moments.append((claim, moment))
    if not moments:
        return None
    # A day without an hour is midnight; any other statement is more exact.
    best = next((moment for _, moment in moments if moment.time() != datetime.min.time()), moments[0][1])
    agree = all(abs(moment - best) <= _DAYS_APART for _, moment in moments)
    in_path = _day_in_path(url)
    if agree and (in_path is None or abs(in_path - best) <= 2 * _DAYS_APART):
        return best
    # Two of one mind against one are believed: an address keeps the day of the first version.
    supporters = [moment for _, moment in moments if in_path and abs(moment - in_path) <= _DAYS_APART]
    if supporters:
        return supporters[0]
    doubts[about] = {claim.where: claim.says for claim, _ in moments}
    return None


def _day_in_path(url: str | None) -> datetime | None:
    found = _DAY_IN_PATH.search(f"{urlsplit(url).path}/" if url and normalise(url) else "")
    try:
        return read_moment("-".join(found.groups()), field="url") if found else None
    except BadDate:
        return None
