"""kill -9 in the middle of the load: what was acknowledged is there, and nothing is half-done."""

import threading

import httpx
import pytest

from tests.services.stories import PARAGRAPHS

pytestmark = pytest.mark.slow


def article(number: int) -> dict[str, object]:
    """Three printings of each story, so that stories are being joined when the end comes."""
    story = number // 3
    words = " ".join(f"{word}{story}" for word in " ".join(PARAGRAPHS).split())
    return {"source": f"s{number % 3}", "external_id": str(number), "title": f"Story {story}", "text": words}


def test_a_killed_server_has_every_article_it_acknowledged(start_server, kill_servers):
    client = start_server()
    acknowledged: dict[int, str] = {}
    numbers = iter(range(10_000))
    enough = threading.Event()

    def send():
        while True:
            number = next(numbers)
            try:
                answer = client.post("/v1/articles", json=article(number))
            except httpx.TransportError:
                return
            acknowledged[number] = answer.json()["article_id"]
            if len(acknowledged) >= 60:
                enough.set()

    senders = [threading.Thread(target=send) for _ in range(8)]
    for sender in senders:
        sender.start()
    assert enough.wait(60)
    kill_servers()
    for sender in senders:
        sender.join()

    again = start_server()
    stories: dict[int, set[str]] = {}
    for number, article_id in acknowledged.items():
        stored = again.get(f"/v1/articles/{article_id}").json()
        assert stored["submission"]["external_id"] == str(number)
        stories.setdefault(number // 3, set()).add(stored["canonical_id"])
    assert {len(canonicals) for canonicals in stories.values()} == {1}
    feed = again.get("/v1/changes", params={"limit": 1000}).json()["changes"]
    assert [change["position"] for change in feed] == list(range(1, len(feed) + 1))
    ingested = {change["article_id"] for change in feed if change["type"] == "article.ingested"}
    assert set(acknowledged.values()) <= ingested
    replay = again.post("/v1/articles", json=article(0))
    assert (replay.status_code, replay.json()["article_id"]) == (200, acknowledged[0])
