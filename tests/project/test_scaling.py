"""The counting of segments is that of the index, and the page says what it counts."""

from datetime import UTC, datetime

import numpy as np
import pytest
import sqlalchemy as sa

from app.model import Batch, PostingRow, VersionKey
from app.store.index import Index
from app.store.ingesting import append
from app.store.segments import LIVE, Shape
from app.store.tables import segment
from benchmarks.scaling.report import PAGE, written
from benchmarks.scaling.segments import blocks_asked, grow
from tests.store import rows

SHAPE = Shape(seal=64, block=16, fan=4, top=2)


@pytest.mark.parametrize("articles", [7, 64, 150])
def test_segments_are_counted_as_the_index_makes_them(store, articles):
    index, keys = Index("p1", shape=SHAPE), np.random.default_rng(1)
    with store.write() as tx:
        append(tx, rows.batch(articles=[rows.article()], versions=[rows.version()]))
    for seq in range(1, articles + 1):
        some = keys.integers(0, 2**60, 16, dtype=np.uint64).astype("<u8").tobytes()
        with store.write() as tx:
            append(tx, Batch(postings=[PostingRow(seq, "p1", VersionKey(1), some)]))
            while index.seal_step(tx, datetime.now(UTC)) or index.merge_step(tx):
                pass
    counted = grow(articles, 16, SHAPE)
    with store.read() as tx:
        live = tx.connection.execute(sa.select(segment).where(segment.c.state == LIVE)).all()
    assert counted.live == tuple(sum(row.level == level for row in live) for level in range(3))
    assert counted.entries == sum(row.entries for row in live)
    # A step of merging leaves its last block less than full.
    a_step = SHAPE.fan * SHAPE.stride
    assert counted.blocks <= sum(row.blocks for row in live) <= counted.blocks * (1 + 1 / a_step)


def test_a_look_up_reads_the_blocks_of_present_keys_and_where_filters_err():
    assert blocks_asked(30, 10, present=0.0, false_positives=0.0) == 0
    assert blocks_asked(30, 10, present=1.0, false_positives=0.0) == 30
    assert blocks_asked(30, 10, present=0.0, false_positives=0.01) == pytest.approx(3)


def test_the_page_says_what_the_program_counts():
    page = PAGE.read_text("utf-8")
    assert written(page) == page, "run python benchmarks/scaling/report.py"
