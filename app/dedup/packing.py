"""The parts of an outline, in one block of memory that the kernel and NumPy both read.

A header of ends, counted in 32-bit numbers from the start, one a part as ``Sizes`` lists them; then the parts
in order.
"""

import struct
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.dedup.align import Ranked, numbers_alike, rank, shingles
from app.dedup.arrays import distinct
from app.dedup.model import Hashes, WordFlag

BODY_WIDTH = 5
LEAD_WIDTH = 3
LEAD_WORDS = 70
SEED = 4
"""Words of an alignment seed: shorter ones tie unrelated texts together by idioms."""


class Sizes(NamedTuple):
    """What an outline is made of, in order, and how many 32-bit numbers each part has. Sets are ascending."""

    words: int
    """In order."""
    flags: int
    """Of the words, a byte each, filled up to four."""
    body: int
    """Distinct 5-word shingles."""
    phrases: int
    """Distinct 3-word shingles."""
    lead: int
    """3-word shingles of the first 70 words, in order."""
    seeds: int
    """4-word shingles, numbers alike, by value …"""
    places: int
    """… and where each stands."""
    vocabulary: int
    """Distinct words."""
    opening: int
    """Those of the lead."""
    numbers: int
    names: int
    title: int


PARTS = len(Sizes._fields)
_HEADER = struct.Struct(f"={PARTS}I")


class Parts(NamedTuple):
    """An outline unpacked, a view of each part."""

    words: Hashes
    flags: NDArray[np.uint8]
    body: Hashes
    phrases: Hashes
    lead: Hashes
    seeds: Ranked
    vocabulary: Hashes
    opening: Hashes
    numbers: Hashes
    names: Hashes
    title: Hashes

    @property
    def form(self) -> Hashes:
        """The words in order, numbers alike."""
        return numbers_alike(self.words, self.flags)


def pack(words: Hashes, flags: NDArray[np.uint8], title: Hashes) -> bytes:
    """The outline of words, their flags and a headline's words."""
    seeds = rank(shingles(numbers_alike(words, flags), SEED))
    filled = np.zeros(-(-len(flags) // 4) * 4, dtype=np.uint8)
    filled[: len(flags)] = flags
    parts = (
        words,
        filled.view(np.uint32),
        distinct(shingles(words, BODY_WIDTH)),
        distinct(shingles(words, LEAD_WIDTH)),
        shingles(words[:LEAD_WORDS], LEAD_WIDTH),
        seeds.values,
        seeds.place,
        distinct(words),
        distinct(words[:LEAD_WORDS]),
        distinct(words[(flags & np.uint8(WordFlag.NUMBER)) != 0]),
        distinct(words[(flags & np.uint8(WordFlag.CAPITAL)) != 0]),
        distinct(title),
    )
    ends = PARTS + np.cumsum([len(part) for part in parts])
    return np.concatenate((ends, *parts), dtype=np.uint32, casting="unsafe").tobytes()


def sizes_of(packed: bytes) -> Sizes:
    """How much there is of each part."""
    return Sizes._make(end - start for start, end in pairwise((PARTS, *_HEADER.unpack_from(packed))))


def unpack(packed: bytes) -> Parts:
    """Views of the parts."""
    whole = np.frombuffer(packed, dtype=np.uint32)
    ends = (PARTS, *_HEADER.unpack_from(packed))
    words, flags, body, phrases, lead, seeds, places, vocabulary, opening, numbers, names, title = (
        whole[start:end] for start, end in pairwise(ends)
    )
    return Parts(
        words,
        flags.view(np.uint8)[: len(words)],
        body,
        phrases,
        lead,
        Ranked(seeds, places.astype(np.intp)),
        vocabulary,
        opening,
        numbers,
        names,
        title,
    )
