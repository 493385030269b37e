"""The parsers as targets: each is given bytes, and what it makes of them goes on as far as the fingerprint."""

import random
import zlib
from collections.abc import Callable

from app.dedup import profile
from app.errors import WirefoldError
from app.parsing.dates import read_deadline, read_moment
from app.parsing.formats import FORMATS
from app.parsing.items import ArrayCutter, Cutter, LineCutter
from app.parsing.opml import read_opml, write_opml
from app.parsing.reader import Defaults, Parsed
from app.parsing.robots import read_robots
from app.parsing.submission import Bounds, read_submission
from app.parsing.urls import LONGEST, host_of, normalise, site_of
from app.services.drafting import draft

MOST_DRAFTED = 20
"""Articles of one body that are cleaned and fingerprinted: a feed of thousands would be timed as one."""
_BOUNDS = Bounds()
_PATHS = ("/news/a/pier?print=1", "/inside/x", "/")


def read(target: str, body: bytes) -> str:
    """Give a body to a parser: ``read``, or the code of what it was refused with.

    Raises whatever the service does not foresee.
    """
    try:
        outcomes = _TARGETS[target](body) if target in _TARGETS else _read_format(target, body)
    except WirefoldError as error:
        return _code(error)
    codes = [_draft(each) for each in outcomes[:MOST_DRAFTED]]
    return "read" if not codes or "read" in codes else codes[0]


def _draft(parsed: Parsed) -> str:
    if isinstance(parsed, WirefoldError):
        return _code(parsed)
    try:
        made = draft(parsed, profile.STANDARD)
    except WirefoldError as error:
        return _code(error)
    text, end = made.document.text, 0
    for span in made.cleaned.removed:
        if not end <= span.start < span.end <= len(text):
            raise AssertionError("spans that are removed overlap, or lie outside of the text")
        end = span.end
    return "read"


def _code(error: WirefoldError) -> str:
    if error.status >= 500:
        raise AssertionError(f"a body is answered with {error.status}") from error
    return error.code


def _read_format(target: str, body: bytes) -> list[Parsed]:
    # As a sender would: with a charset that may lie, and a source that may be missing.
    chance = random.Random(zlib.crc32(body))
    charset = chance.choice((None, None, None, "utf-8", "latin-1", "utf-16", "klingon", "\0", "x" * 300))
    fields = {"source": "gazette.example"} if chance.random() < 0.8 else {}
    media_type = FORMATS[target].media_types[0] if FORMATS[target].media_types else ""
    found = FORMATS[target].read(body, Defaults(target, media_type, charset, fields, _BOUNDS))
    return found if isinstance(found, list) else [found]


def _cut(cutter: Cutter, body: bytes) -> list[Parsed]:
    step = 1 + zlib.crc32(body) % 5_000
    items = [item for at in range(0, len(body), step) for item in cutter.feed(body[at : at + step])]
    items += cutter.close()
    for item in items:
        if not body[item.offset :].startswith(item.raw):
            raise AssertionError("an item is not where it is said to be")
    return [_read_item(item.raw, item.offset) for item in items[: 50 * MOST_DRAFTED]]


def _read_item(raw: bytes, offset: int) -> Parsed:
    try:
        return read_submission(raw, _BOUNDS, offset=offset)
    except WirefoldError as error:
        return error


def _read_opml(body: bytes) -> list[Parsed]:
    outlines = read_opml(body)
    if [each.url for each in read_opml(write_opml(outlines))] != [each.url for each in outlines]:
        raise AssertionError("a list of feeds is not written as it was read")
    return []


def _read_robots(body: bytes) -> list[Parsed]:
    rules = read_robots(body.decode("utf-8", "replace"))
    for path in _PATHS:
        rules.allow(path)
    return []


def _read_date(body: bytes) -> list[Parsed]:
    text = body.decode("utf-8", "surrogateescape")
    moment = read_moment(text, field="published_at")
    read_deadline(text, field="embargoed_until")
    if moment is not None:
        moment.isoformat()
        moment.timestamp()
    return []


def _read_url(body: bytes) -> list[Parsed]:
    text = body.decode("utf-8", "surrogateescape")
    host_of(text)
    site_of(text)
    normal = normalise(text)
    if normal is not None and len(normal) < LONGEST and normalise(normal) != normal:
        raise AssertionError("what is normalised is not normal")
    return []


_TARGETS: dict[str, Callable[[bytes], list[Parsed]]] = {
    "ndjson": lambda body: _cut(LineCutter(max_item_bytes=_BOUNDS.item_bytes), body),
    "array": lambda body: _cut(ArrayCutter(max_item_bytes=_BOUNDS.item_bytes), body),
    "opml": _read_opml,
    "robots": _read_robots,
    "date": _read_date,
    "url": _read_url,
}
