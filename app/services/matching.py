"""What of the stored could be the same story: candidates from the index, measured and judged.

Keys that many stories carry are furniture or a form and stop counting here, whoever came first.
A story is met through the versions that the index points at, its canonical version, and the
current version of each article met, so that an update is judged against what stands now.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from app.dedup.compare import compare
from app.dedup.decide import decide, weight
from app.dedup.furniture import Furniture, both, without
from app.dedup.model import Comparison, Decision, Facts
from app.dedup.outline import Outline, draw_outline
from app.dedup.policy import Policies, Policy
from app.model import Comparable, Stored, VersionKey

COMMON = 40
"""Versions under one key from which it stops counting. Measured: docs/decisions/0003-candidates.md."""
MOST_CANDIDATES = 12
"""Versions compared for one arriving article, best first."""


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """An arriving article beside one stored version."""

    other: Stored
    comparison: Comparison
    decision: Decision
    policy: Policy
    """The one that decided."""
    weight: float
    """Of the decision, in deriving stories."""


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What the index holds under one draft's keys."""

    versions: tuple[VersionKey, ...]
    """Candidates, best first."""
    keys: NDArray[np.uint64]
    """The draft's keys that are in the index, one entry a hit …"""
    holders: NDArray[np.int64]
    """… and the version that each hit points at."""

    def with_(self, later: "Found") -> "Found":
        """These hits and the ones that came later."""
        return Found(
            (*self.versions, *later.versions),
            np.concatenate((self.keys, later.keys)),
            np.concatenate((self.holders, later.holders)),
        )


def rank_candidates(
    drafts: Sequence[Comparable], places: NDArray[np.int64], versions: NDArray[np.int64]
) -> list[Found]:
    """Share the hits of a whole group's keys out to its drafts.

    ``places`` are positions in the drafts' concatenated keys; ``versions`` are what was found.
    """
    sizes = [len(draft.print.keys) for draft in drafts]
    keys = np.concatenate([draft.print.keys for draft in drafts]) if drafts else np.empty(0, np.uint64)
    owner = np.repeat(np.arange(len(drafts)), sizes)
    carried = np.bincount(places, minlength=len(keys))
    order = np.argsort(owner[places], kind="stable")
    places, versions = places[order], versions[order]
    bounds = np.searchsorted(owner[places], np.arange(len(drafts) + 1))
    found = []
    for low, high in pairwise(bounds.tolist()):
        at, holders = places[low:high], versions[low:high]
        found.append(Found(best_of(carried[at], holders), keys[at], holders))
    return found


def best_of(carried: NDArray[np.int64], holders: NDArray[np.int64]) -> tuple[VersionKey, ...]:
    """The versions worth comparing, best first, from hits: how many carry the key, and who."""
    if not len(holders):
        return ()
    counted = carried <= COMMON
    unique, inverse = np.unique(holders[counted], return_inverse=True)
    # A key that few carry says more: the weight of a word in a search engine.
    score = np.bincount(inverse, weights=1 / np.log2(1 + carried[counted]), minlength=len(unique))
    best = np.lexsort((unique, -score))[:MOST_CANDIDATES]
    return tuple(VersionKey(int(version)) for version in unique[best])


def judge(
    one: Comparable, others: Iterable[Stored], policies: Policies, furniture: Mapping[str, Furniture]
) -> list[Judged]:
    """Measure and judge a text against stored versions, both without the furniture of either's source."""
    judged = []
    for other in others:
        known = both(furniture[one.facts.source], furniture[other.facts.source])
        a, b = outline(one, known), outline(other, known)
        comparison = compare(a, b, one.facts, other.facts)
        policy = policies.for_pair(one.facts.source, other.facts.source)
        decision = decide(comparison, _said_of_others(one), _said_of_others(other), policy)
        judged.append(Judged(other, comparison, decision, policy, weight(decision, policy)))
    return judged


def as_own_matter(pair: Judged, one: Comparable) -> Judged:
    """A pair of a text that turned out to take back its own article, and so nobody else's."""
    if not one.facts.withdraws:
        return pair
    said = replace(one.facts, tag=None)
    decision = decide(pair.comparison, said, _said_of_others(pair.other), pair.policy)
    return replace(pair, decision=decision, weight=weight(decision, pair.policy))


def _said_of_others(of: Comparable) -> Facts:
    """What a text declares of other articles. A later version that takes its text back means its own.

    A desk that has the same headline every day would else kill yesterday's report with today's. A notice that
    came again is met by its first version.
    """
    if isinstance(of, Stored) and of.facts.withdraws and not of.version.is_notice:
        return replace(of.facts, tag=None)
    return of.facts


def outline(of: Comparable, known: Furniture) -> Outline:
    """A text ready to be compared, but for furniture; worked out when first asked for."""
    drawn = of.drawn.get(known.version)
    if drawn is None:
        drawn = draw_outline(without(of.print, known))
        of.drawn.clear()
        of.drawn[known.version] = drawn
    return drawn
