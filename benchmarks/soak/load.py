"""Senders that post for as long as they can, and remember what was acknowledged and what was refused."""

import itertools
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx

from benchmarks.soak.stories import printing, story

PRINTINGS = 3
_PAUSE_S = 0.05


@dataclass(slots=True)
class Log:
    """What senders were told."""

    acknowledged: dict[int, str] = field(default_factory=dict)
    """Article ID, by the number of the article sent."""
    statuses: Counter[int] = field(default_factory=Counter)
    """Answers by status; 0 where the connection broke."""
    longest_s: float = 0.0
    numbers: Iterator[int] = field(default_factory=itertools.count)
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def count(self) -> int:
        """How many articles were acknowledged."""
        return len(self.acknowledged)


def article(number: int) -> dict[str, str]:
    """Each story is printed several times in a row, so that stories are being joined all the time."""
    of, copy = divmod(number, PRINTINGS)
    return printing(of, story(of), source=f"s{copy}", external_id=str(number))


@contextmanager
def sending(address: str, log: Log, *, senders: int = 8) -> Iterator[Log]:
    """Post articles from several threads until the block ends."""
    threads = [threading.Thread(target=_send, args=(address, log), daemon=True) for _ in range(senders)]
    for thread in threads:
        thread.start()
    try:
        yield log
    finally:
        log.stop.set()
        for thread in threads:
            thread.join()
        log.stop.clear()


def missing(address: str, log: Log) -> list[str]:
    """What was acknowledged and is not there, or is in several stories where it is one."""
    wrong: list[str] = []
    stories: dict[int, set[str]] = {}
    with httpx.Client(base_url=address, timeout=60, trust_env=False) as client:
        for number, article_id in list(log.acknowledged.items()):
            answer = client.get(f"/v1/articles/{article_id}")
            if not answer.is_success:
                wrong.append(f"article {number} is gone")
                continue
            stories.setdefault(number // PRINTINGS, set()).add(answer.json()["canonical_id"])
    return wrong + [
        f"story {number} has {len(ids)} canonicals" for number, ids in stories.items() if len(ids) > 1
    ]


def _send(address: str, log: Log) -> None:
    with httpx.Client(base_url=address, timeout=60, trust_env=False) as client:
        while not log.stop.is_set():
            number = next(log.numbers)
            began = time.monotonic()
            try:
                answer = client.post("/v1/articles", json=article(number))
            except httpx.TransportError:
                log.statuses[0] += 1
                time.sleep(_PAUSE_S)
                continue
            log.longest_s = max(log.longest_s, time.monotonic() - began)
            log.statuses[answer.status_code] += 1
            if answer.status_code in {200, 201}:
                log.acknowledged[number] = answer.json()["article_id"]
            else:
                time.sleep(_PAUSE_S)
