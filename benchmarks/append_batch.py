"""How long storing a whole group takes, table by table included, with and without foreign keys.

    python -m benchmarks.append_batch
    python -m benchmarks.append_batch --url postgresql://...

Groups of 100 articles of 3 KB, each with version, page, fingerprint, postings, membership, an edge, a
decision and two entries of the change feed. The second command wants an empty database.
"""

import argparse
import json
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from app.dedup.model import Passage, Role, Span
from app.model import Batch
from app.store.engine import open_store
from app.store.ingesting import append
from app.store.schema import migrate
from tests.store import rows

GROUP = 100


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--url")
    options.add_argument("--groups", type=int, default=60)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = asked.url or f"sqlite:///{Path(folder) / 'append.db'}"
        migrate(url)
        store = open_store(url)
        pragmas = ("ON", "OFF") if store.dialect == "sqlite" else ("always",)
        for turn, keys in enumerate([*pragmas] * 2):
            cpu = wall = 0.0
            for number in range(asked.groups):
                batch = group(turn * asked.groups * GROUP + number * GROUP + 1)
                if store.dialect == "sqlite":
                    with store.engine.connect() as connection:
                        connection.connection.execute(f"PRAGMA foreign_keys = {keys}")
                began, before = time.perf_counter(), time.process_time()
                with store.write() as tx:
                    append(tx, batch)
                wall += time.perf_counter() - began
                cpu += time.process_time() - before
            each = 1e6 / (asked.groups * GROUP)
            print(
                f"foreign keys {keys:>6}: {cpu * each:>4.0f} µs of processor,"
                f" {wall * each:>5.0f} µs in all, an article"
            )
        store.close()


def group(first: int) -> Batch:
    random = np.random.default_rng(first)
    words = [f"word{n}" for n in range(5000)]
    whole: list[Batch] = []
    for key in range(first, first + GROUP):
        text = " ".join(random.choice(words, 450))
        raw = json.dumps({"source": "reuters.com", "title": "A title", "text": text}).encode()
        passages = tuple(Passage(Role.BODY, Span(n * 300, n * 300 + 299)) for n in range(10))
        page = rows.page(key, raw=raw, text=text, passages=passages, removed=(Span(1, 9),))
        batch = rows.newcomer(key, founder=first if key > first else None)
        batch.postings = [replace(batch.postings[0], keys=batch.fingerprints[0][1].keys.tobytes())]
        batch.pages = [page]
        signals = {f"signal{n}": n / 7 for n in range(8)}
        batch.decisions = [
            rows.decision(key, reasons=("The leads agree.", "Numbers agree."), signals=signals)
        ]
        batch.changes = [rows.change(2 * key), rows.change(2 * key + 1)]
        whole.append(batch)
    return rows.together(*whole)


if __name__ == "__main__":
    main()
