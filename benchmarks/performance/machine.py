"""What the figures were measured on, and what the machine could do at best."""

import os
import platform
import subprocess
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from typing import TypedDict

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
ARRAY = 1 << 24
"""32-bit numbers: 64 MB, more than any cache holds."""
TILE = 1 << 12
"""32-bit numbers that stay in the first cache."""


class Machine(TypedDict):
    """The machine, the day, the code."""

    processor: str
    cores: int
    memory_gb: int
    system: str
    python: str
    numpy: str
    datasketch: str
    commit: str
    date: str
    load: float


class Limit(TypedDict):
    """What one core moves and computes at best."""

    copied_gb_s: float
    multiply_adds_per_us: float


def describe() -> Machine:
    """This machine, this moment, this commit."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count() or 1,
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "numpy": version("numpy"),
        "datasketch": version("datasketch"),
        "commit": _commit(),
        "date": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "load": round(os.getloadavg()[0], 1),
    }


def release(package: str) -> str | None:
    """The version that is installed, or None."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def seconds(run: Callable[[], object], *, runs: int = 7, least_s: float = 0.05) -> float:
    """Median CPU seconds of one call, all threads together, of runs of as many calls as fill ``least_s``."""
    run()
    began = time.process_time()
    run()
    times = max(1, round(least_s / max(1e-9, time.process_time() - began)))
    taken = []
    for _ in range(runs):
        began = time.process_time()
        for _ in range(times):
            run()
        taken.append((time.process_time() - began) / times)
    return median(taken)


def limit() -> Limit:
    """Bytes read and written by a copy of what no cache holds; 32-bit multiply-adds over what one does."""
    source, target = np.ones(ARRAY, dtype=np.uint32), np.empty(ARRAY, dtype=np.uint32)
    moved = 2 * source.nbytes / seconds(lambda: np.copyto(target, source))
    values, sums, factor = source[:TILE].copy(), np.empty(TILE, dtype=np.uint32), np.uint32(0x9E3779B1)

    def multiply_add() -> None:
        np.multiply(values, factor, out=sums)
        np.add(sums, factor, out=sums)

    return {"copied_gb_s": moved / 1e9, "multiply_adds_per_us": TILE / seconds(multiply_add) / 1e6}


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _commit() -> str:
    told = subprocess.run(
        ["git", "describe", "--always", "--dirty", "--exclude=*"],  # noqa: S607
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return told.stdout.strip() or "unknown"
