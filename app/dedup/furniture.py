"""Text that keeps coming back under different stories of a source: found, and kept out of comparisons.

Newsletter blocks, notes on the author, legal lines, an agency's standing background: what pages
share that share nothing else. Learned furniture is a mask on a fingerprint's words, never a change
of the fingerprint, so that what is learned later, or taken back, holds for all that is stored.
Numbers count as equal: "Updated 3 hours ago" is the block of "Updated 5 hours ago".
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from app.dedup.align import numbers_alike, shingles
from app.dedup.arrays import distinct, member
from app.dedup.compare import align
from app.dedup.counting import Alignment
from app.dedup.model import Fingerprint, Hashes, Mask, Span, WordFlag
from app.dedup.outline import Outline
from app.dedup.words import tokenise

WIDTH = 5
"""Words of a furniture shingle: what it masks is at least a short sentence.

A profile's body shingles have as many, so that the index leads to whoever carries a passage.
"""
LEAST_WORDS = 8
"""A passage of fewer words is a phrase, not a block."""
MOST_WORDS = 400
LEAST_PAGES = 3
"""Other pages that must carry a passage: one more story may be a mistake of ours, three are a habit."""
_MOST_FIGURES = 0.15
_SAME_FORM = 0.5
"""Pages that share more may be one story, or one form filled in again."""
_SAME_HEADLINE = 0.4
"""Pages whose headlines share this much (Dice) may tell of one thing."""
_MOST_BLOCKS = 4
_LEAST_REST = 12
"""Words that each page must have beside the blocks, or there is nothing to tell strangers by."""
_REST_SHARED = 0.2
"""Share of what stands beside the blocks that strangers may have in common: words in order, names."""
_FEW_NAMES = 3
_WORDS_SHARED = 0.4
"""Where pages name too little: share of all words, of which "the" and its like are a third."""
_MOST_MASKED = 0.8
"""Where furniture would leave less than a fifth of a text, nothing is masked: it is all the text there is."""


@dataclass(frozen=True, slots=True, eq=False)
class Furniture:
    """What is furniture for one source, as of one version; versions ascend."""

    version: int
    shingles: Hashes
    """Ascending."""


NONE = Furniture(0, np.empty(0, dtype=np.uint32))


def furniture_shingles(of: Fingerprint, span: Span) -> Hashes:
    """The shingles by which a run of a text's words is known again, in order."""
    start, end = span
    return shingles(numbers_alike(of.words[start:end], of.flags[start:end]), WIDTH)


def both(a: Furniture, b: Furniture) -> Furniture:
    """What is furniture for either of two sources: a copy carries its origin's blocks along."""
    if a is b or not len(b.shingles):
        return a
    if not len(a.shingles):
        return b
    low, high = sorted((a.version, b.version))
    return Furniture(high << 32 | low, distinct(np.concatenate((a.shingles, b.shingles))))


def passage_shingles(text: str) -> Hashes:
    """The shingles by which a passage is known again, from its text; ascending."""
    words = tokenise(text)
    return distinct(shingles(numbers_alike(words.hash, words.flags), WIDTH))


def mask(of: Fingerprint, known: Furniture) -> Mask:
    """Which words are furniture; none where it would be most of the text.

    A number never is: a form's set phrases are furniture, and the figure in them is its news.
    """
    masked = np.zeros(len(of.words), dtype=np.bool_)
    if not len(known.shingles):
        return masked
    found = member(furniture_shingles(of, Span(0, len(of.words))), known.shingles)
    for offset in range(WIDTH):
        masked[offset : offset + len(found)] |= found
    masked &= ~_flagged(of, WordFlag.NUMBER)
    if np.count_nonzero(masked) > _MOST_MASKED * len(masked):
        masked[:] = False
    return masked


def without(of: Fingerprint, known: Furniture) -> Fingerprint:
    """The fingerprint's words but for furniture: what is compared. Its keys and signatures stay."""
    masked = mask(of, known)
    if not masked.any():
        return of
    return replace(of, words=of.words[~masked], flags=of.flags[~masked])


def stretches(masked: Mask) -> list[Span]:
    """Maximal runs of marked words."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], masked, [False])).astype(np.int8))).tolist()
    return [Span(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True)]


def recurring(page: Outline, others: Iterable[Outline], *, kin: Iterable[Outline] = ()) -> list[Span]:
    """Stretches of a page's words that come back in enough pages of other stories.

    ``others`` are such pages, one a story; of one that shares most of its text, and of ``kin``, which are
    held to be of the page's own story, it must be plain that they share blocks alone.
    """
    carried = np.zeros(len(page), dtype=np.int16)
    for other, trusted in (*((each, True) for each in others), *((each, False) for each in kin)):
        alignment = align(page, other)
        little = max(_share(alignment.in_a), _share(alignment.in_b)) <= _SAME_FORM
        if (trusted and little) or _strangers(page, other, alignment):
            for run in alignment.runs:
                carried[run.a_start : run.a_end] += 1
    figures = _flagged(page.print, WordFlag.NUMBER)
    spans = stretches(carried >= LEAST_PAGES)
    return [span for span in spans if _is_block(figures[span.start : span.end])]


def _strangers(a: Outline, b: Outline, alignment: Alignment) -> bool:
    """Whether two pages tell of different things, but for a few blocks that both print.

    A form filled in again, and a story taken up again, share more than blocks: headline, names, many
    short runs.
    """
    headlines = [frozenset(side.print.title.tolist()) for side in (a, b)]
    if 2 * len(headlines[0] & headlines[1]) > _SAME_HEADLINE * sum(len(each) for each in headlines):
        return False
    blocks = sorted(alignment.runs, key=lambda run: run.a_start - run.a_end)[:_MOST_BLOCKS]
    rests = []
    for side, start, end in ((a, 0, 1), (b, 2, 3)):
        rest = np.ones(len(side), dtype=np.bool_)
        for run in blocks:
            rest[run[start] : run[end]] = False
        rests.append(rest)
    counts = [int(np.count_nonzero(rest)) for rest in rests]
    shared = int(np.count_nonzero(alignment.in_a & rests[0]))
    if min(counts) < _LEAST_REST or shared > _REST_SHARED * min(counts):
        return False
    names = [
        frozenset(side.print.words[rest & _flagged(side.print, WordFlag.CAPITAL)].tolist())
        for side, rest in zip((a, b), rests, strict=True)
    ]
    if min(len(each) for each in names) >= _FEW_NAMES:
        return _overlap(*names) <= _REST_SHARED
    words = [frozenset(side.print.words[rest].tolist()) for side, rest in zip((a, b), rests, strict=True)]
    return _overlap(*words) <= _WORDS_SHARED


def _flagged(of: Fingerprint, flag: WordFlag) -> Mask:
    """Which words carry a flag."""
    raised: Mask = (of.flags & np.uint8(flag)) != 0
    return raised


def _overlap(a: frozenset[int], b: frozenset[int]) -> float:
    return len(a & b) / min(len(a), len(b))


def _is_block(figures: Mask) -> bool:
    """Whether a stretch may be furniture: long enough, and no row of figures, which are a form's content."""
    return LEAST_WORDS <= len(figures) <= MOST_WORDS and _share(figures) <= _MOST_FIGURES


def _share(mask: Mask) -> float:
    return int(np.count_nonzero(mask)) / len(mask) if len(mask) else 0.0
