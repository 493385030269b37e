"""Webhooks over HTTP: made, read, changed, rotated, tested, replayed and deleted; what is refused."""

import pytest

from app.settings import Settings
from app.store import schema
from tests.api.conftest import JSON, article, raw

HOOK = "https://127.0.0.1/hook"


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    url = f"sqlite:///{tmp_path_factory.mktemp('webhooks') / 'wirefold.db'}"
    schema.migrate(url)
    return Settings(database_url=url, log_level="error", outbound_allow="127.0.0.1/32")


@pytest.fixture
def made(client):
    """An endpoint, as answered when it was made."""
    answer = client.post("/v1/webhooks", json={"url": HOOK, "types": ["story.corrected"]})
    assert answer.status_code == 201, answer.text
    yield answer.json()
    client.request("DELETE", f"/v1/webhooks/{answer.json()['id']}")


def code_of(answer):
    return answer.status_code, answer.json()["code"], answer.json().get("field")


def test_the_secret_is_shown_when_it_is_made_and_never_again(client, made):
    assert made["secret"].startswith("whsec_")
    path = f"/v1/webhooks/{made['id']}"
    read = client.get(path).json()
    assert read == {name: value for name, value in made.items() if name != "secret"}
    assert read in client.get("/v1/webhooks").json()["webhooks"]
    rotated = client.post(f"{path}/secret", json={"overlap_hours": 1})
    assert rotated.headers["cache-control"] == "no-store"
    assert rotated.json()["secret"] not in {made["secret"], None}
    assert rotated.json()["old_secret_until"] is not None
    for answer in (client.get(path), client.get("/v1/webhooks"), client.get(f"{path}/deliveries")):
        assert "whsec_" not in answer.text
        assert "secret" not in answer.json()


def test_an_endpoint_is_changed_in_part(client, made):
    path = f"/v1/webhooks/{made['id']}"
    changed = client.request("PATCH", path, json={"languages": ["en-GB"], "ordered": True, "state": "paused"})
    assert changed.json() == client.get(path).json()
    told = changed.json()
    assert (told["types"], told["languages"], told["ordered"]) == (["story.corrected"], ["en"], True)
    assert (told["state"], told["url"]) == ("paused", HOOK)
    assert client.request("PATCH", path, json={"state": "enabled", "types": []}).json()["types"] == []


@pytest.mark.parametrize("types", [["undisclosed"], ["story.corrected", "undisclosed"]])
def test_nobody_is_called_for_what_may_not_be_told(client, made, types):
    """Such an endpoint was made, and never called."""
    assert code_of(client.post("/v1/webhooks", json={"url": HOOK, "types": types})) == (
        422,
        "invalid-value",
        "types",
    )
    path = f"/v1/webhooks/{made['id']}"
    refused = client.request("PATCH", path, json={"types": types})
    assert code_of(refused) == (422, "invalid-value", "types")
    assert "unreleased" in refused.json()["fix"]
    assert client.get(path).json()["types"] == ["story.corrected"]


def test_a_deleted_endpoint_is_not_found(client):
    made = client.post("/v1/webhooks", json={"url": HOOK}).json()
    path = f"/v1/webhooks/{made['id']}"
    assert client.request("DELETE", path).status_code == 204
    for answer in (
        client.get(path),
        client.request("DELETE", path),
        client.request("PATCH", path, json={}),
        client.post(f"{path}/test"),
        client.post(f"{path}/secret"),
        client.post(f"{path}/replay"),
        client.get(f"{path}/deliveries"),
    ):
        assert code_of(answer) == (404, "not-found", None)


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"url": "https://10.0.0.1/hook"}, "url"),
        ({"url": "https://169.254.169.254/latest"}, "url"),
        ({"url": "http://192.168.1.1/hook"}, "url"),
        ({"url": "https://oda:secret@127.0.0.1/hook"}, "url"),
        ({"url": "hook"}, "url"),
        ({"url": HOOK, "types": ["story.corected"]}, "types"),
        ({"url": HOOK, "after": -1}, "after"),
        ({"url": HOOK, "state": "disabled"}, "state"),
        ({"url": HOOK, "secret": "whsec_mine"}, "secret"),
        ({"url": HOOK, "sources": [""]}, "sources"),
    ],
)
def test_what_cannot_be_used_is_refused_by_its_name(client, sent, field):
    answer = client.post("/v1/webhooks", json=sent)
    assert code_of(answer) == (422, "invalid-value", field)
    assert "oda:secret" not in answer.text


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"{}", (422, "missing-field", "url")),
        (b'{"url": 7}', (422, "wrong-type", "url")),
        (b'{"url": "https://127.0.0.1/", "ordered": []}', (422, "wrong-type", "ordered")),
        (b"[]", (422, "wrong-type", None)),
        (b"{", (400, "malformed-json", None)),
        (b'{"url": "a", "url": "b"}', (422, "duplicate-key", "url")),
        (b'{"url": "' + b"a" * 70_000 + b'"}', (413, "too-large", None)),
    ],
)
def test_what_is_no_such_object_is_refused(client, content, expected):
    assert code_of(client.post("/v1/webhooks", content=content, headers=JSON)) == expected


def test_a_test_and_a_replay_are_in_the_log_before_they_are_sent(client, made):
    client.post("/v1/articles", content=raw(article(1)), headers=JSON)
    path = f"/v1/webhooks/{made['id']}"
    test = client.post(f"{path}/test")
    assert (test.status_code, test.json()["type"], test.json()["state"]) == (202, "webhook.test", "waiting")
    log = client.get(f"{path}/deliveries", params={"state": "waiting"}).json()
    assert log == {"deliveries": [test.json()], "next": None}
    assert client.get(f"{path}/deliveries?state=delivered").json()["deliveries"] == []
    assert client.get(path).json()["waiting"] == 1


def test_a_log_is_paged(client, made):
    path = f"/v1/webhooks/{made['id']}"
    sent = [client.post(f"{path}/test").json()["id"] for _ in range(3)]
    first = client.get(f"{path}/deliveries?limit=2")
    rest = client.get(f"{path}/deliveries?limit=2&cursor={first.json()['next']}").json()
    assert [each["id"] for each in first.json()["deliveries"] + rest["deliveries"]] == sent[::-1]
    assert 'rel="next"' in first.headers["link"]
    assert rest["next"] is None


def test_a_replay_is_one_at_a_time_and_needs_something_to_replay(client):
    for number in (2, 3):
        client.post("/v1/articles", content=raw(article(number)), headers=JSON)
    made = client.post("/v1/webhooks", json={"url": HOOK}).json()
    path = f"/v1/webhooks/{made['id']}"
    assert code_of(client.post(f"{path}/replay", json={"from": made["position"] + 1})) == (
        422,
        "invalid-value",
        None,
    )
    assert code_of(client.post(f"{path}/replay", json={"since": "soon"})) == (422, "bad-date", "since")
    begun = client.post(f"{path}/replay", json={"since": "2000-01-01", "to": 2})
    assert (begun.status_code, begun.json()["replay"]) == (202, {"after": 0, "upto": 2})
    assert code_of(client.post(f"{path}/replay")) == (409, "conflict", None)
    client.request("DELETE", path)
