"""What comparing needs of one text, worked out once: sorted sets of shingles, words and figures.

A stored text is compared with many arriving ones, an arriving one with a dozen stored: sorting each
once leaves only look-ups for the pair.
"""

from dataclasses import dataclass, field

import numpy as np

from app.dedup import kernel
from app.dedup.model import Fingerprint, WordFlag
from app.dedup.packing import Sizes, sizes_of

_IDEOGRAPH = np.uint8(WordFlag.IDEOGRAPH)


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """A fingerprint ready to be compared."""

    print: Fingerprint
    packed: bytes = field(repr=False)
    """Its sorted parts: some 25 bytes a word, in the layout of ``packing``."""
    sizes: Sizes
    """How much there is of each part."""
    unspaced: bool
    """Most of its words are letters of a script without spaces."""

    def __len__(self) -> int:
        """Words of the text."""
        return self.sizes.words


def draw_outline(of: Fingerprint) -> Outline:
    """Sort a fingerprint's parts for comparison."""
    packed = kernel.pack(of.words, of.flags, of.title)
    letters = int(np.count_nonzero(of.flags & _IDEOGRAPH))
    return Outline(of, packed, sizes_of(packed), unspaced=2 * letters > len(of.flags))
