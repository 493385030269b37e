"""Wirefold itself, called directly: its judgement of pairs, its stories, its repeats."""

import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import numpy as np
from method import Measured, Pairs, timed
from reading import LabelledSet, Prepared, Record, later_first, prepare, submission

from app.bootstrap import open_context
from app.dedup.compare import compare
from app.dedup.decide import decide
from app.dedup.model import Decision
from app.dedup.policy import STANDARD
from app.services.exporting import export_articles
from app.services.ingest import ingest
from app.settings import Settings
from app.store import schema
from app.workers.tender import Tender

GROUP = 100
"""Articles a list, as the acceptance script posts them."""


def judge(later: Prepared, earlier: Prepared) -> Decision:
    """The decision on two articles, whatever else is stored."""
    compared = compare(later.outline, earlier.outline, later.facts, earlier.facts)
    return decide(compared, later.facts, earlier.facts, STANDARD)


SAMPLE = 100
"""Articles that are prepared once more to see what one costs."""


def as_shipped(labelled: LabelledSet, pairs: Pairs) -> Measured:
    """The judgement of pairs with the weights that are in the repository."""
    some = labelled.labelled[:: -(-len(labelled.labelled) // SAMPLE)]
    prepared = timed(lambda: [prepare(article).outline for article in some])
    drafts = list(labelled.prepared.values())
    for each in drafts:
        _ = each.outline
    told = timed(lambda: [judge(*later_first(drafts[a], drafts[b])) for a, b in pairs.tolist()])
    probability = np.array([decision.probability for decision in told.value])
    inside = np.clip(probability, 1e-9, 1 - 1e-9)
    return Measured(
        scores=np.log(inside / (1 - inside)),
        documented={"as shipped": np.array([decision.relation.joins for decision in told.value])},
        links=lambda _: iter(()),
        article_ms=1e3 * prepared.seconds / len(some),
        pair_us=1e6 * told.seconds / len(pairs),
    )


class Stories(NamedTuple):
    """What the service made of a whole set."""

    canonical: dict[str, str]
    """The canonical ID of each article, by uid, when all had been taken in."""
    article_ms: float
    """CPU time an article: parsing to commit, candidates and stories included."""


def stories(labelled: LabelledSet) -> Stories:
    """Take the set in, in order of publication, into a fresh SQLite database."""
    ordered = sorted(labelled.articles.values(), key=lambda a: (a.get("published_at") or "", a["uid"]))
    with tempfile.TemporaryDirectory(prefix="wirefold-quality-") as folder:
        url = f"sqlite:///{Path(folder) / 'quality.db'}"
        schema.migrate(url)
        ctx = open_context(Settings(database_url=url))
        tender = Tender(ctx, holder="quality", idempotency_ttl=timedelta(days=1))
        began = time.process_time()
        for at in range(0, len(ordered), GROUP):
            ingest(ctx, [submission(article) for article in ordered[at : at + GROUP]])
            _tend(tender.step)
        took = time.process_time() - began
        found = {row.external_id or "": row.canonical_id for row in export_articles(ctx)}
        ctx.store.close()
    return Stories(found, 1e3 * took / len(ordered))


def _tend(step: Callable[[], bool]) -> None:
    while step():
        pass


def repeats(page: Record) -> list[tuple[str, tuple[int, int], tuple[int, int] | None]]:
    """Kind, span taken out and span kept of each repeat that is told."""
    return [(str(each.kind), each.removed, each.kept) for each in prepare(page).cleaned.repeats]
