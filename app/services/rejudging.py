"""Judged pairs of stored stories, judged again on one snapshot, and the stories that they connect.

Pairs that are not asked about, and those that may not be seen, have no verdict and keep what is stored.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from app.dedup.model import Decision
from app.dedup.policy import Policies
from app.model import ArticleKey, ArticleRow, EdgeRow, VersionKey, VersionRow
from app.services.context import Context
from app.services.matching import judge
from app.store import furniture, reading
from app.store.engine import Tx
from app.store.stories import edges_touching, load_members

MOST_ARTICLES = 500
"""Articles of connected stories that are derived together; beyond, no further story is drawn in."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is replayed: pairs judged under ``policies``, of one source and of a time, or all."""

    policies: Policies
    source: str | None = None
    since: datetime | None = None
    """When the later of the two arrived …"""
    until: datetime | None = None
    """… and before when."""

    def selects(self, later: VersionRow, earlier: VersionRow) -> bool:
        """Whether a pair is to be judged again."""
        if self.source is not None and self.source not in {later.facts.source, earlier.facts.source}:
            return False
        if self.since is not None and later.received_at < self.since:
            return False
        return self.until is None or later.received_at < self.until


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a pair is found to be now."""

    decision: Decision
    weight: float
    policy: str


@dataclass(slots=True)
class View:
    """What one snapshot holds of some stories, and the verdicts on their pairs so far."""

    ctx: Context
    tx: Tx
    what: Asked
    articles: dict[ArticleKey, ArticleRow] = field(default_factory=dict)
    versions: dict[VersionKey, VersionRow] = field(default_factory=dict)
    members: dict[ArticleKey, list[tuple[ArticleKey, VersionKey]]] = field(default_factory=dict)
    edges: dict[ArticleKey, list[EdgeRow]] = field(default_factory=lambda: defaultdict(list))
    """By the founder of a story that an end is in."""
    verdicts: dict[EdgeRow, Verdict] = field(default_factory=dict)
    left_out: set[EdgeRow] = field(default_factory=set)

    def load(self, founders: Iterable[ArticleKey]) -> None:
        """Learn these stories' members and all that was judged of them."""
        new = sorted(set(founders) - self.members.keys())
        members = load_members(self.tx, new)
        self.members |= members
        inside = {key for rows in members.values() for key, _ in rows}
        edges = edges_touching(self.tx, inside)
        ends = inside.union(*((each.a, each.b) for each in edges))
        self.articles |= reading.load_articles(self.tx, ends - self.articles.keys())
        wanted = {self.articles[key].current for key in ends}
        wanted.update(key for each in edges for key in (each.version_a, each.version_b))
        self.versions |= reading.load_versions(self.tx, wanted - self.versions.keys())
        for each in edges:
            for founder in {self.articles[end].founder for end in (each.a, each.b)}:
                if founder in members:
                    self.edges[founder].append(each)

    def judge(self, edges: Iterable[EdgeRow]) -> None:
        """Reach a verdict on those pairs that are asked about."""
        todo = [each for each in edges if each not in self.verdicts and self._is_asked(each)]
        versions = {key for each in todo for key in (each.version_a, each.version_b)}
        stored = self.ctx.recall.load(self.tx, versions, self.ctx.profile.id)
        sources = {each.facts.source for each in stored.values()}
        known = self.ctx.masks.load(self.tx, furniture.version(self.tx), sources)
        for each in todo:
            a, b = stored.get(each.version_a), stored.get(each.version_b)
            if a is None or b is None or not self._may_be_seen(each):
                self.left_out.add(each)
                continue
            told = judge(a, [b], self.what.policies, known)[0]
            self.verdicts[each] = Verdict(told.decision, told.weight, told.policy.id)

    def _is_asked(self, edge: EdgeRow) -> bool:
        return self.what.selects(self.versions[edge.version_a], self.versions[edge.version_b])

    def _may_be_seen(self, edge: EdgeRow) -> bool:
        """Whether both texts are out, and their articles are not withheld since."""
        current = (self.articles[end].current for end in (edge.a, edge.b))
        return all(self.versions[key].released for key in (edge.version_a, edge.version_b, *current))


def connected(view: View, founder: ArticleKey) -> set[ArticleKey] | None:
    """The stories that verdicts would connect with this one; None where an elder one is among them."""
    founders, waiting, size = {founder}, [founder], 0
    while waiting:
        view.load(waiting)
        size += sum(len(view.members[each]) for each in waiting)
        edges = [edge for each in waiting for edge in view.edges[each]]
        view.judge(edges)
        waiting = []
        for edge in edges:
            verdict = view.verdicts.get(edge)
            if verdict is None or not verdict.decision.relation.joins or size > MOST_ARTICLES:
                continue
            for other in {view.articles[end].founder for end in (edge.a, edge.b)} - founders:
                if other < founder:
                    return None
                founders.add(other)
                waiting.append(other)
    return founders
