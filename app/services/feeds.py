"""Feeds as people keep them: added, listed, changed, paused, resumed, removed, as OPML in and out."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace

from app.errors import FeedChanged, FeedThere, InvalidValue, NotFound, WirefoldError
from app.net.addresses import Allowed
from app.net.faults import FetchFailed
from app.net.target import Target, read_target, refuse_written_out
from app.parsing.feed_identity import read_identity, write_identity
from app.parsing.opml import Outline, read_opml, write_opml
from app.services.context import Context
from app.store import feeds, polling
from app.store.engine import Tx
from app.store.feeds import FeedRow

LONGEST_URL = 2_000
LONGEST_NAME = 500
LEAST_EVERY_S = 60
MOST_EVERY_S = 7 * 24 * 3600
_FIRST_INTERVAL_S = 900
_PAGE = 500


@dataclass(frozen=True, slots=True)
class Wish:
    """What people decide of a feed."""

    url: str
    source: str | None = None
    """Under which its articles are taken in; the host where it is not given."""
    title: str = ""
    """The feed's own where it is not given."""
    identity: str = "auto"
    fetch_page: bool = False
    every_s: int | None = None


def add_feed(ctx: Context, wish: Wish, *, by: str) -> FeedRow:
    """Add a feed; it is due at once. Raises InvalidValue, FetchFailed, FeedThere."""
    row = draw_up(ctx, wish, by=by)
    with ctx.store.write() as tx:
        _refuse_twice(tx, row.url, row.id)
        feeds.add(tx, row)
    return row


def draw_up(ctx: Context, wish: Wish, *, by: str = "") -> FeedRow:
    """The feed of a wish, not stored. Raises InvalidValue, FetchFailed."""
    now = ctx.now()
    decided = decide(ctx, wish)
    return FeedRow(
        id=ctx.new_id("feed"),
        url=decided.url,
        added_url=decided.url,
        host=_host(decided.url),
        source=decided.source or "",
        title=decided.title,
        identity=decided.identity,
        fetch_page=decided.fetch_page,
        every_s=decided.every_s,
        created_at=now,
        created_by=by,
        due_at=now,
        interval_s=_FIRST_INTERVAL_S,
    )


def list_feeds(ctx: Context, *, after: str = "", limit: int = 100) -> Sequence[FeedRow]:
    """Feeds in the order in which they were added."""
    with ctx.store.read() as tx:
        return feeds.load_after(tx, after, limit=limit)


def all_feeds(ctx: Context) -> list[FeedRow]:
    """All feeds, in the order in which they were added."""
    rows: list[FeedRow] = []
    while page := list_feeds(ctx, after=rows[-1].id if rows else "", limit=_PAGE):
        rows += page
    return rows


def get_feed(ctx: Context, feed_id: str) -> FeedRow:
    """One feed. Raises NotFound."""
    with ctx.store.read() as tx:
        return _loaded(tx, feed_id)


def change_feed(ctx: Context, feed_id: str, wish: Wish, *, revision: int | None = None) -> FeedRow:
    """Let a wish replace the one before. ``revision`` is the one the caller has seen.

    The next fetch takes the whole document again. Raises NotFound, InvalidValue,
    FetchFailed, FeedThere, FeedChanged.
    """
    decided = decide(ctx, wish)
    with ctx.store.write() as tx:
        row = _expected(tx, feed_id, revision)
        if decided == wish_of(row):
            return row
        _refuse_twice(tx, decided.url, row.id)
        values = {**asdict(decided), "host": _host(decided.url)}
        return _change(tx, row, {**values, **feeds.INCOMPLETE, "due_at": ctx.now()})


def pause_feed(ctx: Context, feed_id: str, *, why: str = "") -> FeedRow:
    """Ask for a feed no more, until it is resumed. Raises NotFound."""
    with ctx.store.write() as tx:
        row = _expected(tx, feed_id, None)
        if row.paused:
            return row
        return _change(tx, row, {"paused": True, "paused_why": why or "Paused by hand."})


def resume_feed(ctx: Context, feed_id: str) -> FeedRow:
    """Ask for a feed again, at once, whether it was paused or backing off. Raises NotFound."""
    with ctx.store.write() as tx:
        row = _expected(tx, feed_id, None)
        polling.forgive_host(tx, row.host, ctx.now())
        values: dict[str, object] = {"paused": False, "paused_why": None, "failures": 0, "due_at": ctx.now()}
        return _change(tx, row, values)


def remove_feed(ctx: Context, feed_id: str, *, revision: int | None = None) -> None:
    """Forget a feed; its articles stay. Raises NotFound, FeedChanged."""
    with ctx.store.write() as tx:
        _expected(tx, feed_id, revision)
        feeds.remove(tx, feed_id)


def import_opml(
    ctx: Context, data: bytes, *, by: str, allow_source: Callable[[str], object] = str
) -> list[tuple[str, FeedRow | WirefoldError]]:
    """Add the feeds of a list: each address with its feed, or why it was not added.

    ``allow_source`` raises for a source that the caller may not add feeds of.
    """
    results: list[tuple[str, FeedRow | WirefoldError]] = []
    for outline in read_opml(data):
        wish = Wish(
            url=outline.url,
            source=outline.source,
            title=outline.title[:LONGEST_NAME],
            identity=outline.identity,
            fetch_page=outline.fetch_page,
            every_s=outline.every_s,
        )
        try:
            wish = decide(ctx, wish)
            allow_source(wish.source or "")
            results.append((outline.url, add_feed(ctx, wish, by=by)))
        except WirefoldError as error:
            if error.status >= 500:
                raise
            results.append((outline.url, error))
    return results


def export_opml(ctx: Context, shown: Callable[[FeedRow], bool] = bool) -> bytes:
    """All feeds that are shown, as a list."""
    return write_opml(
        Outline(row.url, row.title, row.source, row.identity, row.fetch_page, row.every_s)
        for row in all_feeds(ctx)
        if shown(row)
    )


def wish_of(row: FeedRow) -> Wish:
    """What was decided of a feed."""
    return Wish(row.url, row.source, row.title, row.identity, row.fetch_page, row.every_s)


def decide(ctx: Context, wish: Wish) -> Wish:
    """A wish that can be kept, with what it left open.

    Raises InvalidValue, and FetchFailed where the address is one inside by its very spelling: where a name
    leads is asked with each fetch.
    """
    address = wish.url.strip()
    if len(address) > LONGEST_URL:
        raise InvalidValue("url is too long.", field="url", fix=f"Send at most {LONGEST_URL} characters.")
    try:
        url = read_target(address)
    except FetchFailed as error:
        raise InvalidValue(error.detail, field="url", fix="Send the feed's http(s) address.") from None
    _refuse_inside(url, ctx.outbound)
    if wish.every_s is not None and not LEAST_EVERY_S <= wish.every_s <= MOST_EVERY_S:
        fix = f"Send seconds from {LEAST_EVERY_S} to {MOST_EVERY_S}, or null."
        raise InvalidValue("every_s is out of bounds.", field="every_s", fix=fix)
    source = wish.source if wish.source is not None else url.host.removeprefix("www.")
    if not source.strip() or len(source) > LONGEST_NAME:
        fix = f"Send a name of up to {LONGEST_NAME} characters, or leave it out."
        raise InvalidValue("source is blank or too long.", field="source", fix=fix)
    if len(wish.title) > LONGEST_NAME:
        fix = f"Send at most {LONGEST_NAME} characters."
        raise InvalidValue("title is too long.", field="title", fix=fix)
    identity = write_identity(read_identity(wish.identity))
    return replace(wish, url=str(url), source=source, identity=identity)


def _refuse_inside(url: Target, allowed: Allowed) -> None:
    try:
        refuse_written_out(url, allowed)
    except FetchFailed as error:
        fix = "Name the host in WIREFOLD_OUTBOUND_ALLOW if it is yours."
        raise FetchFailed(error.detail, error.fault, field="url", fix=fix) from None


def _host(url: str) -> str:
    return read_target(url).host


def _refuse_twice(tx: Tx, url: str, feed_id: str) -> None:
    other = feeds.find_by_url(tx, url)
    if other is not None and other.id != feed_id:
        raise FeedThere(f"Feed {other.id} is asked for at this address.", field="url")


def no_feed(feed_id: str) -> NotFound:
    """The refusal where there is none of that ID, or none for whoever asks."""
    return NotFound(f"There is no feed {feed_id}.", fix="GET /v1/feeds lists them.")


def _loaded(tx: Tx, feed_id: str) -> FeedRow:
    row = feeds.load(tx, feed_id)
    if row is None:
        raise no_feed(feed_id)
    return row


def _expected(tx: Tx, feed_id: str, revision: int | None) -> FeedRow:
    row = _loaded(tx, feed_id)
    if revision is not None and revision != row.revision:
        raise FeedChanged(f"Feed {feed_id} was changed since (it is at revision {row.revision}).")
    return row


def _change(tx: Tx, row: FeedRow, values: dict[str, object]) -> FeedRow:
    # A poll under way loses its lease: what it would write was decided before.
    freed = {"lease_holder": None, "lease_until": None}
    feeds.change(tx, row.id, {**values, **freed, "revision": row.revision + 1})
    return _loaded(tx, row.id)
