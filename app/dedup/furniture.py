"""Text that keeps coming back under different stories of a source: found, and kept out of comparisons.

Newsletter blocks, notes on the author, legal lines, an agency's standing background: what pages
share that share nothing else. Learned furniture is a mask on a fingerprint's words, never a change
of the fingerprint, so that what is learned later, or taken back, holds for all that is stored.
Numbers count as equal: "Updated 3 hours ago" is the block of "Updated 5 hours ago".
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.dedup.align import numbers_alike, shingles
from app.dedup.compare import align
from app.dedup.model import Fingerprint, Hashes, Mask, Span, WordFlag
from app.dedup.outline import Outline
from app.dedup.words import member

WIDTH = 5
"""Words of a furniture shingle: what it masks is at least a short sentence."""
LEAST_WORDS = 8
"""A passage of fewer words is a phrase, not a block."""
MOST_WORDS = 400
LEAST_PAGES = 3
"""Other pages that must carry a passage: one more story may be a mistake of ours, three are a habit."""
_MOST_FIGURES = 0.15
_SAME_FORM = 0.5
"""Pages that share more than half are one story, or one form filled in again: they tell no furniture."""
_MOST_MASKED = 0.5
"""Where furniture would leave less than half of a text, the text is a form: nothing is masked."""


@dataclass(frozen=True, slots=True, eq=False)
class Furniture:
    """What is furniture for one source, as of one version; versions ascend."""

    version: int
    shingles: Hashes
    """Ascending."""


NONE = Furniture(0, np.empty(0, dtype=np.uint32))


def furniture_shingles(words: Hashes, flags: NDArray[np.uint8]) -> Hashes:
    """The shingles by which a run of words is known again."""
    return shingles(numbers_alike(words, flags), WIDTH)


def mask(of: Fingerprint, known: Furniture) -> Mask:
    """Which words are furniture; none where it would be most of the text."""
    masked = np.zeros(len(of.words), dtype=np.bool_)
    if not len(known.shingles):
        return masked
    found = member(furniture_shingles(of.words, of.flags), known.shingles)
    for offset in range(WIDTH):
        masked[offset : offset + len(found)] |= found
    if np.count_nonzero(masked) > _MOST_MASKED * len(masked):
        masked[:] = False
    return masked


def without(of: Fingerprint, known: Furniture) -> Fingerprint:
    """The fingerprint's words but for furniture: what is compared. Its keys and signatures stay."""
    masked = mask(of, known)
    if not masked.any():
        return of
    return replace(of, words=of.words[~masked], flags=of.flags[~masked])


def recurring(page: Outline, others: Iterable[Outline]) -> list[Span]:
    """Stretches of a page's words that enough of the others carry, who share little else with it.

    ``others`` are pages of different stories, one a story.
    """
    carried = np.zeros(len(page.form) + 1, dtype=np.int16)
    for other in others:
        alignment = align(page, other)
        if max(_share(alignment.in_a), _share(alignment.in_b)) > _SAME_FORM:
            continue
        for run in alignment.runs:
            carried[run.a_start : run.a_end] += 1
    enough = np.concatenate(([False], carried >= LEAST_PAGES)).astype(np.int8)
    edges = np.flatnonzero(np.diff(enough)).tolist()
    spans = (Span(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True))
    figures = (page.print.flags & np.uint8(WordFlag.NUMBER)) != 0
    return [span for span in spans if _is_block(figures[span.start : span.end])]


def _is_block(figures: Mask) -> bool:
    """Whether a stretch may be furniture: long enough, and no row of figures, which are a form's content."""
    return LEAST_WORDS <= len(figures) <= MOST_WORDS and _share(figures) <= _MOST_FIGURES


def _share(mask: Mask) -> float:
    return np.count_nonzero(mask) / len(mask) if len(mask) else 0.0
