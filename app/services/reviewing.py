"""The review list as people read it: doubtful arrivals with both sides and what speaks for and against."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.dedup.model import Decision
from app.errors import NotFound
from app.model import ArticleId, CanonicalId, LinkKind, Position, ReviewRow, VersionKey
from app.services.acting import Curated, Order
from app.services.context import Context
from app.services.curating import link_articles
from app.services.explain import Contribution, contributions
from app.services.matching import judge
from app.store import furniture, reading
from app.store.engine import Tx
from app.store.reviewing import ReviewFilters, load_review, reviews_before

__all__ = ["ReviewFilters"]

MOST_CONTRIBUTIONS = 5


@dataclass(frozen=True, slots=True)
class ReviewSide:
    """One version of the pair that is in doubt."""

    article_id: ArticleId
    version: int
    source: str
    title: str
    canonical_id: CanonicalId


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the pair is found to be now, and the signals that weigh most in it."""

    decision: Decision
    contributions: tuple[Contribution, ...]


@dataclass(frozen=True, slots=True)
class Doubt:
    """One entry of the list. ``a`` is the arrival."""

    row: ReviewRow
    a: ReviewSide
    b: ReviewSide
    evidence: Evidence | None
    """None where the program's profile has no fingerprint of one of them yet."""


def list_doubts(
    ctx: Context, filters: ReviewFilters, *, before: int | None, limit: int
) -> tuple[Sequence[Doubt], Position | None]:
    """A page of the list, the latest first, and the position below which it goes on."""
    with ctx.store.read() as tx:
        rows = reviews_before(tx, filters, before=before, limit=limit + 1)
        more = rows[limit - 1].position if len(rows) > limit else None
        return _doubts(ctx, tx, rows[:limit]), more


def answer_doubt(ctx: Context, order: Order, position: int, *, same_story: bool) -> Curated:
    """Say of an entry's two articles whether they are one story: a link, which takes it off the list.

    Raises NotFound, Conflict, Contradiction.
    """
    with ctx.store.read() as tx:
        row = load_review(tx, position)
        if row is None:
            raise NotFound("There is no entry of that position on the review list.")
        sides = _sides(tx, {row.version, row.other})
    pair = [sides[row.version].article_id, sides[row.other].article_id]
    return link_articles(ctx, order, LinkKind.MUST if same_story else LinkKind.CANNOT, pair)


def _doubts(ctx: Context, tx: Tx, rows: Sequence[ReviewRow]) -> list[Doubt]:
    keys = {key for row in rows for key in (row.version, row.other)}
    sides = _sides(tx, keys)
    evidence = _evidence(ctx, tx, rows)
    return [Doubt(row, sides[row.version], sides[row.other], evidence.get(row.position)) for row in rows]


def _sides(tx: Tx, keys: set[VersionKey]) -> dict[VersionKey, ReviewSide]:
    versions = reading.load_versions(tx, keys)
    articles = reading.load_articles(tx, {row.article for row in versions.values()})
    stories = reading.load_stories(tx, {row.founder for row in articles.values()})
    return {
        key: ReviewSide(
            article_id=articles[row.article].id,
            version=row.number,
            source=row.facts.source,
            title=row.title,
            canonical_id=stories[articles[row.article].founder].id,
        )
        for key, row in versions.items()
    }


def _evidence(ctx: Context, tx: Tx, rows: Sequence[ReviewRow]) -> dict[Position, Evidence]:
    stored = ctx.recall.load(tx, {key for row in rows for key in (row.version, row.other)}, ctx.profile.id)
    sources = {each.facts.source for each in stored.values()}
    known = ctx.masks.load(tx, furniture.version(tx), sources)
    found = {}
    for row in rows:
        a, b = stored.get(row.version), stored.get(row.other)
        if a is not None and b is not None:
            told = judge(a, [b], ctx.policies, known)[0]
            strongest = contributions(told.decision, told.policy)[:MOST_CONTRIBUTIONS]
            found[row.position] = Evidence(told.decision, strongest)
    return found
