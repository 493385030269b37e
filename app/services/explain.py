"""Why two stored articles are, or are not, one story: every measure, and where it can be seen.

Their current versions are compared as they would be if the later one arrived now. What was
concluded when they arrived is given beside it and may differ: a version, the policy or the furniture
may have changed since, and a story is more than one pair.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.dedup.compare import compare
from app.dedup.counterfactual import Turn, turns
from app.dedup.decide import decide
from app.dedup.differences import Difference, StoryText, differences
from app.dedup.furniture import Furniture, both, mask, stretches, without
from app.dedup.model import Comparison, Decision, Fingerprint, Run, Span
from app.dedup.outline import draw_outline
from app.dedup.policy import Policy
from app.errors import NotFound
from app.model import ArticleId, ArticleRow, CanonicalId, EdgeRow, LinkKind, VersionRow
from app.services.context import Context
from app.services.gone import refuse_gone
from app.services.reprint import words_in_place
from app.store import furniture, reading
from app.store.articles import load_stored
from app.store.engine import Tx
from app.store.links import links_of
from app.store.reading import seen_versions_of
from app.store.sight import PUBLIC, Sight
from app.store.stories import edges_among

MOST_SHOWN = 500
"""Spans, and differences, that an explanation shows: two long tables may have one in every row."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two articles, by the version that was compared."""

    article_id: ArticleId
    version: int
    source: str
    title: str
    canonical_id: CanonicalId
    words: int
    furniture: tuple[Span, ...]
    """Stretches left out of the comparison, because they come back under other stories of either's source."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one signal adds to the log-odds that the two are one story."""

    signal: str
    value: float
    weight: float
    contribution: float


@dataclass(frozen=True, slots=True)
class AlignedSpan:
    """A stretch that stands in both texts, as offsets into each as received."""

    a: Span
    b: Span
    words: int


@dataclass(frozen=True, slots=True)
class PersonSaid:
    """What a person said of the two."""

    link_id: str
    kind: LinkKind
    by: str
    why: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything that speaks for and against. ``a`` is the later arrival."""

    a: Side
    b: Side
    same_story: bool
    """Whether they are in one story now."""
    decision: Decision
    comparison: Comparison
    intercept: float
    contributions: tuple[Contribution, ...]
    """Strongest first. With the intercept they add up to the log-odds; a rule may have outdone them."""
    join_at: float
    spans: tuple[AlignedSpan, ...]
    differences: tuple[Difference, ...]
    truncated: bool
    """Whether the texts have more spans or differences than the first ``MOST_SHOWN`` of each."""
    turns: tuple[Turn, ...]
    """Single changes, nearest first, each of which would have turned the verdict."""
    edge: EdgeRow | None
    """What was stored of the pair when it was last compared, if it ever was."""
    said: tuple[PersonSaid, ...]
    """What people say of the two today, oldest first: it counts, whatever else speaks for or against."""
    profile: str
    policy: str


def explain(ctx: Context, a: ArticleId, b: ArticleId, sight: Sight = PUBLIC) -> Explanation:
    """Compare two articles and say why. Raises NotFound, also for one that is not seen."""
    with ctx.store.read() as tx:
        rows = sorted((_article(tx, id_, sight) for id_ in (a, b)), key=lambda row: row.key, reverse=True)
        keys = [row.key for row in rows]
        masks = ctx.masks.load(tx, furniture.version(tx), {row.source for row in rows})
        known = both(*(masks[row.source] for row in rows))
        later, earlier = (_Compared.load(ctx, tx, row, known) for row in rows)
        shown = {row.key for rows in seen_versions_of(tx, keys, sight).values() for row in rows}
        edges = [each for each in edges_among(tx, keys) if {each.version_a, each.version_b} <= shown]
        links = [each for each in links_of(tx, keys) if each.said.speaks_of(keys[0], keys[1])]
    facts_a, facts_b = later.version.facts, earlier.version.facts
    policy = ctx.policies.for_pair(facts_a.source, facts_b.source)
    comparison = compare(draw_outline(later.print), draw_outline(earlier.print), facts_a, facts_b)
    decision = decide(comparison, facts_a, facts_b, policy)
    differing = differences(later.story, earlier.story, comparison, most=MOST_SHOWN + 1)
    return Explanation(
        a=later.side,
        b=earlier.side,
        same_story=rows[0].founder == rows[1].founder,
        decision=decision,
        comparison=comparison,
        intercept=policy.intercept,
        contributions=contributions(decision, policy),
        join_at=policy.join_at,
        spans=aligned_spans(later.story, earlier.story, comparison.runs[:MOST_SHOWN]),
        differences=differing[:MOST_SHOWN],
        truncated=max(len(comparison.runs), len(differing)) > MOST_SHOWN,
        turns=turns(comparison, facts_a, facts_b, policy),
        edge=edges[-1] if edges else None,
        said=tuple(PersonSaid(each.id, each.kind, each.by, each.why) for each in links),
        profile=ctx.profile.id,
        policy=policy.id,
    )


@dataclass(frozen=True, slots=True)
class _Compared:
    """What is needed of one article."""

    side: Side
    version: VersionRow
    print: Fingerprint
    story: StoryText

    @staticmethod
    def load(ctx: Context, tx: Tx, article: ArticleRow, known: Furniture) -> "_Compared":
        version = reading.load_versions(tx, [article.current])[article.current]
        page = reading.load_pages(tx, [article.current])[article.current]
        stored = load_stored(tx, [article.current], ctx.profile.id).get(article.current)
        print_, story = words_in_place(version, page, stored.print if stored else None, ctx.profile)
        masked = mask(print_, known)
        return _Compared(
            side=Side(
                article_id=article.id,
                version=version.number,
                source=article.source,
                title=version.title,
                canonical_id=reading.load_stories(tx, [article.founder])[article.founder].id,
                words=len(print_.words),
                furniture=tuple(story.span(*stretch) for stretch in stretches(masked)),
            ),
            version=version,
            print=without(print_, known),
            story=story.without(masked),
        )


def _article(tx: Tx, id_: ArticleId, sight: Sight) -> ArticleRow:
    """The article, with the version that stands for it where the current one is not seen."""
    row = reading.article_of_id(tx, id_)
    versions = [] if row is None else seen_versions_of(tx, [row.key], sight)[row.key]
    if row is None or not versions:
        raise NotFound(f"There is no article {id_}.")
    refuse_gone(tx, row)
    return row if row.current in {each.key for each in versions} else replace(row, current=versions[-1].key)


def contributions(decision: Decision, policy: Policy) -> tuple[Contribution, ...]:
    """What each signal adds, strongest first."""
    found: Sequence[Contribution] = [
        Contribution(name, value, policy.weights[name], policy.weights[name] * value)
        for name, value in decision.signals.items()
    ]
    return tuple(sorted(found, key=lambda each: -abs(each.contribution)))


def aligned_spans(a: StoryText, b: StoryText, runs: Sequence[Run]) -> tuple[AlignedSpan, ...]:
    """Where the runs of a comparison stand in both texts, in the order of ``a``."""
    return tuple(
        AlignedSpan(a.span(run.a_start, run.a_end), b.span(run.b_start, run.b_end), run.a_end - run.a_start)
        for run in runs
    )
