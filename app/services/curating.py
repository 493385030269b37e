"""Merge, split, detach, link, unlink: what a person says is kept as links, and the stories follow from them.

Canonical IDs stay with their founders: of merged stories the eldest's leads on, and a part that is split
off has that of the eldest founder in it, or a new one.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from app.dedup.links import Said
from app.errors import Conflict, InvalidValue, NotFound
from app.model import ArticleKey, CanonicalId, LinkKind
from app.services.acting import Act, Action, Curated, Order, carry_out
from app.services.context import Context
from app.services.linked import views_of
from app.services.placing import MOST_TOGETHER
from app.services.saying import say, take_back
from app.services.succession import waits
from app.store.audits import load_audit
from app.store.deriving import find_articles
from app.store.links import load_links
from app.store.sight import PUBLIC
from app.store.unseen import load_unseen

States = Collection[str] | None
"""States in which a story must be; None where any will do."""


def merge(
    ctx: Context,
    order: Order,
    canonical_id: str,
    others: Sequence[str],
    *,
    states: States = None,
    other_states: Mapping[str, Collection[str]] | None = None,
) -> Curated:
    """Say that stories are one, and make them one. The eldest founder's ID leads on.

    Raises NotFound, Conflict, StaleCanonical, InvalidValue, Contradiction.
    """

    def do(act: Act) -> None:
        expected = other_states or {}
        for each in expected.keys() - set(others):
            raise InvalidValue(f"{each} is not among others.", field="etags", fix="Name it there as well.")
        stories = [act.story(canonical_id, states), *(act.story(each, expected.get(each)) for each in others)]
        members = act.look_at({story.founder for story in stories})
        if len(members) < len(stories):
            raise InvalidValue("One canonical is named twice.", field="others", fix="Name each once.")
        _bind(act, [article for inside in members.values() for article in inside])
        act.regroup()

    return carry_out(ctx, order, Action.MERGE, {"canonical_id": canonical_id, "others": [*others]}, do)


def split(
    ctx: Context, order: Order, canonical_id: str, groups: Sequence[Sequence[str]], *, states: States = None
) -> Curated:
    """Take groups of articles out of a story: each is one story, apart from the others and from the rest.

    Of the rest nothing is said but that. Raises NotFound, Conflict, StaleCanonical, InvalidValue,
    Contradiction.
    """

    def do(act: Act) -> None:
        story = act.story(canonical_id, states)
        inside = frozenset(act.look_at([story.founder])[story.founder])
        parts = [_part(act, inside, group) for group in groups]
        named = frozenset[ArticleKey]().union(*parts)
        if len(named) < sum(map(len, parts)):
            raise InvalidValue("An article is named twice.", field="groups", fix="Put each into one group.")
        if inside > named:
            parts.append(inside - named)
        if len(parts) < 2:
            raise InvalidValue("That leaves the story as it is.", field="groups", fix="Leave articles out.")
        together = [Said(True, (part,)) for part in parts[: len(groups)] if len(part) > 1]
        say(act, [Said(False, tuple(parts)), *together])
        act.regroup(kept=parts)

    asked = {"canonical_id": canonical_id, "groups": [[*group] for group in groups]}
    return carry_out(ctx, order, Action.SPLIT, asked, do)


def detach(ctx: Context, order: Order, article_id: str, *, states: States = None) -> Curated:
    """Say that an article is another story than all that it is with now.

    Raises NotFound, Conflict where it is alone, StaleCanonical, Contradiction.
    """

    def do(act: Act) -> None:
        (key,) = _articles(act, [article_id])
        story = act.story(act.ledger.stories[act.ledger.articles[key].founder].id, states)
        rest = frozenset(act.look_at([story.founder])[story.founder]) - {key}
        if not rest:
            raise Conflict(f"{article_id} is alone in its story.", fix="There is nothing to detach it from.")
        say(act, [Said(False, (rest, frozenset({key})))])
        act.regroup(kept=[rest])

    return carry_out(ctx, order, Action.DETACH, {"article_id": article_id}, do)


def link_articles(ctx: Context, order: Order, kind: LinkKind, article_ids: Sequence[str]) -> Curated:
    """Say that articles are one story, or that each of them is another.

    Nothing is said of whom they are with. Raises NotFound, Conflict, InvalidValue, Contradiction.
    """

    def do(act: Act) -> None:
        keys = _articles(act, article_ids)
        if len(set(keys)) < max(2, len(keys)):
            raise InvalidValue(
                "Name two different articles or more.", field="articles", fix="Name each once."
            )
        sides = [frozenset(keys)] if kind is LinkKind.MUST else [frozenset({key}) for key in keys]
        link(act, Said(kind is LinkKind.MUST, tuple(sides)))

    asked = {"kind": kind.value, "articles": [*article_ids]}
    return carry_out(ctx, order, Action.LINK, asked, do)


def link(act: Act, word: Said[ArticleKey]) -> None:
    """Say something of articles that the ledger has, and let their stories follow.

    Raises Conflict, Contradiction.
    """
    members = act.look_at({act.ledger.articles[key].founder for key in word.articles})
    if word.must:
        _bind(act, sorted(word.articles))
        kept = list(members.values())
    else:
        say(act, [word])
        kept = [_without_all_but_one(inside, word.sides) for inside in members.values()]
    # What is too large to be derived stays together but for those who were named.
    act.regroup(kept=kept if sum(map(len, members.values())) > MOST_TOGETHER else ())


def keep_apart(ctx: Context, order: Order, canonical_ids: Sequence[str]) -> Curated:
    """Say that stories are different: no article of one is ever put with one of another.

    Raises NotFound, Conflict, InvalidValue, Contradiction.
    """

    def do(act: Act) -> None:
        members = act.look_at({act.story(each).founder for each in canonical_ids})
        if len(members) < max(2, len(canonical_ids)):
            raise InvalidValue(
                "Name two different stories or more.", field="canonicals", fix="Name each once."
            )
        say(act, [Said(False, tuple(frozenset(inside) for inside in members.values()))])

    asked = {"kind": LinkKind.CANNOT.value, "canonicals": [*canonical_ids]}
    return carry_out(ctx, order, Action.LINK, asked, do)


def unlink(ctx: Context, order: Order, link_id: str) -> Curated:
    """Take back what was said. The stories are judged again, those that it made as they were before it.

    Raises NotFound, Conflict where it counts no more.
    """

    def do(act: Act) -> None:
        found = load_links(act.tx, [link_id])
        if not any(any(view.sides) for view in views_of(act.tx, found, order.sight)):
            raise NotFound("There is no link of that ID.")
        if found[0].until is not None:
            raise Conflict(f"{link_id} counts no more.", fix="There is nothing to take back.")
        articles = found[0].said.articles
        act.ledger.load_articles(articles)
        act.look_at({act.ledger.articles[key].founder for key in articles})
        take_back(act, found)
        came_with = None if found[0].audit is None else load_audit(act.tx, found[0].audit)
        act.regroup(kept=groups_before(act, came_with.before, came_with.after) if came_with else ())

    return carry_out(ctx, order, Action.UNLINK, {"link_id": link_id}, do)


def groups_before(
    act: Act, before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]
) -> list[list[ArticleKey]]:
    """The stories as they were before an act, of the articles that are still where it put them."""
    put = {article: told["canonical_id"] for told in after for article in told["articles"]}
    keys = find_articles(act.tx, put)
    act.ledger.load_articles(keys.values())
    groups = []
    for told in before:
        inside = [keys[article] for article in told["articles"] if article in keys]
        groups.append([key for key in inside if _canonical_id(act, key) == put[act.ledger.articles[key].id]])
    return groups


def _canonical_id(act: Act, article: ArticleKey) -> CanonicalId:
    return act.ledger.stories[act.ledger.articles[article].founder].id


def _bind(act: Act, articles: Sequence[ArticleKey]) -> None:
    """Say that articles are one story. Nobody may lead to what is under embargo by making it one's own."""
    ledger = act.ledger
    ledger.load_articles(articles)
    ledger.load_stored(ledger.articles[article].current for article in articles)
    rows = [ledger.articles[article] for article in articles]
    never_out = load_unseen(act.tx, [row.id for row in rows], PUBLIC).ids
    for row in rows:
        current = ledger.stored[row.current].version
        held = current.embargoed_until is not None and current.embargoed_until > ledger.now
        if waits(current) or (held and row.id in never_out):
            raise Conflict(f"{row.id} is under embargo.", fix="Say it again once the embargo has ended.")
    say(act, [Said(True, (frozenset(articles),))])


def _articles(act: Act, ids: Sequence[str]) -> list[ArticleKey]:
    found = find_articles(act.tx, ids)
    hidden = act.hidden(found)
    for each in ids:
        if each not in found or each in hidden:
            raise NotFound(f"There is no article {each[:100]}.")
    act.ledger.load_articles(found.values())
    return [found[each] for each in ids]


def _part(act: Act, inside: frozenset[ArticleKey], group: Sequence[str]) -> frozenset[ArticleKey]:
    keys = _articles(act, group)
    for key, id_ in zip(keys, group, strict=True):
        if key not in inside:
            raise InvalidValue(f"{id_} is not in that story.", field="groups", fix="Name its members.")
    return frozenset(keys)


def _without_all_but_one(
    inside: Collection[ArticleKey], sides: Collection[frozenset[ArticleKey]]
) -> list[ArticleKey]:
    """The members of a story but for those of all sides that are in it save one, the eldest's."""
    here = sorted((side.intersection(inside) for side in sides if not side.isdisjoint(inside)), key=min)
    leaving = frozenset[ArticleKey]().union(*here[1:])
    return [article for article in inside if article not in leaving]
