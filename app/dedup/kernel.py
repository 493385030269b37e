"""The inner loops of comparing: compiled where the machine that built this had a C compiler, else NumPy's.

Results are equal, value for value. What compiling brings: docs/decisions/0012-compiled-comparing.md.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.dedup import counting, packing
from app.dedup.model import Hashes

pack: Callable[[Hashes, NDArray[np.uint8], Hashes], bytes]
"""The outline of a text's words, their flags and its headline's words."""
count: Callable[[bytes, bytes], tuple[Any, ...]]
"""The ``Counts`` of two outlines, in order. Raises ValueError for what is no outline."""
align: Callable[[bytes, bytes], tuple[counting.Runs, counting.Runs, bytes, bytes]]
"""Runs and substitutions of two outlines, and which words of each are equal, a byte a word."""

try:
    from app.dedup import _kernel
except ImportError:
    COMPILED = False
    pack, count, align = packing.pack, counting.count, counting.align
else:
    COMPILED = True
    pack, count, align = _kernel.pack, _kernel.count, _kernel.align
