"""Sorting on disk is sorting: whatever the order, and however many runs it takes."""

import random

import pytest

from app.services.sorted_runs import SortedRuns, SortKey


@pytest.mark.parametrize("most_bytes", [100, 5_000, 10**9])
def test_what_was_added_comes_back_in_order(tmp_path, most_bytes):
    shuffled = random.Random(1)
    made = [(SortKey(float(shuffled.randrange(50)), n % 3, n), b"x" * (n % 70)) for n in range(500)]
    shuffled.shuffle(made)
    runs = SortedRuns(tmp_path, most_bytes=most_bytes)
    for key, payload in made:
        runs.add(key, payload)
    runs.finish()
    assert list(SortedRuns(tmp_path).read()) == sorted(made)
    assert len(list(tmp_path.iterdir())) <= 64


def test_nothing_sorted_is_nothing(tmp_path):
    runs = SortedRuns(tmp_path)
    runs.finish()
    assert list(runs.read()) == []
