"""Correction and kill fan-out: finding the copies that still say what their origin corrected or withdrew.

Two small steps of the tender. One follows the change feed behind a mark and notes which articles are due: a
copy that came, or all copies where it is the origin that spoke, or where stories merged or came apart. The
other lays a few of the due beside their story's corrections, outside the lock, and under it opens and closes
entries. What an entry says depends on the texts of now alone, so that the order of arrivals does not matter:
whatever changes while a step looks stands behind the mark, and is looked at again.

Only what the origin declares counts: a correction, a refile, a withdrawal, or a number or denial changed
in an otherwise equal text, which is judged a correction. An update's newer facts make no copy stale, and
a number that only a copy changed is that copy's own (``/v1/explain`` shows it).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from app.dedup.outline import draw_outline
from app.dedup.staleness import Correction, StalePassage, Told, correct, merge, stale_passages
from app.events import EventType
from app.model import ArticleKey, ArticleRow, ChangeRow, Position, Stored, StoryRow, VersionKey, VersionRow
from app.services.context import Context
from app.services.ledger import Ledger
from app.services.origin import Line, Traced, trace
from app.services.reprint import words_in_place
from app.store import ingesting, stale_copies
from app.store.deriving import find_articles, find_founders
from app.store.engine import Tx
from app.store.progress import mark, put_mark
from app.store.reading import changes_after
from app.store.stale_copies import Outcome, StaleReason, StaleRow

STEP = 256
"""Entries of the change feed that are noted in one step."""
LOOKED_AT = 24
"""Copies compared in one step: some 2 ms each, outside the lock."""
_MARK = "staled"
_ARRIVALS = {EventType.ARTICLE_INGESTED, EventType.ARTICLE_RELEASED}
_MOVES = {EventType.CANONICAL_MERGED, EventType.CANONICAL_SPLIT}


@dataclass(frozen=True, slots=True)
class _Finding:
    """What is stale of one copy."""

    correction: VersionKey
    reason: StaleReason
    passages: tuple[StalePassage, ...]


@dataclass(frozen=True, slots=True)
class _Looked:
    """What was found of one article, which stood in this version then."""

    current: VersionRow
    finding: _Finding | None
    outcome: Outcome
    """Why, where an entry is open and nothing was found."""


def stale_step(ctx: Context) -> bool:
    """Note what the change feed makes due, else look at some of what is; whether there was anything."""
    return _note(ctx) or _look_at_due(ctx)


# ---------------------------------------------------------------------------------------------- what is due
def _note(ctx: Context) -> bool:
    with ctx.store.read() as tx:
        changes = changes_after(tx, mark(tx, _MARK), limit=STEP)
        if not changes:
            return False
        corrections, due = _due(tx, changes)
    with ctx.store.write() as tx:
        stale_copies.add_corrections(tx, corrections)
        stale_copies.add_due(tx, due, changes[-1].position)
        put_mark(tx, _MARK, max(changes[-1].position, mark(tx, _MARK)))
    return True


def _due(tx: Tx, changes: Iterable[ChangeRow]) -> tuple[Mapping[VersionKey, ArticleKey], set[ArticleKey]]:
    """The versions that correct something, and the articles to look at."""
    came: set[str] = set()
    moved: set[str] = set()
    for change in changes:
        if change.type in _ARRIVALS:
            came.add(str(change.payload["article_id"]))
        elif change.type in _MOVES:
            moved |= {str(change.payload["canonical_id"]), str(change.payload["into"])}
    articles = ingesting.load_articles(tx, find_articles(tx, came).values())
    corrections = stale_copies.find_corrections(tx, articles)
    reached = set(find_founders(tx, moved).values())
    founders = {row.founder for row in articles.values()} | reached
    corrected = stale_copies.corrected_stories(tx, founders)
    corrected |= {articles[key].founder for key in corrections.values()}
    members = ingesting.load_members(tx, corrected | reached)
    due = {key for key, row in articles.items() if row.founder in corrected}
    for founder in corrected:
        inside = [key for key, _ in members[founder]]
        if founder in reached or due.intersection(trace(tx, inside).origin):
            due.update(inside)
    parted = {key for founder in reached for key, _ in members[founder]}
    return corrections, due | stale_copies.open_rows(tx, parted | articles.keys()).keys()


# ----------------------------------------------------------------------------------------- looking at the due
def _look_at_due(ctx: Context) -> bool:
    with ctx.store.read() as tx:
        due = stale_copies.load_due(tx, limit=LOOKED_AT)
        if not due:
            return False
        seen = Position(ingesting.counters(tx).position)
        looked = _look(ctx, tx, due)
    with ctx.store.write() as tx:
        ledger = Ledger.open(ctx, tx)
        _write(ledger, looked)
        ledger.keep()
        stale_copies.drop_due(tx, due, seen)
    return True


def _look(ctx: Context, tx: Tx, due: Sequence[ArticleKey]) -> dict[ArticleKey, _Looked]:
    rows = ingesting.load_articles(tx, due)
    founders = {row.founder for row in rows.values()}
    members = ingesting.load_members(tx, founders)
    corrected = stale_copies.corrected_stories(tx, founders)
    opened = stale_copies.open_rows(tx, due)
    looked: dict[ArticleKey, _Looked] = {}
    for founder in sorted(founders):
        inside = [key for key in due if rows[key].founder == founder]
        if founder in corrected:
            story = trace(tx, [key for key, _ in members[founder]])
            looked |= _look_at_story(ctx, tx, story, inside, opened)
        else:
            versions = ingesting.load_versions(tx, [rows[key].current for key in inside])
            looked |= {key: _Looked(versions[rows[key].current], None, Outcome.LEFT) for key in inside}
    return looked


def _look_at_story(
    ctx: Context,
    tx: Tx,
    story: Traced,
    due: Collection[ArticleKey],
    opened: Mapping[ArticleKey, StaleRow],
) -> dict[ArticleKey, _Looked]:
    copies = {key: story.currents[key] for key in due if key in story.currents}
    standing = {
        key: row
        for key, row in copies.items()
        if key not in story.origin and row.released and not row.withdrawn
    }
    found: dict[ArticleKey, _Finding] = {}
    if story.line.withdrawal is not None:
        killed = _Finding(story.line.withdrawal.key, StaleReason.WITHDRAWAL, ())
        found = dict.fromkeys(standing, killed) if story.line.last is not None else {}
    elif story.line.last is not None:
        found = _lay_beside(ctx, tx, story.line, standing)
    return {
        key: _Looked(row, found.get(key), _outcome(story, row, opened.get(key)))
        for key, row in copies.items()
    }


def _outcome(story: Traced, row: VersionRow, opened: StaleRow | None) -> Outcome:
    if row.withdrawn:
        return Outcome.WITHDRAWN
    if opened is None or opened.version != row.key:
        return Outcome.REFRESHED
    own = {each.key for versions in (story.versions[key] for key in story.origin) for each in versions}
    return Outcome.RESTORED if opened.correction in own else Outcome.LEFT


def _lay_beside(
    ctx: Context, tx: Tx, line: Line, copies: Mapping[ArticleKey, VersionRow]
) -> dict[ArticleKey, _Finding]:
    """What each copy still says of what was corrected."""
    if not line.corrections or line.last is None or not copies:
        return {}
    origin = {row.key: row for pair in line.corrections for row in (*pair, line.last)}
    told = _told(ctx, tx, [*origin.values(), *copies.values()])
    corrections = [correct(told[a.key], told[b.key], told[line.last.key]) for a, b in line.corrections]
    found = {}
    for key, row in copies.items():
        each = [stale_passages(told[row.key], correction) for correction in corrections]
        passages = merge(each)
        if passages:
            found[key] = _Finding(_latest(corrections, each), StaleReason.CORRECTION, passages)
    return found


def _latest(corrections: Sequence[Correction], found: Sequence[Sequence[StalePassage]]) -> VersionKey:
    """The last correction of which something was found."""
    return VersionKey(
        next(
            each.after.key for each, some in zip(reversed(corrections), reversed(found), strict=True) if some
        )
    )


def _told(ctx: Context, tx: Tx, rows: Collection[VersionRow]) -> dict[int, Told]:
    """Versions ready to be laid beside each other, by key."""
    keys = {row.key for row in rows}
    stored: Mapping[VersionKey, Stored] = ctx.recall.load(tx, keys, ctx.profile.id)
    pages = ingesting.load_pages(tx, keys)
    told: dict[int, Told] = {}
    for row in rows:
        if row.key not in told:
            kept = stored[row.key].print if row.key in stored else None
            print_, story = words_in_place(row, pages[row.key], kept, ctx.profile)
            told[row.key] = Told(row.key, draw_outline(print_), story, row.facts)
    return told


# --------------------------------------------------------------------------------------------------- writing
def _write(ledger: Ledger, looked: Mapping[ArticleKey, _Looked]) -> None:
    """Open and close entries, and say so on the change feed."""
    opened = stale_copies.open_rows(ledger.tx, looked)
    dismissed = stale_copies.dismissed_of(ledger.tx, looked)
    ledger.load_articles(looked)
    added: list[StaleRow] = []
    for key, found in looked.items():
        row, finding = opened.get(key), found.finding
        if finding is not None and (key, finding.correction) in dismissed:
            finding = None
        if row is not None and finding is not None and _same(row, found.current, finding):
            continue
        if row is not None:
            _close(ledger, row, Outcome.SUPERSEDED if finding is not None else found.outcome)
        if finding is not None:
            added.append(_open(ledger, ledger.articles[key], found.current, finding))
    stale_copies.add_rows(ledger.tx, added)


def _same(row: StaleRow, current: VersionRow, finding: _Finding) -> bool:
    then = (row.version, row.correction, row.reason, row.passages)
    return then == (current.key, finding.correction, finding.reason, finding.passages)


def _open(ledger: Ledger, article: ArticleRow, current: VersionRow, finding: _Finding) -> StaleRow:
    by = ingesting.load_versions(ledger.tx, [finding.correction])[finding.correction]
    id_ = ledger.ctx.new_id("stl")
    position = ledger.emit(
        EventType.COPY_STALE,
        stale_id=id_,
        canonical_id=_story_of(ledger, article).id,
        article_id=article.id,
        version=current.number,
        source=article.source,
        reason=finding.reason,
        passages=len(finding.passages),
        correction_article_id=ledger.article_id(by.article),
        correction_version=by.number,
    )
    return StaleRow(
        position=position,
        id=id_,
        article=article.key,
        version=current.key,
        correction=finding.correction,
        reason=finding.reason,
        passages=finding.passages,
        at=ledger.now,
    )


def _close(ledger: Ledger, row: StaleRow, outcome: Outcome) -> None:
    article = ledger.articles[row.article]
    position = ledger.emit(
        EventType.COPY_REFRESHED,
        stale_id=row.id,
        canonical_id=_story_of(ledger, article).id,
        article_id=article.id,
        version=ingesting.load_versions(ledger.tx, [article.current])[article.current].number,
        source=article.source,
        outcome=outcome,
    )
    closed = replace(row, outcome=outcome, closed=position, closed_at=ledger.now)
    stale_copies.close_row(ledger.tx, closed)


def _story_of(ledger: Ledger, article: ArticleRow) -> StoryRow:
    return ledger.stories[article.founder]
