"""What another policy would change, over HTTP."""

from typing import Any

import pytest

from tests.api.conftest import JSON, article, raw


@pytest.fixture
def pair(client):
    """Two copies under IDs of their own, however the archive was filled before."""
    first = article(71, source="replay-one.example")
    copy = article(71, source="replay-two.example", text=f"{first['text']} One more sentence.")
    return [
        client.post("/v1/articles", content=raw(each), headers=JSON).json()["article_id"]
        for each in (first, copy)
    ]


def pages(client, query):
    found: list[dict[str, Any]] = []
    path: str | None = f"/v1/replay?{query}"
    while path:
        answer = client.get(path)
        assert answer.status_code == 200
        found.append(answer.json())
        more = found[-1]["next"]
        path = f"/v1/replay?{query}&cursor={more}" if more else None
        assert (f"cursor={more}" in answer.headers.get("link", "")) == bool(more)
    return found


def test_a_replay_is_paged_and_says_what_it_looked_at(client, pair):
    found = pages(client, "policy=strict&limit=1")
    assert {page["policy"] for page in found} == {"strict-1"}
    assert [page["looked_at"]["stories"] for page in found] == [1] * len(found)
    whole = pages(client, "policy=strict&limit=200")
    for name in ("pairs", "stories"):
        assert [each for page in found for each in page[name]] == [
            each for page in whole for each in page[name]
        ]


def test_a_replay_of_one_source_looks_at_its_pairs_alone(client, pair):
    assert (
        sum(page["looked_at"]["pairs"] for page in pages(client, "policy=loose&source=replay-two.example"))
        == 1
    )
    assert (
        sum(page["looked_at"]["pairs"] for page in pages(client, "policy=loose&source=nobody.example")) == 0
    )


def test_a_replay_stores_nothing(client, pair):
    before = client.get("/v1/changes?cursor=0&limit=1000").json()
    pages(client, "policy=loose")
    assert client.get("/v1/changes?cursor=0&limit=1000").json() == before


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "invalid-parameter"),
        ("policy=lax", "invalid-parameter"),
        ("policy=strict&limit=0", "invalid-parameter"),
        ("policy=strict&since=soon", "bad-date"),
        ("policy=strict&cursor=-1", "invalid-parameter"),
    ],
)
def test_what_cannot_be_replayed_is_named(client, query, code):
    assert client.get(f"/v1/replay?{query}").json()["code"] == code
