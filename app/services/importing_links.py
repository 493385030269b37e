"""What people said elsewhere, said again here: links of an export taken in one by one.

A link names its articles by ID, by the publisher's own ID, or by address, so that what was said on one
database holds on another that has the same articles. It goes the way of every order: under the ingest lock,
in the log, on the change feed. What counts already is not said twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.dedup.links import Said
from app.errors import Conflict, InvalidValue, NotFound
from app.model import ArticleKey, LinkKind
from app.parsing.document import external_identity
from app.parsing.urls import url_key
from app.services.acting import Act, Action, Curated, Order, carry_out
from app.services.context import Context
from app.services.curating import link as say_link
from app.services.saying import standing_links
from app.store import reading
from app.store.deriving import find_articles

_MOST_AT_AN_ADDRESS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedArticle:
    """An article by whatever is known of it."""

    article_id: str | None = None
    source: str | None = None
    external_id: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidElsewhere:
    """One link as it was written down."""

    kind: LinkKind
    sides: Sequence[Sequence[NamedArticle]]
    by: str | None = None
    """Who said it first; the log keeps it beside whoever takes it in."""
    link_id: str | None = None
    """What it was called there."""
    counts: bool = True
    """False of one that was taken back."""


class Outcome(StrEnum):
    """What came of one link."""

    SAID = "said"
    KNOWN = "known"
    """It counts here already."""
    ENDED = "ended"
    """It counts no more where it was said, so it is not said here."""


@dataclass(frozen=True, slots=True)
class Imported:
    """One link taken in, or why that was not needed."""

    outcome: Outcome
    curated: Curated | None = None


class _Known(Exception):
    """What was to be said counts already."""


def import_link(ctx: Context, order: Order, link: SaidElsewhere) -> Imported:
    """Say a link of another database here.

    Raises NotFound, Conflict, InvalidValue, Contradiction; of those that came before nothing is lost.
    """
    if not link.counts:
        return Imported(Outcome.ENDED)
    asked: dict[str, object] = {"kind": link.kind.value, "sides": []}
    if link.link_id is not None:
        asked["link_id"] = link.link_id
    if link.by is not None:
        asked["said_by"] = link.by

    def do(act: Act) -> None:
        sides = [_keys(act, side) for side in link.sides]
        word = _word(link.kind, sides)
        if any(_same(each.said, word) for each in standing_links(act.tx, word.articles)):
            raise _Known
        act.ledger.load_articles(word.articles)
        asked["sides"] = [[act.ledger.article_id(key) for key in side] for side in sides]
        say_link(act, word)

    try:
        return Imported(Outcome.SAID, carry_out(ctx, order, Action.LINK, asked, do))
    except _Known:
        return Imported(Outcome.KNOWN)


def _word(kind: LinkKind, sides: Sequence[Sequence[ArticleKey]]) -> Said[ArticleKey]:
    named = [key for side in sides for key in side]
    if len(set(named)) < len(named):
        raise InvalidValue("An article is named twice.", field="sides", fix="Name each once.")
    if kind is LinkKind.MUST and (len(sides) != 1 or len(named) < 2):
        raise InvalidValue(
            "A must has one side of two articles or more.", field="sides", fix="Put all on one side."
        )
    if kind is LinkKind.CANNOT and (len(sides) < 2 or not all(sides)):
        raise InvalidValue(
            "A cannot has two sides or more, none of them empty.", field="sides", fix="Name both sides."
        )
    return Said(kind is LinkKind.MUST, tuple(frozenset(side) for side in sides))


def _same(one: Said[ArticleKey], other: Said[ArticleKey]) -> bool:
    """Whether two words are one, whatever the order of their sides."""
    return one.must == other.must and set(one.sides) == set(other.sides)


def _keys(act: Act, side: Sequence[NamedArticle]) -> list[ArticleKey]:
    return [_key(act, each) for each in side]


def _key(act: Act, named: NamedArticle) -> ArticleKey:
    """The article of that name. Raises NotFound, and Conflict where an address leads to several."""
    found = _by_id(act, named) or _by_external_id(act, named) or _by_address(act, named)
    if len(found) > 1:
        raise Conflict(
            f"{_told(named)} leads to several articles.", field="sides", fix="Name the one by its ID."
        )
    rows = reading.load_articles(act.tx, found)
    live = {key: row.id for key, row in rows.items() if row.deleted_at is None}
    hidden = act.hidden(live.values())
    for key, id_ in live.items():
        if id_ not in hidden:
            return key
    raise NotFound(f"There is no article {_told(named)}.", field="sides", fix="Take in its article first.")


def _by_id(act: Act, named: NamedArticle) -> set[ArticleKey]:
    return set() if named.article_id is None else set(find_articles(act.tx, [named.article_id]).values())


def _by_external_id(act: Act, named: NamedArticle) -> set[ArticleKey]:
    if named.source is None or named.external_id is None:
        return set()
    owner = reading.owner_of(act.tx, external_identity(named.source, named.external_id))
    return set() if owner is None else {owner}


def _by_address(act: Act, named: NamedArticle) -> set[ArticleKey]:
    """Of a text that came under a publisher's own ID the address says nothing certain."""
    key = None if named.url is None or named.external_id is not None else url_key(named.url)
    if named.source is None or key is None:
        return set()
    owners = reading.owners_of_url(act.tx, key, limit=_MOST_AT_AN_ADDRESS)
    return {row.key for row in reading.load_articles(act.tx, owners).values() if row.source == named.source}


def _told(named: NamedArticle) -> str:
    known = (named.article_id, named.source, named.external_id, named.url)
    return ", ".join(repr(each[:100]) for each in known if each is not None) or "without a name"
