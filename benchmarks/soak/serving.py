"""Real server processes: started, timed until ready, stopped, killed; and the judge of what they left."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[2]
READY_S = 120.0


@dataclass(slots=True)
class Server:
    """One ``wirefold serve`` and its address."""

    process: "subprocess.Popen[str]"
    address: str
    ready_s: float
    """From the start of the process to the first yes of ``/readyz``."""

    def kill(self) -> None:
        """End it, and the workers and drafters it has, as a power cut would."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate()

    def stop(self) -> int:
        """End it in good order; its exit code."""
        self.process.terminate()
        try:
            self.process.wait(timeout=60)
        finally:
            self.kill()
        return self.process.returncode


def run(url: str, *args: str, prefix: Sequence[str] = ()) -> "subprocess.CompletedProcess[str]":
    """One command of the program on a database."""
    return subprocess.run(
        [*prefix, sys.executable, "-m", "app", *args],
        env=_environment(url),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def unsound(url: str) -> list[str]:
    """What ``wirefold verify --deep`` finds wrong; nothing where all agrees."""
    done = run(url, "verify", "--deep", "--json")
    verdicts = [json.loads(line) for line in done.stdout.splitlines()]
    if not verdicts:
        return [done.stderr.strip()[-500:] or f"verify ended with {done.returncode}"]
    return [f"{each['name']}: {each['wrong']}" for each in verdicts if not each["sound"]]


def refusal(url: str) -> tuple[str, list[str]]:
    """What ``serve`` says where it cannot begin; wrong unless that is one line and it ends with 5."""
    done = run(url, "serve", "--port", "0", "--json")
    told = done.stderr.strip()
    right = done.returncode == 5 and len(told.splitlines()) == 1
    return told[:200], [] if right else [f"{done.returncode}: {told[-300:]}"]


def start(
    url: str,
    *,
    workers: int = 1,
    settings: Mapping[str, str] | None = None,
    prefix: Sequence[str] = (),
) -> Server:
    """A ready server on a database. Raises RuntimeError where it does not become ready."""
    began = time.monotonic()
    process = subprocess.Popen(
        [*prefix, sys.executable, "-m", "app", "serve", "--port", "0", "--json", "--workers", str(workers)],
        env=_environment(url) | dict(settings or {}),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    line = process.stdout.readline() if process.stdout else ""
    if not line:
        process.communicate()
        raise RuntimeError(f"serve ended with {process.returncode}")
    address = str(json.loads(line)["url"])
    with httpx.Client(base_url=address, timeout=10, trust_env=False) as client:
        while time.monotonic() - began < READY_S:
            with contextlib.suppress(httpx.TransportError):
                if client.get("/readyz").is_success:
                    return Server(process, address, time.monotonic() - began)
            time.sleep(0.01)
    raise RuntimeError("not ready")


@contextmanager
def serving(url: str, *, workers: int = 1, settings: Mapping[str, str] | None = None) -> Iterator[Server]:
    """A server that is stopped, or failing that killed, at the end."""
    server = start(url, workers=workers, settings=settings)
    try:
        yield server
    finally:
        server.stop()


def _environment(url: str) -> dict[str, str]:
    clean = {
        name: value
        for name, value in os.environ.items()
        if not name.upper().startswith("WIREFOLD_") and not name.lower().endswith("_proxy")
    }
    return clean | {"DATABASE_URL": url, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": ""}
