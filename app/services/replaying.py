"""The stored archive under another policy: what would change, without touching it.

Every judged pair is compared again by the code of today and judged under the policy asked about; the
stories that its verdicts bear on are derived anew, as what people said allows. What is reported is the
difference from what is stored. Reads only, a page of stories in one snapshot, and holds one group of
connected stories.

Only pairs that were compared on arrival are known: one that no key led to is not found by any
policy. Pairs under embargo or withheld, and those outside what was asked about, keep their verdict.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeAlias

from app.dedup.model import Decision
from app.dedup.policy import NAMED, Policies, PolicyName
from app.dedup.stories import partition
from app.model import ArticleKey, EdgeRow, StoryRow, VersionKey
from app.services.context import Context
from app.services.placing import content_of
from app.services.rejudging import MOST_ARTICLES, Asked, View, connected
from app.services.replayed import Effect, Group, PairChange, Regrouping, Replayed, Side, StoryChange
from app.store import reading, walking
from app.store.engine import Tx
from app.store.links import said_among
from app.store.sight import EVERYTHING, PUBLIC, Sight
from app.store.unseen import load_unseen

PAGE = 50
"""Stories of one snapshot."""
MOST_PAIRS = 300
"""Pairs after which a page ends: some 2 ms each where pages are long and full of lists."""


def asked(
    ctx: Context,
    name: PolicyName,
    *,
    source: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Asked:
    """What a setting would do: that policy for all, or for one source; all other settings as they are."""
    if source is None:
        policies = Policies(NAMED[name], ctx.policies.by_source)
    else:
        policies = Policies(ctx.policies.default, {**ctx.policies.by_source, source: NAMED[name]})
    return Asked(policies, source, since, until)


def replay_all(ctx: Context, what: Asked, sight: Sight = EVERYTHING) -> Iterator[Replayed]:
    """Pages over the whole archive. Each is one snapshot; what arrives meanwhile may be in a later one."""
    more: ArticleKey | None = ArticleKey(0)
    while more is not None:
        page = replay(ctx, what, after=more, sight=sight)
        yield page
        more = page.more


def replay(
    ctx: Context, what: Asked, *, after: int = 0, limit: int = PAGE, sight: Sight = PUBLIC
) -> Replayed:
    """The next stories in order of founding, at most ``limit``, fewer where they have many pairs.

    Articles that are not seen are left out of the groups that are told, and stories that hold no others of
    what is counted.
    """
    with ctx.store.read() as tx:
        rows = walking.stories_after(tx, ArticleKey(after), limit=limit + 1, sight=sight)
        view = View(ctx, tx, what)
        view.load(row.founder for row in rows[:limit])
        looked, cut = 0, 0
        mine: set[EdgeRow] = set()
        pairs: list[PairChange] = []
        stories: list[StoryChange] = []
        for looked, row in enumerate(rows[:limit], start=1):  # noqa: B007 - the last count is told
            founders = connected(view, row.founder)
            if founders is not None:
                inside = {key for founder in founders for key, _ in view.members[founder]}
                cut += len(inside) > MOST_ARTICLES
                own = _own_pairs(view, founders)
                mine |= own
                pairs += _pair_changes(view, own)
                stories += _story_changes(view, founders)
            if len(view.verdicts) >= MOST_PAIRS:
                break
        return Replayed(
            stories=looked,
            pairs=len(mine - view.left_out),
            left_out=len(mine & view.left_out),
            cut=cut,
            pair_changes=tuple(pairs),
            story_changes=tuple(_as_seen(tx, stories, sight)),
            more=rows[looked - 1].founder if len(rows) > looked else None,
        )


def _as_seen(tx: Tx, changes: Sequence[StoryChange], sight: Sight) -> Iterator[StoryChange]:
    """The changes without articles that are not seen; one that is about nothing else is left out."""
    ids = {id_ for change in changes for group in (*change.before, *change.after) for id_ in group.articles}
    unseen = load_unseen(tx, ids, sight).ids if not sight.everything else set()
    for change in changes:
        before, after = (_without(groups, unseen) for groups in (change.before, change.after))
        if before != after:
            yield replace(change, before=before, after=after)


def _without(groups: Iterable[Group], unseen: Collection[str]) -> tuple[Group, ...]:
    kept = ([id_ for id_ in group.articles if id_ not in unseen] for group in groups)
    told = (replace(group, articles=tuple(ids)) for group, ids in zip(groups, kept, strict=True) if ids)
    return tuple(told)


def _own_pairs(view: View, founders: Collection[ArticleKey]) -> set[EdgeRow]:
    """The pairs asked about that are told with these stories: each with the elder of the two it touches."""
    pairs = {edge for founder in founders for edge in view.edges[founder]}
    asked_about = view.verdicts.keys() | view.left_out
    return {
        edge
        for edge in pairs & asked_about
        if min(view.articles[edge.a].founder, view.articles[edge.b].founder) in founders
    }


def _pair_changes(view: View, pairs: Collection[EdgeRow]) -> Iterator[PairChange]:
    """Those of the pairs whose verdict differs from what is stored, in order of arrival.

    Not those of which a person has spoken: no policy moves them.
    """
    said = said_among(view.tx, {end for edge in pairs for end in (edge.a, edge.b)})
    for edge in sorted(pairs, key=lambda each: (each.version_a, each.version_b)):
        verdict = view.verdicts.get(edge)
        if verdict is None or any(each.speaks_of(edge.a, edge.b) for each in said):
            continue
        told = verdict.decision
        if (told.relation, told.revision_kind) != (edge.relation, edge.revision_kind):
            sides = _sides(view, edge)
            yield PairChange(
                _effect(edge, told), *sides, edge.relation, edge.revision_kind, told, verdict.policy
            )


def _effect(edge: EdgeRow, told: Decision) -> Effect:
    if edge.relation.joins == told.relation.joins:
        return Effect.RENAME
    return Effect.JOIN if told.relation.joins else Effect.PART


def _sides(view: View, edge: EdgeRow) -> tuple[Side, Side]:
    stories = reading.load_stories(view.tx, {view.articles[end].founder for end in (edge.a, edge.b)})
    return (
        _side(view, stories, edge.a, edge.version_a),
        _side(view, stories, edge.b, edge.version_b),
    )


def _side(
    view: View, stories: Mapping[ArticleKey, StoryRow], article: ArticleKey, version: VersionKey
) -> Side:
    row, said = view.articles[article], view.versions[version]
    return Side(row.id, said.number, row.source, said.title, stories[row.founder].id, version)


def _story_changes(view: View, founders: Collection[ArticleKey]) -> Iterator[StoryChange]:
    current = {key: version for founder in founders for key, version in view.members[founder]}
    said = said_among(view.tx, current)
    after = partition(
        {key: content_of(view.versions[version]) for key, version in current.items()},
        _weights(view, founders, current),
        must=[each.articles for each in said if each.must],
        cannot=[each.sides for each in said if not each.must],
        notices=[key for key, version in current.items() if view.versions[version].is_notice],
    )
    before = [frozenset(key for key, _ in view.members[founder]) for founder in sorted(founders)]
    kept = set(before).intersection(after)
    left = [group for group in before if group not in kept]
    came = [group for group in after if group not in kept]
    for old, new in _touching(left, came):
        yield StoryChange(_regrouping(old, new), _groups(view, old), _groups(view, new))


def _weights(
    view: View, founders: Collection[ArticleKey], inside: Collection[ArticleKey]
) -> dict[tuple[ArticleKey, ArticleKey], float]:
    """The judged pairs among these articles; of several versions' verdicts the strongest."""
    weights: dict[tuple[ArticleKey, ArticleKey], float] = {}
    for founder in founders:
        for edge in view.edges[founder]:
            if edge.a in inside and edge.b in inside:
                pair = (min(edge.a, edge.b), max(edge.a, edge.b))
                verdict = view.verdicts.get(edge)
                value = edge.weight if verdict is None else verdict.weight
                weights[pair] = max(value, weights.get(pair, value))
    return weights


_Articles: TypeAlias = frozenset[ArticleKey]


def _touching(
    left: Sequence[_Articles], came: Sequence[_Articles]
) -> Iterator[tuple[list[_Articles], list[_Articles]]]:
    """Old and new groups of the same articles, as few together as hang together."""
    waiting = list(left)
    while waiting:
        old, new = [waiting.pop(0)], list[_Articles]()
        grown = True
        while grown:
            inside = frozenset().union(*old, *new)
            more_new = [group for group in came if group not in new and group & inside]
            more_old = [group for group in waiting if group & inside.union(*more_new)]
            waiting = [group for group in waiting if group not in more_old]
            old, new, grown = old + more_old, new + more_new, bool(more_new or more_old)
        yield old, new


def _regrouping(old: Sequence[_Articles], new: Sequence[_Articles]) -> Regrouping:
    if len(new) == 1:
        return Regrouping.MERGE
    return Regrouping.SPLIT if len(old) == 1 else Regrouping.REGROUP


def _groups(view: View, groups: Iterable[_Articles]) -> tuple[Group, ...]:
    """The groups by the canonical ID that each has or would have: that of its eldest founder."""
    made = []
    for group in sorted(groups, key=min):
        stories = reading.load_stories(view.tx, group)
        eldest = min(stories, default=None)
        ids = tuple(view.articles[key].id for key in sorted(group))
        made.append(Group(stories[eldest].id if eldest is not None else None, ids))
    return tuple(made)
