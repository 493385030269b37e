"""Load on a server: lists one after the other, 32 clients at once by wrk, and an open loop of our own.

wrk sends when the answer before has come: it finds the highest rate, and hides what waiting does. The
open loop sends when a request is due, whatever is still under way, and counts latency from that moment.
None of the generators that Debian or the package registries carry does both this and another body for
each request in a tenth of a core. It is one thread of asyncio over plain sockets.
"""

import asyncio
import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, TypedDict
from urllib.parse import urlsplit

import httpx

SCRIPT = Path(__file__).with_name("wrk.lua")
CLIENTS = 32
CONNECTIONS = 256
"""Most requests that the open loop has under way; beyond, a due one waits, and its waiting counts."""
LIST = 500
TIMEOUT_S = 300.0


class Closed(TypedDict):
    """What 32 clients got, each asking again as soon as it was answered."""

    per_second: float
    p50_ms: float
    p99_ms: float
    failed: int
    sent: int


class Open(TypedDict):
    """Latencies from the moment a request was due."""

    rate: float
    requests: int
    failed: int
    p50_ms: float
    p99_ms: float
    p999_ms: float
    worst_ms: float


def lists(lines: Sequence[str], size: int = LIST) -> Iterator[Sequence[str]]:
    """The lines in lists as one client posts them."""
    for at in range(0, len(lines), size):
        yield lines[at : at + size]


def post_list(client: httpx.Client, url: str, lines: Sequence[str]) -> list[Any]:
    """One list posted as NDJSON; the answers to its articles, in order."""
    answer = client.post(
        url,
        content="\n".join(lines).encode(),
        headers={"Content-Type": "application/x-ndjson"},
        timeout=TIMEOUT_S,
    )
    answer.raise_for_status()
    results: list[Any] = answer.json()["results"]
    return results


def has_wrk() -> bool:
    """Whether wrk can be had: ``apt-get install wrk``."""
    return shutil.which("wrk") is not None


def closed_loop(url: str, lines: Sequence[str], *, run_s: float) -> Closed:
    """32 clients for so long, or until every line has been posted once."""
    if not has_wrk():
        return asyncio.run(_without_wrk(url, lines, run_s=run_s))
    parts = urlsplit(url)
    with tempfile.NamedTemporaryFile("w", suffix=".ndjson", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)
        file.flush()
        told = subprocess.run(
            [shutil.which("wrk") or "wrk", "-t1", f"-c{CLIENTS}", f"-d{max(1, round(run_s))}s",
             "--timeout", "60s", "-s", SCRIPT, f"{parts.scheme}://{parts.netloc}", "--", file.name,
             parts.path],
            capture_output=True, text=True, check=True, timeout=run_s + 120,
        ).stdout  # fmt: skip
    found = json.loads(next(line for line in told.splitlines() if line.startswith("JSON "))[5:])
    return {
        "per_second": found["requests"] / found["seconds"],
        "p50_ms": found["p50_ms"],
        "p99_ms": found["p99_ms"],
        "failed": found["failed"],
        "sent": found["sent"],
    }


def open_loop(url: str, lines: Sequence[str], *, rate: float, run_s: float) -> Open:
    """So many requests a second, evenly, for so long; at most one a line."""
    wanted = list(islice(lines, max(1, round(rate * run_s))))
    taken, failed, _ = asyncio.run(_Driver(url, CONNECTIONS).drive(wanted, rate=rate))
    taken.sort()
    return {
        "rate": rate,
        "requests": len(taken),
        "failed": failed,
        "p50_ms": 1e3 * quantile(taken, 0.5),
        "p99_ms": 1e3 * quantile(taken, 0.99),
        "p999_ms": 1e3 * quantile(taken, 0.999),
        "worst_ms": 1e3 * taken[-1],
    }


def quantile(ascending: Sequence[float], share: float) -> float:
    """The value that this share of all do not exceed."""
    return ascending[min(len(ascending) - 1, int(share * len(ascending)))]


async def _without_wrk(url: str, lines: Sequence[str], *, run_s: float) -> Closed:
    driver = _Driver(url, CLIENTS)
    began = time.perf_counter()
    taken, failed, sent = await driver.drive(lines, rate=None, until=began + run_s)
    spent = time.perf_counter() - began
    taken.sort()
    return {
        "per_second": len(taken) / spent,
        "p50_ms": 1e3 * quantile(taken, 0.5),
        "p99_ms": 1e3 * quantile(taken, 0.99),
        "failed": failed,
        "sent": sent,
    }


class _Driver:
    """Connections that are kept, and a queue of what is due."""

    def __init__(self, url: str, connections: int) -> None:
        parts = urlsplit(url)
        self.host, self.port, self.path = parts.hostname or "", parts.port or 80, parts.path
        self.connections = connections
        self.due: asyncio.Queue[tuple[float, bytes] | None] = asyncio.Queue()
        self.taken: list[float] = []
        self.failed = 0

    async def drive(
        self, lines: Sequence[str], *, rate: float | None, until: float = float("inf")
    ) -> tuple[list[float], int, int]:
        """Latencies in seconds, failures, requests. Without a rate everything is due when it is asked for."""
        requests = [self._request(line) for line in lines]
        posting = [asyncio.create_task(self._post(until)) for _ in range(self.connections)]
        if rate is None:
            for each in requests:
                self.due.put_nowait((0.0, each))
        else:
            began = time.perf_counter() + 0.1
            for number, each in enumerate(requests):
                due = began + number / rate
                if (wait := due - time.perf_counter()) > 0:
                    await asyncio.sleep(wait)
                self.due.put_nowait((due, each))
        for _ in posting:
            self.due.put_nowait(None)
        await asyncio.gather(*posting)
        return self.taken, self.failed, len(self.taken)

    def _request(self, line: str) -> bytes:
        body = line.encode()
        head = (
            f"POST {self.path} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    async def _post(self, until: float) -> None:
        reader = writer = None
        while (asked := await self.due.get()) is not None and time.perf_counter() < until:
            due, request = asked
            due = due or time.perf_counter()
            try:
                # A server closes what is idle for some seconds; a client notices and connects anew.
                if reader is None or writer is None or reader.at_eof():
                    reader, writer = await asyncio.open_connection(self.host, self.port)
                writer.write(request)
                self.failed += await self._status(reader) >= 400
            except (OSError, asyncio.IncompleteReadError):
                self.failed += 1
                writer = None
            self.taken.append(time.perf_counter() - due)
        if writer is not None:
            writer.close()

    async def _status(self, reader: asyncio.StreamReader) -> int:
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = head.partition(b"content-length:")[2].partition(b"\r")[0]
        await reader.readexactly(int(length or 0))
        return int(head[9:12])
