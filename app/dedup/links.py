"""What people said of articles: that they are one story, or that they are not. Whether it can all be true.

A *must* binds all its articles together; a *cannot* has sides, and keeps the articles of different
sides apart. Two articles are enough for either, and a whole story fits into one: keeping one story of
n articles from another of m takes n + m entries, not n times m. Articles of one side of a cannot may
come apart: nothing was said of them.
"""

from collections import deque
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=int)


@dataclass(frozen=True, slots=True)
class Said(Generic[Key]):
    """One thing that a person said. A must has one side."""

    must: bool
    sides: tuple[frozenset[Key], ...]

    @property
    def articles(self) -> frozenset[Key]:
        """All of which it speaks."""
        return frozenset[Key]().union(*self.sides)

    def speaks_of(self, a: Key, b: Key) -> bool:
        """Whether it says of these two what they are to each other."""
        places = [number for number, side in enumerate(self.sides) for key in (a, b) if key in side]
        return len(places) > 1 and (self.must or places[0] != places[1])

    def without(self, articles: Collection[Key]) -> "Said[Key] | None":
        """What is left of it where nothing is said of these; None where that is nothing."""
        sides = tuple(side for each in self.sides if (side := each.difference(articles)))
        says = (len(sides[0]) > 1 if sides else False) if self.must else len(sides) > 1
        return Said(self.must, sides) if says else None


def contradiction(said: Sequence[Said[Key]]) -> list[int] | None:
    """Which of these cannot all be true: the place of a cannot, then of the musts that bind two of its sides.

    None where all can. Always the same for the same sequence.
    """
    places = [place for place, each in enumerate(said) if each.must]
    musts = [said[place] for place in places]
    of = _places(musts)
    for place, each in enumerate(said):
        if each.must:
            continue
        side_of = {article: number for number, side in enumerate(each.sides) for article in side}
        seen: set[Key] = set()
        for article in sorted(side_of.keys() & of.keys()):
            if article in seen:
                continue
            bound = _ways(article, musts, of).keys() & side_of.keys()
            seen |= bound
            if len({side_of[other] for other in bound}) > 1:
                return [place, *(places[step] for step in _shortest(bound, side_of, musts, of))]
    return None


def _shortest(
    bound: Collection[Key],
    side_of: Mapping[Key, int],
    musts: Sequence[Said[Key]],
    of: Mapping[Key, Sequence[int]],
) -> tuple[int, ...]:
    """The fewest musts that bind two of these articles that are on different sides."""
    found: tuple[int, ...] | None = None
    for article in sorted(bound):
        ways = _ways(article, musts, of)
        across = (ways[other] for other in sorted(bound) if side_of[other] != side_of[article])
        nearest = min(across, key=len)
        if found is None or len(nearest) < len(found):
            found = nearest
        if len(found) == 1:
            break
    return found or ()


def _places(musts: Sequence[Said[Key]]) -> dict[Key, list[int]]:
    """For each article the places of the musts that bind it."""
    of: dict[Key, list[int]] = {}
    for place, must in enumerate(musts):
        for article in must.articles:
            of.setdefault(article, []).append(place)
    return of


def _ways(
    start: Key, musts: Sequence[Said[Key]], of: Mapping[Key, Sequence[int]]
) -> dict[Key, tuple[int, ...]]:
    """Every article bound to ``start``, with the places of the fewest musts that bind it."""
    ways: dict[Key, tuple[int, ...]] = {start: ()}
    used: set[int] = set()
    waiting = deque([start])
    while waiting:
        article = waiting.popleft()
        for place in of.get(article, ()):
            if place in used:
                continue
            used.add(place)
            for other in sorted(musts[place].articles - ways.keys()):
                ways[other] = (*ways[article], place)
                waiting.append(other)
    return ways
