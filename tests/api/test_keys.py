"""Keys: made by administrators only, shown once, bound to sources, ended and rotated, and held to limits."""

import asyncio
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from app.api import access
from app.api.pace import Guesses
from app.main import create_app
from app.services.keys import digest
from app.settings import Settings
from app.store import schema
from tests.api.conftest import JSON, LINES, Client, article, raw

FEED = "/v1/changes"


def code_of(answer):
    return answer.status_code, answer.json().get("code")


class Keys:
    """Makes keys and calls with them."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.admin = self.make(None, scopes=["admin"])["key"]

    def call(self, method, path, key, body=None, headers=None, content=None):
        headers = JSON | (headers or {}) | ({"authorization": f"Bearer {key}"} if key else {})
        return self.client.request(
            method,
            path,
            content=raw(body) if content is None and body is not None else content,
            headers=headers,
        )

    def make(self, by="admin", **terms):
        terms = {"name": "a newsroom", "scopes": ["ingest", "read"]} | terms
        answer = self.call("POST", "/v1/keys", self.admin if by == "admin" else by, terms)
        assert answer.status_code == 201, answer.text
        return answer.json()


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    url = f"sqlite:///{tmp_path_factory.mktemp('keys') / 'wirefold.db'}"
    schema.migrate(url)
    app = create_app(Settings(database_url=url, log_level="error"))
    with asyncio.Runner() as runner:
        yield Keys(Client(app, runner))
    app.state.edge.queue.close()
    app.state.edge.ctx.store.close()


@pytest.fixture
def forgetful(monkeypatch):
    """Keys are looked up again at every request, as they are after five seconds."""
    monkeypatch.setattr(access, "KNOWN_FOR_S", 0.0)


def test_a_secret_is_told_once_and_stored_as_a_digest(keys):
    made = keys.make(sources=["gazette.example"], articles_per_day=10)
    answer = keys.call("GET", "/v1/keys", keys.admin)
    assert made["key"] not in answer.text
    (listed,) = [each for each in answer.json()["keys"] if each["id"] == made["id"]]
    assert listed == {name: value for name, value in made.items() if name != "key"}
    log = keys.call("GET", "/v1/administration?limit=1", keys.admin)
    (entry,) = log.json()["entries"]
    assert (entry["action"], entry["subject"]) == ("key.created", made["id"])
    assert made["key"] not in log.text
    assert log.json()["next"]


@pytest.mark.parametrize("scope", ["ingest", "read", "curate"])
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/v1/keys", None),
        ("POST", "/v1/keys", {"name": "mine", "scopes": ["admin"]}),
        ("POST", "/v1/keys/key_0/rotate", {}),
        ("DELETE", "/v1/keys/key_0", None),
        ("GET", "/v1/administration", None),
    ],
)
def test_only_an_administrator_handles_keys(keys, scope, method, path, body):
    key = keys.make(scopes=[scope])["key"]
    assert code_of(keys.call(method, path, key, body)) == (403, "forbidden")


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"name": " "}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["root"]}, "scopes"),
        ({"scopes": "read"}, "scopes"),
        ({"sources": []}, "sources"),
        ({"sources": ["*"]}, "sources"),
        ({"sources": ["*."]}, "sources"),
        ({"sources": ["wire.*"]}, "sources"),
        ({"sources": ["a"], "scopes": ["admin"]}, "sources"),
        ({"expires_at": "2001-01-01T00:00:00Z"}, "expires_at"),
        ({"expires_at": "soon"}, "expires_at"),
        ({"articles_per_day": -1}, "articles_per_day"),
        ({"requests_per_minute": True}, "requests_per_minute"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_terms_that_cannot_be_are_refused_by_name(keys, terms, field):
    answer = keys.call("POST", "/v1/keys", keys.admin, {"name": "x", "scopes": ["read"]} | terms)
    assert (answer.status_code, answer.json()["field"]) == (422, field)


def test_a_bound_key_sends_for_its_sources_alone(keys):
    key = keys.make(sources=["gazette.example", "*.wire.example"])["key"]
    for number, source in enumerate(("gazette.example", "eu.wire.example")):
        sent = article(number, source=source)
        assert keys.call("POST", "/v1/articles", key, sent).status_code == 201
    refused = keys.call("POST", "/v1/articles", key, article(3, source="wire.example"))
    assert code_of(refused) == (403, "source-forbidden")
    assert "wire.example" in refused.json()["detail"]
    sources = ["eu.wire.example", "herald.example", "gazette.example"]
    batch = [article(10 + number, source=source) for number, source in enumerate(sources)]
    results = keys.call("POST", "/v1/articles/batch", key, batch).json()["results"]
    assert [each["status"] for each in results] == [201, 403, 201]
    assert results[1]["problem"]["code"] == "source-forbidden"
    curator = keys.make(scopes=["curate"], sources=["gazette.example"])["key"]
    passage = {"text": "Sign up to our morning letter and get the stories of the day first.", "why": "form"}
    answers = [
        keys.call("POST", f"/v1/sources/{source}/furniture", curator, passage).status_code
        for source in ("gazette.example", "herald.example")
    ]
    assert answers == [201, 403]


def test_a_key_ends_when_it_expires(keys, forgetful):
    soon = datetime.now(UTC) + timedelta(seconds=30)
    made = keys.make(expires_at=soon.isoformat())
    assert keys.call("GET", FEED, made["key"]).status_code == 200
    ring = keys.client.app.state.edge.keys
    now, ring._now = ring._now, lambda: soon
    try:
        assert code_of(keys.call("GET", FEED, made["key"])) == (401, "unauthenticated")
    finally:
        ring._now = now


def test_a_key_that_is_about_to_expire_is_not_remembered_beyond(keys):
    soon = datetime.now(UTC) + timedelta(seconds=1)
    made = keys.make(expires_at=soon.isoformat())
    keys.call("GET", FEED, made["key"])
    until, _ = keys.client.app.state.edge.keys._known[digest(made["key"])]
    assert until - time.monotonic() <= 1


def test_after_a_rotation_both_secrets_are_good_until_the_overlap_ends(keys, forgetful):
    first = keys.make()
    second = keys.call("POST", f"/v1/keys/{first['id']}/rotate", keys.admin, {"overlap_hours": 1}).json()
    assert second["id"] == first["id"]
    assert [keys.call("GET", FEED, each["key"]).status_code for each in (first, second)] == [200, 200]
    third = keys.call("POST", f"/v1/keys/{first['id']}/rotate", keys.admin, {"overlap_hours": 0}).json()
    assert [keys.call("GET", FEED, each["key"]).status_code for each in (first, second, third)] == [
        401,
        401,
        200,
    ]
    actions = [e["action"] for e in keys.call("GET", "/v1/administration", keys.admin).json()["entries"]]
    assert actions[:2] == ["key.rotated", "key.rotated"]


@pytest.mark.parametrize("hours", [-1, 721, "1", None, True])
def test_an_overlap_has_bounds(keys, hours):
    made = keys.make()
    answer = keys.call("POST", f"/v1/keys/{made['id']}/rotate", keys.admin, {"overlap_hours": hours})
    assert (answer.status_code, answer.json()["field"]) == (422, "overlap_hours")


def test_a_revoked_key_is_of_no_use_with_either_secret(keys, forgetful):
    first = keys.make()
    second = keys.call("POST", f"/v1/keys/{first['id']}/rotate", keys.admin, content=b"").json()
    assert keys.call("DELETE", f"/v1/keys/{first['id']}?why=lost", keys.admin).json()["revoked_at"]
    assert [keys.call("GET", FEED, each["key"]).status_code for each in (first, second)] == [401, 401]
    for method, path in (("DELETE", ""), ("POST", "/rotate")):
        again = keys.call(method, f"/v1/keys/{first['id']}{path}", keys.admin, content=b"")
        assert code_of(again) == (404, "not-found")


def test_a_key_is_told_its_pace_and_held_to_it(keys):
    key = keys.make(requests_per_minute=3)["key"]
    told = [keys.call("GET", FEED, key).headers for _ in range(3)]
    assert {each["ratelimit-policy"] for each in told} == {'"requests";q=3;w=60'}
    assert [each["ratelimit"].partition(";t=")[0] for each in told] == [
        f'"requests";r={n}' for n in (2, 1, 0)
    ]
    refused = keys.call("GET", FEED, key)
    assert code_of(refused) == (429, "rate-limited")
    assert 1 <= int(refused.headers["retry-after"]) <= 20
    assert refused.headers["ratelimit"].startswith('"requests";r=0;t=')
    assert refused.headers["ratelimit-policy"] == '"requests";q=3;w=60'
    head = keys.make(requests_per_minute=5)["key"]
    assert keys.call("HEAD", FEED, head).headers["ratelimit"].startswith('"requests";r=4')
    assert "ratelimit" not in keys.call("GET", FEED, keys.admin).headers


def test_a_quota_counts_articles_and_refuses_the_rest_of_a_batch_one_by_one(keys):
    made = keys.make(articles_per_day=3)
    first = keys.call("POST", "/v1/articles", made["key"], article(30))
    assert first.headers["ratelimit-policy"] == '"articles";q=3;qu="articles";w=86400'
    assert first.headers["ratelimit"].startswith('"articles";r=2;t=')
    lines = b"\n".join(raw(article(n)) if n != 32 else b'{"text": ' for n in range(31, 36))
    answer = keys.call("POST", "/v1/articles/batch", made["key"], headers=LINES, content=lines)
    assert [each["status"] for each in answer.json()["results"]] == [201, 400, 201, 429, 429]
    alone = keys.call("POST", "/v1/articles", made["key"], article(40))
    assert code_of(alone) == (429, "quota-exceeded")
    assert 1 <= int(alone.headers["retry-after"]) <= 86400
    assert keys.call("GET", FEED, made["key"]).status_code == 200


def test_what_a_key_lacked_quota_for_is_not_its_answer_for_good(keys):
    made = keys.make(articles_per_day=1)
    headers = {"idempotency-key": "one"}
    batch = [article(50), article(51)]
    for _ in range(2):
        answer = keys.call("POST", "/v1/articles/batch", made["key"], batch, headers=headers)
        assert "idempotent-replayed" not in answer.headers


def test_guesses_are_slowed_and_good_keys_are_not(keys, forgetful):
    app, runner = keys.client.app, keys.client._runner
    stranger = Client(app, runner, host="2001:db8::1")
    neighbour = Client(app, runner, host="2001:db8::2")
    good = {"authorization": f"Bearer {keys.make()['key']}"}
    assert neighbour.get(FEED, headers=good).status_code == 200
    answers = [stranger.get(FEED, headers={"authorization": f"Bearer {n}"}) for n in range(12)]
    assert [each.status_code for each in answers] == [401] * 10 + [429] * 2
    assert answers[-1].json()["code"] == "too-many-guesses"
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 2
    assert neighbour.get(FEED, headers={"authorization": "Bearer x"}).status_code == 429
    assert neighbour.get(FEED, headers=good).status_code == 200
    assert stranger.get(FEED).status_code == 401
    assert (
        Client(app, runner, host="2001:db8:0:1::1")
        .get(FEED, headers={"authorization": "Bearer x"})
        .status_code
        == 401
    )


def test_guesses_that_come_all_at_once_are_counted_too(keys):
    stranger = Client(keys.client.app, keys.client._runner, host="2001:db8:1::1")

    async def all_at_once():
        sent = [stranger._http.get(FEED, headers={"authorization": f"Bearer all-{n}"}) for n in range(40)]
        return await asyncio.gather(*sent)

    answers = stranger._runner.run(all_at_once())
    assert sorted(each.status_code for each in answers)[:11] == [401] * 10 + [429]


def test_a_good_key_stays_good_beside_guesses_when_other_keys_are_made(keys):
    host = Client(keys.client.app, keys.client._runner, host="2001:db8:2::1")
    good = {"authorization": f"Bearer {keys.make()['key']}"}
    assert host.get(FEED, headers=good).status_code == 200
    for n in range(11):
        last = host.get(FEED, headers={"authorization": f"Bearer more-{n}"})
    assert last.status_code == 429
    keys.make()
    assert host.get(FEED, headers=good).status_code == 200


@pytest.fixture
def restarted(keys):
    """The same service with nothing in its memory of who called."""
    state = keys.client.app.state
    edge = state.edge
    state.edge = replace(edge, keys=access.KeyRing(edge.ctx.store, edge.ctx.now), guesses=Guesses())
    yield state.edge
    state.edge = edge


def test_a_good_key_stays_good_beside_guesses_after_a_restart(keys, restarted, monkeypatch):
    """Behind a proxy all have its address: who guessed through it shut out everybody once the service restarted."""
    monkeypatch.setattr(access, "LISTED_FOR_S", 3600.0)
    host = Client(keys.client.app, keys.client._runner, host="2001:db8:3::1")
    engine, asked = restarted.ctx.store.engine, []
    good = {"authorization": f"Bearer {keys.make()['key']}"}
    restarted.keys._known.clear()
    for n in range(11):
        host.get(FEED, headers={"authorization": f"Bearer first-{n}"})

    def note(_connection, _cursor, statement, *_rest):
        asked.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        wrong = [host.get(FEED, headers={"authorization": f"Bearer more-{n}"}).status_code for n in range(30)]
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
    assert set(wrong) == {429}
    assert not [each for each in asked if "api_key" in each]
    assert host.get(FEED, headers=good).status_code == 200
    assert host.get(FEED, headers={"authorization": "Bearer wrong"}).status_code == 429
    made = keys.call("POST", "/v1/keys", keys.admin, {"name": "young", "scopes": ["read"]}).json()
    assert host.get(FEED, headers={"authorization": f"Bearer {made['key']}"}).status_code == 200


def test_the_first_key_is_made_on_this_machine_and_closes_the_door(keys):
    assert code_of(keys.call("GET", FEED, None)) == (401, "unauthenticated")
    assert code_of(keys.call("POST", "/v1/keys", None, {"name": "x", "scopes": ["admin"]})) == (
        401,
        "unauthenticated",
    )
