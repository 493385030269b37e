"""``wirefold check``: what would be answered to the submissions of a file. Stores nothing."""

from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.failing import Code
from app.cli.opening import opened
from app.cli.printing import print_json, said, screen
from app.errors import WirefoldError

if TYPE_CHECKING:
    from app.model import Ingested, Submission

FileName = Annotated[str, typer.Argument(metavar="FILE", help="As for ingest; - is standard input.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def add_to(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command()(check)


def check(file: FileName, as_json: AsJson = False) -> None:
    """Say what would be answered to each submission of a file. Stores nothing."""
    from app.api.schemas.article import CheckAnswer
    from app.bootstrap import limits_of
    from app.cli.files import SubmissionFile, read_one
    from app.services.ingest import check as look_up
    from app.store.sight import EVERYTHING

    refused = False
    with SubmissionFile(file) as source, opened() as (settings, ctx):
        limits = limits_of(settings)
        for item in source.items(max_item_bytes=settings.max_item_bytes):
            submission = read_one(item.raw, limits, item.offset)
            try:
                if isinstance(submission, WirefoldError):
                    raise submission
                told = look_up(ctx, submission, EVERYTHING)
            except WirefoldError as error:
                refused = True
                _show_refusal(error, as_json=as_json)
                continue
            if as_json:
                print_json(CheckAnswer.of(told).model_dump(mode="json"))
            else:
                _show(submission, told)
    if refused:
        raise typer.Exit(Code.INCOMPLETE)


def _show_refusal(error: WirefoldError, *, as_json: bool) -> None:
    if as_json:
        print_json({"error": {"code": error.code, "detail": error.detail, "fix": error.fix}})
    else:
        screen().print(f"[red]{error.code}[/] {said(error.detail)} {said(error.fix or '')}")


def _show(submission: "Submission", told: "Ingested") -> None:
    decision = told.decision
    kind = f", {decision.revision_kind}" if decision.revision_kind else ""
    screen().print(f"[bold]{said(submission.title)}[/]")
    where = f" of {decision.matched_id}" if decision.matched_id else ""
    where += f" in {told.canonical_id}" if told.canonical_id else ""
    screen().print(
        f"  {decision.relation}{kind}{where} [dim]({decision.rule}, {decision.probability:.0%})[/]"
    )
    for reason in decision.reasons:
        screen().print(f"  [dim]{said(reason)}[/]")
    for repeat in told.repeats:
        span = repeat.removed
        screen().print(f"  prints its {repeat.kind} again at {span.start}–{span.end}")
