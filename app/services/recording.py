"""The rows that one settled draft leaves: its version, its judged pairs, its decision, its answer."""

from collections.abc import Sequence
from dataclasses import replace

from app.dedup.differences import differences, story_of
from app.dedup.furniture import both, mask
from app.dedup.model import Comparison, Decision, Relation, RevisionKind
from app.events import EventType
from app.model import (
    ArticleKey,
    ArticleRow,
    CanonicalId,
    DecisionRow,
    EdgeRow,
    Ingested,
    PageRow,
    Related,
    Status,
    Stored,
    VersionRow,
)
from app.services.drafting import Draft
from app.services.ledger import Ledger
from app.services.matching import Judged
from app.services.reprint import words_in_place

_NOTHING_ALIKE = Decision(Relation.NEW, None, 0.0, "nothing-alike", ("nothing stored is like it",))
_MOST_NAMED = 8
ALARMS = {
    RevisionKind.CORRECTION: EventType.STORY_CORRECTED,
    RevisionKind.WITHDRAWAL: EventType.STORY_WITHDRAWN,
}
"""What nobody who printed the story may miss."""


def is_visible(ledger: Ledger, draft: Draft) -> bool:
    """Whether a draft may be compared with others' articles: no embargo, not withheld."""
    submission = draft.submission
    due = submission.embargoed_until
    return (due is None or due <= ledger.now) and submission.status is not Status.WITHHELD


def is_notice(ledger: Ledger, draft: Draft, article: ArticleKey) -> bool:
    """Whether a draft takes back another article's story, as all did that came of this article before."""
    return draft.facts.withdraws and all(row.is_notice for row in ledger.versions.get(article, ()))


def record_version(ledger: Ledger, draft: Draft, article: ArticleRow, number: int) -> VersionRow:
    """Add a draft as a version of an article: row, page, fingerprint, identity and look-up keys."""
    submission, cleaned, batch = draft.submission, draft.cleaned, ledger.batch
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
        released=is_visible(ledger, draft),
        content=draft.content,
        title=draft.document.title,
        facts=draft.facts,
        word_count=len(draft.print.words),
        is_notice=is_notice(ledger, draft, article.key),
    )
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
    if submission.received is not None:
        batch.received.append((row.key, submission.received))
    batch.fingerprints.append((row.key, draft.print))
    batch.identities[draft.identity] = ledger.identities[draft.identity] = article.key
    batch.identities[draft.replay] = ledger.identities[draft.replay] = article.key
    batch.urls.extend((key, article.key) for key in draft.document.url_keys)
    ledger.versions.setdefault(article.key, []).append(row)
    ledger.stored[row.key] = Stored(row, draft.print)
    return row


def record_edges(ledger: Ledger, row: VersionRow, judged: Sequence[Judged]) -> None:
    """Keep every judged pair: stories are derived from them, now and later."""
    position = ledger.next_position()
    ledger.batch.edges.extend(
        EdgeRow(
            a=row.article,
            b=pair.other.version.article,
            version_a=row.key,
            version_b=pair.other.version.key,
            relation=pair.decision.relation,
            revision_kind=pair.decision.revision_kind,
            weight=pair.weight,
            jaccard=pair.comparison.jaccard,
            containment=pair.comparison.containment,
            position=position,
        )
        for pair in judged
        if pair.other.version.article != row.article
    )


def conclude(ledger: Ledger, draft: Draft, row: VersionRow, best: Judged | None) -> DecisionRow:
    """What is concluded of a version: ``best`` is the pair the answer names. Related stories come last."""
    told = name_facts(ledger, draft, best) if best else _NOTHING_ALIKE
    policy = best.policy if best else ledger.ctx.policies.of(draft.facts.source)
    return DecisionRow(
        version=row.key,
        position=row.position,
        relation=told.relation,
        revision_kind=told.revision_kind,
        matched=best.other.version.key if best else None,
        matched_id=ledger.articles[best.other.version.article].id if best else None,
        jaccard=best.comparison.jaccard if best else 0.0,
        containment=best.comparison.containment if best else 0.0,
        probability=told.probability,
        rule=told.rule,
        reasons=told.reasons,
        signals=told.signals,
        related=(),
        profile=ledger.ctx.profile.id,
        policy=policy.id,
        furniture=f"learned-{ledger.counters.furniture}",
    )


def record_decision(ledger: Ledger, concluded: DecisionRow, related: tuple[Related, ...]) -> DecisionRow:
    """Keep what was concluded, once it is settled which stories stayed apart."""
    decision = replace(concluded, related=related)
    ledger.batch.decisions.append(decision)
    return decision


def name_facts(ledger: Ledger, draft: Draft, pair: Judged) -> Decision:
    """The pair's decision with the facts that differ spelled out: "number: 3,700 → 3,770"."""
    if not _facts_differ(pair.comparison):
        return pair.decision
    other = pair.other
    page = ledger.page(other.version.key)
    _, story = words_in_place(other.version, page, other.print, ledger.ctx.profile)
    known = ledger.furniture({draft.facts.source, other.facts.source})
    alike = both(known[draft.facts.source], known[other.facts.source])
    named = differences(
        story_of(draft.cleaned).without(mask(draft.print, alike)),
        story.without(mask(other.print, alike)),
        pair.comparison,
    )
    spelled = tuple(f"{each.kind}: {each}" for each in named[:_MOST_NAMED])
    return replace(pair.decision, reasons=(*spelled, *pair.decision.reasons))


def _facts_differ(c: Comparison) -> bool:
    return bool(c.numbers_differ or c.names_differ or c.dates_differ or c.negations_differ)


def related_to(ledger: Ledger, article: ArticleKey, judged: Sequence[Judged]) -> tuple[Related, ...]:
    """Other stories than the article's own that share text or form, one entry a story, most alike first."""
    own = ledger.articles[article].founder
    found: dict[CanonicalId, Related] = {}
    for pair in sorted(judged, key=lambda pair: -pair.comparison.containment):
        founder = ledger.articles[pair.other.version.article].founder
        relation = pair.decision.relation
        if founder == own or relation is Relation.NEW:
            continue
        # One that would join but for what its story's other members say shares passages.
        told = Relation.PASSAGES if relation.joins else relation
        canonical = ledger.stories[founder].id
        found.setdefault(canonical, Related(canonical, told, pair.comparison.containment))
    return tuple(found.values())


def answer(ledger: Ledger, row: VersionRow, decision: DecisionRow, *, replayed: bool) -> Ingested:
    """What the caller is told of a version, as things stand in the ledger."""
    article = ledger.articles[row.article]
    page = ledger.page(row.key)
    story = ledger.stories[article.founder]
    return Ingested(
        article_id=article.id,
        version=row.number,
        canonical_id=story.id,
        is_canonical=story.canonical == row.key and not row.withdrawn,
        replayed=replayed,
        released=row.released,
        decision=decision,
        repeats=page.repeats,
        agency=row.facts.agency,
        dateline_place=page.dateline_place,
        dateline_date=page.dateline_date,
        text=page.text,
    )
