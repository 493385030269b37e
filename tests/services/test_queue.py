"""Group commit: nobody waits for company, and everyone who was accepted is answered."""

import contextlib
import functools
import operator
import threading
from typing import Any

import pytest

from app.errors import Overloaded
from app.services.queue import IngestQueue
from tests.services.stories import submission


def drafts_of(submissions):
    """Drafting is not what is tested here: each stands for itself."""
    return [each.source for each in submissions]


class Door:
    """A take_in that stays inside until it is let go, and notes what it was given."""

    def __init__(self):
        self.groups, self.inside, self.go = [], threading.Event(), threading.Event()

    def __call__(self, drafted):
        self.groups.append(list(drafted))
        self.inside.set()
        assert self.go.wait(10)
        return [name.upper() for name in drafted]


@pytest.fixture
def door():
    return Door()


def queue_of(draft_all, take_in, **options) -> Any:
    """A queue of names: neither drafting nor taking in is what is tested here."""
    return IngestQueue(draft_all, take_in, **options)


def one(name):
    return [submission(source=name)]


def test_what_arrives_while_a_group_commits_is_the_next_group(door):
    queue = queue_of(drafts_of, door)
    first = queue.submit(one("a"))
    assert door.inside.wait(10)
    later = [queue.submit(one("b")), queue.submit([*one("c"), *one("d")])]
    door.go.set()
    assert [first.result(10), *(each.result(10) for each in later)] == [["A"], ["B"], ["C", "D"]]
    queue.close()
    assert door.groups[0] == ["a"]
    assert sorted(functools.reduce(operator.iadd, door.groups[1:], [])) == ["b", "c", "d"]


def test_beyond_its_bound_it_says_when_to_come_again(door):
    queue = queue_of(drafts_of, door, most_waiting=2)
    queue.submit(one("a"))
    queue.submit(one("b"))
    with pytest.raises(Overloaded) as refused:
        queue.submit(one("c"))
    assert refused.value.retry_after_s == 1
    door.go.set()
    queue.close()


def test_a_long_article_takes_the_room_of_many(door):
    queue = queue_of(drafts_of, door, most_waiting=10)
    long = [submission(source="long", text="word " * 80_000)]
    waiting = [queue.submit(long), queue.submit(one("a"))]
    with pytest.raises(Overloaded):
        queue.submit(long)
    door.go.set()
    assert [future.result(10) for future in waiting] == [["LONG"], ["A"]]
    assert queue.submit(long).result(10) == ["LONG"]
    queue.close()


def test_closing_finishes_what_was_accepted_and_refuses_the_rest(door):
    queue = queue_of(drafts_of, door)
    futures = [queue.submit(one(name)) for name in "abc"]
    closing = threading.Thread(target=queue.close)
    closing.start()
    door.go.set()
    closing.join(10)
    assert [future.result(0) for future in futures] == [["A"], ["B"], ["C"]]
    with pytest.raises(Overloaded):
        queue.submit(one("d"))


def test_whoever_comes_while_it_closes_is_stored_or_refused_and_never_left_waiting(door):
    door.go.set()
    for _ in range(20):
        queue = queue_of(drafts_of, door)
        told: list[Any] = []

        def keep_sending(queue=queue, told=told):
            with contextlib.suppress(Overloaded):
                while True:
                    told.append(queue.submit(one("a")))

        sender = threading.Thread(target=keep_sending)
        sender.start()
        queue.close()
        sender.join(10)
        assert not sender.is_alive()
        assert all(future.result(0) == ["A"] for future in told)


def test_a_failure_is_told_to_everyone_in_the_group_and_the_next_group_goes_on():
    failing = [True]

    def take_in(drafted):
        if failing.pop() if failing else False:
            raise OSError("disk gone")
        return list(drafted)

    queue = queue_of(drafts_of, take_in)
    with pytest.raises(OSError, match="disk gone"):
        queue.submit(one("a")).result(10)
    assert queue.submit(one("b")).result(10) == ["b"]
    queue.close()


def test_a_long_text_holds_nobody_up(door):
    slow = threading.Event()

    def draft_all(submissions):
        if submissions[0].source == "long":
            assert slow.wait(10)
        return drafts_of(submissions)

    door.go.set()
    queue = queue_of(draft_all, door)
    long = queue.submit(one("long"))
    assert queue.submit(one("short")).result(10) == ["SHORT"]
    assert not long.done()
    slow.set()
    assert long.result(10) == ["LONG"]
    queue.close()


def test_lists_of_one_lane_are_taken_in_in_order_whichever_is_drafted_first(door):
    slow = threading.Event()

    def draft_all(submissions):
        if submissions[0].source == "first":
            assert slow.wait(10)
        return drafts_of(submissions)

    door.go.set()
    queue = queue_of(draft_all, door)
    futures = [queue.submit(one(name), lane="batch") for name in ("first", "second", "third")]
    assert queue.submit(one("elsewhere")).result(10) == ["ELSEWHERE"]
    slow.set()
    assert [future.result(10) for future in futures] == [["FIRST"], ["SECOND"], ["THIRD"]]
    queue.close()
    assert sum(door.groups, [])[-3:] == ["first", "second", "third"]  # noqa: RUF017 - a handful


def test_a_group_keeps_to_its_size(door):
    queue = queue_of(drafts_of, door, group=3)
    queue.submit(one("a"))
    assert door.inside.wait(10)
    futures = [queue.submit([*one("b"), *one("c")]) for _ in range(3)]
    door.go.set()
    for future in futures:
        future.result(10)
    queue.close()
    assert max(len(group) for group in door.groups) <= 3
