"""What comparing needs of one text, worked out once: sorted sets of shingles, words and figures.

A stored text is compared with many arriving ones, an arriving one with a dozen stored: sorting each
once leaves only look-ups for the pair.
"""

from dataclasses import dataclass, field

from app.dedup import kernel
from app.dedup.model import Fingerprint
from app.dedup.packing import Sizes, sizes_of


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """A fingerprint ready to be compared."""

    print: Fingerprint
    packed: bytes = field(repr=False)
    """Its sorted parts: some 25 bytes a word, in the layout of ``packing``."""
    sizes: Sizes
    """How much there is of each part."""

    def __len__(self) -> int:
        """Words of the text."""
        return self.sizes.words


def draw_outline(of: Fingerprint) -> Outline:
    """Sort a fingerprint's parts for comparison."""
    packed = kernel.pack(of.words, of.flags, of.title)
    return Outline(of, packed, sizes_of(packed))
