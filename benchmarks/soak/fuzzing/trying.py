"""One case given to its target under watch: what came of it, what it cost, and what may not have been."""

import resource
import time
from dataclasses import dataclass

from benchmarks.soak.fuzzing import parsers
from benchmarks.soak.fuzzing.application import Application
from benchmarks.soak.fuzzing.cases import Case

MOST_CPU_S = 2.0
MOST_GROWTH = 400 * 1024 * 1024
"""Bytes by which the process's peak may grow through one body."""
ADDRESS_SPACE = 1024**3
"""Bytes beyond what the process has at its start: what asks for more gets MemoryError, and is found."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of a case."""

    outcome: str
    """``read``, a status, or the code of a refusal."""
    fault: str = ""
    """Blank, or what should not have happened: an exception's type and words, ``slow``, ``memory``."""
    cpu_s: float = 0.0
    peak: int = 0


def attempt(case: Case, application: Application | None) -> Tried:
    """Give a case to its target. Never raises but for what ends the process."""
    before, began = _peak(), time.process_time()
    outcome, fault = "", ""
    try:
        if case.method:
            if application is None:
                raise RuntimeError("a request needs the application")  # noqa: TRY301 - ours, not the case's
            outcome = application.answer(case)
        else:
            outcome = parsers.read(case.target, case.body)
    except Exception as error:  # noqa: BLE001 - that is what is looked for
        fault = f"{type(error).__name__}: {error}"[:300]
    cpu_s, peak = time.process_time() - began, _peak()
    if not fault and cpu_s > MOST_CPU_S:
        fault = f"slow: {cpu_s:.1f} s"
    if not fault and peak - before > MOST_GROWTH:
        fault = f"memory: {(peak - before) // 1024**2} MB"
    return Tried(outcome, fault, cpu_s, peak)


def bound_memory() -> None:
    """Let this process have so much more address space and no more."""
    with open("/proc/self/statm", encoding="ascii") as statm:  # noqa: PTH123 - not a file on a disk
        pages = int(statm.read().split()[0])
    most = pages * resource.getpagesize() + ADDRESS_SPACE
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
