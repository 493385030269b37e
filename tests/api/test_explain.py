import pytest

from tests.api.conftest import JSON, article, raw


def post(client, value):
    return client.post("/v1/articles", content=raw(value), headers=JSON).json()["article_id"]


def test_a_pair_is_explained_in_whatever_order_it_is_named(client):
    first = post(client, article(1))
    copy = post(client, article(1, source="mirror.example", text=f"{article(1)['text']} One more sentence."))
    told = client.get(f"/v1/explain?a={first}&b={copy}")
    assert told.status_code == 200
    assert told.json() == client.get(f"/v1/explain?a={copy}&b={first}").json()
    body = told.json()
    assert (body["a"]["article_id"], body["b"]["article_id"]) == (copy, first)
    assert body["same_story"] is True
    assert body["verdict"]["relation"] == body["stored"]["relation"]
    span = body["spans"][0]
    assert article(1)["text"][span["b"]["start"] : span["b"]["end"]]
    assert body["measures"]["same_source"] is False


def test_strangers_are_explained_as_well(client):
    told = client.get(f"/v1/explain?a={post(client, article(2))}&b={post(client, article(3))}").json()
    assert told["same_story"] is False
    assert told["stored"] is None


@pytest.mark.parametrize(
    ("query", "status"),
    [("a=art_0&b=art_1", 404), ("a=art_0", 422), ("a=&b=x", 422), ("a=%ED%A0%80&b=x", 404)],
)
def test_a_pair_that_is_none(client, query, status):
    assert client.get(f"/v1/explain?{query}").status_code == status
