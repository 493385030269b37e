"""The report as Markdown: tables of what was measured, and what follows from them in words."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from measures import Rates
from method import Method

if TYPE_CHECKING:
    from report import Call, Learned, SetReport

WIREFOLD = "Wirefold"
_NEAR = 0.005
"""What is this close counts as level, and is told with what is better."""
NAMES = {
    "pairs": "wire and web, read by people",
    "languages": "30 languages, read by people",
    "reuters": "a wire of 1987, by rule",
    "web": "web 2004–20, by rule and hand",
    "newsdesk": "newsdesk, written by us",
    "repeats/articles": "standfirsts: who prints them twice",
    "repeats/runs": "repeated runs, read by people",
    "languages/runs": "repeated runs in 30 languages",
}


def told(name: str) -> str:
    """What a set is called in the report."""
    return NAMES.get(name, name)


def write(
    *,
    reports: Sequence["SetReport"],
    repeats: Mapping[str, Mapping[str, Rates]],
    methods: Sequence[Method],
    learned: "Learned | None",
    picture: str,
) -> str:
    """The whole page."""
    parts = [
        (
            "# Quality\n\n"
            "Wirefold and what others use, measured on the same labelled pairs in one run. Written by `make quality"
            " DATA=…`; do not edit. The labelled texts belong to their publishers and do not come with the project;"
            " `make quality` alone measures the set that does.\n\n"
            "A pair is right when two articles that people call one story (copy, excerpt, revision) are called one,"
            " and two others two. *All* counts every labelled pair, *sure* those the reader was sure of."
        ),
        "## In short\n\n" + _short(reports),
        _picture(reports, picture),
        "## Methods\n\n" + _methods(methods),
        "## Pairs\n\n" + "\n\n".join(map(_pairs, reports)),
        "## Stories\n\n" + _groups(reports),
        "## Repeats inside a page\n\n" + _repeats(repeats),
    ]
    if learned:
        parts.append("## What each signal brings\n\n" + _learned(learned))
    parts += [
        "## Where a peer is better, or level\n\n" + _better(reports),
        "## Hardest mistakes\n\n" + _mistakes(reports),
    ]
    return "\n\n".join(parts) + "\n"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def figure(value: float) -> str:
    """Three places, without the zero before the point."""
    return f"{value:.3f}".removeprefix("0")


def _cost(value: float | None, places: int = 1) -> str:
    return "" if value is None else f"{value:,.{places}f}"


def fair(report: "SetReport", method: str) -> "Call":
    """The setting by which a method is judged: cross-validated where it is, else its best documented one."""
    calls = [call for call in report.calls if call.method == method]
    crossed = [call for call in calls if "tenfold" in call.setting]
    return crossed[0] if crossed else max(calls, key=lambda call: call.every.f1)


def _named(*reports: "SetReport") -> list[str]:
    return list(dict.fromkeys(call.method for report in reports for call in report.calls))


def _both(call: "Call") -> str:
    return f"{figure(call.every.f1)} / {figure(call.sure.f1)}"


def _short(reports: Sequence["SetReport"]) -> str:
    rows = []
    for method in _named(*reports):
        cells = [_both(fair(r, method)) if method in _named(r) else "not run" for r in reports]
        rows.append([method, *cells, _cost(_mean_cost(reports, method))])
    whole = [next(c for c in r.calls if "whole service" in c.setting) for r in reports]
    cost = [report.service_ms for report in reports]
    rows.insert(
        1,
        [
            f"{WIREFOLD}, whole service, as shipped",
            *map(_both, whole),
            _cost(sum(cost) / len(cost)),
        ],
    )
    head = ["F1, all / sure", *(told(report.name) for report in reports), "CPU ms an article"]
    return (
        table(head, rows)
        + "\n\nWirefold's first row is cross-validated, ten folds by story: its weights were learned from the other"
        " nine tenths of all sets together, one set of weights for all. (On the set written by us nothing was"
        " learned: there it is as shipped.) Rows *as shipped* flatter it: their weights have seen these pairs. A peer's threshold was found the same way, but for each set anew, which"
        " favours it. A rule without a threshold is taken as documented. A pair is"
        " judged by itself there, before any furniture is learned; the whole service learns furniture as it goes and"
        " sees a set from end to end. Costs are CPU time on one thread, preparing an article; the whole service adds candidates, comparisons, stories and the database."
    )


def _picture(reports: Sequence["SetReport"], picture: str) -> str:
    names = ", ".join(told(report.name) for report in reports)
    return f"![Precision against recall of each method, one square a set: {names}]({picture})"


def _methods(methods: Sequence[Method]) -> str:
    rows = [
        [
            WIREFOLD,
            (
                "cleaned text, exact comparison, two dozen signals, learned weights:"
                " [decision 4](decisions/0004-decision-by-named-signals.md)"
            ),
        ]
    ]
    for method in methods:
        absent = f" **Not installed: {', '.join(method.missing)}.**" if method.missing else ""
        rows.append([method.name, method.recipe + absent])
    return (
        table(["method", "recipe"], rows)
        + "\n\nMinHashLSH is asked as its recipe has it: what shares a bucket is a duplicate. All other methods score"
        " every labelled pair, so none pays here for pairs that its index would not have proposed. All peers get"
        " headline and text as they are; an ideograph counts as a word, which is kinder than their white space."
    )


def _pairs(report: "SetReport") -> str:
    rows = [
        [
            call.method,
            call.setting,
            figure(call.every.precision),
            figure(call.every.recall),
            figure(call.every.f1),
            figure(call.sure.f1),
            _cost(call.article_ms),
            _cost(call.pair_us),
        ]
        for call in report.calls
    ]
    head = ["method", "setting", "precision", "recall", "F1, all", "F1, sure", "ms an article", "µs a pair"]
    return (
        f"### {told(report.name).capitalize()}\n\n{report.articles:,} articles; {report.pairs:,} pairs,"
        f" {report.joined:,} of them one story. The whole service took {report.service_ms:.1f} ms of CPU an article.\n\n"
        + table(head, rows)
    )


def _groups(reports: Sequence["SetReport"]) -> str:
    parts = [
        (
            "The labelled articles of each set, as stories. Wirefold's are the canonical IDs after all articles of the set"
            " went through the service in order of publication. A peer's are what its links tie together among the"
            " labelled articles alone, at the threshold that is best for the pairs. Where a set names no stories, the true"
            " ones are what its pairs tie together; two articles that nobody compared count as two stories there, which"
            " is not always so and hurts all methods alike."
        )
    ]
    for report in reports:
        rows = [
            [name, *(figure(value) for value in group.bcubed), figure(group.rand)]
            for name, group in report.groups.items()
        ]
        head = ["method", "B-cubed precision", "recall", "F1", "adjusted Rand"]
        parts.append(f"### Stories: {told(report.name)}\n\n" + table(head, rows))
    return "\n\n".join(parts)


def _repeats(repeats: Mapping[str, Mapping[str, Rates]]) -> str:
    rows = [
        [told(name), finder, *(figure(value) for value in found)]
        for name, finders in repeats.items()
        for finder, found in finders.items()
    ]
    return (
        "A page artefact (standfirst, pull quote, caption, block, furniture) has to be reported; what the writer"
        " repeats has to stay.\n\n" + table(["pages", "finder", "precision", "recall", "F1"], rows)
    )


def _learned(learned: "Learned") -> str:
    head = ["left out: signals", *(told(name) for name in learned.sets)]
    base = learned.without["nothing"]
    rows = []
    for name, values in learned.without.items():
        changes = zip(values, base, strict=True)
        cells = [figure(v) if name == "nothing" else f"{figure(v)} ({v - b:+.3f})" for v, b in changes]
        rows.append([name, *cells])
    curve = [[count, *map(figure, values)] for count, values in learned.shares.items()]
    return (
        "F1 on all pairs, cross-validated, when the signals of one kind are left out and the rest learned anew."
        " Signals overlap: what one kind loses the others partly make up. Between random splits the small sets move by about .015, so that much either way says nothing.\n\n"
        + table(head, rows)
        + "\n\nAnd when fewer stories are learned from:\n\n"
        + table(["stories", *(told(name) for name in learned.sets)], curve)
    )


def _better(reports: Sequence["SetReport"]) -> str:
    said = [line for report in reports for line in _better_on(report)]
    own_cost = _mean_cost(reports, WIREFOLD)
    cheaper = [m for m in _named(*reports)[1:] if 0 < _mean_cost(reports, m) < own_cost]
    if cheaper:
        costs = ", ".join(f"{method} {_mean_cost(reports, method):.1f}" for method in cheaper)
        said.append(
            f"- Cheaper to prepare an article: {costs} ms of CPU; Wirefold takes {own_cost:.1f}, which pays for cleaning"
            " and for repeats."
        )
    return "\n".join(said) if said else "Nowhere in this run."


def _better_on(report: "SetReport") -> Iterator[str]:
    """Where a peer beats Wirefold's fair figure: in F1, in precision at a useful recall, in stories."""
    own = fair(report, WIREFOLD)
    for method in _named(report)[1:]:
        call = fair(report, method)
        if call.every.f1 > own.every.f1 - _NEAR or call.sure.f1 > own.sure.f1 - _NEAR:
            yield (
                f"- On *{told(report.name)}* {method} ({call.setting}) reaches F1 {_both(call)}, Wirefold {_both(own)}"
                " (all / sure)."
            )
    finer = [
        call
        for call in report.calls
        if call.method != WIREFOLD
        and call.every.precision > own.every.precision + 0.005
        and call.every.recall > 0.5 * own.every.recall
    ]
    if finer:
        call = max(finer, key=lambda each: each.every.f1)
        yield (
            f"- On *{told(report.name)}* {call.method} ({call.setting}) is more precise:"
            f" {figure(call.every.precision)} at recall {figure(call.every.recall)}, Wirefold"
            f" {figure(own.every.precision)} at {figure(own.every.recall)}."
        )
    name, best = max(report.groups.items(), key=lambda item: item[1].bcubed.f1)
    if name != WIREFOLD:
        yield (
            f"- On *{told(report.name)}* the stories of {name} have B-cubed F1 {figure(best.bcubed.f1)}, Wirefold's"
            f" {figure(report.groups[WIREFOLD].bcubed.f1)}."
        )


def _mean_cost(reports: Sequence["SetReport"], method: str) -> float:
    costs = [c.article_ms for r in reports for c in r.calls if c.method == method and c.article_ms]
    return sum(costs) / max(1, len(costs))


def _mistakes(reports: Sequence["SetReport"]) -> str:
    parts = [
        (
            "Pairs the reader was sure of and the service got wrong, those it was most certain of first, described in our"
            " own words. The handle names the pair for those who have the data (`mistakes.py`)."
        )
    ]
    for report in reports:
        rows = [
            [
                f"`{mistake.handle}`",
                mistake.label,
                "one story" if mistake.joined else "two stories",
                f"{mistake.probability:.2f}",
                mistake.figures,
                mistake.note or "",
            ]
            for mistake in report.mistakes
        ]
        if rows:
            head = ["pair", "label", "told", "probability", "measured", "what it is"]
            parts.append(f"### Mistakes: {told(report.name)}\n\n" + table(head, rows))
        else:
            parts.append(f"### Mistakes: {told(report.name)}\n\nNone.")
    return "\n\n".join(parts)
