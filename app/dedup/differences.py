"""Which numbers, dates, names and negations differ between two aligned texts, and where they stand.

The counts of a comparison as words a person can check: "3,700 → 3,770". Looks only where the two
texts are aligned, by the same rules as ``compare``. What stands on one side alone is no difference
but for a negation, whose coming or going turns a sentence round. Offsets count the text as received.
Costs some 200 µs for each run and substitution, until as many differences are found as were asked for.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.dedup.counting import is_edit
from app.dedup.model import Cleaned, Comparison, Hashes, Mask, Run, Span, WordFlag, Words


class DifferenceKind(StrEnum):
    """What kind of fact differs."""

    NUMBER = "number"
    DATE = "date"
    NAME = "name"
    NEGATION = "negation"


_FIGURES = ((DifferenceKind.NUMBER, int(WordFlag.NUMBER)), (DifferenceKind.DATE, int(WordFlag.CALENDAR)))
_NEGATION, _CAPITAL = int(WordFlag.NEGATION), int(WordFlag.CAPITAL)
_NAME_OR_DAY = int(WordFlag.CAPITAL | WordFlag.CALENDAR)


@dataclass(frozen=True, slots=True)
class Difference:
    """One fact as each text has it. A side without it is empty and has no span."""

    kind: DifferenceKind
    a: str
    b: str
    at_a: Span | None
    at_b: Span | None

    def __str__(self) -> str:
        return f"{self.b or '(nothing)'} → {self.a or '(nothing)'}"


@dataclass(frozen=True, slots=True, eq=False)
class StoryText:
    """A text with its story's words in place: word ``i`` of a fingerprint is word ``i`` here."""

    text: str
    start: NDArray[np.int32]
    end: NDArray[np.int32]
    hash: Hashes
    flags: NDArray[np.uint8]

    def span(self, first: int, last: int) -> Span:
        """Where the words ``[first, last)`` stand in the text."""
        return Span(int(self.start[first]), int(self.end[last - 1]))

    def quote(self, first: int, last: int) -> str:
        """The words ``[first, last)`` as they are printed."""
        start, end = self.span(first, last)
        return self.text[start:end]

    def without(self, masked: Mask) -> "StoryText":
        """But for some words: word ``i`` is again word ``i`` of the fingerprint without them."""
        kept = ~masked
        return StoryText(self.text, self.start[kept], self.end[kept], self.hash[kept], self.flags[kept])


def story_text(text: str, words: Words, body: Mask) -> StoryText:
    """The story's words of a text; ``words`` are all of its words, ``body`` those that count."""
    return StoryText(text, words.start[body], words.end[body], words.hash[body], words.flags[body])


def story_of(cleaned: Cleaned) -> StoryText:
    """The story's words of a cleaned page."""
    return story_text(cleaned.text, cleaned.words, cleaned.body)


@dataclass(frozen=True, slots=True)
class _Sides:
    """Both texts and all the words of each."""

    a: StoryText
    b: StoryText
    words_a: frozenset[int]
    words_b: frozenset[int]

    def pair(self, kind: DifferenceKind, in_a: tuple[int, int], in_b: tuple[int, int]) -> Difference:
        """The words ``[first, last)`` of each side as a difference."""
        a, b = self.a, self.b
        return Difference(kind, a.quote(*in_a), b.quote(*in_b), a.span(*in_a), b.span(*in_b))


class _Word(NamedTuple):
    """A word that may differ. Of these there are few, and lists of few are faster than arrays."""

    place: int
    hash: int
    flags: int


def differences(
    a: StoryText, b: StoryText, compared: Comparison, *, most: int | None = None
) -> tuple[Difference, ...]:
    """What differs inside the runs and substitutions of a comparison, in the order of ``a``.

    With ``most`` the search ends where so many are found: those that stand first.
    """
    sides = _Sides(a, b, frozenset(a.hash.tolist()), frozenset(b.hash.tolist()))
    runs = frozenset(compared.runs)
    found: list[Difference] = []
    for part in sorted((*compared.runs, *compared.substitutions)):
        found += _in_run(sides, part) if part in runs else _in_substitution(sides, part)
        if most is not None and len(found) >= most:
            break
    found.sort(key=lambda each: (each.at_a or Span(len(a.text), 0), each.at_b or Span(0, 0)))
    return tuple(found[:most])


def _in_run(sides: _Sides, run: Run) -> Iterator[Difference]:
    """Numbers and calendar words that stand at the same place and are not equal; names and negations."""
    words = sides.a.hash[run.a_start : run.a_end]
    differ = np.flatnonzero(words != sides.b.hash[run.b_start : run.b_end])
    if not len(differ):
        return
    in_a, in_b = _words(sides.a, differ + run.a_start), _words(sides.b, differ + run.b_start)
    for kind, flag in _FIGURES:
        for x, y in zip(in_a, in_b, strict=True):
            if x.flags & y.flags & flag:
                yield sides.pair(kind, (x.place, x.place + 1), (y.place, y.place + 1))
    yield from _names(sides, in_a, in_b)
    yield from _negations(sides, in_a, in_b)


def _in_substitution(sides: _Sides, gap: Run) -> Iterator[Difference]:
    """Numbers and calendar words that the other side of it lacks, paired in order; names and negations."""
    in_a = _words(sides.a, np.arange(gap.a_start, gap.a_end))
    in_b = _words(sides.b, np.arange(gap.b_start, gap.b_end))
    for kind, flag in _FIGURES:
        figures_a, figures_b = ([word for word in side if word.flags & flag] for side in (in_a, in_b))
        for x, y in zip(_lacking(figures_a, figures_b), _lacking(figures_b, figures_a), strict=False):
            yield sides.pair(kind, (x.place, x.place + 1), (y.place, y.place + 1))
    yield from _names(sides, in_a, in_b)
    if is_edit(gap):
        yield from _negations(sides, in_a, in_b)


def _words(of: StoryText, places: NDArray[np.intp]) -> list[_Word]:
    return [
        _Word(*word)
        for word in zip(places.tolist(), of.hash[places].tolist(), of.flags[places].tolist(), strict=True)
    ]


def _lacking(words: list[_Word], others: list[_Word]) -> Iterator[_Word]:
    """The words that are not among the others."""
    known = {word.hash for word in others}
    return (word for word in words if word.hash not in known)


def _names(sides: _Sides, in_a: list[_Word], in_b: list[_Word]) -> Iterator[Difference]:
    """Names that stand in one text only, paired in order; words that follow each other are one name."""
    only_a, only_b = _names_alone(in_a, sides.words_b), _names_alone(in_b, sides.words_a)
    for left, right in zip(only_a, only_b, strict=False):
        yield sides.pair(DifferenceKind.NAME, left, right)


def _names_alone(words: Iterable[_Word], others: frozenset[int]) -> list[tuple[int, int]]:
    names: list[tuple[int, int]] = []
    for word in words:
        if word.flags & _NAME_OR_DAY != _CAPITAL or word.hash in others:
            continue
        if names and names[-1][1] == word.place:
            names[-1] = (names[-1][0], word.place + 1)
        else:
            names.append((word.place, word.place + 1))
    return names


def _negations(sides: _Sides, in_a: list[_Word], in_b: list[_Word]) -> Iterator[Difference]:
    """Words that deny and stand on one side only."""
    denied_a, denied_b = ([word for word in side if word.flags & _NEGATION] for side in (in_a, in_b))
    extra = len(denied_a) - len(denied_b)
    more, fewer, side = (denied_a, denied_b, sides.a) if extra > 0 else (denied_b, denied_a, sides.b)
    left = Counter(word.hash for word in fewer)
    unmatched: list[int] = []
    for word in more:
        if left[word.hash]:
            left[word.hash] -= 1
        else:
            unmatched.append(word.place)
    for place in unmatched[: abs(extra)]:
        said, span = side.quote(place, place + 1), side.span(place, place + 1)
        if side is sides.a:
            yield Difference(DifferenceKind.NEGATION, said, "", span, None)
        else:
            yield Difference(DifferenceKind.NEGATION, "", said, None, span)
