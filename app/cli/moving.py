"""``wirefold refingerprint``: move the database to the program's profile."""

from typing import Annotated

import typer

from app.cli.opening import opened
from app.cli.printing import errors, print_json, screen


def add_to(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command()(refingerprint)


def refingerprint(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Move everything stored to this program's profile, while the version before it may still serve.

    Takes small steps and goes on where it was stopped. Afterwards stop the old version and start the new
    one; it picks up what arrived meanwhile and drops what only the old one needs.
    """
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    from app.services.refingerprint import count_unmoved, drop_step, move_step, served_otherwise

    moved = 0
    with opened() as (_, ctx):
        columns = ("versions", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=errors(), disable=as_json, transient=True) as bar:
            task = bar.add_task("", total=count_unmoved(ctx))
            while count := move_step(ctx):
                moved += count
                bar.update(task, completed=moved)
        dropped = False
        while drop_step(ctx):
            dropped = True
        waits = served_otherwise(ctx)
        profile = ctx.profile.id
    if as_json:
        print_json({"profile": profile, "moved": moved, "old_dropped": dropped, "old_still_serves": waits})
        return
    screen().print(f"{moved} versions moved; everything is fingerprinted as {profile}.")
    if waits:
        screen().print(
            "The version before still serves. Stop it and start this one, which drops the old keys."
        )
