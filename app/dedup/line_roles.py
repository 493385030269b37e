"""The role of one line, judged by its own words: table look-ups first, bounded patterns after.

Owns the judgement of a line; where it stands on the page is judged in ``app.dedup.passages``.
A line without a reason to be anything else is None, the story's text. Costs do not grow with
the tables: openers are found by their first two characters, whole lines by hash.
"""

import re
from collections import defaultdict

from app.dedup.model import Role
from app.dedup.phrases.agencies import agency_named
from app.dedup.phrases.calendar import MONTHS, TIME_WORDS, WEEKDAYS
from app.dedup.phrases.credits import (
    BYLINE_OPENERS,
    CAPTION_OPENERS,
    CREDIT_OPENERS,
    SIGN_OFF_OPENERS,
)
from app.dedup.phrases.furniture import HEADINGS, LINES, OPENERS
from app.dedup.wiretags import read_advisory

LONGEST = 700
"""Characters of a line beyond which it is a paragraph whatever it opens with."""

_MARKS = " \t\u00a0\u200b\ufeff.,:;!?…-–—_*#|>«»\"'“”‘’()[]{}<•·▪■►▶→/\\+=~`："
_TIMES = TIME_WORDS | WEEKDAYS | MONTHS.keys()
_LABELS = frozenset(
    ["updated", "update", "created", "posted", "published", "publicado", "actualizado", "atualizado", "publié", "veröffentlicht", "aktualisiert", "pubblicato", "aggiornato", "опубликовано", "обновлено", "опубліковано", "оновлено", "نشر", "发布时间", "更新时间", "发布", "公開", "配信", "更新", "입력", "수정", "기사입력", "stand", "modified"]
)
_TOKENS = re.compile(r"[^\W\d_]+|\d+")
_SEPARATORS = re.compile(r"\s*[|•·¦]\s*|\s+[—–/]\s+|\s{3,}")
_LAST_BRACKET = re.compile(r"[(\[（【]([^()\[\]（）【】\n]{2,120})[)\]）】][\s.]*$")
_PICTURE = re.compile(
    r"photo|getty|shutterstock|istock|alamy|imago\b|pixabay|unsplash|\bimage|\bvia (?:ap|reuters|getty|afp)|\bpool\b|courtesy|\bfile\b|"
    r"screenshot|screengrab|handout|wikimedia|flickr|\bepa\b|zuma|foto\b|фото|写真|صورة|picture|"
    r"\w/(?:ap|afp|reuters|tass|dpa|epa|sipa|nyt|bloomberg|upi|pa|pti|ani|xinhua|anadolu)\b|^(?:ap|afp|reuters)/\w"
)
_PICTURE_TAIL = re.compile(
    r"(?:\||/|©|image credit:|photo credit:|credit:|photo by|photo:|foto:|фото:|photograph:|[.”\"] )\s*[^|\n]{0,60}(?:getty images?|ap photo|/ap\b|/afp\b|/reuters|"
    r"shutterstock|istock|alamy|usa today sports|epa-efe|pixabay|unsplash)[^|\n]{0,40}$"
)
_NAMES = re.compile(
    r"(?:By|BY|Por|POR|Par|PAR|Von|VON|Di|DI|Door|Oleh|by)\s*:?\s+(?:[A-ZÀ-ÝŠŽ][\w'’.\-]*|de|la|van|von|der|den|da|dos|do|el|al|bin|and|y|et|und|e|for|in|&|with)"
    r"(?:[ ,/|]{1,3}(?:[A-ZÀ-ÝŠŽ@][\w'’.@\-]*|de|la|van|von|der|den|da|dos|do|el|al|bin|and|y|et|und|e|for|in|of|the|&|with|\d{1,2})){0,14}\s*[|•—-]?\s*"
)
_ADDRESS = re.compile(
    r"(?:https?://|www\.)\S+|\S+@\S+\.\w+|(?:[#@]\w+[\s,]*){1,12}|(?:pic\.)?twitter\.com/\S+"
)
_NOTE = re.compile(
    r"(?:editor[’']?s['’]? note|editors[’'] note|ed\. note|correction|clarification|corrections?(?: &| and) clarifications?|this (?:story|article|post|report) (?:has been|was) (?:corrected|updated|amended|changed)|"
    r"update[ds]?:? (?:this|an earlier)|an earlier version of this|a previous version of this|eds\.?:|berichtigung|korrektur|anmerkung der redaktion|anm\. d\. red|nota del editor|nota de la redacción|"
    r"nota da redação|correção|erramos|corrección|rectificación|fe de errores|note de la rédaction|rectificatif|erratum|nota della redazione|errata corrige|"
    r"исправление|поправка|от редакции:|примечание редакции|订正|更正|訂正)\b"
)
_ENDERS = (".", "!", "?", "。", "！", "？", "”", '"', "»", "؟", "।", "…")


def _by_start(pairs: list[tuple[str, tuple[Role, int]]]) -> dict[str, tuple[tuple[str, Role, int], ...]]:
    table: defaultdict[str, list[tuple[str, Role, int]]] = defaultdict(list)
    for phrase, (role, longest) in pairs:
        if len(phrase) >= 2:
            table[phrase[:2]].append((phrase, role, longest))
    return {start: tuple(sorted(rows, key=lambda r: -len(r[0]))) for start, rows in table.items()}


_OPENERS = _by_start(
    [(p, (Role.SIGN_OFF, 420)) for p in SIGN_OFF_OPENERS]
    + [(p, (Role.CAPTION, 260)) for p in CAPTION_OPENERS]
    + [(p, (Role.CREDIT, 160)) for p in CREDIT_OPENERS]
    + [(p, (Role.BYLINE, 90)) for p in BYLINE_OPENERS]
    + [(p, (Role.FURNITURE, longest)) for longest, phrases in OPENERS.items() for p in phrases]
)
_SINGLE = frozenset("▲△▼▶☞►→©ⓒ文")
_DOUBTFUL = frozenset(p for p in BYLINE_OPENERS if p.endswith(" ") and p.isascii())
"""Words that open sentences too; only names may follow them."""


def role_of(line: str, low: str) -> Role | None:
    """The role of a line (stripped; ``low`` is it in lower case), None where nothing speaks against body."""
    size = len(line)
    if size > LONGEST:
        return None
    if size <= 120:
        key = low.strip(_MARKS)
        if not key:
            return Role.FURNITURE
        if (key in LINES or key in HEADINGS) and _stands_alone(line, key):
            return Role.FURNITURE
    rows = _OPENERS.get(low[:2])
    if rows:
        for phrase, role, longest in rows:
            if (
                size <= longest
                and low.startswith(phrase)
                and (phrase not in _DOUBTFUL or _NAMES.fullmatch(line))
            ):
                return role
    return _by_form(line, low) if size <= 420 else None


def is_heading(line: str, low: str) -> bool:
    """Whether the line heads a list of links ("Related articles")."""
    if len(line) > 60:
        return False
    key = low.strip(_MARKS)
    return key in HEADINGS and _stands_alone(line, key)


def ends_sentence(line: str) -> bool:
    """Whether the line ends as a sentence does."""
    return line.rstrip(" )]）】'’").endswith(_ENDERS)


def _stands_alone(line: str, key: str) -> bool:
    # the last word of a wrapped paragraph ("share.") is no button
    return " " in key or not (line[0].islower() or line.endswith("."))


def _by_form(line: str, low: str) -> Role | None:
    size = len(line)
    if size <= 200 and _is_time(low, size):
        return Role.TIMESTAMP
    last = line[-1]
    if last in ")]）】." and ("(" in line or "[" in line or "（" in line or "【" in line):
        bracket = _LAST_BRACKET.search(line)
        if bracket and _PICTURE.search(bracket.group(1).lower()) and agency_named(bracket.group(1)) is None:
            return Role.CAPTION if size - len(bracket.group()) <= 300 else None
    if size <= 300 and _PICTURE_TAIL.search(low):
        return Role.CAPTION
    if size <= 48 and agency_named(line, vouched=False) is not None:
        return Role.CREDIT
    first = line[0]
    if first in "(（[*" and size <= 400 and read_advisory(line) and (last in ")）]" or first == "*"):
        return Role.ADVISORY
    if _NOTE.match(low.lstrip("(*[ ")):
        return Role.ADVISORY
    if size <= 120 and _ADDRESS.fullmatch(line):
        return Role.FURNITURE
    return None


def _is_time(low: str, size: int) -> bool:
    """Whether nothing but a date, a clock and their labels stands here."""
    tokens = _TOKENS.findall(low[:200])
    numbers = sum(t[0].isdigit() for t in tokens)
    if not numbers or len(tokens) > 26 or size < 5:
        return False
    words = [t for t in tokens if not t[0].isdigit()]
    if any(t not in _TIMES for t in words):
        return False
    labelled = any(t in _LABELS for t in words)
    dated = any(t in MONTHS for t in words) or "年" in low
    clock = ":" in low and bool(words)
    numeric = (
        numbers >= 3 and any(c in low for c in "./-") and (clock or labelled or numbers in {3, 5, 6, 8, 10})
    )
    if not words:
        return (
            (numbers in {5, 6}
            and ":" in low)
            or (numbers == 3
            and len(low) in {8, 9, 10}
            and any(len(t) == 4 for t in tokens))
        )
    return labelled or (dated and numbers >= 1) or clock or numeric or "ago" in words or "назад" in words


def split_by_marks(line: str, low: str) -> list[tuple[Role, int, int]] | None:
    """A line of parts between bars of which some are times: who before, when after; None if it is not one."""
    if len(line) > 240 or not any(c.isdigit() for c in line[:240]):
        return None
    cuts = [m.span() for m in _SEPARATORS.finditer(line)]
    if not cuts or len(cuts) > 10:
        return None
    starts = [0] + [end for _, end in cuts]
    ends = [start for start, _ in cuts] + [len(line)]
    parts: list[tuple[Role, int, int]] = []
    times = 0
    for start, end in zip(starts, ends, strict=True):
        if start >= end:
            continue
        if _is_time(low[start:end], end - start):
            parts.append((Role.TIMESTAMP, start, end))
            times += 1
        elif end - start <= 60 and not ends_sentence(line[start:end]):
            parts.append((Role.BYLINE, start, end))
        else:
            return None
    return parts if times else None
