"""kill -9 at a random moment under load; then everything acknowledged is there, and nothing is half-done."""

import time
from dataclasses import dataclass
from random import Random

import httpx

from benchmarks.soak.load import Log, article, missing, sending
from benchmarks.soak.serving import start, unsound

_LATEST_S = 2.0
_PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True)
class Kill:
    """What one kill left."""

    workers: int
    acknowledged: int
    restart_s: float
    wrong: list[str]


def kill_once(url: str, random: Random, log: Log) -> Kill:
    """Serve, load, kill, judge, restart, look for what was acknowledged."""
    workers = random.choice([1, 1, 2])
    server, before = start(url, workers=workers), log.count
    with sending(server.address, log):
        until = time.monotonic() + _PATIENCE_S
        while log.count == before and time.monotonic() < until:
            time.sleep(0.01)
        time.sleep(random.random() * _LATEST_S)
        server.kill()
    acknowledged = log.count - before
    wrong = unsound(url) if acknowledged else ["nothing was acknowledged before the kill"]
    again = start(url)
    wrong += missing(again.address, log) + _again(again.address, log)
    if code := again.stop():
        wrong.append(f"serve ended with {code} at SIGTERM")
    return Kill(workers, acknowledged, again.ready_s, wrong)


def _again(address: str, log: Log) -> list[str]:
    """What was acknowledged last is known when it is sent again."""
    number, given = list(log.acknowledged.items())[-1]
    answer = httpx.post(f"{address}/v1/articles", json=article(number), timeout=60, trust_env=False)
    known = answer.status_code == 200 and answer.json()["article_id"] == given
    return [] if known else [f"article {number} is not known again: {answer.status_code}"]
