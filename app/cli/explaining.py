"""An explanation, for people to read."""

from app.cli.printing import said, screen, table
from app.model import LinkKind
from app.services.explain import MOST_SHOWN, Explanation

_MOST_SPANS = 8


def show(told: Explanation) -> None:
    """Print all of it."""
    tell = screen().print
    for letter, side in (("a", told.a), ("b", told.b)):
        tell(f"{letter}  [bold]{said(side.title)}[/] [dim]{said(side.source)}, {side.words} words,[/]")
        tell(f"   [dim]{side.article_id} version {side.version} in {side.canonical_id}[/]")
    decision = told.decision
    kind = f", {decision.revision_kind}" if decision.revision_kind else ""
    verdict = "one story" if told.same_story else "two stories"
    tell(f"\n[bold]{verdict}[/] now. The pair by itself:")
    tell(f"[bold]{decision.relation}{kind}[/], {decision.probability:.1%} one story")
    tell(f"[dim]rule {decision.rule}; one story from {told.join_at:.0%}; policy {told.policy}[/]")
    if told.edge is not None:
        tell(
            f"[dim]found when the later one arrived: {told.edge.relation}, weight {told.edge.weight:+.2f}[/]"
        )
    for word in told.said:
        what = "one story" if word.kind is LinkKind.MUST else "different stories"
        tell(f"{said(word.by)} said that they are {what}: {said(word.why)} [dim]({word.link_id})[/]")
    for reason in decision.reasons:
        tell(f"  {said(reason)}")
    if told.differences:
        rows = table("differs", "b", "a", "at b", "at a", title="\nFacts that differ")
        for each in told.differences:
            spans = ["–".join(map(str, span)) if span else "" for span in (each.at_b, each.at_a)]
            rows.add_row(each.kind.value, said(each.b), said(each.a), *spans)
        tell(rows)
    signals = table("signal", "value", "weight", "adds", title="\nSignals, strongest first")
    for signal in told.contributions:
        signals.add_row(
            signal.signal, *(f"{n:.3f}" for n in (signal.value, signal.weight)), f"{signal.contribution:+.2f}"
        )
    signals.add_row("(intercept)", "", "", f"{told.intercept:+.2f}")
    tell(signals)
    stretches = [
        f"{each.words} words at {each.a.start}–{each.a.end} / {each.b.start}–{each.b.end}"
        for each in told.spans[:_MOST_SPANS]
    ]
    tell(f"\n{len(told.spans)} aligned stretches: {', '.join(stretches)}")
    if told.truncated:
        tell(f"There are more: only the first {MOST_SHOWN} stretches and differences are given.")
    if told.turns:
        tell("\nThe verdict would have been another if, all else equal,")
        for turn in told.turns:
            tell(f"  {said(turn.words)}")
