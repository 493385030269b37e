"""The client when things fail: what passes is tried again, what does not is raised as what it is."""

import asyncio
import json
import pickle
from datetime import datetime

import pytest

from tests.clients.conftest import QUICK, Said
from wirefold_client import (
    Answer,
    AsyncClient,
    Client,
    Conflicting,
    Event,
    LimitReached,
    NotAllowed,
    Problem,
    Refused,
    Retries,
    Unavailable,
    UnexpectedAnswer,
    Unreachable,
)
from wirefold_client.models import Submission, encode

ARTICLE = {"source": "a.example", "text": "Text."}
ANSWER = {
    "article_id": "art_1",
    "version": 1,
    "canonical_id": "can_1",
    "is_canonical": True,
    "decision": {
        "relation": "new",
        "revision_kind": None,
        "matched_article_id": None,
        "jaccard": 0,
        "containment": 0.0,
        "probability": 0.0,
        "confidence": 1.0,
        "rule": "nothing-alike",
        "reasons": ["nothing stored is like it"],
        "profile": "p",
        "policy": "standard-1",
        "furniture": "learned-0",
    },
    "related": [],
    "repeats": [],
    "agency": None,
    "dateline": None,
    "of_a_later_release": {"members": "are passed over"},
}


def problem(status: int, code: str, **more: object) -> dict[str, object]:
    return {"status": status, "code": code, "title": "T", "detail": "D.", "fix": "F.", **more}


@pytest.mark.parametrize(
    "failure",
    [
        pytest.param(Said(0), id="no answer"),
        Said(503, problem(503, "overloaded"), {"Retry-After": "0"}),
        Said(507, problem(507, "storage-full")),
        Said(409, problem(409, "idempotency-key-in-use"), {"Retry-After": "1"}),
        Said(429, problem(429, "rate-limited"), {"Retry-After": "1"}),
        pytest.param(Said(502, "a proxy's page"), id="a proxy's"),
    ],
    ids=lambda said: said.document["code"],
)
def test_what_passes_is_sent_again_under_the_same_key(script, failure):
    server = script([failure, Said(201, ANSWER)])
    with Client(server.url, retries=QUICK) as client:
        assert client.submit(ARTICLE).canonical_id == "can_1"
    first, second = server.heard
    assert first.headers["idempotency-key"] == second.headers["idempotency-key"]
    assert first.body == second.body


def test_the_asynchronous_client_tries_again_as_well(script):
    server = script([Said(0), Said(503, problem(503, "overloaded")), Said(201, ANSWER)])

    async def work() -> Answer:
        async with AsyncClient(server.url, retries=QUICK) as client:
            return await client.submit(ARTICLE)

    assert asyncio.run(work()).article_id == "art_1"
    assert len(server.heard) == 3


def test_tries_are_counted(script):
    server = script([Said(503, problem(503, "overloaded"))])
    with Client(server.url, retries=QUICK) as client, pytest.raises(Unavailable) as raised:
        client.submit(ARTICLE)
    assert (raised.value.code, len(server.heard)) == ("overloaded", QUICK.attempts)


def test_a_pause_longer_than_the_program_would_wait_is_raised_at_once(script):
    server = script([Said(429, problem(429, "quota-exceeded"), {"Retry-After": "30000"})])
    with Client(server.url, retries=QUICK) as client, pytest.raises(LimitReached) as raised:
        client.submit(ARTICLE)
    assert (raised.value.retry_after_s, len(server.heard)) == (30000, 1)


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (401, "unauthenticated", NotAllowed),
        (403, "forbidden", NotAllowed),
        (409, "conflict", Conflicting),
        (413, "too-large", Refused),
        (422, "missing-field", Refused),
        (500, "internal", Unavailable),
    ],
)
def test_what_does_not_pass_is_raised_at_once_as_what_it_is(script, status, code, kind):
    told = problem(status, code, field="source", position=3, request_id="r1")
    server = script([Said(status, told, {"content-type": "application/problem+json"})])
    with Client(server.url, key="secret", retries=QUICK) as client, pytest.raises(kind) as raised:
        client.article("art_1")
    error = raised.value
    assert (error.code, error.field, error.fix, error.position, error.request_id) == (
        code,
        "source",
        "F.",
        3,
        "r1",
    )
    assert str(error) == f"{code}: D. F."
    assert len(server.heard) == 1
    assert server.heard[0].headers["authorization"] == "Bearer secret"
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.code, again.fix) == (kind, code, "F.")


def test_where_nobody_listens_the_service_is_unreachable():
    retries = Retries(attempts=2, first_s=0.01)
    with Client("http://127.0.0.1:9", retries=retries) as client, pytest.raises(Unreachable) as raised:
        client.submit(ARTICLE)
    assert raised.value.__cause__ is not None


@pytest.mark.parametrize("document", ["<html>", [], {"article_id": 5}, {"article_id": "art_1"}])
def test_an_answer_of_another_program_is_none(script, document):
    server = script([Said(200, document)])
    with Client(server.url, retries=QUICK) as client, pytest.raises(UnexpectedAnswer):
        client.submit(ARTICLE)


@pytest.mark.parametrize("place", ["https://elsewhere.example/login", "", "/v1/canonicals/can_1"])
def test_the_key_goes_nowhere_else_and_a_circle_ends(script, place):
    server = script([Said(308, None, {"location": place})])
    refused = pytest.raises((UnexpectedAnswer, Problem))
    with Client(server.url, key="secret", retries=QUICK) as client, refused:
        client.canonical("can_1")
    assert len(server.heard) <= 6


def test_items_of_a_batch_that_meet_a_passing_failure_are_sent_again_alone(script):
    stored = {"status": 201, "article": ANSWER}
    full = {"status": 507, "problem": problem(507, "storage-full")}
    bad = {"status": 422, "problem": problem(422, "missing-field")}
    server = script([Said(200, {"results": [stored, full, bad]}), Said(200, {"results": [stored]})])
    with Client(server.url, retries=QUICK) as client:
        outcomes = [each.outcome for each in client.submit_batch([ARTICLE, ARTICLE | {"title": "2"}, {}])]
    assert [type(each) for each in outcomes] == [Answer, Answer, Refused]
    first, second = server.heard
    assert json.loads(second.body) == ARTICLE | {"title": "2"}
    assert first.headers["idempotency-key"] != second.headers["idempotency-key"]


def test_items_that_go_on_failing_are_told_so(script):
    full = {"status": 507, "problem": problem(507, "storage-full")}
    server = script([Said(200, {"results": [full]})])
    with Client(server.url, retries=QUICK) as client:
        (result,) = client.submit_batch([ARTICLE])
    assert isinstance(result.outcome, Unavailable)
    assert len(server.heard) == QUICK.attempts


def test_following_goes_on_where_it_was_when_the_service_comes_back(script):
    def page(position: int) -> Said:
        entry = {"position": position, "type": "of.later", "at": "2026-03-03T09:30:04Z", "new": [1]}
        return Said(200, {"changes": [entry], "next": str(position)})

    down = Said(0)
    server = script([page(1), *[down] * QUICK.attempts, page(2)])
    with Client(server.url, retries=QUICK) as client:
        feed = client.follow(wait_s=1)
        first = next(feed)
        assert (type(first), first.type, first.data) == (Event, "of.later", {"new": [1]})
        with pytest.raises(Unreachable):
            next(feed)
        assert next(feed).position == 2
    assert [each.path.split("&")[0] for each in server.heard] == [
        "/v1/changes?cursor=0",
        *["/v1/changes?cursor=1"] * (QUICK.attempts + 1),
    ]


def test_a_time_without_a_zone_and_what_is_no_json_are_not_sent():
    with pytest.raises(ValueError, match="no zone"):
        encode(Submission(source="a.example", published_at=datetime(2026, 3, 3)))  # noqa: DTZ001 - the point
    with pytest.raises(ValueError, match="JSON"):
        encode({"source": "a.example", "metadata": {"score": float("nan")}})
    assert encode({"text": "é \ud83d"}) == b'{"text": "\\u00e9 \\ud83d"}'
    assert encode({"text": "é"}) == '{"text": "é"}'.encode()
