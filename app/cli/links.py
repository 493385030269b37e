"""``wirefold links``: what people said of articles, taken in from another database."""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.failing import Code, Commands
from app.cli.opening import opened
from app.cli.printing import print_json, said, screen
from app.errors import WirefoldError

if TYPE_CHECKING:
    from app.cli.files import SubmissionFile
    from app.services.acting import Order
    from app.services.context import Context

app = typer.Typer(
    cls=Commands, help="Take in must- and cannot-links of another database.", no_args_is_help=True
)

_BY = "command line"
_LONGEST_LINE = 1024 * 1024


@app.callback()
def links() -> None:
    """Keep the command's name: a group of one would else be that one."""


@app.command("import")
def import_(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="What `export links` wrote; - is standard input.")
    ],
    *,
    why: Annotated[str | None, typer.Option(help="The reason, for lines that have none.")] = None,
    overrule: Annotated[
        bool, typer.Option("--overrule", help="Take back what speaks against a line.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would come of it.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say here what people said there. What counts already is not said twice; a bad line stops no other."""
    from app.cli.files import SubmissionFile
    from app.services.acting import Order
    from app.store.sight import EVERYTHING

    order = Order(by=_BY, why=why or "", overrule=overrule, dry_run=dry_run, sight=EVERYTHING)
    counts: Counter[str] = Counter()
    refusals: list[tuple[int, WirefoldError]] = []
    with SubmissionFile(file) as source, opened() as (_, ctx):
        for number, came in _imported(ctx, order, source):
            if isinstance(came, WirefoldError):
                refusals.append((number, came))
            else:
                counts[came] += 1
    told = {name: counts[name] for name in ("said", "known", "ended")}
    if as_json:
        refused = [{"line": at, "error": {"code": e.code, "detail": e.detail}} for at, e in refusals]
        print_json(told | {"refused": refused, "dry_run": dry_run})
    else:
        for at, error in refusals:
            screen().print(f"[red]line {at}[/] {said(error.detail)} [dim]{said(error.fix)}[/]")
        done = "would be said" if dry_run else "said"
        screen().print(
            f"{told['said']} {done}, {told['known']} known, {told['ended']} ended, {len(refusals)} refused."
        )
    if refusals:
        raise typer.Exit(Code.INCOMPLETE)


def _imported(
    ctx: "Context", order: "Order", source: "SubmissionFile"
) -> Iterator[tuple[int, "str | WirefoldError"]]:
    """What came of each line: an outcome, or why there is none."""
    from dataclasses import replace

    from app.api.schemas.link_import import read_link_line
    from app.services.importing_links import import_link

    for number, item in enumerate(source.items(max_item_bytes=_LONGEST_LINE), start=1):
        try:
            line, reason = read_link_line(item.raw, why=order.why)
            yield number, import_link(ctx, replace(order, why=reason), line).outcome.value
        except WirefoldError as error:
            if error.status >= 500:
                raise
            yield number, error
