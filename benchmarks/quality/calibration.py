"""Is .9 nine in ten? Stated probabilities beside what readers said, and what each policy makes of them.

    python benchmarks/quality/calibration.py DATA [--write docs/decisions/0008-calibration.md]

DATA is what ``fit.py`` reads. Weights are learned without the story of the pair that is told
(tenfold); pairs that were made by rule are learned from but not counted: nobody knows how often
such pairs arrive. Two tables:

* reliability: of the pairs stated at .8 to .9, how many did readers call one story? With the 95 %
  interval of that share (Wilson), the expected calibration error (ECE: mean distance between stated
  and found, by count) and the Brier score (mean squared error);
* policies: precision and recall of *one story* from the bound of each named policy on.

Sets read by people are told apart from sets labelled by rule, which are large and easy: their
doubtful pairs were left out as grey. ``--write`` puts the tables between the marks of that page.
"""

import argparse
import math
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
from learning import Evidence, cross_validated, gather
from made import KINDS
from measures import score
from numpy.typing import NDArray
from reading import Flags, read_sets

from app.dedup.policy import NAMED

READ_BY_PEOPLE = ("pairs", "languages")
EDGES = (0.0, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.95, 0.98, 1.01)
MARKS = ("<!-- calibration.py writes from here -->", "<!-- to here -->")
CERTAIN = 1.96
"""Standard deviations of a 95 % interval."""


def bins(stated: NDArray[np.float64]) -> Iterator[tuple[float, float, Flags]]:
    """Which pairs were stated between two edges, for each two that hold any."""
    for low, high in pairwise(EDGES):
        inside = (stated >= low) & (stated < high)
        if inside.any():
            yield low, min(1.0, high), inside


def calibration_error(stated: NDArray[np.float64], truth: Flags) -> float:
    """Mean distance between what is stated and what is found."""
    return float(
        sum(abs(stated[part].mean() - truth[part].mean()) * part.sum() for _, _, part in bins(stated))
        / len(truth)
    )


def brier(stated: NDArray[np.float64], truth: Flags) -> float:
    """Mean squared error of what is stated."""
    return float(((stated - truth) ** 2).mean())


def interval(hits: int, of: int) -> tuple[float, float]:
    """Where the true share lies, by Wilson's score."""
    share, square = hits / of, CERTAIN * CERTAIN
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = CERTAIN / (1 + square / of) * math.sqrt(share * (1 - share) / of + square / (4 * of * of))
    return max(0.0, middle - half), min(1.0, middle + half)


def reliability(title: str, stated: NDArray[np.float64], truth: Flags) -> Iterator[str]:
    error, squared = calibration_error(stated, truth), brier(stated, truth)
    yield f"{title}: {len(truth)} pairs, ECE {error:.3f}, Brier {squared:.3f}."
    yield ""
    yield "| stated | pairs | mean stated | found | 95 % interval |"
    yield "| --- | --- | --- | --- | --- |"
    for low, high, part in bins(stated):
        hits, of = int(truth[part].sum()), int(part.sum())
        least, most = interval(hits, of)
        shares = f"{stated[part].mean():.3f} | {hits / of:.3f} | {least:.2f}–{most:.2f}"
        yield f"| {low:.2f}–{high:.2f} | {of} | {shares} |"
    yield ""


def by_policy(evidence: Evidence, stated: NDArray[np.float64]) -> Iterator[str]:
    names = " | ".join(f"{name} ({policy.join_at:g})" for name, policy in NAMED.items())
    yield f"Precision and recall of one story under each policy:\n\n| set | pairs | {names} |"
    yield "| --- | --- |" + " --- |" * len(NAMED)
    sets = [name for name in sorted(set(evidence.sets.tolist())) if name not in KINDS]
    rows = [(name, evidence.sets == name) for name in sets]
    rows += [(f"{name}, sure", (evidence.sets == name) & evidence.sure) for name in READ_BY_PEOPLE]
    for name, part in rows:
        rates = [score(evidence.joined[part], stated[part] >= each.join_at) for each in NAMED.values()]
        cells = " | ".join(f"{each.precision:.3f}, {each.recall:.3f}" for each in rates)
        yield f"| {name} | {part.sum()} | {cells} |"


def tables(evidence: Evidence) -> Iterator[str]:
    stated = 1 / (1 + np.exp(-cross_validated(evidence)))
    read = np.isin(evidence.sets, READ_BY_PEOPLE)
    ruled = ~read & ~np.isin(evidence.sets, list(KINDS))
    for title, part in (("Read by people", read), ("Labelled by rule", ruled)):
        yield from reliability(title, stated[part], evidence.joined[part])
    yield from by_policy(evidence, stated)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    told = "\n".join(tables(gather(read_sets(options.data))))
    print(told)
    if options.write:
        page = options.write.read_text("utf-8")
        between = re.compile(f"{re.escape(MARKS[0])}.*{re.escape(MARKS[1])}", re.DOTALL)
        options.write.write_text(between.sub(lambda _: f"{MARKS[0]}\n\n{told}\n\n{MARKS[1]}", page), "utf-8")


if __name__ == "__main__":
    main()
