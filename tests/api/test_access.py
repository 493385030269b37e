import asyncio
import hashlib
from datetime import UTC, datetime

import pytest

from app.api.access import is_loopback
from app.main import create_app
from app.settings import Settings
from app.store import api_keys, schema
from tests.api.conftest import JSON, Client, article, raw

PATH = "/v1/changes"


def code_of(answer):
    return answer.status_code, answer.json().get("code")


def test_a_program_on_this_machine_needs_no_key_until_there_is_one(client):
    assert client.get(PATH).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"x-forwarded-for": "203.0.113.7"},
        {"forwarded": "for=203.0.113.7"},
        {"x-real-ip": "127.0.0.1"},
        {"via": "1.1 proxy"},
        {"host": "news.example"},
        {"host": "127.0.0.1.nip.example:8000"},
        {"authorization": "Bearer nobody"},
    ],
)
def test_whoever_may_not_be_on_this_machine_needs_a_key(client, headers):
    answer = client.get(PATH, headers=headers)
    assert code_of(answer) == (401, "unauthenticated")
    assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize("host", ["203.0.113.7", "10.0.0.2", "::ffff:10.0.0.2"])
def test_another_machine_needs_a_key(app, runner, host):
    assert code_of(Client(app, runner, host=host).get(PATH)) == (401, "unauthenticated")


@pytest.mark.parametrize(
    "headers", [{"origin": "https://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}]
)
def test_a_page_of_another_site_may_not_call(client, headers):
    answer = client.post("/v1/articles", content=raw(article(1)), headers=JSON | headers)
    assert code_of(answer) == (403, "cross-site")


@pytest.mark.parametrize(
    "headers", [{"origin": "http://127.0.0.1:8000"}, {"host": "localhost:8000"}, {"host": "[::1]:8000"}]
)
def test_a_page_of_its_own_may(client, headers):
    assert client.get(PATH, headers=headers).status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/openapi.json"])
def test_probes_need_no_key(app, runner, path):
    assert Client(app, runner, host="203.0.113.7").get(path).status_code == 200


def test_no_cors_unless_asked_for(client):
    answer = client.get(PATH, headers={"origin": "http://127.0.0.1:8000"})
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("localhost", True),
        ("LOCALHOST.", True),
        ("app.localhost", True),
        ("10.0.0.1", False),
        ("localhost.example", False),
        ("", False),
        ("0.0.0.0", False),
    ],
)
def test_what_loopback_is(host, local):
    assert is_loopback(host) is local


@pytest.fixture(scope="module")
def keyed(tmp_path_factory):
    """An application with one key a scope, a revoked one, and an origin that may call."""
    url = f"sqlite:///{tmp_path_factory.mktemp('keyed') / 'wirefold.db'}"
    schema.migrate(url)
    app = create_app(Settings(database_url=url, log_level="error", cors_origins="https://desk.example"))
    now = datetime.now(UTC)
    with app.state.edge.ctx.store.write() as tx:
        for scope in ("ingest", "read", "curate", "admin", "revoked"):
            digest = hashlib.sha256(f"key-{scope}".encode()).digest()
            scopes = ("admin",) if scope == "revoked" else (scope,)
            api_keys.add(
                tx,
                api_keys.ApiKeyRow(
                    scope, scope, digest, scopes, now, revoked_at=now if scope == "revoked" else None
                ),
            )
    with asyncio.Runner() as runner:
        yield Client(app, runner, host="203.0.113.7")
    app.state.edge.queue.close()
    app.state.edge.ctx.store.close()


def call(keyed, method, path, key, **headers):
    headers = JSON | headers | ({"authorization": f"Bearer {key}"} if key else {})
    return keyed.request(method, path, content=raw(article(1)) if method == "POST" else None, headers=headers)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("POST", "/v1/articles", {"ingest", "admin"}),
        ("POST", "/v1/articles/batch", {"ingest", "admin"}),
        ("POST", "/v1/check", {"ingest", "read", "admin"}),
        ("GET", "/v1/changes", {"read", "admin"}),
        ("GET", "/v1/canonicals", {"read", "admin"}),
        ("GET", "/v1/articles/art_0", {"read", "admin"}),
        ("GET", "/metrics", {"read", "admin"}),
    ],
)
def test_a_key_opens_what_its_scope_says(keyed, method, path, allowed):
    for scope in ("ingest", "read", "curate", "admin"):
        answer = call(keyed, method, path, f"key-{scope}")
        assert (answer.status_code != 403) is (scope in allowed), scope
        assert answer.status_code != 401


def test_a_check_tells_only_those_who_see_it_of_what_is_withheld(keyed):
    sent = article(20, external_id="withheld", status="withheld")
    keys = {scope: JSON | {"authorization": f"Bearer key-{scope}"} for scope in ("ingest", "read", "admin")}
    held = keyed.post("/v1/articles", content=raw(sent), headers=keys["ingest"]).json()
    guess = raw(sent | {"text": f"{sent['text']} And so on.", "status": "usable"})
    told = {
        scope: keyed.post("/v1/check", content=guess, headers=headers).json()["article_id"]
        for scope, headers in keys.items()
    }
    assert told == {"ingest": None, "read": None, "admin": held["article_id"]}


@pytest.mark.parametrize("key", [None, "key-revoked", "key-nobody", "key-ingest x", "\u00e9"])
def test_without_a_usable_key_nothing_is_open(keyed, key):
    headers = {"authorization": f"Bearer {key}".encode()} if key else {}
    assert code_of(keyed.get(PATH, headers=headers)) == (401, "unauthenticated")


def test_once_a_key_exists_this_machine_needs_one_too(keyed):
    assert code_of(Client(keyed.app, keyed._runner).get(PATH)) == (401, "unauthenticated")


def test_a_key_in_another_scheme_is_none(keyed):
    assert keyed.get(PATH, headers={"authorization": "Basic key-read"}).status_code == 401


def test_the_use_of_a_key_is_noted(keyed):
    call(keyed, "GET", PATH, "key-read")
    with keyed.app.state.edge.ctx.store.read() as tx:
        row = api_keys.find_by_hash(tx, hashlib.sha256(b"key-read").digest())
    assert row
    assert row.last_used_at is not None


def test_a_named_origin_may_call_from_a_browser(keyed):
    preflight = keyed.request(
        "OPTIONS",
        "/v1/articles",
        headers={
            "origin": "https://desk.example",
            "access-control-request-method": "POST",
            "access-control-request-headers": "authorization,content-type",
        },
    )
    assert preflight.status_code == 200
    assert preflight.headers["access-control-allow-origin"] == "https://desk.example"
    other = keyed.request(
        "OPTIONS",
        "/v1/articles",
        headers={"origin": "https://evil.example", "access-control-request-method": "POST"},
    )
    assert "access-control-allow-origin" not in other.headers
