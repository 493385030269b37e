"""What is counted: pairs called right, stories put together right, repeats found."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from reading import Flags, Record
from sklearn.metrics import adjusted_rand_score
from sklearn.model_selection import GroupKFold

FOLDS = 10


class Rates(NamedTuple):
    """Precision, recall and their harmonic mean."""

    precision: float
    recall: float
    f1: float


def rates(hits: float, false: float, missed: float) -> Rates:
    """Rates of counts; zero where there is nothing to count."""
    precision, recall = hits / max(1, hits + false), hits / max(1, hits + missed)
    return Rates(precision, recall, 2 * hits / max(1, 2 * hits + false + missed))


def score(truth: Flags, told: Flags) -> Rates:
    """Rates of pairs called one story."""
    return rates(*(int(np.count_nonzero(part)) for part in (truth & told, ~truth & told, truth & ~told)))


def f1(truth: Flags, told: Flags) -> float:
    """Harmonic mean of precision and recall."""
    return score(truth, told).f1


class Curve(NamedTuple):
    """Precision and recall at every threshold, the highest first."""

    thresholds: NDArray[np.float64]
    precision: NDArray[np.float64]
    recall: NDArray[np.float64]


def curve(truth: Flags, scores: NDArray[np.float64]) -> Curve:
    """Precision and recall of calling one story what scores at least so much."""
    order = np.argsort(-scores, kind="stable")
    ranked, hits = scores[order], np.cumsum(truth[order])
    last = np.append(ranked[1:] != ranked[:-1], True)
    told = np.arange(1, len(ranked) + 1)
    return Curve(ranked[last], (hits / told)[last], (hits / max(1, int(truth.sum())))[last])


def best_threshold(truth: Flags, scores: NDArray[np.float64]) -> float:
    """The threshold with the highest F1, half way to the next lower score."""
    points = curve(truth, scores)
    both = points.precision + points.recall
    at = int(np.argmax(2 * points.precision * points.recall / np.where(both > 0, both, 1)))
    below = points.thresholds[at + 1] if at + 1 < len(points.thresholds) else points.thresholds[at]
    return float(points.thresholds[at] + below) / 2


def called_at_best(truth: Flags, scores: NDArray[np.float64], stories: Sequence[str]) -> Flags:
    """What a method calls one story at its best threshold, each found without the pair's own story."""
    told = np.zeros(len(truth), dtype=np.bool_)
    folds = min(FOLDS, len(set(stories)))
    for train, test in GroupKFold(folds).split(scores, truth, stories):
        told[test] = scores[test] >= best_threshold(truth[train], scores[train])
    return told


class Grouping(NamedTuple):
    """How well groups of articles match the true stories."""

    bcubed: Rates
    rand: float
    """Adjusted Rand index: 1 for the true stories, 0 for chance."""


def grouping(true: Sequence[object], told: Sequence[object]) -> Grouping:
    """B-cubed and the adjusted Rand index of two labellings of the same articles."""
    both = Counter(zip(true, told, strict=True))
    of_true, of_told = Counter(true), Counter(told)
    precision = sum(n * n / of_told[b] for (_, b), n in both.items()) / max(1, len(true))
    recall = sum(n * n / of_true[a] for (a, _), n in both.items()) / max(1, len(true))
    mean = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    numbered = [list(map({name: i for i, name in enumerate(set(x))}.get, x)) for x in (true, told)]
    return Grouping(Rates(precision, recall, mean), float(adjusted_rand_score(*numbered)))


def is_flagged(page: Record, found: Sequence[tuple[str, tuple[int, int], tuple[int, int] | None]]) -> bool:
    """Whether the labelled run of a page was told as a repeat; without a run, whether its scope was.

    ``found`` holds kind, the span taken out and the span kept.
    """
    if page.get("run"):
        runs = page["run"]["first"], page["run"]["again"]
        return any(overlap(removed, run) >= 0.6 for _, removed, _ in found for run in runs)
    return any(
        kind != "headline" and overlap(span, page["scope"]) > 0
        for kind, *spans in found
        for span in spans
        if span
    )


def overlap(a: Sequence[int], b: Sequence[int]) -> float:
    """The shared share of the shorter of two spans."""
    return max(0, min(a[1], b[1]) - max(a[0], b[0])) / max(1, min(a[1] - a[0], b[1] - b[0]))
