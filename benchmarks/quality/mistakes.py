"""The judgements that were most certainly wrong, told without a word of the publishers' text."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from method import Scores
from reading import Flags, LabelledSet, later_first

from app.dedup.compare import compare

NOTES = Path(__file__).with_name("mistakes.json")
"""What a reader saw in a pair, in our own words, by the pair's handle."""


@dataclass(frozen=True)
class Mistake:
    """One pair that was given the wrong answer."""

    handle: str
    label: str
    joined: bool
    """Whether the service called the two one story."""
    probability: float
    figures: str
    note: str | None


def handle(a: str, b: str) -> str:
    """A short name of a pair: who has the data can find it, who has not learns nothing."""
    return hashlib.blake2b(" ".join(sorted((a, b))).encode(), digest_size=4).hexdigest()


def hardest(labelled: LabelledSet, joined: Flags, odds: Scores, most: int = 8) -> list[Mistake]:
    """Wrong answers of the service on pairs the reader was sure of, the most certain first."""
    notes = json.loads(NOTES.read_text("utf-8")) if NOTES.exists() else {}
    wrong = np.flatnonzero((joined != labelled.joined) & labelled.sure)
    ranked = sorted(wrong.tolist(), key=lambda at: (odds[at] if labelled.joined[at] else -odds[at], at))
    told = []
    for at in ranked[:most]:
        pair = labelled.pairs[at]
        name = handle(pair["a"], pair["b"])
        told.append(
            Mistake(
                handle=name,
                label=pair["label"],
                joined=bool(joined[at]),
                probability=float(1 / (1 + np.exp(-odds[at]))),
                figures=figures(labelled, pair["a"], pair["b"]),
                note=notes.get(name),
            )
        )
    return told


def figures(labelled: LabelledSet, a: str, b: str) -> str:
    """What the comparison measured."""
    later, earlier = later_first(labelled.prepared[a], labelled.prepared[b])
    c = compare(later.outline, earlier.outline, later.facts, earlier.facts)
    shorter = c.aligned_a if c.words_a <= c.words_b else c.aligned_b
    said = [
        f"{min(c.words_a, c.words_b):,} and {max(c.words_a, c.words_b):,} words",
        f"{min(1.0, shorter):.0%} of the shorter aligned",
        f"{max(c.lead_a, c.lead_b):.0%} of a lead shared",
        "no date" if c.hours_apart is None else f"{c.hours_apart:.0f} h apart",
    ]
    if c.numbers_differ:
        said.append(f"{c.numbers_differ} numbers differ")
    return ", ".join(said)
