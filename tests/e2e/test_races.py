"""Two server processes on one database take in the same stories at the same instant."""

import threading
from collections import defaultdict
from typing import Any

import pytest

from tests.services.stories import BODY, PARAGRAPHS, STRANGERS

pytestmark = pytest.mark.slow
ROUNDS = 12


def printings(number: int) -> list[dict[str, str]]:
    """One story as two outlets print it: in full, and cut to its first paragraphs."""
    # words of this round alone, so that rounds are strangers to each other
    mark = f"in the {number + 1}th district of Ward{number}"
    paragraphs = [" ".join(f"{word}{number}" for word in p.split()) for p in PARAGRAPHS]
    text = "\n\n".join([f"{paragraphs[0]} {mark}.", *paragraphs[1:]])
    full = {"title": f"Ward{number} closes its market", "text": text, "published_at": "2026-11-03T12:00:00Z"}
    cut = full | {"title": f"Market of Ward{number} shuts", "text": "\n\n".join(text.split("\n\n")[:3])}
    return [full | {"source": "gazette.example"}, cut | {"source": "herald.example"}]


def test_two_processes_that_take_in_one_story_at_once_leave_one_canonical(start_server):
    clients = [start_server(), start_server()]
    answers: dict[int, list[str]] = defaultdict(list)
    for number in range(ROUNDS):
        line = threading.Barrier(len(clients))

        def send(client, item, number=number, line=line):
            line.wait()
            answers[number].append(client.post("/v1/articles", json=item).json()["article_id"])

        senders = [
            threading.Thread(target=send, args=pair) for pair in zip(clients, printings(number), strict=True)
        ]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
    for client in clients:
        told = {
            number: {client.get(f"/v1/articles/{each}").json()["canonical_id"] for each in ids}
            for number, ids in answers.items()
        }
        assert {number: len(canonicals) for number, canonicals in told.items()} == dict.fromkeys(
            range(ROUNDS), 1
        )
    feed = clients[0].get("/v1/changes", params={"limit": 1000}).json()["changes"]
    assert [change["position"] for change in feed] == list(range(1, len(feed) + 1))


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
