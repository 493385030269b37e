"""Whether a copy still says what its origin has corrected, and where.

A correction is known by the text before it and the text after it: what differs between those two
(``differences``) is what was corrected. A copy is laid beside the text *before*: where a corrected
fact stands in a stretch that both have, and the copy has the old words there, it is stale. What the
copy left out, or says otherwise than either text, is not. All of it works on aligned words, in any
language that ``differences`` does. Costs a comparison for each copy.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from app.dedup.compare import compare
from app.dedup.differences import Difference, DifferenceKind, StoryText, differences
from app.dedup.model import Comparison, Facts, Run, Span, WordFlag
from app.dedup.outline import Outline

MOST_FACTS = 100
"""Facts of one correction that copies are looked through for."""
MOST_PASSAGES = 20
"""Passages that are told of one copy."""
_OPENS = np.uint8(WordFlag.PARAGRAPH | WordFlag.SENTENCE)
_LONGEST_SENTENCE = 60
"""Words shown on either side of what is stale where no sentence ends."""
_NOT_DIGITS = re.compile(r"\D")


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """One version of a text, ready to be laid beside others."""

    key: int
    """By which the caller knows it."""
    outline: Outline
    story: StoryText
    facts: Facts


@dataclass(frozen=True, slots=True, eq=False)
class Correction:
    """What was corrected from one text to the next."""

    before: Told
    after: Told
    facts: tuple["CorrectedFact", ...]


@dataclass(frozen=True, slots=True)
class CorrectedFact:
    """One fact as it was, and as it is to be now."""

    kind: DifferenceKind
    old: Span | None
    """In the text before. None where nothing stood: a "not" came in."""
    after: Span | None
    """In the text after the correction; None where a "not" went out."""
    new: Span | None
    """What it says now …"""
    new_in: int
    """… in the text of this key: that after, or a later one."""


@dataclass(frozen=True, slots=True)
class StalePassage:
    """Where a copy has the old words. Spans count the text as received of the copy, but for ``new``."""

    kind: DifferenceKind
    passage: Span
    """The sentence."""
    old: Span | None
    """The old words in it; None where a "not" is missing."""
    new: Span | None
    """What it should say; None where a "not" is too much."""
    new_in: int
    """The key of the text that ``new`` stands in."""


def correct(before: Told, after: Told, now: Told) -> Correction:
    """What was corrected, in the words of ``now``, the latest text; not what that has taken back again."""
    told = differences(after.story, before.story, _compare(after, before), most=MOST_FACTS)
    if now is after:
        return Correction(before, after, tuple(_fact(each, after.key, each.at_a) for each in told))
    compared = _compare(now, before)
    later = {(each.kind, each.at_b): each for each in differences(now.story, before.story, compared)}
    facts = []
    for each in told:
        again = later.get((each.kind, each.at_b)) if each.at_b is not None else None
        if again is not None and again.a != each.a:
            facts.append(_fact(each, now.key, again.at_a))
        elif again or each.at_b is None or _place(now, before, compared, each.kind, each.at_b) is None:
            facts.append(_fact(each, after.key, each.at_a))
    return Correction(before, after, tuple(facts))


def stale_passages(copy: Told, correction: Correction) -> tuple[StalePassage, ...]:
    """Where the copy still has the old words, in the order of its text."""
    if not correction.facts:
        return ()
    found: list[StalePassage] = []
    beside = _compare(copy, correction.before)
    for fact in correction.facts:
        if fact.old is None:
            continue
        place = _place(copy, correction.before, beside, fact.kind, fact.old)
        if place is not None and not _says_both(copy, beside, place, correction.after, fact.after):
            span = copy.story.span(*place)
            found.append(
                StalePassage(fact.kind, _sentence(copy.story, place[0]), span, fact.new, fact.new_in)
            )
    found += _denials_missing(copy, correction)
    return tuple(sorted(found, key=lambda each: (each.passage, each.old or each.passage))[:MOST_PASSAGES])


def merge(passages: Sequence[Sequence[StalePassage]]) -> tuple[StalePassage, ...]:
    """The passages of several corrections, oldest first; of one place what the latest says."""
    latest = {(each.passage, each.old, each.kind): each for some in passages for each in some}
    return tuple(
        sorted(latest.values(), key=lambda each: (each.passage, each.old or each.passage))[:MOST_PASSAGES]
    )


def _fact(told: Difference, new_in: int, new: Span | None) -> CorrectedFact:
    return CorrectedFact(told.kind, told.at_b, told.at_a, new, new_in)


def _compare(a: Told, b: Told) -> Comparison:
    return compare(a.outline, b.outline, a.facts, b.facts)


def _place(
    copy: Told, before: Told, compared: Comparison, kind: DifferenceKind, old: Span
) -> tuple[int, int] | None:
    """The words ``[first, last)`` of a copy that say what stands at ``old`` in the text before, if any do."""
    first, last = _words_at(before.story, old)
    for run in compared.runs:
        if run.b_start <= first and last <= run.b_end:
            start = first - run.b_start + run.a_start
            place = (start, start + last - first)
            return place if _says(copy.story, place, before.story, (first, last), kind) else None
    if kind is DifferenceKind.NEGATION:
        return None
    for gap in compared.substitutions:
        if gap.b_start <= first and last <= gap.b_end:
            return _inside(copy.story, gap, before.story, (first, last), kind)
    return None


def _inside(
    copy: StoryText, gap: Run, before: StoryText, words: tuple[int, int], kind: DifferenceKind
) -> tuple[int, int] | None:
    """Where in a stretch that was worded otherwise the same fact stands."""
    size = words[1] - words[0]
    for start in range(gap.a_start, gap.a_end - size + 1):
        if _says(copy, (start, start + size), before, words, kind):
            return start, start + size
    return None


def _says(
    a: StoryText, in_a: tuple[int, int], b: StoryText, in_b: tuple[int, int], kind: DifferenceKind
) -> bool:
    """Whether both say the same there. A number is the same however its digits are grouped."""
    if np.array_equal(a.hash[slice(*in_a)], b.hash[slice(*in_b)]):
        return True
    if kind is not DifferenceKind.NUMBER:
        return False
    digits = _NOT_DIGITS.sub("", a.quote(*in_a))
    return bool(digits) and digits == _NOT_DIGITS.sub("", b.quote(*in_b))


def _says_both(copy: Told, beside: Comparison, place: tuple[int, int], after: Told, new: Span | None) -> bool:
    """Whether a stretch that the copy worded otherwise names the new words, too: "3,770, not 3,700"."""
    gap = next((each for each in beside.substitutions if each.a_start <= place[0] < each.a_end), None)
    if gap is None or new is None:
        return False
    words = after.story.hash[slice(*_words_at(after.story, new))].tolist()
    return set(words) <= set(copy.story.hash[gap.a_start : gap.a_end].tolist())


def _denials_missing(copy: Told, correction: Correction) -> list[StalePassage]:
    """Where the correction put a "not" that the copy lacks in what it has of the same sentence."""
    added = {fact.after: fact for fact in correction.facts if fact.old is None and fact.after is not None}
    if not added:
        return []
    compared = _compare(correction.after, copy)
    lacking = {
        each.at_a
        for each in differences(correction.after.story, copy.story, compared)
        if each.kind is DifferenceKind.NEGATION and each.at_b is None
    }
    found = []
    for after in sorted(added.keys() & lacking):
        first, _ = _words_at(correction.after.story, after)
        place = _beside(compared, first)
        if place is not None:
            fact = added[after]
            found.append(StalePassage(fact.kind, _sentence(copy.story, place), None, fact.new, fact.new_in))
    return found


def _beside(compared: Comparison, word: int) -> int | None:
    """The word of the second text that stands where ``word`` stands in the first."""
    for run in compared.runs:
        if run.a_start <= word < run.a_end:
            return word - run.a_start + run.b_start
    for gap in compared.substitutions:
        if gap.a_start <= word < gap.a_end:
            return max(0, gap.b_start - 1)
    return None


def _words_at(story: StoryText, span: Span) -> tuple[int, int]:
    """The words ``[first, last)`` that a span cuts out."""
    first = int(np.searchsorted(story.start, span.start))
    last = int(np.searchsorted(story.end, span.end)) + 1
    return first, last


def _sentence(story: StoryText, word: int) -> Span:
    """The sentence around a word."""
    low = max(0, word - _LONGEST_SENTENCE)
    high = min(len(story.hash), word + _LONGEST_SENTENCE)
    opens = (np.flatnonzero(story.flags[low:high] & _OPENS) + low).tolist()
    for start, end in pairwise([low, *opens, high]):
        if start <= word < end:
            return story.span(start, end)
    return story.span(word, word + 1)
