"""How the segment index grows: its segments counted, not built. Pure arithmetic on app.store.segments' rules.

A segment is sealed from ``seal`` entries of the log; ``fan`` neighbours of one level become one of the
next; those of the ``top`` level stay as they are. Entries are never fewer for having been merged, except
where a key is very common; so counts are an upper bound, and a close one.
"""

from dataclasses import dataclass

from app.store.blocks import BITS_PER_KEY
from app.store.segments import Shape

BYTES_PER_ENTRY = 12
"""A key and a version in a sealed block; versions take four bytes up to 2^32, eight beyond."""
WIDE_BYTES_PER_ENTRY = 16
BYTES_PER_FIRST_KEY = 8


@dataclass(frozen=True, slots=True)
class Grown:
    """The index at one size. Sizes in bytes."""

    entries: int
    live: tuple[int, ...]
    """Live segments by level."""
    blocks: int
    written: int
    """Entries written since the beginning: once when sealed, and once more for each merge."""
    disk: int
    memory: int
    """Filters and first keys, which every process holds."""

    @property
    def segments(self) -> int:
        """Live segments: each is asked for every key."""
        return sum(self.live)

    @property
    def amplification(self) -> float:
        """How often an entry was written."""
        return self.written / self.entries if self.entries else 0.0


def grow(articles: int, entries_an_article: float, shape: Shape | None = None) -> Grown:
    """The index after so many articles, everything sealed and merged that can be."""
    shape = shape or Shape()
    entries = round(articles * entries_an_article)
    sealed = entries // shape.seal
    live, written, below = [], 0, sealed
    for level in range(shape.top + 1):
        # Of what has come to this level, whole fours have gone on; nothing leaves the top.
        written += below * shape.seal * shape.fan**level
        stays = below % shape.fan if level < shape.top else below
        live.append(stays)
        below //= shape.fan
    blocks = sum(count * -(-shape.seal * shape.fan**level // shape.block) for level, count in enumerate(live))
    each = BYTES_PER_ENTRY if articles < 2**32 else WIDE_BYTES_PER_ENTRY
    filters = blocks * shape.block * BITS_PER_KEY // 8
    return Grown(
        entries=sealed * shape.seal,
        live=tuple(live),
        blocks=blocks,
        written=written,
        disk=sealed * shape.seal * each + filters,
        memory=filters + blocks * BYTES_PER_FIRST_KEY,
    )


def blocks_asked(keys: float, segments: int, *, present: float, false_positives: float) -> float:
    """Blocks that a look-up of so many keys reads: where its keys are, and where a filter errs.

    ``present`` of the keys are in one segment each; all others are in none.
    """
    return keys * (present + false_positives * max(0.0, segments - present))
