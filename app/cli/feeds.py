"""``wirefold feeds``: the feeds that are pulled, added, listed, tried, paused, and as OPML in and out."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.failing import Commands, Stop
from app.cli.opening import opened
from app.cli.printing import print_json, said, screen, table
from app.errors import WirefoldError

if TYPE_CHECKING:
    from app.store.feeds import FeedRow

app = typer.Typer(
    cls=Commands, help="Add, list, try and pause the feeds that are pulled.", no_args_is_help=True
)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Address = Annotated[str, typer.Argument(help="RSS, RDF, Atom or JSON Feed.")]
FeedId = Annotated[str, typer.Argument(help="The ID, as `feeds list` shows it.")]
Source = Annotated[str | None, typer.Option(help="Source of its articles [default: the host].")]
Identity = Annotated[
    str, typer.Option(help="auto, or some of guid, url, title, published, content joined by +.")
]
Page = Annotated[bool, typer.Option("--fetch-page", help="The page that an entry links to is the article.")]
_BY = "command line"


@app.command()
def add(
    url: Address,
    source: Source = None,
    title: Annotated[str, typer.Option(help="A name for people [default: the feed's].")] = "",
    identity: Identity = "auto",
    fetch_page: Page = False,
    every: Annotated[
        int | None, typer.Option(help="Seconds between two fetches [default: adaptive].")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Add a feed. A running service fetches it within seconds."""
    from app.services import feeds

    wish = feeds.Wish(url, source, title, identity, fetch_page, every)
    with opened(migrate=True) as (_, ctx):
        _tell(feeds.add_feed(ctx, wish, by=_BY), "is added", as_json=as_json)


@app.command("list")
def list_feeds(as_json: AsJson = False) -> None:
    """List all feeds: how they do and when they are due."""
    from app.api.schemas.feeds import FeedOut
    from app.services import feeds

    with opened() as (_, ctx):
        rows = feeds.all_feeds(ctx)
    if as_json:
        for row in rows:
            print_json(FeedOut.of(row).model_dump())
        return
    listed = table("ID", "title", "address", "state", "new", "updated", "due")
    for row in rows:
        state = "paused" if row.paused else row.error_kind or "well"
        due = "" if row.paused else f"{row.due_at:%Y-%m-%d %H:%M}"
        counts = str(row.articles_new), str(row.articles_updated)
        listed.add_row(row.id, said(row.title), said(row.url), said(state), *counts, due)
    screen().print(listed if rows else "No feed is pulled.")


@app.command("test")
def try_one(
    url: Address,
    source: Source = None,
    identity: Identity = "auto",
    fetch_page: Page = False,
    as_json: AsJson = False,
) -> None:
    """Fetch a feed and tell what would come of it. Stores nothing."""
    from app.api.schemas.feeds import TrialOut
    from app.bootstrap import open_pulling
    from app.services.feeds import Wish
    from app.services.trying import try_feed
    from app.store.sight import EVERYTHING

    wish = Wish(url, source, identity=identity, fetch_page=fetch_page)
    with opened() as (settings, ctx):
        trial = TrialOut.of(try_feed(ctx, open_pulling(settings, ctx), wish, EVERYTHING))
    if as_json:
        print_json(trial.model_dump())
        return
    screen().print(f"{said(trial.title)} ({trial.flavour}), {trial.entry_count} entries at {said(trial.url)}")
    screen().print(f"Told apart by {trial.identity}: {said(trial.identity_why)}")
    screen().print(f"Fetched every {trial.interval_s} s: {said(trial.interval_why)}")
    for flaw in trial.flaws:
        screen().print(f"[dim]{said(flaw)}[/]")
    listed = table("published", "headline", "words", "would be")
    for each in trial.entries:
        published = f"{each.published_at:%Y-%m-%d %H:%M}" if each.published_at else ""
        told = each.relation or (each.problem.detail if each.problem else "")
        listed.add_row(published, said(each.title), str(each.words or ""), said(told))
    screen().print(listed)


@app.command()
def pause(
    feed_id: FeedId,
    why: Annotated[str, typer.Option(help="The reason, for whoever reads it later.")] = "",
    as_json: AsJson = False,
) -> None:
    """Ask for a feed no more, until it is resumed."""
    from app.services import feeds

    with opened() as (_, ctx):
        _tell(feeds.pause_feed(ctx, feed_id, why=why), "is paused", as_json=as_json)


@app.command()
def resume(feed_id: FeedId, as_json: AsJson = False) -> None:
    """Ask for a feed again, at once: one that was paused, or that is backing off."""
    from app.services import feeds

    with opened() as (_, ctx):
        _tell(feeds.resume_feed(ctx, feed_id), "is due", as_json=as_json)


@app.command()
def remove(feed_id: FeedId, as_json: AsJson = False) -> None:
    """Remove a feed. What it brought stays."""
    from app.services import feeds

    with opened() as (_, ctx):
        row = feeds.get_feed(ctx, feed_id)
        feeds.remove_feed(ctx, feed_id)
    _tell(row, "is removed", as_json=as_json)


@app.command("import")
def import_(
    file: Annotated[str, typer.Argument(help="An OPML file; - is standard input.")], as_json: AsJson = False
) -> None:
    """Add the feeds of an OPML list. One that cannot be added does not sink the others."""
    from app.services import feeds

    data = _read(file)
    with opened(migrate=True) as (_, ctx):
        results = feeds.import_opml(ctx, data, by=_BY)
    for url, result in results:
        if isinstance(result, WirefoldError):
            told, line = {"url": url, "code": result.code, "detail": result.detail}, said(result.detail)
        else:
            told, line = {"url": url, "id": result.id}, result.id
        if as_json:
            print_json(told)
        else:
            screen().print(f"{said(url)}: {line}")


@app.command()
def export(
    as_json: Annotated[bool, typer.Option("--json", help="No change: the output is OPML anyway.")] = False,
) -> None:
    """Write all feeds as OPML to standard output."""
    del as_json
    from app.services import feeds

    with opened() as (_, ctx):
        sys.stdout.write(feeds.export_opml(ctx).decode())


def _read(file: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise Stop(f"Cannot read {file}: {error.strerror}.", name="no-file") from None


def _tell(row: "FeedRow", what: str, *, as_json: bool) -> None:
    from app.api.schemas.feeds import FeedOut

    if as_json:
        print_json(FeedOut.of(row).model_dump())
    else:
        screen().print(f"Feed {row.id} ({said(row.url)}) {what}.")
