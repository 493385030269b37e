"""The review list over HTTP."""

import pytest

from tests.api.conftest import JSON, article, raw


@pytest.fixture
def doubtful(app, client):
    """A pair that this service has its doubts about: the bounds of a test may not depend on weights."""
    ctx = app.state.edge.ctx
    before = ctx.review
    object.__setattr__(ctx, "review", (0.0, 1.0))
    first = article(81, source="review-one.example")
    second = article(81, source="review-two.example", text=f"{first['text']} One more sentence.")
    ids = [
        client.post("/v1/articles", content=raw(each), headers=JSON).json()["article_id"]
        for each in (first, second)
    ]
    yield ids
    object.__setattr__(ctx, "review", before)


def test_an_entry_has_both_sides_the_evidence_and_where_to_read_on(client, doubtful):
    (entry,) = client.get("/v1/review?source=review-two.example").json()["doubts"]
    assert [entry[side]["article_id"] for side in "ba"] == doubtful
    assert entry["same_story"] is True
    assert entry["evidence"]["reasons"]
    assert entry["evidence"]["contributions"]
    assert client.get(entry["explain"]).status_code == 200


def test_bounds_and_pages(client, doubtful):
    (entry,) = client.get("/v1/review?source=review-two.example").json()["doubts"]
    stated = entry["probability"]
    assert client.get(f"/v1/review?source=review-two.example&to={stated / 2}").json()["doubts"] == []
    assert len(client.get(f"/v1/review?source=review-two.example&from={stated / 2}").json()["doubts"]) == 1
    page = client.get("/v1/review?limit=1")
    if page.json()["next"]:
        assert f"cursor={page.json()['next']}" in page.headers["link"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("from=2", "invalid-parameter"),
        ("to=x", "invalid-parameter"),
        ("from=nan", "invalid-parameter"),
        ("reason=whim", "invalid-parameter"),
        ("since=soon", "bad-date"),
        ("limit=1000", "invalid-parameter"),
    ],
)
def test_what_cannot_be_asked_is_named(client, query, code):
    assert client.get(f"/v1/review?{query}").json()["code"] == code
