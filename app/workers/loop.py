"""Runs a step again and again: waits when there was nothing to do, gives way, backs off when it failed.

Owns the waiting and the stopping, and knows nothing of what a step does. A step that raises is
logged and tried again, after a pause that doubles from one second to a minute: a database that is
away for the night costs a line a minute, and a bad row cannot spin the processor.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog

Step = Callable[[], bool]
"""Does a little; returns whether there was anything to do."""

IDLE_S = 0.5
GIVEN_WAY = 2.0
"""Times its own length that a step rests while others are busy: it then takes a third of a processor.
Articles that came in over HTTP at 69 a second beside a tender without rest came in at 98."""
FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 60.0

log = structlog.get_logger(__name__)


def run(
    step: Step,
    stop: threading.Event,
    *,
    busy: Callable[[], bool] = lambda: False,
    idle_s: float = IDLE_S,
    first_pause_s: float = FIRST_PAUSE_S,
) -> None:
    """Take steps until ``stop`` is set. The step under way is always finished.

    ``busy`` says after a step whether others have more urgent work for the processor.
    """
    failures = 0
    while not stop.is_set():
        began = time.monotonic()
        try:
            worked = step()
        except Exception:
            pause = pause_after(failures, first_s=first_pause_s)
            failures += 1
            log.exception("step failed", failures=failures, pause_s=pause)
            stop.wait(pause)
            continue
        failures = 0
        if not worked:
            stop.wait(idle_s)
        elif busy():
            stop.wait(GIVEN_WAY * (time.monotonic() - began))


def pause_after(failures: int, *, first_s: float = FIRST_PAUSE_S) -> float:
    """Seconds to wait once a step has failed after so many failures in a row."""
    return min(LONGEST_PAUSE_S, first_s * 2.0 ** min(failures, 20))


@dataclass(frozen=True, slots=True)
class Running:
    """A loop under way in a thread of its own."""

    thread: threading.Thread
    stop_asked: threading.Event

    def stop(self, *, timeout_s: float | None = None) -> bool:
        """Let the step under way finish, then end; false where it did not end in time."""
        self.stop_asked.set()
        self.thread.join(timeout_s)
        return not self.thread.is_alive()


def start(
    step: Step, *, name: str, busy: Callable[[], bool] = lambda: False, idle_s: float = IDLE_S
) -> Running:
    """Run a loop in a thread of that name, until it is stopped."""
    stop = threading.Event()
    # A daemon: should the process die without stopping it, it must not keep the process alive.
    thread = threading.Thread(
        target=run, args=(step, stop), kwargs={"busy": busy, "idle_s": idle_s}, name=name, daemon=True
    )
    thread.start()
    return Running(thread, stop)
