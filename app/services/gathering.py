"""The pairs that another order of arrival would have judged, found in what is stored now and judged.

An article that arrived is looked up again under all its keys, among all that came before and after
it. What counts here is stories and contents, not postings and numbers: a key says as much as the
stories that carry it are few, and who is judged is chosen by content. So the pairs depend on the
articles and on the stories they are in, not on who came first.
"""

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from app.dedup.stories import witnesses
from app.model import ArticleKey, EdgeRow, PostingRow, VersionKey
from app.services.ledger import Ledger
from app.services.matching import COMMON, MOST_CANDIDATES
from app.services.recording import record_edges
from app.store import ingesting
from app.store.deriving import Holder, load_contents, load_holders
from app.store.stories import edges_touching

_CROWDED = 2 * COMMON
"""Postings under one key from which nobody asks whose they are: more stories than count, or nearly."""


@dataclass(slots=True)
class Gathering:
    """Evidence on one snapshot: what is stored, and the pairs judged in addition."""

    ledger: Ledger
    judged: set[tuple[VersionKey, VersionKey]] = field(default_factory=set)
    """Pairs known to be judged, the later version first."""

    @property
    def edges(self) -> list[EdgeRow]:
        """The pairs judged in addition."""
        return self.ledger.batch.edges

    @property
    def postings(self) -> list[PostingRow]:
        """Keys under which stories could not be met. Their numbers are given out under the lock."""
        return self.ledger.batch.postings

    def edges_of(self, articles: Collection[ArticleKey]) -> list[EdgeRow]:
        """Pairs with one of these articles, whenever judged."""
        inside = set(articles)
        stored = edges_touching(self.ledger.tx, inside)
        self.judged |= {_pair(edge.version_a, edge.version_b) for edge in stored}
        return [*stored, *(edge for edge in self.edges if edge.a in inside or edge.b in inside)]

    def judge(self, pairs: Iterable[tuple[VersionKey, VersionKey]]) -> None:
        """Judge those of the pairs that nobody judged yet and that may be compared."""
        ledger = self.ledger
        todo = {_pair(one, other) for one, other in pairs if one != other} - self.judged
        self.judged |= todo
        ledger.load_stored({version for pair in todo for version in pair})
        others: dict[VersionKey, list[VersionKey]] = defaultdict(list)
        for one, other in sorted(todo):
            if self._comparable(one, other):
                others[one].append(other)
        for one, against in others.items():
            stored = ledger.stored[one]
            record_edges(ledger, stored.version, ledger.judge(stored, against))

    def look_up(self, articles: Collection[ArticleKey]) -> None:
        """Judge these articles against the stories they meet and their own; note what keys theirs lack."""
        ledger, ctx = self.ledger, self.ledger.ctx
        ledger.load_articles(articles)
        versions = ingesting.versions_of(ledger.tx, articles)
        released = {row.key: row.article for rows in versions.values() for row in rows if row.released}
        ledger.load_stored(released)
        looking = [version for version in sorted(released) if version in ledger.stored]
        if not looking:
            return
        prints = [ledger.stored[version].print.keys for version in looking]
        ctx.index.catch_up(ledger.tx)
        places, found = ctx.index.lookup(ledger.tx, np.concatenate(prints))
        carried = np.bincount(places, minlength=sum(map(len, prints)))
        telling = carried[places] <= _CROWDED
        at, holding = places[telling].tolist(), found[telling].tolist()
        holders = load_holders(ledger.tx, {VersionKey(version) for version in holding})
        canonicals = {holder.canonical for holder in holders.values()}
        contents = load_contents(ledger.tx, holders.keys() | canonicals)
        under: dict[int, list[VersionKey]] = defaultdict(list)
        for place, holder in zip(at, holding, strict=True):
            under[place].append(VersionKey(holder))
        met: dict[VersionKey, list[VersionKey]] = {}
        start = 0
        for version, keys in zip(looking, prints, strict=True):
            own = ledger.articles[released[version]].founder
            hits = [under[place] for place in range(start, start + len(keys))]
            met[version] = _nearest(hits, holders, contents, own)
            known = np.array(
                [any(holders[each].founder == own for each in of) for of in hits], dtype=np.bool_
            )
            lacking = keys[~(known | (carried[start : start + len(keys)] > _CROWDED))]
            if len(lacking):
                self.postings.append(PostingRow(0, ctx.profile.id, version, lacking.astype("<u8").tobytes()))
            start += len(keys)
        self._judge_met(set(released.values()), met, holders)

    def _judge_met(
        self,
        articles: Collection[ArticleKey],
        met: Mapping[VersionKey, Collection[VersionKey]],
        holders: Mapping[VersionKey, Holder],
    ) -> None:
        """Judge versions against those they met, and against those that speak for stories met and own."""
        here = self.ledger.articles
        own = {here[article].founder for article in articles}
        speakers = self.speakers(own | {holders[each].founder for near in met.values() for each in near})
        self.edges_of(articles)
        self.judge(
            (version, other)
            for version, near in met.items()
            for each in near
            for other in (each, holders[each].current, *speakers[holders[each].founder])
        )
        self.judge(
            (here[article].current, other)
            for article in articles
            for other in speakers[here[article].founder]
        )

    def speakers(self, founders: Collection[ArticleKey]) -> dict[ArticleKey, list[VersionKey]]:
        """The versions that speak for each story: its canonical one and a sample of its members'."""
        ledger = self.ledger
        members = ingesting.load_members(ledger.tx, founders)
        currents = [version for each in members.values() for _, version in each]
        contents = load_contents(ledger.tx, currents)
        ledger.stories |= ingesting.load_stories(ledger.tx, set(founders) - ledger.stories.keys())
        found = {}
        for founder, each in members.items():
            own = {version: contents[version] for _, version in each}
            canonical = ledger.stories[founder].canonical
            found[founder] = [] if canonical is None else witnesses(own, canonical)
        return found

    def _comparable(self, one: VersionKey, other: VersionKey) -> bool:
        """Whether both are out, have this profile's fingerprint, and are not versions of one article."""
        stored = self.ledger.stored
        if one not in stored or other not in stored:
            return False
        first, second = stored[one].version, stored[other].version
        return first.released and second.released and first.article != second.article


def _nearest(
    hits: Iterable[Collection[VersionKey]],
    holders: Mapping[VersionKey, Holder],
    contents: Mapping[VersionKey, bytes],
    own: ArticleKey,
) -> list[VersionKey]:
    """Of each story met, but one's own, the version met best; of the nearest stories only."""
    met: dict[ArticleKey, float] = defaultdict(float)
    best: dict[ArticleKey, dict[VersionKey, float]] = defaultdict(lambda: defaultdict(float))
    for versions in hits:
        others = [version for version in versions if holders[version].founder != own]
        founders = {holders[version].founder for version in others}
        if not 0 < len(founders) <= COMMON:
            continue
        # A key that few carry says more: the weight of a word in a search engine.
        says = 1 / math.log2(1 + len(founders))
        for founder in founders:
            met[founder] += says
        for version in others:
            best[holders[version].founder][version] += says
    chosen = {f: min(of, key=lambda v: (-of[v], contents[v], v)) for f, of in best.items()}
    nearest = sorted(chosen, key=lambda f: (-met[f], contents[holders[chosen[f]].canonical], f))
    return [chosen[founder] for founder in nearest[:MOST_CANDIDATES]]


def _pair(one: VersionKey, other: VersionKey) -> tuple[VersionKey, VersionKey]:
    return max(one, other), min(one, other)
