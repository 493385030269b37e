"""Whether words printed twice are an artefact of the page or the writer's own repetition.

An artefact is copied by a machine: it is exact, fills a paragraph of its own, or stands above the
body that it was taken from. What a writer repeats (a quotation, a refrain, a table row, a name of
office) sits inside sentences, in short lines, or with other figures. Two weighted sums say which;
the weights are rounded from logistic regressions over read examples in some thirty languages and
stand here as plain numbers. Above nought is an artefact.
"""

import re
from dataclasses import dataclass
from math import log, log2

import numpy as np

from app.dedup.layout import Layout
from app.dedup.model import Hashes, Passage, RepeatKind, Role, WordFlag, Words
from app.dedup.printings import Printing

SHORTEST = 8
"""Words; what is shorter is a phrase. Two letters of an unspaced script count as a word."""
MOST_PLACES = 4
"""What stands more often is a refrain, a table or a form."""
LONGEST_STANDFIRST = 130
_HEAD = 45
"""A standfirst has at most so many other words above it."""

_ABOVE_BODY = {
    "length": 1.8,  # doublings of eight words
    "upper fills": 3.0,  # share of the paragraph that the upper printing is
    "lower fills": 1.0,
    "edges": 1.0,  # share of the four ends that lie on a sentence border
    "distance from top": -0.5,  # logarithm of the words above
    "edited": -1.0,
    "other figures": -1.5,
    "listed": -1.5,
    "bias": -3.2,
}
_ELSEWHERE = {
    "length": 0.5,
    "stands alone": 4.6,  # one printing is a paragraph of its own
    "edited": -2.0,
    "other figures": -2.0,
    "listed": -2.5,  # a short line among short lines
    "cited": -1.0,  # in quotation marks at one place only
    "bias": -3.3,
}
_FURNITURE = re.compile(
    r"\w \| \w|\bHide Caption\b|\bPhotos: Photos:|\bMedia playback\b|\bRELATED\b|\bMORE \("
    r"|\b(?:READ|ALSO) (?:MORE|READ)\b"
)
_CAPTION = re.compile(
    r"\b(?:AP|Reuters|AFP|EPA|Getty|ANI|PTI|TASS|dpa)[ /]+(?:Photo|Images?|File)\b|\bFILE [-–—]"
    r"|\bfile photo\b|\b(?:Photo|Image|Picture)(?: Credit)?(?:s|graph)?(?: by|:)|\bFoto: |\bФото: ?|写真|صور[ةه]? ",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Setting:
    """What a printing is judged against."""

    text: str
    words: Words
    layout: Layout
    passages: tuple[Passage, ...]
    median: float


def judge(setting: Setting, run: Printing) -> RepeatKind | None:
    """Which artefact the run is; nothing if its words are the writer's own, and stay."""
    layout, length = setting.layout, _length(setting.words, run)
    roles = _role(setting, run.a_start, run.a_end), _role(setting, run.b_start, run.b_end)
    around = setting.text[
        layout.span(run.a_start, run.a_end).start : layout.span(run.a_start, run.a_end).end + 8
    ]
    if roles == (Role.FURNITURE, Role.FURNITURE):
        return RepeatKind.FURNITURE
    if length < SHORTEST:
        return None
    if _FURNITURE.search(around) and not _figures(setting.words, run.a_start, run.a_end).size * 4 > length:
        return RepeatKind.FURNITURE
    high = _above(setting, run) <= _HEAD
    score = _score_above_body(setting, run, length) if high else _score_elsewhere(setting, run, length)
    if Role.CAPTION in roles or roles[0] == Role.STANDFIRST:
        score += 1.5
    if score <= 0 or _places(setting.words, run) > MOST_PLACES:
        return None
    return _kind(setting, run, roles, around, high=high)


def _kind(
    setting: Setting, run: Printing, roles: tuple[Role | None, Role | None], around: str, *, high: bool
) -> RepeatKind:
    layout = setting.layout
    upper, lower = layout.share(run.a_start, run.a_end), layout.share(run.b_start, run.b_end)
    if Role.CAPTION in roles or _CAPTION.search(around):
        return RepeatKind.CAPTION
    several = layout.paragraphs(run.a_start, run.a_end) > 1 and min(upper, lower) > 0.95
    if high and not several and run.a_end - run.a_start <= LONGEST_STANDFIRST:
        return RepeatKind.STANDFIRST
    return RepeatKind.BLOCK if abs(upper - lower) < 0.15 else RepeatKind.PULLQUOTE


def _score_above_body(setting: Setting, run: Printing, length: float) -> float:
    layout, weigh = setting.layout, _ABOVE_BODY
    ends = (run.a_start, run.a_end, run.b_start, run.b_end)
    return (
        weigh["bias"]
        + weigh["length"] * log2(min(length, 64) / 8)
        + weigh["upper fills"] * layout.share(run.a_start, run.a_end)
        + weigh["lower fills"] * layout.share(run.b_start, run.b_end)
        + weigh["edges"] * sum(map(layout.opens, ends)) / 4
        + weigh["distance from top"] * log(1 + _above(setting, run))
        + weigh["edited"] * (1 - run.similarity)
        + weigh["other figures"] * _figures_differ(setting.words, run)
        + weigh["listed"] * _listed(setting, run, length)
    )


def _score_elsewhere(setting: Setting, run: Printing, length: float) -> float:
    layout, weigh = setting.layout, _ELSEWHERE
    cited = layout.quoted(run.a_start, run.a_end) != layout.quoted(run.b_start, run.b_end)
    return (
        weigh["bias"]
        + weigh["length"] * log2(min(length, 64) / 8)
        + weigh["stands alone"]
        * max(_alone(layout, run.a_start, run.a_end), _alone(layout, run.b_start, run.b_end))
        + weigh["edited"] * (1 - run.similarity)
        + weigh["other figures"] * _figures_differ(setting.words, run)
        + weigh["listed"] * _listed(setting, run, length)
        + weigh["cited"] * cited
    )


def _alone(layout: Layout, start: int, end: int) -> float:
    """From nought for three fifths of a paragraph to one for nine tenths, from its beginning."""
    if not layout.opens_after_mark(start):
        return 0.0
    return min(1.0, max(0.0, (layout.share(start, end) - 0.6) / 0.3))


def _listed(setting: Setting, run: Printing, length: float) -> bool:
    lines = setting.layout.paragraphs(run.a_start, run.a_end)
    return setting.median <= 12 and length <= 2 * setting.median * lines


def _length(words: Words, run: Printing) -> float:
    letters = np.count_nonzero(words.flags[run.a_start : run.a_end] & WordFlag.IDEOGRAPH)
    return run.a_end - run.a_start - letters / 2


def _figures(words: Words, start: int, end: int) -> Hashes:
    return words.hash[start:end][words.flags[start:end] & WordFlag.NUMBER > 0]


def _figures_differ(words: Words, run: Printing) -> bool:
    """Whether each printing has a number that the other has not; a footnote mark is on one side."""
    upper, lower = _figures(words, run.a_start, run.a_end), _figures(words, run.b_start, run.b_end)
    return bool(len(np.setdiff1d(upper, lower)) and len(np.setdiff1d(lower, upper)))


def _places(words: Words, run: Printing) -> int:
    middle = max(run.a_start, (run.a_start + run.a_end) // 2 - 2)
    known, count = words.hash, len(words) - 4
    same = np.ones(count, dtype=np.bool_)
    for step in range(5):
        same &= known[step : step + count] == known[middle + step]
    return int(np.count_nonzero(same))


_FRAME = frozenset((Role.HEADLINE, Role.BYLINE, Role.TIMESTAMP, Role.CREDIT, Role.CAPTION, Role.ADVISORY))


def _above(setting: Setting, run: Printing) -> int:
    """Words above the upper printing's paragraph, without headline, byline and the like."""
    layout = setting.layout
    first = layout.first_word(layout.paragraph(run.a_start))
    if not first:
        return 0
    frame = 0
    for passage in setting.passages:
        if passage.span.start >= setting.words.start[first]:
            break
        if passage.role in _FRAME:
            low, high = np.searchsorted(setting.words.start[:first], passage.span)
            frame += int(high - low)
    return first - frame


def _role(setting: Setting, start: int, end: int) -> Role | None:
    """The role of the passage in which the middle of a run of words stands."""
    at = setting.words.start[(start + end) // 2]
    return next((p.role for p in setting.passages if p.span.start <= at < p.span.end), None)
