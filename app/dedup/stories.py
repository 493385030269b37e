"""Which articles are one story: a pure, deterministic function of articles and judged pairs.

Correlation clustering by greedy additive contraction (GAEC; Keuper et al., ICCV 2015): every
judged pair carries its log-odds; the two groups with the highest sum between them are joined
until no sum is positive. So a weak bridge loses against the pairs that say no, and the result
does not depend on the order of arrival: ties are broken by the articles' content.

What people said (``links``) is no weight but a bound: nobody is joined whom they keep apart, and what
they call one story is one, each with all that the weights put with it.
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
    notices: Collection[Key] = (),
) -> list[frozenset[Key]]:
    """Groups of article keys. ``articles`` maps each key to bytes that order it by content.

    ``weights`` holds one value a pair, in either direction; pairs not given weigh nothing. What people
    said binds whatever the weights: all of one ``must`` are together, and nobody is with whom another
    side of a ``cannot`` has. Where the two contradict each other, ``cannot`` counts. ``kept`` are groups
    that are not to be judged this time: together too, as far as people's words allow. ``notices`` say
    something of one story and tell nothing of any other: each goes with what its strongest pair names, where
    nobody has put it, and bridges none.
    """
    rank = {key: place for place, key in enumerate(sorted(articles, key=lambda k: (articles[k], k)))}
    aside = {rank[key] for key in notices if key in rank}
    bonds = [(w, rank[a], rank[b]) for (a, b), w in weights.items() if a != b and a in rank and b in rank]
    groups = _Groups(rank, [each for each in bonds if aside.isdisjoint(each[1:])], cannot)
    for bound in (must, kept):
        for places in sorted(sorted(rank[key] for key in each if key in rank) for each in bound):
            groups.bind(places)
    groups.contract_all()
    groups.attach(aside, bonds)
    keys = {place: key for key, place in rank.items()}
    return [frozenset(keys[place] for place in places) for places in sorted(map(sorted, groups.stories()))]


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
    """Groups that the weights make, each under its lowest place in the order of content, and their stories.

    A story is the groups that people bind together. They stay groups of their own, for a copy of one is
    no less a copy because it is unlike the other.
    """

    def __init__(
        self,
        rank: Mapping[Key, int],
        bonds: Iterable[tuple[float, int, int]],
        cannot: Iterable[Sequence[Collection[Key]]],
    ) -> None:
        self._bonds: dict[int, dict[int, float]] = {place: {} for place in rank.values()}
        self._story = {place: place for place in rank.values()}
        self._places = {place: {place} for place in rank.values()}
        self._sides: dict[int, dict[int, int]] = {place: {} for place in rank.values()}
        """On which side of which ``cannot`` a story stands."""
        for weight, x, y in bonds:
            self._bond(x, y, weight)
        for number, sides in enumerate(cannot):
            for side, keys in enumerate(sides):
                for key in keys:
                    if key in rank:
                        self._sides[rank[key]][number] = side

    def stories(self) -> Iterable[set[int]]:
        """The places of each story."""
        return self._places.values()

    def bind(self, places: Iterable[int]) -> None:
        """Make one story of the stories at these places, but for those that may not be together."""
        heads: list[int] = []
        for place in places:
            head = next((head for head in heads if not self._apart(head, place)), None)
            if head is None:
                heads.append(place)
            else:
                self._unite(head, place)

    def contract_all(self) -> None:
        """Join the two groups with the highest sum between them, until no sum is positive."""
        bonds = self._bonds
        heap = [(-w, x, y) for x, others in bonds.items() for y, w in others.items() if x < y and w > 0]
        heapq.heapify(heap)
        while heap:
            negative, x, y = heapq.heappop(heap)
            if x not in bonds or bonds[x].get(y) != -negative or self._apart(x, y):
                continue
            self._unite(x, y)
            for other, weight in bonds.pop(y).items():
                del bonds[other][y]
                if other != x and (total := self._bond(x, other, weight)) > 0:
                    heapq.heappush(heap, (-total, min(x, other), max(x, other)))

    def attach(self, aside: Collection[int], bonds: Iterable[tuple[float, int, int]]) -> None:
        """Let those of these places that stand alone go with others, the strongest bond first.

        They may go together, but no two stories meet in them: a story is one that others are in. One whose
        strongest bonds lead to several stories stays alone.
        """
        free = {place for place in aside if len(self._places[self._story[place]]) == 1}
        bonds = [(weight, x, y) for weight, x, y in bonds if weight > 0]
        free -= self._torn(free, bonds)
        ordered = ((-weight, min(x, y), max(x, y)) for weight, x, y in bonds)
        for _, x, y in sorted(each for each in ordered if not free.isdisjoint(each[1:])):
            loose = any(self._places[self._story[place]] <= free for place in (x, y))
            if loose and not self._apart(x, y):
                self._unite(x, y)

    def _torn(self, free: Collection[int], bonds: Iterable[tuple[float, int, int]]) -> set[int]:
        """Those of these places whose strongest bonds lead to several stories that they may be in."""
        strongest: dict[int, float] = {}
        led: dict[int, set[int]] = {}
        for weight, x, y in bonds:
            for place, other in ((x, y), (y, x)):
                if place not in free or other in free or self._apart(place, other):
                    continue
                if weight > strongest.get(place, 0.0):
                    strongest[place], led[place] = weight, set()
                if weight == strongest[place]:
                    led[place].add(self._story[other])
        return {place for place, stories in led.items() if len(stories) > 1}

    def _bond(self, x: int, y: int, weight: float) -> float:
        self._bonds[x][y] = self._bonds[y][x] = total = self._bonds[x].get(y, 0.0) + weight
        return total

    def _apart(self, x: int, y: int) -> bool:
        """Whether people keep the stories at two places apart. Stories only grow, so that is for good."""
        few, many = sorted((self._sides[self._story[x]], self._sides[self._story[y]]), key=len)
        return any(many.get(number, side) != side for number, side in few.items())

    def _unite(self, x: int, y: int) -> None:
        into, other = self._story[x], self._story[y]
        if into == other:
            return
        if len(self._places[into]) < len(self._places[other]):
            into, other = other, into
        for place in self._places[other]:
            self._story[place] = into
        self._places[into] |= self._places.pop(other)
        self._sides[into] |= self._sides.pop(other)
