"""Which arrivals a person should look at: those whose place hangs on a pair that could go either way.

Of each story that an arrival was compared with, its most probable pair speaks. The place is in doubt
where that lies between the two bounds, or where it said one story and the story's others said no.
"""

from collections.abc import Iterable

from app.events import EventType
from app.model import ArticleKey, ReviewReason, ReviewRow, VersionRow
from app.services.ledger import Ledger
from app.services.matching import Judged


def note_doubt(ledger: Ledger, row: VersionRow, judged: Iterable[Judged]) -> None:
    """Put a settled version on the review list where its place is in doubt, and say so on the feed."""
    found = _doubt(ledger, row, judged)
    if found is None:
        return
    reason, pair = found
    article = ledger.articles[row.article]
    position = ledger.emit(
        EventType.REVIEW_NEEDED,
        article_id=article.id,
        version=row.number,
        canonical_id=ledger.stories[article.founder].id,
        matched_article_id=ledger.article_id(pair.other.version.article),
        probability=round(pair.decision.probability, 4),
        reason=reason,
    )
    ledger.batch.reviews.append(
        ReviewRow(
            position=position,
            version=row.key,
            other=pair.other.version.key,
            at=ledger.now,
            reason=reason,
            relation=pair.decision.relation,
            probability=pair.decision.probability,
            policy=pair.policy.id,
        )
    )


def _doubt(ledger: Ledger, row: VersionRow, judged: Iterable[Judged]) -> tuple[ReviewReason, Judged] | None:
    """The pair a person should look at first: one that was overruled, else the nearest to the bound."""
    own = ledger.articles[row.article].founder
    speaks: dict[ArticleKey, Judged] = {}
    for pair in judged:
        if pair.other.version.article == row.article:
            continue
        founder = ledger.articles[pair.other.version.article].founder
        said = speaks.get(founder)
        if said is None or pair.decision.probability > said.decision.probability:
            speaks[founder] = pair
    overruled = [pair for founder, pair in speaks.items() if founder != own and pair.decision.relation.joins]
    if overruled:
        return ReviewReason.OVERRULED, max(overruled, key=lambda pair: pair.decision.probability)
    low, high = ledger.ctx.review
    doubtful = [
        pair
        for founder, pair in speaks.items()
        # A further version is in its story by its identity, whatever its likeness.
        if low <= pair.decision.probability <= high and (founder != own or row.number == 1)
    ]
    if not doubtful:
        return None
    return ReviewReason.DOUBTFUL, min(
        doubtful, key=lambda pair: abs(pair.decision.probability - pair.policy.join_at)
    )
