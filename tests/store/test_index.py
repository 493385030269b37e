"""The key index finds what a dictionary would, whatever is sealed or merged, and by whom."""

import threading
from collections import defaultdict
from datetime import UTC, datetime
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.model import PostingRow
from app.store import ingesting
from app.store.blocks import Entries, build_filter, cut, may_hold, pack, tidy, unpack
from app.store.index import Index
from app.store.segments import Shape
from tests.store import rows
from tests.store.probes import counting, undone

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)

# So small that a few dozen rows go through every level.
SMALL = Shape(cap=3, block=4, seal=8, fan=2, top=3, stride=1, sweep=2)
KEYS = [0, 1, 2, 3, 7, 2**32, 2**63 - 1, 2**63, 2**64 - 1, *range(100, 112)]


def uint64(values):
    return np.array(values, dtype=np.uint64)


def found(index, tx, keys, **options):
    """What a look-up gives, as a dictionary of key to versions."""
    positions, versions = index.lookup(tx, uint64(keys), **options)
    result = defaultdict(list)
    for position, version in zip(positions.tolist(), versions.tolist(), strict=True):
        result[keys[position]].append(version)
    return dict(result)


def truth(posted, cap=SMALL.cap):
    """The same by brute force over all rows."""
    result = defaultdict(set)
    for row in posted:
        for key in np.frombuffer(row.keys, "<u8").tolist():
            result[key].add(row.version)
    return {key: sorted(versions)[-cap:] for key, versions in result.items()}


def post(store, *posted):
    with store.write() as tx:
        ingesting.append(tx, rows.batch(postings=list(posted)))


def settle(store, index):
    """Seal and merge until there is nothing left to do."""
    for step in (lambda tx: index.seal_step(tx, NOON), index.merge_step):
        while True:
            with store.write() as tx:
                if not step(tx):
                    break


class World:
    """Two processes over one database, and every row that was ever posted to it."""

    def __init__(self, store):
        self.store = store
        self.indexes = [Index("p1", shape=SMALL, cache_bytes=200), Index("p1", shape=SMALL)]
        self.posted: list[PostingRow] = []

    def numbered(self, *contents):
        first = len(self.posted) + 1
        return [
            rows.posting(seq, keys, version=version) for seq, (version, keys) in enumerate(contents, first)
        ]

    def looks_right(self, index, tx, *extra):
        assert found(index, tx, KEYS) == truth([*self.posted, *extra])

    def add(self, who, contents):
        index, more = self.indexes[who], self.numbered(*contents)
        with self.store.write() as tx:
            index.catch_up(tx)
            for n, row in enumerate(more, start=1):
                index.note(tx, [row])
                self.looks_right(index, tx, *more[:n])
            index.catch_up(tx)
            self.looks_right(index, tx, *more)
            ingesting.append(tx, rows.batch(postings=more))
            index.catch_up(tx)
            self.looks_right(index, tx, *more)
        self.posted += more

    def undo(self, who, contents):
        index, more = self.indexes[who], self.numbered(*contents)
        with undone(self.store) as tx:
            index.note(tx, more)
            ingesting.append(tx, rows.batch(postings=more))
            index.seal_step(tx, NOON)
            index.merge_step(tx)
            index.catch_up(tx)
            self.looks_right(index, tx, *more)

    def look(self, who):
        with self.store.read() as tx:
            self.looks_right(self.indexes[who], tx)

    def look_back(self, who, contents):
        """A snapshot stays right while others add, seal and merge, and newer ones are looked at."""
        index, before = self.indexes[who], truth(self.posted)
        with self.store.read() as older:
            index.catch_up(older)
            self.add(who, contents)
            settle(self.store, self.indexes[1 - who])
            self.look(who)
            assert found(index, older, KEYS) == before

    def seal(self, who):
        with self.store.write() as tx:
            self.indexes[who].seal_step(tx, NOON)

    def merge(self, who):
        with self.store.write() as tx:
            self.indexes[who].merge_step(tx)

    def settle(self, who):
        settle(self.store, self.indexes[who])


# Versions come in any order: a released embargo posts an older one late.
contents = st.lists(
    st.tuples(st.integers(1, 30), st.lists(st.sampled_from(KEYS), max_size=6, unique=True)),
    min_size=1,
    max_size=4,
)
actions = st.lists(
    st.tuples(st.sampled_from(["add", "add", "undo", "look_back"]), st.integers(0, 1), contents)
    | st.tuples(st.sampled_from(["seal", "merge", "look", "settle"]), st.integers(0, 1)),
    max_size=40,
)


@pytest.mark.slow
@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(actions)
def test_two_processes_find_what_a_dictionary_would_whatever_is_sealed_and_merged(store, actions):
    with store.write() as tx:  # examples share the database
        for table in ("posting", "segment", "segment_block", "counter"):
            tx.connection.exec_driver_sql(f"DELETE FROM {table}")
    world = World(store)
    for name, *what in actions:
        getattr(world, name)(*what)
    world.indexes.append(Index("p1", shape=SMALL))
    for who in range(3):
        world.look(who)


def test_a_snapshot_older_than_what_the_process_has_seen_finds_what_it_shows(store):
    index = Index("p1", shape=SMALL)
    post(store, *(rows.posting(n, [n, 50]) for n in range(1, 10)))
    with store.read() as older:
        ingesting.counters(older)  # the snapshot begins with the first statement
        post(store, *(rows.posting(n, [n, 51]) for n in range(10, 20)))
        with store.read() as newer:
            assert found(index, newer, [19]) == {19: [19]}
        assert found(index, older, [19, 9]) == {9: [9]}
    with store.read() as older:
        ingesting.counters(older)
        settle(store, index)
        with store.read() as newer:
            assert found(index, newer, [19]) == {19: [19]}
        assert found(index, older, [19, 9]) == {9: [9], 19: [19]}


def test_a_merge_is_noticed_by_a_process_that_knew_the_segments_before_it(store):
    merging, other = Index("p1", shape=SMALL), Index("p1", shape=SMALL, cache_bytes=0)
    post(store, *(rows.posting(n, range(n * 10, n * 10 + 8)) for n in range(1, 5)))
    for _ in range(4):
        with store.write() as tx:
            assert merging.seal_step(tx, NOON)
    with store.read() as tx:
        assert found(other, tx, [10, 27, 47]) == {10: [1], 27: [2], 47: [4]}
    settle(store, merging)
    with store.read() as tx:
        assert found(other, tx, [10, 27, 47]) == {10: [1], 27: [2], 47: [4]}


def test_blocks_of_a_rolled_back_seal_are_not_mistaken_for_later_ones(store):
    index = Index("p1", shape=SMALL)
    with undone(store) as tx:
        ingesting.append(tx, rows.batch(postings=[rows.posting(1, range(8))]))
        assert index.seal_step(tx, NOON)
        index.catch_up(tx)
        assert found(index, tx, [0, 7]) == {0: [1], 7: [1]}
    post(store, rows.posting(1, range(4, 12)), rows.posting(2, [0]))
    with store.write() as tx:
        assert index.seal_step(tx, NOON)
    with store.read() as tx:
        assert found(index, tx, [0, 7, 11]) == {0: [2], 7: [1], 11: [1]}


def test_what_a_read_transaction_notes_is_its_own_affair(store):
    index = Index("p1", shape=SMALL)
    post(store, rows.posting(1, [5]))
    with store.read() as tx:
        index.note(tx, [rows.posting(2, [5, 6]), rows.posting(2, [6], profile="p2")])
        index.catch_up(tx)
        assert found(index, tx, [5, 6]) == {5: [1, 2], 6: [2]}
    post(store, rows.posting(2, [7]))
    with store.read() as tx:
        assert found(index, tx, [5, 6, 7]) == {5: [1], 7: [2]}


def test_profiles_do_not_meet_and_one_can_be_dropped(store):
    one, two = Index("p1", shape=SMALL), Index("p2", shape=SMALL)
    post(store, *(rows.posting(n, [n, 5], profile="p1" if n % 2 else "p2") for n in range(1, 37)))
    settle(store, one)
    post(store, *(rows.posting(n, [n, 5], profile="p1" if n % 2 else "p2") for n in range(37, 41)))
    with store.read() as tx:
        assert found(one, tx, [5]) == {5: [35, 37, 39]}
        assert found(two, tx, [5]) == {5: [36, 38, 40]}
    with store.write() as tx:
        one.drop_profile(tx)
    with store.read() as tx:
        assert found(one, tx, [5]) == {}
        assert found(two, tx, [5]) == {5: [36, 38, 40]}
    settle(store, two)
    with store.read() as tx:
        left = tx.connection.exec_driver_sql("SELECT count(*) FROM segment WHERE profile = 'p1'").scalar_one()
        assert left == 0


def test_a_second_look_may_leave_out_what_was_there_before(store):
    index = Index("p1", shape=SMALL)
    post(store, *(rows.posting(n, [n, 5]) for n in range(1, 9)))
    settle(store, index)
    post(store, rows.posting(9, [5]), rows.posting(10, [5]))
    with store.write() as tx:
        index.note(tx, [rows.posting(11, [5])])
        assert found(index, tx, [5], after=8) == {5: [9, 10, 11]}
        assert found(index, tx, [5], after=9) == {5: [10, 11]}
        assert found(index, tx, [5], after=10) == {5: [11]}


def test_sealed_rows_leave_the_log_and_merged_blocks_are_deleted(store):
    index = Index("p1", shape=SMALL)
    post(store, *(rows.posting(n, range(n * 10, n * 10 + 8)) for n in range(1, 9)))
    settle(store, index)
    with store.read() as tx:
        count = tx.connection.exec_driver_sql
        assert count("SELECT count(*) FROM posting").scalar_one() == 0
        assert count("SELECT count(*) FROM segment").scalar_one() == 1
        assert count("SELECT sum(blocks) FROM segment").scalar_one() == 16
        assert count("SELECT count(*) FROM segment_block").scalar_one() == 16


def test_catching_up_with_nothing_new_takes_one_statement(store):
    index = Index("p1", shape=SMALL)
    post(store, *(rows.posting(n, [n]) for n in range(1, 30)))
    settle(store, index)
    with store.read() as tx:
        index.catch_up(tx)
    with store.read() as tx, counting(store) as statements:
        index.catch_up(tx)
    assert len([each for each in statements if not each.startswith("BEGIN")]) == 1


def test_a_whole_group_is_looked_up_in_a_statement_or_two(store):
    index = Index("p1", shape=Shape(block=64, seal=256))
    post(store, *(rows.posting(n, range(n * 100, n * 100 + 32)) for n in range(1, 101)))
    settle(store, index)
    keys = [n * 100 + k for n in range(1, 101) for k in range(32)]
    with store.read() as tx:
        index.catch_up(tx)
        with counting(store) as statements:
            assert found(index, tx, keys) == {key: [key // 100] for key in keys}
    assert len(statements) == 1


def test_threads_that_share_an_index_see_every_committed_row_once(store):
    index = Index("p1", shape=Shape(block=16, seal=64, cap=1000))
    failures = []

    def look():
        try:
            for _ in range(60):
                with store.read() as tx:
                    stored = ingesting.counters(tx).posting
                    _, versions = index.lookup(tx, uint64([5]))
                    assert versions.tolist() == list(range(1, stored + 1))
        except BaseException as error:  # noqa: BLE001
            failures.append(error)

    threads = [threading.Thread(target=look) for _ in range(3)]
    for thread in threads:
        thread.start()
    for n in range(1, 121):
        with store.write() as tx:
            counters = ingesting.counters(tx)
            counters.posting = n
            ingesting.save_counters(tx, counters)
            ingesting.append(tx, rows.batch(postings=[rows.posting(n, [5, n + 10, n + 1000])]))
            index.seal_step(tx, NOON)
        with store.write() as tx:
            index.merge_step(tx)
    for thread in threads:
        thread.join()
    assert failures == []


keys_and_versions = st.lists(
    st.tuples(st.sampled_from(KEYS) | st.integers(0, 2**64 - 1), st.integers(0, 2**40)), max_size=60
)


@given(keys_and_versions, st.integers(1, 4))
def test_tidying_keeps_each_entry_once_and_the_newest_of_a_key(pairs, cap):
    tidied = tidy(uint64([k for k, _ in pairs]), np.array([v for _, v in pairs], np.int64), cap=cap)
    expected = defaultdict(set)
    for key, version in pairs:
        expected[key].add(version)
    entries = [(key, version) for key in sorted(expected) for version in sorted(expected[key])[-cap:]]
    assert list(zip(tidied.keys.tolist(), tidied.versions.tolist(), strict=True)) == entries


@given(keys_and_versions, st.integers(1, 10))
def test_blocks_hold_everything_and_never_part_the_entries_of_a_key(pairs, size):
    whole = tidy(uint64([k for k, _ in pairs]), np.array([v for _, v in pairs], np.int64), cap=3)
    blocks = list(cut(whole, size))
    assert [k for block in blocks for k in block.keys.tolist()] == whole.keys.tolist()
    assert [v for block in blocks for v in block.versions.tolist()] == whole.versions.tolist()
    assert all(a.keys[-1] < b.keys[0] for a, b in pairwise(blocks))
    assert all(0 < len(block) <= size + 2 for block in blocks)
    for block in blocks:
        again = unpack(*pack(block))
        assert np.array_equal(again.keys, block.keys)
        assert np.array_equal(again.versions, block.versions)


@given(st.lists(st.integers(0, 2**64 - 1), min_size=1, max_size=50))
def test_a_filter_never_denies_a_key_it_was_built_of(keys):
    built = np.frombuffer(build_filter(uint64(keys), 64), np.uint8).reshape(1, -1)
    assert may_hold(built, np.zeros(len(keys), np.int64), uint64(keys)).all()


def test_a_full_filter_lets_about_one_absent_key_in_a_hundred_pass():
    random = np.random.default_rng(7)
    # Sampled shingles are small hashes: the filter must not mind.
    keys = random.integers(0, 2**60, 8192, dtype=np.uint64)
    built = np.frombuffer(build_filter(keys[:4096], 4096), np.uint8).reshape(1, -1)
    passed = may_hold(built, np.zeros(4096, np.int64), keys[4096:])
    assert passed.mean() < 0.02


def test_nothing_is_tidied_cut_and_found_in_nothing():
    nothing = tidy(uint64([]), np.array([], np.int64), cap=3)
    assert len(nothing) == 0
    assert list(cut(nothing, 4)) == []
    assert isinstance(unpack(*pack(nothing)), Entries)
