"""Real server processes over one real database."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def start_server(store_url: str) -> Iterator[Callable[[], httpx.Client]]:
    """Starts ``wirefold serve`` on the test's database; gives a client of the process that answers."""
    processes: list[subprocess.Popen[str]] = []
    clients: list[httpx.Client] = []

    def start() -> httpx.Client:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("WIREFOLD_")}
        process = subprocess.Popen(
            [sys.executable, "-m", "app", "serve", "--port", "0", "--json"],
            env=clean | {"DATABASE_URL": store_url, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        processes.append(process)
        assert process.stdout is not None
        url = json.loads(process.stdout.readline())["url"]
        transport = httpx.HTTPTransport(retries=20)
        clients.append(httpx.Client(base_url=url, timeout=60, transport=transport, trust_env=False))
        assert clients[-1].get("/readyz").is_success
        return clients[-1]

    yield start
    for client in clients:
        client.close()
    for process in processes:
        process.terminate()
    for process in processes:
        process.communicate(timeout=30)
        assert process.returncode == 0
