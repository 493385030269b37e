"""Text printed twice inside one document: what to take out, what to keep, and why.

The entry to finding (``printings``) and judging (``artefacts``), and the owner of the last word:
headlines first, then runs, longest first; what one repeat keeps no other takes out. Of two
headlines the first stays, of a standfirst and its paragraph the body's, of a pull quote the
sentence in its context, of a block the first; of furniture nothing stays.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.dedup.artefacts import is_standfirst, judge, upper_goes
from app.dedup.layout import Layout, widened
from app.dedup.model import Passage, Repeat, RepeatKind, Role, Span, WordFlag, Words
from app.dedup.printings import Printing, find_printings
from app.dedup.retelling import find_retelling
from app.dedup.signals import Setting

_PARAGRAPH, _SENTENCE = int(WordFlag.PARAGRAPH), int(WordFlag.SENTENCE)
_IDEOGRAPH = int(WordFlag.IDEOGRAPH)
_SHORTEST_HEADLINE = 4
_LONGEST_HEADLINE = 40
_MOST_HEADLINES = 4
_RAGGED = 3
_IN_TEXT = 0.8
"""Share of its paragraph from which a printing is no part of it but the whole."""
_PROSE = 12
"""Words a line; verse and lists have fewer."""


@dataclass(frozen=True, slots=True)
class Survey:
    """A page before judgement: lines that print its headline, runs printed twice, a standfirst retold."""

    setting: Setting
    headlines: list[tuple[int, int]]
    runs: list[Printing]
    retelling: Printing | None


def find_repeats(text: str, words: Words, passages: tuple[Passage, ...], title: Words) -> tuple[Repeat, ...]:
    """Every page artefact that prints words twice, in the order of what is taken out."""
    page = survey(text, words, passages, title)
    if page is None:
        return ()
    setting, layout = page.setting, page.setting.layout
    settled = _headlines(text, layout, page.headlines)
    for run in page.runs:
        if _gone(settled, layout.span(run.a_start, run.a_end)) and _gone(
            settled, layout.span(run.b_start, run.b_end)
        ):
            continue
        shaped = shape(layout, run)
        kind = judge(setting, shaped)
        if kind is not None:
            _settle(settled, _told(setting, shaped, kind))
    if page.retelling and is_standfirst(setting, page.retelling):
        _settle(settled, _told(setting, page.retelling, RepeatKind.STANDFIRST))
    return tuple(sorted(settled, key=lambda r: r.removed))


def survey(text: str, words: Words, passages: tuple[Passage, ...], title: Words) -> Survey | None:
    """What there is to judge, longest runs first; None where nothing stands twice."""
    lines = _headline_lines(words, title)
    rest, masked = words, passages
    if lines:
        # words told as headline take no part in runs, and no part in what stands above a standfirst
        rest = _without(words, lines)
        masked = tuple(
            Passage(Role.HEADLINE, Span(int(words.start[a]), int(words.end[b - 1]))) for a, b in lines
        )
        masked = tuple(sorted(masked + passages, key=lambda p: p.span))
    found = find_printings(rest)
    retelling = find_retelling(rest, passages)
    if not (found or lines or retelling):
        return None
    layout = Layout(text, words)
    setting = Setting(text, words, layout, masked, layout.median_paragraph())
    return Survey(setting, lines, found, retelling)


def shape(layout: Layout, run: Printing) -> Printing:
    """The run as an editor would mark it: by whole sentences, by the whole line where it is on display."""
    return _displayed(layout, _trimmed(layout, run))


def _settle(settled: list[Repeat], told: list[Repeat]) -> None:
    """Add what contradicts nothing: no word goes twice, and what was to be kept stays."""
    for repeat in told:
        needed = any(other.kept and _meet(repeat.removed, other.kept) for other in settled)
        lost = repeat.kept is not None and _gone(settled, repeat.kept)
        if not (needed or lost or _gone(settled, repeat.removed)):
            settled.append(repeat)


def _gone(settled: list[Repeat], span: Span) -> bool:
    """Whether any of the span is taken out already."""
    return any(_meet(span, other.removed) for other in settled)


def _meet(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _told(setting: Setting, run: Printing, kind: RepeatKind) -> list[Repeat]:
    layout = setting.layout
    spans = layout.span(run.a_start, run.a_end), layout.span(run.b_start, run.b_end)
    upper, lower = widened(setting.text, *spans)
    if kind is RepeatKind.FURNITURE:
        return [Repeat(kind, upper, None, run.similarity), Repeat(kind, lower, None, run.similarity)]
    if kind is RepeatKind.HEADLINE:
        # a headline goes by the line: what is left of one would be a site's name
        first, again = layout.line(run.a_start), layout.line(run.b_start)
        longer = max(first[1] - first[0], again[1] - again[0])
        kept, removed = layout.filled(*first) or upper, layout.filled(*again) or lower
        return [Repeat(kind, removed, kept, min(1.0, run.equal / longer))]
    if kind is RepeatKind.STANDFIRST:
        # a standfirst goes by the sentence: what is left of one would say nothing
        start, end = layout.sentences(run.a_start, run.a_end)
        if end > run.b_start:
            # both stand in one sentence: the rest of it is not the standfirst's
            start, end = run.a_start, run.a_end
        if (start, end) != (run.a_start, run.a_end):
            upper = layout.closed(start, end)
        longer = max(end - start, run.b_end - run.b_start)
        return [Repeat(kind, layout.filled(start, end) or upper, lower, min(1.0, run.equal / longer))]
    if upper_goes(setting, run, kind):
        return [Repeat(kind, layout.filled(run.a_start, run.a_end) or upper, lower, run.similarity)]
    return [Repeat(kind, layout.filled(run.b_start, run.b_end) or lower, upper, run.similarity)]


def _trimmed(layout: Layout, run: Printing) -> Printing:
    """The run without the first words of the next sentence, or the last of the one before."""
    head = tail = 0
    if not (layout.opens(run.a_start) or layout.opens(run.b_start)):
        head = _ragged(layout, run.a_start, run.b_start, 1)
    if not (layout.opens(run.a_end) or layout.opens(run.b_end)):
        tail = _ragged(layout, run.a_end, run.b_end, -1)
    if not head + tail or head + tail >= run.a_end - run.a_start:
        return run
    return Printing(
        run.a_start + head, run.a_end - tail, run.b_start + head, run.b_end - tail, run.equal - head - tail
    )


def _displayed(layout: Layout, run: Printing) -> Printing:
    """The run with the edited ends of a line on display, if its other printing stands in running text.

    A pull quote opens with a name for the pronoun of its paragraph, and has no full stop.
    """
    upper, lower = (run.a_start, run.a_end), (run.b_start, run.b_end)
    if layout.share(*lower) < _IN_TEXT:
        upper = layout.displayed(*upper)
    elif layout.share(*upper) < _IN_TEXT:
        lower = layout.displayed(*lower)
    if upper[1] > lower[0]:
        return run
    return Printing(*upper, *lower, run.equal)


def _ragged(layout: Layout, upper: int, lower: int, way: int) -> int:
    for step in range(1, _RAGGED + 1):
        if layout.opens(upper + way * step) and layout.opens(lower + way * step):
            return step
    return 0


def _headlines(text: str, layout: Layout, lines: list[tuple[int, int]]) -> list[Repeat]:
    spans = [layout.span(a, b) for a, b in lines]
    told = [widened(text, spans[0], later) for later in spans[1:]]
    return [Repeat(RepeatKind.HEADLINE, later, first, 1.0) for first, later in told]


def _headline_lines(words: Words, title: Words) -> list[tuple[int, int]]:
    """The lines that print the headline, if there are two or more."""
    if not len(words):
        return []
    opens = (words.flags & _PARAGRAPH) != 0
    if len(title):
        lines = _lines_like(words, opens, title.hash[:_LONGEST_HEADLINE])
        if 2 <= len(lines) <= _MOST_HEADLINES:
            return lines
    first_line = opens[1 : _LONGEST_HEADLINE + 1].tobytes().find(True) + 1
    if first_line and _reads_as_headline(words, first_line, title):
        lines = _lines_like(words, opens, words.hash[:first_line])
        if len(lines) == 2:
            return lines
    return []


def _reads_as_headline(words: Words, first_line: int, title: Words) -> bool:
    """Whether the text's first line is its headline: like the title, or one sentence of no title."""
    if len(title):
        named = set(title.hash.tolist())
        return 2 * sum(word in named for word in words.hash[:first_line].tolist()) >= first_line
    verse = len(words) < _PROSE * int(np.count_nonzero(words.flags & _PARAGRAPH))
    ended = first_line > 1 and bool((words.flags[1:first_line] & _SENTENCE).any())
    return not verse and not ended


def _lines_like(words: Words, opens: NDArray[np.bool_], phrase: NDArray[np.uint32]) -> list[tuple[int, int]]:
    """The lines that consist of the phrase and nothing else, and those that begin with it twice."""
    size = len(phrase)
    starts = (opens & (words.hash == phrase[0])).nonzero()[0]
    if not len(starts):
        return []
    letters = np.count_nonzero(words.flags[starts[0] : starts[0] + size] & _IDEOGRAPH)
    if size - letters / 2 < _SHORTEST_HEADLINE:
        return []
    lines = []
    for start in starts.tolist():
        in_line = []
        end = start
        while np.array_equal(words.hash[end : end + size], phrase) and not opens[end + 1 : end + size].any():
            in_line.append((end, end + size))
            end += size
            if end == len(words) or opens[end]:
                lines += in_line
                break
        else:
            lines += in_line if len(in_line) > 1 else []
    return lines


def _without(words: Words, lines: list[tuple[int, int]]) -> Words:
    """The words with those of the lines made unlike any other, each in its place."""
    hashes = words.hash.copy()
    for start, end in lines:
        hashes[start:end] = np.arange(start, end, dtype=np.uint32) * np.uint32(0x9E3779B1)
    return Words(words.start, words.end, hashes, words.flags)
