"""What comparing needs of one text, worked out once: sorted sets of shingles, words and figures.

A stored text is compared with many arriving ones, an arriving one with a dozen stored: sorting each
once leaves only look-ups for the pair.
"""

from dataclasses import dataclass

import numpy as np

from app.dedup.align import Ranked, numbers_alike, rank, shingles
from app.dedup.arrays import distinct
from app.dedup.model import Fingerprint, Hashes, Mask, WordFlag

BODY_WIDTH = 5
LEAD_WIDTH = 3
LEAD_WORDS = 70
SEED = 4
"""Words of an alignment seed: shorter ones tie unrelated texts together by idioms."""


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """A fingerprint ready to be compared. Small pools are sets: for a few dozen values they are faster."""

    print: Fingerprint
    body: Hashes
    """Distinct 5-word shingles, ascending."""
    lead: Hashes
    """3-word shingles of the first 70 words, in order."""
    phrases: Hashes
    """Distinct 3-word shingles of the whole text, ascending."""
    form: Hashes
    """The words in order, numbers alike."""
    seeds: Hashes
    """4-word shingles of the form, in order …"""
    ranked: Ranked
    """… and by value."""
    words: frozenset[int]
    opening: frozenset[int]
    """Those of the lead."""
    numbers: frozenset[int]
    names: frozenset[int]
    title: frozenset[int]


def draw_outline(of: Fingerprint) -> Outline:
    """Sort a fingerprint's parts for comparison."""
    form = numbers_alike(of.words, of.flags)
    words = of.words.tolist()
    seeds = shingles(form, SEED)
    return Outline(
        print=of,
        body=distinct(shingles(of.words, BODY_WIDTH)),
        lead=shingles(of.words[:LEAD_WORDS], LEAD_WIDTH),
        phrases=distinct(shingles(of.words, LEAD_WIDTH)),
        form=form,
        seeds=seeds,
        ranked=rank(seeds),
        words=frozenset(words),
        opening=frozenset(words[:LEAD_WORDS]),
        numbers=frozenset(of.words[flagged(of, WordFlag.NUMBER)].tolist()),
        names=frozenset(of.words[flagged(of, WordFlag.CAPITAL)].tolist()),
        title=frozenset(of.title.tolist()),
    )


def flagged(of: Fingerprint, flag: WordFlag) -> Mask:
    """Which words carry a flag."""
    raised: Mask = (of.flags & np.uint8(flag)) != 0
    return raised
