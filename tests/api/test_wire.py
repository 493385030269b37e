"""Bodies whose header fields lie, over raw connections to a real server."""

import json
import socket
from urllib.parse import urlsplit

import httpx
import pytest

from tests.api.conftest import JSON, article, raw

BODY = raw(article(400, source="wire.example"))
LINE = raw(article(401, source="wire.example")) + b"\n"
PATIENCE_S = 60


@pytest.fixture
def talk(served):
    """Send bytes and read all that is answered until the server closes."""

    def of(*pieces: bytes, leave: bool = False) -> bytes:
        url = urlsplit(served)
        with socket.create_connection((url.hostname, url.port), timeout=PATIENCE_S) as connection:
            for piece in pieces:
                connection.sendall(piece)
            if leave:
                connection.shutdown(socket.SHUT_WR)
            answer = b""
            while part := connection.recv(65536):
                answer += part
            return answer

    return of


@pytest.fixture
def stored(served):
    """How many articles were stored: none of these tests may add half a one."""

    def count() -> int:
        found = httpx.get(
            f"{served}/v1/canonicals?source=wire.example", timeout=PATIENCE_S, trust_env=False
        ).json()
        return len(found["canonicals"])

    return count


def head(*fields: str, path: str = "/v1/articles", kind: str = "application/json") -> bytes:
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Type: {kind}", *fields, "", ""]
    return "\r\n".join(lines).encode()


def lines_head(length: int) -> bytes:
    return head(f"Content-Length: {length}", path="/v1/articles/batch", kind="application/x-ndjson")


def test_whoever_promises_more_and_leaves_is_closed_and_nothing_is_stored(talk, stored):
    before = stored()
    assert talk(head(f"Content-Length: {len(BODY) + 9}"), BODY, leave=True) == b""
    assert stored() == before


def test_whoever_promises_more_and_falls_silent_is_told_and_closed(talk, stored, monkeypatch):
    monkeypatch.setattr("app.api.body.IDLE_S", 0.2)
    before = stored()
    answer = talk(head(f"Content-Length: {len(BODY) + 9}"), BODY)
    headers, _, problem = answer.partition(b"\r\n\r\n")
    assert headers.startswith(b"HTTP/1.1 400 ")
    assert b"connection: close" in headers.lower()
    assert (json.loads(problem)["code"], bool(json.loads(problem)["fix"])) == ("broken-body", True)
    assert stored() == before


def test_of_a_batch_that_falls_silent_what_was_whole_is_stored_and_answered(talk, stored, monkeypatch):
    monkeypatch.setattr("app.api.body.IDLE_S", 0.2)
    answer = talk(lines_head(3 * len(LINE)), LINE, raw(article(402, source="wire.example"))[:-1])
    results = json.loads(answer.partition(b"\r\n\r\n")[2])["results"]
    assert [result["status"] for result in results] in ([201, 400], [200, 400])
    assert results[-1]["problem"]["code"] == "broken-body"


def test_what_stands_behind_the_promised_length_is_no_part_of_the_article(talk, served):
    """The server may notice before or after the article is stored: the sender sends it again."""
    sent = raw(article(403, source="longer.example"))
    answer = talk(head(f"Content-Length: {len(sent)}") + sent + b"} and so on\r\n\r\n")
    assert answer.startswith((b"HTTP/1.1 201 ", b"HTTP/1.1 400 "))
    assert b"Invalid HTTP request" in answer
    again = httpx.post(
        f"{served}/v1/articles", content=sent, headers=JSON, timeout=PATIENCE_S, trust_env=False
    )
    assert (again.status_code in {200, 201}, again.json()["version"]) == (True, 1)


def test_a_body_cut_by_its_length_is_refused(talk, stored):
    before = stored()
    answer = talk(head(f"Content-Length: {len(BODY) - 5}") + BODY + b"\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert stored() == before


@pytest.mark.parametrize(
    "fields",
    [
        ["Content-Length: -1"],
        ["Content-Length: 1e3"],
        ["Content-Length: 0x10"],
        [f"Content-Length: {len(BODY)}", "Content-Length: 5"],
        [f"Content-Length: {len(BODY)}, 5"],
    ],
)
def test_a_length_that_is_none_or_two_is_refused_and_the_connection_closed(talk, stored, fields):
    before = stored()
    assert talk(head(*fields) + BODY).startswith(b"HTTP/1.1 400 ")
    assert stored() == before


@pytest.mark.parametrize("length", [len(BODY), 5])
@pytest.mark.parametrize("order", [1, -1])
def test_a_length_beside_chunks_is_refused_and_the_connection_closed(talk, stored, length, order):
    before = stored()
    fields = [f"Content-Length: {length}", "Transfer-Encoding: chunked"][::order]
    chunks = b"%x\r\n%b\r\n0\r\n\r\n" % (len(BODY), BODY)
    assert talk(head(*fields) + chunks).startswith(b"HTTP/1.1 400 ")
    assert stored() == before
