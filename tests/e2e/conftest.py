"""Real server processes over one real database."""

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def servers() -> "list[subprocess.Popen[str]]":
    """The server processes of a test."""
    return []


@pytest.fixture
def kill_servers(servers: "list[subprocess.Popen[str]]") -> Callable[[], None]:
    """Ends every server as a power cut would."""

    def kill() -> None:
        for process in servers:
            process.kill()
            process.communicate()
        servers.clear()

    return kill


@pytest.fixture
def start_server(
    store_url: str, servers: "list[subprocess.Popen[str]]"
) -> Iterator[Callable[..., httpx.Client]]:
    """Starts ``wirefold serve``, with these settings, on the test's database; gives a client of the process that answers."""
    clients: list[httpx.Client] = []

    def start(**settings: str) -> httpx.Client:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("WIREFOLD_")}
        process = subprocess.Popen(
            [sys.executable, "-m", "app", "serve", "--port", "0", "--json"],
            env=clean | {"DATABASE_URL": store_url, "PYTHONPATH": str(ROOT)} | settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        servers.append(process)
        assert process.stdout is not None
        url = json.loads(process.stdout.readline())["url"]
        clients.append(httpx.Client(base_url=url, timeout=60, trust_env=False))
        _wait_until_ready(clients[-1])
        return clients[-1]

    yield start
    for client in clients:
        client.close()
    for process in servers:
        process.terminate()
    for process in servers:
        process.communicate(timeout=30)
        assert process.returncode == 0


def _wait_until_ready(client: httpx.Client) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with contextlib.suppress(httpx.TransportError):
            if client.get("/readyz").is_success:
                return
        time.sleep(0.05)
    raise AssertionError("not ready within a minute")
