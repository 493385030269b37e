"""Drafting in processes of their own: parsing, cleaning and fingerprinting are half of an article's work.

They take none of the interpreter that compares, stores and answers. Packing and unpacking a draft costs
that one 0.6 ms of the 4 that drafting takes. The processes begin when there is work for them, and until
they are warm the work is done here. Where one dies, what it was at is drafted apart, and others begin with
the next work.
"""

import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor

import structlog

from app.dedup.profile import Profile
from app.model import Submission
from app.services.drafter import draft_here, open_processes
from app.services.drafting import Drafted, draft_all
from app.services.isolation import Isolation

START_AT = 16
"""Submissions drafted at once …"""
START_AFTER = 256
"""… and so far, from which processes are worth the two seconds that their beginning takes."""
START_AT_BYTES = 1_000_000
"""Bytes drafted at once from which they are as well: a long text holds everybody else up."""
_SMALLEST_PART = 8
"""Submissions: what a process is asked for should take longer than the asking."""
_PAUSE_S = 10.0
"""Between two tries where processes die before they are warm: a machine without memory has other worries."""

log = structlog.get_logger()


class DraftPool:
    """A few processes that draft under one profile; none where ``processes`` is 0.

    Safe to share between threads; close it once.
    """

    def __init__(self, profile: Profile, *, processes: int) -> None:
        self._profile = profile
        self._processes = processes
        self._turn = threading.RLock()  # what was begun may be known to be dead at once
        self._executor: ProcessPoolExecutor | None = None
        self._isolation = Isolation(profile)
        self._warm = False
        self._open_from = 0.0
        """Time of the monotonic clock before which no processes are begun."""
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
        if any(map(self._isolation.knows, submissions)):
            return self._isolation.draft_all(submissions)
        size = sum(len(each.raw) for each in submissions)
        executor = self._enter(len(submissions), size)
        try:
            if executor is not None:
                parts = [executor.submit(draft_here, part) for part in self._parts(submissions)]
                return [each for part in parts for each in part.result()]
        except BrokenExecutor:
            log.warning("a drafting process died", articles=len(submissions))
            self._drop(executor)
            return self._isolation.draft_all(submissions)
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
            if self._executor is None and much and self._may_open():
                self._open()
            return self._executor if self._warm else None

    def _may_open(self) -> bool:
        return self._processes > 0 and not self._closed and time.monotonic() >= self._open_from

    def _open(self) -> None:
        executor = self._executor = open_processes(self._profile, self._processes)
        executor.submit(int).add_done_callback(lambda first: self._note_warm(executor, first))

    def _note_warm(self, executor: ProcessPoolExecutor, first: "Future[int]") -> None:
        if first.cancelled():
            return
        if first.exception() is None:
            with self._turn:
                self._warm = self._executor is executor
            return
        log.warning("a drafting process died before it was warm", pause_s=_PAUSE_S)
        self._open_from = time.monotonic() + _PAUSE_S
        self._drop(executor)

    def _drop(self, executor: ProcessPoolExecutor | None) -> None:
        """Forget processes of which one died, as their executor has: others begin with the next work."""
        with self._turn:
            if self._executor is executor:
                self._executor, self._warm = None, False
