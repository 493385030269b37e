"""What comparing needs of one text, worked out once: sorted sets of shingles, words and figures.

A stored text is compared with many arriving ones, an arriving one with a dozen stored: sorting each
once leaves only look-ups for the pair.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from app.dedup import kernel
from app.dedup.align import shingles
from app.dedup.arrays import distinct
from app.dedup.model import Fingerprint, Hashes, WordFlag
from app.dedup.packing import LEAD_WORDS, Sizes, sizes_of

_IDEOGRAPH = np.uint8(WordFlag.IDEOGRAPH)


class Letters(NamedTuple):
    """Distinct pairs of letters, ascending: where no spaces are written, single ones return in any text."""

    pairs: Hashes
    opening: Hashes
    """Those of the first 140 letters, which say what 70 words do."""


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """A fingerprint ready to be compared."""

    print: Fingerprint
    packed: bytes = field(repr=False)
    """Its sorted parts: some 25 bytes a word, in the layout of ``packing``."""
    sizes: Sizes
    """How much there is of each part."""
    letters: Letters | None
    """Of a text most of whose words are letters of a script without spaces."""

    def __len__(self) -> int:
        """Words of the text."""
        return self.sizes.words


def draw_outline(of: Fingerprint) -> Outline:
    """Sort a fingerprint's parts for comparison."""
    packed = kernel.pack(of.words, of.flags, of.title)
    return Outline(of, packed, sizes_of(packed), _letters(of))


def _letters(of: Fingerprint) -> Letters | None:
    if 2 * np.count_nonzero(of.flags & _IDEOGRAPH) <= len(of.flags):
        return None
    return Letters(*(distinct(shingles(of.words[:first], 2)) for first in (None, 2 * LEAD_WORDS)))
