"""What is known: articles, versions and stories, each read from one snapshot.

Everything takes the caller's ``Sight``, and answers as if what that does not see were not stored.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from app.errors import NotFound
from app.model import (
    ArticleKey,
    ArticleRow,
    StoryRow,
    VersionKey,
    VersionRow,
)
from app.services.context import Context
from app.services.discretion import without_match
from app.services.gone import refuse_gone, survivor
from app.services.matching import judge
from app.services.origin import notice_of
from app.services.views import ArticleView, Chosen, Member, Moved, Pinned, StoryPage, StoryView, VersionView
from app.store import furniture, reading, received
from app.store.engine import Tx
from app.store.reading import Compared
from app.store.sight import PUBLIC, Sight
from app.store.stale_copies import open_row_of
from app.store.states import pins_in, state_of

_NO_CANONICAL = "There is no canonical of that ID."


def read_article(ctx: Context, article_id: str, sight: Sight = PUBLIC) -> ArticleView:
    """An article by its public ID."""
    with ctx.store.read() as tx:
        article, versions = _article(tx, article_id, sight)
        current = _shown(article, versions)
        story = reading.load_stories(tx, [article.founder])[article.founder]
        relation = _relations(ctx, tx, story, {article: current.key}, sight).get(article.key)
        by = notice_of(tx, [current], reading.notices_in(tx, article.founder))
        view = view_of(tx, article, current, versions)
        return ArticleView(view, versions, story, relation, by.get(article.key))


def read_version(
    ctx: Context, article_id: str, number: int, sight: Sight = PUBLIC
) -> tuple[VersionView, bool]:
    """One version of an article, and whether it is the current one."""
    with ctx.store.read() as tx:
        article, versions = _article(tx, article_id, sight)
        for row in versions:
            if row.number == number:
                return view_of(tx, article, row, versions), row.key == _shown(article, versions).key
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


def read_story(
    ctx: Context, canonical_id: str, *, after: int = 0, limit: int, sight: Sight = PUBLIC
) -> StoryPage | Moved:
    """A story by its canonical ID with a page of members, or where its ID leads now."""
    with ctx.store.read() as tx:
        story = reading.story_of_id(tx, canonical_id)
        if story is None:
            raise NotFound(_NO_CANONICAL)
        if not story.members:
            if not reading.seen_articles(tx, [story.founder], sight):
                raise NotFound(_NO_CANONICAL)
            return Moved(survivor(tx, story).id)
        return story_page(ctx, tx, story, after=after, limit=limit, sight=sight)


def story_page(
    ctx: Context, tx: Tx, story: StoryRow, *, after: int = 0, limit: int, sight: Sight = PUBLIC
) -> StoryPage:
    """A story with the members that follow a key. Raises NotFound where nothing of it is seen."""
    views = story_views(tx, [story], sight)
    if not views:
        raise NotFound(_NO_CANONICAL)
    keys = reading.members_after(tx, story.founder, after, limit=limit + 1, sight=sight)
    return StoryPage(
        view=views[0],
        sources=reading.count_sources(tx, story.founder, sight),
        members=_members(ctx, tx, story, keys[:limit], sight),
        more=keys[limit - 1] if len(keys) > limit else None,
        pinned=_pinned(tx, story, sight),
        stale=None if views[0].chosen is None else open_row_of(tx, views[0].chosen.version),
        state=state_of(tx, story),
    )


def count_index_entries(ctx: Context) -> int:
    """How many keys the index has, sealed or not."""
    with ctx.store.read() as tx:
        return reading.count_index_entries(tx)


def _article(tx: Tx, article_id: str, sight: Sight) -> tuple[ArticleRow, list[VersionRow]]:
    """An article with those of its versions that are seen, oldest first; none of them is as no article."""
    article = reading.article_of_id(tx, article_id)
    versions = [] if article is None else reading.seen_versions_of(tx, [article.key], sight)[article.key]
    if article is None or not versions:
        raise NotFound("There is no article of that ID.")
    refuse_gone(tx, article)
    return article, versions


def _shown(article: ArticleRow, versions: Sequence[VersionRow]) -> VersionRow:
    """Of the versions that are seen the one that stands for the article: the current one, else the last."""
    return next((row for row in versions if row.key == article.current), versions[-1])


def view_of(tx: Tx, article: ArticleRow, version: VersionRow, seen: Sequence[VersionRow]) -> VersionView:
    """One version with all that was stored of it, for somebody who sees these versions of its article."""
    page = reading.load_pages(tx, [version.key])[version.key]
    decision = reading.load_decisions(tx, [version.key])[version.key]
    # Others' texts are compared once they are out; a version of one's own may have been before that.
    if decision.matched_id == article.id and decision.matched not in {row.key for row in seen}:
        decision = without_match(decision)
    return VersionView(article, version, page, decision, received.load_received(tx, version.key))


def _members(ctx: Context, tx: Tx, story: StoryRow, keys: Sequence[ArticleKey], sight: Sight) -> list[Member]:
    articles = reading.load_articles(tx, keys)
    shown = _shown_of(tx, articles.values(), sight)
    urls = reading.load_urls(tx, [row.key for row in shown.values()])
    asked = {articles[key]: shown[key].key for key in keys}
    relations = _relations(ctx, tx, story, asked, sight)
    chosen = [] if story.canonical is None else [story.canonical]
    by = notice_of(tx, shown.values(), reading.notices_in(tx, story.founder))
    speak = {row.article for row in reading.load_versions(tx, chosen).values() if sight.sees(row)}
    return [
        Member(
            row,
            shown[row.key],
            urls.get(version),
            # By its article: it may be an older version of that which was pinned.
            row.key in speak,
            relations.get(row.key),
            by.get(row.key),
        )
        for row, version in asked.items()
    ]


def _shown_of(tx: Tx, articles: Collection[ArticleRow], sight: Sight) -> dict[ArticleKey, VersionRow]:
    """The version of each article that stands for it; all of them have one that is seen."""
    current = reading.load_versions(tx, [row.current for row in articles])
    shown = {row.article: row for row in current.values() if sight.sees(row)}
    others = [row.key for row in articles if row.key not in shown]
    return shown | {key: rows[-1] for key, rows in reading.seen_versions_of(tx, others, sight).items()}


def _pinned(tx: Tx, story: StoryRow, sight: Sight) -> Pinned | None:
    pins = pins_in(tx, story)
    if not pins:
        return None
    pin = pins[0]
    article = reading.load_articles(tx, [pin.article])[pin.article]
    version = reading.load_versions(tx, [pin.version or article.current])[pin.version or article.current]
    if not sight.sees(version):
        return None
    return Pinned(article.id, version.number if pin.version is not None else None, pin.by, pin.why)


def _relations(
    ctx: Context, tx: Tx, story: StoryRow, shown: Mapping[ArticleRow, VersionKey], sight: Sight
) -> Mapping[ArticleKey, Compared]:
    """What each article is to the story's canonical version: as it was judged, else as judged now."""
    if story.canonical is None:
        return {}
    chosen = reading.load_versions(tx, [story.canonical])[story.canonical]
    if not sight.sees(chosen):
        return {}
    others = {each.key: version for each, version in shown.items() if each.key != chosen.article}
    found = dict(reading.edges_with(tx, chosen.article, list(others), sight))
    missing = {key: version for key, version in others.items() if key not in found}
    versions = [story.canonical, *missing.values()] if missing else []
    stored = ctx.recall.load(tx, versions, ctx.profile.id)
    if story.canonical not in stored:
        return found
    canonical, version = stored[story.canonical], furniture.version(tx)
    for key, shown_version in missing.items():
        if shown_version in stored:
            own = stored[shown_version]
            known = ctx.masks.load(tx, version, {own.facts.source, canonical.facts.source})
            pair = judge(own, [canonical], ctx.policies, known)[0]
            found[key] = Compared(
                pair.decision.relation,
                pair.decision.revision_kind,
                pair.comparison.jaccard,
                pair.comparison.containment,
            )
    return found


def story_views(tx: Tx, stories: Sequence[StoryRow], sight: Sight) -> list[StoryView]:
    """Stories as they are seen; those of which that is nothing are left out."""
    if not sight.everything:
        stories = _as_seen(tx, stories, sight)
    keys = [story.canonical for story in stories if story.canonical is not None]
    versions = {key: row for key, row in reading.load_versions(tx, keys).items() if sight.sees(row)}
    articles = reading.load_articles(tx, [version.article for version in versions.values()])
    urls = reading.load_urls(tx, list(versions))

    def chosen(key: VersionKey | None) -> Chosen | None:
        # None speaks where the one that does is not seen: what was published before it was taken back.
        if key is None or key not in versions:
            return None
        return Chosen(articles[versions[key].article], versions[key], urls.get(key))

    return [StoryView(story, chosen(story.canonical)) for story in stories]


def _as_seen(tx: Tx, stories: Sequence[StoryRow], sight: Sight) -> list[StoryRow]:
    extents = reading.seen_extents(tx, [story.founder for story in stories], sight)
    found = []
    for story in stories:
        extent = extents.get(story.founder)
        if extent is not None and extent.members == story.members:
            found.append(story)
        elif extent is not None:
            found.append(
                replace(
                    story,
                    members=extent.members,
                    first_seen=extent.first_seen,
                    last_seen=extent.last_seen,
                )
            )
    return found
