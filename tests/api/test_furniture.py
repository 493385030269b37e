import pytest

from tests.api.conftest import JSON, raw

PATH = "/v1/sources/courier.example%2Fnorth/furniture"
TEXT = "Sign up to our morning letter from the harbour and get the day's stories first, before the boats."


def add(client, **fields):
    sent = {"text": TEXT, "why": "Stands under every page since March."} | fields
    return client.post(PATH, content=raw(sent), headers=JSON)


def test_a_passage_is_added_listed_and_taken_back(client):
    added = add(client)
    assert added.status_code == 201
    row = added.json()
    assert (row["state"], row["text"], row["words"], row["by"]) == ("added", TEXT, 18, "local")
    listed = client.get(PATH).json()
    assert listed["source"] == "courier.example/north"
    assert row in listed["furniture"]
    assert client.request("DELETE", f"{PATH}/{row['id']}", params={"why": " "}).status_code == 422
    told = client.request("DELETE", f"{PATH}/{row['id']}", params={"why": "It is our slogan."})
    assert told.status_code == 200
    assert (told.json()["state"], told.json()["why"]) == ("rejected", "It is our slogan.")
    assert told.json() in client.get(PATH).json()["furniture"]


def test_a_source_without_any_has_an_empty_list(client):
    assert client.get("/v1/sources/nobody.example/furniture").json()["furniture"] == []


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"text": None}, "missing-field", "text"),
        ({"text": 7}, "wrong-type", "text"),
        ({"text": " "}, "invalid-value", "text"),
        ({"text": "Read more here"}, "invalid-value", "text"),
        ({"text": "word " * 401}, "invalid-value", "text"),
        ({"why": None}, "missing-field", "why"),
        ({"why": "x" * 2001}, "invalid-value", "why"),
        ({"colour": "red"}, "invalid-value", "colour"),
    ],
)
def test_a_passage_that_cannot_be_one_is_refused_with_field_and_fix(client, fields, code, field):
    problem = add(client, **fields)
    assert problem.status_code == 422
    told = problem.json()
    assert (told["code"], told["field"]) == (code, field)
    assert told["fix"]


def test_what_is_not_there_cannot_be_taken_back(client):
    told = client.request("DELETE", f"{PATH}/fur_none", params={"why": "x"})
    assert (told.status_code, told.json()["code"]) == (404, "not-found")


def test_taking_back_needs_a_reason(client):
    row = add(client).json()
    told = client.request("DELETE", f"{PATH}/{row['id']}")
    assert (told.status_code, told.json()["code"]) == (422, "invalid-parameter")


def test_a_body_that_is_no_json_is_refused(client):
    told = client.post(PATH, content=b"text=x", headers={"content-type": "application/x-www-form-urlencoded"})
    assert told.status_code == 415


@pytest.mark.parametrize(
    "source", ["a%00b.example", "%F0%9F%90%9F", "a/furniture/b", "..%2F..", "%ED%A0%80", "a%20b", "%3F%23"]
)
def test_any_name_that_a_source_may_have_can_stand_in_the_path(client, source):
    path = f"/v1/sources/{source}/furniture"
    added = client.post(path, content=raw({"text": TEXT, "why": "x\u0000y"}), headers=JSON)
    assert added.status_code == 201
    assert [row["id"] for row in client.get(path).json()["furniture"]] == [added.json()["id"]]
    taken = client.request("DELETE", f"{path}/{added.json()['id']}", params={"why": "none\u0000"})
    assert taken.json()["state"] == "rejected"


def test_a_name_too_long_for_a_source_is_refused(client):
    told = client.get(f"/v1/sources/{'x' * 2001}/furniture")
    assert (told.status_code, told.json()["code"]) == (422, "invalid-parameter")


def test_a_body_too_large_for_a_passage_is_refused(client):
    assert add(client, text="word " * 20_000).json()["code"] == "too-large"
