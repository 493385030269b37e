"""Reading what was said at an earlier time, over HTTP."""

import pytest

from app.settings import Settings
from tests.api.conftest import JSON, article, raw


@pytest.fixture(scope="module")
def settings(shared_url):
    """On SQLite and on PostgreSQL."""
    return Settings(database_url=shared_url, log_level="error")


@pytest.fixture(scope="module")
def told(client):
    """A story of two articles, with the position after each arrival and after a cancellation."""

    def post(**fields):
        answer = client.post("/v1/articles", content=raw(article(41, **fields)), headers=JSON)
        assert answer.status_code == 201, answer.text
        return answer.json(), client.get("/v1/changes?limit=1000").json()["next"]

    steps = [post(external_id="1"), post(source="herald.example"), post(external_id="1", status="canceled")]
    steps.append(post(source="herald.example", status="canceled"))
    return steps


def test_a_story_is_answered_as_it_stood(client, told):
    path = f"/v1/canonicals/{told[0][0]['canonical_id']}"
    answers = [client.get(path, params={"as_of": position}).json() for _, position in told]
    assert [each["member_count"] for each in answers] == [1, 2, 2, 2]
    assert [each["as_of"]["position"] for each in answers] == [int(position) for _, position in told]
    assert [each["withdrawn"] for each in answers] == [False, False, False, True]
    assert answers[0]["canonical"]["source"] == "gazette.example"
    assert answers[2]["canonical"]["source"] == "herald.example"
    assert answers[3]["canonical"] is None
    today = client.get(path).json()
    assert (today["as_of"], today["canonical"], today["withdrawn"]) == (None, None, True)
    assert [each["is_canonical"] for each in today["members"]] == [False, False]


def test_an_article_is_answered_as_it_stood(client, told):
    path = f"/v1/articles/{told[0][0]['article_id']}"
    (_, first), *_, (_, last) = told
    before, after = (client.get(path, params={"as_of": when}).json() for when in (first, last))
    assert (before["status"], before["is_canonical"], len(before["versions"])) == ("usable", True, 1)
    assert (after["status"], after["is_canonical"], len(after["versions"])) == ("canceled", False, 2)
    assert before["submission"]["external_id"] == "1"


def test_an_answer_about_the_past_may_be_kept(client, told):
    path = f"/v1/canonicals/{told[0][0]['canonical_id']}"
    past = client.get(path, params={"as_of": told[0][1]})
    assert past.headers["cache-control"] == "private, max-age=86400, immutable"
    tag = past.headers["etag"]
    again = client.get(path, params={"as_of": told[0][1]}, headers={"if-none-match": tag})
    assert (again.status_code, again.headers["cache-control"]) == (304, past.headers["cache-control"])
    at = past.json()["as_of"]["at"]
    assert client.get(path, params={"as_of": at}).json() == past.json()
    later = client.get(path, params={"as_of": "2999-01-01T00:00:00Z"})
    assert later.headers["cache-control"] == "no-cache"
    assert client.get(path).headers["cache-control"] == "no-cache"


def test_members_of_then_are_paged_by_links_that_name_the_position(client, told):
    path = f"/v1/canonicals/{told[0][0]['canonical_id']}"
    first = client.get(path, params={"as_of": told[1][1], "limit": 1})
    assert [each["source"] for each in first.json()["members"]] == ["gazette.example"]
    link = first.headers["link"].partition("<")[2].partition(">")[0]
    rest = client.get(link)
    assert [each["source"] for each in rest.json()["members"]] == ["herald.example"]
    assert rest.json()["as_of"]["position"] == int(told[1][1])
    assert rest.json()["next"] is None


def test_before_it_came_the_answer_says_since_when_it_is_there(client, told):
    for path in (f"/v1/canonicals/{told[0][0]['canonical_id']}", f"/v1/articles/{told[0][0]['article_id']}"):
        answer = client.get(path, params={"as_of": "0"})
        assert (answer.status_code, answer.json()["code"]) == (404, "not-yet")
        assert "since" in answer.json()["detail"]
        assert answer.headers["cache-control"] == "no-store"
        assert client.get(path, params={"as_of": str(10**17)}).json()["code"] == "not-yet"


@pytest.mark.parametrize(
    ("when", "code"),
    [("soon", "bad-date"), ("9" * 19, "invalid-parameter"), ("0001-01-01", "invalid-parameter")],
)
def test_what_is_neither_position_nor_time_is_refused(client, told, when, code):
    answer = client.get(f"/v1/articles/{told[0][0]['article_id']}", params={"as_of": when})
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (422, code, "as_of")
