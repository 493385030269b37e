"""Which articles are one story: a pure, deterministic function of articles and judged pairs.

Correlation clustering by greedy additive contraction (GAEC; Keuper et al., ICCV 2015): every
judged pair carries its log-odds; the two groups with the highest sum between them are joined
until no sum is positive. So a weak bridge loses against the pairs that say no, and the result
does not depend on the order of arrival: ties are broken by the articles' content.

What people said (``links``) is no weight but a bound: it is kept to before anything is summed up.
"""

import heapq
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=int)

WITNESSES = 8
"""Members of a story that whoever belongs to it is judged against; smaller stories are judged all through."""


def partition(
    articles: Mapping[Key, bytes],
    weights: Mapping[tuple[Key, Key], float],
    *,
    must: Iterable[Collection[Key]] = (),
    cannot: Iterable[Sequence[Collection[Key]]] = (),
    kept: Iterable[Collection[Key]] = (),
) -> list[frozenset[Key]]:
    """Groups of article keys. ``articles`` maps each key to bytes that order it by content.

    ``weights`` holds one value a pair, in either direction; pairs not given weigh nothing. What people
    said binds whatever the weights: all of one ``must`` are together, and nobody is with whom another
    side of a ``cannot`` has. Where the two contradict each other, ``cannot`` counts. ``kept`` are groups
    that are not to be judged this time: together too, as far as people's words allow.
    """
    rank = {key: place for place, key in enumerate(sorted(articles, key=lambda k: (articles[k], k)))}
    groups = _Groups(rank, weights, cannot)
    for bound in (must, kept):
        for places in sorted(sorted(rank[key] for key in each if key in rank) for each in bound):
            groups.bind(places)
    groups.contract_all()
    keys = {place: key for key, place in rank.items()}
    return [frozenset(keys[place] for place in groups.members[x]) for x in sorted(groups.members)]


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


class _Groups(Generic[Key]):
    """Groups of places in the order of content, each under its lowest place, and what lies between them."""

    def __init__(
        self,
        rank: Mapping[Key, int],
        weights: Mapping[tuple[Key, Key], float],
        cannot: Iterable[Sequence[Collection[Key]]],
    ) -> None:
        self.members = {place: {place} for place in rank.values()}
        self._home = {place: place for place in rank.values()}
        self._bonds: dict[int, dict[int, float]] = {place: {} for place in rank.values()}
        self._sides: dict[int, dict[int, int]] = {place: {} for place in rank.values()}
        """On which side of which ``cannot`` a group stands."""
        self._heap: list[tuple[float, int, int]] = []
        for (a, b), weight in weights.items():
            if a != b and a in rank and b in rank:
                self._bond(rank[a], rank[b], weight)
        for number, sides in enumerate(cannot):
            for side, keys in enumerate(sides):
                for key in keys:
                    if key in rank:
                        self._sides[rank[key]][number] = side

    def bind(self, places: Iterable[int]) -> None:
        """Make one group of the groups at these places, but for those that may not be together."""
        heads: list[int] = []
        for place in places:
            joins = next((head for head in heads if not self._apart(head, self._home[place])), None)
            if joins is None:
                heads.append(self._home[place])
            elif joins != self._home[place]:
                into = self._contract(joins, self._home[place])
                heads[heads.index(joins)] = into

    def contract_all(self) -> None:
        """Join the two groups with the highest sum between them, until no sum is positive."""
        self._heap = [(-w, x, y) for x, of in self._bonds.items() for y, w in of.items() if x < y and w > 0]
        heapq.heapify(self._heap)
        while self._heap:
            negative, x, y = heapq.heappop(self._heap)
            alive = x in self.members and y in self.members
            if alive and self._bonds[x].get(y) == -negative and not self._apart(x, y):
                self._contract(x, y)

    def _bond(self, x: int, y: int, weight: float) -> None:
        self._bonds[x][y] = self._bonds[y][x] = self._bonds[x].get(y, 0.0) + weight

    def _apart(self, x: int, y: int) -> bool:
        """Whether people keep these two groups apart. Groups only grow, so that is for good."""
        few, many = sorted((self._sides[x], self._sides[y]), key=len)
        return any(many.get(number, side) != side for number, side in few.items())

    def _contract(self, x: int, y: int) -> int:
        """Join two groups under the lower of their places; which that is."""
        x, y = min(x, y), max(x, y)
        for place in self.members[y]:
            self._home[place] = x
        self.members[x] |= self.members.pop(y)
        self._sides[x] |= self._sides.pop(y)
        for other, weight in self._bonds.pop(y).items():
            del self._bonds[other][y]
            if other == x:
                continue
            self._bond(x, other, weight)
            total = self._bonds[x][other]
            if total > 0:
                heapq.heappush(self._heap, (-total, min(x, other), max(x, other)))
        return x
