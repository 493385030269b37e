"""What was said at an earlier time: articles and stories as they stood at a position of the change feed.

The entries of the feed up to that position count, and no later one. What an answer holds does not change
any more: relations are those concluded on arrival, and what was under embargo then is shown to nobody
who would not have been shown it then.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app.errors import NotFound, NotYet
from app.model import (
    ArticleKey,
    ArticleRow,
    DecisionRow,
    Position,
    StoryRow,
    VersionKey,
    VersionRow,
)
from app.services.context import Context
from app.services.gone import refuse_gone
from app.services.origin import notice_of
from app.services.reading import view_of
from app.services.views import ArticleView, Chosen, Member, Moved, StoryPage, StoryView
from app.store import history, reading
from app.store.engine import Tx
from app.store.reading import Compared
from app.store.sight import PUBLIC, Sight

_NO_CANONICAL = "There is no canonical of that ID."


@dataclass(frozen=True, slots=True)
class Moment:
    """The position asked for, and when its entry was written."""

    position: Position
    at: datetime | None
    """None at the very beginning, where nothing had happened."""
    settled: bool
    """Whether no later entry can still belong to it: then its answers stay as they are."""


@dataclass(frozen=True, slots=True)
class _Hidden:
    """What of a story had come and may not be shown."""

    versions: frozenset[VersionKey]
    articles: frozenset[ArticleKey]
    """Those of which nothing may be shown."""
    shown: Mapping[ArticleKey, VersionKey]
    """Of the others, the last version that may be."""


def article_as_of(
    ctx: Context, article_id: str, asked: Position | datetime, sight: Sight = PUBLIC
) -> tuple[ArticleView, Moment]:
    """An article as it stood. Raises NotFound, and NotYet where it came later."""
    with ctx.store.read() as tx:
        moment = _moment(tx, asked)
        row = reading.article_of_id(tx, article_id)
        if row is None:
            raise NotFound("There is no article of that ID.")
        refuse_gone(tx, row, sight)
        known = _known(tx, row, moment, sight)
        current = history.currents_at(tx, [row.key], moment.position)[row.key]
        speaks = next((each for each in known if each.key == current), known[-1])
        founder = history.founders_at(tx, [row.key], moment.position)[row.key]
        hidden = _hidden(tx, founder, moment.position, sight)
        story = _story(tx, founder, moment.position, hidden)
        then = replace(row, current=speaks.key, founder=founder)
        view = view_of(tx, then, speaks, known)
        relation = _relations(tx, story.canonical, [speaks]).get(speaks.key)
        by = notice_of(tx, [speaks], _notices(tx, founder, moment.position, hidden)).get(row.key)
        return ArticleView(view, known, story, relation, by), moment


def story_as_of(
    ctx: Context,
    canonical_id: str,
    asked: Position | datetime,
    *,
    after: int = 0,
    limit: int,
    sight: Sight = PUBLIC,
) -> tuple[StoryPage | Moved, Moment]:
    """A story as it stood with a page of its members of then, or where its ID led.

    Raises NotFound, and NotYet where it was founded later.
    """
    with ctx.store.read() as tx:
        moment = _moment(tx, asked)
        row = reading.story_of_id(tx, canonical_id)
        if row is None:
            raise NotFound(_NO_CANONICAL)
        if moment.position < row.founded_position:
            founder = reading.load_articles(tx, [row.founder])[row.founder]
            if not _shown_since(tx, founder, sight):
                raise NotFound(_NO_CANONICAL)
            raise _not_yet(tx, row.founded_position, "The canonical")
        hidden = _hidden(tx, row.founder, moment.position, sight)
        extent = history.extent_at(tx, row.founder, moment.position, without=hidden.articles)
        if extent.first_seen is None or extent.last_seen is None:
            return _moved(tx, row, moment.position, sight), moment
        story = replace(
            _story(tx, row.founder, moment.position, hidden),
            members=extent.members,
            first_seen=extent.first_seen,
            last_seen=extent.last_seen,
        )
        keys = history.members_at(
            tx, row.founder, moment.position, after=after, limit=limit + 1, without=hidden.articles
        )
        members = _members(tx, story, keys[:limit], moment.position, hidden)
        more = keys[limit - 1] if len(keys) > limit else None
        return StoryPage(StoryView(story, _chosen(tx, story)), extent.sources, members, more), moment


def _moment(tx: Tx, asked: Position | datetime) -> Moment:
    last = reading.last_position(tx)
    if isinstance(asked, datetime):
        position = history.position_at(tx, asked)
        return Moment(position, history.moment_of(tx, position), settled=position < last)
    if asked > last:
        raise NotYet(f"Nothing has happened at position {asked}: the last one is {last}.", field="as_of")
    return Moment(asked, history.moment_of(tx, asked), settled=True)


def _known(tx: Tx, row: ArticleRow, moment: Moment, sight: Sight) -> list[VersionRow]:
    """The versions that may be shown and had come by then, oldest first; raises where there are none."""
    shown = _shown_since(tx, row, sight)
    if not shown:
        raise NotFound("There is no article of that ID.")
    known = [each for each, position in shown if position <= moment.position]
    if not known:
        raise _not_yet(tx, min(position for _, position in shown), "The article")
    return known


def _shown_since(tx: Tx, row: ArticleRow, sight: Sight) -> list[tuple[VersionRow, Position]]:
    """The versions of an article that may be shown, each with the position from which on."""
    out = history.out_since(tx, row.key)
    rows = reading.versions_of(tx, [row.key])[row.key]
    since = [(each, each.position if sight.covers(each.facts.source) else out.get(each.key)) for each in rows]
    return [(each, position) for each, position in since if position is not None]


def _not_yet(tx: Tx, since: Position, what: str) -> NotYet:
    at = history.moment_of(tx, since)
    when = f"{at:%Y-%m-%dT%H:%M:%S.%fZ}, " if at else ""
    return NotYet(f"{what} is there since {when}position {since}.", field="as_of")


def _moved(tx: Tx, row: StoryRow, position: Position, sight: Sight) -> Moved:
    """Where the ID of a story without members led; raises where those it had may not be shown."""
    founder = row.founder
    while True:
        article = reading.load_articles(tx, [founder])[founder]
        # Who was deleted by then is nowhere: the ID leads to those whom it left, wherever they were.
        into = history.founders_at(tx, [founder], position).get(founder, article.founder)
        if into == founder:
            refuse_gone(tx, article, sight)
            raise NotFound(_NO_CANONICAL)
        if history.appointed_at(tx, into, position) is not None:
            return Moved(reading.load_stories(tx, [into])[into].id)
        founder = into


def _story(tx: Tx, founder: ArticleKey, position: Position, hidden: _Hidden) -> StoryRow:
    row = reading.load_stories(tx, [founder])[founder]
    speaks = history.appointed_at(tx, founder, position)
    return replace(row, canonical=None if speaks in hidden.versions else speaks)


def _hidden(tx: Tx, founder: ArticleKey, position: Position, sight: Sight) -> _Hidden:
    waiting = [each for each in history.hidden_at(tx, founder, position) if not sight.covers(each.source)]
    versions = frozenset(each.version for each in waiting)
    shown: dict[ArticleKey, VersionKey] = {}
    for article, rows in reading.versions_of(tx, {each.article for each in waiting}).items():
        known = [row.key for row in rows if row.position <= position and row.key not in versions]
        if known:
            shown[article] = known[-1]
    return _Hidden(versions, frozenset(each.article for each in waiting) - shown.keys(), shown)


def _notices(tx: Tx, founder: ArticleKey, position: Position, hidden: _Hidden) -> list[VersionRow]:
    return [row for row in history.notices_at(tx, founder, position) if row.key not in hidden.versions]


def _chosen(tx: Tx, story: StoryRow) -> Chosen | None:
    if story.canonical is None:
        return None
    version = reading.load_versions(tx, [story.canonical])[story.canonical]
    article = reading.load_articles(tx, [version.article])[version.article]
    return Chosen(article, version, reading.load_urls(tx, [version.key]).get(version.key))


def _members(
    tx: Tx, story: StoryRow, keys: Sequence[ArticleKey], position: Position, hidden: _Hidden
) -> list[Member]:
    articles = reading.load_articles(tx, keys)
    currents = history.currents_at(tx, keys, position)
    speaks = {key: hidden.shown[key] if v in hidden.versions else v for key, v in currents.items()}
    versions = reading.load_versions(tx, list(speaks.values()))
    urls = reading.load_urls(tx, list(versions))
    relations = _relations(tx, story.canonical, list(versions.values()))
    chosen = _chosen(tx, story)
    by = notice_of(tx, versions.values(), _notices(tx, story.founder, position, hidden))
    return [
        Member(
            articles[key],
            versions[speaks[key]],
            urls.get(speaks[key]),
            # By its article: it may be an older version of that which was pinned.
            chosen is not None and key == chosen.article.key,
            relations.get(speaks[key]),
            by.get(key),
        )
        for key in keys
    ]


def _relations(
    tx: Tx, canonical: VersionKey | None, versions: Sequence[VersionRow]
) -> dict[VersionKey, Compared]:
    """What each was found to be to the canonical version when the later of the two arrived.

    Pairs are judged again as more is learned; what was concluded on arrival stays.
    """
    if canonical is None:
        return {}
    own = reading.load_versions(tx, [canonical])[canonical].article
    others = [row for row in versions if row.article != own]
    told = reading.load_decisions(tx, [canonical, *(row.key for row in others)])
    matched = [row.matched for row in told.values() if row.matched is not None]
    articles = {key: row.article for key, row in reading.load_versions(tx, matched).items()}

    def of(decision: DecisionRow) -> Compared:
        return Compared(decision.relation, decision.revision_kind, decision.jaccard, decision.containment)

    met = told[canonical].matched
    found = {}
    for row in others:
        decision = told[row.key]
        if decision.matched is not None and articles.get(decision.matched) == own:
            found[row.key] = of(decision)
        elif met is not None and articles.get(met) == row.article:
            found[row.key] = of(told[canonical])
    return found
