"""A real server process on an empty SQLite database, for tests that speak to it as its users do."""

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx

from app.settings import PREFIX

ROOT = Path(__file__).resolve().parents[1]
READY_S = 90.0


def clean_environment() -> dict[str, str]:
    """The environment without what would configure Wirefold, or send requests by way of a proxy."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.upper().startswith(PREFIX) and not name.lower().endswith("_proxy")
    }


@contextlib.contextmanager
def serving(folder: Path, settings: Mapping[str, str] | None = None) -> Iterator[str]:
    """The address of a ready server that works in ``folder`` and stops at the end."""
    environment = clean_environment() | {
        "DATABASE_URL": f"sqlite:///{folder / 'wirefold.db'}",
        "WIREFOLD_LOG_LEVEL": "warning",
        "PYTHONPATH": str(ROOT),
        **(settings or {}),
    }
    command = [sys.executable, "-m", "app", "serve", "--port", "0", "--json"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=log)
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line, (folder / "log").read_text("utf-8", "replace")
            address = str(json.loads(line)["url"])
            _await(address)
            yield address
        finally:
            process.terminate()
            try:
                process.communicate(timeout=40)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()


def _await(address: str) -> None:
    until = time.monotonic() + READY_S
    while time.monotonic() < until:
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(f"{address}/readyz", timeout=5, trust_env=False).is_success:
                return
        time.sleep(0.1)
    raise AssertionError("the service is not ready")
