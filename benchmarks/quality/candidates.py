"""Which index keys propose the pairs that people call one story, and what each kind costs.

    python benchmarks/quality/candidates.py DATA [--common 40]

All articles of all sets of DATA (see reading.py) go into one index. For each kind of key alone, and for
all together: the share of labelled pairs that share at least one key which no more than ``common``
articles carry, by label, and how many other articles an article meets that way.
"""

import argparse
from collections import Counter, defaultdict
from itertools import combinations
from pathlib import Path

import numpy as np
from reading import JOINED, Record, prepare, read_sets

KINDS = {1: "body bands", 2: "lead bands", 3: "sampled shingles", 4: "headline", 5: "whole text"}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--common", type=int, default=40)
    options = parser.parse_args()
    keys: dict[str, np.ndarray] = {}
    pairs: list[Record] = []
    for each in read_sets(options.data):
        for uid, article in each.articles.items():
            if uid not in keys:
                keys[uid] = prepare(article).print.keys
        pairs += each.pairs
    carriers = Counter(key for own in keys.values() for key in own.tolist())
    wanted = [pair for pair in pairs if pair["label"] in JOINED]
    print(f"{len(keys)} articles, {len(wanted)} pairs of one story, keys carried by at most {options.common}")
    print(f"{'keys':32} {'each':>6} {'met':>6}  " + "  ".join(sorted({p["label"] for p in wanted})))
    names = list(KINDS)
    for kinds in [*[(k,) for k in names], *[tuple(c) for c in combinations(names, 4)], tuple(names)]:
        told = " + ".join(KINDS[k] for k in kinds) if len(kinds) == 1 else _but(kinds)
        own = {
            uid: {key for key in row.tolist() if key >> 56 in kinds and carriers[key] <= options.common}
            for uid, row in keys.items()
        }
        posted = defaultdict(list)
        for uid, row in own.items():
            for key in row:
                posted[key].append(uid)
        met = sum(len({other for key in row for other in posted[key]}) - 1 for row in own.values() if row)
        hit, all_of = Counter(), Counter()
        for pair in wanted:
            all_of[pair["label"]] += 1
            hit[pair["label"]] += bool(own[pair["a"]] & own[pair["b"]])
        shares = "  ".join(f"{hit[label] / all_of[label]:.3f}" for label in sorted(all_of))
        each = sum(sum(key >> 56 in kinds for key in row.tolist()) for row in keys.values()) / len(keys)
        print(f"{told:32} {each:6.1f} {met / len(keys):6.1f}  {shares}")


def _but(kinds: tuple[int, ...]) -> str:
    missing = set(KINDS) - set(kinds)
    return "all" if not missing else "all but " + KINDS[missing.pop()]


if __name__ == "__main__":
    main()
