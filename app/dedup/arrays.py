"""Sets of hashes as sorted arrays: spreading, sorting, looking up."""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from app.dedup.model import Hashes

_Number = TypeVar("_Number", np.uint32, np.uint64, np.int64)
_32, _33, _MURMUR = np.uint64(32), np.uint64(33), np.uint64(0xFF51AFD7ED558CCD)


def mix(values: NDArray[np.uint64]) -> Hashes:
    """Spread 64-bit values over 32 bits (the finaliser of MurmurHash3, public domain)."""
    values = values ^ (values >> _33)
    values *= _MURMUR
    values ^= values >> _33
    values >>= _32
    return values.astype(np.uint32)


def distinct(values: NDArray[_Number]) -> NDArray[_Number]:
    """The different values, ascending. Sorts: on a few thousand values twice as fast as np.unique."""
    ordered = values.copy()
    ordered.sort()
    if len(ordered) < 2:
        return ordered
    first = np.empty(len(ordered), dtype=np.bool_)
    first[0] = True
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    return ordered.compress(first)


def member(values: NDArray[_Number], ordered: NDArray[_Number]) -> NDArray[np.bool_]:
    """Which values are in ``ordered``, an ascending array. Quicker than np.isin."""
    if not len(ordered):
        return np.zeros(len(values), dtype=np.bool_)
    # What lies beyond the last value is held against the last value, which it is not.
    found: NDArray[np.bool_] = ordered.take(ordered.searchsorted(values), mode="clip") == values
    return found
