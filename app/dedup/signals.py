"""What can be measured of words printed twice, before anyone judges them.

Each signal is one number an editor could check on the page. Weighing them is left to
``artefacts``.
"""

import re
from dataclasses import dataclass

import numpy as np

from app.dedup.layout import Layout
from app.dedup.model import Passage, Role, WordFlag, Words
from app.dedup.printings import Printing

_DECIMAL = re.compile(r"(\d{1,9})[.,](\d)\d?")
_NUMBER, _CAPITAL, _IDEOGRAPH = int(WordFlag.NUMBER), int(WordFlag.CAPITAL), int(WordFlag.IDEOGRAPH)
_SHORT_LINE = 12
_FILLED = 0.9
_TABULAR = 0.2
_NAMED = 0.75
_QUESTION = frozenset("?？؟")
HIGHEST = 20
"""Words over a standfirst, at most."""
_LONG = 40
"""Nobody writes so many words twice by chance, even if the run breaks off within a sentence."""
# tuples: a member of an enum takes longer to hash than to be found among six
_FRAME = (Role.HEADLINE, Role.BYLINE, Role.TIMESTAMP, Role.CREDIT, Role.CAPTION, Role.ADVISORY)

_SIGNED = (Role.BYLINE, Role.TIMESTAMP, Role.DATELINE)
_TOLD = (Role.BODY, Role.STANDFIRST)


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
    under_byline: bool
    """A byline or dateline stands between the page's first paragraph and the upper printing: that is body."""
    upper_fills: float
    """Share of its paragraphs that the upper printing is."""
    lower_fills: float
    stands_alone: float
    """From nought, no more than three fifths of a paragraph, to one, a paragraph of its own."""
    from_start: bool
    """The upper printing begins its paragraph."""
    edges: float
    """Share of the four ends that lie on a sentence border."""
    edited: float
    """Share of words that differ."""
    other_figures: bool
    """Each printing has a number that the other has not, and it is not the same one rounded; a footnote
    mark is on one side only."""
    among_short: bool
    """The lines of the page are short: verse, a list, a table."""
    listed: bool
    """Short lines among short lines: one without a full stop, or several."""
    heading: bool
    """A short line of its own at both places, without a full stop: a table of contents."""
    name: bool
    """A few capitalised words within sentences: the name of an office, a work, a law."""
    asked: bool
    """One question and nothing else, perhaps but for whom it is put to: whoever asks may ask again."""
    tabular: bool
    """Figures among short lines."""
    cited: bool
    """In quotation marks at one place and not at the other."""
    quotation: bool
    """Within a sentence that quotes, at both places: the writer cites somebody twice."""

    @property
    def high(self) -> bool:
        """Whether the upper printing stands where a standfirst does."""
        return self.above <= HIGHEST and not self.under_byline


def measure(setting: Setting, run: Printing) -> Signals:
    """All signals of a run."""
    layout, words = setting.layout, setting.words
    letters = np.count_nonzero(words.flags[run.a_start : run.a_end] & _IDEOGRAPH)
    length = float(run.a_end - run.a_start - letters / 2)
    above, under_byline = _above(setting, run)
    ends = (run.a_start, run.a_end, run.b_start, run.b_end)
    lines = layout.paragraphs(run.a_start, run.a_end)
    among_short = setting.median_paragraph <= _SHORT_LINE
    short = length <= 2 * setting.median_paragraph * lines
    upper_fills = layout.share(run.a_start, run.a_end)
    lower_fills = layout.share(run.b_start, run.b_end)
    stopped = layout.stops(run.a_end), layout.stops(run.b_end)
    alone = max(_alone(layout, run.a_start, run.a_end), _alone(layout, run.b_start, run.b_end))
    cited = layout.quoted(run.a_start, run.a_end), layout.quoted(run.b_start, run.b_end)
    return Signals(
        length=length,
        above=above,
        under_byline=under_byline,
        upper_fills=upper_fills,
        lower_fills=lower_fills,
        stands_alone=alone,
        from_start=run.a_start == layout.first_word(layout.paragraph(run.a_start)),
        edges=sum(map(layout.opens, ends)) / 4,
        edited=1 - run.similarity,
        other_figures=_other_figures(setting, run),
        among_short=among_short,
        listed=among_short and short and (not stopped[0] or (lines > 1 and length < _LONG)),
        heading=length <= _SHORT_LINE and min(upper_fills, lower_fills) > _FILLED and not any(stopped),
        name=length <= _SHORT_LINE
        and max(upper_fills, lower_fills) < _FILLED
        and _share(words, run, _CAPITAL) >= _NAMED,
        asked=_asks(layout, run),
        tabular=among_short and _share(words, run, _NUMBER) > _TABULAR,
        cited=cited[0] != cited[1],
        quotation=all(cited) and not alone,
    )


def _asks(layout: Layout, run: Printing) -> bool:
    start, end = layout.sentences(run.a_start, run.a_end)
    if _QUESTION.isdisjoint(layout.gap(end)):
        return False
    return not any(layout.stops(word) for word in range(start + 1, end))


def _alone(layout: Layout, start: int, end: int) -> float:
    if not layout.opens_after_mark(start) or not (layout.ends_before_mark(end) or end - start >= _LONG):
        return 0.0
    return min(1.0, max(0.0, (layout.share(start, end) - 0.6) / 0.3))


def _share(words: Words, run: Printing, flag: int) -> float:
    return float(np.count_nonzero(words.flags[run.a_start : run.a_end] & flag)) / (run.a_end - run.a_start)


def figures(words: Words, start: int, end: int) -> frozenset[int]:
    """The different numbers among a run of words."""
    numbers = (words.flags[start:end] & _NUMBER).nonzero()[0]
    return frozenset(words.hash[start:end].take(numbers).tolist()) if len(numbers) else frozenset()


def _other_figures(setting: Setting, run: Printing) -> bool:
    one = figures(setting.words, run.a_start, run.a_end)
    if not one:
        return False
    other = figures(setting.words, run.b_start, run.b_end)
    if one <= other or other <= one:
        return False
    upper, lower = _numerals(setting, run.a_start, run.a_end), _numerals(setting, run.b_start, run.b_end)
    mine = [said for word, said in upper.items() if word not in lower]
    yours = [said for word, said in lower.items() if word not in upper]
    fine, coarse = (mine, yours) if max(map(len, mine)) > max(map(len, yours)) else (yours, mine)
    return {_rounded(said) for said in fine} != set(coarse)


def _numerals(setting: Setting, start: int, end: int) -> dict[int, str]:
    words = setting.words
    at = start + ((words.flags[start:end] & _NUMBER) > 0).nonzero()[0]
    return {int(words.hash[i]): setting.text[words.start[i] : words.end[i]] for i in at}


def _rounded(numeral: str) -> str | None:
    """The whole number, "46" for "46.13"; three digits after a stop or comma may be thousands."""
    decimal = _DECIMAL.fullmatch(numeral)
    return str(int(decimal[1]) + (decimal[2] >= "5")) if decimal else None


def places(words: Words, run: Printing) -> int:
    """How often the middle of the run stands in the text."""
    middle = max(run.a_start, (run.a_start + run.a_end) // 2 - 2)
    known, count = words.hash, len(words) - 4
    same = known[:count] == known[middle]
    for step in range(1, 5):
        same &= known[step : step + count] == known[middle + step]
    return int(np.count_nonzero(same))


def _above(setting: Setting, run: Printing) -> tuple[int, bool]:
    """The words above, and whether a byline stands between some of them and the printing."""
    layout, starts = setting.layout, setting.words.start
    first = layout.first_word(layout.paragraph(run.a_start))
    frame = counted = 0
    told = signed = False
    for passage in setting.passages:
        if not first or passage.span.start >= starts[first]:
            break
        if passage.role in _TOLD:
            told = True
            continue
        signed = signed or (told and passage.role in _SIGNED)
        if passage.role in _FRAME:
            # a headline told by its words may also be a passage of the page
            low, high = starts[:first].searchsorted(passage.span).tolist()
            frame += max(0, high - max(low, counted))
            counted = max(counted, high)
    return first - frame, signed


def role(setting: Setting, start: int, end: int) -> Role | None:
    """The role of the passage in which the middle of a run of words stands."""
    at = setting.words.start[(start + end) // 2]
    return next((p.role for p in setting.passages if p.span.start <= at < p.span.end), None)
