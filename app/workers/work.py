"""One of several works that share a thread: when it raises, the others go on and it is tried again later.

A failure is logged, counted for the process's measurements, and followed by a pause that doubles from one
second to a minute. That the database is away or full is not one work's failure but everybody's: it is let
through, to whoever runs the thread.
"""

import time
from collections import Counter
from collections.abc import Callable

import structlog

from app.errors import StorageFull, StorageUnavailable
from app.workers.loop import Step, pause_after

FAILURES: Counter[str] = Counter()
"""Failures in this process since it began, by the work's name."""

log = structlog.get_logger(__name__)


class Work:
    """A step under a name. Used by one thread."""

    def __init__(self, name: str, step: Step, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.name = name
        self._step = step
        self._clock = clock
        self._failures = 0
        self._again_at = 0.0

    @property
    def failing(self) -> bool:
        """Whether its latest try failed: what it was to do is not done."""
        return self._failures > 0

    def attempt(self) -> bool:
        """Take a step, unless it rests after a failure; whether anything was done."""
        if self._clock() < self._again_at:
            return False
        try:
            worked = self._step()
        except (StorageUnavailable, StorageFull):
            raise
        except Exception:
            pause_s = pause_after(self._failures)
            self._failures += 1
            self._again_at = self._clock() + pause_s
            FAILURES[self.name] += 1
            log.exception("work failed", work=self.name, failures=self._failures, pause_s=pause_s)
            return False
        self._failures = 0
        return worked
