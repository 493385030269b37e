"""What people said of articles, as it is read: by public IDs, without what the reader does not see."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from app.errors import NotFound
from app.model import ArticleId, LinkKind
from app.services.context import Context
from app.store import links, reading
from app.store.deriving import find_articles
from app.store.engine import Tx
from app.store.links import LinkFilters, LinkRow
from app.store.sight import PUBLIC, Sight
from app.store.unseen import load_unseen


@dataclass(frozen=True, slots=True)
class LinkView:
    """A link by the IDs of its articles."""

    row: LinkRow
    sides: tuple[tuple[ArticleId, ...], ...]


def views_of(tx: Tx, rows: Sequence[LinkRow], sight: Sight = PUBLIC) -> list[LinkView]:
    """These links; of their articles those that are seen, in order of arrival.

    The reason is left out beside articles that are not: it may tell of them.
    """
    articles = reading.load_articles(tx, {key for row in rows for key in row.said.articles})
    hidden = unseen(tx, [row.id for row in articles.values()], sight)
    ids = {key: row.id for key, row in articles.items() if row.id not in hidden}

    def view(row: LinkRow) -> LinkView:
        sides = tuple(tuple(ids[key] for key in sorted(side) if key in ids) for side in row.said.sides)
        return LinkView(row if row.said.articles <= ids.keys() else replace(row, why=""), sides)

    return [view(row) for row in rows]


def list_links(
    ctx: Context,
    *,
    article_id: str | None = None,
    kind: LinkKind | None = None,
    by: str | None = None,
    ended: bool = False,
    before: str | None = None,
    limit: int,
    sight: Sight = PUBLIC,
) -> tuple[Sequence[LinkView], str | None]:
    """A page of links, the latest first, and the ID below which it goes on. Raises NotFound."""
    with ctx.store.read() as tx:
        article = None
        if article_id is not None:
            article = find_articles(tx, [article_id]).get(article_id)
            if article is None or unseen(tx, [article_id], sight):
                raise NotFound("There is no article of that ID.")
        filters = LinkFilters(article=article, kind=kind, by=by, ended=ended)
        rows = links.list_links(tx, filters, before=before, limit=limit + 1)
        more = rows[limit - 1].id if len(rows) > limit else None
        # One that speaks of nobody who is seen is as if it were not stored.
        return [view for view in views_of(tx, rows[:limit], sight) if any(view.sides)], more


def unseen(tx: Tx, ids: Collection[str], sight: Sight) -> set[str]:
    """Those of these articles and canonicals that somebody does not see."""
    return set() if sight.everything else load_unseen(tx, ids, sight).ids
