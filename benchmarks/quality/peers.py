"""Methods that others use, each by the recipe its documentation shows."""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import partial
from typing import Any

import numpy as np
from datasketch import MinHash, MinHashLSH
from method import Measured, Method, Pairs, Scores, measured
from numpy.typing import NDArray
from reading import Flags, Record, submission

PERMUTATIONS = 128
THRESHOLDS = (0.5, 0.6, 0.7, 0.8, 0.9)
WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|\w+")
"""An ideograph or kana is a word by itself: white space would make a sentence of Chinese one word."""
DAY = 86_400.0


def whole(article: Record) -> str:
    """What a user would feed in: headline and text."""
    return f"{article.get('title') or ''}\n{article['text']}"


def words(article: Record) -> list[str]:
    """Lower-cased words of headline and text."""
    return WORD.findall(whole(article).lower())


def shingles(article: Record, width: int = 5) -> set[str]:
    """Runs of words; the whole text where it is shorter."""
    of = words(article)
    return {" ".join(of[at : at + width]) for at in range(max(1, len(of) - width + 1))}


def published(article: Record) -> float | None:
    """Seconds; none where unknown."""
    moment = submission(article).published_at
    return moment.timestamp() if moment else None


# ------------------------------------------------------------------------------------------ MinHash
def datasketch(tokens: Callable[[Record], set[str]], articles: Sequence[Record], pairs: Pairs) -> Measured:
    def prepare(article: Record) -> Scores:
        signature = MinHash(num_perm=PERMUTATIONS)
        signature.update_batch([token.encode() for token in tokens(article)])
        return signature.hashvalues

    return measured(articles, pairs, prepare, _shared, _shared_rows, _bands)


def rensa(articles: Sequence[Record], pairs: Pairs) -> Measured:
    from rensa import RMinHash  # noqa: PLC0415 - only where it is installed

    def prepare(article: Record) -> Scores:
        signature = RMinHash(num_perm=PERMUTATIONS, seed=42)
        signature.update(words(article))
        return np.array(signature.digest(), dtype=np.uint32)

    return measured(articles, pairs, prepare, _shared, _shared_rows, _rensa_bands)


def _shared(signatures: Sequence[Scores], pairs: Pairs) -> Scores:
    """Estimated Jaccard."""
    return np.array([np.mean(signatures[a] == signatures[b]) for a, b in pairs.tolist()])


def _shared_rows(signatures: Sequence[Scores]) -> Callable[[int], Scores]:
    table = np.stack(signatures).astype(np.uint32)
    return lambda one: (table == table[one]).mean(axis=1)


def _bands(signatures: Sequence[Scores], pairs: Pairs, _: Scores) -> Mapping[str, Flags]:
    """What a query of the LSH returns: the pairs that share a bucket, which is all its recipe looks at."""
    told = {}
    for threshold in THRESHOLDS:
        lsh = MinHashLSH(threshold=threshold, num_perm=PERMUTATIONS)
        told[f"LSH {threshold:.1f}"] = _share_a_band(signatures, pairs, lsh.b, lsh.r)
    return told


def _rensa_bands(signatures: Sequence[Scores], pairs: Pairs, scores: Scores) -> Mapping[str, Flags]:
    """16 bands propose, the estimate at .8 decides, as its README has it."""
    return {"16 bands, .8": _share_a_band(signatures, pairs, 16, PERMUTATIONS // 16) & (scores >= 0.8)}


def _share_a_band(signatures: Sequence[Scores], pairs: Pairs, bands: int, rows: int) -> Flags:
    return np.array(
        [
            (signatures[a] == signatures[b])[: bands * rows].reshape(bands, rows).all(axis=1).any()
            for a, b in pairs.tolist()
        ]
    )


# ------------------------------------------------------------------------------------------ SimHash
def simhash(articles: Sequence[Record], pairs: Pairs) -> Measured:
    from simhash import Simhash  # noqa: PLC0415 - only where it is installed

    # Its other way of adding up what occurs more often overflows a byte under NumPy 2; the sum is the same.
    Simhash.large_weight_cutoff = 10**9

    def rows(values: Sequence[Any]) -> Callable[[int], Scores]:
        table = np.array(values, dtype=np.uint64)
        return lambda one: -np.bitwise_count(table ^ table[one]).astype(np.float64)

    def compare(values: Sequence[Any], pairs: Pairs) -> Scores:
        return np.array([-float((values[a] ^ values[b]).bit_count()) for a, b in pairs.tolist()])

    def documented(_: object, __: object, scores: Scores) -> Mapping[str, Flags]:
        return {f"distance ≤ {bits}": scores >= -bits for bits in (3, 6, 10)}

    return measured(articles, pairs, lambda a: Simhash(whole(a)).value, compare, rows, documented)


# -------------------------------------------------------------------------------------- containment
def containment(articles: Sequence[Record], pairs: Pairs) -> Measured:
    def compare(sets: Sequence[set[str]], pairs: Pairs) -> Scores:
        return np.array([len(sets[a] & sets[b]) / min(len(sets[a]), len(sets[b])) for a, b in pairs.tolist()])

    def rows(sets: Sequence[set[str]]) -> Callable[[int], Scores]:
        shared, sizes = _overlaps(sets), np.array([len(own) for own in sets])
        return lambda one: shared(one) / np.minimum(sizes, sizes[one])

    def documented(_: object, __: object, scores: Scores) -> Mapping[str, Flags]:
        return {"≥ .80": scores >= 0.8, "> .85": scores > 0.85}

    return measured(articles, pairs, shingles, compare, rows, documented)


def _overlaps(sets: Sequence[AbstractSet[str]]) -> Callable[[int], NDArray[np.int64]]:
    """How many members one set shares with each: by who holds what, not pair by pair."""
    holders: dict[str, list[int]] = defaultdict(list)
    for at, own in enumerate(sets):
        for each in own:
            holders[each].append(at)
    posted = {each: np.array(at) for each, at in holders.items() if len(at) > 1}
    none = np.zeros(0, dtype=np.int64)

    def row(one: int) -> NDArray[np.int64]:
        met = [posted[each] for each in sets[one] if each in posted]
        return np.bincount(np.concatenate([none, *met]), minlength=len(sets))

    return row


# ------------------------------------------------------------------------------------------- titles
def title_trigrams(articles: Sequence[Record], pairs: Pairs) -> Measured:
    """PostgreSQL's pg_trgm on headlines, of articles that came within a day."""

    def prepare(article: Record) -> tuple[frozenset[str], float | None]:
        padded = [f"  {word} " for word in WORD.findall((article.get("title") or "").lower())]
        grams = frozenset(word[at : at + 3] for word in padded for at in range(len(word) - 2))
        return grams, published(article)

    def likeness(a: tuple[frozenset[str], float | None], b: tuple[frozenset[str], float | None]) -> float:
        apart = a[1] is not None and b[1] is not None and abs(a[1] - b[1]) > DAY
        return 0.0 if apart or not a[0] or not b[0] else len(a[0] & b[0]) / len(a[0] | b[0])

    def compare(prepared: Sequence[Any], pairs: Pairs) -> Scores:
        return np.array([likeness(prepared[a], prepared[b]) for a, b in pairs.tolist()])

    def rows(prepared: Sequence[Any]) -> Callable[[int], Scores]:
        shared = _overlaps([grams for grams, _ in prepared])
        sizes = np.array([len(grams) for grams, _ in prepared])
        dates = np.array([np.nan if date is None else date for _, date in prepared])

        def row(one: int) -> Scores:
            both = shared(one)
            apart = np.abs(dates - dates[one]) > DAY
            return np.where(apart, 0.0, both / np.maximum(1, sizes + sizes[one] - both))

        return row

    def documented(_: object, __: object, scores: Scores) -> Mapping[str, Flags]:
        return {"≥ .75": scores >= 0.75}

    return measured(articles, pairs, prepare, compare, rows, documented)


PEERS = (
    Method(
        "datasketch, words",
        "MinHash of the set of words, 128 permutations, and MinHashLSH: its README's example",
        partial(datasketch, lambda article: set(words(article))),
    ),
    Method(
        "datasketch, 5-word runs",
        "the same on runs of five words, the default of text-dedup and datatrove",
        partial(datasketch, shingles),
    ),
    Method("rensa, words", "R-MinHash of words, 128 permutations, as its README has it", rensa, ("rensa",)),
    Method(
        "SimHash",
        "64 bits over four-letter runs, the package simhash as it comes; 3 bits is what Google's paper takes",
        simhash,
        ("simhash",),
    ),
    Method(
        "containment",
        "share of the shorter text's five-word runs that stand in the longer; .80 is Nexis Newsdesk's"
        " “identical” bound, .85 Feedly's “content overlap”",
        containment,
    ),
    Method(
        "headline trigrams",
        "tt-rss's af_psql_trgm: trigrams of the headline alone, within a day",
        title_trigrams,
    ),
)
