"""What every method gives: a score a pair, what its documented settings say, links, and its cost."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Generic, NamedTuple, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray
from reading import Flags, Record

Scores: TypeAlias = NDArray[np.float64]
Pairs: TypeAlias = NDArray[np.int64]
"""Two columns of positions in the articles."""
Prepared = TypeVar("Prepared")


@dataclass(frozen=True)
class Measured:
    """One method on the labelled pairs of one set."""

    scores: Scores
    """A higher score is more alike."""
    documented: Mapping[str, Flags]
    """What it calls one story at the settings its users are told to take."""
    links: Callable[[float], Iterator[tuple[int, int]]]
    """The articles it ties together at a threshold, any two of them."""
    article_ms: float
    """CPU time to prepare one article."""
    pair_us: float
    """CPU time to compare two."""


@dataclass(frozen=True)
class Method:
    """A way to tell which of some articles are one story."""

    name: str
    recipe: str
    measure: Callable[[Sequence[Record], Pairs], Measured | None]
    """None where the set is too large for what one article costs."""
    needs: tuple[str, ...] = ()
    is_rule: bool = False
    """It says yes or no: no threshold is sought for it."""

    @property
    def missing(self) -> list[str]:
        """The packages that are not installed."""
        return [name for name in self.needs if find_spec(name) is None]


class Timed(NamedTuple, Generic[Prepared]):
    """A result and the CPU seconds it took."""

    value: Prepared
    seconds: float


def timed(work: Callable[[], Prepared]) -> Timed[Prepared]:
    """Do it once and look at the process's CPU clock: wall time on a shared machine says little."""
    began = time.process_time()
    value = work()
    return Timed(value, time.process_time() - began)


def by_rows(count: int, row: Callable[[int], Scores]) -> Callable[[float], Iterator[tuple[int, int]]]:
    """Links of a method that can score one article against all at once."""

    def links(threshold: float) -> Iterator[tuple[int, int]]:
        for one in range(count):
            others = np.flatnonzero(row(one)[one + 1 :] >= threshold) + one + 1
            yield from ((one, other) for other in others.tolist())

    return links


def measured(
    articles: Sequence[Record],
    pairs: Pairs,
    prepare: Callable[[Record], Prepared],
    compare: Callable[[Sequence[Prepared], Pairs], Scores],
    rows: Callable[[Sequence[Prepared]], Callable[[int], Scores]],
    documented: Callable[[Sequence[Prepared], Pairs, Scores], Mapping[str, Flags]],
) -> Measured:
    """Prepare every article, compare every pair, and note what each took."""
    prepared = timed(lambda: [prepare(article) for article in articles])
    scores = timed(lambda: compare(prepared.value, pairs))
    return Measured(
        scores=scores.value,
        documented=documented(prepared.value, pairs, scores.value),
        links=by_rows(len(articles), rows(prepared.value)),
        article_ms=1e3 * prepared.seconds / len(articles),
        pair_us=1e6 * scores.seconds / len(pairs),
    )


@dataclass
class Components:
    """Groups of positions that links tie together."""

    count: int
    _parent: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self._parent = list(range(self.count))

    def tie(self, links: Iterator[tuple[int, int]]) -> list[int]:
        """A name for the group of each position."""
        for a, b in links:
            self._parent[self._root(a)] = self._root(b)
        return [self._root(each) for each in range(self.count)]

    def _root(self, at: int) -> int:
        while self._parent[at] != at:
            self._parent[at] = self._parent[self._parent[at]]
            at = self._parent[at]
        return at
