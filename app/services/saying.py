"""What people say of articles, kept so that all of it can be true.

Whoever says what speaks against an earlier word is told so, with the links. Where they overrule, no more
is taken back than has to be: of a link on many articles the rest goes on as another link, in the name of
whoever said it.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace

from app.dedup.links import Said, contradiction
from app.errors import Contradiction
from app.model import ArticleKey
from app.services.acting import Act
from app.services.linked import LinkView, views_of
from app.store.engine import Tx
from app.store.links import LinkRow, add_links, end_links, links_of


def say(act: Act, words: Sequence[Said[ArticleKey]]) -> None:
    """Keep new words. Raises Contradiction where they cannot be true beside what was said before."""
    named = frozenset[ArticleKey]().union(*(word.articles for word in words))
    known = standing_links(act.tx, named)
    while (places := contradiction([*(each.said for each in known), *words])) is not None:
        against = [known[place] for place in places if place < len(known)]
        if not against or not act.order.overrule:
            told = map(_told, views_of(act.tx, against, act.order.sight))
            raise Contradiction(
                f"People said otherwise of these articles: {'; '.join(told)}",
                links=[each.id for each in against],
            )
        said = [known[place].said if place < len(known) else words[place - len(known)] for place in places]
        for each in _overruled(against, said):
            known.remove(each)
            known += _reduce(act, each, said)
    add(act, words)


def add(act: Act, words: Sequence[Said[ArticleKey]]) -> list[LinkRow]:
    """Let words count that contradict nothing."""
    order = act.order
    rows = [
        LinkRow(act.ledger.ctx.new_id("lnk"), word, act.since, order.by, order.why, act.audit_id)
        for word in words
    ]
    _store(act, rows)
    return rows


def take_back(act: Act, links: Sequence[LinkRow]) -> None:
    """Let links count no more."""
    end_links(act.tx, [each.id for each in links], until=act.since)
    fresh = {each.id for each in act.added}
    act.ended += [each for each in links if each.id not in fresh]
    gone = {each.id for each in links}
    act.added = [each for each in act.added if each.id not in gone]


def standing_links(tx: Tx, articles: Collection[ArticleKey]) -> list[LinkRow]:
    """All links that bear on these articles today: theirs, and those of whom they are bound to."""
    known: dict[str, LinkRow] = {}
    seen: set[ArticleKey] = set()
    waiting = set(articles)
    while waiting:
        seen |= waiting
        found = links_of(tx, waiting)
        known |= {each.id: each for each in found}
        waiting = {article for each in found if each.said.must for article in each.said.articles} - seen
    return sorted(known.values(), key=lambda each: (each.since, each.id))


def _overruled(against: Sequence[LinkRow], said: Sequence[Said[ArticleKey]]) -> list[LinkRow]:
    """Which of the links that stand in the way give way: the cannot, or, where that is new, the musts."""
    cannot = [each for each in against if not each.said.must]
    return cannot or [each for each in against if each.said in said]


def _reduce(act: Act, row: LinkRow, said: Sequence[Said[ArticleKey]]) -> list[LinkRow]:
    """Take back of a link what contradicts the others; what it goes on to say."""
    take_back(act, [row])
    cannot, *musts = said
    if not row.said.must:
        left = [row.said.without(frozenset[ArticleKey]().union(*(each.articles for each in musts)))]
    elif len(musts) == 1:
        left = [Said(True, (part,)).without(()) for part in _parts(row.said.articles, cannot)]
    else:
        left = [row.said.without(cannot.articles)]
    ctx = act.ledger.ctx
    rows = [
        replace(row, id=ctx.new_id("lnk"), said=each, since=act.since, audit=act.audit_id, replaces=row.id)
        for each in left
        if each is not None
    ]
    _store(act, rows)
    return rows


def _parts(bound: frozenset[ArticleKey], cannot: Said[ArticleKey]) -> list[frozenset[ArticleKey]]:
    """What was bound together, by the sides it now stands on; of whom nothing is said goes with the most."""
    parts = sorted((bound & side for side in cannot.sides), key=lambda part: (-len(part), sorted(part)))
    return [parts[0] | (bound - cannot.articles), *parts[1:]]


def _store(act: Act, rows: Sequence[LinkRow]) -> None:
    add_links(act.tx, rows)
    act.added += rows


def _told(view: LinkView) -> str:
    row = view.row
    what = "one story" if row.said.must else "kept apart"
    return f"{row.id}, {what}, by {row.by}: {row.why[:200]}"
