"""Labelled sets as every quality program reads them: articles, pairs of them, pages with repeats.

A set is a folder with ``articles.jsonl[.gz]`` (uid, source, title, text, published_at, url) and
``pairs.jsonl`` (a, b, label, conf). Pages with labelled repeats stand in ``runs.jsonl[.gz]`` of a
set, or in a folder of their own without pairs (uid, title, text, artefact, run, scope).
"""

import gzip
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from app.dedup.model import Cleaned, Facts, Fingerprint
from app.dedup.outline import Outline, draw_outline
from app.dedup.profile import STANDARD
from app.model import Submission
from app.services.drafting import draft

Record: TypeAlias = dict[str, Any]
Flags: TypeAlias = NDArray[np.bool_]

JOINED = {"copy", "excerpt", "revision", "dup"}
LEFT_OUT = {"grey", "unrelated"}


@dataclass(frozen=True, eq=False)
class Prepared:
    """An article as the service prepares it, before any furniture of its source is known."""

    uid: str
    cleaned: Cleaned
    print: Fingerprint
    facts: Facts

    @cached_property
    def outline(self) -> Outline:
        """Ready to be compared."""
        return draw_outline(self.print)


@dataclass(frozen=True)
class LabelledSet:
    """Articles and the pairs of them that somebody, or a rule, has called one story or two."""

    name: str
    folder: Path

    @cached_property
    def articles(self) -> dict[str, Record]:
        """All articles by uid."""
        return {article["uid"]: article for article in lines(self.folder, "articles")}

    @cached_property
    def pairs(self) -> list[Record]:
        """The pairs that are scored: grey ones are left out, and those that share nothing."""
        return [pair for pair in lines(self.folder, "pairs") if pair["label"] not in LEFT_OUT]

    @cached_property
    def labelled(self) -> list[Record]:
        """The articles that stand in a scored pair, by uid."""
        return [self.articles[uid] for uid in sorted({p[side] for p in self.pairs for side in "ab"})]

    @cached_property
    def prepared(self) -> dict[str, Prepared]:
        """The labelled articles by uid, in the order of ``labelled``."""
        return {article["uid"]: prepare(article) for article in self.labelled}

    @cached_property
    def joined(self) -> Flags:
        """Which pairs are one story."""
        return np.array([pair["label"] in JOINED for pair in self.pairs], dtype=np.bool_)

    @cached_property
    def sure(self) -> Flags:
        """Which labels the reader was sure of."""
        return np.array([pair.get("conf", 1) == 1 for pair in self.pairs], dtype=np.bool_)


def lines(folder: Path, name: str) -> Iterator[Record]:
    """The records of a file, packed or not."""
    packed = folder / f"{name}.jsonl.gz"
    path = packed if packed.exists() else folder / f"{name}.jsonl"
    with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as file:
        yield from (json.loads(line) for line in file if line.strip())


def read_sets(data: Path) -> list[LabelledSet]:
    """The sets below a folder, or the one that the folder is."""
    folders = [data, *sorted(data.iterdir())]
    return [LabelledSet(folder.name, folder) for folder in folders if (folder / "pairs.jsonl").exists()]


def read_pages(data: Path) -> dict[str, list[Record]]:
    """Pages with labelled repeats, by the name of the file they stand in."""
    found: dict[str, list[Record]] = {}
    for folder in [data, *sorted(path for path in data.iterdir() if path.is_dir())]:
        names = {path.name.partition(".")[0] for path in folder.glob("*.jsonl*")}
        if "runs" in names:
            found[f"{folder.name}/runs"] = list(lines(folder, "runs"))
        if "articles" in names and "pairs" not in names:
            found[f"{folder.name}/articles"] = list(lines(folder, "articles"))
    return found


def submission(article: Record) -> Submission:
    """The article as it is sent to the service."""
    published = article.get("published_at")
    moment = datetime.fromisoformat(published) if published else None
    return Submission(
        source=article.get("source") or "unknown",
        raw=b"{}",
        title=article.get("title") or "",
        text=article["text"],
        external_id=article["uid"],
        url=article.get("url") or None,
        published_at=moment.replace(tzinfo=moment.tzinfo or UTC) if moment else None,
    )


def prepare(article: Record) -> Prepared:
    """The article cleaned and fingerprinted."""
    made = draft(submission(article), STANDARD)
    return Prepared(article["uid"], made.cleaned, made.print, made.facts)


def later_first(a: Prepared, b: Prepared) -> tuple[Prepared, Prepared]:
    """The article that arrives and the one that is stored."""
    first, second = sorted((a, b), key=lambda each: (each.facts.published_at or 0.0, each.uid))
    return second, first


def stories(pairs: Sequence[Record]) -> list[str]:
    """A name for the connected component that each pair lies in: what folds may not cut."""
    parent: dict[str, str] = {}

    def root(uid: str) -> str:
        while parent.setdefault(uid, uid) != uid:
            uid = parent[uid]
        return uid

    for pair in pairs:
        parent[root(pair["a"])] = root(pair["b"])
    return [root(pair["a"]) for pair in pairs]
