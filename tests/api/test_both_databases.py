"""What SQL has a hand in, over HTTP on SQLite and on PostgreSQL: the other tests here run on SQLite alone."""

import asyncio

import pytest

from app.api.logs import configure_logs
from app.main import create_app
from app.services.staling import stale_step
from app.settings import Settings
from tests.api.conftest import JSON, LINES, Client, article, raw

ODD = "id/\u0000\u202e?&"
"""PostgreSQL refuses NUL in text."""


@pytest.fixture
def client(store_url, runner):
    app = create_app(Settings(database_url=store_url, log_level="error"))
    yield Client(app, runner)
    app.state.edge.queue.close()
    app.state.edge.ctx.store.close()


def post(client, value, **headers):
    return client.post("/v1/articles", content=raw(value), headers=JSON | headers)


def batch(client, values):
    body = b"\n".join(map(raw, values))
    return client.post("/v1/articles/batch", content=body, headers=LINES).json()["results"]


def walk(client, address, name):
    """The entries of all pages of a list."""
    found, link = [], f"<{address}>"
    while link:
        page = client.get(link.partition("<")[2].partition(">")[0])
        assert page.status_code == 200, page.text
        found += page.json()[name]
        link = page.headers.get("link")
    return found


def canonicals(client, **query):
    answer = client.get("/v1/canonicals", params=query)
    assert answer.status_code == 200, answer.text
    return [each["canonical_id"] for each in answer.json()["canonicals"]]


def test_an_article_lives_through_its_versions(client):
    sent = article(1, source="wire.example", external_id=ODD, title="Odd \u0000 \ud800 title")
    first = post(client, sent)
    assert (first.status_code, post(client, sent).status_code) == (201, 200)
    path = f"/v1/articles/{first.json()['article_id']}"
    for number, status in enumerate(("canceled", "usable"), start=2):
        assert post(client, sent | {"status": status}).json()["version"] == number
    read = client.get(path).json()
    assert (read["version"], read["status"], read["submission"]) == (3, "usable", sent | {"status": "usable"})
    assert [each["version"] for each in read["versions"]] == [1, 2, 3]
    assert client.get(f"{path}/versions/2").json()["is_current"] is False
    assert client.get(f"{path}/versions/4").status_code == 404


def test_a_batch_stores_refuses_and_replays(client):
    items = [article(2, external_id="2"), {"source": "a"}, article(3, external_id="3")]
    assert [result["status"] for result in batch(client, items)] == [201, 422, 201]
    assert [result["status"] for result in batch(client, items)] == [200, 422, 200]


def test_stories_are_looked_up(client):
    one = article(4, source="a.example", external_id=ODD, url="https://live.example/today?utm_source=x")
    two = article(5, source="b.example", external_id="5", url="https://www.live.example/today")
    first, second = (post(client, each).json()["canonical_id"] for each in (one, two))
    assert canonicals(client, url="http://live.example/today") == [second, first]
    assert canonicals(client, source="a.example", external_id=ODD) == [first]
    assert canonicals(client, source="a.example\u0000", external_id=ODD) == []
    assert canonicals(client, url="https://live.example/\u0000") == []


def test_stories_are_listed_page_by_page_and_by_every_filter(client):
    items = [
        article(6, source=f"outlet-{n}.example", agency="Coastal\u0000News", language="sv") for n in range(3)
    ]
    story = batch(client, items)[0]["article"]["canonical_id"]
    others = [post(client, article(n)).json()["canonical_id"] for n in range(7, 12)]
    everything = [*reversed(others), story]
    listed = [each["canonical_id"] for each in walk(client, "/v1/canonicals?limit=2", "canonicals")]
    assert listed == everything
    filters = (
        {"source": "outlet-2.example"},
        {"agency": "Coastal\u0000News"},
        {"language": "sv"},
        {"relation": "copy"},
        {"min_members": "3"},
        {"source": "outlet-1.example", "relation": "copy", "since": "2000-01-01", "until": "3000-01-01"},
    )
    assert [canonicals(client, **each) for each in filters] == [[story]] * len(filters)
    for each in (
        {"since": "3000-01-01"},
        {"until": "2000-01-01"},
        {"source": "\u0000"},
        {"min_members": "4"},
    ):
        assert canonicals(client, **each) == []
    assert canonicals(client, since="2000-01-01") == everything


def test_members_are_paged_and_an_absorbed_id_leads_to_the_survivor(client):
    words = article(12)["text"].split()
    head, tail = " ".join(words[:60]), " ".join(words[30:])
    survivor = post(client, article(12, text=head, source="head.example")).json()
    absorbed = post(client, article(12, text=tail, source="tail.example")).json()
    post(client, article(12))
    path = f"/v1/canonicals/{absorbed['canonical_id']}/members?limit=1"
    moved = client.get(path)
    assert moved.status_code == 308
    members = walk(client, moved.headers["location"], "members")
    assert [each["source"] for each in members] == ["head.example", "tail.example", "gazette.example"]
    read = client.get(f"/v1/canonicals/{survivor['canonical_id']}").json()
    assert (read["member_count"], read["source_count"]) == (3, 3)


def test_changes_come_in_order_and_end_in_a_cursor_that_stands_still(client):
    batch(client, [article(13, source=f"s{n}") for n in range(4)])
    positions, cursor = [], "0"
    while page := client.get(f"/v1/changes?cursor={cursor}&limit=2").json():
        if not page["changes"]:
            break
        positions += [change["position"] for change in page["changes"]]
        cursor = page["next"]
    assert positions == list(range(1, len(positions) + 1))
    assert page["next"] == cursor
    assert client.get(f"/v1/changes?cursor={2**63 - 1}").json()["code"] == "cursor-ahead"


def test_a_pair_is_explained(client):
    first = post(client, article(14)).json()["article_id"]
    other = post(client, article(14, source="mirror.example")).json()["article_id"]
    told = client.get(f"/v1/explain?a={first}&b={other}").json()
    assert told == client.get(f"/v1/explain?a={other}&b={first}").json()
    assert (told["same_story"], told["stored"]["relation"]) == (True, "copy")


def test_an_idempotency_key_gets_the_first_answer_and_one_of_two_at_once(client):
    first = post(client, article(15), **{"idempotency-key": "k"})
    again = post(client, article(15), **{"idempotency-key": "k"})
    assert (first.status_code, again.status_code, again.content) == (201, 201, first.content)
    assert post(client, article(16), **{"idempotency-key": "k"}).status_code == 422

    async def both():
        headers = JSON | {"idempotency-key": "two"}
        sending = (
            client._http.post("/v1/articles", content=raw(article(17)), headers=headers) for _ in range(2)
        )
        return await asyncio.gather(*sending)

    statuses = sorted(answer.status_code for answer in client._runner.run(both()))
    assert statuses in ([201, 201], [201, 409])
    assert len(canonicals(client)) == 2


def test_the_log_the_links_and_the_feed_tell_a_curator_nothing_of_what_waits(client):
    held = {"source": "wire.example", "embargoed_until": "2999-01-01T00:00:00Z"}
    out, waits = (post(client, each).json() for each in (article(18), article(19, **held)))
    order = {"kind": "cannot", "canonicals": [out["canonical_id"], waits["canonical_id"]], "why": "sealed"}
    assert client.post("/v1/links", content=raw(order), headers=JSON).status_code == 200
    admin = client.post("/v1/keys", content=raw({"name": "a", "scopes": ["admin"]}), headers=JSON).json()[
        "key"
    ]
    chief = {"authorization": f"Bearer {admin}"}
    scopes = {"name": "c", "scopes": ["curate", "read"]}
    made = client.post("/v1/keys", content=raw(scopes), headers=JSON | chief).json()["key"]
    for path in ("/v1/audit", "/v1/links", "/v1/changes", "/v1/stale?state=all"):
        told = client.get(path, headers={"authorization": f"Bearer {made}"})
        assert told.status_code == 200
        for secret in (waits["article_id"], waits["canonical_id"], "sealed"):
            assert secret not in told.text
        assert "sealed" in client.get(path, headers=chief).text or "stale" in path


def test_a_failure_of_the_database_is_logged_without_what_was_to_be_stored(
    client, capsys, open_stores, store_url
):
    """A driver's error carries the values of the statement, unless it is told to hide them."""
    store = open_stores(store_url)
    with store.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE page RENAME TO elsewhere")
    sent = article(20, external_id="hidden-1")
    for style in ("json", "console"):
        configure_logs(style=style, level="info")
        assert post(client, sent).status_code >= 500
        told = capsys.readouterr().err
        assert "page" in told
        assert sent["text"][:20] not in told
        assert sent["title"] not in told
    configure_logs(style="json", level="error")


@pytest.mark.parametrize("path", ["articles/%00", "canonicals/%00/members", "articles/art_%ED%A0%80"])
def test_an_id_that_can_be_none_is_not_found(client, path):
    assert client.get(f"/v1/{path}").status_code == 404


def test_a_copy_that_speaks_for_its_story_says_that_it_is_stale(client):
    def post(status="usable", **fields):
        sent = article(72, source="reuters.com", agency="Reuters", external_id="2", status=status) | fields
        return client.post("/v1/articles", content=raw(sent), headers=JSON).json()

    def canonical():
        while stale_step(client.app.state.edge.ctx):
            pass
        answer = client.get(f"/v1/canonicals/{first['canonical_id']}")
        return answer.json(), answer.headers["etag"]

    first = post()
    post(source="herald.example")
    assert canonical()[0]["stale"] is None
    post("canceled", text="Kill this.")
    told, tag = canonical()
    assert (told["canonical"]["source"], told["stale"]["reason"]) == ("herald.example", "withdrawal")
    assert client.get(f"/v1/stale/{told['stale']['id']}").json()["copied"]["source"] == "herald.example"
    post("canceled", source="herald.example")
    told, later = canonical()
    assert (told["canonical"], told["stale"], told["withdrawn"]) == (None, None, True)
    assert later != tag
