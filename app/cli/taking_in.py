"""``wirefold ingest``: files of submissions taken in, with or without a running service."""

import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, nullcontext
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import typer

from app.cli.failing import Code
from app.cli.opening import opened
from app.cli.printing import errors, print_json, to_json
from app.errors import WirefoldError

if TYPE_CHECKING:
    from rich.progress import Progress

    from app.cli.files import Bookmark, SubmissionFile
    from app.cli.report import Report
    from app.model import Submission
    from app.services.context import Context
    from app.services.drafting import Drafted
    from app.settings import Settings

FileName = Annotated[
    str,
    typer.Argument(
        metavar="FILE", help="NDJSON, a JSON array or object, gzipped or not; - is standard input."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
_GROUP_BYTES = 4 * 1024 * 1024
"""A group is stored when it has this much, however few its items: what is held stays bounded."""


def add_to(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command()(ingest)


def ingest(
    file: FileName,
    resume: Annotated[
        bool, typer.Option("--resume", help="Skip what an interrupted run of this file took in.")
    ] = False,
    results: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the answer to each item here, as NDJSON.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Take in a file of submissions and report what joined what.

    May run beside a service, and may be run again: what is stored already is known and not stored twice.
    """
    from app.cli.files import Bookmark, SubmissionFile
    from app.cli.report import Report

    if resume and file == "-":
        raise typer.BadParameter("standard input cannot be resumed", param_hint="--resume")
    with SubmissionFile(file) as source, opened(migrate=True) as (settings, ctx):
        bookmark = None if file == "-" else Bookmark.of_file(file)
        report = Report(skipped=bookmark.items() if bookmark and resume else 0)
        began = time.monotonic()
        with (
            _progress(source, hidden=as_json) as bar,
            results.open("w", encoding="utf-8") if results else nullcontext() as lines,
        ):
            _take_in(settings, ctx, source, report, bookmark, bar, lines)
        if bookmark:
            bookmark.remove()
    seconds = time.monotonic() - began
    if as_json:
        print_json(report.as_json(seconds))
    else:
        report.show(seconds)
    if report.refusals:
        raise typer.Exit(Code.INCOMPLETE)


def _take_in(
    settings: "Settings",
    ctx: "Context",
    source: "SubmissionFile",
    report: "Report",
    bookmark: "Bookmark | None",
    bar: "Progress",
    lines: IO[str] | None,
) -> None:
    from app.api.schemas.article import ArticleAnswer
    from app.services.ingest import take_in

    task = bar.task_ids[0]
    for read, drafted in _drafted(settings, ctx, _groups(source, settings, skip=report.skipped)):
        told = iter(take_in(ctx, drafted))
        for place, each in read:
            answer = each if isinstance(each, WirefoldError) else next(told)
            report.items += 1
            if isinstance(answer, WirefoldError):
                report.refuse(place, answer)
                line: object = {"item": place, "error": {"code": answer.code, "detail": answer.detail}}
            else:
                report.take(each, answer)  # type: ignore[arg-type]
                line = (
                    {"item": place, "article": ArticleAnswer.of(answer).model_dump(mode="json")}
                    if lines
                    else None
                )
            if lines:
                lines.write(to_json(line) + "\n")
        if bookmark:
            bookmark.put(read[-1][0])
        bar.update(task, completed=source.read, done=report.items, rate=_rate(bar, report))


def _drafted(
    settings: "Settings", ctx: "Context", groups: Iterable[list[tuple[int, bytes, int]]]
) -> Iterator[tuple[list[tuple[int, "Submission | WirefoldError"]], list["Drafted"]]]:
    """Each group read, with its drafts; the next ones are drafted meanwhile."""
    from app.bootstrap import limits_of, open_pool
    from app.cli.files import read_one

    limits, pool = limits_of(settings), open_pool(settings, ctx)
    ahead: deque[tuple[list[tuple[int, Submission | WirefoldError]], Future[list[Drafted]]]] = deque()
    with ThreadPoolExecutor(pool.drafters, thread_name_prefix="draft") as threads, closing(pool):
        broken: BaseException | None = None
        try:
            for group in groups:
                read = [(place, read_one(raw, limits, offset)) for place, raw, offset in group]
                accepted = [each for _, each in read if not isinstance(each, WirefoldError)]
                ahead.append((read, threads.submit(pool.draft_all, accepted)))
                if len(ahead) > pool.drafters:
                    read, drafts = ahead.popleft()
                    yield read, drafts.result()
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - raised again below
            broken = error
        # Where the file breaks off, or somebody interrupts, what was read before is taken in.
        for read, drafts in ahead:
            yield read, drafts.result()
        if broken is not None:
            raise broken


def _groups(
    source: "SubmissionFile", settings: "Settings", *, skip: int
) -> Iterator[list[tuple[int, bytes, int]]]:
    """Items with their places in the file, in groups that are stored together."""
    group: list[tuple[int, bytes, int]] = []
    size = 0
    for place, item in enumerate(source.items(max_item_bytes=settings.max_item_bytes), start=1):
        if place <= skip:
            continue
        group.append((place, item.raw, item.offset))
        size += len(item.raw)
        if len(group) == settings.batch_group or size >= _GROUP_BYTES:
            yield group
            group, size = [], 0
    if group:
        yield group


def _progress(source: "SubmissionFile", *, hidden: bool) -> "Progress":
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    text = TextColumn("{task.fields[done]} articles, {task.fields[rate]:.0f} a second")
    bar = Progress(
        BarColumn(), TaskProgressColumn(), text, TimeRemainingColumn(), console=errors(), transient=True,
        disable=hidden,
    )  # fmt: skip
    bar.add_task("", total=source.size, done=0, rate=0.0)
    return bar


def _rate(bar: "Progress", report: "Report") -> float:
    return report.items / max(bar.tasks[0].elapsed or 0.0, 1e-3)
