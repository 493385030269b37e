"""Clients that are slow, that never read, or that go away."""

import socket
import time
from urllib.parse import urlsplit

import httpx

from benchmarks.soak.databases import Sqlite
from benchmarks.soak.load import article
from benchmarks.soak.outcome import wait
from benchmarks.soak.serving import serving, unsound

_OF_EACH_KIND = 60
_HEAD = b"POST /v1/articles HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
_SLOW = (
    _HEAD,
    _HEAD + b'Content-Length: 100000\r\n\r\n{"source": "',
    b"GET /openapi.json HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 20,
)


def slow(sqlite: Sqlite) -> tuple[str, list[str]]:
    """Clients that send header fields or body slowly, or never read, beside one that does neither."""
    with serving(sqlite.fresh()) as server:
        alone = _latency(server.address, range(100))
        stalled = [_connected(server.address) for _ in range(_OF_EACH_KIND * len(_SLOW))]
        for n, connection in enumerate(stalled):
            connection.sendall(_SLOW[n % len(_SLOW)])
        beside = _latency(server.address, range(100, 200))
        for connection in stalled:
            connection.close()
    came_out = f"{len(stalled)} stalled: median {alone * 1e3:.1f} ms alone, {beside * 1e3:.1f} ms beside them"
    return came_out, [] if beside < 10 * alone + 0.1 else ["they held the other up"]


def gone(sqlite: Sqlite, count: int = 200) -> tuple[str, list[str]]:
    """Clients that close the connection in the middle of their request, or without waiting for its answer."""
    url = sqlite.fresh()
    with serving(url) as server, httpx.Client(base_url=server.address, timeout=60, trust_env=False) as client:
        for number in range(count):
            request = client.build_request("POST", "/v1/articles", json=article(number))
            body = request.read()
            sent = _HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body
            with _connected(server.address) as connection:
                connection.sendall(sent if number % 2 else sent[: -len(body) // 2])
                time.sleep(number % 25 * 0.002)
        wait(lambda: b"\nwirefold_ingest_waiting 0.0" in client.get("/metrics").content, "nothing waits")
        # Whether a request is taken in whose sender has gone is open; not that it is so whole or not at all.
        again = [client.post("/v1/articles", json=article(number)) for number in range(count)]
        replayed = sum(answer.status_code == 200 for answer in again)
        wrong = [f"{answer.status_code} when sent again" for answer in again if not answer.is_success]
        # Of half a request nothing is stored.
        halves = sum(answer.status_code == 200 for answer in again[::2])
        wrong += [f"{halves} halves were stored"] * (halves > 0)
    return f"{count} went away, {replayed} of their articles were stored", wrong + unsound(url)


def _connected(address: str) -> socket.socket:
    url = urlsplit(address)
    return socket.create_connection((url.hostname, url.port))


def _latency(address: str, numbers: range) -> float:
    """Median seconds of single posts."""
    took: list[float] = []
    with httpx.Client(base_url=address, timeout=60, trust_env=False) as client:
        for number in numbers:
            began = time.perf_counter()
            client.post("/v1/articles", json=article(number)).raise_for_status()
            took.append(time.perf_counter() - began)
    return sorted(took)[len(took) // 2]
