"""The role of one line, judged by its own words: table look-ups first, bounded patterns after.

Owns the judgement of a line; where it stands on the page is judged in ``app.dedup.passages``.
A line without a reason to be anything else is None, the story's text. Costs do not grow with
the tables: openers are found by their first two characters, whole lines by hash.
"""

import re
from collections import defaultdict
from collections.abc import Iterable

from app.dedup.model import Role
from app.dedup.phrases.agencies import agency_named
from app.dedup.phrases.calendar import MONTHS, TIME_LABELS, TIME_WORDS, WEEKDAYS
from app.dedup.phrases.credits import (
    ADVISORY_OPENERS,
    BYLINE_OPENERS,
    CAPTION_OPENERS,
    CREDIT_OPENERS,
    PICTURE_OPENERS,
    SIGN_OFF_OPENERS,
    SOURCE_LABELS,
)
from app.dedup.phrases.furniture import HEADINGS, LINES, OPENERS
from app.dedup.wiretags import read_advisory

_LONGEST = 420
"""Characters of a line beyond which it is a paragraph whatever it opens with."""
_MARKS = " \t\u00a0\u200b\u200e\ufeff.,:;!?…-–—_*#|>«»\"'“”‘’()[]{}<•·▪■►▶→➡️👀/\\+=~`："
_BULLETS = " \t\u00a0\u200b\u200e\ufeff*•·▪■●►▶▸➤→»>|#-–—👉👀📌"
_ENDERS = (".", "!", "?", "。", "！", "？", "”", '"', "»", "؟", "।", "…", ":", "：")
_CLOSING = {"(": ")", "（": "）", "[": "]", "*": "*"}
_AMBIGUOUS = frozenset({"out", "set", "may", "mar"})
"""Months that are ordinary words of other languages ("4.5 out of 5")."""

_TOKENS = re.compile(r"[^\W\d_]+|\d+")
_DIGIT = re.compile(r"\d")
_CLOCK = re.compile(r"\d:\d\d")
_BARS = re.compile(r"\s*[|•·¦]\s*")
_LAST_BRACKET = re.compile(r"[(\[（【]([^()\[\]（）【】\n]{2,120})[)\]）】][\s.]*$")
_PICTURE = re.compile(
    r"photo\b|photo[/:s]|getty|shutterstock|istock|alamy|imago\b|pixabay|unsplash|\bimage\b|\bpool photo|courtesy"
    r"|\bvia (?:ap|reuters|getty|afp)\b|\bfile (?:photo|picture|image)|screenshot|screengrab|handout|wikimedia"
    r"|flickr|\bepa\b|zuma|^foto[ :/]|^фото[ :/]|写真|صورة|^(?:ap|afp|reuters)/\w"
    r"|\w/(?:ap|afp|reuters|tass|dpa|epa|sipa|nyt|bloomberg|upi|pa|pti|ani|xinhua|anadolu)\b"
)
_PICTURE_CREDIT = re.compile(
    r"getty images?|ap photos?\b|/ap\b|/afp\b|/reuters\b|shutterstock|istock|alamy|usa today sports|epa-efe|pixabay"
    r"|unsplash|depositphotos"
)
_NAME = r"[^\W\d_a-zß-öø-ÿа-я][\w'’.@-]*"
_JOINT = r"de|la|van|von|der|den|da|dos|do|el|al|bin|and|y|et|und|e|for|in|of|the|with|&|и|і"
_AFTER_BY = re.compile(
    rf"\s*{_NAME}(?:[ ,/|]{{1,3}}(?:{_NAME}|{_JOINT}|\d{{1,2}})){{0,14}}\s*(?:[|•—-]|\(.{{0,40}}\))?\s*"
)
_DESK_ADDRESS = re.compile(r"\({1,2}[^()\n]*\w@\w[^()\n]*\){1,2}")
"""((first.last@agency.example; +47 555 1234)): whom clients of a wire may ask."""
_ADDRESS = re.compile(
    r"(?:https?://|www\.)\S+|\S+@\S+\.\w+|(?:[#@]\w+[\s,]*){1,12}|(?:pic\.)?twitter\.com/\S+"
)


_Rows = tuple[tuple[str, Role, int], ...]


def _by_start(tables: Iterable[tuple[Iterable[str], Role, int]]) -> dict[str, tuple[tuple[str, ...], _Rows]]:
    """Openers by their first two characters: the phrases alone, for one quick look, and their rows."""
    buckets: defaultdict[str, list[tuple[str, Role, int]]] = defaultdict(list)
    for phrases, role, longest in tables:
        for phrase in phrases:
            buckets[phrase[:2]].append((phrase, role, longest))
    ordered = {start: sorted(rows, key=lambda row: -len(row[0])) for start, rows in buckets.items()}
    return {start: (tuple(row[0] for row in rows), tuple(rows)) for start, rows in ordered.items()}


_OPENERS = _by_start(
    [
        (SIGN_OFF_OPENERS, Role.SIGN_OFF, _LONGEST),
        (ADVISORY_OPENERS, Role.ADVISORY, 400),
        (CAPTION_OPENERS, Role.CAPTION, 400),
        (PICTURE_OPENERS, Role.CAPTION, 120),
        (CREDIT_OPENERS, Role.CREDIT, 160),
        (BYLINE_OPENERS, Role.BYLINE, 90),
        *((phrases, Role.FURNITURE, longest) for longest, phrases in OPENERS.items()),
    ]
)
_NONE: tuple[tuple[str, ...], _Rows] = ((), ())
_NAMED_AFTER = frozenset(p for p in BYLINE_OPENERS if p.endswith(" "))
"""Words that open sentences too ("By the time ..."); only names may follow them."""
_LABELS = frozenset(SOURCE_LABELS)


def role_of(line: str, low: str) -> Role | None:
    """The role of a line (stripped; ``low`` is it in lower case), None where nothing speaks against body."""
    size = len(line)
    if size > _LONGEST:
        return None
    if size <= 120:
        key = low.strip(_MARKS)
        if not key:
            return Role.FURNITURE
        if (key in LINES or key in HEADINGS) and _stands_alone(line, key):
            return Role.FURNITURE
    role = _opened(line, low)
    if role is None and low[0] in _BULLETS:
        bare = low.lstrip(_BULLETS)
        role = _opened(line[size - len(bare) :], bare) if bare else None
    return role or _by_form(line, low)


def is_heading(line: str, low: str) -> bool:
    """Whether the line heads a list of links ("Related articles")."""
    if len(line) > 60:
        return False
    key = low.strip(_MARKS)
    return key in HEADINGS and _stands_alone(line, key)


def ends_sentence(line: str) -> bool:
    """Whether the line ends as a sentence does, or announces what follows."""
    return line.rstrip(" )]）】'’").endswith(_ENDERS)


def is_labelled(low: str) -> bool:
    """Whether a line that tells a time says what it is the time of ("Updated ...")."""
    return not TIME_LABELS.isdisjoint(_TOKENS.findall(low[:200]))


def parts_between_bars(line: str, low: str) -> list[tuple[Role, int, int]] | None:
    """A by-line and times between bars ("Reuters | Updated: ..."); None if the line is not one."""
    if len(line) > 240 or not _has_bar(line) or not _DIGIT.search(line):
        return None
    cuts = [m.span() for m in _BARS.finditer(line)]
    if not cuts or len(cuts) > 10:
        return None
    edges = [0, *(edge for cut in cuts for edge in cut), len(line)]
    parts: list[tuple[Role, int, int]] = []
    sure = False
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        part = low[start:end]
        if _tells_time(part):
            parts.append((Role.TIMESTAMP, start, end))
            sure = sure or is_labelled(part) or _CLOCK.search(part) is not None
        elif end - start <= 60 and not ends_sentence(part):
            parts.append((Role.BYLINE, start, end))
        else:
            return None
    return [part for part in parts if part[1] < part[2]] if sure else None


def _has_bar(line: str) -> bool:
    return "|" in line or "•" in line or "·" in line or "¦" in line


def _opened(line: str, low: str) -> Role | None:
    phrases, rows = _OPENERS.get(low[:2], _NONE)
    if not low.startswith(phrases):
        return None
    size = len(line)
    for phrase, role, longest in rows:
        if size > longest or not low.startswith(phrase):
            continue
        if phrase in _NAMED_AFTER and not _names(line[len(phrase) :]):
            continue
        if phrase in _LABELS and not _few(low[len(phrase) :]):
            continue
        return role
    return None


def _names(rest: str) -> bool:
    # the first word is never an article: "By the Numbers" is a headline
    return (
        not rest.lstrip().lower().startswith(("the ", "el ", "la ")) and _AFTER_BY.fullmatch(rest) is not None
    )


def _few(source: str) -> bool:
    return source.count(" ") <= 5 or (
        len(source) <= 90 and (" via " in source or "/" in source or "«" in source)
    )


def _stands_alone(line: str, key: str) -> bool:
    # the last word of a wrapped paragraph ("share.") is no button
    return " " in key or not (line[0].islower() or line.endswith("."))


def _by_form(line: str, low: str) -> Role | None:
    size, first, last = len(line), line[0], line[-1]
    if size <= 90 and _DIGIT.search(line) and _tells_time(low):
        return Role.TIMESTAMP
    if last in ")]）】" or line.endswith((").", "].")):
        bracket = _LAST_BRACKET.search(line, max(0, size - 130))
        if bracket and _PICTURE.search(bracket.group(1).lower()) and agency_named(bracket.group(1)) is None:
            return Role.CAPTION if bracket.start() <= 300 else None
    caption = size <= 300 and last not in _ENDERS and " " in line and "://" not in line
    if caption and _PICTURE_CREDIT.search(low, max(0, size - 70)):
        return Role.CAPTION
    if size <= 48 and size and agency_named(line, vouched=False) is not None:
        return Role.CREDIT
    if (
        first in _CLOSING
        and size <= 400
        and line.find(_CLOSING[first], 1) >= size - 2
        and read_advisory(line)
    ):
        return Role.ADVISORY
    if first == "(" and size <= 300 and "@" in line and _DESK_ADDRESS.fullmatch(line):
        return Role.SIGN_OFF
    if size <= 120 and (first in "#@" or "://" in line or "@" in line or low.startswith("www.")):
        return Role.FURNITURE if _ADDRESS.fullmatch(line) else None
    return None


def _tells_time(low: str) -> bool:
    """Whether nothing but a date, a clock and their labels stands here."""
    tokens = _TOKENS.findall(low[:200])
    numbers = sum(token[0].isdigit() for token in tokens)
    if not numbers or len(tokens) > 26 or len(low) < 5:
        return False
    words = [token for token in tokens if not token[0].isdigit()]
    if any(w not in TIME_WORDS and w not in MONTHS and w not in WEEKDAYS for w in words):
        return False
    clock = _CLOCK.search(low) is not None
    if not words:
        return (numbers in {5, 6} and clock) or (
            numbers == 3 and len(low) in {8, 9, 10} and not low.isdigit()
        )
    dated = any(w in MONTHS and (w not in _AMBIGUOUS or len(words) == 1) for w in words) or "年" in words
    return dated or clock or not TIME_LABELS.isdisjoint(words) or "ago" in words or "назад" in words
