"""A page taken apart into passages with roles, and what it declares of its text.

Owns the page's grammar: headline above, standfirst above the byline block, dateline in front of
the body, sign-off and disclaimer behind it, lists of links under their headings. Passages are
disjoint, in order, and cover every line that is not blank. Only a rule with a reason takes a line
from the body; a long paragraph is the story's whatever words it contains.
"""

import re
from dataclasses import dataclass

from app.dedup.dateline import Found, find_dateline
from app.dedup.declarations import agency_declared, byline_printed, tag_advised
from app.dedup.line_roles import ends_sentence, is_heading, is_labelled, parts_between_bars
from app.dedup.line_tails import Cut, disclaimers, inline_cuts, sign_off
from app.dedup.model import Dateline, Page, Passage, Provenance, Role, Span, TagKind, WireTag
from app.dedup.page_lines import Line, lines_of, lowered
from app.dedup.phrases.agencies import RELEASE_WIRES, agency_named
from app.dedup.wiretags import is_withdrawal, quoted_headline, read_headline, read_note

_TOP = 12
"""Lines from the top within which the page's head (headline, byline, dateline) is looked for."""
_LINK_MAX, _LINKS_MAX = 150, 14
_LAST_LINES = 4
_ALIKE = 0.8
_LEAD_WORDS = 15
_BODY, _FURNITURE, _HEADLINE, _TIMESTAMP = Role.BODY, Role.FURNITURE, Role.HEADLINE, Role.TIMESTAMP
"""By name: through the enum each look-up takes 0.2 µs (Python 3.11), and every line asks for many."""
_WHOLE = frozenset({_FURNITURE, _HEADLINE, Role.DATELINE})
_BLOCK = frozenset({Role.BYLINE, _TIMESTAMP})
_TELLING = frozenset({_BODY, _HEADLINE})
_NOTICES = frozenset({TagKind.WITHDRAWAL, TagKind.CORRECTION})
_WORD = re.compile(r"[^\W_]+")
_ABOUT_LINE = re.compile(
    r"about\s+\S.{1,70}|forward[- ]looking statements?.{0,40}|safe harbor.{0,60}"
    r"|(?:media )?contacts?:?.{0,60}|cautionary .{0,60}|view original content.{0,120}|notes to editors.{0,20}"
)
_ABOUT = re.compile(r"(?<=[.!?”\"])\s+About [A-Z][\w&.,'’ -]{1,60}?:\s")


@dataclass(frozen=True, slots=True)
class Segmented:
    """The passages of a page and what they say of it; ``title`` is without its tag."""

    passages: tuple[Passage, ...]
    title: str
    agency: str | None = None
    dateline: Dateline | None = None
    byline: str | None = None
    tag: WireTag | None = None
    quoted_headline: str | None = None
    provenance: Provenance | None = None


def segment(page: Page) -> Segmented:
    """Take ``page`` apart. Total for any text."""
    text = page.text
    low = lowered(text)
    lines = lines_of(text, low)
    title, tag = _read_title(page.title, lines)
    _mark_headlines(lines, (page.title, title))
    _mark_lists(lines)
    _mark_times(lines)
    cuts = inline_cuts(low)
    told = disclaimers(low)
    cuts += [cut for cut, _ in told]
    cuts += _bars(lines) + _sign_offs(lines)
    found = _mark_dateline(lines, page.title, page.published_at)
    if found and found.agency in RELEASE_WIRES:
        cuts += _mark_boilerplate(lines)
    _mark_standfirst(lines)
    passages = _passages(lines, cuts)
    tag = tag or tag_advised(text, passages) or read_note(page.ed_note)
    if is_withdrawal(text, low):
        tag = WireTag(TagKind.WITHDRAWAL)
    return Segmented(
        passages=passages,
        title=title,
        agency=_agency(page.agency) or (found.agency if found else None) or agency_declared(text, passages),
        dateline=found.dateline if found else None,
        byline=(page.byline or "").strip() or byline_printed(text, passages),
        tag=tag,
        quoted_headline=_quoted(page) if tag and tag.kind in _NOTICES else None,
        provenance=_provenance([said for _, said in told]),
    )


def _agency(given: str | None) -> str | None:
    return (agency_named(given) or given.strip() or None) if given else None


def _quoted(page: Page) -> str | None:
    return quoted_headline(page.text) or (quoted_headline(page.ed_note) if page.ed_note else None)


def _provenance(said: list[Provenance]) -> Provenance | None:
    if Provenance.VERBATIM in said:
        return Provenance.VERBATIM
    return said[0] if said else None


def _read_title(given: str, lines: list[Line]) -> tuple[str, WireTag | None]:
    """The title without tag and dateline; a page without one may open with a tagged headline."""
    headline = read_headline(given)
    title, tag = headline.title, headline.tag
    if not title and len(lines) > 1 and len(lines[0].text) <= 300:
        first = read_headline(lines[0].text)
        if first.tag:
            lines[0].role = Role.HEADLINE
            return first.title, first.tag
    opened = find_dateline(title)
    return (title[opened.end :] if opened else title), tag


def _mark_headlines(lines: list[Line], titles: tuple[str, str]) -> None:
    """Lines that print the title are headlines; near the top nearly the title is enough."""
    shown: list[Line] = []
    for title in dict.fromkeys(titles):
        target = _tokens(lowered(title))
        shortest, longest = 0.6 * len(title), 1.5 * len(title) + 8
        for index, line in enumerate(lines) if target else ():
            if not shortest <= line.end - line.start <= longest or line.role in _WHOLE:
                continue
            said = _tokens(line.low)
            # a publisher without headlines gives the lead as title
            if len(said) > _LEAD_WORDS and ends_sentence(line.text):
                continue
            if said == target or (index < _TOP and len(target) >= 4 and _alike(said, target)):
                line.role = _HEADLINE
                shown.append(line)
    if shown and not any(line.role is _BODY or line.role is _FURNITURE for line in lines):
        shown[-1].role = _BODY  # an alert: the headline is all there is of the story


def _tokens(low: str) -> list[str]:
    """Words, or letters where words are not spaced apart."""
    words = _WORD.findall(low)
    return words if len(words) >= 4 else [c for c in low if c.isalnum()]


def _alike(a: list[str], b: list[str]) -> bool:
    one, other = set(a), set(b)
    return len(one & other) >= _ALIKE * max(len(one), len(other))


def _mark_lists(lines: list[Line]) -> None:
    """Titles under "Related articles" are links: short lines that do not end as sentences do."""
    left = 0
    for line in lines:
        if line.role is _FURNITURE:
            left = _LINKS_MAX if is_heading(line.text, line.low) else left
        elif not left:
            continue
        elif line.role is _BODY and len(line.text) <= _LINK_MAX and not _ended(line.text):
            line.role = _FURNITURE
            left -= 1
        elif line.role in _TELLING:
            left = 0


def _ended(line: str) -> bool:
    """Whether the line ends a sentence; a title that closes with a quoted phrase does not."""
    return ends_sentence(line.rstrip('"”»'))


def _mark_times(lines: list[Line]) -> None:
    """A bare date between paragraphs heads a part of the story (a diary, a live blog)."""
    times = [index for index, line in enumerate(lines) if line.role is _TIMESTAMP]
    body = [index for index, line in enumerate(lines) if line.role is _BODY] if times else []
    for index in times:
        if body and body[0] < index < body[-1] and not is_labelled(lines[index].low):
            lines[index].role = _BODY


def _bars(lines: list[Line]) -> list[Cut]:
    """Bylines and times between bars, near the top."""
    cuts: list[Cut] = []
    for line in lines[:_TOP]:
        parts = parts_between_bars(line.text, line.low) if line.role is not _HEADLINE else None
        if parts:
            line.role = Role.BYLINE
            cuts += [Cut(line.start + start, line.start + end, role) for role, start, end in parts]
    return cuts


def _sign_offs(lines: list[Line]) -> list[Cut]:
    cuts: list[Cut] = []
    for line in [line for line in lines if line.role is _BODY][-_LAST_LINES:]:
        at = sign_off(line.text, line.low)
        if at is not None:
            cuts.append(Cut(line.start + at, line.end, Role.SIGN_OFF))
    return cuts


def _mark_dateline(lines: list[Line], title: str, published_at: float | None) -> Found | None:
    """Split the dateline off the first paragraph that has one.

    Where none has, that of a first line which is the headline again: of a lead that repeats it.
    """
    seen = 0
    for index, line in enumerate(lines[: 2 * _TOP]):
        if line.role is not _BODY:
            continue
        found = _split_dateline(lines, index, published_at)
        if found:
            return found
        seen += 1
        if seen >= 4:
            break
    repeated = bool(lines) and lines[0].role is _HEADLINE and find_dateline(title) is None
    return _split_dateline(lines, 0, published_at) if repeated else None


def _split_dateline(lines: list[Line], index: int, published_at: float | None) -> Found | None:
    line = lines[index]
    found = find_dateline(line.text, published_at)
    if found:
        rest = line.text[found.end :].lstrip()
        printed = line.text[: found.end].rstrip()
        lines[index] = Line(line.end - len(rest), line.end, line.role, rest, line.low[-len(rest) :])
        lines.insert(index, Line(line.start, line.start + len(printed), Role.DATELINE, printed, ""))
    return found


def _mark_boilerplate(lines: list[Line]) -> list[Cut]:
    """A press release ends with who sent it: "About Acme" and everything after."""
    cuts: list[Cut] = []
    ended = False
    for line in lines:
        if line.role is not Role.BODY:
            continue
        if ended or (len(line.text) <= 120 and _ABOUT_LINE.fullmatch(line.low)):
            ended = True
            line.role = Role.FURNITURE
            continue
        about = _ABOUT.search(line.text)
        if about:
            ended = True
            cuts.append(Cut(line.start + about.start(), line.end, Role.FURNITURE))
    return cuts


def _mark_standfirst(lines: list[Line]) -> None:
    """One or two paragraphs above the byline block, with more of the story below it."""
    blocks = [i for i, line in enumerate(lines[:_TOP]) if line.role in _BLOCK]
    if not blocks or any(line.role is Role.DATELINE for line in lines[: blocks[-1]]):
        return
    above = [line for line in lines[: blocks[-1]] if line.role is _BODY]
    below = sum(line.role is _BODY for line in lines[blocks[-1] :])
    if 1 <= len(above) <= 2 and below > len(above):
        for line in above:
            line.role = Role.STANDFIRST


def _passages(lines: list[Line], cuts: list[Cut]) -> tuple[Passage, ...]:
    """The lines with the cuts taken out of them, in order."""
    cuts = sorted(cuts)
    pieces: list[Passage] = []
    at = 0
    for line in lines:
        while at < len(cuts) and cuts[at].end <= line.start:
            at += 1
        if at == len(cuts) or cuts[at].start >= line.end or line.role in _WHOLE:
            pieces.append(Passage(line.role, Span(line.start, line.end)))
            continue
        here = line.start
        look = at
        while look < len(cuts) and cuts[look].start < line.end:
            cut = cuts[look]
            look += 1
            left, right = max(cut.start, here), min(cut.end, line.end)
            if left < right:
                _add(pieces, line, (here, left, line.role))
                _add(pieces, line, (left, right, cut.role))
                here = right
        _add(pieces, line, (here, line.end, line.role))
    return tuple(pieces)


def _add(pieces: list[Passage], line: Line, piece: tuple[int, int, Role]) -> None:
    """Add what is not blank; a stray mark goes with what stands before it on the line."""
    start, end, role = piece
    part = line.text[start - line.start : end - line.start]
    bare = part.strip()
    if not bare:
        return
    start += len(part) - len(part.lstrip())
    end = start + len(bare)
    stray = len(bare) <= 3 and not any(c.isalnum() for c in bare)
    if stray and pieces and pieces[-1].span.start >= line.start:
        pieces[-1] = Passage(pieces[-1].role, Span(pieces[-1].span.start, end))
    else:
        pieces.append(Passage(role, Span(start, end)))
