"""Judging stored pairs again when furniture of theirs became known, and mending the stories they made.

Comparing is done outside the lock, against a snapshot; under it the pairs' new weights are stored and
the stories derived anew. Decisions of arrival stay as they were.
"""

from collections.abc import Sequence

from app.model import EdgeRow, VersionKey
from app.services.context import Context
from app.services.ledger import Ledger
from app.services.matching import Judged, judge
from app.services.placing import regroup
from app.services.recording import record_edges
from app.store import furniture, ingesting
from app.store.engine import Tx

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
        judged = _judge(ctx, tx, furniture.edges_of(tx, due), known)
    with ctx.store.write() as tx:
        ledger = Ledger(ctx, tx, ctx.now(), ingesting.counters(tx))
        if ledger.counters.furniture != known:
            return True  # more was learned meanwhile: the next step judges by that
        ledger.load_stored(judged)
        for later, pairs in judged.items():
            record_edges(ledger, ledger.stored[later].version, pairs)
        articles = {article for edge in ledger.batch.edges for article in (edge.a, edge.b)}
        ledger.load_articles(articles)
        if articles:
            regroup(ledger, {ledger.articles[key].founder for key in articles}, why=_WHY)
        furniture.drop_due(tx, due)
        ingesting.append(tx, ledger.batch)
        ingesting.save_counters(tx, ledger.counters)
    return True


def _judge(ctx: Context, tx: Tx, edges: Sequence[EdgeRow], known: int) -> dict[VersionKey, list[Judged]]:
    """The pairs of these edges as they are judged today, by their later version."""
    ends = {version for edge in edges for version in (edge.version_a, edge.version_b)}
    stored = ctx.recall.load(tx, ends, ctx.profile.id)
    masks = ctx.masks.load(tx, known, {each.facts.source for each in stored.values()})
    judged: dict[VersionKey, list[Judged]] = {}
    for edge in edges:
        if edge.version_a in stored and edge.version_b in stored:
            pair = judge(stored[edge.version_a], [stored[edge.version_b]], ctx.policies, masks)
            judged.setdefault(edge.version_a, []).extend(pair)
    return judged
