"""A loop keeps going, rests when there is nothing to do, and stops between steps."""

import threading
import time

import pytest

from app.workers.loop import LONGEST_PAUSE_S, pause_after, run, start


def test_a_loop_takes_steps_without_a_pause_while_there_is_work():
    stop, left = threading.Event(), [200]

    def step():
        left[0] -= 1
        if left[0] == 0:
            stop.set()
        return True

    began = time.monotonic()
    run(step, stop, idle_s=10)
    assert time.monotonic() - began < 5


class Rests(threading.Event):
    """A stop that notes how long it was waited for, and does not wait."""

    def __init__(self):
        super().__init__()
        self.noted = []

    def wait(self, timeout=None):
        self.noted.append(timeout)
        return self.is_set()


def test_a_loop_gives_way_while_others_are_busy():
    stop = Rests()

    def step():
        time.sleep(0.01)
        if len(stop.noted) == 3:
            stop.set()
        return True

    busy = iter([True, True, False, True, True])
    run(step, stop, busy=lambda: next(busy))
    assert len(stop.noted) == 4
    assert all(rest >= 0.02 for rest in stop.noted)


def test_a_loop_with_nothing_to_do_rests_and_still_stops_at_once():
    steps = []

    def step():
        steps.append(1)
        return False

    running = start(step, name="idle", idle_s=30)
    time.sleep(0.05)
    began = time.monotonic()
    assert running.stop(timeout_s=5)
    assert time.monotonic() - began < 2
    assert len(steps) == 1


def test_the_step_under_way_is_finished_before_the_loop_ends():
    begun, finished = threading.Event(), []

    def step():
        begun.set()
        time.sleep(0.2)
        finished.append(True)
        return True

    running = start(step, name="slow")
    begun.wait(5)
    assert running.stop(timeout_s=5)
    assert finished


def test_a_step_that_fails_is_tried_again_after_a_pause():
    stop, tries = threading.Event(), []

    def step():
        tries.append(time.monotonic())
        if len(tries) < 3:
            raise OSError("the disk is away")
        stop.set()
        return True

    run(step, stop, first_pause_s=0.01)
    assert len(tries) == 3
    assert tries[1] - tries[0] >= 0.01
    assert tries[2] - tries[1] >= 0.02


@pytest.mark.parametrize(
    ("failures", "pause"), [(0, 1), (1, 2), (5, 32), (6, LONGEST_PAUSE_S), (10_000, LONGEST_PAUSE_S)]
)
def test_the_pause_doubles_up_to_a_minute(failures, pause):
    assert pause_after(failures) == pause
