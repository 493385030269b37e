"""Under the ingest lock: each draft becomes a replay, a new version or a new article.

Everything slow was done before. Here the identities are read again, and each draft is judged
against the ones settled before it in its group.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from app.dedup.arrays import member
from app.dedup.model import Relation, RevisionKind
from app.events import EventType
from app.model import (
    ArticleId,
    ArticleKey,
    ArticleRow,
    DecisionRow,
    Ingested,
    MembershipRow,
    Status,
    VersionKey,
    VersionRow,
)
from app.services.appointing import choose_again
from app.services.doubting import note_doubt
from app.services.drafting import Draft
from app.services.ledger import Ledger
from app.services.matching import Found, Judged, as_own_matter, best_of
from app.services.placing import (
    found_story,
    join_story,
    may_be_one,
    regroup,
    stories_met,
    tell_founded,
)
from app.services.posting import post_lacking
from app.services.recording import (
    ALARMS,
    answer,
    conclude,
    is_notice,
    is_visible,
    record_decision,
    record_edges,
    record_version,
    related_to,
)
from app.services.succession import find_replayed, is_older, waits

_SAME_ARTICLE = 0.2
"""A publisher's own ID speaks for itself: its next version needs less likeness than a stranger."""
_SAME_HEADLINE = 0.5


@dataclass(slots=True)
class Fresh:
    """Keys of the versions settled earlier in this group, which the index does not have yet.

    The same bounds hold as in the index: a key of many says nothing, and few are compared.
    """

    holders: dict[int, list[VersionKey]] = field(default_factory=lambda: defaultdict(list))

    def add(self, version: VersionKey, keys: NDArray[np.uint64]) -> None:
        """Let later drafts of the group find a version."""
        for key in keys.tolist():
            self.holders[key].append(version)

    def find(self, keys: NDArray[np.uint64]) -> Found:
        """Versions under these keys."""
        carried = [(key, self.holders[key]) for key in keys.tolist() if key in self.holders]
        sizes = [len(versions) for _, versions in carried]
        held_keys = np.repeat(np.array([key for key, _ in carried], dtype=np.uint64), sizes)
        holders = np.array([version for _, versions in carried for version in versions], dtype=np.int64)
        return Found(best_of(np.repeat(np.array(sizes, dtype=np.int64), sizes), holders), held_keys, holders)


@dataclass(slots=True)
class Settling:
    """One group being settled: the ledger, and what its own drafts have added."""

    ledger: Ledger
    fresh: Fresh = field(default_factory=Fresh)

    def settle(self, draft: Draft, found: Found, judged: Sequence[Judged]) -> Ingested:
        """Settle one draft. ``judged`` holds its pairs with what was stored before this group."""
        ledger = self.ledger
        known = find_replayed(ledger, draft)
        if known is not None:
            return answer(ledger, known, ledger.decision(known.key), replayed=True)
        owner = ledger.identities.get(draft.identity)
        hits = self.fresh.find(draft.print.keys)
        pairs = self._pairs(draft, judged, hits.versions) if is_visible(ledger, draft) else []
        before = None if owner is None else self._own(draft, owner)
        if owner is not None and before is not None:
            if not is_notice(ledger, draft, owner):
                pairs = [as_own_matter(pair, draft) for pair in pairs]
            strangers = [pair for pair in pairs if pair.other.version.article != owner]
            row, concluded = self._revise(draft, owner, before, strangers)
        else:
            row, concluded = self._add(draft, pairs)
        decision = record_decision(ledger, concluded, related_to(ledger, row.article, pairs))
        note_doubt(ledger, row, pairs)
        if row.released:
            covered = _covered(ledger, ledger.articles[row.article].founder, (found, hits))
            self.fresh.add(row.key, post_lacking(ledger, row, draft.print, covered))
        return answer(ledger, row, decision, replayed=False)

    def _pairs(self, draft: Draft, judged: Sequence[Judged], hits: Iterable[VersionKey]) -> list[Judged]:
        ledger = self.ledger
        fresh = ledger.judge(draft, hits)
        # An embargoed text takes part in nobody's judgement, not even by standing behind a known article.
        # A version met twice, before and since, is one pair: the later look at it counts.
        met = {p.other.version.key: p for p in (*judged, *fresh) if p.other.version.released}
        ledger.load_articles({pair.other.version.article for pair in met.values()})
        # Deleted since it was compared, or kept in memory by a process that has not heard of it.
        return [
            pair for pair in met.values() if ledger.articles[pair.other.version.article].deleted_at is None
        ]

    def _add(self, draft: Draft, judged: list[Judged]) -> tuple[VersionRow, DecisionRow]:
        """A new article: it joins a story, bridges several, or founds its own."""
        ledger = self.ledger
        met = (_story_named if draft.facts.withdraws else stories_met)(ledger, judged)
        key = ledger.next_article()
        position = ledger.next_position()
        article = ArticleRow(
            key=key,
            id=ArticleId(ledger.ctx.new_id("art")),
            source=draft.submission.source,
            external_id=draft.submission.external_id,
            founder=met[0] if met else key,
            current=VersionKey(ledger.counters.version + 1),
            created_at=ledger.now,
            created_position=position,
        )
        ledger.articles[key] = article
        if not met:
            found_story(ledger, key)
        row = record_version(ledger, draft, article, number=1)
        record_edges(ledger, row, judged)
        why = "judged" if met else "founded"
        ledger.batch.moves.append(MembershipRow(key, article.founder, position, by="wirefold", why=why))
        best = _most_alike(ledger, judged, met[0] if met else None)
        concluded = conclude(ledger, draft, row, best)
        self._tell(row, concluded, article.founder)
        if met:
            join_story(ledger, key, met[0])
        else:
            tell_founded(ledger, key)
        if may_be_one(ledger, met):
            regroup(ledger, met, why=f"{article.id} shows them to be one story")
        ledger.batch.articles.append(ledger.articles[key])
        return row, concluded

    def _revise(
        self, draft: Draft, owner: ArticleKey, before: Judged, judged: list[Judged]
    ) -> tuple[VersionRow, DecisionRow]:
        """A new version of a known article. An older one than the current is kept as history."""
        ledger = self.ledger
        article = ledger.articles[owner]
        number = 1 + max(row.number for row in ledger.versions[owner])
        row = record_version(ledger, draft, article, number)
        record_edges(ledger, row, judged)
        current = not waits(row) and not is_older(row, ledger.stored[article.current].version)
        if current:
            ledger.make_current(owner, row.key, row.position)
        named = _story_named(ledger, judged) if row.is_notice else stories_met(ledger, judged, of=owner)
        met = [founder for founder in named if founder != article.founder]
        concluded = conclude(ledger, draft, row, before)
        self._tell(row, concluded, article.founder)
        if met:
            regroup(ledger, [article.founder, *met], why=f"{article.id} was revised")
        elif current:
            choose_again(ledger, article.founder)
        return row, concluded

    def _own(self, draft: Draft, owner: ArticleKey) -> Judged | None:
        """The draft beside the article that has its identity; None where it is another story."""
        pair = self.ledger.judge(draft, [self.ledger.articles[owner].current])[0]
        taken_back = draft.submission.status is not Status.USABLE
        if not taken_back and not _is_alike(pair):
            earlier = self._before_it_was_taken_back(draft, owner)
            if earlier is None or not _is_alike(earlier):
                return None
            pair = earlier
        told = pair.decision
        kind = told.revision_kind or (RevisionKind.WITHDRAWAL if taken_back else RevisionKind.UPDATE)
        revised = replace(
            told,
            relation=Relation.REVISION,
            revision_kind=kind,
            rule=f"same-identity/{told.rule}",
            reasons=("it came under the same identity as the version before it", *told.reasons),
        )
        return replace(pair, decision=revised)

    def _before_it_was_taken_back(self, draft: Draft, owner: ArticleKey) -> Judged | None:
        """The draft beside what stood before a kill: a kill need not say of what, and may be taken back."""
        ledger = self.ledger
        if not ledger.stored[ledger.articles[owner].current].version.withdrawn:
            return None
        stood = max(
            (row for row in ledger.versions[owner] if not row.withdrawn),
            key=lambda row: row.number,
            default=None,
        )
        if stood is not None:
            ledger.load_stored([stood.key])
        return ledger.judge(draft, [stood.key])[0] if stood and stood.key in ledger.stored else None

    def _tell(self, row: VersionRow, decision: DecisionRow, founder: ArticleKey) -> None:
        """Say on the change feed what arrived, and what of it must not be missed."""
        ledger = self.ledger
        article = ledger.articles[row.article]
        story = ledger.stories[founder].id
        ledger.emit(
            EventType.ARTICLE_INGESTED,
            article_id=article.id,
            version=row.number,
            source=article.source,
            canonical_id=story,
            relation=decision.relation,
            revision_kind=decision.revision_kind,
            matched_article_id=decision.matched_id,
        )
        if row.released and decision.revision_kind in ALARMS:
            alarm = ALARMS[decision.revision_kind]
            ledger.emit(alarm, canonical_id=story, article_id=article.id, version=row.number)


def _story_named(ledger: Ledger, judged: Iterable[Judged]) -> list[ArticleKey]:
    """The founder of the one story that a notice takes back, if there is one: that of its strongest pair.

    None where several are as likely: one of them is not to be taken back by chance.
    """
    joining = [pair for pair in judged if pair.decision.relation.joins]
    surest = max((pair.decision.probability for pair in joining), default=1.0)
    named = {
        ledger.articles[pair.other.version.article].founder
        for pair in joining
        if pair.decision.probability == surest
    }
    return list(named) if len(named) == 1 else []


def _is_alike(pair: Judged) -> bool:
    """Whether a text under the same identity is a version of this one, and not another story."""
    return pair.decision.probability >= _SAME_ARTICLE or pair.comparison.title_likeness >= _SAME_HEADLINE


def _covered(ledger: Ledger, founder: ArticleKey, met: Iterable[Found]) -> NDArray[np.uint64]:
    """The draft's keys under which its story is met already, in the index or in this group."""

    def in_story(version: VersionKey) -> bool:
        holder = ledger.articles.get(ledger.stored[version].version.article)
        return holder is not None and holder.founder == founder and holder.deleted_at is None

    covered = []
    for found in met:
        # Nearly two hundred versions share some key; the few that were looked at are in memory.
        own = [version for version in ledger.stored.keys() & set(found.holders.tolist()) if in_story(version)]
        covered.append(found.keys[member(found.holders, np.array(sorted(own), dtype=np.int64))])
    return np.concatenate(covered)


def _most_alike(ledger: Ledger, judged: Sequence[Judged], joined: ArticleKey | None) -> Judged | None:
    """The pair that the answer names: the most alike of the story joined, else of all."""
    if joined is None:
        apart = [pair for pair in judged if pair.decision.relation is not Relation.NEW]
        told = [pair for pair in apart if not pair.decision.relation.joins]
        return max(told, key=lambda pair: pair.comparison.containment, default=None)
    inside = [
        pair
        for pair in judged
        if ledger.articles[pair.other.version.article].founder == joined and pair.decision.relation.joins
    ]
    return max(inside, key=lambda pair: (pair.comparison.jaccard, pair.decision.probability))
