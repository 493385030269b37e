"""Fetching a feed to see what would come of it. Stores nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.errors import NoFeedThere, WirefoldError
from app.model import Ingested
from app.net.client import Fetched
from app.parsing.feed_document import read_feed
from app.parsing.feed_entries import FeedDocument, FeedEntry
from app.parsing.feed_identity import AUTOMATIC, Choice
from app.services.asking import ACCEPT, bad_status
from app.services.cadence import Bounds, Interval, fresh_for_s, next_interval, posting_gap_s
from app.services.context import Context
from app.services.feeds import Wish, draw_up
from app.services.hauling import submission_for
from app.services.ingest import check
from app.services.pulling import Pulling
from app.services.sifting import choose_fields, sift
from app.services.visiting import Missed
from app.store.feeds import FeedRow
from app.store.sight import Sight

_MOST_CHECKED = 10
_MOST_VISITED = 3
_LONGEST_S = 120.0


@dataclass(frozen=True, slots=True)
class TriedEntry:
    """An entry, the ID it would be known by, and what would be concluded of it."""

    entry: FeedEntry
    external_id: str | None
    page: Missed | None
    """Why its page could not be had, where pages are wanted."""
    answer: Ingested | WirefoldError


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of a fetch, or would come of the feed."""

    answer: Fetched
    document: FeedDocument
    choice: Choice
    interval: Interval
    told_apart: int
    """Entries that are left of the document's when each identity counts once."""
    entries: Sequence[TriedEntry]
    """The newest, as they would be taken in."""


def try_feed(ctx: Context, pulling: Pulling, wish: Wish, sight: Sight) -> Trial:
    """Fetch an address once and tell what would be taken in, of its pages the first three.

    Raises InvalidValue, FetchFailed, NoFeedThere, and what ``read_feed`` raises.
    """
    feed = draw_up(ctx, wish)
    # A person waits for the feed; its pages are for when its host is free.
    holding = feed.host if pulling.visitor.claim(feed.host, for_s=_LONGEST_S) else None
    try:
        return _try(ctx, pulling, wish, sight, feed, holding)
    finally:
        if holding is not None:
            pulling.visitor.leave(holding)


def _try(
    ctx: Context, pulling: Pulling, wish: Wish, sight: Sight, feed: FeedRow, holding: str | None
) -> Trial:
    manners = pulling.manners
    answer = pulling.client.fetch(feed.url, headers={"Accept": ACCEPT}, limits=manners.limits)
    if answer.status != 200:
        raise NoFeedThere(bad_status(answer, ctx.now()).detail)
    document = read_feed(answer.body, address=answer.url, content_type=answer.headers.get("content-type"))
    choice = choose_fields(feed.identity, Choice(AUTOMATIC, ""), document.entries, ())
    fresh, _ = sift(document.entries, {}, choice.fields)
    tried: list[TriedEntry] = []
    visits = 0
    for each in fresh[:_MOST_CHECKED]:
        page = None
        if feed.fetch_page and each.entry.url and visits < _MOST_VISITED:
            page = pulling.visitor.visit(each.entry.url, holding=holding)
            visits += 1
        missed = page if isinstance(page, Missed) else None
        markup = None if isinstance(page, Missed) else page
        external_id = None
        told: Ingested | WirefoldError
        try:
            made = submission_for(feed, choice.fields, each, markup, bounds=manners.article)
            external_id = made.external_id
            told = check(ctx, made, sight)
        except WirefoldError as error:
            if error.status >= 500:
                raise
            told = error
        tried.append(TriedEntry(each.entry, external_id, missed, told))
    return Trial(
        answer, document, choice, _interval(ctx, manners.intervals, wish, answer, document), len(fresh), tried
    )


def _interval(ctx: Context, bounds: Bounds, wish: Wish, answer: Fetched, document: FeedDocument) -> Interval:
    now = ctx.now()
    return next_interval(
        bounds,
        every_s=wish.every_s,
        ttl_s=document.ttl_s,
        fresh_s=fresh_for_s(answer.headers, now),
        gap_s=posting_gap_s((each.published_at for each in document.entries if each.published_at), now),
        before_s=bounds.least_s,
        came=True,
    )
