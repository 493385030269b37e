"""What a hardship is: what is promised under it, and what came out."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.soak.load import Log

_PATIENCE_S = 120.0


class Skipped(Exception):
    """It cannot be done on this machine; says why."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was promised, and what came out."""

    name: str
    promise: str
    came_out: str
    wrong: list[str]


@dataclass(frozen=True, slots=True)
class Hardship:
    """Something that machines and networks do to a service."""

    name: str
    promise: str
    suffer: Callable[[], tuple[str, list[str]]]
    """Do it; what came out, and what of it is wrong. Raises Skipped."""

    def outcome(self) -> Outcome:
        """What came of it. That it did not come to an end is wrong, too."""
        try:
            came_out, wrong = self.suffer()
        except Skipped as reason:
            came_out, wrong = f"skipped: {reason}", []
        except (RuntimeError, TimeoutError) as error:
            came_out, wrong = "no end", [str(error)]
        return Outcome(self.name, self.promise, came_out, wrong)


def wait(reached: Callable[[], bool], what: str) -> None:
    """Until it is reached. Raises TimeoutError, saying what was not."""
    until = time.monotonic() + _PATIENCE_S
    while not reached():
        if time.monotonic() > until:
            raise TimeoutError(f"In {_PATIENCE_S:g} s it did not come to this: {what}.")
        time.sleep(0.02)


def only(log: Log, *allowed: int) -> list[str]:
    """Answers of any other status, where 0 is none."""
    return [f"{count} answers {status}" for status, count in log.statuses.items() if status not in allowed]


def told(log: Log) -> str:
    """How often each status was answered."""
    return ", ".join(f"{count} × {status or 'no answer'}" for status, count in sorted(log.statuses.items()))
