"""Where the paragraphs and sentences of a text begin and end, asked by word position.

Serves the judging of repeats. A line is a paragraph, except in copy wrapped by hand (old wires),
where a paragraph begins after an empty line or with an indent.
"""

import re
from bisect import bisect_right
from itertools import pairwise
from statistics import median

from app.dedup.model import Span, WordFlag, Words

_PARAGRAPH = int(WordFlag.PARAGRAPH)
_WRAPPED_AT = 90
"""No line of hand-wrapped copy is longer; a paragraph of a web page nearly always is."""
_BREAK = re.compile(r"[\n\x85\u2028][ \t]*[\n\x85\u2028]|\r|[\n\x85\u2028](?:[ ]{2,}|\t)|\u2029")
_LINE_END = re.compile(r"[\r\n\x85\u2028\u2029]")
_FAR = 60
"""Words that a run is taken further to the end of its sentence."""
_STRAY = 3
_ENDERS = frozenset(".!?…。！？؟।")
_OPENING = frozenset("\"“„«‘'「『‹([（")
_CLOSING = frozenset("\"”“»’'」』›)]）")
_SIGNING = frozenset("—–|")
_SOFT = _OPENING | _SIGNING | frozenset(":•")


class Layout:
    """The paragraphs, sentences and quotation marks around the words of one text."""

    def __init__(self, text: str, words: Words) -> None:
        self.count = len(words)
        self._text = text
        self._start = words.start
        self._end = words.end
        self._first = self._unwrapped((words.flags & _PARAGRAPH).nonzero()[0].tolist())
        self._opens = frozenset(self._first)

    def _unwrapped(self, lines: list[int]) -> list[int]:
        if len(lines) < 3 or self.count < 4 * len(lines):
            return lines
        widths = _steps(self._start.take(lines).tolist(), len(self._text))
        if max(widths) > _WRAPPED_AT or median(widths) < _WRAPPED_AT / 2:
            return lines
        marked = [i for i in lines if i == 0 or _BREAK.search(self.gap(i))]
        inside = [i for i in lines[1:] if not _ENDERS.intersection(self.gap(i))]
        return marked if len(marked) > 1 and 2 * len(inside) > len(lines) else lines

    def gap(self, word: int) -> str:
        """What stands between a word and the one before it."""
        begin = self._end[word - 1] if word else 0
        return self._text[begin : self._start[word] if word < self.count else len(self._text)]

    def paragraph(self, word: int) -> int:
        """Which paragraph a word is in."""
        return bisect_right(self._first, word) - 1

    def first_word(self, paragraph: int) -> int:
        """Where a paragraph begins; the number of words for the one after the last."""
        return self._first[paragraph] if paragraph < len(self._first) else self.count

    def line(self, word: int) -> tuple[int, int]:
        """The first word of the paragraph that a word stands in, and the one after its last."""
        at = self.paragraph(word)
        return self.first_word(at), self.first_word(at + 1)

    def paragraphs(self, start: int, end: int) -> int:
        """How many paragraphs a run of words touches."""
        return self.paragraph(end - 1) - self.paragraph(start) + 1

    def share(self, start: int, end: int) -> float:
        """How much of the paragraphs it touches a run of words fills."""
        low, high = self.paragraph(start), self.paragraph(end - 1)
        return (end - start) / (self.first_word(high + 1) - self.first_word(low))

    def median_paragraph(self) -> float:
        """Words in the middling paragraph: few in verse, lists and tables."""
        return float(median(_steps(self._first, self.count)))

    def opens(self, word: int) -> bool:
        """Whether a sentence begins at this word, or the text ends before it."""
        return word >= self.count or word in self._opens or self.stops(word)

    def stops(self, word: int) -> bool:
        """Whether a full stop or its like stands right before this word."""
        return not _ENDERS.isdisjoint(self.gap(word))

    def opens_after_mark(self, word: int) -> bool:
        """Whether a sentence, a quotation or what a colon or a bullet announces begins here."""
        return self.opens(word) or self.gap(word).rstrip()[-1:] in _SOFT

    def ends_before_mark(self, word: int) -> bool:
        """Whether a sentence, a quotation or what a dash goes on to sign ends before this word."""
        return self.opens(word) or self.gap(word).lstrip()[:1] in _CLOSING | _SIGNING

    def sentences(self, start: int, end: int) -> tuple[int, int]:
        """The run with the rest of the sentences it breaks off in, each within its paragraph."""
        low = max(self.first_word(self.paragraph(start)), start - _FAR)
        high = min(self.first_word(self.paragraph(end - 1) + 1), end + _FAR)
        while start > low and not self.opens(start):
            start -= 1
        while end < high and not self.opens(end):
            end += 1
        return start, end

    def displayed(self, start: int, end: int) -> tuple[int, int]:
        """The run with the few words it lacks to be a whole paragraph, if that one has no full stop."""
        low, high = self.first_word(self.paragraph(start)), self.first_word(self.paragraph(end - 1) + 1)
        lacks = high - low - (end - start)
        shown = lacks <= min(_STRAY, (end - start) / 4) and not self.stops(high)
        return (low, high) if shown else (start, end)

    def quoted(self, start: int, end: int) -> bool:
        """Whether a quotation mark stands right at either end of a run of words."""
        return not (_OPENING.isdisjoint(self.gap(start)) and _CLOSING.isdisjoint(self.gap(end)))

    def span(self, start: int, end: int) -> Span:
        """The characters of a run of words, without what surrounds them."""
        return Span(int(self._start[start]), int(self._end[end - 1]))

    def closed(self, start: int, end: int) -> Span:
        """The characters of a run of words with the marks that end its last sentence."""
        after = self.gap(end)
        span = self.span(start, end)
        return Span(span.start, span.end + len(after) - len(after.lstrip("".join(_ENDERS | _CLOSING))))

    def filled(self, start: int, end: int) -> Span | None:
        """If the run is a whole paragraph, all of it with its bullets, quotes and stops; else nothing."""
        low, high = self.paragraph(start), self.paragraph(end - 1)
        if self.first_word(low) != start or self.first_word(high + 1) != end:
            return None
        before, after = _LINE_END.split(self.gap(start))[-1], _LINE_END.split(self.gap(end))[0]
        span = self.span(start, end)
        return Span(span.start - len(before.lstrip()), span.end + len(after.rstrip()))


def _steps(starts: list[int], end: int) -> list[int]:
    """How far it is from each start to the next, and from the last to the end."""
    return [after - before for before, after in pairwise((*starts, end))]


def widened(text: str, one: Span, other: Span) -> tuple[Span, Span]:
    """Both spans with the opening and closing marks that stand around both of them."""
    before = after = 0
    while (
        min(one.start, other.start) - before > 0
        and text[one.start - before - 1] == text[other.start - before - 1]
        and text[one.start - before - 1] in _OPENING
        and (one.end + before < other.start or other.end + before < one.start)
    ):
        before += 1
    gap = max(one.start, other.start) - before - min(one.end, other.end)
    while (
        after < gap
        and max(one.end, other.end) + after < len(text)
        and text[one.end + after] == text[other.end + after]
        and (text[one.end + after] in _CLOSING or text[one.end + after] in _ENDERS)
    ):
        after += 1
    return Span(one.start - before, one.end + after), Span(other.start - before, other.end + after)
