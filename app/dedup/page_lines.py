"""The lines of a page as the core sees them: one paragraph each, with its first judgement.

Copy wrapped by hand (old wires) is joined into paragraphs first, because the middle of a sentence
that happens to open a line ("by the Bank of ...") must not be judged as a line. Of a page of very
many lines only those near the top and the bottom are judged; what lies between is one line of body,
so that cleaning costs a glance a line and not 20 µs.
"""

import re
from dataclasses import dataclass
from itertools import pairwise

from app.dedup.line_roles import ends_sentence, role_of
from app.dedup.model import Role
from app.dedup.phrases.agencies import agency_named

_LINE = re.compile(r"\S.*")
_ENDS = "\r\x85\u2028\u2029"
"""What ends a line beside the line feed."""
_OUTER = 2000
"""Lines judged from either end. The longest of 30,372 real pages has 459 that are not blank."""
_WRAPPED_AT = 90
"""No line of hand-wrapped copy is longer; a paragraph of a web page nearly always is."""
_RUNNING = 40
"""Characters of a line that may run on into the next; shorter ones are lists and tables."""
_FEWEST = 4
_BODY = Role.BODY


@dataclass(slots=True)
class Line:
    """A line with its place in the text; ``role`` is what is known of it so far."""

    start: int
    end: int
    role: Role
    text: str
    low: str


def lowered(text: str) -> str:
    """``text`` in lower case, character by character in place; no-break spaces become spaces."""
    low = text.lower().replace("\u00a0", " ")
    if len(low) == len(text):
        return low
    return "".join(small if len(small := c.lower()) == 1 else c for c in text).replace("\u00a0", " ")


def lines_of(text: str, low: str) -> list[Line]:
    """The lines that are not blank, each judged by its own words; the middle of a very long page is one."""
    spans = _spans(text)
    if _wrapped(text, spans[:_OUTER]):
        spans = _joined(text, spans)
    lines: list[Line] = []
    for start, end in spans:
        line, small = text[start:end], low[start:end]
        role = None if lines and _continues(lines[-1], line, start) else role_of(line, small)
        lines.append(Line(start, end, role or _BODY, line, small))
    return lines


def _spans(text: str) -> list[tuple[int, int]]:
    # a pattern for "anything but these five" takes three times as long as one for "anything but a line feed"
    flat = text
    for ender in _ENDS:
        flat = flat.replace(ender, "\n")
    if flat.count("\n") <= 2 * _OUTER:
        return _lines_within(flat, 0, len(flat))
    top, bottom = 0, len(flat)
    for _ in range(_OUTER):
        top = flat.find("\n", top) + 1
        bottom = flat.rfind("\n", 0, bottom)
    middle = flat[top:bottom]
    start = bottom - len(middle.lstrip())
    end = top + len(middle.rstrip())
    between = [(start, end)] if start < end else []
    return _lines_within(flat, 0, top) + between + _lines_within(flat, bottom, len(flat))


def _lines_within(flat: str, start: int, end: int) -> list[tuple[int, int]]:
    return [(m.start(), m.start() + len(m.group().rstrip())) for m in _LINE.finditer(flat, start, end)]


def _continues(before: Line, line: str, start: int) -> bool:
    """Whether a line goes on with the sentence of the line right above it."""
    return (
        line[0].islower()
        and start - before.end <= 2
        and before.end - before.start >= _RUNNING
        and not ends_sentence(before.text)
    )


def _wrapped(text: str, spans: list[tuple[int, int]]) -> bool:
    if len(spans) < _FEWEST or any(end - start > _WRAPPED_AT for start, end in spans):
        return False
    close = [(a, b) for a, b in pairwise(spans) if text.count("\n", a[1], b[0]) == 1]
    running = sum(not ends_sentence(text[start:end]) and end - start >= _RUNNING for (start, end), _ in close)
    return 2 * running > len(spans)


def _joined(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Paragraphs begin after a blank line or with an indent; a closing agency stands alone."""
    joined: list[tuple[int, int]] = []
    for index, (start, end) in enumerate(spans):
        gap = text[joined[-1][1] : start] if joined else "\n\n"
        last = index >= len(spans) - 2 and end - start <= 12
        closes = last and agency_named(text[start:end], vouched=False) is not None
        if closes or (len(gap) > 1 and (gap.count("\n") > 1 or gap.endswith(("  ", "\t")))):
            joined.append((start, end))
        else:
            joined[-1] = (joined[-1][0], end)
    return joined
