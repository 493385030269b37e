"""Into which story an article goes, and what becomes of the stories it shows to be one.

An article with evidence for one story joins it. Where it bears on several that may be one, the affected
part is derived anew from all judged pairs (``partition``); each part keeps the canonical ID of its eldest
founder, a part without one gets a new ID, and whoever lost its members leaves a redirect.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import TypeAlias

from app.dedup.stories import partition
from app.events import EventType
from app.model import (
    ArticleKey,
    CanonicalId,
    MembershipRow,
    Position,
    StoryRow,
    VersionKey,
    VersionRow,
)
from app.services.appointing import choose, choose_again, choose_among
from app.services.ledger import Ledger
from app.services.matching import Judged
from app.store.deletion import leave_story
from app.store.links import founders_kept_apart, said_among
from app.store.stories import edges_touching

MOST_TOGETHER = 2_000
"""Articles derived together. What is connected beyond that is a form, and stays as its arrivals made it."""
MACHINE = "wirefold"
"""By whom an article is where no person put it."""
Pair: TypeAlias = tuple[ArticleKey, ArticleKey]
"""Two articles, the lower key first."""


def stories_met(
    ledger: Ledger, judged: Iterable[Judged], *, of: ArticleKey | None = None
) -> list[ArticleKey]:
    """Founders of the stories whose members, taken together, speak for joining; strongest first.

    ``of`` is the article that was judged, where it has pairs already.
    """
    best: dict[ArticleKey, float] = {}
    joins: set[ArticleKey] = set()
    for pair in judged:
        article = pair.other.version.article
        if pair.other.version.is_notice and _names_another(ledger, article, pair.weight, than=of):
            continue
        best[article] = max(pair.weight, best.get(article, pair.weight))
        if pair.decision.relation.joins:
            joins.add(ledger.articles[article].founder)
    total: dict[ArticleKey, float] = defaultdict(float)
    for article, value in best.items():
        total[ledger.articles[article].founder] += value
    met = [founder for founder in joins if total[founder] > 0]
    return sorted(met, key=lambda founder: (-total[founder], founder))


def _names_another(ledger: Ledger, notice: ArticleKey, weight: float, *, than: ArticleKey | None) -> bool:
    """Whether a notice speaks of the story that it is in, or may as well speak of others."""
    founder = ledger.articles[notice].founder
    if ledger.stories[founder].members > 1:
        return True
    edges = [*edges_touching(ledger.tx, [notice]), *ledger.batch.edges]
    ends = [(each.a, each.b) for each in edges if each.weight >= weight]
    others = {end for pair in ends if notice in pair for end in pair}
    ledger.load_articles(others)
    return any(ledger.articles[each].deleted_at is None for each in others - {notice, than})


def may_be_one(ledger: Ledger, founders: Sequence[ArticleKey]) -> bool:
    """Whether there are two of these stories that no person keeps apart."""
    if len(founders) < 2:
        return False
    apart = founders_kept_apart(ledger.tx, founders)
    return any((min(pair), max(pair)) not in apart for pair in combinations(founders, 2))


def found_story(ledger: Ledger, article: ArticleKey) -> None:
    """Let an article found a story of its own. Its row in the ledger must name it as founder."""
    row, position = ledger.articles[article], ledger.next_position()
    story = StoryRow(
        founder=article,
        id=CanonicalId(ledger.ctx.new_id("can")),
        canonical=row.current,
        members=1,
        first_seen=ledger.now,
        last_seen=ledger.now,
        founded_position=position,
        changed_position=position,
    )
    ledger.put_story(story)
    ledger.batch.appointments.append((article, position, row.current))


def tell_founded(ledger: Ledger, founder: ArticleKey) -> None:
    """Say on the change feed that a story began, and whether it did with what may not be printed."""
    story = ledger.stories[founder]
    ledger.emit(EventType.CANONICAL_CREATED, canonical_id=story.id, article_id=ledger.articles[founder].id)
    if story.canonical is not None and ledger.stored[story.canonical].version.withdrawn:
        ledger.emit(EventType.CANONICAL_WITHDRAWN, canonical_id=story.id)


def join_story(ledger: Ledger, article: ArticleKey, founder: ArticleKey) -> None:
    """Count a new article, whose row names ``founder``, into that story."""
    story = ledger.stories[founder]
    row = ledger.articles[article]
    ledger.put_story(replace(story, members=story.members + 1, last_seen=max(story.last_seen, ledger.now)))
    choose(ledger, founder, [row.current])


def regroup(
    ledger: Ledger,
    founders: Collection[ArticleKey],
    *,
    why: str,
    by: str = MACHINE,
    kept: Collection[Collection[ArticleKey]] = (),
) -> None:
    """Derive these stories anew from their articles and judged pairs. Says nothing where nothing changes.

    ``kept`` are groups that are not judged this time.
    """
    current = ledger.members(founders)
    groups = derive(ledger, current, judged_among(ledger, current), kept=kept)
    if stays(ledger, groups):
        for founder in sorted({ledger.articles[article].founder for article in current}):
            choose_again(ledger, founder)
        return
    ledger.load_stories_of_founders(current)
    before = {article: ledger.articles[article].founder for article in current}
    for group in groups:
        _settle_group(ledger, sorted(group))
    _tell(ledger, before, by, why)


def leave(ledger: Ledger, article: ArticleKey, position: Position, *, why: str) -> None:
    """Take an article, whose row says that it is deleted, out of its story for good, at an entry of the feed.

    The others stay together without being judged again, under the ID of the eldest founder among them; where
    the article founded the story, its ID leads there.
    """
    founder = ledger.articles[article].founder
    leave_story(ledger.tx, article, until=position)
    rest = sorted(ledger.members([founder]).keys() - {article})
    story = ledger.stories[founder]
    if not rest:
        ledger.put_story(replace(story, members=0, canonical=None, changed_position=position))
        ledger.batch.appointments.append((founder, position, None))
        return
    ledger.load_articles(rest)
    if founder == article:
        ledger.load_stories_of_founders(rest)
        ledger.load_stored(ledger.articles[each].current for each in rest)
        _settle_group(ledger, rest)
        heir = ledger.articles[rest[0]].founder
        ledger.articles[article] = replace(ledger.articles[article], founder=heir)
        _tell(ledger, dict.fromkeys([article, *rest], founder), MACHINE, why)
        return
    ledger.put_story(replace(story, members=len(rest), changed_position=position))
    choose_again(ledger, founder)


def judged_among(ledger: Ledger, articles: Collection[ArticleKey]) -> dict[Pair, float]:
    """The judged pairs among these articles; of several versions' verdicts the strongest."""
    weights: dict[Pair, float] = {}
    for edge in ledger.edges(articles):
        pair = (min(edge.a, edge.b), max(edge.a, edge.b))
        weights[pair] = max(edge.weight, weights.get(pair, edge.weight))
    return weights


def derive(
    ledger: Ledger,
    current: Mapping[ArticleKey, VersionKey],
    weights: Mapping[Pair, float],
    *,
    kept: Collection[Collection[ArticleKey]] = (),
) -> list[frozenset[ArticleKey]]:
    """Which of these articles, given with their current versions, are one story. Loads them.

    What people said of them holds, whatever the weights.
    """
    ledger.load_articles(current)
    ledger.load_stored(current.values())
    said = said_among(ledger.tx, current)
    rows = {article: ledger.stored[version].version for article, version in current.items()}
    return partition(
        {article: content_of(row) for article, row in rows.items()},
        weights,
        must=[each.articles for each in said if each.must],
        cannot=[each.sides for each in said if not each.must],
        kept=kept,
        notices=[article for article, row in rows.items() if row.is_notice],
    )


def stays(ledger: Ledger, groups: Iterable[Collection[ArticleKey]]) -> bool:
    """Whether the articles stand in just these groups already."""
    founders = [{ledger.articles[article].founder for article in group} for group in groups]
    different = set().union(*founders)
    return all(len(each) == 1 for each in founders) and len(different) == len(founders)


def content_of(row: VersionRow) -> bytes:
    """Bytes that order a version by what it is, not by its arrival."""
    return row.content + row.facts.source.encode("utf-8", "surrogatepass")


def _settle_group(ledger: Ledger, group: list[ArticleKey]) -> None:
    """Put a group under the canonical ID of its eldest founder, or under a new one."""
    founders = [article for article in group if article in ledger.stories]
    founder = min(founders, default=group[0])
    for article in group:
        row = ledger.articles[article]
        if row.founder != founder:
            ledger.articles[article] = replace(row, founder=founder)
    if not founders:
        found_story(ledger, founder)
        tell_founded(ledger, founder)
    story = ledger.stories[founder]
    rows = [ledger.stored[ledger.articles[article].current].version for article in group]
    ledger.put_story(
        replace(
            story,
            members=len(group),
            first_seen=min(story.first_seen, *(row.received_at for row in rows)),
            last_seen=max(row.received_at for row in rows),
        )
    )
    choose_among(ledger, founder, [row.key for row in rows])


def _tell(ledger: Ledger, before: dict[ArticleKey, ArticleKey], by: str, why: str) -> None:
    """Say on the change feed which stories were absorbed and which came apart.

    A move counts from the entry that tells of it, so that a reader of the feed and one of the past agree.
    """
    after = {article: ledger.articles[article].founder for article in before}
    moved: dict[tuple[ArticleKey, ArticleKey], list[ArticleKey]] = defaultdict(list)
    for article in sorted(before):
        if before[article] != after[article]:
            moved[before[article], after[article]].append(article)
    for old in sorted(set(before.values())):
        story = ledger.stories[old]
        heirs = {after[article] for article, founder in before.items() if founder == old}
        if old not in after.values() and story.members:
            into = ledger.stories[after[old]].id
            position = ledger.emit(EventType.CANONICAL_MERGED, canonical_id=story.id, into=into, reason=why)
            ledger.put_story(replace(story, members=0, canonical=None, changed_position=position))
            ledger.batch.appointments.append((old, position, None))
            _move(ledger, moved[old, after[old]], position, by, why)
        for heir in sorted(heirs - {old, after.get(old, old)}):
            position = ledger.emit(
                EventType.CANONICAL_SPLIT,
                canonical_id=story.id,
                into=ledger.stories[heir].id,
                article_ids=[ledger.articles[article].id for article in moved[old, heir]],
                reason=why,
            )
            _move(ledger, moved[old, heir], position, by, why)


def _move(ledger: Ledger, articles: Iterable[ArticleKey], position: Position, by: str, why: str) -> None:
    ledger.batch.moves.extend(
        MembershipRow(article, ledger.articles[article].founder, position, by=by, why=why)
        for article in articles
        if ledger.articles[article].deleted_at is None
    )
