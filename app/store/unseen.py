"""Which of some articles, versions and stories somebody does not see; as a rule none."""

from collections.abc import Collection
from dataclasses import dataclass, field

import sqlalchemy as sa

from app.model import ArticleId
from app.store.engine import Tx
from app.store.sight import Sight, seen, seen_article
from app.store.statements import rows_in
from app.store.tables import article, membership, story, version


@dataclass(frozen=True, slots=True)
class Unseen:
    """What is not to be told of."""

    ids: set[str] = field(default_factory=set)
    """Articles without a version that is seen, and stories without such an article."""
    versions: set[tuple[ArticleId, int]] = field(default_factory=set)
    """Versions that are not seen, by article and number."""

    def __bool__(self) -> bool:
        return bool(self.ids or self.versions)


def load_unseen(tx: Tx, ids: Collection[str], sight: Sight) -> Unseen:
    """What somebody does not see among the articles and stories of these public IDs."""
    articles = {id_ for id_ in ids if id_.startswith("art_")}
    hidden = (
        sa.select(article.c.id, version.c.number)
        .join_from(article, version, version.c.article == article.c.key)
        .where(sa.not_(seen(sight)))
    )
    versions = {(ArticleId(row.id), row.number) for row in rows_in(tx, hidden, article.c.id, articles)}
    dark: set[str] = set()
    if versions:
        none = sa.select(article.c.id).where(~seen_article(sight, article.c.key))
        dark |= {row.id for row in rows_in(tx, none, article.c.id, {id_ for id_, _ in versions})}
    return Unseen(dark | _stories(tx, set(ids) - articles, sight), versions)


def _stories(tx: Tx, ids: Collection[str], sight: Sight) -> set[str]:
    """Those of these stories that have no article that is seen, and were founded by none."""
    member = (membership.c.founder == story.c.founder) & membership.c.until.is_(None)
    some = sa.select(1).select_from(membership).where(member, seen_article(sight, membership.c.article))
    none = sa.select(story.c.id).where(~seen_article(sight, story.c.founder), ~some.correlate(story).exists())
    return {row.id for row in rows_in(tx, none, story.c.id, ids)}
