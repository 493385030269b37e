"""``wirefold replay``: what another policy would make of the archive, as a table, JSON or a page."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.failing import Code
from app.cli.opening import opened
from app.cli.printing import print_json, said, screen, table
from app.dedup.policy import NAMED, PolicyName

if TYPE_CHECKING:
    from app.console.replay_page import Totals
    from app.services.replayed import PairChange, Replayed, StoryChange

_TITLE = 60


def add_to(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command()(replay)


def replay(
    policy: Annotated[PolicyName, typer.Option(help="Judge by this policy.")],
    source: Annotated[
        str | None, typer.Option(help="As if this source alone were under it; only its pairs are judged.")
    ] = None,
    since: Annotated[str | None, typer.Option(help="Only pairs whose later article came since then.")] = None,
    until: Annotated[str | None, typer.Option(help="Only pairs whose later article came before.")] = None,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a page with both texts side by side.")
    ] = None,
    most: Annotated[int, typer.Option(min=0, help="Changes to show in the table and on the page.")] = 100,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON: every change, then the totals.")
    ] = False,
) -> None:
    """Judge what is stored again under another policy, and say what would change. Changes nothing.

    Ends with 0 where nothing would change, and with 1 where anything would.
    """
    from app.console.replay_page import Totals, render
    from app.parsing.dates import read_moment
    from app.services.beside import lay_beside
    from app.services.replaying import asked, replay_all

    pairs: list[PairChange] = []
    stories: list[StoryChange] = []
    with opened() as (_, ctx):
        bounds = (read_moment(since, field="since"), read_moment(until, field="until"))
        what = asked(ctx, policy, source=source, since=bounds[0], until=bounds[1])
        totals = Totals(0, 0, 0, 0, Counter(), Counter())
        for page in replay_all(ctx, what):
            totals = totals.with_(page)
            if as_json:
                _print_changes(page)
            pairs += page.pair_changes[: most - len(pairs)]
            stories += page.story_changes[: most - len(stories)]
        if html:
            with html.open("wb") as file:
                made = render(
                    NAMED[policy].id,
                    totals,
                    pairs,
                    stories,
                    lambda change: lay_beside(ctx, change.a.key, change.b.key),
                )
                file.writelines(made)
    if as_json:
        print_json(_summary(NAMED[policy].id, totals))
    else:
        _show(NAMED[policy].id, totals, pairs, stories)
    if totals.pair_effects or totals.story_effects:
        raise typer.Exit(Code.INCOMPLETE)


def _print_changes(page: "Replayed") -> None:
    from app.api.schemas.replay import PairChangeOut, StoryChangeOut

    for pair in page.pair_changes:
        print_json({"pair": PairChangeOut.of(pair).model_dump(mode="json")})
    for story in page.story_changes:
        print_json({"story": StoryChangeOut.of(story).model_dump(mode="json")})


def _summary(policy: str, totals: "Totals") -> dict[str, object]:
    return {
        "policy": policy,
        "looked_at": {
            "stories": totals.stories,
            "pairs": totals.pairs,
            "left_out": totals.left_out,
            "cut": totals.cut,
        },
        "pairs": dict(totals.pair_effects),
        "stories": dict(totals.story_effects),
    }


def _show(
    policy: str, totals: "Totals", pairs: "Iterable[PairChange]", stories: "Iterable[StoryChange]"
) -> None:
    tell = screen().print
    left_out = f", {totals.left_out} left out" if totals.left_out else ""
    tell(f"[bold]{policy}[/]: {totals.pairs} pairs of {totals.stories} stories judged again{left_out}")
    if totals.cut:
        tell(f"{totals.cut} groups of connected stories were too large to be derived whole")
    if not totals.pair_effects and not totals.story_effects:
        tell("Nothing would change.")
        return
    counts = table("would", "pairs", "stories", title="\nChanges")
    for effect in sorted({*totals.pair_effects, *totals.story_effects}):
        counts.add_row(
            effect, *(str(each[effect] or "") for each in (totals.pair_effects, totals.story_effects))
        )
    tell(counts)
    shown = table("would", "is", "would be", "one story", "later", "earlier", title="\nPairs")
    for pair in pairs:
        told = pair.decision
        sides = (f"{side.article_id}\n{said(side.title)[:_TITLE]}" for side in (pair.a, pair.b))
        shown.add_row(pair.effect, pair.was, told.relation, f"{told.probability:.0%}", *sides)
    tell(shown)
    groups = table("would", "now", "then", title="\nStories")
    for story in stories:
        cells = (
            "\n".join(f"{each.canonical_id or 'a new ID'} with {len(each.articles)}" for each in side)
            for side in (story.before, story.after)
        )
        groups.add_row(story.effect, *cells)
    tell(groups)
