"""The quality report: Wirefold and what others use, on the same labelled pairs, in one run.

    python benchmarks/quality/report.py [DATA] [--output docs/quality.md] [--cache FILE]

DATA holds labelled sets as reading.py describes them; without it, only the set that comes with the
project is measured. Methods whose packages are not installed are named as such. ``--cache`` keeps
embeddings between runs: they take most of the time.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

# One thread: the CPU time of a method is then what it would cost anywhere.
os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"))

import charts
import numpy as np
import service
import writing
from embedding import embedders
from learning import FOLDS, Evidence, cross_validated, gather
from measures import (
    Grouping,
    Rates,
    best_threshold,
    called_at_best,
    curve,
    grouping,
    is_flagged,
    rates,
    score,
)
from method import Components, Measured, Method, Pairs
from mistakes import Mistake, hardest
from numpy.typing import NDArray
from peers import PEERS
from reading import Flags, LabelledSet, Record, read_pages, read_sets, stories
from repeated import FINDERS

OWN = Path(__file__).resolve().parent / "newsdesk"
CROSS = "tenfold by story"
BEST = "best threshold, tenfold"
WIREFOLD = "Wirefold"
SHARES = (0.03, 0.1, 0.3)
# What the signals of one kind are recognised by. The order counts: the first that fits takes a signal.
KINDS = {
    "same outlet": ("source",),
    "time": ("hours",),
    "numbers": ("numbers",),
    "days and months": ("dates",),
    "names": ("names",),
    "headline": ("headline",),
    "lead": ("lead",),
    "alignment": ("aligned", "run"),
    "shared runs": ("containment", "jaccard"),
    "length": ("words", "length"),
}


@dataclass(frozen=True)
class Call:
    """What one method called one story, at one setting."""

    method: str
    setting: str
    every: Rates
    sure: Rates
    article_ms: float | None = None
    pair_us: float | None = None


@dataclass(frozen=True)
class SetReport:
    """Everything that was measured on one set."""

    name: str
    articles: int
    labelled: int
    pairs: int
    joined: int
    calls: list[Call]
    groups: dict[str, Grouping]
    curves: dict[str, object]
    mistakes: list[Mistake]
    service_ms: float


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path, nargs="?")
    parser.add_argument("--output", type=Path, default=Path("docs/quality.md"))
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--embed-most", type=int, metavar="N", default=10**9)
    options = parser.parse_args()
    methods = [*PEERS, *embedders(options.cache, options.embed_most)]
    foreign = read_sets(options.data) if options.data else []
    foreign.sort(key=lambda each: len(each.pairs))
    known = learn(foreign) if foreign else None
    found = {OWN.name: repeats(read_pages(OWN))}
    if options.data:
        found = {name: repeats({name: of}) for name, of in read_pages(options.data).items()} | found
    reports: list[SetReport] = []
    # The small sets first, and the report after each: what is measured stands there if the rest is stopped.
    for each in [*read_sets(OWN), *foreign]:
        say(f"{each.name}: {len(each.pairs)} pairs")
        odds = known.odds(each.name) if known and each in foreign else None
        reports.append(measure(each, [method for method in methods if not method.missing], odds))
        save(options.output, reports, found, methods, known)


def save(
    output: Path,
    reports: list["SetReport"],
    found: dict[str, dict[str, Rates]],
    methods: Sequence[Method],
    known: "Learned | None",
) -> None:
    names = [WIREFOLD, *(method.name for method in methods if not method.missing)]
    output.parent.mkdir(parents=True, exist_ok=True)
    picture = output.with_suffix(".svg")
    ordered = [*reports[1:], reports[0]]
    picture.write_text(charts.draw({writing.told(r.name): r.curves for r in ordered}, names), "utf-8")
    text = writing.write(reports=ordered, repeats=found, methods=methods, learned=known, picture=picture.name)
    output.write_text(text, "utf-8")


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def measure(each: LabelledSet, methods: Sequence[Method], odds: NDArray[np.float64] | None) -> SetReport:
    articles, pairs = each.labelled, positions(each)
    apart = stories(each.pairs)
    calls: list[Call] = []
    groups: dict[str, Grouping] = {}
    curves: dict[str, object] = {}
    truth = true_stories(each, articles)

    def call(method: str, setting: str, told: Flags, of: Measured | None = None) -> None:
        every, sure = score(each.joined, told), score(each.joined[each.sure], told[each.sure])
        costs = (of.article_ms, of.pair_us) if of else (None, None)
        calls.append(Call(method, setting, every, sure, *costs))

    shipped = service.as_shipped(each, pairs)
    call(WIREFOLD, "as shipped", shipped.documented["as shipped"], shipped)
    made = service.stories(each)
    canonical = [made.canonical[article["uid"]] for article in articles]
    joined = np.array([canonical[a] == canonical[b] for a, b in pairs.tolist()])
    call(WIREFOLD, "as shipped, whole service", joined)
    if odds is not None:
        call(WIREFOLD, CROSS, odds > 0)
    curves[WIREFOLD] = curve(each.joined, shipped.scores if odds is None else odds)
    groups[WIREFOLD] = grouping(truth, canonical)
    for method in methods:
        say(f"  {method.name}")
        of = method.measure(articles, pairs)
        if of is None:
            continue
        for setting, told in of.documented.items():
            call(method.name, setting, told, of)
        if not method.is_rule:
            call(method.name, BEST, called_at_best(each.joined, of.scores, apart), of)
        rule = score(each.joined, of.scores > 0)
        curves[method.name] = (
            (rule.recall, rule.precision) if method.is_rule else curve(each.joined, of.scores)
        )
        threshold = 0.5 if method.is_rule else best_threshold(each.joined, of.scores)
        groups[method.name] = grouping(truth, Components(len(articles)).tie(of.links(threshold)))
    return SetReport(
        name=each.name,
        articles=len(each.articles),
        labelled=len(articles),
        pairs=len(each.pairs),
        joined=int(each.joined.sum()),
        calls=calls,
        groups=groups,
        curves=curves,
        mistakes=hardest(each, joined, shipped.scores),
        service_ms=made.article_ms,
    )


def positions(each: LabelledSet) -> Pairs:
    """The pairs as positions in the labelled articles."""
    at = {article["uid"]: place for place, article in enumerate(each.labelled)}
    return np.array([[at[pair["a"]], at[pair["b"]]] for pair in each.pairs])


def true_stories(each: LabelledSet, articles: Sequence[Record]) -> list[object]:
    """The story of each article: as given, or as the pairs that are one story tie them together."""
    if all("story" in article for article in articles):
        return [article["story"] for article in articles]
    links = iter(positions(each)[each.joined].tolist())
    return list(Components(len(articles)).tie((a, b) for a, b in links))


def repeats(files: dict[str, list[Record]]) -> dict[str, Rates]:
    """Each finder on the pages of these files together."""
    of = [page for pages in files.values() for page in pages]
    told = {}
    for name, find in FINDERS.items():
        flagged = np.array([is_flagged(page, find(page)) for page in of])
        wanted = np.array([page["artefact"] for page in of])
        told[name] = rates(
            *(int(part.sum()) for part in (wanted & flagged, ~wanted & flagged, wanted & ~flagged))
        )
    return told


@dataclass(frozen=True)
class Learned:
    """What weights do that were learned here, and what they do when less is known."""

    evidence: Evidence
    crossed: NDArray[np.float64]
    sets: list[str]
    without: dict[str, list[float]]
    shares: dict[str, list[float]]

    def odds(self, name: str) -> NDArray[np.float64]:
        """The cross-validated log-odds of a set's pairs."""
        return self.crossed[self.evidence.sets == name]


def learn(sets: Sequence[LabelledSet]) -> Learned:
    """Cross-validate with everything, without each kind of signal, and with fewer stories."""
    evidence = gather(sets)
    names = [each.name for each in sets]

    def figures(odds: NDArray[np.float64]) -> list[float]:
        parts = [evidence.sets == name for name in names]
        return [score(evidence.joined[part], odds[part] > 0).f1 for part in parts]

    crossed = cross_validated(evidence)
    without = {"nothing": figures(crossed)}
    left = set(evidence.names)
    for kind, marks in KINDS.items():
        own = {name for name in left if any(mark in name for mark in marks)}
        left -= own
        if own:
            say(f"without {kind}")
            without[f"{kind}: {len(own)}"] = figures(cross_validated(evidence, without=own))
    total = len(set(evidence.stories.tolist())) * (FOLDS - 1) / FOLDS
    shares = {
        f"{round(share * total):,}": figures(cross_validated(evidence, share=share)) for share in SHARES
    }
    shares[f"{round(total):,}"] = without["nothing"]
    return Learned(evidence, crossed, names, without, shares)


if __name__ == "__main__":
    main()
