"""Webhooks of a real server reach a real receiver, also where the server is killed in between."""

import json
import threading
import time
from datetime import UTC, datetime

import httpx
import pytest
import sqlalchemy as sa
from standardwebhooks.webhooks import Webhook

from app.store.engine import open_store
from app.store.tables import delivery
from tests.net.site import answer, open_site

pytestmark = pytest.mark.slow

OUTBOUND = {"WIREFOLD_OUTBOUND_ALLOW": "127.0.0.1"}
PATIENCE_S = 60
BEFORE_THE_END = 25
"""Deliveries that have arrived when the server is killed."""


@pytest.fixture
def site():
    with open_site() as opened:
        opened.pages |= {"/line": answer(), "/any": answer()}
        yield opened


def article(number):
    words = " ".join(f"{word}{number}" for word in ("pier", "council", "harbour", "storm", "crane", "winter"))
    text = f"{words} {' '.join(f'w{number}x{place}' for place in range(60))}"
    return {"source": "gazette.example", "external_id": str(number), "title": words, "text": text}


def make_hook(client, site, path, **wish):
    answer = client.post("/v1/webhooks", json={"url": site.url(path), "after": 0, **wish})
    assert answer.status_code == 201, answer.text
    return answer.json()["secret"]


def arrived(site, path, secret):
    """Positions and IDs of what came, in order; each is verified."""
    told = []
    for request in site.asked(path):
        entry = Webhook(secret).verify(request.body, request.headers)
        told.append((entry["data"]["position"], request.headers["webhook-id"]))
    return told


def until(true):
    end = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_a_delivery_through_a_real_server(start_server, site):
    client = start_server(**OUTBOUND)
    secret = make_hook(client, site, "/any", types=["article.ingested"])
    told = client.post("/v1/articles", json=article(1)).json()
    until(lambda: site.asked("/any"))
    (request,) = site.asked("/any")
    entry = Webhook(secret).verify(request.body, request.headers)
    assert (entry["type"], entry["data"]["article_id"]) == ("article.ingested", told["article_id"])
    assert json.loads(request.body) == entry


def test_a_server_that_is_killed_delivers_every_change_afterwards(
    start_server, kill_servers, site, store_url
):
    client = start_server(**OUTBOUND)
    secrets = {
        "/line": make_hook(client, site, "/line", ordered=True),
        "/any": make_hook(client, site, "/any"),
    }

    def send():
        number = 0
        while True:
            number += 1
            try:
                client.post("/v1/articles", json=article(number))
            except httpx.TransportError:
                return

    sender = threading.Thread(target=send)
    sender.start()
    until(lambda: min(len(site.asked(path)) for path in secrets) >= BEFORE_THE_END)
    kill_servers()
    sender.join()
    _let_claims_run_out(store_url)

    again = start_server(**OUTBOUND)
    changes = again.get("/v1/changes", params={"limit": 1000}).json()["changes"]
    wanted = [change["position"] for change in changes]
    assert len(wanted) > BEFORE_THE_END
    until(lambda: all({p for p, _ in arrived(site, *each)} >= set(wanted) for each in secrets.items()))
    for path, secret in secrets.items():
        came = arrived(site, path, secret)
        assert len(set(came)) == len(set(wanted)), "what is sent again has the same ID"
    in_line = [position for position, _ in arrived(site, "/line", secrets["/line"])]
    assert [a for a, b in zip(in_line, [*in_line[1:], None], strict=True) if a != b] == wanted


def _let_claims_run_out(store_url):
    """What the dead server had under way is its own for 45 s; the test does not wait for that."""
    store = open_store(store_url)
    with store.engine.begin() as connection:
        claimed = delivery.update().where(delivery.c.claimed_until.is_not(None))
        connection.execute(claimed.values(claimed_until=datetime(2020, 1, 1, tzinfo=UTC)))
        assert connection.execute(sa.select(delivery.c.key).limit(1)).all()
    store.close()
