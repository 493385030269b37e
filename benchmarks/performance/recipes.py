"""MinHash of one text as others make it, each by its documentation; 128 permutations, runs of five words.

text-dedup and datatrove come with a cluster's worth of dependencies; their recipes are written out here
as their sources and documentation have them, without the pipeline around. Peers from packages are used
as their README shows.
"""

import hashlib
import re
import struct
from collections.abc import Callable, Sequence

import numpy as np
from datasketch import MinHash
from numpy.typing import NDArray

PERMUTATIONS = 128
WIDTH = 5
_NON_WORD = re.compile(r"\W", re.UNICODE)
_MERSENNE = np.uint64((1 << 61) - 1)
_MOST = np.uint64((1 << 32) - 1)
_GENERATOR = np.random.default_rng(1)
_A = _GENERATOR.integers(1, int(_MERSENNE), PERMUTATIONS, dtype=np.uint64)
_B = _GENERATOR.integers(0, int(_MERSENNE), PERMUTATIONS, dtype=np.uint64)


def runs(text: str) -> list[str]:
    """Runs of five words, lower case."""
    words = text.lower().split()
    return [" ".join(words[at : at + WIDTH]) for at in range(max(1, len(words) - WIDTH + 1))]


def update(text: str) -> NDArray[np.generic]:
    """datasketch's README: ``update`` with the bytes of each, hashed by SHA-1."""
    signature = MinHash(num_perm=PERMUTATIONS)
    for each in set(runs(text)):
        signature.update(each.encode("utf-8"))
    values: NDArray[np.generic] = signature.hashvalues
    return values


def update_batch(text: str) -> NDArray[np.generic]:
    """The same in one call."""
    signature = MinHash(num_perm=PERMUTATIONS)
    signature.update_batch([each.encode("utf-8") for each in set(runs(text))])
    values: NDArray[np.generic] = signature.hashvalues
    return values


def text_dedup(text: str) -> list[bytes]:
    """text-dedup's ``embed_func``: SHA-1 of each n-gram, one matrix of permutations, bytes of bands."""
    words = [word for word in _NON_WORD.split(text.lower()) if word]
    grams = {bytes(" ".join(words[at : at + WIDTH]), "utf-8") for at in range(len(words) - WIDTH + 1)}
    hashes = np.array(
        [struct.unpack("<I", hashlib.sha1(each).digest()[:4])[0] for each in grams],  # noqa: S324
        dtype=np.uint64,
    ).reshape(len(grams), 1)
    values = (hashes * np.tile(_A, (len(grams), 1)) + _B) % _MERSENNE & _MOST
    smallest = np.vstack([values, np.full((1, PERMUTATIONS), _MOST, dtype=np.uint64)]).min(axis=0)
    return [bytes(smallest[at : at + 8].byteswap().data) for at in range(0, PERMUTATIONS, 8)]


def datatrove(text: str) -> list[list[int]]:
    """datatrove's ``MinhashDedupSignature``: simplified text, 64 bits of SHA-1 a gram, buckets.

    Its word tokenizer (spaCy's) is left out, which favours it: white space parts the words here.
    """
    simple = re.sub(r"\s+", " ", re.sub(r"[^\w\s]", "", re.sub(r"\d+", "0", text.lower())))
    words = simple.split()
    shingles = np.fromiter(
        (
            struct.unpack("<Q", hashlib.sha1(" ".join(words[at : at + WIDTH]).encode()).digest()[:8])[0]  # noqa: S324
            for at in range(len(words) - WIDTH + 1)
        ),
        dtype=np.uint64,
    ).reshape(-1, 1)
    smallest = ((shingles * _A[None, :] + _B[None, :]) % _MERSENNE).min(axis=0)
    return [part.tolist() for part in np.split(smallest, 16)]


def rensa() -> Callable[[str], object] | None:
    """R-MinHash over the same runs; None where it is not installed."""
    try:
        from rensa import RMinHash  # noqa: PLC0415 - only where it is installed
    except ImportError:
        return None

    def sign(text: str) -> object:
        signature = RMinHash(num_perm=PERMUTATIONS, seed=42)
        signature.update(runs(text))
        return signature.digest()

    return sign


def daft() -> Callable[[Sequence[str]], object] | None:
    """Daft's ``minhash`` expression over a whole column; None where it is not installed."""
    try:
        import daft as frames  # noqa: PLC0415 - only where it is installed
        from daft.functions import minhash  # noqa: PLC0415
    except ImportError:
        return None

    def sign(texts: Sequence[str]) -> object:
        column = frames.from_pydict({"text": list(texts)})
        return column.select(
            minhash(frames.col("text"), num_hashes=PERMUTATIONS, ngram_size=WIDTH)
        ).to_pydict()

    return sign


Ratio = Callable[[str, str], float]


def rapidfuzz() -> tuple[Ratio, Ratio] | tuple[None, None]:
    """Its two measures of whole texts; none where it is not installed."""
    try:
        from rapidfuzz import fuzz  # noqa: PLC0415 - only where it is installed
    except ImportError:
        return None, None
    return fuzz.ratio, fuzz.token_set_ratio
