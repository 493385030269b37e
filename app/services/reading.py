"""What is known: articles, versions, stories and the change feed, each read from one snapshot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.errors import NotFound
from app.model import (
    ArticleKey,
    ArticleRow,
    CanonicalId,
    ChangeRow,
    DecisionRow,
    PageRow,
    StoryRow,
    VersionKey,
    VersionRow,
)
from app.parsing.document import external_identity
from app.parsing.urls import url_key
from app.services.context import Context
from app.services.matching import judge
from app.store import furniture, reading, received
from app.store.engine import Tx
from app.store.reading import Compared, Filters
from app.store.received import ReceivedRow

__all__ = ["Filters"]

MOST_FOUND = 100
"""Stories that one URL may answer with."""


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version with everything that was stored of it."""

    article: ArticleRow
    version: VersionRow
    page: PageRow
    decision: DecisionRow
    received: ReceivedRow | None
    """What it came as; none where that is ``page.raw``."""


@dataclass(frozen=True, slots=True)
class ArticleView:
    """An article now: its current version, all versions, and its place in its story."""

    current: VersionView
    versions: Sequence[VersionRow]
    story: StoryRow
    relation: Compared | None
    """To the story's canonical version; none where it is that, or the two were never compared."""


@dataclass(frozen=True, slots=True)
class Member:
    """An article as one of its story's members."""

    article: ArticleRow
    version: VersionRow
    url: str | None
    is_canonical: bool
    relation: Compared | None


@dataclass(frozen=True, slots=True)
class Chosen:
    """The version that speaks for a story."""

    article: ArticleRow
    version: VersionRow
    url: str | None


@dataclass(frozen=True, slots=True)
class StoryView:
    """A story, without its members."""

    story: StoryRow
    chosen: Chosen | None


@dataclass(frozen=True, slots=True)
class StoryPage:
    """A story with some of its members."""

    view: StoryView
    sources: int
    members: Sequence[Member]
    more: int | None
    """The key behind which the next members follow."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A canonical ID whose story is another's now."""

    survivor: CanonicalId


def read_article(ctx: Context, article_id: str) -> ArticleView:
    """An article by its public ID."""
    with ctx.store.read() as tx:
        article = _article(tx, article_id)
        versions = reading.versions_of(tx, [article.key])[article.key]
        current = next(row for row in versions if row.key == article.current)
        story = reading.load_stories(tx, [article.founder])[article.founder]
        relation = _relations(ctx, tx, story, [article]).get(article.key)
        return ArticleView(_view(tx, article, current), versions, story, relation)


def read_version(ctx: Context, article_id: str, number: int) -> tuple[VersionView, bool]:
    """One version of an article, and whether it is the current one."""
    with ctx.store.read() as tx:
        article = _article(tx, article_id)
        for row in reading.versions_of(tx, [article.key])[article.key]:
            if row.number == number:
                return _view(tx, article, row), row.key == article.current
    raise NotFound(f"The article has no version {number}.")


def read_body(ctx: Context, view: VersionView) -> bytes:
    """The bytes a version came as."""
    if view.received is None:
        return view.page.raw
    with ctx.store.read() as tx:
        body = received.load_body(tx, view.version.key)
    if body is None:
        raise NotFound("What the version came as is not kept any more.")
    return body


def read_story(ctx: Context, canonical_id: str, *, after: int = 0, limit: int) -> StoryPage | Moved:
    """A story by its canonical ID with a page of members, or where its ID leads now."""
    with ctx.store.read() as tx:
        story = reading.story_of_id(tx, canonical_id)
        if story is None:
            raise NotFound("There is no canonical of that ID.")
        if not story.members:
            founder = reading.load_articles(tx, [story.founder])[story.founder]
            return Moved(reading.load_stories(tx, [founder.founder])[founder.founder].id)
        keys = reading.members_after(tx, story.founder, after, limit=limit + 1)
        members = _members(ctx, tx, story, keys[:limit])
        return StoryPage(
            view=_story_views(tx, [story])[0],
            sources=reading.count_sources(tx, story.founder),
            members=members,
            more=keys[limit - 1] if len(keys) > limit else None,
        )


def find_by_url(ctx: Context, url: str) -> Sequence[StoryView]:
    """The stories that were printed at an address, the latest first."""
    key = url_key(url)
    if key is None:
        return []
    with ctx.store.read() as tx:
        return _stories_of(tx, reading.owners_of_url(tx, key, limit=MOST_FOUND))


def find_by_external_id(ctx: Context, source: str, external_id: str) -> Sequence[StoryView]:
    """The story of the article that owns a publisher's ID now."""
    with ctx.store.read() as tx:
        owner = reading.owner_of(tx, external_identity(source, external_id))
        return [] if owner is None else _stories_of(tx, [owner])


def list_stories(
    ctx: Context, filters: Filters, *, before: int | None, limit: int
) -> tuple[Sequence[StoryView], int | None]:
    """A page of stories, the last founded first, and the key below which the next ones follow."""
    with ctx.store.read() as tx:
        stories = reading.list_stories(tx, filters, before=before, limit=limit + 1)
        more = stories[limit - 1].founder if len(stories) > limit else None
        return _story_views(tx, stories[:limit]), more


def read_changes(ctx: Context, position: int, *, limit: int) -> Sequence[ChangeRow]:
    """Entries of the change feed behind a position."""
    with ctx.store.read() as tx:
        return reading.changes_after(tx, position, limit=limit)


def count_index_entries(ctx: Context) -> int:
    """How many keys the index has, sealed or not."""
    with ctx.store.read() as tx:
        return reading.count_index_entries(tx)


def _article(tx: Tx, article_id: str) -> ArticleRow:
    article = reading.article_of_id(tx, article_id)
    if article is None:
        raise NotFound("There is no article of that ID.")
    return article


def _view(tx: Tx, article: ArticleRow, version: VersionRow) -> VersionView:
    page = reading.load_pages(tx, [version.key])[version.key]
    decision = reading.load_decisions(tx, [version.key])[version.key]
    return VersionView(article, version, page, decision, received.load_received(tx, version.key))


def _members(ctx: Context, tx: Tx, story: StoryRow, keys: Sequence[ArticleKey]) -> list[Member]:
    articles = reading.load_articles(tx, keys)
    versions = reading.load_versions(tx, [article.current for article in articles.values()])
    urls = reading.load_urls(tx, list(versions))
    relations = _relations(ctx, tx, story, list(articles.values()))
    rows = [articles[key] for key in keys]
    return [
        Member(
            row,
            versions[row.current],
            urls.get(row.current),
            row.current == story.canonical,
            relations.get(row.key),
        )
        for row in rows
    ]


def _relations(
    ctx: Context, tx: Tx, story: StoryRow, articles: Sequence[ArticleRow]
) -> Mapping[ArticleKey, Compared]:
    """What each article is to the story's canonical version: as it was judged, else as judged now."""
    if story.canonical is None:
        return {}
    chosen = reading.load_versions(tx, [story.canonical])[story.canonical].article
    others = {each.key: each for each in articles if each.key != chosen}
    found = dict(reading.edges_with(tx, chosen, list(others)))
    missing = [each for key, each in others.items() if key not in found]
    versions = [story.canonical, *(each.current for each in missing)] if missing else []
    stored = ctx.recall.load(tx, versions, ctx.profile.id)
    if story.canonical not in stored:
        return found
    canonical, version = stored[story.canonical], furniture.version(tx)
    for each in missing:
        if each.current in stored:
            own = stored[each.current]
            known = ctx.masks.load(tx, version, {own.facts.source, canonical.facts.source})
            pair = judge(own, [canonical], ctx.policies, known)[0]
            found[each.key] = Compared(
                pair.decision.relation,
                pair.decision.revision_kind,
                pair.comparison.jaccard,
                pair.comparison.containment,
            )
    return found


def _stories_of(tx: Tx, articles: Sequence[ArticleKey]) -> list[StoryView]:
    rows = reading.load_articles(tx, articles)
    founders = list(dict.fromkeys(rows[key].founder for key in articles if key in rows))
    stories = reading.load_stories(tx, founders)
    return _story_views(tx, [stories[founder] for founder in founders])


def _story_views(tx: Tx, stories: Sequence[StoryRow]) -> list[StoryView]:
    keys = [story.canonical for story in stories if story.canonical is not None]
    versions = reading.load_versions(tx, keys)
    articles = reading.load_articles(tx, [version.article for version in versions.values()])
    urls = reading.load_urls(tx, keys)

    def chosen(key: VersionKey | None) -> Chosen | None:
        if key is None:
            return None
        return Chosen(articles[versions[key].article], versions[key], urls.get(key))

    return [StoryView(story, chosen(story.canonical)) for story in stories]
