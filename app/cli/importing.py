"""``wirefold import``: whole archives taken in, in order of publication, and gone on with after a break."""

import hashlib
import os
import platform
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import orjson
import typer

from app.cli.failing import Code, Stop
from app.cli.opening import opened
from app.cli.printing import print_json
from app.errors import StorageFull, WirefoldError

if TYPE_CHECKING:
    from app.cli.import_progress import Progress
    from app.cli.import_report import Rejects, Report
    from app.services.archived import Wording
    from app.services.context import Context
    from app.services.importing import Found, Group
    from app.services.ingest import Answer
    from app.settings import Settings

_HEAD = 256 * 1024
"""Bytes of an archive that tell it from others of its size."""
_MARK_EVERY_S = 1.0
"""How often it is noted how far it has come: what a break costs is to look again at what came since."""


def add_to(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command("import")(import_)


def import_(
    archives: Annotated[
        list[Path],
        typer.Argument(metavar="ARCHIVE…", help="NDJSON, Parquet or WARC; .gz and .zst are unpacked."),
    ],
    as_read: Annotated[
        bool, typer.Option("--as-read", help="The archives are in order already: do not sort by publication.")
    ] = False,
    field: Annotated[
        list[str] | None,
        typer.Option(metavar="OURS=THEIRS", help="Where the archive calls a field by another name."),
    ] = None,
    source: Annotated[
        str | None, typer.Option(help="Source of articles that name none, and of all pages.")
    ] = None,
    rejects: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Where refused records are listed; beside the first archive."),
    ] = None,
    work: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Where records are sorted; needs the unpacked archives' room."),
    ] = None,
    restart: Annotated[
        bool, typer.Option("--restart", help="Begin anew; what is stored already is not stored twice.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Take in archives of any size, oldest article first. Broken off, the same command goes on.

    May run beside a service. Records that cannot be read are listed with the reason and stop nothing.
    """
    from app.bootstrap import drafting_processes
    from app.cli.import_progress import Progress
    from app.cli.import_report import Rejects, Report
    from app.parsing.archive_records import UnreadableArchive
    from app.services import importing

    with opened(migrate=True) as (settings, ctx):
        wording = _wording(settings, field or [], source)
        name = _name_of(archives, wording, as_read=as_read)
        if restart:
            importing.forget(ctx, name)
        begun = importing.taken_in(ctx, name)
        report = Report(archives, before=begun.records)
        listed = Rejects(rejects or Path(f"{archives[0]}.rejects.ndjson"), archives, fresh=not begun.records)
        if not begun.complete:
            folder = None if as_read else _folder(work, name)
            count = settings.batch_group
            try:
                with Progress() as progress, _tending(settings, ctx), listed:
                    found = _in_order(archives, wording, report, progress, folder)
                    steps = importing.take_in_groups(
                        ctx,
                        importing.groups(islice(found, begun.records, None), count),
                        wording,
                        processes=drafting_processes(settings),
                    )
                    _follow(ctx, name, steps, report, listed, progress)
            except UnreadableArchive as error:
                raise Stop(error.detail, fix=error.fix, name="archive") from None
            importing.note(ctx, name, report.taken, complete=True)
            if folder:
                shutil.rmtree(folder, ignore_errors=True)
    if as_json:
        print_json(report.as_json())
    else:
        report.show(listed.path)
    if report.rejected:
        raise typer.Exit(Code.INCOMPLETE)


def _in_order(
    archives: Sequence[Path], wording: "Wording", report: "Report", progress: "Progress", folder: Path | None
) -> "Iterator[Found]":
    from app.services import importing

    if folder is None:
        progress.taking_in(None, report.before)
        yield from importing.as_read(archives, wording, report.reading)
        return
    for records in importing.sort(archives, wording, folder, report.reading):
        progress.sorting(records)
    progress.taking_in(report.reading.records, report.before)
    yield from importing.in_order(folder)


def _follow(
    ctx: "Context",
    name: str,
    steps: "Iterator[tuple[Group, list[Answer]]]",
    report: "Report",
    listed: "Rejects",
    progress: "Progress",
) -> None:
    from app.services import importing

    noted = time.monotonic()
    try:
        for group, answers in steps:
            for found, answer in zip(group, answers, strict=True):
                if isinstance(answer, WirefoldError):
                    listed.add(found, answer)
                report.take(answer)
            progress.taken(report.taken)
            if time.monotonic() - noted > _MARK_EVERY_S:
                listed.flush()
                importing.note(ctx, name, report.taken)
                noted = time.monotonic()
    except (KeyboardInterrupt, StorageFull):
        listed.flush()
        importing.note(ctx, name, report.taken)
        raise


def _wording(settings: "Settings", fields: Sequence[str], source: str | None) -> "Wording":
    from app.bootstrap import limits_of
    from app.parsing.submission import FIELDS
    from app.services.archived import Wording

    named: dict[str, str] = {}
    for each in fields:
        ours, _, theirs = each.partition("=")
        if ours not in FIELDS or not theirs:
            raise typer.BadParameter(
                f"{each!r}: write OURS=THEIRS, ours being one of {', '.join(FIELDS)}", param_hint="--field"
            )
        named[ours] = theirs
    limits = limits_of(settings)
    return Wording(bounds=limits.bounds, ratio=limits.gzip_ratio, source=source or None, fields=named)


def _name_of(archives: Sequence[Path], wording: "Wording", *, as_read: bool) -> str:
    """What this import is known by: the archives' sizes and beginnings, and how they are read."""
    digest = hashlib.blake2b(digest_size=12)
    said: list[object] = [as_read, wording.source, sorted(wording.fields.items())]
    for path in archives:
        with path.open("rb") as file:
            said += [path.stat().st_size, hashlib.blake2b(file.read(_HEAD), digest_size=16).hexdigest()]
    digest.update(orjson.dumps(said))
    return digest.hexdigest()


def _folder(work: Path | None, name: str) -> Path:
    """The folder that an import of this name sorts in: its user's alone, whoever may write beside it."""
    folder = (work or Path(tempfile.gettempdir())) / f"wirefold-import-{name}"
    folder.mkdir(mode=0o700, parents=work is not None, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o077:
        raise Stop(
            f"{folder} is not this user's alone.", fix="Remove it, or name another folder with --work."
        )
    return folder


@contextmanager
def _tending(settings: "Settings", ctx: "Context") -> "Iterator[None]":
    """Seal the index and do what else a service tends to, unless one does already."""
    from app.workers import loop
    from app.workers.tender import Tender

    tender = Tender(
        ctx,
        holder=f"{platform.node()}:{os.getpid()}",
        idempotency_ttl=timedelta(hours=settings.idempotency_hours),
        retention_days=settings.retention_days,
        index_days=settings.index_days,
    )
    tending = loop.start(tender.step, name="tend", busy=lambda: tender.fed)
    try:
        yield
    finally:
        tending.stop(timeout_s=10)
        tender.close()
