"""What was compared last is not read again; what is kept of it is bounded."""

import pytest

from app.model import VersionKey
from app.services.recall import Recall

KEYS = [VersionKey(1), VersionKey(2), VersionKey(3)]


@pytest.fixture
def reads(ctx, post, count_statements):
    """How many statements it takes a memory to load versions of some 160 words each."""
    for number in range(len(KEYS)):
        post(source=f"paper{number}.example")

    def count(recall, *keys):
        def load():
            with ctx.store.read() as tx:
                assert recall.load(tx, keys, ctx.profile.id).keys() == set(keys)

        return count_statements("version", load)

    return count


def test_a_version_is_read_once(reads):
    recall = Recall()
    assert reads(recall, *KEYS) > 0
    assert reads(recall, *KEYS) == 0


def test_beyond_so_many_versions_the_one_not_used_longest_is_read_again(reads):
    recall = Recall(most=2)
    for key in KEYS:
        reads(recall, key)
    assert reads(recall, *KEYS[1:]) == 0
    assert reads(recall, KEYS[0]) > 0


def test_beyond_so_many_words_too(reads):
    recall = Recall(most_words=400)
    for key in KEYS:
        reads(recall, key)
    assert reads(recall, *KEYS[1:]) == 0
    assert reads(recall, KEYS[0]) > 0


def test_a_version_of_more_words_than_that_is_not_kept(reads):
    recall = Recall(most_words=100)
    reads(recall, KEYS[0])
    assert reads(recall, KEYS[0]) > 0


def test_keeping_a_version_again_does_not_count_its_words_twice(ctx, reads):
    recall = Recall(most_words=400)
    with ctx.store.read() as tx:
        for _ in range(5):
            recall.keep(recall.load(tx, KEYS[:2], ctx.profile.id).values())
    assert reads(recall, *KEYS[:2]) == 0
