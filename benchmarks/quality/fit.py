"""Learn the weights of a decision from labelled pairs, and say how well they do.

    python benchmarks/quality/fit.py DATA [--write]

DATA holds one folder a set (see reading.py). Labels copy, excerpt, revision and dup are one story;
grey and unrelated are left out; anything else is two. Pairs are added that collections hardly hold
(see made.py). A logistic regression on standardised signals. Printed figures are of tenfold
cross-validation in which no story stands in both parts. ``--write`` puts the weights of the fit on
everything into app/dedup/weights.py.
"""

import argparse
from pathlib import Path

from learning import Evidence, cross_validated, fit, gather
from measures import f1
from reading import read_sets


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    evidence = gather(read_sets(options.data))
    told = cross_validated(evidence) > 0
    for name in sorted(set(evidence.sets.tolist())):
        part = evidence.sets == name
        truth = evidence.joined[part]
        if truth.all() or not truth.any():
            print(f"{name:12} right {(truth == told[part]).mean():.3f}")
            continue
        certain = part & evidence.sure
        print(
            f"{name:12} F1 all {f1(truth, told[part]):.3f}"
            f"  sure {f1(evidence.joined[certain], told[certain]):.3f}"
        )
    if options.write:
        write(evidence)


def write(evidence: Evidence) -> None:
    weights, intercept = fit(evidence.values, evidence.joined, evidence.weights())
    lines = [f'    "{name}": {value:.4f},' for name, value in zip(evidence.names, weights, strict=True)]
    Path("app/dedup/weights.py").write_text(
        '"""Learned weights of the signals: log-odds of one story, per unit of a signal.\n\n'
        "Written by ``benchmarks/quality/fit.py``; not to be edited by hand.\n"
        f'"""\n\nINTERCEPT = {intercept:.4f}\n\nWEIGHTS = {{\n' + "\n".join(lines) + "\n}\n"
    )


if __name__ == "__main__":
    main()
