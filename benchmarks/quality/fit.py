"""Learn the weights of a decision from labelled pairs, and say how well they do.

    python benchmarks/quality/fit.py DATA [--write]

DATA holds one folder a set, each with ``articles.jsonl.gz`` (uid, source, title, text,
published_at) and ``pairs.jsonl`` (a, b, label, conf). Labels copy, excerpt, revision and dup are
one story; grey and unrelated are left out; anything else is two. Labelled collections hold hardly
any plain corrections, nor forms that two sources filled in; so from each set some texts are taken
again, under their own or another headline, by the same source or another: with one figure changed,
within two days, as one story; with nearly all figures changed and another day named, at any time, as
two. A logistic regression on
standardised signals; a set weighs as the cube root of its size, so that the small, hand-read ones
are heard beside the large, rule-labelled ones; pairs the reader was unsure of (conf 2) count
half. Printed figures are of tenfold cross-validation in which no story stands in both parts.
``--write`` puts the weights of the fit on everything into app/dedup/weights.py.
"""

import argparse
import gzip
import json
import random
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.preprocessing import StandardScaler

from app.dedup.clean import clean
from app.dedup.compare import compare
from app.dedup.evidence import signals
from app.dedup.fingerprint import take_fingerprint
from app.dedup.model import Facts, Fingerprint, Page
from app.dedup.outline import draw_outline
from app.dedup.profile import STANDARD

JOINED = {"copy", "excerpt", "revision", "dup"}
LEFT_OUT = {"grey", "unrelated"}
PENALTY = 0.5
FOLDS = 10
MADE = 150
"""Texts of each set that are taken again, each way."""
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DAY = re.compile("|".join(DAYS))
NUMBER = re.compile(r"(?<![\w.,])\d{1,3}(?:[.,]?\d{3})*(?:[.,]\d+)?(?!\w)", re.ASCII)


def moment(value: str | None) -> float | None:
    if not value:
        return None
    parsed = datetime.fromisoformat(value)
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp()


def prepare(article: dict[str, str]) -> tuple[Fingerprint, Facts]:
    published = moment(article.get("published_at"))
    cleaned = clean(Page(article["text"], article.get("title") or "", published_at=published))
    dateline = cleaned.dateline
    facts = Facts(
        source=article.get("source") or "unknown",
        published_at=published,
        agency=cleaned.agency,
        tag=cleaned.tag,
        place=dateline.place if dateline else None,
        filed_on=dateline.date if dateline else None,
    )
    return take_fingerprint(cleaned, STANDARD), facts


def read_set(folder: Path) -> Iterator[tuple[dict[str, str], dict[str, float]]]:
    """Each labelled pair with its signals, the later article against the earlier."""
    with gzip.open(folder / "articles.jsonl.gz", "rt") as lines:
        articles = {article["uid"]: article for article in map(json.loads, lines)}
    prepared: dict[str, tuple[Fingerprint, Facts]] = {}
    for line in (folder / "pairs.jsonl").read_text().splitlines():
        pair = json.loads(line)
        if pair["label"] in LEFT_OUT:
            continue
        for uid in (pair["a"], pair["b"]):
            if uid not in prepared:
                prepared[uid] = prepare(articles[uid])
        later, earlier = sorted(
            (pair["a"], pair["b"]), key=lambda uid: (prepared[uid][1].published_at or 0.0, uid), reverse=True
        )
        (print_a, facts_a), (print_b, facts_b) = prepared[later], prepared[earlier]
        yield pair, signals(compare(draw_outline(print_a), draw_outline(print_b), facts_a, facts_b))


def another(number: str, chance: random.Random) -> str:
    """The number with one digit changed."""
    at = chance.choice([at for at, digit in enumerate(number) if digit.isdigit()])
    return number[:at] + str((int(number[at]) + chance.randrange(1, 10)) % 10) + number[at + 1 :]


def corrected(text: str, chance: random.Random) -> str | None:
    """The text with one number changed; None where it has none."""
    numbers = list(NUMBER.finditer(text))
    if not numbers:
        return None
    number = chance.choice(numbers)
    return text[: number.start()] + another(number.group(), chance) + text[number.end() :]


def refilled(text: str, chance: random.Random) -> str | None:
    """The text as a form filled in for another day; None where it has too few numbers for one."""
    if len(NUMBER.findall(text)) < max(3, len(text.split()) / 25):
        return None
    text = DAY.sub(lambda _: chance.choice(DAYS), text)
    return NUMBER.sub(
        lambda number: another(number.group(), chance) if chance.random() < 0.9 else number.group(), text
    )


def made_pairs(folder: Path, kind: str) -> Iterator[tuple[dict[str, str], dict[str, float]]]:
    """Texts of a set beside themselves, corrected (one story) or refilled (two)."""
    chance = random.Random(7)
    with gzip.open(folder / "articles.jsonl.gz", "rt") as lines:
        articles = sorted(map(json.loads, lines), key=lambda article: article["uid"])
    chance.shuffle(articles)
    made = 0
    for article in articles:
        text = (corrected if kind == "corrected" else refilled)(article["text"], chance)
        if text is None or not 25 <= len(text.split()) <= 900:
            continue
        headline = article.get("title") if chance.random() < 0.67 else articles[0].get("title")
        own_desk = chance.random() < 0.3
        days = chance.uniform(0, 72) if kind == "refilled" else chance.uniform(0, 12 if own_desk else 40)
        hours = chance.choice([None, chance.uniform(0, 12), days])
        print_b, facts_b = prepare(article)
        print_a, _ = prepare(article | {"text": text, "title": headline or ""})
        published = (
            None if hours is None or facts_b.published_at is None else facts_b.published_at + 3600 * hours
        )
        facts_a = replace(facts_b, source=facts_b.source if own_desk else "another", published_at=published)
        compared = compare(draw_outline(print_a), draw_outline(print_b), facts_a, facts_b)
        label = "revision" if kind == "corrected" else "template"
        yield {"a": article["uid"], "b": f"{article['uid']} {kind}", "label": label}, signals(compared)
        made += 1
        if made == MADE:
            return


def stories(pairs: list[dict[str, str]]) -> list[str]:
    """A name for the connected component that each pair lies in."""
    parent: dict[str, str] = {}

    def root(uid: str) -> str:
        while parent.setdefault(uid, uid) != uid:
            uid = parent[uid]
        return uid

    for pair in pairs:
        parent[root(pair["a"])] = root(pair["b"])
    return [root(pair["a"]) for pair in pairs]


def f1(truth: np.ndarray, told: np.ndarray) -> float:
    hits = int((truth & told).sum())
    return 2 * hits / max(1, int(truth.sum()) + int(told.sum()))


def fit(x: np.ndarray, y: np.ndarray, weight: np.ndarray) -> tuple[np.ndarray, float]:
    scaler = StandardScaler().fit(x)
    model = LogisticRegression(C=PENALTY, max_iter=5000).fit(scaler.transform(x), y, sample_weight=weight)
    weights = model.coef_[0] / scaler.scale_
    return weights, float(model.intercept_[0] - (weights * scaler.mean_).sum())


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    folders = [folder for folder in sorted(options.data.iterdir()) if (folder / "pairs.jsonl").exists()]
    rows = [(folder.name, pair, named) for folder in folders for pair, named in read_set(folder)]
    for kind in ("corrected", "refilled"):
        rows += [(kind, pair, named) for folder in folders for pair, named in made_pairs(folder, kind)]
    sets = np.array([name for name, _, _ in rows])
    sure = np.array([pair.get("conf", 1) == 1 for _, pair, _ in rows])
    x = np.array([list(named.values()) for _, _, named in rows])
    y = np.array([pair["label"] in JOINED for _, pair, _ in rows])
    groups = np.array(stories([pair for _, pair, _ in rows]))
    weight = np.where(sure, 1.0, 0.5)
    for name in set(sets):
        size = (sets == name).sum()
        share = 150 if name in {"corrected", "refilled"} else 600 * (size / 300) ** (1 / 3)
        weight[sets == name] *= share / size

    told = np.zeros(len(y), dtype=bool)
    for train, test in GroupKFold(FOLDS).split(x, y, groups):
        weights, intercept = fit(x[train], y[train], weight[train])
        told[test] = x[test] @ weights + intercept > 0
    for name in sorted(set(sets)):
        part = sets == name
        if y[part].all() or not y[part].any():
            print(f"{name:12} right {(y[part] == told[part]).mean():.3f}")
            continue
        every, certain = f1(y[part], told[part]), f1(y[part & sure], told[part & sure])
        print(f"{name:12} F1 all {every:.3f}  sure {certain:.3f}")

    if options.write:
        weights, intercept = fit(x, y, weight)
        lines = [f'    "{name}": {value:.4f},' for name, value in zip(rows[0][2], weights, strict=True)]
        Path("app/dedup/weights.py").write_text(
            '"""Learned weights of the signals: log-odds of one story, per unit of a signal.\n\n'
            "Written by ``benchmarks/quality/fit.py``; not to be edited by hand.\n"
            f'"""\n\nINTERCEPT = {intercept:.4f}\n\nWEIGHTS = {{\n' + "\n".join(lines) + "\n}\n"
        )


if __name__ == "__main__":
    main()
