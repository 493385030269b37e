"""``wirefold verify``, ``backup`` and ``restore``: keeping what is stored."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.failing import Code, Stop
from app.cli.opening import opened, read_settings, refuse_missing_file
from app.cli.printing import print_json, said, screen

if TYPE_CHECKING:
    from app.services.verifying import Verdict
    from app.settings import Settings

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def add_to(app: typer.Typer) -> None:
    """Add this module's commands."""
    for command in (verify, backup, restore):
        app.command()(command)


def verify(
    repair: Annotated[bool, typer.Option("--repair", help="Mend what follows from records.")] = False,
    deep: Annotated[
        bool, typer.Option("--deep", help="Also hold every text and fingerprint against what arrived.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Look whether everything stored agrees with everything else; ends with 1 where something is wrong.

    May run beside a service. Without --repair nothing is written. Records (pages, decisions, the change
    feed) cannot be made up again: where one is missing, restore a backup.
    """
    from app.services.verifying import verify as verify_all

    sound = True
    with opened() as (_, ctx):
        for verdict in verify_all(ctx, deep=deep, repair=repair):
            sound = sound and verdict.sound
            if as_json:
                print_json(
                    {
                        "name": verdict.name,
                        "sound": verdict.sound,
                        "wrong": verdict.wrong,
                        "mended": verdict.mended,
                        "examples": verdict.named,
                        "says": verdict.says if verdict.wrong else None,
                    }
                )
            else:
                _show(verdict)
    if not sound:
        raise typer.Exit(Code.INCOMPLETE)


def backup(
    target: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write the copy.")],
    force: Annotated[bool, typer.Option("--force", help="Replace FILE if it is there.")] = False,
    as_json: AsJson = False,
) -> None:
    """Copy an SQLite database to a file while services use it; the copy is whole, checked and synced."""
    from app.store.backup import BadBackup, copy_database

    settings = read_settings()
    source = _file_of(
        settings, "Use `pg_dump --format=custom --file=wirefold.dump DATABASE`; docs/operating.md."
    )
    refuse_missing_file(settings)
    if target.exists() and not force:
        raise Stop(f"{target} is there already.", fix="Name another file, or say --force.", name="file")
    try:
        copied = copy_database(source, target)
    except BadBackup as error:
        raise Stop(str(error), fix="Run `wirefold doctor`.", name="damaged") from None
    if as_json:
        print_json(
            {
                "file": str(target),
                "bytes": copied.size,
                "revision": copied.revision,
                "articles": copied.articles,
                "position": copied.position,
            }
        )
        return
    screen().print(
        f"{copied.articles} articles, up to position {copied.position} of the change feed, in {target}"
        f" ({copied.size} bytes)."
    )


def restore(
    source: Annotated[Path, typer.Argument(metavar="FILE", help="A backup.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Set the database that is there aside first.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Put a backup in the place of the SQLite database, and migrate it. No service may be running.

    What was there is not deleted: it gets another name. What was acknowledged after the backup is not in it;
    send it again. Consumers of the change feed whose cursor is behind its end have to be set back to it.
    """
    from app.store import schema
    from app.store.backup import BadBackup, copy_database, look_into, set_aside

    settings = read_settings()
    place = _file_of(settings, "Use `pg_restore --clean --dbname=DATABASE`; see docs/operating.md.")
    try:
        found = look_into(source)
        if not schema.is_known(found.revision):
            raise Stop(
                f"The backup has schema {found.revision}, which this program does not know.",
                fix="Restore it with the version that wrote it, or a later one.",
                name="schema",
            )
        aside = None
        if place.exists():
            if not replace:
                raise Stop(f"{place} is there already.", fix="Say --replace to set it aside.", name="file")
            _refuse_running(place)
            aside = set_aside(place, datetime.now(UTC))
        restored = copy_database(source, place)
    except BadBackup as error:
        raise Stop(str(error), fix="Take another backup.", name="damaged") from None
    schema.migrate(settings.database_url)
    if as_json:
        print_json(
            {
                "articles": restored.articles,
                "position": restored.position,
                "set_aside": str(aside) if aside else None,
            }
        )
        return
    screen().print(f"{restored.articles} articles, up to position {restored.position} of the change feed.")
    if aside:
        screen().print(f"What was there is {aside} now.")


def _show(verdict: "Verdict") -> None:
    if not verdict.wrong:
        screen().print(f"[green]ok  [/] [bold]{verdict.name}[/]")
        return
    sign = "[yellow]put right[/]" if verdict.sound else "[red]bad [/]"
    some = ", ".join(verdict.named)
    more = " …" if verdict.wrong > len(verdict.named) else ""
    screen().print(f"{sign} [bold]{verdict.name}[/] {verdict.wrong}: {said(verdict.says)}")
    screen().print(f"     [dim]{said(some)}{more}[/]")


def _file_of(settings: "Settings", fix: str) -> Path:
    from app.store.examining import database_file

    path = database_file(settings.database_url)
    if path is None:
        raise Stop("PostgreSQL has its own tools for this.", fix=fix, name="not-sqlite")
    return path


def _refuse_running(place: Path) -> None:
    """Refuse while a service holds its lease: it would go on writing to the file under its old name."""
    from app.services.refingerprint import LEASE
    from app.store.backup import lease_holders

    if holders := lease_holders(place, LEASE, datetime.now(UTC)):
        raise Stop(
            f"A service is running on the database ({holders[0]}), or was half a minute ago.",
            fix="Stop it, or wait half a minute.",
            name="running",
        )
