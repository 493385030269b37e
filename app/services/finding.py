"""Stories found by an address, by a publisher's ID, by filters, as far as the caller's ``Sight`` goes."""

from collections.abc import Collection, Sequence

from app.model import ArticleKey
from app.parsing.document import external_identity
from app.parsing.urls import url_key
from app.services.context import Context
from app.services.reading import story_views
from app.services.reprint import said
from app.services.views import StoryView
from app.store import listing, reading
from app.store.engine import Tx
from app.store.listing import Filters
from app.store.sight import PUBLIC, Sight

__all__ = ["Filters"]

MOST_FOUND = 100
"""Stories that one URL may answer with."""


def find_by_url(
    ctx: Context, url: str, sight: Sight = PUBLIC, *, source: str | None = None
) -> Sequence[StoryView]:
    """The stories that were printed at an address, by this source where one is named, the latest first."""
    key = url_key(url)
    if key is None:
        return []
    with ctx.store.read() as tx:
        owners = reading.owners_of_url(tx, key, limit=MOST_FOUND)
        if source is not None:
            articles = reading.load_articles(tx, owners)
            owners = [each for each in owners if articles[each].source == source]
        seen = reading.seen_articles(tx, owners, sight)
        # An address is an article's, whichever version was there. Of one with a version that is not seen,
        # the others say whether it may be told.
        elsewhere = reading.shadowed(tx, seen, sight) - _printed_at(tx, key, seen, sight)
        return _stories_of(tx, [each for each in owners if each in seen - elsewhere], sight)


def find_by_external_id(
    ctx: Context, source: str, external_id: str, sight: Sight = PUBLIC
) -> Sequence[StoryView]:
    """The story of the article that owns a publisher's ID now."""
    with ctx.store.read() as tx:
        owner = reading.owner_of(tx, external_identity(source, external_id))
        if owner is None or not reading.seen_articles(tx, [owner], sight):
            return []
        return _stories_of(tx, [owner], sight)


def list_stories(
    ctx: Context, filters: Filters, *, before: int | None, limit: int, sight: Sight = PUBLIC
) -> tuple[Sequence[StoryView], int | None]:
    """A page of stories, the last founded first, and the key below which the next ones follow."""
    with ctx.store.read() as tx:
        stories = listing.list_stories(tx, filters, before=before, limit=limit + 1, sight=sight)
        more = stories[limit - 1].founder if len(stories) > limit else None
        return story_views(tx, stories[:limit], sight), more


def _printed_at(tx: Tx, key: bytes, articles: Collection[ArticleKey], sight: Sight) -> set[ArticleKey]:
    """Those of the articles that stood at an address with a version that is seen."""
    hidden = reading.shadowed(tx, articles, sight)
    versions = {
        row.key: row.article for rows in reading.seen_versions_of(tx, hidden, sight).values() for row in rows
    }
    pages = reading.load_pages(tx, versions.keys())
    return {
        versions[page.version]
        for page in pages.values()
        if key in {url_key(each) for each in (page.url, said(page.raw).get("canonical_url")) if each}
    }


def _stories_of(tx: Tx, articles: Sequence[ArticleKey], sight: Sight) -> list[StoryView]:
    rows = reading.load_articles(tx, articles)
    founders = list(dict.fromkeys(rows[key].founder for key in articles if key in rows))
    stories = reading.load_stories(tx, founders)
    return story_views(tx, [stories[founder] for founder in founders], sight)
