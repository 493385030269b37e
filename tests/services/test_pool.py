"""Drafting in other processes is drafting: the same drafts and refusals, whatever becomes of a process."""

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from structlog.testing import capture_logs

from app.dedup import profile
from app.errors import EmptyText, MalformedJson
from app.services import pool as pool_module
from app.services.drafter import open_processes
from app.services.drafting import Draft, draft_all
from app.services.pool import START_AFTER, DraftPool
from tests.services.stories import submission

MANY = [submission(title=f"Item {n}", text=f"Item {n} of a long list.") for n in range(START_AFTER)]


@pytest.fixture(autouse=True)
def _own_log():
    """What is logged, wherever tests before this one let logs go."""
    with capture_logs():
        yield


@pytest.fixture(scope="module")
def pool():
    """A pool whose two processes are at work."""
    pool = DraftPool(profile.STANDARD, processes=2)
    pool.draft_all(MANY)
    until_warm(pool)
    yield pool
    pool.close()


def until_warm(pool):
    deadline = time.monotonic() + 60
    while not pool._warm:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def processes(pool):
    return list(pool._executor._processes)


def same(one, other):
    if not isinstance(one, Draft):
        return (type(one), one.detail, one.field, one.fix) == (
            type(other),
            other.detail,
            other.field,
            other.fix,
        )
    facts = one.facts == other.facts and one.document == other.document and one.content == other.content
    return facts and one.print.words.tobytes() == other.print.words.tobytes()


def test_drafts_and_refusals_come_back_as_if_made_here(pool):
    mixed = [submission(), submission(text=" \u200b "), submission(html="<p>A pier reopens.</p>", text=None)]
    there, here = pool.draft_all(mixed), draft_all(mixed, profile.STANDARD)
    assert isinstance(there[1], EmptyText)
    assert all(map(same, there, here))


def test_a_few_articles_start_no_process():
    pool = DraftPool(profile.STANDARD, processes=2)
    assert len(pool.draft_all(MANY[:15])) == 15
    assert pool._executor is None
    pool.close()


def test_with_no_processes_all_is_drafted_here():
    pool = DraftPool(profile.STANDARD, processes=0)
    assert len(pool.draft_all(MANY)) == len(MANY)
    assert pool._executor is None
    pool.close()


def test_a_process_that_is_killed_loses_nothing_and_others_take_its_place(pool):
    with ThreadPoolExecutor(4) as threads:
        lists = [threads.submit(pool.draft_all, MANY[:40]) for _ in range(2)]
        os.kill(processes(pool)[0], signal.SIGKILL)
        assert all(len(each.result()) == 40 for each in lists)
    pool.draft_all(MANY)
    until_warm(pool)
    assert isinstance(pool.draft_all(MANY[:1])[0], Draft)
    assert processes(pool)


class Deadly(bytes):
    """Kills the process that it is sent to, as a text might that finds a fault in a library."""

    def __reduce__(self):
        return os._exit, (1,)


def test_a_text_that_kills_what_drafts_it_is_refused_and_its_neighbours_are_drafted(pool):
    until_warm(pool)
    deadly = replace(submission(external_id="deadly"), raw=Deadly(b"{}"))
    drafted = pool.draft_all([submission(), deadly])
    assert isinstance(drafted[0], Draft)
    assert drafted[1].code == "internal"
    # Sent again while new processes are not warm yet, it must not be drafted in this one.
    assert pool.draft_all([deadly])[0].code == "internal"
    pool.draft_all(MANY)
    until_warm(pool)


def test_processes_that_die_before_they_are_warm_are_begun_anew_later(monkeypatch):
    monkeypatch.setattr(pool_module, "_PAUSE_S", 0)
    profiles: list[Any] = [Deadly(), profile.STANDARD]
    monkeypatch.setattr(
        pool_module, "open_processes", lambda _profile, _count: open_processes(profiles.pop(0), 1)
    )
    fragile = DraftPool(profile.STANDARD, processes=1)
    deadline = time.monotonic() + 60
    while profiles or not fragile._warm:
        assert len(fragile.draft_all(MANY[:16] if fragile._so_far else MANY)) >= 16
        assert time.monotonic() < deadline
        time.sleep(0.1)
    fragile.close()


def test_an_error_keeps_what_it_says_when_it_is_packed():
    import pickle  # noqa: PLC0415

    error = MalformedJson("Expected a value", position=7)
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.detail, again.position, str(again)) == (
        MalformedJson,
        error.detail,
        7,
        str(error),
    )
