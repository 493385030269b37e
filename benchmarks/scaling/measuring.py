"""Measures the constants of docs/scaling.md: what an article of an archive costs the index and the lock.

    python benchmarks/scaling/measuring.py ARCHIVE [--articles 20000]

Takes the archive in as the service does, in this process, into a scratch SQLite database and a scratch
PostgreSQL, tending to the index after each group. Writes benchmarks/scaling/constants.json.
"""

import argparse
import itertools
import json
import platform
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import sqlalchemy as sa

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from app.bootstrap import open_context  # noqa: E402
from app.dedup import profile  # noqa: E402
from app.model import Submission  # noqa: E402
from app.parsing.submission import Bounds, read_submission  # noqa: E402
from app.services.context import Context  # noqa: E402
from app.services.drafting import Draft, draft_all  # noqa: E402
from app.services.ingest import take_in  # noqa: E402
from app.settings import Settings  # noqa: E402
from app.store.blocks import Keys, Numbers, build_filter, may_hold  # noqa: E402
from app.store.engine import Store, Tx  # noqa: E402
from app.store.index import Index  # noqa: E402
from app.store.schema import migrate  # noqa: E402
from app.store.segments import LIVE  # noqa: E402
from app.store.tables import posting, segment  # noqa: E402
from benchmarks.scaling.importing import commit, postgres, size_of, sqlite  # noqa: E402

HERE = Path(__file__).parent
GROUP = 100
CONSTANTS = HERE / "constants.json"


class TimedStore(Store):
    """A store that says how long the ingest lock was held."""

    held_s = 0.0

    @contextmanager
    def write(self) -> Iterator[Tx]:
        """As a store's."""
        with super().write() as tx:
            began = time.perf_counter()
            yield tx
        # From the lock to behind the commit.
        self.held_s += time.perf_counter() - began


class CountingIndex(Index):
    """An index that says how much its look-ups find."""

    keys = found = hit = 0

    def lookup(self, tx: Tx, keys: Keys, *, after: int = 0) -> tuple[Numbers, Numbers]:
        """As an index's."""
        places, versions = super().lookup(tx, keys, after=after)
        if not after:
            self.keys += len(keys)
            self.found += len(versions)
            self.hit += len(np.unique(places))
        return places, versions


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("archive", type=Path)
    options.add_argument("--articles", type=int, default=20_000)
    options.add_argument("--into", type=Path, default=CONSTANTS)
    asked = options.parse_args()
    told: dict[str, Any] = {"run": run_of(asked.articles), "false_positives": false_positives()}
    for name, opened in (("sqlite", sqlite), ("postgres", postgres)):
        with tempfile.TemporaryDirectory(prefix="wf-scale-") as folder, opened(Path(folder)) as url:
            told[name] = measure(url, read(asked.archive, asked.articles))
        print(name, json.dumps(told[name]), flush=True)
    asked.into.write_text(json.dumps(told, indent=2) + "\n")


def read(archive: Path, count: int) -> Iterator[list[Submission]]:
    """Groups of the archive's first articles."""
    with archive.open("rb") as file:
        lines = itertools.islice(file, count)
        while group := list(itertools.islice(lines, GROUP)):
            yield [read_submission(line, Bounds()) for line in group]


def measure(url: str, groups: Iterator[list[Submission]]) -> dict[str, Any]:
    """What one database says of them, as the archive grows: sums are of what came since the line before."""
    migrate(url)
    plain = open_context(Settings(database_url=url))
    store, index = TimedStore(plain.store.engine), CountingIndex(profile.STANDARD.id)
    candidates: list[int] = []
    ctx = replace(plain, store=store, index=index, observe_candidates=candidates.append)
    rows: list[dict[str, float]] = []
    taken, report_at = 0, 1_000
    began = _Since()
    for submissions in groups:
        drafts = [each for each in draft_all(submissions, ctx.profile) if isinstance(each, Draft)]
        start = time.perf_counter()
        take_in(ctx, drafts)
        began.taking_s += time.perf_counter() - start
        start = time.perf_counter()
        tend(ctx)
        began.tending_s += time.perf_counter() - start
        taken += len(drafts)
        began.articles += len(drafts)
        if taken >= report_at:
            rows.append(began.row(taken, store, index, candidates))
            began, report_at = _Since(held_s=store.held_s), report_at * 2
            index.keys = index.found = index.hit = 0
            candidates.clear()
    told = {"articles": taken, "entries": entries_in(ctx), "growth": rows}
    ctx.store.close()
    return {**told, "bytes": size_of(url)}


class _Since:
    """What was spent since the line before."""

    def __init__(self, *, held_s: float = 0.0) -> None:
        self.articles = 0
        self.taking_s = self.tending_s = 0.0
        self.held_s = held_s

    def row(
        self, taken: int, store: TimedStore, index: CountingIndex, candidates: list[int]
    ) -> dict[str, float]:
        """The line, figures an article."""
        count = self.articles
        held = store.held_s - self.held_s - self.tending_s
        return {
            "articles": taken,
            "keys": round(index.keys / count, 2),
            "keys_present": round(index.hit / count, 2),
            "entries_found": round(index.found / count, 2),
            "candidates": round(float(np.mean(candidates)), 2),
            "taking_us": round(1e6 * self.taking_s / count),
            "lock_us": round(1e6 * held / count),
            "tending_us": round(1e6 * self.tending_s / count),
        }


def tend(ctx: Context) -> None:
    """One step of sealing or merging, as the background worker takes it."""
    with ctx.store.write() as tx:
        _ = ctx.index.seal_step(tx, datetime.now(UTC)) or ctx.index.merge_step(tx)


def entries_in(ctx: Context) -> int:
    """All entries of the index, sealed or not."""
    with ctx.store.read() as tx:
        live = sa.select(sa.func.coalesce(sa.func.sum(segment.c.entries), 0)).where(segment.c.state == LIVE)
        log = sa.select(sa.func.coalesce(sa.func.sum(sa.func.length(posting.c["keys"])), 0))
        return int(tx.connection.execute(live).scalar_one()) + tx.connection.execute(log).scalar_one() // 8


def false_positives(keys: int = 400_000) -> float:
    """How often a block's filter says yes to a key that is not in it."""
    random = np.random.default_rng(1)
    block = np.sort(random.integers(0, 2**63, 4_096, dtype=np.uint64))
    filters = np.frombuffer(build_filter(block, 4_096), np.uint8)[None, :]
    asked = random.integers(0, 2**63, keys, dtype=np.uint64)
    return round(float(may_hold(filters, np.zeros(keys, np.int64), asked).mean()), 5)


def run_of(articles: int) -> dict[str, str | int]:
    """On what, when and by what this was measured."""
    return {
        "command": f"python benchmarks/scaling/measuring.py ARCHIVE --articles {articles}",
        "date": datetime.now(UTC).date().isoformat(),
        "commit": commit(),
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
    }


if __name__ == "__main__":
    main()
