"""What a feed's document brings: entries sifted, pages fetched where they are wanted, all ingested."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.errors import WirefoldError
from app.model import Ingested, Submission
from app.parsing.feed_document import entry_submission
from app.parsing.feed_entries import FeedDocument
from app.parsing.feed_identity import Choice, IdentityFields, read_identity, write_identity
from app.parsing.html import read_html
from app.parsing.submission import Bounds
from app.services.context import Context
from app.services.ingest import ingest
from app.services.sifting import Sifted, choose_fields, known_by, sift
from app.services.visiting import Missed
from app.store import polling
from app.store.feeds import FeedRow
from app.store.polling import EntryRow

_GROUP = 100
"""Entries ingested in one transaction."""
_MOST_TRIES = 3
"""Fetches of an entry's page before the entry's own text has to do."""
_SEEN_AGAIN = timedelta(days=1)
_LONGEST_TITLE = 2_000

Visit = Callable[[str], "str | Missed"]


@dataclass(frozen=True, slots=True)
class Haul:
    """What one document brought, and what is to be remembered of it."""

    document: FeedDocument
    identity: str
    identity_why: str
    rows: Sequence[EntryRow]
    rekeyed: bool
    """Whether ``rows`` stand for all that is known of the feed."""
    new: int = 0
    updated: int = 0
    refused: int = 0
    refusal: str | None = None
    complete: bool = True
    """False while pages are still to be fetched."""


def haul(
    ctx: Context,
    feed: FeedRow,
    document: FeedDocument,
    *,
    visit: Visit | None,
    hold: Callable[[], object],
    most_pages: int,
    bounds: Bounds,
) -> Haul:
    """Ingest what is new or changed in a document. ``visit`` fetches pages, where they are the articles.

    ``hold`` is called before each transaction: a document of thousands of entries takes minutes.
    """
    now = ctx.now()
    with ctx.store.read() as tx:
        remembered = polling.load_entries(tx, feed.id)
    used = Choice(read_identity(feed.identity_used), feed.identity_why)
    choice = choose_fields(feed.identity, used, document.entries, remembered)
    rekeyed = choice.fields != used.fields
    known = known_by(remembered, choice.fields) if rekeyed else {row.key: row for row in remembered}
    fresh, same = sift(document.entries, known, choice.fields)
    rows = {row.key: row for row in known.values()} if rekeyed else {}
    rows |= _seen_again(same, now)

    def make(sifted: Sifted, page: str | None) -> Submission:
        return submission_for(feed, choice.fields, sifted, page, bounds=bounds)

    prepared, waiting = _prepare(fresh, make, visit=visit, most=most_pages)
    rows |= {each.key: replace(_row(feed, each, now), digest=None, tries=tries) for each, tries in waiting}
    new = updated = refused = 0
    refusal = None
    for each, external_id, answer in _take_in(ctx, prepared, hold):
        row = _row(feed, each, now)
        if isinstance(answer, Ingested):
            row = replace(row, article_id=answer.article_id, external_id=external_id)
            new += not answer.replayed and answer.version == 1
            updated += not answer.replayed and answer.version > 1
        else:
            refused += 1
            refusal = f"{each.entry.title[:200] or each.entry.url}: {answer.detail}"
        rows[each.key] = row
    return Haul(
        document=document,
        identity=write_identity(choice.fields),
        identity_why=choice.why,
        rows=list(rows.values()),
        rekeyed=rekeyed,
        new=new,
        updated=updated,
        refused=refused,
        refusal=refusal,
        complete=not waiting,
    )


def _prepare(
    fresh: Sequence[Sifted],
    make: Callable[[Sifted, str | None], Submission],
    *,
    visit: Visit | None,
    most: int,
) -> tuple[list[tuple[Sifted, Submission | WirefoldError]], list[tuple[Sifted, int]]]:
    """Submissions, oldest first, and the entries whose page is still to come with how often it did not."""
    prepared: list[tuple[Sifted, Submission | WirefoldError]] = []
    waiting: list[tuple[Sifted, int]] = []
    visits = 0
    for each in _oldest_first(fresh):
        page, tries = None, each.before.tries if each.before else 0
        if visit is not None and each.entry.url and tries < _MOST_TRIES:
            got = visit(each.entry.url) if visits < most else Missed.BUSY
            visits += got is not Missed.BUSY
            tries += got is Missed.FAILED
            if got is Missed.BUSY or (got is Missed.FAILED and tries < _MOST_TRIES):
                waiting.append((each, tries))
                continue
            page = None if isinstance(got, Missed) else got
        try:
            prepared.append((each, make(each, page)))
        except WirefoldError as error:
            prepared.append((each, error))
    return prepared, waiting


def _take_in(
    ctx: Context,
    prepared: Sequence[tuple[Sifted, Submission | WirefoldError]],
    hold: Callable[[], object],
) -> Iterator[tuple[Sifted, str | None, Ingested | WirefoldError]]:
    """Each entry with the external ID it was taken in under and what was answered."""
    for start in range(0, len(prepared), _GROUP):
        hold()
        group = prepared[start : start + _GROUP]
        told = iter(ingest(ctx, [made for _, made in group if isinstance(made, Submission)]))
        for each, made in group:
            if isinstance(made, Submission):
                yield each, made.external_id, next(told)
            else:
                yield each, None, made


def submission_for(
    feed: FeedRow, fields: IdentityFields, sifted: Sifted, page: str | None, *, bounds: Bounds
) -> Submission:
    """The article of an entry: its page where that says more, else what the feed says.

    Raises EmptyText where neither says anything, and what ``make_submission`` raises.
    """
    entry, known = sifted.entry, {}
    if page is not None and _says_more(page, entry.content_html or entry.summary_html):
        entry = replace(entry, content_html=page)
    entry = replace(entry, metadata={**entry.metadata, "feed": feed.id})
    if sifted.before is not None and sifted.before.article_id is not None:
        # What was taken in under an ID stays known by it.
        known["external_id"] = sifted.before.external_id
    return entry_submission(entry, source=feed.source, identity=fields, bounds=bounds, known=known)


def _says_more(page: str, own: str | None) -> bool:
    """Whether the page is the article: a wall of consent or payment has fewer words than the feed itself."""
    words = len(read_html(page).text.split())
    return words > 0 and words >= len(read_html(own).text.split() if own else ())


def _row(feed: FeedRow, sifted: Sifted, now: datetime) -> EntryRow:
    entry, before = sifted.entry, sifted.before
    return EntryRow(
        feed=feed.id,
        key=sifted.key,
        digest=sifted.digest,
        external_id=before.external_id if before else None,
        guid=entry.guid,
        url=entry.url,
        title=entry.title[:_LONGEST_TITLE],
        published_at=entry.published_at,
        article_id=before.article_id if before else None,
        first_seen_at=before.first_seen_at if before else now,
        seen_at=now,
    )


def _seen_again(same: Sequence[Sifted], now: datetime) -> dict[bytes, EntryRow]:
    """Rows of unchanged entries that are to be written: that they are still there is noted once a day."""
    rows = [(each, each.before) for each in same]
    return {
        each.key: replace(before, seen_at=now, guid=each.entry.guid)
        for each, before in rows
        if before is not None and (before.guid != each.entry.guid or now - before.seen_at >= _SEEN_AGAIN)
    }


def _oldest_first(fresh: Sequence[Sifted]) -> list[Sifted]:
    """By date of publication; without one, from the end of the document, where feeds have their oldest."""

    def moment(sifted: Sifted) -> float:
        at = sifted.entry.published_at
        return at.timestamp() if at else 0.0

    return sorted(fresh, key=moment, reverse=True)[::-1]
