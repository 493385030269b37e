"""The list of stale copies over HTTP."""

import pytest

from app.services.staling import stale_step
from app.settings import Settings
from tests.api.conftest import JSON, article, raw

TEXT = (
    article(71)["text"]
    + "\n\nThe harbour will spend 3,700 crowns on each stall before the end of March, it said."
)


@pytest.fixture(scope="module")
def settings(shared_url):
    """On SQLite and on PostgreSQL."""
    return Settings(database_url=shared_url, log_level="error")


@pytest.fixture(scope="module")
def told(app, client):
    """A wire story with three copies: one stays stale, one was refreshed, one will be dismissed."""

    def post(**fields):
        answer = client.post("/v1/articles", content=raw(article(71, text=TEXT, **fields)), headers=JSON)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def settle():
        while stale_step(app.state.edge.ctx):
            pass

    wire = {"source": "reuters.com", "agency": "Reuters", "external_id": "1"}
    first = post(**wire)
    post(source="herald.example", external_id="1", url="https://herald.example/stalls")
    post(source="times.example", external_id="1")
    post(source="post.example", external_id="1")
    corrected = TEXT.replace("3,700", "3,770")
    client.post("/v1/articles", content=raw(article(71, **wire) | {"text": corrected}), headers=JSON)
    settle()
    fields = article(71, source="times.example", external_id="1") | {"text": corrected}
    client.post("/v1/articles", content=raw(fields), headers=JSON)
    settle()
    return first


def listed(client, **query):
    answer = client.get("/v1/stale", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()["stale"]


def test_an_entry_names_the_copy_the_correction_and_the_passage(client, told):
    (entry,) = listed(client, source="herald.example")
    assert (entry["state"], entry["reason"], entry["outcome"]) == ("open", "correction", None)
    assert entry["canonical_id"] == told["canonical_id"]
    assert (entry["copied"]["source"], entry["copied"]["version"]) == ("herald.example", 1)
    assert entry["copied"]["url"] == "https://herald.example/stalls"
    assert (entry["correction"]["article_id"], entry["correction"]["version"]) == (told["article_id"], 2)
    (passage,) = entry["passages"]
    assert (passage["kind"], passage["old"], passage["new"]) == ("number", "3,700", "3,770")
    assert TEXT[passage["span"]["start"] : passage["span"]["end"]] == passage["text"]
    assert TEXT[passage["old_span"]["start"] : passage["old_span"]["end"]] == "3,700"
    assert client.get(f"/v1/stale/{entry['id']}").json() == entry


def test_the_list_is_filtered(client, told):
    assert [each["copied"]["source"] for each in listed(client, state="resolved")] == ["times.example"]
    assert len(listed(client, state="all")) == 3
    assert len(listed(client, canonical=told["canonical_id"], source="herald.example")) == 1
    assert listed(client, source="gazette.example") == []
    assert listed(client, reason="withdrawal") == []
    assert listed(client, since="2999-01-01") == []
    assert client.get("/v1/stale", params={"canonical": "can_nobody"}).status_code == 404
    assert client.get("/v1/stale", params={"state": "rotten"}).json()["code"] == "invalid-parameter"
    first = client.get("/v1/stale", params={"state": "all", "limit": 1})
    rest = client.get(first.headers["link"].partition("<")[2].partition(">")[0]).json()
    assert len(first.json()["stale"]) == len(rest["stale"]) == 1
    assert rest["next"] is not None


def test_the_feed_tells_of_it(client, told):
    changes = client.get("/v1/changes?limit=1000").json()["changes"]
    stale = [change for change in changes if change["type"] == "copy.stale"]
    assert {change["source"] for change in stale} == {"herald.example", "times.example", "post.example"}
    (refreshed,) = [change for change in changes if change["type"] == "copy.refreshed"]
    assert (refreshed["source"], refreshed["outcome"]) == ("times.example", "refreshed")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "missing-field"),
        ({"why": 7}, "wrong-type"),
        ({"why": " "}, "invalid-value"),
        ({"why": "x" * 1_001}, "invalid-value"),
        ({"why": "so", "who": "me"}, "invalid-value"),
        ([], "wrong-type"),
    ],
)
def test_a_dismissal_needs_its_reason(client, told, body, code):
    (entry,) = listed(client, source="post.example", state="all")
    answer = client.post(f"/v1/stale/{entry['id']}/dismiss", content=raw(body), headers=JSON)
    assert answer.json()["code"] == code
    plain = client.post(
        f"/v1/stale/{entry['id']}/dismiss", content=b"so", headers={"content-type": "text/plain"}
    )
    assert plain.status_code == 415


def test_a_person_dismisses_an_entry(client, told):
    (resolved,) = listed(client, state="resolved")
    why = raw({"why": "Quoted as an error."})
    assert client.post(f"/v1/stale/{resolved['id']}/dismiss", content=why, headers=JSON).status_code == 409
    assert client.post("/v1/stale/stl_nobody/dismiss", content=why, headers=JSON).status_code == 404
    (entry,) = listed(client, source="post.example", state="all")
    done = client.post(f"/v1/stale/{entry['id']}/dismiss", content=why, headers=JSON)
    assert (done.status_code, done.json()["state"], done.json()["by"]) == (200, "dismissed", "local")
    assert done.json()["why"] == "Quoted as an error."
    assert [each["id"] for each in listed(client, state="dismissed")] == [entry["id"]]
    (logged,) = client.get("/v1/audit", params={"action": "dismiss"}).json()["entries"]
    assert (logged["by"], logged["why"], logged["asked"]["stale_id"]) == (
        "local",
        "Quoted as an error.",
        entry["id"],
    )
