"""The list of stale copies as people read it, and what a person says of an entry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.dedup.differences import DifferenceKind
from app.dedup.model import Span
from app.errors import Conflict, NotFound
from app.events import EventType
from app.model import ArticleId, ArticleKey, CanonicalId, PageRow, Position, VersionKey, VersionRow
from app.services.acting import Act, Action, Order, carry_out
from app.services.context import Context
from app.services.linked import unseen
from app.store import ingesting, reading, stale_copies
from app.store.engine import Tx
from app.store.sight import PUBLIC, Sight
from app.store.stale_copies import Outcome, StaleFilters, StaleReason, StaleRow, StaleState

__all__ = ["StaleFilters"]

_NO_ENTRY = "There is no stale copy of that ID."


@dataclass(frozen=True, slots=True)
class Passage:
    """Where a copy says what was corrected. Spans count the copy's text as received."""

    kind: DifferenceKind
    span: Span
    text: str
    old_span: Span | None
    old: str
    """Empty where a "not" is missing."""
    new: str
    """Empty where a "not" is too much."""


@dataclass(frozen=True, slots=True)
class StaleSide:
    """A version that an entry is about: the copy, or what corrects it."""

    article_id: ArticleId
    version: VersionRow
    source: str
    url: str | None


@dataclass(frozen=True, slots=True)
class StaleView:
    """One entry with the texts it is about."""

    row: StaleRow
    canonical_id: CanonicalId
    copy: StaleSide
    correction: StaleSide | None
    """None where the reader does not see it: the copy is to go all the same."""
    passages: tuple[Passage, ...]


def list_stale(
    ctx: Context,
    filters: StaleFilters,
    *,
    canonical_id: str | None = None,
    before: int | None,
    limit: int,
    sight: Sight = PUBLIC,
) -> tuple[Sequence[StaleView], Position | None]:
    """A page of the list, the latest first, and the position below which it goes on.

    ``canonical_id`` asks for copies that are in that story now, also by an ID that was absorbed.
    """
    with ctx.store.read() as tx:
        if canonical_id is not None:
            filters = replace(filters, founder=_founder(tx, canonical_id, sight))
        rows = stale_copies.stale_before(tx, filters, before=before, limit=limit + 1, sight=sight)
        more = rows[limit - 1].position if len(rows) > limit else None
        return _views(tx, rows[:limit], sight), more


def read_stale(ctx: Context, stale_id: str, sight: Sight = PUBLIC) -> StaleView:
    """One entry. Raises NotFound."""
    with ctx.store.read() as tx:
        row = stale_copies.stale_of_id(tx, stale_id)
        if row is None or not _seen(tx, row, sight):
            raise NotFound(_NO_ENTRY)
        return _views(tx, [row], sight)[0]


def dismiss_stale(ctx: Context, stale_id: str, *, by: str, why: str, sight: Sight = PUBLIC) -> StaleView:
    """Say that a copy may stay as it is. Raises NotFound, and Conflict where it is stale no more.

    The same correction does not make the article stale again; a later one does. It stands in the log, and can
    be undone.
    """
    view = read_stale(ctx, stale_id, sight)
    if view.row.state is StaleState.DISMISSED:
        return view
    order = Order(by=by, why=why, sight=sight)
    asked = {"stale_id": stale_id, "article_id": view.copy.article_id}
    carry_out(ctx, order, Action.DISMISS, asked, lambda act: _dismiss(act, stale_id))
    return read_stale(ctx, stale_id, sight)


def _dismiss(act: Act, stale_id: str) -> None:
    row = stale_copies.stale_of_id(act.tx, stale_id)
    if row is None:
        raise NotFound(_NO_ENTRY)
    if row.state is not StaleState.OPEN:
        raise Conflict(f"The copy is stale no more: {row.outcome}.", fix="Leave it as it is.")
    ledger, order = act.ledger, act.order
    ledger.load_articles([row.article])
    article = ledger.articles[row.article]
    act.look_at([article.founder])
    position = ledger.emit(
        EventType.COPY_DISMISSED,
        stale_id=row.id,
        canonical_id=ledger.stories[article.founder].id,
        article_id=article.id,
        version=ingesting.load_versions(act.tx, [row.version])[row.version].number,
        source=article.source,
        why=order.why,
    )
    closed = replace(
        row,
        outcome=Outcome.DISMISSED,
        closed=position,
        closed_at=ledger.now,
        by=order.by,
        why=order.why,
    )
    stale_copies.close_row(act.tx, closed)
    act.dismissed.append(row.id)


def _founder(tx: Tx, canonical_id: str, sight: Sight) -> ArticleKey:
    story = reading.story_of_id(tx, canonical_id)
    if story is None or unseen(tx, [story.id], sight):
        raise NotFound("There is no canonical of that ID.")
    return reading.load_articles(tx, [story.founder])[story.founder].founder


def _seen(tx: Tx, row: StaleRow, sight: Sight) -> bool:
    told = [row.version] if row.reason is StaleReason.WITHDRAWAL else [row.version, row.correction]
    return all(sight.sees(each) for each in reading.load_versions(tx, told).values())


def _views(tx: Tx, rows: Sequence[StaleRow], sight: Sight) -> list[StaleView]:
    sides = {key for row in rows for key in (row.version, row.correction)}
    texts = sides | {VersionKey(each.new_in) for row in rows for each in row.passages}
    versions = reading.load_versions(tx, sides)
    pages = reading.load_pages(tx, texts)
    articles = reading.load_articles(tx, {version.article for version in versions.values()})
    stories = reading.load_stories(tx, {article.founder for article in articles.values()})

    def side(key: VersionKey) -> StaleSide:
        version, article = versions[key], articles[versions[key].article]
        return StaleSide(article.id, version, article.source, pages[key].url if key in pages else None)

    return [
        StaleView(
            row,
            stories[articles[row.article].founder].id,
            side(row.version),
            side(row.correction) if sight.sees(versions[row.correction]) else None,
            _passages(row, pages),
        )
        for row in rows
    ]


def _passages(row: StaleRow, pages: Mapping[VersionKey, PageRow]) -> tuple[Passage, ...]:
    def cut(version: int, span: Span | None) -> str:
        # A text may have been deleted on request since.
        page = pages.get(VersionKey(version))
        return "" if span is None or page is None else page.text[span.start : span.end]

    return tuple(
        Passage(
            each.kind,
            each.passage,
            cut(row.version, each.passage),
            each.old,
            cut(row.version, each.old),
            cut(each.new_in, each.new),
        )
        for each in row.passages
    )
