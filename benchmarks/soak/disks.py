"""Disks that are full, and disks that cannot be written."""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.soak.load import Log, missing, sending
from benchmarks.soak.outcome import Skipped, only, told, wait
from benchmarks.soak.serving import refusal, run, serving, unsound

_LEFT_BYTES = 3_000_000
"""Of the disk, once the ballast is on it."""


def disk_full() -> tuple[str, list[str]]:
    """Fill a small disk under load, then make room."""
    with _small_disk() as disk:
        ballast, url, log = disk / "ballast", f"sqlite:///{disk / 'wirefold.db'}", Log()
        with serving(url) as server:
            ballast.write_bytes(b"\0" * (shutil.disk_usage(disk).free - _LEFT_BYTES))
            with sending(server.address, log):
                wait(lambda: log.statuses[507] + log.statuses[503] >= 20, "the disk is full")
                full_at = log.count
                ballast.unlink()
                freed = time.monotonic()
                wait(lambda: log.count > full_at, "articles are stored again")
                took_s = time.monotonic() - freed
            wrong = only(log, 200, 201, 503, 507) + missing(server.address, log)
        return f"{told(log)}; stored again {took_s:.1f} s after there was space", wrong + unsound(url)


def read_only() -> tuple[str, list[str]]:
    """Start on a disk that cannot be written."""
    with _small_disk() as disk:
        url = f"sqlite:///{disk / 'wirefold.db'}"
        run(url, "migrate")
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        return refusal(url)


@contextmanager
def _small_disk() -> Iterator[Path]:
    """A tmpfs of some megabytes. Raises Skipped where mounting is refused."""
    with tempfile.TemporaryDirectory() as folder:
        mount = ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", folder]
        if (
            shutil.which("mount") is None
            or subprocess.run(mount, check=False, capture_output=True).returncode
        ):
            raise Skipped("mounting a tmpfs is refused here")
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)
