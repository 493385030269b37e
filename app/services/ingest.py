"""The straight line: parse → clean → fingerprint → candidates → compare → decide → store → emit.

Everything slow happens against a snapshot, outside the lock. Under the lock only what was stored
since is looked at again; then one transaction appends all rows and entries of the change feed.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeAlias

import numpy as np

from app.errors import WirefoldError
from app.model import ArticleId, CanonicalId, Comparable, Ingested, Submission, VersionKey
from app.services.context import Context
from app.services.discretion import forget_unseen
from app.services.drafting import Draft, Drafted, draft, draft_all
from app.services.ledger import Ledger
from app.services.matching import Found, Judged, judge, rank_candidates
from app.services.settling import Settling
from app.store import ingesting
from app.store.engine import Tx
from app.store.sight import PUBLIC, Sight

Answer: TypeAlias = Ingested | WirefoldError


def ingest(ctx: Context, submissions: Sequence[Submission]) -> list[Answer]:
    """Take in a list of submissions: one result each, in order. Returns when all are on disk.

    A submission that cannot be accepted is answered with its error and does not touch the others.
    Raises StorageUnavailable or StorageFull when nothing of the list was stored.
    """
    return take_in(ctx, draft_all(submissions, ctx.profile))


def take_in(ctx: Context, drafted: Sequence[Drafted]) -> list[Answer]:
    """The part of ``ingest`` that looks at what is stored: match, judge, settle, append."""
    drafts = [each for each in drafted if isinstance(each, Draft)]
    with ctx.store.read() as tx:
        seen = ingesting.counters(tx)
        found = find(ctx, tx, drafts)
        judged = judge_all(ctx, tx, drafts, found, furniture=seen.furniture)
    with ctx.store.write() as tx:
        ledger = Ledger.open(ctx, tx)
        if ledger.counters.furniture != seen.furniture:
            found = find(ctx, tx, drafts)
            judged = judge_all(ctx, tx, drafts, found, furniture=ledger.counters.furniture)
        elif ledger.counters.posting != seen.posting:
            late = find(ctx, tx, drafts, after=seen.posting)
            judged = judge_late(ledger, drafts, judged, late)
            found = [before.with_(since) for before, since in zip(found, late, strict=True)]
        settled = settle_all(ledger, drafts, found, judged)
        ledger.keep()
    ctx.recall.keep([ledger.stored[row.key] for row in ledger.batch.versions])
    for told, each in zip(settled, found, strict=True):
        if told.released:
            # Of what is under embargo nobody may learn how much is like it.
            ctx.observe_candidates(len(each.versions))
    answers = iter(settled)
    return [next(answers) if isinstance(each, Draft) else each for each in drafted]


def check(ctx: Context, submission: Submission, sight: Sight = PUBLIC) -> Ingested:
    """What ``ingest`` would answer now. Stores nothing; the IDs of what is not stored are empty.

    What the caller's sight does not see is as if it were not stored.
    """
    only = draft(submission, ctx.profile)
    with ctx.store.read() as tx:
        ledger = Ledger.open(ctx, tx)
        found = find(ctx, tx, [only])
        judged = judge_all(ctx, tx, [only], found, furniture=ledger.counters.furniture)
        load_met(ledger, [only], judged)
        if not sight.covers(submission.source):
            forget_unseen(ledger, only, sight)
        told = Settling(ledger).settle(only, found[0], judged[0])
    made = {row.id for row in ledger.batch.articles}
    founders = {row.key for row in ledger.batch.articles}
    founded = {story.id for story in ledger.batch.stories.values() if story.founder in founders}
    return replace(
        told,
        article_id=ArticleId("") if told.article_id in made else told.article_id,
        canonical_id=CanonicalId("") if told.canonical_id in founded else told.canonical_id,
    )


def find(ctx: Context, tx: Tx, drafts: Sequence[Comparable], *, after: int = 0) -> list[Found]:
    """Candidates of each draft, from one look-up of all their keys; those posted later than ``after``."""
    if not drafts:
        return []
    ctx.index.catch_up(tx)
    places, versions = ctx.index.lookup(
        tx, np.concatenate([draft.print.keys for draft in drafts]), after=after
    )
    return rank_candidates(drafts, places, versions)


def judge_all(
    ctx: Context, tx: Tx, drafts: Sequence[Comparable], found: Sequence[Found], *, furniture: int
) -> list[list[Judged]]:
    """Each draft against its candidates and against what speaks for their stories now.

    ``furniture`` is the version of it that the transaction sees.
    """
    wanted = [set(each.versions) for each in found]
    stored = ctx.recall.load(tx, set().union(*wanted), ctx.profile.id)
    articles = ingesting.load_articles(tx, {each.version.article for each in stored.values()})
    stored = {key: each for key, each in stored.items() if not articles[each.version.article].deleted_at}
    stories = ingesting.load_stories(tx, {article.founder for article in articles.values()})
    speaks: dict[VersionKey, set[VersionKey]] = {}
    for key, each in stored.items():
        article = articles[each.version.article]
        canonical = stories[article.founder].canonical
        speaks[key] = {article.current} | ({canonical} if canonical is not None else set())
    further = [versions.union(*(speaks[v] for v in versions if v in speaks)) for versions in wanted]
    stored |= ctx.recall.load(tx, set().union(*further) - stored.keys(), ctx.profile.id)
    sources = {each.facts.source for each in (*drafts, *stored.values())}
    known = ctx.masks.load(tx, furniture, sources)
    return [
        judge(draft, (stored[v] for v in sorted(versions) if v in stored), ctx.policies, known)
        for draft, versions in zip(drafts, further, strict=True)
    ]


def judge_late(
    ledger: Ledger, drafts: Sequence[Draft], judged: Sequence[list[Judged]], late: Sequence[Found]
) -> list[list[Judged]]:
    """Add the pairs with what was posted while we were comparing: stored by others, or released."""
    ledger.load_stored({version for each in late for version in each.versions})
    return [
        [*before, *ledger.judge(each_draft, each.versions)]
        for each_draft, before, each in zip(drafts, judged, late, strict=True)
    ]


def settle_all(
    ledger: Ledger, drafts: Sequence[Draft], found: Sequence[Found], judged: Sequence[list[Judged]]
) -> list[Ingested]:
    """Settle the drafts in order, each seeing the ones before it."""
    load_met(ledger, drafts, judged)
    settling = Settling(ledger)
    return [
        settling.settle(draft, each, pairs) for draft, each, pairs in zip(drafts, found, judged, strict=True)
    ]


def load_met(ledger: Ledger, drafts: Sequence[Draft], judged: Sequence[list[Judged]]) -> None:
    """Learn the articles that the drafts meet: by identity, and by what they were compared with."""
    ledger.load_identities({key for draft in drafts for key in (draft.identity, draft.replay)})
    ledger.stored |= {pair.other.version.key: pair.other for pairs in judged for pair in pairs}
    ledger.load_articles({pair.other.version.article for pairs in judged for pair in pairs})
