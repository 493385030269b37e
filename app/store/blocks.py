"""Sorted runs of index entries: tidied, cut into blocks, and the filter in front of each block.

Pure NumPy. An entry is a 64-bit key and the version that carries it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Keys: TypeAlias = NDArray[np.uint64]
Numbers: TypeAlias = NDArray[np.int64]
Filters: TypeAlias = NDArray[np.uint8]

BITS_PER_KEY = 10
PROBES = 4
_ODD_1 = np.uint64(0x9E3779B97F4A7C15)
_ODD_2 = np.uint64(0xC2B2AE3D27D4EB4F)
_HALF = np.uint64(32)
_LOW = np.uint64(0xFFFFFFFF)


@dataclass(frozen=True, slots=True, eq=False)
class Entries:
    """Entries in ascending order of key, then version."""

    keys: Keys
    versions: Numbers

    def __len__(self) -> int:
        return len(self.keys)


def tidy(keys: Keys, versions: Numbers, *, cap: int) -> Entries:
    """Entries in order, each once, with only the ``cap`` newest versions of a key."""
    order = np.lexsort((versions, keys))
    keys, versions = keys[order], versions[order]
    if len(keys) == 0:
        return Entries(keys, versions)
    fresh = np.ones(len(keys), dtype=bool)
    fresh[1:] = (keys[1:] != keys[:-1]) | (versions[1:] != versions[:-1])
    keys, versions = keys[fresh], versions[fresh]
    is_last = np.ones(len(keys), dtype=bool)
    is_last[:-1] = keys[1:] != keys[:-1]
    lasts = np.flatnonzero(is_last)
    newer = np.repeat(lasts, np.diff(lasts, prepend=-1)) - np.arange(len(keys))
    kept = newer < cap
    return Entries(keys[kept], versions[kept])


def cut(entries: Entries, size: int) -> Iterator[Entries]:
    """Blocks of about ``size`` entries. All entries of one key stand in one block."""
    total = len(entries)
    if total == 0:
        return
    parts = -(-total // size)
    wished = np.arange(parts) * total // parts
    starts = np.unique(np.searchsorted(entries.keys, entries.keys[wished]))
    for start, end in zip(starts, [*starts[1:], total], strict=True):
        yield Entries(entries.keys[start:end], entries.versions[start:end])


def pack(entries: Entries) -> tuple[bytes, bytes]:
    """Keys and versions as little-endian bytes; versions take four bytes while they fit."""
    narrow = len(entries) == 0 or int(entries.versions.max()) < 2**32
    return (
        entries.keys.astype("<u8", copy=False).tobytes(),
        entries.versions.astype("<u4" if narrow else "<i8").tobytes(),
    )


def unpack(keys: bytes, versions: bytes) -> Entries:
    """What ``pack`` packed."""
    wide = len(versions) == len(keys)
    numbers = np.frombuffer(versions, "<i8" if wide else "<u4").astype(np.int64)
    return Entries(np.frombuffer(keys, "<u8"), numbers)


def ranges(run: Keys, asked: Keys) -> tuple[Numbers, Numbers]:
    """Where keys stand in a sorted run: positions into ``asked``, each with a place in ``run``."""
    if len(asked) == 1:
        # As a rule one key is asked of a block: a dozen array operations would take ten times as long.
        key = asked[0]
        first, last = run.searchsorted(key), run.searchsorted(key, side="right")
        places = np.arange(first, last)
        return np.zeros(len(places), np.int64), places
    start = run.searchsorted(asked)
    held = np.flatnonzero(run[np.minimum(start, len(run) - 1)] == asked) if len(run) else start[:0]
    if len(held) == 0:
        return held, held
    start = start[held]
    count = run.searchsorted(asked[held], side="right") - start
    before = np.cumsum(count) - count
    return np.repeat(held, count), np.repeat(start - before, count) + np.arange(count.sum())


def build_filter(keys: Keys, size: int) -> bytes:
    """A Bloom filter of a block's keys, as wide as a block of ``size`` entries asks for."""
    width = -(-size * BITS_PER_KEY // 8)
    bits = np.zeros(width * 8, dtype=bool)
    for probe in _probes(keys, width):
        bits[probe] = True
    return np.packbits(bits, bitorder="little").tobytes()


def may_hold(filters: Filters, block: Numbers, keys: Keys) -> NDArray[np.bool_]:
    """Whether each key may stand in its block; about one in a hundred of the absent ones passes."""
    passed = block >= 0
    if len(filters) == 0:
        return passed
    flat = filters.reshape(-1)
    offset = block * filters.shape[1]
    for probe in _probes(keys, filters.shape[1]):
        passed &= (flat[offset + (probe >> 3)] >> (probe & 7).astype(np.uint8)) & 1 == 1
    return passed


def _probes(keys: Keys, width: int) -> Iterator[Numbers]:
    first, second = (keys * _ODD_1) >> _HALF, (keys * _ODD_2) >> _HALF
    bits = np.uint64(width * 8)
    for number in range(PROBES):
        spread = (first + np.uint64(number) * second) & _LOW
        yield ((spread * bits) >> _HALF).astype(np.int64)
