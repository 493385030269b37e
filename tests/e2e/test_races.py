"""Two server processes on one database take in the same stories at the same instant."""

import asyncio
import random
import threading
from typing import Any

import pytest

from benchmarks.soak.races import bout
from tests.services.stories import BODY, PARAGRAPHS, STRANGERS

pytestmark = pytest.mark.slow
RACES = 15


def test_two_processes_that_take_in_one_story_at_once_leave_one_canonical(start_server):
    """As the soak has it: same, near, chained, versions of one article, merges in a circle."""
    addresses = [str(start_server().base_url).rstrip("/") for _ in range(2)]
    tally, _ = asyncio.run(bout(addresses, random.Random(1), first=0, count=RACES, cursor="0"))
    assert [kind for kind in tally if kind.startswith("wrong")] == []
    assert tally.total() == RACES


def test_two_processes_that_batch_the_same_archive_at_once_agree_on_every_story(start_server):
    clients = [start_server(), start_server()]
    items = [
        {"source": f"s{n % 7}", "external_id": str(n), "title": f"Headline {n}", "text": text}
        for n, text in enumerate([*STRANGERS, BODY, *STRANGERS, BODY, "\n\n".join(PARAGRAPHS[:3])])
    ]
    told: list[list[dict[str, Any]]] = []

    def send(client, order):
        results = client.post("/v1/articles/batch", json=[items[n] for n in order]).json()["results"]
        told.append([results[order.index(n)]["article"] for n in range(len(items))])

    forwards = list(range(len(items)))
    senders = [
        threading.Thread(target=send, args=pair)
        for pair in zip(clients, [forwards, forwards[::-1]], strict=True)
    ]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    one, other = told
    assert [each["article_id"] for each in one] == [each["article_id"] for each in other]
    now = [clients[0].get(f"/v1/articles/{each['article_id']}").json()["canonical_id"] for each in one]
    assert len(set(now)) == len(STRANGERS) + 1
    assert now[3] == now[7] == now[8]
