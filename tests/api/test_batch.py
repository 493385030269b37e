import asyncio
import gzip
import json
import zlib
from typing import Any

import pytest

from tests.api.conftest import JSON, LINES, article, raw

GZIP = {"content-encoding": "gzip"}


def post(client, body, **headers):
    answer = client.post(
        "/v1/articles/batch", content=body, headers={k.replace("_", "-"): v for k, v in headers.items()}
    )
    return answer, answer.json().get("results")


def lines(articles):
    return b"\n".join(map(raw, articles))


def numbered(first, count):
    return [article(first + n, external_id=f"batch-{first + n}") for n in range(count)]


@pytest.mark.parametrize(
    ("encode", "headers"),
    [
        (raw, JSON),
        (lines, LINES),
        (lambda articles: gzip.compress(raw(articles)), JSON | GZIP),
        (lambda articles: gzip.compress(lines(articles)), LINES | GZIP),
        (
            lambda articles: gzip.compress(lines(articles[:3]) + b"\n") + gzip.compress(lines(articles[3:])),
            LINES | GZIP,
        ),
        (lambda articles: b"\xef\xbb\xbf" + json.dumps(articles, indent=2).encode() + b"\n", JSON),
        (lambda articles: b"\xef\xbb\xbf" + lines(articles).replace(b"\n", b"\r\n\r\n"), LINES),
    ],
    ids=["array", "lines", "gzipped array", "gzipped lines", "gzip members", "indented", "windows"],
)
def test_a_batch_is_answered_in_order(client, encode, headers):
    sent = numbered(1000, 5)
    answer, results = post(client, encode(sent), **headers)
    assert answer.status_code == 200
    ids = [result["article"]["article_id"] for result in results]
    read = [client.get(f"/v1/articles/{each}").json()["external_id"] for each in ids]
    assert read == [each["external_id"] for each in sent]
    assert {result["status"] for result in results} <= {200, 201}


@pytest.mark.parametrize(("body", "headers"), [(b"[]", JSON), (b" ", LINES), (b"\n\n", LINES), (b"", LINES)])
def test_an_empty_batch_has_no_results(client, body, headers):
    assert post(client, body, **headers)[1] == []


def test_three_bad_items_of_a_hundred_do_not_sink_the_others(client):
    sent = numbered(1100, 100)
    items = list(map(raw, sent))
    items[10] = b'{"source": "gazette.example", "text": tru}'
    items[50] = raw({"source": "gazette.example", "title": "no text"})
    items[99] = b"7"
    for body, headers in ((b"[" + b",".join(items) + b"]", JSON), (b"\n".join(items), LINES)):
        answer, results = post(client, body, **headers)
        assert answer.status_code == 200
        refused = {place: result["problem"] for place, result in enumerate(results) if "problem" in result}
        assert {place: problem["code"] for place, problem in refused.items()} == {
            10: "malformed-json",
            50: "missing-field",
            99: "wrong-type",
        }
        at = refused[10]["position"]
        assert body[at : at + 3] == b"tru"
        assert len(results) == 100


def test_the_same_article_twice_in_a_batch_is_stored_once(client):
    sent = article(1201, external_id="twice")
    _, results = post(client, lines([sent, sent]), **LINES)
    assert [result["status"] for result in results] == [201, 200]
    assert results[0]["article"]["article_id"] == results[1]["article"]["article_id"]


def test_what_stands_before_bad_framing_is_stored_and_the_last_result_says_where_it_broke(client):
    sent = numbered(1210, 3)
    body = raw(sent)[:-1] + b", ,7]"
    _, results = post(client, body, **JSON)
    assert [result["status"] for result in results] == [201, 201, 201, 400]
    problem = results[-1]["problem"]
    assert problem["code"] == "malformed-json"
    assert body[: problem["position"]].endswith(b", ")


def test_a_body_that_is_no_array_has_one_result(client):
    _, results = post(client, b'{"source": "a"}', **JSON)
    assert [(r["status"], r["problem"]["position"]) for r in results] == [(400, 0)]


@pytest.mark.parametrize("cut", [30, 400])
def test_what_stands_before_the_end_of_a_truncated_gzip_is_stored(client, cut):
    sent = numbered(1220, 40)
    _, results = post(client, gzip.compress(lines(sent))[:-cut], **LINES, **GZIP)
    *stored, last = results
    assert last["problem"]["code"] == "broken-body"
    assert stored
    for result in stored:
        if "article" in result:
            assert client.get(f"/v1/articles/{result['article']['article_id']}").status_code == 200


def test_bytes_that_are_no_gzip_are_refused(client):
    _, results = post(client, b"not gzip", **LINES, **GZIP)
    assert [result["problem"]["code"] for result in results] == ["broken-body"]


@pytest.mark.slow
def test_a_gzip_bomb_is_stopped_before_it_has_gone_off(client):
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = packer.compress(b'{"source":"a","text":"')
    for _ in range(64):
        bomb += packer.compress(b"a" * 1024 * 1024)
    bomb += packer.flush()
    _, results = post(client, bomb, **LINES, **GZIP)
    assert [result["problem"]["code"] for result in results] == ["suspicious-compression"]
    single = client.post("/v1/articles", content=bomb, headers=JSON | GZIP)
    assert (single.status_code, single.json()["code"]) == (413, "suspicious-compression")


def test_items_over_the_limit_of_a_batch_are_refused_and_those_before_are_stored(client):
    body = b"\n".join([raw(article(1300, external_id="limit"))] + [b"7"] * 500)
    _, results = post(client, body, **LINES)
    assert len(results) == 501
    assert results[0]["status"] == 201
    assert results[-1]["problem"]["code"] == "too-many-items"


def test_deep_nesting_is_one_items_problem(client):
    deep = b'{"source": "a", "text": "b", "metadata": ' + b'{"a":' * 5000 + b"1" + b"}" * 5000 + b"}"
    _, results = post(client, b"[" + deep + b"," + raw(article(1310)) + b"]", **JSON)
    assert [r.get("problem", {}).get("code") for r in results] == ["too-deep", None]


def test_a_content_length_that_lies_is_the_last_result(client):
    body = lines(numbered(1320, 2)) + b"\n"
    _, results = post(client, body, **LINES, content_length=str(len(body) + 9))
    assert [result["status"] for result in results] == [201, 201, 400]
    assert results[-1]["problem"]["code"] == "broken-body"


def test_results_can_come_one_a_line(client):
    answer = client.post(
        "/v1/articles/batch",
        content=lines(numbered(1330, 3)),
        headers=LINES | {"accept": "application/x-ndjson"},
    )
    assert answer.headers["content-type"] == "application/x-ndjson"
    assert [json.loads(line)["status"] for line in answer.text.splitlines()] == [201, 201, 201]


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("Application/X-NDJSON", "application/x-ndjson"),
        ("application/json;q=0.5, application/x-ndjson", "application/x-ndjson"),
        ("application/json, application/x-ndjson;q=0.5", "application/json"),
        ("application/x-ndjson;q=0", "application/json"),
        ("application/x-ndjson;q=0.1, */*", "application/json"),
        ("text/html", "application/json"),
        ("", "application/json"),
    ],
)
def test_results_come_in_the_form_that_is_liked_best(client, accept, kind):
    answer = client.post("/v1/articles/batch", content=b"[]", headers=JSON | {"accept": accept})
    assert (answer.status_code, answer.headers["content-type"]) == (200, kind)


def test_results_come_while_the_batch_is_still_being_sent(app, client):
    """A live stream is answered item by item: the next is sent once the one before is answered."""

    async def converse():
        sent: asyncio.Queue[Any] = asyncio.Queue()
        answered: asyncio.Queue[Any] = asyncio.Queue()
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": "POST",
            "scheme": "http",
            "path": "/v1/articles/batch",
            "raw_path": b"/v1/articles/batch",
            "query_string": b"",
            "headers": [
                (b"host", b"127.0.0.1:8000"),
                (b"content-type", b"application/x-ndjson"),
                (b"accept", b"application/x-ndjson"),
            ],
            "client": ("127.0.0.1", 5),
            "server": ("127.0.0.1", 8000),
        }
        running = asyncio.create_task(app(scope, sent.get, answered.put))
        statuses = []
        assert (await asyncio.wait_for(answered.get(), 10))["status"] == 200
        for each in numbered(1340, 3):
            await sent.put({"type": "http.request", "body": raw(each) + b"\n", "more_body": True})
            message = await asyncio.wait_for(answered.get(), 10)
            statuses.append(json.loads(message["body"])["status"])
        await sent.put({"type": "http.request", "body": b"", "more_body": False})
        await asyncio.wait_for(running, 10)
        return statuses

    assert client._runner.run(converse()) == [201, 201, 201]


def test_a_sender_that_goes_away_leaves_what_was_complete(app, client):
    sent = numbered(1350, 2)

    async def send_and_leave():
        messages = iter(
            [
                {"type": "http.request", "body": lines(sent) + b"\n" + b'{"source"', "more_body": True},
                {"type": "http.disconnect"},
            ]
        )

        async def receive():
            return next(messages)

        async def send(message):
            pass

        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http",
            "path": "/v1/articles/batch", "raw_path": b"/v1/articles/batch", "query_string": b"",
            "headers": [(b"host", b"127.0.0.1"), (b"content-type", b"application/x-ndjson")],
            "client": ("127.0.0.1", 5), "server": ("127.0.0.1", 8000),
        }  # fmt: skip
        await app(scope, receive, send)

    client._runner.run(send_and_leave())
    found = client.get("/v1/canonicals?source=gazette.example&external_id=batch-1351").json()
    assert len(found["canonicals"]) == 1
