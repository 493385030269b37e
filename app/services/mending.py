"""Judging stored pairs again when furniture of theirs became known, and mending the stories they made.

Comparing is done outside the lock, against a snapshot; under it the pairs' new weights are stored and
the stories derived anew. Decisions of arrival stay as they were.
"""

from collections.abc import Collection, Sequence

from app.model import ArticleKey, EdgeRow, VersionKey
from app.services.context import Context
from app.services.ledger import Ledger
from app.services.matching import Judged, judge
from app.services.placing import MOST_TOGETHER, regroup
from app.services.recording import record_edges
from app.store import furniture
from app.store.engine import Tx
from app.store.stories import edges_of_versions

STEP = 10
"""Versions of one step: each has some twenty pairs, of which each takes some 0.3 ms to compare."""
_WHY = "furniture that its pages share became known, or was taken back"


def mend_step(ctx: Context) -> bool:
    """Judge the pairs of the next versions again; whether there were any."""
    with ctx.store.read() as tx:
        due = furniture.load_due(tx, limit=STEP)
        if not due:
            return False
        known = furniture.version(tx)
        judged = _judge(ctx, tx, edges_of_versions(tx, due), known)
    with ctx.store.write() as tx:
        ledger = Ledger.open(ctx, tx)
        if ledger.counters.furniture != known:
            return True  # more was learned meanwhile: the next step judges by that
        ledger.load_stored(judged)
        for later, pairs in judged.items():
            record_edges(ledger, ledger.stored[later].version, pairs)
        articles = {article for edge in ledger.batch.edges for article in (edge.a, edge.b)}
        ledger.load_articles(articles)
        for founders in _together(ledger, {ledger.articles[key].founder for key in articles}):
            regroup(ledger, founders, why=_WHY)
        furniture.drop_due(tx, due)
        ledger.keep()
    return True


def _together(ledger: Ledger, founders: Collection[ArticleKey]) -> list[set[ArticleKey]]:
    """Which stories to derive with which others. All at once, but for more than one derivation may hold."""
    sizes = {founder: ledger.stories[founder].members for founder in founders}
    if sum(sizes.values()) <= MOST_TOGETHER:
        return [set(sizes)] if sizes else []
    # Each can still come apart by itself; whether two are one is looked at when the tender derives them.
    return [{founder} for founder, size in sorted(sizes.items()) if size <= MOST_TOGETHER]


def _judge(ctx: Context, tx: Tx, edges: Sequence[EdgeRow], known: int) -> dict[VersionKey, list[Judged]]:
    """The pairs of these edges that are judged otherwise today, by their later version."""
    ends = {version for edge in edges for version in (edge.version_a, edge.version_b)}
    stored = ctx.recall.load(tx, ends, ctx.profile.id)
    masks = ctx.masks.load(tx, known, {each.facts.source for each in stored.values()})
    judged: dict[VersionKey, list[Judged]] = {}
    for edge in edges:
        if edge.version_a in stored and edge.version_b in stored:
            (pair,) = judge(stored[edge.version_a], [stored[edge.version_b]], ctx.policies, masks)
            if not _is_as(edge, pair):
                judged.setdefault(edge.version_a, []).append(pair)
    return judged


def _is_as(edge: EdgeRow, pair: Judged) -> bool:
    """Whether a pair is what is stored of it."""
    told = pair.decision
    now = (told.relation, told.revision_kind, pair.weight, pair.comparison.containment)
    return now == (edge.relation, edge.revision_kind, edge.weight, edge.containment)
