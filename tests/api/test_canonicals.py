from typing import Any

import pytest

from app.events import PAYLOADS, EventType
from tests.api.conftest import JSON, LINES, article, raw


def post(client, value):
    answer = client.post("/v1/articles", content=raw(value), headers=JSON)
    assert answer.status_code in {200, 201}
    return answer.json()


@pytest.fixture(scope="module")
def story(client):
    """The canonical ID of a story that seven outlets carried."""
    items = [
        article(50, source=f"outlet-{n}.example", url=f"https://outlet-{n}.example/a?utm_source=x")
        for n in range(7)
    ]
    answer = client.post("/v1/articles/batch", content=b"\n".join(map(raw, items)), headers=LINES)
    ids = {result["article"]["canonical_id"] for result in answer.json()["results"]}
    assert len(ids) == 1
    return ids.pop()


def test_a_story_says_who_carried_it(client, story):
    read = client.get(f"/v1/canonicals/{story}").json()
    assert (read["canonical_id"], read["member_count"], read["source_count"]) == (story, 7, 7)
    assert read["first_seen"] <= read["last_seen"]
    assert [member["source"] for member in read["members"]] == [f"outlet-{n}.example" for n in range(7)]
    assert [member["is_canonical"] for member in read["members"]].count(True) == 1
    chosen = next(member for member in read["members"] if member["is_canonical"])
    assert read["canonical"]["article_id"] == chosen["article_id"]
    assert chosen["relation"] is None
    assert {m["relation"]["relation"] for m in read["members"] if m["relation"]} <= {"copy"}


def test_members_are_paged_by_link(client, story):
    first = client.get(f"/v1/canonicals/{story}?limit=3")
    seen = [member["source"] for member in first.json()["members"]]
    link = first.headers["link"]
    while link:
        assert link.endswith('rel="next"')
        page = client.get(link.partition("<")[2].partition(">")[0])
        seen += [member["source"] for member in page.json()["members"]]
        link = page.headers.get("link")
    assert seen == [f"outlet-{n}.example" for n in range(7)]


@pytest.mark.parametrize(
    "query",
    [
        "url=https://www.outlet-3.example/a",
        "url=http://outlet-3.example/a/%3Futm_source=y",
        "url=https://outlet-3.example/b",
        "source=outlet-3.example&external_id=none",
    ],
)
def test_a_look_up_answers_a_list(client, story, query):
    found = client.get(f"/v1/canonicals?{query}").json()
    assert [each["canonical_id"] for each in found["canonicals"]] == ([story] if "/a" in query else [])


@pytest.mark.parametrize(
    "url", ["notaurl", "outlet-3.example", "ftp://outlet-3.example/a", "https://", "http://[::1"]
)
def test_an_address_that_is_none_is_not_looked_up(client, url):
    answer = client.get("/v1/canonicals", params={"url": url})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-parameter")
    assert answer.json()["field"] == "url"
    assert "https://" in answer.json()["fix"]


@pytest.mark.parametrize(("source", "found"), [("outlet-3.example", True), ("outlet-4.example", False)])
def test_a_look_up_by_address_may_name_who_printed_it_there(client, story, source, found):
    answer = client.get("/v1/canonicals", params={"url": "https://outlet-3.example/a", "source": source})
    assert [each["canonical_id"] for each in answer.json()["canonicals"]] == ([story] if found else [])


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("url=https://outlet-3.example/a&min_members=9", "min_members"),
        ("url=https://outlet-3.example/a&source=x&external_id=7", "external_id"),
        ("source=outlet-3.example&external_id=7&language=fr", "language"),
    ],
)
def test_a_look_up_passes_over_no_filter_in_silence(client, query, field):
    answer = client.get(f"/v1/canonicals?{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-parameter")
    assert answer.json()["field"] == field


def test_what_is_withheld_speaks_for_no_story(client):
    held = post(client, article(90, source="held.example", status="withheld"))
    read = client.get(f"/v1/canonicals/{held['canonical_id']}").json()
    assert (read["canonical"], read["withdrawn"], held["is_canonical"]) == (None, True, False)
    assert [(m["status"], m["is_canonical"]) for m in read["members"]] == [("withheld", False)]


def test_one_address_may_have_carried_several_stories(client):
    first = post(client, article(60, url="https://live.example/today", external_id="60"))
    second = post(client, article(61, url="https://live.example/today", external_id="61"))
    found = client.get("/v1/canonicals?url=https://live.example/today").json()["canonicals"]
    assert [each["canonical_id"] for each in found] == [second["canonical_id"], first["canonical_id"]]


def test_an_external_id_finds_its_story(client):
    answer = post(client, article(62, source="wire.example", external_id="id/62?\u202e"))
    found = client.get(
        "/v1/canonicals", params={"source": "wire.example", "external_id": "id/62?\u202e"}
    ).json()
    assert [each["canonical_id"] for each in found["canonicals"]] == [answer["canonical_id"]]


def test_stories_are_listed_the_last_founded_first_and_paged(client):
    posted = [post(client, article(number, source="pager.example")) for number in range(80, 85)]
    ids = [answer["canonical_id"] for answer in reversed(posted)]
    assert len(set(ids)) == 5
    seen, link = [], "</v1/canonicals?source=pager.example&limit=2>"
    while link:
        page = client.get(link.partition("<")[2].partition(">")[0])
        seen += [each["canonical_id"] for each in page.json()["canonicals"]]
        link = page.headers.get("link")
    assert seen == ids


@pytest.mark.parametrize(
    ("query", "passes"),
    [
        ("source=outlet-3.example", True),
        ("source=elsewhere.example", False),
        ("min_members=7", True),
        ("min_members=8", False),
        ("relation=copy", True),
        ("relation=copy&source=outlet-0.example", False),
        ("relation=template", False),
        ("agency=Nobody", False),
        ("since=2000-01-01", True),
        ("since=3000-01-01", False),
        ("until=3000-01-01", True),
        ("until=2000-01-01", False),
    ],
)
def test_a_filter_passes_what_one_member_has(client, story, query, passes):
    found = client.get(f"/v1/canonicals?{query}&limit=500").json()["canonicals"]
    assert (story in {each["canonical_id"] for each in found}) is passes


def test_an_absorbed_id_leads_to_the_survivor(client):
    """The first and the last two thirds of one text are two stories until the whole arrives."""
    words = article(70)["text"].split()
    head, tail = " ".join(words[:60]), " ".join(words[30:])
    survivor = post(client, article(70, text=head, source="head.example"))
    absorbed = post(client, article(70, text=tail, source="tail.example"))
    assert survivor["canonical_id"] != absorbed["canonical_id"]
    post(client, article(70))
    for suffix in ("", "/members?limit=2"):
        answer = client.get(f"/v1/canonicals/{absorbed['canonical_id']}{suffix}")
        assert answer.status_code == 308
        assert answer.headers["location"] == f"/v1/canonicals/{survivor['canonical_id']}{suffix}"
        assert answer.headers["cache-control"] == "no-store"


def test_changes_come_in_order_without_gaps(client, story):
    cursor, positions = "0", []
    while True:
        page = client.get(f"/v1/changes?cursor={cursor}&limit=5")
        changes = page.json()["changes"]
        positions += [change["position"] for change in changes]
        cursor = page.json()["next"]
        if not changes:
            break
    assert positions == list(range(1, len(positions) + 1))
    assert client.get(f"/v1/changes?cursor={cursor}").json()["next"] == cursor


def test_changes_carry_what_their_type_says(client, story):
    for change in client.get("/v1/changes?limit=1000").json()["changes"]:
        payload: Any = PAYLOADS[EventType(change["type"])]
        assert payload.__required_keys__ <= change.keys()
        assert change.keys() <= payload.__annotations__.keys() | {"position", "type", "at"}
