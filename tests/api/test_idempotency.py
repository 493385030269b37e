import asyncio
import gzip
import hashlib
from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from starlette.responses import Response

from app.api.access import LOCAL
from app.api.idempotency import once
from app.api.problems import KeyInUse
from app.errors import StorageUnavailable
from app.store import idempotency
from tests.api.conftest import JSON, LINES, article, raw


def post(client, body, key, path="/v1/articles", headers=JSON):
    return client.post(path, content=body, headers=headers | {"idempotency-key": key})


def test_a_repeated_request_gets_the_first_answer(client):
    body = raw(article(1, external_id="first"))
    first, again = post(client, body, "k1"), post(client, body, "k1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again.headers["location"] == first.headers["location"]
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"


def test_a_repeated_batch_gets_the_first_answer(client):
    body = raw(article(2)) + b"\n" + b"{}"
    first = post(client, body, "k2", "/v1/articles/batch", LINES)
    again = post(client, body, "k2", "/v1/articles/batch", LINES)
    assert [result["status"] for result in first.json()["results"]] == [201, 422]
    assert again.content == first.content
    assert again.headers["idempotent-replayed"] == "true"


def test_what_failed_for_a_passing_reason_is_carried_out_when_asked_again(app, client, monkeypatch):
    queue, body = app.state.edge.queue, raw(article(777, external_id="nine"))

    def away(submissions, **_options):
        failed: Future[object] = Future()
        failed.set_exception(StorageUnavailable("The database is away."))
        return failed

    with monkeypatch.context() as patch:
        patch.setattr(queue, "submit", away)
        first = post(client, body, "passing", "/v1/articles/batch", LINES)
    again = post(client, body, "passing", "/v1/articles/batch", LINES)
    assert [result["status"] for result in first.json()["results"]] == [503]
    assert [result["status"] for result in again.json()["results"]] == [201]


@pytest.mark.parametrize("path", ["/v1/articles", "/v1/articles/batch"])
def test_another_request_under_the_same_key_is_refused(client, path):
    assert post(client, raw(article(3)), f"k3{path}", path).status_code in {200, 201}
    refused = post(client, raw(article(4)), f"k3{path}", path)
    assert (refused.status_code, refused.json()["code"]) == (422, "idempotency-key-reused")


def test_a_key_is_one_route_s(client):
    post(client, raw(article(5)), "k5")
    refused = post(client, raw(article(5)), "k5", "/v1/articles/batch")
    assert refused.json()["code"] == "idempotency-key-reused"


def test_a_refused_request_may_be_tried_again_under_its_key(client):
    assert post(client, raw({"source": "a"}), "k6").status_code == 422
    assert post(client, raw(article(6)), "k6").status_code == 201


@pytest.mark.parametrize("key", ["", " ", "x" * 256, "\x7f"])
def test_a_key_is_printable_and_short(client, key):
    answer = client.post(
        "/v1/articles",
        content=raw(article(7)),
        headers=[("content-type", "application/json"), ("idempotency-key", key)],
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-parameter")
    assert answer.json()["field"] == "Idempotency-Key"


def reserve(app, key, *, age):
    ctx = app.state.edge.ctx
    with ctx.store.write() as tx:
        idempotency.reserve(tx, "local", key, request_digest=b"another", now=ctx.now() - age)


def test_a_key_whose_first_request_is_under_way_is_in_use(app, client):
    body = raw(article(8))
    reserve(app, "k8", age=timedelta(0))
    answer = post(client, body, "k8")
    assert answer.json()["code"] == "idempotency-key-reused"

    ctx = app.state.edge.ctx
    with ctx.store.write() as tx:
        digest = hashlib.sha256(b"/v1/articles" + body).digest()
        idempotency.reserve(tx, "local", "k8b", request_digest=digest, now=ctx.now())
    answer = post(client, body, "k8b")
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency-key-in-use")
    assert answer.headers["retry-after"] == "1"


def test_a_key_whose_request_died_with_its_process_is_free_again(app, client):
    reserve(app, "k9", age=timedelta(minutes=3))
    assert post(client, raw(article(9)), "k9").status_code == 201


def test_it_is_so_also_when_the_clock_was_set_back_since(app, client):
    reserve(app, "k9c", age=-timedelta(days=1))
    assert post(client, raw(article(9, external_id="k9c")), "k9c").status_code == 201


def test_the_key_of_a_request_that_lasts_is_its_own_for_as_long_as_its_process_lives(
    app, client, monkeypatch
):
    monkeypatch.setattr("app.api.idempotency.RENEWED_EVERY_S", 0.01)
    now = datetime(2026, 11, 3, 12, tzinfo=UTC)
    edge = app.state.edge
    edge = replace(edge, ctx=replace(edge.ctx, now=lambda: now))

    async def carry_out():
        nonlocal now
        for _ in range(3):
            now += timedelta(seconds=50)
            while claimed_at() != now:  # noqa: ASYNC110 - what is waited for happens in the database
                await asyncio.sleep(0.01)
            with pytest.raises(KeyInUse):
                await once(edge, LOCAL, "lasting", b"digest", carry_out)
        return Response(b"{}", 200)

    def claimed_at():
        with edge.ctx.store.read() as tx:
            found = idempotency.find(tx, "local", "lasting")
        assert found
        return found.created_at

    async def ask():
        return await once(edge, LOCAL, "lasting", b"digest", carry_out)

    assert client._runner.run(ask()).body == b"{}"
    assert client._runner.run(ask()).unpacked() == b"{}"


def test_the_answer_to_a_long_batch_is_kept_packed(app, client):
    body = b"\n".join([b'{"source": "a", "title": "no text"}'] * 400)
    first = post(client, body, "packed", "/v1/articles/batch", LINES)
    with app.state.edge.ctx.store.read() as tx:
        kept = idempotency.find(tx, "local", "packed")
    assert kept
    assert kept.body
    assert gzip.decompress(kept.body) == first.content
    assert len(kept.body) * 20 < len(first.content)


def test_an_answer_is_forgotten_in_the_end(app, client):
    body = raw(article(10))
    reserve(app, "k10", age=timedelta(hours=25))
    assert post(client, body, "k10").status_code == 201
    assert "idempotent-replayed" in post(client, body, "k10").headers


def test_two_at_once_are_carried_out_once(client):
    body = raw(article(11))

    async def both():
        http = client._http
        headers = JSON | {"idempotency-key": "k11"}
        return await asyncio.gather(
            *(http.post("/v1/articles", content=body, headers=headers) for _ in range(2))
        )

    statuses = sorted(answer.status_code for answer in client._runner.run(both()))
    assert statuses in ([201, 201], [201, 409])
