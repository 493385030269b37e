"""Which articles are one story: a pure, deterministic function of articles and judged pairs.

Correlation clustering by greedy additive contraction (GAEC; Keuper et al., ICCV 2015): every
judged pair carries its log-odds; the two groups with the highest sum between them are joined
until no sum is positive. So a weak bridge loses against the pairs that say no, and the result
does not depend on the order of arrival: ties are broken by the articles' content.
"""

import heapq
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TypeVar

Key = TypeVar("Key", bound=int)

WITNESSES = 8
"""Members of a story that whoever belongs to it is judged against; smaller stories are judged all through."""
_CERTAIN = 1e6
"""What a person said outweighs any sum of measurements."""


def partition(
    articles: Mapping[Key, bytes],
    weights: Mapping[tuple[Key, Key], float],
    *,
    must: Collection[tuple[Key, Key]] = (),
    cannot: Collection[tuple[Key, Key]] = (),
) -> list[frozenset[Key]]:
    """Groups of article keys. ``articles`` maps each key to bytes that order it by content.

    ``weights`` holds one value a pair, in either direction; pairs not given weigh nothing.
    """
    rank = {key: place for place, key in enumerate(sorted(articles, key=lambda k: (articles[k], k)))}
    bonds: dict[int, dict[int, float]] = {place: {} for place in rank.values()}
    for (a, b), weight in _all(weights, must, cannot):
        if a != b and a in rank and b in rank:
            x, y = rank[a], rank[b]
            bonds[x][y] = bonds[y][x] = bonds[x].get(y, 0.0) + weight
    groups = {place: {key} for key, place in rank.items()}
    heap = [(-w, x, y) for x, others in bonds.items() for y, w in others.items() if x < y and w > 0]
    heapq.heapify(heap)
    while heap:
        negative, x, y = heapq.heappop(heap)
        if x not in groups or y not in groups or bonds[x].get(y) != -negative:
            continue
        _contract(x, y, groups, bonds, heap)
    return sorted((frozenset(group) for group in groups.values()), key=lambda g: min(rank[k] for k in g))


def witnesses(contents: Mapping[Key, bytes], canonical: Key) -> list[Key]:
    """The members that speak for a story: the canonical one, and others chosen by their content alone.

    A digest's lowest values are an even sample, the same whatever the order of arrival.
    """
    others = sorted(contents.keys() - {canonical}, key=lambda key: (contents[key], key))
    return [canonical, *others[: WITNESSES - 1]]


def unjudged(
    group: Iterable[Key], speakers: Sequence[Key], judged: Collection[tuple[Key, Key]]
) -> list[tuple[Key, Key]]:
    """Pairs of a member with one that speaks for its story (lower key first) that nobody judged yet."""
    pairs = {(min(a, b), max(a, b)) for a in group for b in speakers if a != b}
    return sorted(pairs.difference(judged))


def _all(
    weights: Mapping[tuple[Key, Key], float],
    must: Collection[tuple[Key, Key]],
    cannot: Collection[tuple[Key, Key]],
) -> Iterable[tuple[tuple[Key, Key], float]]:
    yield from weights.items()
    yield from ((pair, _CERTAIN) for pair in must)
    yield from ((pair, -2 * _CERTAIN) for pair in cannot)


def _contract(
    x: int,
    y: int,
    groups: dict[int, set[Key]],
    bonds: dict[int, dict[int, float]],
    heap: list[tuple[float, int, int]],
) -> None:
    """Join group ``y`` into ``x``, the one that ranks first."""
    groups[x] |= groups.pop(y)
    for other, weight in bonds.pop(y).items():
        del bonds[other][y]
        if other == x:
            continue
        total = bonds[x].get(other, 0.0) + weight
        bonds[x][other] = bonds[other][x] = total
        if total > 0:
            heapq.heappush(heap, (-total, min(x, other), max(x, other)))
