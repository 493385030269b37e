"""Learn the weights by which words printed twice are judged, and say how well they do.

    python benchmarks/quality/fit_repeats.py DATA [--write]

DATA holds pages with labelled repeats (see reading.py). Two logistic regressions on standardised
signals, for runs that stand where a standfirst does and for all others. Runs that something else
decides (furniture, captions, other figures, lists) teach nothing. A page weighs the same however
many runs it has, half where the reader was unsure. Printed figures are of the whole of cleaning:
once with each page judged by weights learned without it (tenfold), once by weights learned from all.
``--write`` puts the latter into app/dedup/repeat_weights.py.
"""

import argparse
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from measures import is_flagged, overlap
from reading import Record, read_pages
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from app.dedup import repeat_weights
from app.dedup.artefacts import MOST_PLACES, above_body, elsewhere, objection
from app.dedup.clean import clean
from app.dedup.model import Page
from app.dedup.passages import segment
from app.dedup.printings import SHORTEST
from app.dedup.repeats import shape, survey
from app.dedup.signals import Signals, measure, places
from app.dedup.words import tokenise_both

FOLDS = 10
PENALTY = 0.5
DECIDED_ELSEWHERE = {"furniture", "caption", "headline"}
KINDS: tuple[tuple[str, Callable[[Signals], dict[str, float]]], ...] = (
    ("ABOVE_BODY", above_body),
    ("ELSEWHERE", elsewhere),
)


@dataclass(frozen=True)
class Example:
    """One run of a page, and whether the label it falls under calls it an artefact."""

    uid: str
    signals: Signals
    artefact: bool
    weight: float

    @property
    def kind(self) -> int:
        return 0 if self.signals.high else 1


def examples(page: Record) -> Iterator[Example]:
    """The runs of a page that its label speaks of."""
    text = page["text"]
    parts = segment(Page(text, page.get("title") or ""))
    words, title = tokenise_both(text, parts.title)
    found = survey(text, words, parts.passages, title)
    if found is None or page.get("label") in DECIDED_ELSEWHERE:
        return
    spoken = []
    layout = found.setting.layout
    for run in (shape(layout, run) for run in found.runs):
        spans = layout.span(run.a_start, run.a_end), layout.span(run.b_start, run.b_end)
        if not any(_labelled(page, span) for span in spans):
            continue
        signals = measure(found.setting, run)
        decided = signals.tabular or objection(signals) > 0 or signals.length < SHORTEST
        if not decided and places(words, run) <= MOST_PLACES:
            spoken.append(signals)
    for signals in spoken:
        weight = (0.5 if page.get("conf", 1) == 2 else 1.0) / len(spoken)
        yield Example(page["uid"], signals, page["artefact"], weight)


def _labelled(page: Record, span: tuple[int, int]) -> bool:
    if page.get("run"):
        return any(overlap(span, run) >= 0.6 for run in page["run"].values())
    return overlap(span, page["scope"]) > 0


def learn(known: Iterable[Example]) -> list[dict[str, float]]:
    """The weights of both kinds."""
    known = list(known)
    tables = []
    for kind, (_, named) in enumerate(KINDS):
        mine = [example for example in known if example.kind == kind]
        names = list(named(mine[0].signals))
        x = np.array([list(named(example.signals).values()) for example in mine], dtype=float)
        scaler = StandardScaler().fit(x)
        model = LogisticRegression(C=PENALTY, max_iter=5000).fit(
            scaler.transform(x),
            [example.artefact for example in mine],
            sample_weight=[example.weight for example in mine],
        )
        weights = model.coef_[0] / scaler.scale_
        intercept = float(model.intercept_[0] - (weights * scaler.mean_).sum())
        tables.append({"intercept": intercept} | dict(zip(names, map(float, weights), strict=True)))
    return tables


def use(tables: list[dict[str, float]]) -> None:
    """Judge by these weights from now on."""
    for (name, _), table in zip(KINDS, tables, strict=True):
        getattr(repeat_weights, name).update(table)


def flagged(page: Record) -> bool:
    found = clean(Page(page["text"], page.get("title") or "")).repeats
    return is_flagged(page, [(repeat.kind, repeat.removed, repeat.kept) for repeat in found])


def report(pages: dict[str, list[Record]], told: dict[int, bool], how: str) -> None:
    for name, records in pages.items():
        hits = sum(page["artefact"] and told[id(page)] for page in records)
        wrong = sum(page["artefact"] != told[id(page)] for page in records)
        print(f"{how:16} {name:20} F1 {2 * hits / max(1, 2 * hits + wrong):.3f}  wrong {wrong}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    pages = read_pages(options.data)
    known = [example for records in pages.values() for page in records for example in examples(page)]
    # the same page stands in more than one set: a fold holds all of it
    uids = sorted({page["uid"] for records in pages.values() for page in records})
    random.Random(7).shuffle(uids)
    fold = {uid: place % FOLDS for place, uid in enumerate(uids)}

    told: dict[int, bool] = {}
    for left_out in range(FOLDS):
        use(learn(example for example in known if fold[example.uid] != left_out))
        for records in pages.values():
            told |= {id(page): flagged(page) for page in records if fold[page["uid"]] == left_out}
    report(pages, told, "cross-validated")
    tables = learn(known)
    use(tables)
    report(pages, {id(page): flagged(page) for records in pages.values() for page in records}, "in sample")
    if options.write:
        write(tables)


def write(tables: list[dict[str, float]]) -> None:
    blocks = [
        f"{name} = {{\n" + "".join(f'    "{key}": {value:.2f},\n' for key, value in table.items()) + "}\n"
        for (name, _), table in zip(KINDS, tables, strict=True)
    ]
    Path("app/dedup/repeat_weights.py").write_text(
        '"""Learned weights of the signals of words printed twice: log-odds of a page artefact.\n\n'
        "Written by ``benchmarks/quality/fit_repeats.py``; not to be edited by hand.\n"
        '"""\n\n' + "\n".join(blocks)
    )


if __name__ == "__main__":
    main()
