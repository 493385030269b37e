from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from app.dedup.model import Hashes

_Runs: TypeAlias = Sequence[tuple[int, int, int, int]]

def pack(words: Hashes, flags: NDArray[np.uint8], title: Hashes, /) -> bytes: ...
def count(packed_a: bytes, packed_b: bytes, /) -> tuple[Any, ...]: ...
def align(packed_a: bytes, packed_b: bytes, /) -> tuple[_Runs, _Runs, bytes, bytes]: ...
