"""The change feed as clients follow it: waiting, streamed, filtered, and as CloudEvents."""

import contextlib
import json
import socket
import threading
import time

import httpx
import pytest

from app.api import event_stream
from app.services.ledger import Ledger
from app.settings import Settings
from app.store import ingesting, schema
from tests.api.conftest import JSON, article, raw

STREAM = {"accept": "text/event-stream"}
PATIENCE_S = 60


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    url = f"sqlite:///{tmp_path_factory.mktemp('following') / 'wirefold.db'}"
    schema.migrate(url)
    return Settings(database_url=url, log_level="error", followers=3)


@pytest.fixture
def http(served):
    with httpx.Client(base_url=served, timeout=PATIENCE_S, trust_env=False) as client:
        yield client


@pytest.fixture
def end(client):
    """Where the feed ends as the test begins."""
    return int(client.get("/v1/changes?cursor=end").json()["next"])


@pytest.fixture
def watcher(app):
    return app.state.edge.watcher


def post(client, number, **fields):
    return client.post("/v1/articles", content=raw(article(number, **fields)), headers=JSON).json()


def tell(app, **payload):
    """Put an entry on the feed."""
    ctx = app.state.edge.ctx
    with ctx.store.write() as tx:
        ledger = Ledger(ctx, tx, ctx.now(), ingesting.counters(tx))
        ledger.emit("canonical.merged", **payload)
        ingesting.append(tx, ledger.batch)
        ingesting.save_counters(tx, ledger.counters)


def read_all(connection):
    count = 0
    with contextlib.suppress(ConnectionResetError):
        while part := connection.recv(1 << 20):
            count += len(part)
    return count


def until(condition):
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@contextlib.contextmanager
def after_others_wait(watcher, act):
    """Something done by another once somebody follows."""

    def run():
        until(lambda: len(watcher) > 0)
        act()

    thread = threading.Thread(target=run)
    thread.start()
    yield
    thread.join()


def events(lines, count):
    """The next so many events of a stream, each a dictionary of its fields."""
    found, fields = [], {}
    for line in lines:
        if line:
            name, _, value = line.partition(":")
            fields[name] = value.removeprefix(" ")
        elif fields:
            found.append(fields)
            fields = {}
        if len(found) == count:
            return found
    raise AssertionError("the stream ended early")


# ----------------------------------------------------------------------------------------------- waiting
def test_who_waits_is_answered_when_something_happens(client, http, watcher, end):
    with after_others_wait(watcher, lambda: post(client, 1)):
        told = http.get("/v1/changes", params={"cursor": end, "wait": 60}).json()
    assert told["changes"][0]["type"] == "article.ingested"
    assert len(watcher) == 0


def test_who_waits_in_vain_is_answered_with_the_cursor(http, end):
    told = http.get("/v1/changes", params={"cursor": end, "wait": 0.05}).json()
    assert told == {"changes": [], "next": str(end)}


def test_who_waits_for_some_is_not_answered_by_others_and_its_cursor_moves_on(client, http, watcher, end):
    asked = {"cursor": end, "wait": 60, "source": "wanted.example", "type": "article.ingested"}

    def act():
        post(client, 2, source="other.example")
        post(client, 3, source="wanted.example")

    with after_others_wait(watcher, act):
        told = http.get("/v1/changes", params=asked).json()
    assert [change["source"] for change in told["changes"]] == ["wanted.example"]
    again = http.get("/v1/changes", params=asked | {"cursor": told["next"], "wait": 0.3}).json()
    assert again["changes"] == []
    assert again["next"] == client.get("/v1/changes?cursor=end").json()["next"]


def test_a_filtered_page_moves_on_although_nothing_passes(client, end):
    post(client, 4)
    told = client.get(f"/v1/changes?cursor={end}&type=story.withdrawn").json()
    assert told["changes"] == []
    assert int(told["next"]) > end


def test_an_unknown_type_is_refused_and_the_known_ones_are_named(client):
    answer = client.get("/v1/changes?type=article.ingsted")
    assert (answer.status_code, answer.json()["field"]) == (422, "type")
    assert "article.ingested" in answer.json()["fix"]


@pytest.mark.parametrize("field", ["cursor=-1", "cursor=ende", "cursor=99999999999999999999", "wait=61"])
def test_a_cursor_or_a_patience_that_is_none_is_refused(client, field):
    answer = client.get(f"/v1/changes?{field}")
    assert (answer.status_code, answer.json()["field"]) == (422, field.partition("=")[0])


@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
def test_a_cursor_behind_the_end_is_of_another_database(client, end, accept):
    """After a backup was restored it would pass over what comes next."""
    beyond = str(end + 1)
    for asked in ({"params": {"cursor": beyond}}, {"headers": {"last-event-id": beyond}}):
        headers = {"accept": accept} | asked.get("headers", {})
        answer = client.get("/v1/changes", params=asked.get("params"), headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (409, "cursor-ahead")
    assert client.get(f"/v1/changes?cursor={end}").status_code == 200


def test_a_last_event_that_is_none_is_refused(client):
    answer = client.get("/v1/changes", headers={"last-event-id": "yesterday"})
    assert (answer.status_code, answer.json()["field"]) == (422, "Last-Event-ID")


def test_a_client_that_leaves_while_it_waits_gives_its_place_back(http, watcher, end):
    with pytest.raises(httpx.ReadTimeout):
        http.get("/v1/changes", params={"cursor": end, "wait": 60}, timeout=0.2)
    until(lambda: len(watcher) == 0)


def test_beyond_the_bound_clients_are_told_to_come_back(http, watcher, end):
    with contextlib.ExitStack() as stack:
        for _ in range(3):
            stack.enter_context(http.stream("GET", "/v1/changes?cursor=end", headers=STREAM))
        until(lambda: len(watcher) == 3)
        for refused in (
            http.get("/v1/changes", headers=STREAM),
            http.get("/v1/changes", params={"cursor": end, "wait": 1}),
        ):
            assert (refused.status_code, refused.json()["code"]) == (503, "overloaded")
            assert refused.headers["retry-after"] == "5"
        assert http.get("/v1/changes").status_code == 200, "who does not wait needs no place"
    until(lambda: len(watcher) == 0)


def test_nobody_looks_while_nobody_waits(watcher, http, end):
    http.get("/v1/changes", params={"cursor": end, "wait": 0.05})
    until(lambda: not watcher._looking)
    assert not [thread for thread in threading.enumerate() if thread.name == "follow"]


# ---------------------------------------------------------------------------------------------- streaming
def test_a_stream_tells_what_was_and_what_comes(client, http, end):
    post(client, 5)
    with http.stream("GET", f"/v1/changes?cursor={end}", headers=STREAM) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["cache-control"] == "no-store"
        lines = answer.iter_lines()
        retry, *was = events(lines, 3)
        post(client, 6)
        came = events(lines, 1)[0]
    assert int(retry["retry"]) > 0
    assert [each["event"] for each in was] == ["article.ingested", "canonical.created"]
    page = client.get(f"/v1/changes?cursor={end}").json()["changes"]
    told = [json.loads(each["data"]) for each in (*was, came)]
    assert told == page[: len(told)]
    assert [int(each["id"]) for each in (*was, came)] == [entry["position"] for entry in told]


def test_a_stream_that_comes_back_misses_and_repeats_nothing(client, http, end):
    for number in (7, 8):
        post(client, number)
    page = client.get(f"/v1/changes?cursor={end}").json()["changes"]
    headers = STREAM | {"last-event-id": str(page[0]["position"])}
    with http.stream("GET", "/v1/changes?cursor=0", headers=headers) as answer:
        _, first, second = events(answer.iter_lines(), 3)
    assert [json.loads(each["data"]) for each in (first, second)] == page[1:3]


def test_the_heartbeat_of_a_filtered_stream_moves_its_cursor(client, http, end, monkeypatch):
    monkeypatch.setattr(event_stream, "HEARTBEAT_S", 0.1)
    post(client, 9)
    last = int(client.get("/v1/changes?cursor=end").json()["next"])
    address = f"/v1/changes?cursor={end}&type=story.withdrawn"
    with http.stream("GET", address, headers=STREAM) as answer:
        _, heartbeat = events(answer.iter_lines(), 2)
    assert int(heartbeat["id"]) == last
    assert "data" not in heartbeat


def test_a_text_with_line_ends_is_one_event(client, http, end):
    source = "odd\n\ndata: \ud800.example"
    post(client, 10, source=source)
    with http.stream("GET", f"/v1/changes?cursor={end}", headers=STREAM) as answer:
        _, first = events(answer.iter_lines(), 2)
    assert json.loads(first["data"])["source"] == source


def test_a_stream_ends_when_its_client_may_read_no_more(app, http, end, monkeypatch):
    monkeypatch.setattr(event_stream, "HEARTBEAT_S", 0.05)
    with http.stream("GET", f"/v1/changes?cursor={end}", headers=STREAM) as answer:
        lines = answer.iter_lines()
        events(lines, 1)
        monkeypatch.setattr(app.state.edge.keys, "recall_any", lambda: True)
        assert not [line for line in lines if line.startswith("data")]


def test_a_client_that_never_reads_is_cut_off_and_holds_nobody_up(
    app, http, served, watcher, end, monkeypatch
):
    monkeypatch.setattr(event_stream, "STALLED_S", 0.3)
    monkeypatch.setattr(event_stream, "HEARTBEAT_S", 0.1)
    long = "more than the kernel's buffers hold " * 500_000
    tell(app, reason=long)
    url = httpx.URL(served)
    with socket.socket() as lazy:
        lazy.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        lazy.connect((url.host, url.port))
        asked = (
            f"GET /v1/changes?cursor={end} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n"
        )
        lazy.sendall(asked.encode())
        until(lambda: len(watcher) == 1)
        with http.stream("GET", "/v1/changes?cursor=0", headers=STREAM) as answer:
            assert len(events(answer.iter_lines(), 3)) == 3
        until(lambda: len(watcher) == 0)
        lazy.settimeout(PATIENCE_S)
        assert read_all(lazy) < len(long), "what was not taken is not sent any more"


def test_head_of_a_stream_ends(client, served):
    answer = httpx.head(f"{served}/v1/changes", headers=STREAM, timeout=PATIENCE_S, trust_env=False)
    assert answer.headers["content-type"].startswith("text/event-stream")


# -------------------------------------------------------------------------------------------- CloudEvents
@pytest.mark.parametrize(
    "accept", ["text/event-stream;q=0, application/json", "text/event-stream;q=0.2, */*;q=0.3", "*/*"]
)
def test_who_does_not_like_a_stream_best_gets_a_page(client, end, accept):
    answer = client.get(f"/v1/changes?cursor={end}", headers={"accept": accept})
    assert answer.headers["content-type"] == "application/json"


def test_a_cache_is_told_that_the_form_depends_on_accept(client, end):
    page = client.get(f"/v1/changes?cursor={end}")
    again = client.get(f"/v1/changes?cursor={end}", headers={"if-none-match": page.headers["etag"]})
    assert (again.status_code, page.headers["vary"], again.headers["vary"]) == (304, "Accept", "Accept")


def test_cloud_events_come_as_a_batch_and_the_next_address_in_link(client, end):
    post(client, 12)
    batch = client.get(f"/v1/changes?cursor={end}", headers={"accept": "application/cloudevents-batch+json"})
    assert batch.headers["content-type"] == "application/cloudevents-batch+json"
    first, *_ = batch.json()
    (entry, *_) = client.get(f"/v1/changes?cursor={end}").json()["changes"]
    assert first == {
        "specversion": "1.0",
        "id": str(entry["position"]),
        "source": "/v1/changes",
        "type": "article.ingested",
        "time": entry["at"],
        "subject": entry["article_id"],
        "datacontenttype": "application/json",
        "data": {name: value for name, value in entry.items() if name not in {"position", "type", "at"}},
    }
    last = client.get("/v1/changes?cursor=end").json()["next"]
    assert f"cursor={last}" in batch.headers["link"]


def test_cloud_events_come_one_by_one(client, end):
    post(client, 13)
    headers = {"accept": "application/cloudevents+json"}
    first = client.get(f"/v1/changes?cursor={end}", headers=headers)
    assert first.headers["content-type"] == "application/cloudevents+json"
    assert first.json()["id"] == str(end + 1)
    assert f"cursor={end + 1}" in first.headers["link"]
    none = client.get("/v1/changes?cursor=end", headers=headers)
    assert (none.status_code, none.content) == (204, b"")
