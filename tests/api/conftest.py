"""The real application over a real SQLite file, called without a network."""

import asyncio
import json
import random
import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from app.main import create_app
from app.settings import Settings
from app.store import schema

BASE = "http://127.0.0.1:8000"
JSON = {"content-type": "application/json"}
LINES = {"content-type": "application/x-ndjson"}


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings over a migrated database of this module's own, with limits that tests can reach."""
    url = f"sqlite:///{tmp_path_factory.mktemp('api') / 'wirefold.db'}"
    schema.migrate(url)
    return Settings(database_url=url, log_level="error", max_batch_items=500, longest_wait_s=0.1)


class Client:
    """A caller on this machine. A failure inside the service is an answer, not an exception."""

    def __init__(self, app: FastAPI, runner: asyncio.Runner, *, host: str = "127.0.0.1") -> None:
        self.app = app
        self._runner = runner
        transport = httpx.ASGITransport(app=app, client=(host, 50000), raise_app_exceptions=False)
        self._http = httpx.AsyncClient(transport=transport, base_url=BASE)

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        """One request and its answer."""
        return self._runner.run(self._http.request(method, path, **options))

    def get(self, path: str, **options: Any) -> httpx.Response:
        """GET."""
        return self.request("GET", path, **options)

    def post(self, path: str, **options: Any) -> httpx.Response:
        """POST."""
        return self.request("POST", path, **options)


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    """The loop the application runs in."""
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def app(settings: Settings) -> Iterator[FastAPI]:
    """The application."""
    app = create_app(settings)
    yield app
    app.state.edge.queue.close()
    app.state.edge.ctx.store.close()


@pytest.fixture(scope="module")
def client(app: FastAPI, runner: asyncio.Runner) -> Client:
    """A program on this machine."""
    return Client(app, runner)


@pytest.fixture(scope="module")
def served(app) -> Iterator[str]:
    """The application behind a real server."""
    server = uvicorn.Server(
        uvicorn.Config(app, port=0, log_level="error", lifespan="off", proxy_headers=False)
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


def article(number: int = 0, **fields: Any) -> dict[str, Any]:
    """A submission unlike those of other numbers."""
    chance = random.Random(number)
    syllables = ["ba", "do", "ki", "lu", "mer", "nos", "pal", "rik", "sta", "tov", "ven", "zul"]
    words = ["".join(chance.choices(syllables, k=3)) for _ in range(90)]
    text = f"{' '.join(words[:40]).capitalize()}.\n\n{' '.join(words[40:]).capitalize()}."
    return {"source": "gazette.example", "title": " ".join(words[5:12]).capitalize(), "text": text} | fields


def raw(value: object) -> bytes:
    """JSON with every character that is not ASCII escaped, lone surrogates too."""
    return json.dumps(value).encode()
