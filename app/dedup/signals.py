"""What can be measured of words printed twice, before anyone judges them.

Each signal is one number an editor could check on the page. Weighing them is left to
``artefacts``.
"""

from dataclasses import dataclass
from math import log1p

import numpy as np

from app.dedup.layout import Layout
from app.dedup.model import Passage, Role, WordFlag, Words
from app.dedup.printings import Printing

_NUMBER, _IDEOGRAPH = int(WordFlag.NUMBER), int(WordFlag.IDEOGRAPH)
_SHORT_LINE = 12
_FILLED = 0.9
_TABULAR = 0.2
_LONG = 40
"""Nobody writes so many words twice by chance, even if the run breaks off within a sentence."""
_FRAME = frozenset((Role.HEADLINE, Role.BYLINE, Role.TIMESTAMP, Role.CREDIT, Role.CAPTION, Role.ADVISORY))


@dataclass(frozen=True, slots=True)
class Setting:
    """The page a printing is measured against."""

    text: str
    words: Words
    layout: Layout
    passages: tuple[Passage, ...]
    median_paragraph: float


@dataclass(frozen=True, slots=True)
class Signals:
    """The measures of one run; shares lie in [0, 1]."""

    length: float
    """Words; two letters of a script without spaces count as one."""
    above: int
    """Words over the upper printing's paragraph, without headline, byline and the like."""
    upper_fills: float
    """Share of its paragraphs that the upper printing is."""
    lower_fills: float
    stands_alone: float
    """From nought, no more than three fifths of a paragraph, to one, a paragraph of its own."""
    edges: float
    """Share of the four ends that lie on a sentence border."""
    edited: float
    """Share of words that differ."""
    other_figures: bool
    """Each printing has a number that the other has not; a footnote mark is on one side only."""
    among_short: bool
    """The lines of the page are short: verse, a list, a table."""
    listed: bool
    """Short lines among short lines: one without a full stop, or several."""
    heading: bool
    """A short line of its own at both places, without a full stop: a table of contents."""
    tabular: bool
    """Figures among short lines."""
    cited: bool
    """In quotation marks at one place and not at the other."""

    @property
    def distance(self) -> float:
        """Logarithm of the words above."""
        return log1p(self.above)


def measure(setting: Setting, run: Printing) -> Signals:
    """All signals of a run."""
    layout, words = setting.layout, setting.words
    letters = np.count_nonzero(words.flags[run.a_start : run.a_end] & _IDEOGRAPH)
    length = float(run.a_end - run.a_start - letters / 2)
    ends = (run.a_start, run.a_end, run.b_start, run.b_end)
    upper, lower = figures(words, run.a_start, run.a_end), figures(words, run.b_start, run.b_end)
    lines = layout.paragraphs(run.a_start, run.a_end)
    among_short = setting.median_paragraph <= _SHORT_LINE
    short = length <= 2 * setting.median_paragraph * lines
    upper_fills = layout.share(run.a_start, run.a_end)
    lower_fills = layout.share(run.b_start, run.b_end)
    stopped = layout.stops(run.a_end), layout.stops(run.b_end)
    return Signals(
        length=length,
        above=_above(setting, run),
        upper_fills=upper_fills,
        lower_fills=lower_fills,
        stands_alone=max(_alone(layout, run.a_start, run.a_end), _alone(layout, run.b_start, run.b_end)),
        edges=sum(map(layout.opens, ends)) / 4,
        edited=1 - run.similarity,
        other_figures=bool(upper - lower and lower - upper),
        among_short=among_short,
        listed=among_short and short and (not stopped[0] or (lines > 1 and length < _LONG)),
        heading=length <= _SHORT_LINE and min(upper_fills, lower_fills) > _FILLED and not any(stopped),
        tabular=among_short and _figure_share(words, run) > _TABULAR,
        cited=layout.quoted(run.a_start, run.a_end) != layout.quoted(run.b_start, run.b_end),
    )


def _alone(layout: Layout, start: int, end: int) -> float:
    if not layout.opens_after_mark(start) or not (layout.ends_before_mark(end) or end - start >= _LONG):
        return 0.0
    return min(1.0, max(0.0, (layout.share(start, end) - 0.6) / 0.3))


def _figure_share(words: Words, run: Printing) -> float:
    return float(np.count_nonzero(words.flags[run.a_start : run.a_end] & _NUMBER)) / (run.a_end - run.a_start)


def figures(words: Words, start: int, end: int) -> frozenset[int]:
    """The different numbers among a run of words."""
    return frozenset(words.hash[start:end][(words.flags[start:end] & _NUMBER) > 0].tolist())


def places(words: Words, run: Printing) -> int:
    """How often the middle of the run stands in the text."""
    middle = max(run.a_start, (run.a_start + run.a_end) // 2 - 2)
    known, count = words.hash, len(words) - 4
    same = known[:count] == known[middle]
    for step in range(1, 5):
        same &= known[step : step + count] == known[middle + step]
    return int(np.count_nonzero(same))


def _above(setting: Setting, run: Printing) -> int:
    layout, starts = setting.layout, setting.words.start
    first = layout.first_word(layout.paragraph(run.a_start))
    frame = counted = 0
    for passage in setting.passages:
        if not first or passage.span.start >= starts[first]:
            break
        if passage.role in _FRAME:
            # a headline told by its words may also be a passage of the page
            low, high = starts[:first].searchsorted(passage.span).tolist()
            frame += max(0, high - max(low, counted))
            counted = max(counted, high)
    return first - frame


def role(setting: Setting, start: int, end: int) -> Role | None:
    """The role of the passage in which the middle of a run of words stands."""
    at = setting.words.start[(start + end) // 2]
    return next((p.role for p in setting.passages if p.span.start <= at < p.span.end), None)
