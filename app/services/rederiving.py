"""Stories derived again after the fact, so that they depend on the articles and not on their arrival.

An arriving article is judged against a few stored ones, and joins at once where they speak for one
story. This step follows the change feed behind a stored mark. It completes the evidence on what
changed (``gathering``), outside the lock. Where the evidence is not plain, it takes everything that
pairs speaking for one story connect, derives that as a whole, and judges further until every member
of every group was judged against those that speak for it. Under the lock it only writes.

What it changes stands on the change feed like anything else and is looked at again, until nothing
changes any more. That ends: a verdict on a pair is given once, and there are finitely many pairs.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.dedup.canonical import choose_canonical
from app.dedup.stories import WITNESSES, unjudged, witnesses
from app.events import EventType
from app.model import ArticleKey, ChangeRow, EdgeRow, PostingRow, VersionKey
from app.services.context import Context
from app.services.furnishing import MOST_STORY
from app.services.gathering import Gathering
from app.services.ledger import Ledger
from app.services.placing import MOST_TOGETHER, content_of, derive, judged_among, regroup, stays
from app.store import ingesting
from app.store.deriving import find_articles, find_founders
from app.store.engine import Tx
from app.store.progress import mark, put_mark
from app.store.reading import changes_after

STEP = 64
"""Entries of the change feed in one step: some twenty to forty articles."""
_MARK = "rederived"
_ARRIVALS = {EventType.ARTICLE_INGESTED, EventType.ARTICLE_RELEASED}
_WHY = "derived again from all evidence"


@dataclass(slots=True)
class _Touched:
    """What a stretch of the change feed is about."""

    articles: set[ArticleKey] = field(default_factory=set)
    """To be looked up again."""
    stories: set[ArticleKey] = field(default_factory=set)
    """Founders of stories that merged or came apart: to be derived again, however plain."""


@dataclass(frozen=True, slots=True)
class _Findings:
    """What a step is going to write."""

    edges: Sequence[EdgeRow]
    postings: Sequence[PostingRow]
    stories: Sequence[frozenset[ArticleKey]]
    """Founders of stories that have to be derived together."""


def rederive_step(ctx: Context, *, most: int = STEP) -> int:
    """Look at the next entries of the change feed; how many. 0 means that all stories are settled."""
    with ctx.store.read() as tx:
        changes = changes_after(tx, mark(tx, _MARK), limit=most)
        if not changes:
            return 0
        seen = ingesting.counters(tx)
        found = _look(Ledger(ctx, tx, ctx.now(), seen), changes)
    with ctx.store.write() as tx:
        ledger = Ledger.open(ctx, tx)
        if ledger.counters.furniture != seen.furniture:
            # Compared with what was held to be the story then: the next step looks again.
            return len(changes)
        _write(ledger, found)
        ledger.keep()
        put_mark(tx, _MARK, max(changes[-1].position, mark(tx, _MARK)))
    return len(changes)


def _look(ledger: Ledger, changes: Sequence[ChangeRow]) -> _Findings:
    touched = _touched(ledger.tx, changes)
    gathering = Gathering(ledger)
    gathering.look_up(touched.articles)
    seeds = touched.stories | _not_plain(gathering, touched.articles)
    stories: list[frozenset[ArticleKey]] = []
    for founder in sorted(seeds):
        if not any(founder in each for each in stories):
            stories.append(_derive(gathering, founder))
    return _Findings(gathering.edges, gathering.postings, [each for each in stories if each])


def _write(ledger: Ledger, found: _Findings) -> None:
    position = ledger.next_position()
    ledger.batch.edges += [replace(edge, position=position) for edge in found.edges]
    ledger.batch.postings += [replace(row, seq=ledger.next_posting()) for row in found.postings]
    for founders in found.stories:
        # With what was stored since. Where that is more than we judged, it stands behind the mark.
        regroup(ledger, founders, why=_WHY)


def _touched(tx: Tx, changes: Iterable[ChangeRow]) -> _Touched:
    articles: set[str] = set()
    parted: set[str] = set()
    merged: set[str] = set()
    left: set[str] = set()
    for change in changes:
        said = change.payload
        if change.type in _ARRIVALS:
            articles.add(str(said["article_id"]))
        elif change.type == EventType.ARTICLE_DELETED:
            left.add(str(said["canonical_id"]))
        elif change.type == EventType.CANONICAL_MERGED:
            merged.add(str(said["into"]))
        elif change.type == EventType.CANONICAL_SPLIT:
            parted |= {str(said["canonical_id"]), str(said["into"])}
    touched = _Touched(set(find_articles(tx, articles).values()))
    apart = set(find_founders(tx, parted).values())
    touched.stories = apart | set(find_founders(tx, merged).values())
    # Both sides of a parting may lack keys under which only the other's members stood; those whom a deleted
    # article left lack its keys, and may lack the pairs that held them together.
    bereft = _bereft(tx, left)
    touched.stories |= bereft
    for members in ingesting.load_members(tx, apart | bereft).values():
        touched.articles |= {article for article, _ in members}
    return touched


def _bereft(tx: Tx, stories: Collection[str]) -> set[ArticleKey]:
    """Founders of the stories that deleted articles left, where those are not too large to judge again."""
    founders = find_founders(tx, stories).values()
    now = {row.founder for row in ingesting.load_articles(tx, list(founders)).values()}
    found = ingesting.load_stories(tx, now)
    return {founder for founder, story in found.items() if 1 < story.members <= MOST_STORY}


def _not_plain(gathering: Gathering, articles: Collection[ArticleKey]) -> set[ArticleKey]:
    """Founders of the stories of those articles whose place the evidence leaves open."""
    ledger = gathering.ledger
    weights: dict[ArticleKey, dict[ArticleKey, float]] = {article: {} for article in articles}
    for edge in gathering.edges_of(articles):
        for one, other in ((edge.a, edge.b), (edge.b, edge.a)):
            if one in weights:
                weights[one][other] = max(edge.weight, weights[one].get(other, edge.weight))
    ledger.load_articles({other for against in weights.values() for other in against})
    founders = {article: ledger.articles[article].founder for article in articles}
    return {
        founder for article, founder in founders.items() if not _is_plain(ledger, founder, weights[article])
    }


def _is_plain(ledger: Ledger, founder: ArticleKey, weights: Mapping[ArticleKey, float]) -> bool:
    """Whether an article in this story needs no deriving: no other story wants it, and its own agrees.

    A small story is derived at every arrival, it costs little. A large one is only where those that
    speak for it, taken together, are against the arrival: else its 500th copy would cost as many reads.
    """
    if any(w > 0 for other, w in weights.items() if ledger.articles[other].founder != founder):
        return False
    members = ledger.stories[founder].members
    inside = sum(w for other, w in weights.items() if ledger.articles[other].founder == founder)
    return members == 1 or (members > WITNESSES and inside > 0)


def _derive(gathering: Gathering, founder: ArticleKey) -> frozenset[ArticleKey]:
    """Judge what deriving this story needs; the founders to derive together, none where nothing changes."""
    ledger = gathering.ledger
    current = _connected(gathering, founder)
    if len(current) > MOST_TOGETHER:
        return frozenset()
    while True:
        weights = judged_among(ledger, current)
        groups = derive(ledger, current, weights)
        before = len(gathering.judged)
        gathering.judge(
            (current[one], current[other])
            for group in groups
            if len(group) > 1
            for one, other in unjudged(group, _speakers(ledger, group, current), weights)
        )
        if len(gathering.judged) == before:
            break
    if stays(ledger, groups):
        return frozenset()
    return frozenset(ledger.articles[article].founder for article in current)


def _connected(gathering: Gathering, founder: ArticleKey) -> dict[ArticleKey, VersionKey]:
    """All that pairs speaking for one story connect with this one: articles and current versions."""
    ledger = gathering.ledger
    current: dict[ArticleKey, VersionKey] = {}
    seen: set[ArticleKey] = set()
    next_ = {founder}
    while next_ and len(current) <= MOST_TOGETHER:
        seen |= next_
        members = ledger.members(next_)
        current |= members
        reached = {end for edge in gathering.edges_of(members) if edge.weight > 0 for end in (edge.a, edge.b)}
        ledger.load_articles(reached)
        next_ = {ledger.articles[article].founder for article in reached} - seen
    return current


def _speakers(
    ledger: Ledger, group: Collection[ArticleKey], current: Mapping[ArticleKey, VersionKey]
) -> list[ArticleKey]:
    """The members of a group that whoever is in it has to be judged against."""
    canonical = choose_canonical(ledger.standing(current[article]) for article in sorted(group))
    rows = {article: ledger.stored[current[article]].version for article in group}
    return witnesses(
        {article: content_of(row) for article, row in rows.items()},
        next(article for article, row in rows.items() if row.key == canonical.version),
    )
