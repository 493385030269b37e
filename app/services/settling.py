"""Under the ingest lock: each draft becomes a replay, a new version or a new article.

Everything slow was done before. Here the identities are read again, drafts are judged against
what was stored since the snapshot and against each other, and the rows of one batch are made.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from app.dedup.decide import weight
from app.dedup.model import Decision, Relation, RevisionKind
from app.model import (
    ArticleId,
    ArticleKey,
    ArticleRow,
    CanonicalId,
    DecisionRow,
    EdgeRow,
    Ingested,
    MembershipRow,
    PageRow,
    PostingRow,
    Related,
    Status,
    Stored,
    VersionKey,
    VersionRow,
)
from app.services.drafting import Draft
from app.services.ledger import Ledger
from app.services.matching import Found, Judged, judge
from app.services.placing import choose_again, found_story, join_story, regroup, stories_met
from app.store import ingesting

FURNITURE = "none-0"
"""Name of the learned furniture that comparisons were made with: none is learned yet."""
_SAME_ARTICLE = 0.2
"""A publisher's own ID speaks for itself: its next version needs less likeness than a stranger."""


@dataclass(slots=True)
class Fresh:
    """Keys of the versions settled earlier in this group, which the index does not have yet."""

    holders: dict[int, list[VersionKey]] = field(default_factory=lambda: defaultdict(list))

    def add(self, version: VersionKey, keys: NDArray[np.uint64]) -> None:
        """Let later drafts of the group find a version."""
        for key in keys.tolist():
            self.holders[key].append(version)

    def find(self, keys: NDArray[np.uint64]) -> dict[VersionKey, list[int]]:
        """Versions under these keys, each with the keys it was found by."""
        found: dict[VersionKey, list[int]] = defaultdict(list)
        for key in keys.tolist():
            for version in self.holders.get(key, ()):
                found[version].append(key)
        return found


@dataclass(slots=True)
class Settling:
    """One group being settled: the ledger, and what its own drafts have added."""

    ledger: Ledger
    fresh: Fresh = field(default_factory=Fresh)

    def settle(self, draft: Draft, found: Found, judged: Sequence[Judged]) -> Ingested:
        """Settle one draft. ``judged`` holds its pairs with what was stored before this group."""
        ledger = self.ledger
        owner = ledger.identities.get(draft.identity)
        if owner is not None:
            for row in ledger.versions[owner]:
                if row.content == draft.content:
                    return self._replay(owner, row)
        hits = self.fresh.find(draft.print.keys) if self._visible(draft) else {}
        ledger.load_stored(hits)
        pairs = [
            *(judged if self._visible(draft) else ()),
            *judge(draft, (ledger.stored[version] for version in hits), ledger.ctx.policy),
        ]
        ledger.load_articles({pair.other.version.article for pair in pairs})
        strangers = [pair for pair in pairs if pair.other.version.article != owner]
        if owner is not None:
            before = self._own(draft, owner)
            if before.decision.relation.joins:
                return self._revise(draft, owner, before, strangers, found, hits)
        return self._add(draft, strangers, found, hits)

    # ------------------------------------------------------------------------------------- outcomes
    def _replay(self, owner: ArticleKey, row: VersionRow) -> Ingested:
        ledger = self.ledger
        decision = (
            next((each for each in ledger.batch.decisions if each.version == row.key), None)
            or ingesting.load_decisions(ledger.tx, [row.key])[row.key]
        )
        page = (
            next((each for each in ledger.batch.pages if each.version == row.key), None)
            or ingesting.load_pages(ledger.tx, [row.key])[row.key]
        )
        return self._answer(owner, row, page, decision, replayed=True)

    def _add(
        self, draft: Draft, judged: list[Judged], found: Found, hits: dict[VersionKey, list[int]]
    ) -> Ingested:
        """A new article: it joins a story, bridges several, or founds its own."""
        ledger = self.ledger
        met = stories_met(ledger, judged)
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
        row = self._store_version(draft, article, number=1)
        self._store_edges(draft, row, judged)
        why = "founded" if not met else "judged"
        ledger.batch.moves.append(MembershipRow(key, article.founder, position, by="wirefold", why=why))
        best = _best(judged, {pair.other.version.article for pair in judged} if met else set(), ledger, met)
        decision = self._decide(row, best, judged, met)
        self._say_ingested(article, row, decision, met[0] if met else None)
        if not met:
            found_story(ledger, key)
        else:
            join_story(ledger, key, met[0])
            if len(met) > 1:
                regroup(ledger, met, why=f"{article.id} shows them to be one story")
        self._post(draft, row, found, hits)
        ledger.batch.articles.append(ledger.articles[key])
        return self._answer(key, row, ledger.batch.pages[-1], decision, replayed=False)

    def _revise(
        self,
        draft: Draft,
        owner: ArticleKey,
        before: Judged,
        judged: list[Judged],
        found: Found,
        hits: dict[VersionKey, list[int]],
    ) -> Ingested:
        """A new version of a known article. An older one than the current is kept as history."""
        ledger = self.ledger
        article = ledger.articles[owner]
        numbers = [row.number for row in ledger.versions[owner]]
        row = self._store_version(draft, article, number=max(numbers) + 1)
        self._store_edges(draft, row, judged)
        current = not _is_older(row, before.other.version)
        if current:
            ledger.articles[owner] = replace(article, current=row.key)
            ledger.batch.currents[owner] = row.key
        met = [founder for founder in stories_met(ledger, judged) if founder != article.founder]
        decision = self._decide(row, before, judged, [article.founder, *met])
        self._say_ingested(article, row, decision, article.founder)
        if met:
            regroup(ledger, [article.founder, *met], why=f"{article.id} was revised")
        elif current:
            choose_again(ledger, article.founder)
        self._post(draft, row, found, hits)
        return self._answer(owner, row, ledger.batch.pages[-1], decision, replayed=False)

    # -------------------------------------------------------------------------------------- judging
    def _own(self, draft: Draft, owner: ArticleKey) -> Judged:
        """The draft beside the current version of the article that has its identity."""
        ledger = self.ledger
        current = ledger.stored[ledger.articles[owner].current]
        pair = judge(draft, [current], ledger.ctx.policy)[0]
        told = pair.decision
        canceled = draft.submission.status is Status.CANCELED
        if not canceled and told.probability < _SAME_ARTICLE and pair.comparison.title_likeness < 0.5:
            return replace(pair, decision=replace(told, relation=Relation.NEW, revision_kind=None))
        kind = told.revision_kind or (RevisionKind.WITHDRAWAL if canceled else RevisionKind.UPDATE)
        return replace(
            pair,
            decision=replace(
                told,
                relation=Relation.REVISION,
                revision_kind=kind,
                rule=f"same-identity/{told.rule}",
                reasons=("it came under the same identity as the version before it", *told.reasons),
            ),
        )

    def _visible(self, draft: Draft) -> bool:
        """Whether a draft may be compared with others' articles: no embargo, not withheld."""
        submission = draft.submission
        due = submission.embargoed_until
        return (due is None or due <= self.ledger.now) and submission.status is not Status.WITHHELD

    def _decide(
        self, row: VersionRow, best: Judged | None, judged: Sequence[Judged], met: Sequence[ArticleKey]
    ) -> DecisionRow:
        ledger = self.ledger
        policy, profile = ledger.ctx.policy, ledger.ctx.profile
        told = best.decision if best else Decision(Relation.NEW, None, 0.0, "nothing-alike", ())
        return_to = ledger.articles[best.other.version.article].id if best else None
        decision = DecisionRow(
            version=row.key,
            position=row.position,
            relation=told.relation,
            revision_kind=told.revision_kind,
            matched=best.other.version.key if best else None,
            matched_id=return_to,
            jaccard=best.comparison.jaccard if best else 0.0,
            containment=best.comparison.containment if best else 0.0,
            probability=told.probability,
            rule=told.rule,
            reasons=told.reasons,
            signals=told.signals,
            related=self._related(judged, set(met)),
            profile=profile.id,
            policy=policy.id,
            furniture=FURNITURE,
        )
        ledger.batch.decisions.append(decision)
        return decision

    def _related(self, judged: Sequence[Judged], own: set[ArticleKey]) -> tuple[Related, ...]:
        """Other stories that share text or form, one entry a story, most alike first."""
        ledger = self.ledger
        found: dict[CanonicalId, Related] = {}
        for pair in sorted(judged, key=lambda pair: -pair.comparison.containment):
            founder = ledger.articles[pair.other.version.article].founder
            relation = pair.decision.relation
            if founder in own or relation is Relation.NEW:
                continue
            # One that would join but for what its story's other members say shares passages.
            told = Relation.PASSAGES if relation.joins else relation
            canonical = ledger.stories[founder].id
            found.setdefault(canonical, Related(canonical, told, pair.comparison.containment))
        return tuple(found.values())

    # --------------------------------------------------------------------------------------- rows
    def _store_version(self, draft: Draft, article: ArticleRow, number: int) -> VersionRow:
        ledger, submission = self.ledger, draft.submission
        row = VersionRow(
            key=ledger.next_version(),
            article=article.key,
            number=number,
            position=ledger.next_position(),
            received_at=ledger.now,
            published_at=submission.published_at,
            updated_at=submission.updated_at,
            declared=submission.version,
            status=submission.status,
            embargoed_until=submission.embargoed_until,
            released=self._visible(draft),
            content=draft.content,
            title=draft.document.title,
            facts=draft.facts,
            word_count=len(draft.print.words),
        )
        cleaned = draft.cleaned
        batch = ledger.batch
        batch.versions.append(row)
        batch.pages.append(
            PageRow(
                version=row.key,
                raw=submission.raw,
                text=draft.document.text,
                url=submission.url,
                byline=submission.byline or cleaned.byline,
                dateline_place=draft.facts.place,
                dateline_date=draft.facts.filed_on,
                provenance=cleaned.provenance,
                passages=cleaned.passages,
                repeats=cleaned.repeats,
                removed=cleaned.removed,
            )
        )
        batch.fingerprints.append((row.key, draft.print))
        batch.identities[draft.identity] = ledger.identities[draft.identity] = article.key
        batch.urls.extend((key, article.key) for key in draft.document.url_keys)
        ledger.versions.setdefault(article.key, []).append(row)
        ledger.stored[row.key] = Stored(row, draft.print)
        return row

    def _store_edges(self, draft: Draft, row: VersionRow, judged: Sequence[Judged]) -> None:
        del draft
        ledger = self.ledger
        ledger.batch.edges.extend(
            EdgeRow(
                a=row.article,
                b=pair.other.version.article,
                version_a=row.key,
                version_b=pair.other.version.key,
                relation=pair.decision.relation,
                revision_kind=pair.decision.revision_kind,
                weight=weight(pair.decision, ledger.ctx.policy),
                jaccard=pair.comparison.jaccard,
                containment=pair.comparison.containment,
                position=row.position,
            )
            for pair in judged
            if pair.other.version.article != row.article
        )

    def _post(self, draft: Draft, row: VersionRow, found: Found, hits: dict[VersionKey, list[int]]) -> None:
        """Index the keys under which the story cannot be met yet: a further copy adds few or none."""
        if not row.released:
            return
        ledger = self.ledger
        founder = ledger.articles[row.article].founder
        known = {
            version
            for version in {*np.unique(found.holders).tolist(), *hits}
            if (stored := ledger.stored.get(version)) is not None
            and (article := ledger.articles.get(stored.version.article)) is not None
            and article.founder == founder
        }
        covered = found.keys[np.isin(found.holders, list(known))] if known else found.keys[:0]
        recent = [key for version, keys in hits.items() if version in known for key in keys]
        keys = np.setdiff1d(draft.print.keys, np.concatenate((covered, np.array(recent, dtype=np.uint64))))
        if not len(keys):
            return
        ledger.batch.postings.append(
            PostingRow(ledger.next_posting(), draft.print.profile, row.key, keys.astype("<u8").tobytes())
        )
        self.fresh.add(row.key, keys)

    # ------------------------------------------------------------------------------------- telling
    def _say_ingested(
        self, article: ArticleRow, row: VersionRow, decision: DecisionRow, founder: ArticleKey | None
    ) -> None:
        ledger = self.ledger
        story = ledger.stories[founder].id if founder is not None else None
        ledger.emit(
            "article.ingested",
            article_id=article.id,
            version=row.number,
            source=article.source,
            canonical_id=story,
            relation=decision.relation,
            revision_kind=decision.revision_kind,
            matched_article_id=decision.matched_id,
        )
        if story is not None and decision.revision_kind in _ALARMS:
            ledger.emit(_ALARMS[decision.revision_kind], canonical_id=story, article_id=article.id)

    def _answer(
        self, key: ArticleKey, row: VersionRow, page: PageRow, decision: DecisionRow, *, replayed: bool
    ) -> Ingested:
        ledger = self.ledger
        article = ledger.articles[key]
        ledger.load_articles([key])
        story = ledger.stories[article.founder]
        return Ingested(
            article_id=article.id,
            version=row.number,
            canonical_id=story.id,
            is_canonical=story.canonical == row.key,
            replayed=replayed,
            decision=decision,
            repeats=page.repeats,
            agency=row.facts.agency,
            dateline_place=page.dateline_place,
            dateline_date=page.dateline_date,
            text=page.text,
        )


_ALARMS = {RevisionKind.CORRECTION: "story.corrected", RevisionKind.WITHDRAWAL: "story.withdrawn"}


def _best(
    judged: Sequence[Judged], articles: set[ArticleKey], ledger: Ledger, met: Sequence[ArticleKey]
) -> Judged | None:
    """The pair that the answer names: the most alike of the story joined, else of all."""
    if met:
        inside = [
            pair
            for pair in judged
            if pair.other.version.article in articles
            and ledger.articles[pair.other.version.article].founder == met[0]
            and pair.decision.relation.joins
        ]
        return max(inside, key=lambda pair: (pair.comparison.jaccard, pair.decision.probability))
    apart = [pair for pair in judged if pair.decision.relation in {Relation.TEMPLATE, Relation.PASSAGES}]
    return max(apart, key=lambda pair: pair.comparison.containment, default=None)


def _is_older(row: VersionRow, current: VersionRow) -> bool:
    """Whether a version comes before the current one: by its number, then by its date of change."""
    if row.declared is not None and current.declared is not None and row.declared != current.declared:
        if row.declared.isdecimal() and current.declared.isdecimal():
            return int(row.declared) < int(current.declared)
        return row.declared < current.declared
    if row.updated_at is not None and current.updated_at is not None:
        return row.updated_at < current.updated_at
    return False
