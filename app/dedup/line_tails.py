"""What clings to a paragraph: sign-offs, disclaimers and page furniture printed on the same line.

Owns the spans to cut out of a line that is otherwise the story's text. Everything is found by a
literal first and confirmed by a bounded pattern around it, so the cost is one scan per literal.
"""

import re
from typing import NamedTuple

from app.dedup.model import Provenance, Role
from app.dedup.phrases.agencies import agency_named
from app.dedup.phrases.credits import DISCLAIMERS


class Cut(NamedTuple):
    """A span of a text that has a role of its own."""

    start: int
    end: int
    role: Role


_SENTENCE_MAX = 420
_BEFORE = '.!?。！？”"»)）]؟'

_INLINE: tuple[tuple[str, re.Pattern[str], Role], ...] = tuple(
    (literal, re.compile(pattern), role)
    for literal, pattern, role in (
        ("give feedback", r"give feedback(?:\s*\d{1,3}(?:\.\d{1,3}){1,3})?\s*$", Role.FURNITURE),
        (
            "story continue",
            r"(?:advertisement\s*[-–—]?\s*)?story continue[sd] below(?: advertisement)?",
            Role.FURNITURE,
        ),
        (
            "article continues below",
            r"article continues (?:after|below)(?: (?:this )?(?:advertisement|the ad))?",
            Role.FURNITURE,
        ),
        (
            "continue reading the main story",
            r"(?:advertisement )?continue reading the main story",
            Role.FURNITURE,
        ),
        ("continue reading below", r"(?:advertisement )?continue reading below", Role.FURNITURE),
        ("fox news app", r"click (?:here )?(?:to get|for) the fox news app\.?", Role.FURNITURE),
        ("fox news app", r"get the fox news app\.?", Role.FURNITURE),
        (
            "copyright ©",
            r"copyright © ?\d{4} [^.\n]{2,60}(?:, (?:llc|inc)\.?|\.)?(?: all rights reserved\.)?(?: click here for reprint permission\.)?\s*$",
            Role.FURNITURE,
        ),
        ("trust principles", r"our standards:\s*the thomson reuters trust principles\.?", Role.SIGN_OFF),
        ("daily newsletters", r"sign up for daily newsletters(?: manage newsletters)?", Role.FURNITURE),
        (
            "sign up for our",
            r"sign up for our [^.!?\n]{0,80}newsletters?[^.!?\n]{0,60}(?:[.!]|$)",
            Role.FURNITURE,
        ),
        (
            "subscribe to our",
            r"subscribe to our [^.!?\n]{0,80}(?:newsletters?|channel)[^.!?\n]{0,60}(?:[.!]|$)",
            Role.FURNITURE,
        ),
        (
            "all rights reserved. this material",
            r"(?:copyright[^.\n]{0,60}\.\s*)?all rights reserved\. this material may not be published[^.\n]{0,80}\.",
            Role.FURNITURE,
        ),
        ("toggle caption", r"enlarge this image toggle caption", Role.FURNITURE),
        (
            "source text for",
            r"source text (?:for eikon|in)[^.\n]{0,40}[.:]?(?:\s*further company coverage[^.\n]{0,20}\.?)?",
            Role.FURNITURE,
        ),
        ("share tweet", r"(?:share this article )?share tweet(?: post)?(?: email)?", Role.FURNITURE),
    )
)

_SIGNED = tuple(
    ["(reporting by", "(reporting and", "(writing by", "(editing by", "(additional reporting", "(compiled by", "reporting by ", "additional reporting by ", "writing by ", "(reporte de", "(reportes de", "reporte de ", "(reportagem de", "(reportage ", "(con información de", "(información de", "(editado por", "(mit material von", "(geschrieben von", "(bearbeitet von", "(por ", "(with inputs", "(by "]
)
_EDITED_BY = re.compile(
    r"[;.)]\s*(?:editing|edited|writing|written|additional reporting|compiled|editado|editada|édité|redigiert|traducido|edição|escrito|pour le)\b"
)
_TAIL_AGENCY = re.compile(
    r"(?<=[.!?”\"»)।])\s*(?:[-–—]{1,3}\s*)?(?:PTI|IANS|ANI|UNI|INN|BERNAMA|ANTARA)(?:[\s/]+[A-Za-z]{2,8}){0,8}\s*$|\s*[-–—]{1,3}\s*(?:IANS|ANI|PTI|BERNAMA|AFP|Reuters|Xinhua|UNI)(?:[\s/]+[a-z]{2,8}){0,6}\s*$"
)
_TAIL_INITIALS = re.compile(
    r"(?:^|(?<=[.!?”\"“»)]))\s*(?:[(\[]\s*)?(?:[A-Za-zäöüß]{2,5})(?:/[A-Za-zäöüß]{2,5}){1,5}(?:\s*[)\]])?\s*$|(?<=[.!?”\"“»])\s*\([a-zäöü]{2,4}\)\s*$"
)
_TAIL_BRACKET = re.compile(r"\s*[-–—]?\s*[(\[（【]\s*([^()\[\]（）【】\n]{1,40}?)\s*[)\]）】]\s*[.。]?\s*$")
_THE_END = frozenset(["完", "完了", "了", "end", "ends", "konec", "koniec", "ende", "fin", "fim", "fine", "конец", "кінець"])
_CONTRIBUTED = re.compile(
    r"contributed (?:to|reporting|reporting to)\s*(?:this (?:report|story|article|dispatch|post)|from|$)"
)


def inline_cuts(text: str, low: str) -> list[Cut]:
    """Furniture anywhere in the text, found by its literal. Not sorted; spans may touch."""
    found: list[Cut] = []
    for literal, pattern, role in _INLINE:
        at = low.find(literal)
        while at >= 0:
            line_start = max(low.rfind("\n", max(0, at - 120), at) + 1, at - 120, 0)
            line_end = low.find("\n", at, at + 300)
            line_end = min(at + 300, len(low)) if line_end < 0 else line_end
            match = pattern.search(low, line_start, line_end)
            if match and match.end() > match.start():
                found.append(Cut(match.start(), match.end(), role))
                at = max(match.end(), at + len(literal))
            else:
                at += len(literal)
            at = low.find(literal, at)
    return found


def disclaimers(text: str, low: str) -> list[tuple[Cut, Provenance | None]]:
    """Disclaimers anywhere in the text, with what they say of it."""
    found: list[tuple[Cut, Provenance | None]] = []
    for first, second, provenance in DISCLAIMERS:
        at = low.find(first)
        while at >= 0:
            start, end = _sentence_around(low, at, at + len(first))
            said = low[start:end]
            fits = end - start <= _SENTENCE_MAX and second in said
            if first == "contributed to this" and not _CONTRIBUTED.search(said):
                fits = False
            if (
                fits
                and provenance is Provenance.EDITED
                and not (low[start] in "([（*-–—" or end - start <= 200)
            ):
                fits = False
            if fits:
                found.append((Cut(start, end, Role.DISCLAIMER), provenance))
                at = end
            at = low.find(first, at + len(first))
    return found


def _sentence_around(low: str, start: int, end: int) -> tuple[int, int]:
    """The bracket around ``[start, end)`` on its line, else its sentence."""
    line_start = low.rfind("\n", max(0, start - _SENTENCE_MAX), start) + 1 or max(0, start - _SENTENCE_MAX)
    line_end = low.find("\n", end, end + _SENTENCE_MAX)
    line_end = min(len(low), end + _SENTENCE_MAX) if line_end < 0 else line_end
    opening = max(low.rfind(c, line_start, start) for c in "([（")
    if opening >= 0 and not any(c in low[opening:start] for c in ")]）"):
        closing = min((p for p in (low.find(c, end, line_end) for c in ")]）") if p >= 0), default=-1)
        if closing >= 0:
            return opening, closing + 1
        return opening, line_end
    left = max(low.rfind(c, line_start, start) for c in (". ", "! ", "? ", ".” ", '." '))
    left = left + 2 if left >= 0 else line_start
    right = min((p for p in (low.find(c, end, line_end) for c in (". ", "! ", "? ")) if p >= 0), default=-1)
    right = right + 1 if right >= 0 else line_end
    while left < start and low[left] in " \t\u00a0":
        left += 1
    return left, right


def sign_off(line: str, low: str) -> int | None:
    """Where the sign-off at the end of a line begins; None if the line ends with the story."""
    tail_from = max(0, len(line) - _SENTENCE_MAX)
    for opening in _SIGNED:
        at = low.rfind(opening, tail_from) if opening in low else -1
        if at < 0 or (at and opening[0] != "(" and line[at - 1] not in " \t\u00a0([（"):
            continue
        before = line[:at].rstrip()
        if before and before[-1] not in _BEFORE + "’'…":
            continue
        if opening[0] == "(" and (low.rstrip(" .")[-1:] in ")" or len(line) - at <= 240):
            return at
        if _EDITED_BY.search(low, at):
            return at
    tail = line[-120:]
    shift = len(line) - len(tail)
    for pattern in (_TAIL_AGENCY, _TAIL_INITIALS):
        match = pattern.search(tail)
        if match:
            return shift + match.start()
    bracket = _TAIL_BRACKET.search(tail) if tail.rstrip(" .。")[-1:] in {")", "]", "）", "】"} else None
    if bracket:
        said = bracket.group(1)
        if agency_named(said, vouched=False) is not None or said.strip().lower() in _THE_END:
            return shift + bracket.start()
    return None
