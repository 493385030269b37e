"""How fast the key index takes in and finds, as it grows.

    python -m benchmarks.index_layout --articles 300000
    python -m benchmarks.index_layout --url postgresql://... --articles 100000

Groups of 100 articles with 32 keys each: 30 of their own, 2 of an earlier article. Each group is looked up,
noted and stored in one write transaction, as ingest does under its lock; after each, one step of sealing or
merging is taken, as the background worker does. The second command wants an empty database.
"""

import argparse
import resource
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from app.model import Batch, PostingRow, VersionKey
from app.store.engine import open_store
from app.store.index import Index
from app.store.ingesting import append
from app.store.schema import migrate
from app.store.segments import Shape

GROUP, KEYS, SHARED = 100, 32, 2


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--url")
    options.add_argument("--articles", type=int, default=100_000)
    options.add_argument("--block", type=int, default=Shape().block)
    options.add_argument("--seal", type=int, default=Shape().seal)
    options.add_argument("--stride", type=int, default=Shape().stride)
    options.add_argument("--report", type=int, default=100_000, help="articles between two lines")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = asked.url or f"sqlite:///{Path(folder) / 'index.db'}"
        migrate(url)
        shape = Shape(block=asked.block, seal=asked.seal, stride=asked.stride)
        print(
            f"{'articles':>9} {'all/s':>6} {'look':>5} {'insert':>6} {'tend':>5}  µs an article;"
            f" {'longest group':>13} {'step':>5} ms; segments, MB of process"
        )
        run(url, shape, asked.articles, asked.report)


def run(url: str, shape: Shape, articles: int, report: int) -> None:
    random = np.random.default_rng(1)
    store, index = open_store(url), Index("bench", shape=shape)
    earlier = np.zeros((articles, SHARED), np.uint64)
    looking = inserting = tending = longest_group = longest_step = 0.0
    began = time.perf_counter()
    for first in range(0, articles, GROUP):
        keys = random.integers(0, 2**60, (GROUP, KEYS), dtype=np.uint64)
        earlier[first : first + GROUP] = keys[:, :SHARED]
        if first:
            keys[:, SHARED : 2 * SHARED] = earlier[random.integers(0, first, GROUP)]
        keys.sort(axis=1)
        rows = [
            PostingRow(first + n + 1, "bench", VersionKey(first + n + 1), keys[n].tobytes())
            for n in range(GROUP)
        ]
        start = time.process_time()
        with store.write() as tx:
            index.catch_up(tx)
            _, versions = index.lookup(tx, keys.ravel())
            found = time.process_time()
            index.note(tx, rows)
            append(tx, Batch(postings=rows))
        stored = time.process_time()
        with store.write() as tx:
            _ = index.seal_step(tx, datetime.now(UTC)) or index.merge_step(tx)
        ended = time.process_time()
        assert first == 0 or len(versions) >= GROUP * SHARED  # noqa: S101
        looking += found - start
        inserting += stored - found
        tending += ended - stored
        longest_group, longest_step = max(longest_group, stored - start), max(longest_step, ended - stored)
        done = first + GROUP
        if done % report == 0:
            spent = time.perf_counter() - began
            used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            each = [1e6 * total / report for total in (looking, inserting, tending)]
            with store.read() as tx:
                index.catch_up(tx)
                live = tx.connection.exec_driver_sql(
                    "SELECT count(*) FROM segment WHERE state = 'live'"
                ).scalar()
            print(
                f"{done:>9} {report / spent:>6.0f} {each[0]:>5.0f} {each[1]:>6.0f} {each[2]:>5.0f} "
                f"{'':>15} {1e3 * longest_group:>13.0f} {1e3 * longest_step:>5.0f}     {live:>8} {used}",
                flush=True,
            )
            looking = inserting = tending = longest_group = longest_step = 0.0
            began = time.perf_counter()
    store.close()


if __name__ == "__main__":
    main()
