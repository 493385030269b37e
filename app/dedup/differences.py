"""Which numbers, dates, names and negations differ between two aligned texts, and where they stand.

The counts of a comparison as words a person can check: "3,700 → 3,770". Looks only where the two
texts are aligned, by the same rules as ``compare``. What stands on one side alone is no difference
but for a negation, whose coming or going turns a sentence round. Offsets count the text as received.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from app.dedup.model import Cleaned, Comparison, Hashes, Mask, Run, Span, WordFlag, Words
from app.dedup.words import distinct, member


class DifferenceKind(StrEnum):
    """What kind of fact differs."""

    NUMBER = "number"
    DATE = "date"
    NAME = "name"
    NEGATION = "negation"


_FLAG = {DifferenceKind.NUMBER: WordFlag.NUMBER, DifferenceKind.DATE: WordFlag.CALENDAR}


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


def story_text(text: str, words: Words, body: Mask) -> StoryText:
    """The story's words of a text; ``words`` are all of its words, ``body`` those that count."""
    return StoryText(text, words.start[body], words.end[body], words.hash[body], words.flags[body])


def story_of(cleaned: Cleaned) -> StoryText:
    """The story's words of a cleaned page."""
    return story_text(cleaned.text, cleaned.words, cleaned.body)


def differences(a: StoryText, b: StoryText, compared: Comparison) -> tuple[Difference, ...]:
    """What differs inside the runs and substitutions of a comparison, in the order of ``a``."""
    found: list[Difference] = []
    for run in compared.runs:
        found += _inside_run(a, b, run, DifferenceKind.NUMBER)
        found += _inside_run(a, b, run, DifferenceKind.DATE)
    for gap in compared.substitutions:
        found += _exchanged(a, b, gap, DifferenceKind.NUMBER)
        found += _exchanged(a, b, gap, DifferenceKind.DATE)
    all_a, all_b = distinct(a.hash), distinct(b.hash)
    for part in (*compared.runs, *compared.substitutions):
        hash_a, hash_b = a.hash[part.a_start : part.a_end], b.hash[part.b_start : part.b_end]
        if len(hash_a) != len(hash_b) or (hash_a != hash_b).any():
            found += _names(a, b, part, all_a, all_b)
            found += _negations(a, b, part)
    found.sort(key=lambda each: (each.at_a or Span(len(a.text), 0), each.at_b or Span(0, 0)))
    return tuple(found)


def _inside_run(a: StoryText, b: StoryText, run: Run, kind: DifferenceKind) -> Iterator[Difference]:
    """Numbers or calendar words that stand at the same place and are not equal."""
    part_a, part_b = slice(run.a_start, run.a_end), slice(run.b_start, run.b_end)
    hash_a, hash_b = a.hash[part_a], b.hash[part_b]
    both = _has(a.flags[part_a], _FLAG[kind]) & _has(b.flags[part_b], _FLAG[kind])
    for place in np.flatnonzero(both & (hash_a != hash_b)).tolist():
        i, j = run.a_start + place, run.b_start + place
        yield _pair(kind, a, b, (i, i + 1), (j, j + 1))


def _exchanged(a: StoryText, b: StoryText, gap: Run, kind: DifferenceKind) -> Iterator[Difference]:
    """Numbers or calendar words of a substitution that the other side of it lacks, paired in order."""
    sides = []
    for each, start, end in ((a, gap.a_start, gap.a_end), (b, gap.b_start, gap.b_end)):
        part = slice(start, end)
        counts = _has(each.flags[part], _FLAG[kind])
        sides.append(np.flatnonzero(counts) + start)
    in_a, in_b = sides
    only_a = in_a[~np.isin(a.hash[in_a], b.hash[in_b])].tolist()
    only_b = in_b[~np.isin(b.hash[in_b], a.hash[in_a])].tolist()
    for i, j in zip(only_a, only_b, strict=False):
        yield _pair(kind, a, b, (i, i + 1), (j, j + 1))


def _names(a: StoryText, b: StoryText, part: Run, all_a: Hashes, all_b: Hashes) -> Iterator[Difference]:
    """Names that stand in one text only, paired in order; words that follow each other are one name."""
    only_a = _alone(a, part.a_start, part.a_end, all_b)
    only_b = _alone(b, part.b_start, part.b_end, all_a)
    for left, right in zip(only_a, only_b, strict=False):
        yield _pair(DifferenceKind.NAME, a, b, left, right)


def _alone(side: StoryText, start: int, end: int, others: Hashes) -> list[tuple[int, int]]:
    part = side.hash[start:end]
    flags = side.flags[start:end]
    new = _has(flags, WordFlag.CAPITAL) & ~_has(flags, WordFlag.CALENDAR) & ~member(part, others)
    edges = np.flatnonzero(np.diff(np.concatenate(([False], new, [False])).astype(np.int8))) + start
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def _negations(a: StoryText, b: StoryText, part: Run) -> Iterator[Difference]:
    """Words that deny and stand on one side only."""
    places_a = np.flatnonzero(_has(a.flags[part.a_start : part.a_end], WordFlag.NEGATION)) + part.a_start
    places_b = np.flatnonzero(_has(b.flags[part.b_start : part.b_end], WordFlag.NEGATION)) + part.b_start
    more, side = (places_a, a) if len(places_a) > len(places_b) else (places_b, b)
    fewer, other = (places_b, b) if side is a else (places_a, a)
    left = other.hash[fewer].tolist()
    extra = len(places_a) - len(places_b) if side is a else len(places_b) - len(places_a)
    for place in more.tolist():
        if int(side.hash[place]) in left:
            left.remove(int(side.hash[place]))
        elif extra > 0:
            extra -= 1
            word, span = side.quote(place, place + 1), side.span(place, place + 1)
            if side is a:
                yield Difference(DifferenceKind.NEGATION, word, "", span, None)
            else:
                yield Difference(DifferenceKind.NEGATION, "", word, None, span)


def _pair(
    kind: DifferenceKind, a: StoryText, b: StoryText, in_a: tuple[int, int], in_b: tuple[int, int]
) -> Difference:
    return Difference(kind, a.quote(*in_a), b.quote(*in_b), a.span(*in_a), b.span(*in_b))


def _has(flags: NDArray[np.uint8], flag: WordFlag) -> Mask:
    raised: Mask = (flags & np.uint8(flag)) != 0
    return raised
