"""Drafting in processes of their own: parsing, cleaning and fingerprinting are half of an article's work.

They take none of the interpreter that compares, stores and answers. Packing and unpacking a draft costs
that one 0.6 ms of the 4 that drafting takes. The processes begin when there is work for them, and until
they are warm, or should they die, the work is done here.
"""

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from multiprocessing.connection import wait

import structlog

from app.dedup.profile import Profile
from app.model import Submission
from app.services.drafting import Drafted, draft_all, warm_up

START_AT = 16
"""Submissions drafted at once …"""
START_AFTER = 256
"""… and so far, from which processes are worth the two seconds that their beginning takes."""
START_AT_BYTES = 1_000_000
"""Bytes drafted at once from which they are as well: a long text holds everybody else up."""
_SMALLEST_PART = 8
"""Submissions: what a process is asked for should take longer than the asking."""

log = structlog.get_logger()


class DraftPool:
    """A few processes that draft under one profile; none where ``processes`` is 0.

    Safe to share between threads; close it once.
    """

    def __init__(self, profile: Profile, *, processes: int) -> None:
        self._profile = profile
        self._processes = processes
        self._turn = threading.Lock()
        self._executor: ProcessPoolExecutor | None = None
        self._warm = False
        self._closed = False
        self._count = self._bytes = 0
        """What is being drafted right now …"""
        self._so_far = 0
        """… and how many submissions were handed over altogether."""

    @property
    def drafters(self) -> int:
        """Lists that are worth being handed over at once: one a process, and one on its way."""
        return self._processes + 1

    def draft_all(self, submissions: Sequence[Submission]) -> list[Drafted]:
        """As ``drafting.draft_all``: a draft of each submission, or what is wrong with it, in order."""
        size = sum(len(each.raw) for each in submissions)
        executor = self._enter(len(submissions), size)
        try:
            if executor is not None:
                parts = [executor.submit(_draft, part) for part in self._parts(submissions)]
                return [each for part in parts for each in part.result()]
        except BrokenExecutor:
            log.warning("a drafting process died", articles=len(submissions))
            self._drop(executor)
        finally:
            with self._turn:
                self._count -= len(submissions)
                self._bytes -= size
        return draft_all(submissions, self._profile)

    def close(self) -> None:
        """Let the processes finish and end."""
        with self._turn:
            self._closed = True
            executor, self._executor = self._executor, None
        if executor is not None:
            executor.shutdown()

    def _parts(self, submissions: Sequence[Submission]) -> Iterator[Sequence[Submission]]:
        """A list in as many parts as there are processes, so that all of them work at it."""
        size = max(_SMALLEST_PART, -(-len(submissions) // self._processes))
        for start in range(0, len(submissions), size):
            yield submissions[start : start + size]

    def _enter(self, count: int, size: int) -> ProcessPoolExecutor | None:
        """Count work in; the processes, once they are warm."""
        with self._turn:
            self._count += count
            self._bytes += size
            self._so_far += count
            many = self._count >= START_AT and self._so_far >= START_AFTER
            much = many or self._bytes >= START_AT_BYTES
            if self._executor is None and much and self._processes and not self._closed:
                self._executor = self._open()
            return self._executor if self._warm else None

    def _open(self) -> ProcessPoolExecutor:
        executor = open_processes(self._profile, self._processes)
        executor.submit(int).add_done_callback(self._note_warm)
        return executor

    def _note_warm(self, first: "Future[int]") -> None:
        self._warm = first.exception() is None

    def _drop(self, executor: ProcessPoolExecutor | None) -> None:
        """Forget processes of which one died, as their executor has: others begin with the next work."""
        with self._turn:
            if self._executor is executor:
                self._executor, self._warm = None, False


def open_processes(profile: Profile, count: int) -> ProcessPoolExecutor:
    """Processes that draft under one profile and end with this one, however it ends."""
    return ProcessPoolExecutor(
        count,
        # A fork of a process with threads may copy a lock that nobody will ever release.
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_begin,
        initargs=(profile,),
    )


def own_profile() -> Profile:
    """The profile that this process drafts under, in one that ``open_processes`` has begun."""
    return _profile


_profile: Profile


def _begin(profile: Profile) -> None:
    global _profile  # noqa: PLW0603 - a process drafts under one profile all its life
    _profile = profile
    # Ctrl-C goes to all of a terminal's processes; who ends this one is the service, when it is done.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, name="watch-parent", daemon=True).start()
    warm_up(profile)


def _end_with_parent() -> None:
    """Do not outlive a service that was killed: the queue to it never ends by itself."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(0)


def _draft(submissions: Sequence[Submission]) -> list[Drafted]:
    return draft_all(submissions, _profile)
