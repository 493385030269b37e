"""What the weights are learned from, and how well learned weights do on pairs they have not seen."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from made import KINDS, made_pairs
from numpy.typing import NDArray
from reading import JOINED, Flags, LabelledSet, Record, later_first, stories
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.preprocessing import StandardScaler

from app.dedup.compare import compare
from app.dedup.evidence import signals

PENALTY = 0.5
FOLDS = 10


@dataclass(frozen=True)
class Evidence:
    """One row a pair."""

    names: tuple[str, ...]
    """The signals: columns of ``values``."""
    values: NDArray[np.float64]
    joined: Flags
    sure: Flags
    sets: NDArray[np.str_]
    """The set of each pair, or how it was made."""
    stories: NDArray[np.str_]

    def weights(self) -> NDArray[np.float64]:
        """How much each pair is heard.

        A set weighs as the cube root of its size, so that small, hand-read ones are heard beside
        large, rule-labelled ones; pairs the reader was unsure of count half.
        """
        weights = np.where(self.sure, 1.0, 0.5)
        for name in set(self.sets.tolist()):
            size = np.count_nonzero(self.sets == name)
            weights[self.sets == name] *= (150 if name in KINDS else 600 * (size / 300) ** (1 / 3)) / size
        return weights


def gather(sets: Sequence[LabelledSet]) -> Evidence:
    """The signals of every scored pair, and of pairs made from the same texts."""
    rows = [(each.name, pair, named) for each in sets for pair, named in read_pairs(each)]
    for kind in KINDS:
        rows += [(kind, pair, named) for each in sets for pair, named in made_pairs(each, kind)]
    return Evidence(
        names=tuple(rows[0][2]),
        values=np.array([list(named.values()) for _, _, named in rows]),
        joined=np.array([pair["label"] in JOINED for _, pair, _ in rows]),
        sure=np.array([pair.get("conf", 1) == 1 for _, pair, _ in rows]),
        sets=np.array([name for name, _, _ in rows]),
        stories=np.array(stories([pair for _, pair, _ in rows])),
    )


def read_pairs(labelled: LabelledSet) -> Iterator[tuple[Record, dict[str, float]]]:
    """Each scored pair with its signals, the later article against the earlier."""
    for pair in labelled.pairs:
        later, earlier = later_first(labelled.prepared[pair["a"]], labelled.prepared[pair["b"]])
        yield pair, signals(compare(later.outline, earlier.outline, later.facts, earlier.facts))


def fit(x: NDArray[np.float64], y: Flags, weights: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    """Weights of the signals and the intercept, for signals as they are."""
    scaler = StandardScaler().fit(x)
    model = LogisticRegression(C=PENALTY, max_iter=5000).fit(scaler.transform(x), y, sample_weight=weights)
    slopes = model.coef_[0] / scaler.scale_
    return slopes, float(model.intercept_[0] - (slopes * scaler.mean_).sum())


def cross_validated(
    evidence: Evidence, *, without: Collection[str] = (), share: float = 1.0
) -> NDArray[np.float64]:
    """Log-odds of each pair, by weights that were learned without any pair of its story.

    ``without`` leaves signals out; ``share`` learns from that part of the other stories only.
    """
    x = evidence.values[:, [name not in without for name in evidence.names]]
    weights = evidence.weights()
    odds = np.zeros(len(x))
    chance = np.random.default_rng(7)
    for train, test in GroupKFold(FOLDS).split(x, evidence.joined, evidence.stories):
        names = np.unique(evidence.stories[train])
        heard = chance.choice(names, max(1, round(share * len(names))), replace=False)
        part = train[np.isin(evidence.stories[train], heard)]
        slopes, intercept = fit(x[part], evidence.joined[part], weights[part])
        odds[test] = x[test] @ slopes + intercept
    return odds
