"""A page taken apart into passages with roles, and what its lines declare of the text.

Owns the page's grammar: headline above, standfirst above the by-line block, dateline in front of
the body, sign-off and disclaimer behind it, lists of links under their headings. Passages are
disjoint, in order, and cover every line that is not blank. Only a rule with a reason takes a line
from the body; a long paragraph is the story's whatever words it contains.
"""

import re
from dataclasses import dataclass

import numpy as np

from app.dedup.dateline import Found, find_dateline
from app.dedup.line_roles import ends_sentence, is_heading, role_of, split_by_marks
from app.dedup.line_tails import Cut, disclaimers, inline_cuts, sign_off
from app.dedup.model import Dateline, Page, Passage, Provenance, Role, Span, TagKind, WireTag, Words
from app.dedup.phrases.agencies import RELEASE_WIRES, agency_named
from app.dedup.wiretags import is_withdrawal, quoted_headline, read_advisory, read_headline, read_note
from app.dedup.words import tokenise

TOP = 12
"""Lines from the top within which the page's head (headline, by-line, dateline) is looked for."""
_LINK_MAX, _LINKS_MAX = 150, 14
_TAIL_LINES = 4
_ALIKE = 0.8
_LINE = re.compile(r"[^\n\r\u2029]+")
_NOT_STORY = frozenset({Role.BYLINE, Role.TIMESTAMP, Role.CAPTION, Role.CREDIT})
_ABOUT_LINE = re.compile(
    r"about\s+\S.{1,70}|forward[- ]looking statements?.{0,40}|safe harbor.{0,60}|media contacts?:?.{0,60}|contacts?:?|cautionary .{0,60}|view original content.{0,120}|notes to editors.{0,20}"
)
_ABOUT = re.compile(r"(?<=[.!?”\"])\s+About [A-Z][\w&.,'’ -]{1,60}?:\s")


@dataclass(frozen=True, slots=True)
class Segmented:
    """The passages of a page and what they say of it."""

    passages: tuple[Passage, ...]
    title: str
    agency: str | None = None
    dateline: Dateline | None = None
    byline: str | None = None
    tag: WireTag | None = None
    quoted_headline: str | None = None
    provenance: Provenance | None = None


@dataclass(slots=True)
class _Line:
    start: int
    end: int
    role: Role
    text: str
    low: str


def lowered(text: str) -> str:
    """``text`` in lower case, character by character in place."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(c if len(c.lower()) != 1 else c.lower() for c in text)


def segment(page: Page, words: Words) -> Segmented:
    """Take ``page`` apart; ``words`` are those of its text."""
    text = page.text
    low = lowered(text)
    headline = read_headline(page.title)
    lines = _lines(text, low)
    shown = _mark_headlines(lines, page.title, headline.title, words)
    title, tag = headline.title, headline.tag
    opened = find_dateline(title)
    if opened:
        title = title[opened.end :]
    if not title and lines and len(lines) > 1:
        first = read_headline(lines[0].text[:300])
        if first.tag and len(lines[0].text) <= 300:
            lines[0].role, title, tag = Role.HEADLINE, first.title, first.tag
    _mark_lists(lines)
    if shown and not any(line.role in {Role.BODY, Role.FURNITURE} for line in lines):
        shown[-1].role = Role.BODY  # an alert: the headline is all there is of the story
    cuts, provenance = _cuts(text, low, lines)
    found = _mark_dateline(lines, page.published_at)
    agency = agency_named(page.agency) or page.agency.strip() or None if page.agency else None
    agency = agency or (found.agency if found else None)
    if found and found.agency in RELEASE_WIRES:
        _mark_boilerplate(lines, cuts)
    _mark_standfirst(lines)
    pieces = _pieces(lines, cuts)
    agency = agency or _agency_of(text, pieces)
    tag = tag or _advised(text, pieces) or read_note(page.ed_note)
    if is_withdrawal(text):
        tag = WireTag(TagKind.WITHDRAWAL)
    quoted = None
    if tag and tag.kind in {TagKind.WITHDRAWAL, TagKind.CORRECTION}:
        quoted = quoted_headline(text) or (quoted_headline(page.ed_note) if page.ed_note else None)
    return Segmented(
        passages=tuple(Passage(role, Span(start, end)) for start, end, role in pieces),
        title=title,
        agency=agency,
        dateline=found.dateline if found else None,
        byline=(page.byline or "").strip() or _byline_of(text, pieces),
        tag=tag,
        quoted_headline=quoted,
        provenance=provenance,
    )


def _lines(text: str, low: str) -> list[_Line]:
    lines: list[_Line] = []
    for match in _LINE.finditer(text):
        raw = match.group()
        line = raw.strip()
        if not line:
            continue
        start = match.start() + (len(raw) - len(raw.lstrip()))
        end = start + len(line)
        small = low[start:end]
        lines.append(_Line(start, end, role_of(line, small) or Role.BODY, line, small))
    return lines


def _mark_headlines(lines: list[_Line], title: str, bare: str, words: Words) -> list[_Line]:
    """Give the lines that print the title its role; near the top nearly the title is enough."""
    wanted = [w for w in {title, bare} if w.strip()]
    if not wanted or not lines:
        return []
    starts = np.fromiter((line.start for line in lines), dtype=np.int64, count=len(lines))
    ends = np.fromiter((line.end for line in lines), dtype=np.int64, count=len(lines))
    first = np.searchsorted(words.start, starts)
    last = np.searchsorted(words.start, ends)
    shown: list[_Line] = []
    for name in wanted:
        hashes = tokenise(name).hash
        size = len(hashes)
        if not size:
            continue
        count = last - first
        near = np.flatnonzero((count >= size * 0.7) & (count <= size * 1.4 + 1))
        target = hashes.tolist()
        for index in near.tolist():
            line = lines[index]
            said = words.hash[first[index] : last[index]].tolist()
            if said == target or (index < TOP and size >= 4 and _alike(said, target)):
                # a publisher without headlines repeats the lead as title
                lead = len(said) > 15 and ends_sentence(line.text)
                if line.role is not Role.FURNITURE and line.role is not Role.HEADLINE and not lead:
                    line.role = Role.HEADLINE
                    shown.append(line)
    return sorted(shown, key=lambda line: line.start)


def _alike(a: list[int], b: list[int]) -> bool:
    one, other = set(a), set(b)
    return len(one & other) >= _ALIKE * max(len(one), len(other))


def _mark_lists(lines: list[_Line]) -> None:
    """Titles under "Related articles" are links: short lines that do not end as sentences do."""
    left = 0
    for line in lines:
        if line.role is Role.FURNITURE:
            if is_heading(line.text, line.low):
                left = _LINKS_MAX
            continue
        if left and line.role is Role.BODY and len(line.text) <= _LINK_MAX and not ends_sentence(line.text):
            line.role = Role.FURNITURE
            left -= 1
        elif line.role in {Role.BODY, Role.HEADLINE}:
            left = 0


def _cuts(text: str, low: str, lines: list[_Line]) -> tuple[list[Cut], Provenance | None]:
    cuts = inline_cuts(text, low)
    provenance: Provenance | None = None
    for cut, said in disclaimers(text, low):
        cuts.append(cut)
        if provenance is not Provenance.VERBATIM:
            provenance = said or provenance
    body = [line for line in lines if line.role is Role.BODY][-_TAIL_LINES:]
    for line in body:
        at = sign_off(line.text, line.low)
        if at is not None:
            cuts.append(Cut(line.start + at, line.end, Role.SIGN_OFF))
    for line in lines[:TOP]:
        if line.role in {Role.BODY, Role.TIMESTAMP, Role.BYLINE}:
            parts = split_by_marks(line.text, line.low)
            if parts:
                line.role = Role.BYLINE
                cuts.extend(Cut(line.start + s, line.start + e, role) for role, s, e in parts)
    return cuts, provenance


def _mark_dateline(lines: list[_Line], published_at: float | None) -> Found | None:
    seen = 0
    for index, line in enumerate(lines[: TOP * 2]):
        if line.role is not Role.BODY and line.role is not Role.HEADLINE:
            continue
        found = find_dateline(line.text, published_at)
        if found:
            end = line.start + len(line.text[: found.end].rstrip())
            rest = line.text[found.end :]
            begin = line.end - len(rest.lstrip())
            lines[index] = _Line(begin, line.end, Role.BODY, rest.strip(), line.low[found.end :].strip())
            lines.insert(index, _Line(line.start, end, Role.DATELINE, line.text[: found.end], ""))
            return found
        seen += line.role is Role.BODY
        if seen >= 4:
            break
    return None


def _mark_boilerplate(lines: list[_Line], cuts: list[Cut]) -> None:
    """A press release ends with who sent it: "About Acme" and everything after."""
    ended = False
    for line in lines:
        if line.role is not Role.BODY:
            continue
        if ended or (
            len(line.text) <= 120 and _ABOUT_LINE.fullmatch(line.low) and not ends_sentence(line.text)
        ):
            ended = True
            line.role = Role.FURNITURE
            continue
        about = _ABOUT.search(line.text)
        if about:
            ended = True
            cuts.append(Cut(line.start + about.start() + 1, line.end, Role.FURNITURE))


def _mark_standfirst(lines: list[_Line]) -> None:
    """One or two paragraphs above the by-line block, with more of the story below it."""
    head = lines[:TOP]
    blocks = [i for i, line in enumerate(head) if line.role in {Role.BYLINE, Role.TIMESTAMP}]
    if not blocks:
        return
    last = blocks[-1]
    above = [line for line in lines[:last] if line.role is Role.BODY]
    below = sum(line.role is Role.BODY for line in lines[last:])
    if (
        1 <= len(above) <= 2
        and below > len(above)
        and not any(line.role is Role.DATELINE for line in lines[:last])
    ):
        for line in above:
            line.role = Role.STANDFIRST


def _pieces(lines: list[_Line], cuts: list[Cut]) -> list[tuple[int, int, Role]]:
    """Lines with the cuts taken out of them, in order; pieces without a word go to their neighbour."""
    cuts = sorted(cuts)
    pieces: list[tuple[int, int, Role]] = []
    at = 0
    for line in lines:
        start, end = line.start, line.end
        while at < len(cuts) and cuts[at].end <= start:
            at += 1
        here = start
        look = at
        while look < len(cuts) and cuts[look].start < end:
            cut = cuts[look]
            look += 1
            if line.role in {Role.FURNITURE, Role.HEADLINE, Role.DATELINE}:
                continue
            left, right = max(cut.start, here), min(cut.end, end)
            if left >= right:
                continue
            _add(pieces, line, here, left, line.role)
            _add(pieces, line, left, right, cut.role)
            here = right
        _add(pieces, line, here, end, line.role)
    return pieces


def _add(pieces: list[tuple[int, int, Role]], line: _Line, start: int, end: int, role: Role) -> None:
    part = line.text[start - line.start : end - line.start]
    bare = part.strip()
    if not bare:
        return
    start += len(part) - len(part.lstrip())
    end = start + len(bare)
    if len(bare) <= 3 and pieces and pieces[-1][0] >= line.start and not any(c.isalnum() for c in bare):
        pieces[-1] = (pieces[-1][0], end, pieces[-1][2])
        return
    pieces.append((start, end, role))


def _agency_of(text: str, pieces: list[tuple[int, int, Role]]) -> str | None:
    """The agency that a by-line, credit or sign-off names; picture credits do not count."""
    for start, end, role in pieces:
        if role in {Role.BYLINE, Role.CREDIT, Role.SIGN_OFF} and end - start <= 160:
            said = text[start:end]
            found = agency_named(said, vouched=False) or _after_label(said)
            if found:
                return found
            if role is Role.SIGN_OFF and "Thomson Reuters" in said:
                return "Reuters"
    return None


_LABEL = re.compile(r"^[^:：]{2,20}[:：]\s*(?:وكالة\s+)?(.{2,40})$", re.DOTALL)
_LED = re.compile(r"^\W*(PTI|IANS|ANI|UNI|AFP|AP|Reuters|Xinhua|dpa)\b")
_LAST_PART = re.compile(r"/(dpa|AFP|APA|AP|Reuters|rtr)\)?\W*$")


def _after_label(said: str) -> str | None:
    label = _LABEL.match(said)
    if label:
        return agency_named(label.group(1), vouched=False)
    led = _LED.match(said) or _LAST_PART.search(said)
    return agency_named(led.group(1)) if led else None


def _byline_of(text: str, pieces: list[tuple[int, int, Role]]) -> str | None:
    for start, end, role in pieces:
        if role is Role.BYLINE and end - start <= 120:
            return text[start:end].strip(" |•·—–/") or None
    return None


def _advised(text: str, pieces: list[tuple[int, int, Role]]) -> WireTag | None:
    for start, end, role in pieces:
        if role is Role.ADVISORY:
            said = text[start : min(end, start + 300)]
            tag = read_advisory(said)
            if tag:
                return tag
            if _CORRECTS.match(said):
                return WireTag(TagKind.CORRECTION)
    return None


_CORRECTS = re.compile(
    r"\W*(?:correct|clarif|this (?:story|article|post|report) (?:has been|was) corrected|an earlier version|a previous version|"
    r"berichtigung|korrektur|correção|erramos|correcci|rectific|fe de errores|erratum|errata|исправление|поправка|更正|订正|訂正)",
    re.IGNORECASE,
)
