"""What clings to a paragraph: sign-offs, disclaimers and page furniture printed on the same line.

Owns the spans to cut out of a line that is otherwise the story's text. Everything is found by a
literal first and confirmed by a bounded pattern around it, so the cost is one scan per literal.
A page holds few of these: after ``_MOST`` of one kind the rest is left alone.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from app.dedup.model import Provenance, Role
from app.dedup.phrases import listed
from app.dedup.phrases.agencies import agency_named
from app.dedup.phrases.credits import DISCLAIMERS


class Cut(NamedTuple):
    """A span of a text that has a role of its own."""

    start: int
    end: int
    role: Role


_MOST = 64
_SENTENCE_MAX = 420
_BEFORE = ".!?。！？”\"»)）]؟’'…"
_STOPS = (". ", "! ", "? ", ".” ", '." ')

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
            "article continues",
            r"article continues (?:after|below)(?: (?:this )?(?:advertisement|the ad))?",
            Role.FURNITURE,
        ),
        (
            "continue reading",
            r"(?:advertisement )?continue reading (?:the main story|below)",
            Role.FURNITURE,
        ),
        (
            "fox news app",
            r"(?:click (?:here )?(?:to get|for|to check out) |get )the fox news app\.?",
            Role.FURNITURE,
        ),
        (
            "copyright ©",
            r"copyright © ?\d{4} [^.\n]{2,60}\.?(?: all rights reserved\.| click here for reprint permission\.)*\s*$",
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
            r"(?:copyright[^.\n]{0,60}\.\s*)?all rights reserved\. this material may not be [^.\n]{0,90}\.",
            Role.FURNITURE,
        ),
        ("toggle caption", r"enlarge this image toggle caption", Role.FURNITURE),
        (
            "source text for",
            r"source text for[^.\n]{0,40}[.:]?(?:\s*further company coverage[^.\n]{0,20}\.?)?",
            Role.FURNITURE,
        ),
        ("share tweet", r"(?:share this article )?share tweet(?: post)?(?: email)?", Role.FURNITURE),
    )
)

_SIGNED = listed("""
(reporting by | (reporting and | (writing by | (editing by | (additional reporting | (compiled by
reporting by_ | additional reporting by_ | writing by_ | compiled by_
(reporte de | (reportes de | reporte de_ | (con información de | (información de | (editado por | (traducido por
(reportagem de | (reportage | (version française | (mit material von | (geschrieben von | (bearbeitet von
(with inputs
""")
_GATES = ("(", "reporting by ", "writing by ", "compiled by ", "reporte de ")
"""One of these is in every sign-off of ``_SIGNED``."""
_ENDS = frozenset('.!?”"»…')
_CLOSING = frozenset(")]）】")
_EDITED_BY = re.compile(
    r"[;.)]\s*(?:editing|edited|writing|written|additional reporting|compiled|editado|editada|édité|redigiert"
    r"|traducido|edição|escrito|pour le)\b"
)
_TAIL_AGENCY = re.compile(
    r"(?<=[.!?”\"»)।])\s*(?:PTI|IANS|ANI|UNI|INN|BERNAMA|ANTARA)(?:[\s/]+[A-Za-z]{2,8}){0,8}\s*$"
    r"|\s*[-–—]{1,3}\s*(?:IANS|ANI|PTI|BERNAMA|AFP|AP|Reuters|Xinhua|UNI|dpa)(?:[\s/]+[a-z]{2,8}){0,6}\s*$"
)
_INITIALS = re.compile(
    r"(?:^|(?<=[.!?”\"“»)]))\s*[(\[]?\s*(?P<all>[a-zäöüß]{2,5}(?:/[a-zäöüß]{2,5}){1,5}|[A-Z]{2,4}(?:/[A-Z]{2,4}){1,3}"
    r"|[a-zäöü]{2,4}(?:/[A-Za-z]{2,7}){1,4}|[A-Z][a-z]{2}(?:/[A-Z][a-z]{1,2}\d?){1,3})\s*[)\]]?\s*$"
    r"|(?<=[.!?\"“”»])\s*\([a-zäöü]{2,4}\)\s*$|^\([a-zäöü]{2,4}\)$"
)
_TAIL_BRACKET = re.compile(r"\s*[-–—]?\s*[(\[（【]\s*([^()\[\]（）【】\n]{1,40}?)\s*[)\]）】]\s*[.。]?\s*$")
_REPORTER = re.compile(
    r"(?:[가-힣]{1,8}\s?[=ㅣ]\s?)?(?:[가-힣]{2,8}\s?){1,2}기자\s*[(\[]?[\w.+-]{1,40}@[\w-]{1,40}(?:\.[\w-]{1,20}){1,3}"
)
"""A Korean reporter's name and e-mail address."""
_THE_END = frozenset(
    listed("完 | 完了 | 了 | end | ends | konec | koniec | ende | fin | fim | fine | конец | кінець")
)
_CONTRIBUTED = re.compile(r"contributed (?:to|reporting to)\s*this (?:report|story|article|dispatch|post)")
_STEMS = listed("""
edited | edit | feed | automat | inputs | contributed | material | inform | files from | bearbeitet | wire | agenc | agênc
avec_ | agentur | auto | modific | modifi | использован
""")
"""Every disclaimer's literal holds one of these: one scan a stem, not one a phrase."""
_BY_STEM = {
    stem: [row for row in DISCLAIMERS if next((s for s in _STEMS if s in row[0]), "") == stem]
    for stem in (*_STEMS, "")
}
_ANYWHERE = ("contributed to this", "based on wire", "based in part on wire")
"""Literals of disclaimers that open with whom they name."""


def inline_cuts(low: str) -> list[Cut]:
    """Furniture anywhere in the text (given in lower case), not sorted; spans may touch."""
    found: list[Cut] = []
    for literal, pattern, role in _INLINE:
        if literal not in low:
            continue
        for at in _places(low, literal):
            line_start = max(low.rfind("\n", max(0, at - 120), at) + 1, at - 120, 0)
            line_end = _line_end(low, at, at + 300)
            match = pattern.search(low, line_start, line_end)
            if match and match.end() > match.start():
                found.append(Cut(match.start(), match.end(), role))
    return found


def disclaimers(low: str) -> list[tuple[Cut, Provenance]]:
    """Disclaimers anywhere in the text (given in lower case), with what they say of it."""
    found: list[tuple[Cut, Provenance]] = []
    for first, second, provenance in _likely(low):
        for at in _places(low, first):
            start, end = _sentence_around(low, at, at + len(first))
            said = low[start:end]
            if len(said) > _SENTENCE_MAX or second not in said:
                continue
            if provenance is Provenance.EDITED and not _credits(said, first, at - start):
                continue
            found.append((Cut(start, end, Role.DISCLAIMER), provenance))
    return found


def sign_off(line: str, low: str) -> int | None:
    """Where the sign-off at the end of a line begins; None if the line ends with the story."""
    tail_from = max(0, len(line) - _SENTENCE_MAX)
    end = low[tail_from:]
    for opening in _SIGNED if any(gate in end for gate in _GATES) else ():
        at = low.rfind(opening, tail_from)
        if at < 0 or (at and opening[0] != "(" and line[at - 1] not in " \t\u00a0([（"):
            continue
        before = line[:at].rstrip()
        if before and before[-1] not in _BEFORE:
            continue
        if opening[0] == "(" and (low.rstrip(" .").endswith(")") or len(line) - at <= 240):
            return at
        if _EDITED_BY.search(low, at):
            return at
    # a Korean story ends with its reporter's address; what follows on the line are the page's links
    reporter = _REPORTER.search(line) if "기자" in low and "@" in low else None
    if reporter and line[: reporter.start()].rstrip()[-1:] in _ENDS:
        return reporter.start()
    if line[-1] in _ENDS and line.rstrip(" .。")[-1:] not in _CLOSING:
        return None
    tail = line[-120:]
    shift = len(line) - len(tail)
    match = _TAIL_AGENCY.search(tail) or _INITIALS.search(tail)
    if match:
        return shift + match.start()
    bracket = _TAIL_BRACKET.search(tail) if tail.rstrip(" .。")[-1:] in _CLOSING else None
    if bracket:
        said = bracket.group(1)
        if agency_named(said, vouched=False) is not None or said.strip().lower() in _THE_END:
            return shift + bracket.start()
    return None


def _places(low: str, literal: str) -> Iterator[int]:
    at = low.find(literal)
    for _ in range(_MOST):
        if at < 0:
            return
        yield at
        at = low.find(literal, at + len(literal))


def _likely(low: str) -> Iterator[tuple[str, str, Provenance]]:
    for stem, rows in _BY_STEM.items():
        if stem in low:
            yield from (row for row in rows if row[0] in low)


def _credits(said: str, first: str, at: int) -> bool:
    """Whether a sentence names helpers, as a whole: no story is told after or before it."""
    if first in _ANYWHERE:
        return first != _ANYWHERE[0] or _CONTRIBUTED.search(said) is not None
    return len(said) <= 200 and not any(c.isalnum() for c in said[:at])


def _line_end(low: str, start: int, furthest: int) -> int:
    end = low.find("\n", start, furthest)
    return min(furthest, len(low)) if end < 0 else end


def _sentence_around(low: str, start: int, end: int) -> tuple[int, int]:
    """The bracket around ``[start, end)`` on its line, else its sentence."""
    furthest = max(0, start - _SENTENCE_MAX)
    line_start = low.rfind("\n", furthest, start) + 1 or furthest
    line_end = _line_end(low, end, end + _SENTENCE_MAX)
    opening = max(low.rfind(c, line_start, start) for c in "([（")
    if opening >= 0 and not any(c in low[opening:start] for c in ")]）"):
        closing = min((p for p in (low.find(c, end, line_end) for c in ")]）") if p >= 0), default=-1)
        return opening, closing + 1 if closing >= 0 else line_end
    left = start
    while True:
        left = max(low.rfind(c, line_start, left) for c in _STOPS)
        # the stop of an initial ("Stacy A. Smith") ends no sentence
        if left < 0 or len(low[max(line_start, left - 2) : left].strip(" \n")) > 1:
            break
    left = left + 2 if left >= 0 else line_start
    right = min((p for p in (low.find(c, end, line_end) for c in _STOPS[:3]) if p >= 0), default=-1)
    right = right + 1 if right >= 0 else line_end
    while left < start and low[left] in ' \t\u00a0"”':
        left += 1
    return left, right
