"""``wirefold explain``, ``export``, ``doctor`` and ``demo``: what is known, shown."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

import typer

from app.cli.failing import Code
from app.cli.opening import opened, read_settings, refuse_missing_file
from app.cli.printing import errors, print_json, said, screen, to_json

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
_SIGNS = {"ok": "[green]ok  [/]", "note": "[yellow]note[/]", "bad": "[red]bad [/]"}


def add_to(app: typer.Typer) -> None:
    """Add this module's commands."""
    for command in (explain, export, doctor, demo):
        app.command()(command)


def explain(
    a: Annotated[str, typer.Argument(help="ID of an article.")],
    b: Annotated[str, typer.Argument(help="ID of another.")],
    as_json: AsJson = False,
) -> None:
    """Say why two stored articles are, or are not, one story."""
    from app.cli.explaining import show
    from app.model import ArticleId
    from app.services.explain import explain as explain_pair
    from app.store.sight import EVERYTHING

    with opened() as (_, ctx):
        told = explain_pair(ctx, ArticleId(a), ArticleId(b), EVERYTHING)
    if as_json:
        print_json(told)
    else:
        show(told)


def export(
    what: Annotated[
        Literal["articles", "canonicals", "links", "submissions"],
        typer.Argument(help="articles with their decisions, canonicals, links, or submissions as received."),
    ] = "articles",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write to a file.")
    ] = None,
    with_text: Annotated[bool, typer.Option("--with-text", help="Add each article's clean text.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="No change: the output is NDJSON anyway.")] = False,
) -> None:
    """Write everything that was concluded, or everything that was received, as NDJSON.

    That is everything: also what is withheld or under embargo. What `submissions` writes can be taken in
    again with `wirefold ingest`. The position of the change feed at the start is told on standard error: what
    changed meanwhile follows it.
    """
    del as_json
    from app.services import exporting

    if with_text and what != "articles":
        raise typer.BadParameter("only articles have a clean text", param_hint="--with-text")
    with opened() as (_, ctx):
        at = exporting.position(ctx)
        lines: Iterator[bytes]
        if what == "submissions":
            lines = exporting.export_submissions(ctx)
        elif what == "canonicals":
            lines = (to_json(row).encode() for row in exporting.export_canonicals(ctx))
        elif what == "links":
            lines = (to_json(row).encode() for row in exporting.export_links(ctx))
        else:
            lines = (to_json(row).encode() for row in exporting.export_articles(ctx, with_text=with_text))
        sink = output.open("wb") if output else sys.stdout.buffer
        count = 0
        try:
            for count, line in enumerate(lines, start=1):  # noqa: B007 - the last count is what is told
                sink.write(line + b"\n")
            sink.flush()
        finally:
            if output:
                sink.close()
    errors().print(f"[dim]{count} {what}, as of position {at}[/]", highlight=False)


def doctor(as_json: AsJson = False) -> None:
    """Look whether settings, database, schema, disk and index are in order; ends with 1 where not."""
    from app.services.doctor import Finding, Level, examine

    settings = read_settings()
    refuse_missing_file(settings)
    from app.bootstrap import open_context

    ctx = open_context(settings)
    try:
        found = [Finding("settings", Level.OK, "All can be used."), *examine(ctx, settings.database_url)]
    finally:
        ctx.store.close()
    if as_json:
        print_json({"ok": all(each.level is not Level.BAD for each in found), "findings": found})
    else:
        for each in found:
            screen().print(f"{_SIGNS[each.level]} [bold]{each.name:12}[/] {said(each.says)}")
            if each.fix and each.level is not Level.OK:
                screen().print(f"     [dim]{'':12} {said(each.fix)}[/]")
    if any(each.level is Level.BAD for each in found):
        raise typer.Exit(Code.INCOMPLETE)


def demo(as_json: AsJson = False) -> None:
    """Send stories that come with it to a service on a scratch database, and show what it makes of them."""
    from app.demo.runner import run, show

    told = run()
    if as_json:
        for each in told:
            print_json(each)
    else:
        show(told, screen())
    if not all(each.as_expected for each in told):
        raise typer.Exit(Code.INCOMPLETE)
