"""People decide over HTTP: merge, split, detach, pin, link, answer a doubt, undo, and the log."""

import asyncio
import threading

import pytest

from app.main import create_app
from app.services.rederiving import rederive_step
from app.settings import Settings
from tests.api.conftest import JSON, LINES, Client, article, raw

ORDERS = {
    "merge": ("POST", "/v1/canonicals/{can}/merge", {"others": ["can_x"], "why": "one"}),
    "split": ("POST", "/v1/canonicals/{can}/split", {"groups": [["art_x"]], "why": "two"}),
    "pin": ("PUT", "/v1/canonicals/{can}/pin", {"article_id": "art_x", "why": "best"}),
    "detach": ("POST", "/v1/articles/{art}/detach", {"why": "not it"}),
    "link": ("POST", "/v1/links", {"kind": "must", "articles": ["art_x", "art_y"], "why": "one"}),
    "review": ("POST", "/v1/review/7", {"same_story": True, "why": "one"}),
    "undo": ("POST", "/v1/audit/aud_x/undo", {"why": "wrong"}),
}


@pytest.fixture(scope="module")
def app(shared_url):
    """The application over a database of either kind."""
    app = create_app(Settings(database_url=shared_url, log_level="error"))
    yield app
    app.state.edge.queue.close()
    app.state.edge.ctx.store.close()


@pytest.fixture(scope="module")
def client(app, runner):
    return Client(app, runner)


_numbers = iter(range(1_000, 100_000, 10))


@pytest.fixture
def story(client):
    """Post copies of one story; its canonical ID and their article IDs."""

    def make(copies=4):
        number = next(_numbers)
        text = article(number)["text"]
        answers = [
            client.post(
                "/v1/articles",
                content=raw(article(number, source=f"p{n}.example", text=f"{text} Copy {n}.")),
                headers=JSON,
            ).json()
            for n in range(copies)
        ]
        assert len({each["canonical_id"] for each in answers}) == 1
        return answers[0]["canonical_id"], [each["article_id"] for each in answers]

    return make


@pytest.fixture
def etag(client):
    def of(canonical_id, limit=50):
        return client.get(f"/v1/canonicals/{canonical_id}?limit={limit}").headers["etag"]

    return of


@pytest.fixture
def order(client, etag):
    """Send an order for a story in the state it is in now."""

    def send(method, path, body=None, *, state=None, **headers):
        can = path.split("/")[3] if path.startswith("/v1/canonicals/") else None
        if can:
            headers["if-match"] = state or etag(can)
        content = None if body is None else raw(body)
        return client.request(method, path, content=content, headers=JSON | headers)

    return send


def home(client, article_id):
    return client.get(f"/v1/articles/{article_id}").json()["canonical_id"]


def test_a_wrong_join_is_split_and_stays_split(app, client, story, order):
    can, arts = story()
    answer = order("POST", f"/v1/canonicals/{can}/split", {"groups": [arts[2:]], "why": "Another vote."})
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["action"] == "split"
    assert told["left"] == []
    kept, new = told["canonicals"]
    assert (kept["canonical_id"], kept["member_count"], new["member_count"]) == (can, 2, 2)
    assert [link["kind"] for link in told["links_added"]] == ["cannot", "must"]
    while rederive_step(app.state.edge.ctx):
        pass
    assert [home(client, each) for each in arts] == [can, can, new["canonical_id"], new["canonical_id"]]
    changes = client.get("/v1/changes?cursor=0&limit=1000").json()["changes"]
    assert [c["audit_id"] for c in changes if c["type"] == "curation.applied"][-1] == told["audit_id"]


def test_the_etag_of_an_answer_is_good_for_the_next_order(client, story, order, etag):
    can, arts = story()
    told = order("PUT", f"/v1/canonicals/{can}/pin", {"article_id": arts[1], "why": "best"}).json()
    (now,) = told["canonicals"]
    assert now["etag"] == etag(can)
    assert now["pinned"] == {"article_id": arts[1], "version": None, "by": "local", "why": "best"}
    assert now["canonical"]["article_id"] == arts[1]
    again = order("DELETE", f"/v1/canonicals/{can}/pin?why=no+need", state=now["etag"])
    assert again.status_code == 200
    assert again.json()["canonicals"][0]["pinned"] is None
    assert client.get(f"/v1/canonicals/{can}").json()["pinned"] is None


def test_the_etag_changes_with_members_beyond_the_page_and_with_the_pin(client, story, order, etag):
    can, arts = story()
    seen = {etag(can, limit=1)}
    order("POST", f"/v1/articles/{arts[3]}/detach", {"why": "another"})
    seen.add(etag(can, limit=1))
    order("PUT", f"/v1/canonicals/{can}/pin", {"article_id": arts[2], "why": "best"})
    seen.add(etag(can, limit=1))
    order("PUT", f"/v1/canonicals/{can}/pin", {"article_id": arts[2], "version": 1, "why": "best"})
    seen.add(etag(can, limit=1))
    assert len(seen) == 4
    unchanged = client.get(f"/v1/canonicals/{can}", headers={"if-none-match": etag(can)})
    assert unchanged.status_code == 304


def test_a_state_read_with_any_page_of_members_will_do(client, story, order, etag):
    can, arts = story()
    answer = order(
        "POST", f"/v1/canonicals/{can}/split", {"groups": [arts[3:]], "why": "x"}, state=etag(can, limit=2)
    )
    assert answer.status_code == 200


@pytest.mark.parametrize("state", ['"old"', 'W/"old"', "nonsense", '"old", "older"'])
def test_an_order_about_another_state_is_refused_and_changes_nothing(client, story, order, state):
    can, arts = story()
    answer = order("POST", f"/v1/canonicals/{can}/split", {"groups": [arts[2:]], "why": "x"}, state=state)
    assert (answer.status_code, answer.json()["code"]) == (412, "stale-canonical")
    assert home(client, arts[2]) == can


def test_a_weak_tag_of_the_very_state_matches_nothing(client, story, order, etag):
    can, arts = story()
    answer = order(
        "PUT", f"/v1/canonicals/{can}/pin", {"article_id": arts[0], "why": "x"}, state=f"W/{etag(can)}"
    )
    assert answer.status_code == 412


@pytest.mark.parametrize("name", ["merge", "split", "pin"])
def test_an_order_on_a_story_must_name_a_state(client, story, name):
    can, _ = story(1)
    method, path, body = ORDERS[name]
    answer = client.request(method, path.format(can=can), content=raw(body), headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (428, "precondition-required")
    anything = client.request(
        method, path.format(can=can), content=raw(body), headers=JSON | {"if-match": "*"}
    )
    assert anything.status_code in {404, 422}


def test_stories_are_merged_and_the_absorbed_id_leads_on(client, story, order, etag):
    (one, _), (other, arts) = story(1), story(2)
    body = {"others": [other], "etags": {other: etag(other)}, "why": "One vote."}
    told = order("POST", f"/v1/canonicals/{one}/merge", body).json()
    assert [each["canonical_id"] for each in told["canonicals"]] == [one]
    assert told["canonicals"][0]["member_count"] == 3
    moved = client.get(f"/v1/canonicals/{other}")
    assert (moved.status_code, moved.headers["location"]) == (308, f"/v1/canonicals/{one}")
    answer = order("POST", f"/v1/canonicals/{one}/merge", body)
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert one in answer.json()["detail"]
    assert home(client, arts[1]) == one


def test_another_story_that_changed_meanwhile_is_not_merged(client, story, order, etag):
    (one, _), (other, arts) = story(1), story(2)
    before = etag(other)
    order("POST", f"/v1/articles/{arts[1]}/detach", {"why": "x"})
    body = {"others": [other], "etags": {other: before}, "why": "One vote."}
    assert order("POST", f"/v1/canonicals/{one}/merge", body).status_code == 412
    stranger = {"others": [other], "etags": {"can_x": before}, "why": "One vote."}
    assert order("POST", f"/v1/canonicals/{one}/merge", stranger).json()["field"] == "etags"


def test_what_speaks_against_an_earlier_word_names_the_links(client, story, order):
    (one, _), (other, _) = story(1), story(1)
    kept = order(
        "POST", "/v1/links", {"kind": "cannot", "canonicals": [one, other], "why": "Two towns."}
    ).json()
    (link,) = kept["links_added"]
    answer = order("POST", f"/v1/canonicals/{one}/merge", {"others": [other], "why": "One."})
    assert (answer.status_code, answer.json()["code"]) == (409, "contradiction")
    assert answer.json()["links"] == [link["link_id"]]
    assert "Two towns." in answer.json()["detail"]
    overruled = order(
        "POST", f"/v1/canonicals/{one}/merge", {"others": [other], "why": "One.", "overrule": True}
    )
    assert overruled.json()["links_ended"][0]["link_id"] == link["link_id"]


def test_links_are_listed_and_taken_back(client, story, order):
    _, arts = story(3)
    told = order("POST", "/v1/links", {"kind": "cannot", "articles": [arts[0], arts[2]], "why": "No."}).json()
    (link,) = told["links_added"]
    listed = client.get(f"/v1/links?article_id={arts[2]}").json()
    assert listed == {"links": [link], "next": None}
    assert link["sides"] == [[arts[0]], [arts[2]]]
    assert home(client, arts[0]) != home(client, arts[2])
    ended = client.request("DELETE", f"/v1/links/{link['link_id']}?why=It+was.")
    assert ended.status_code == 200, ended.text
    assert client.get(f"/v1/links?article_id={arts[2]}").json()["links"] == []
    (old,) = client.get(f"/v1/links?article_id={arts[2]}&ended=true").json()["links"]
    assert old["until"] is not None
    assert home(client, arts[0]) == home(client, arts[2])
    assert client.request("DELETE", f"/v1/links/{link['link_id']}?why=x").status_code == 409
    assert client.request("DELETE", f"/v1/links/{link['link_id']}").status_code == 422
    assert client.get("/v1/links?article_id=art_none").status_code == 404
    order("POST", "/v1/links", {"kind": "must", "articles": arts[:2], "why": "Yes."})
    page = client.get("/v1/links?ended=true&limit=1")
    assert f"cursor={page.json()['next']}" in page.headers["link"]


def test_a_rehearsal_changes_nothing(client, story, order, etag):
    can, arts = story()
    before = etag(can)
    path = f"/v1/canonicals/{can}/split?dry_run=true"
    told = order("POST", path, {"groups": [arts[2:]], "why": "x"}, state=before).json()
    assert (told["dry_run"], told["audit_id"]) == (True, None)
    assert [each["canonical_id"] for each in told["canonicals"]] == [can, ""]
    assert etag(can) == before


def test_an_order_is_carried_out_once_for_one_key(client, story, order, etag):
    can, arts = story()
    send = {"groups": [arts[2:]], "why": "x"}
    state, key = etag(can), f"once-{can}"
    first, again = (
        order("POST", f"/v1/canonicals/{can}/split", send, state=state, **{"idempotency-key": key})
        for _ in range(2)
    )
    assert first.json() == again.json()
    assert again.headers["idempotent-replayed"] == "true"
    other = order("POST", f"/v1/canonicals/{can}/split", send, state="*", **{"idempotency-key": key})
    assert other.json()["code"] == "idempotency-key-reused"


def test_an_undo_is_undone_and_the_log_tells_all(client, story, order):
    can, arts = story()
    told = order("POST", f"/v1/articles/{arts[1]}/detach", {"why": "A roundup."}).json()
    away = home(client, arts[1])
    undone = order("POST", f"/v1/audit/{told['audit_id']}/undo", {"why": "No."}).json()
    assert home(client, arts[1]) == can
    order("POST", f"/v1/audit/{undone['audit_id']}/undo", {"why": "Yes."})
    assert home(client, arts[1]) == away
    entry = client.get(f"/v1/audit/{told['audit_id']}").json()
    assert (entry["by"], entry["why"], entry["action"]) == ("local", "A roundup.", "detach")
    assert entry["undone_by"] == undone["audit_id"]
    assert [each["articles"] for each in entry["before"]] == [arts]
    listed = client.get("/v1/audit?limit=3").json()
    assert [each["action"] for each in listed["entries"]] == ["undo", "undo", "detach"]
    assert client.get("/v1/audit?limit=2").json()["next"]
    older = client.get(f"/v1/audit?cursor={listed['entries'][1]['position']}&limit=1").json()["entries"]
    assert [each["audit_id"] for each in older] == [told["audit_id"]]
    (by_undone,) = client.get(f"/v1/audit?undoes={told['audit_id']}").json()["entries"]
    assert by_undone["audit_id"] == undone["audit_id"]
    assert client.get("/v1/audit?by=nobody").json()["entries"] == []
    assert client.get("/v1/audit?action=whim").json()["code"] == "invalid-parameter"
    assert client.get("/v1/audit/aud_none").status_code == 404
    again = order("POST", f"/v1/audit/{told['audit_id']}/undo", {"why": "No."})
    assert again.status_code == 409 or again.json()["links_ended"]


def test_a_doubt_that_was_answered_leaves_the_list(app, client):
    ctx = app.state.edge.ctx
    before = ctx.review
    object.__setattr__(ctx, "review", (0.0, 1.0))
    number = next(_numbers)
    first, second = (
        client.post(
            "/v1/articles",
            content=raw(
                article(number, source=f"{name}{number}.example", text=article(number)["text"] + name)
            ),
            headers=JSON,
        ).json()
        for name in ("one", "two")
    )
    object.__setattr__(ctx, "review", before)
    path = f"/v1/review?source=two{number}.example"
    (doubt,) = client.get(path).json()["doubts"]
    answer = client.post(
        f"/v1/review/{doubt['position']}",
        content=raw({"same_story": False, "why": "Last year's."}),
        headers=JSON,
    )
    assert answer.status_code == 200, answer.text
    assert client.get(path).json()["doubts"] == []
    assert home(client, first["article_id"]) != home(client, second["article_id"])
    missing = client.post("/v1/review/999999999", content=raw({"same_story": True, "why": "x"}), headers=JSON)
    assert missing.status_code == 404


@pytest.mark.parametrize("name", ORDERS)
@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"why": None}, "missing-field", "why"),
        ({"why": " \n"}, "invalid-value", "why"),
        ({"why": 7}, "wrong-type", "why"),
        ({"why": "x" * 2001}, "invalid-value", "why"),
        ({"colour": "red"}, "invalid-value", "colour"),
        ({"overrule": "yes"}, "wrong-type", "overrule"),
    ],
)
def test_what_is_no_order_is_refused_with_field_and_fix(client, name, change, code, field):
    method, path, body = ORDERS[name]
    sent = {key: value for key, value in (body | change).items() if value is not None}
    answer = client.request(
        method, path.format(can="can_x", art="art_x"), content=raw(sent), headers=JSON | {"if-match": "*"}
    )
    told = answer.json()
    assert (answer.status_code, told["code"], told["field"]) == (422, code, field)
    assert told["fix"]


@pytest.mark.parametrize(
    ("name", "change", "code", "field"),
    [
        ("merge", {"others": []}, "invalid-value", "others"),
        ("merge", {"others": "can_x"}, "wrong-type", "others"),
        ("split", {"groups": [[]]}, "invalid-value", "groups"),
        ("split", {"groups": [[7]]}, "wrong-type", "groups"),
        ("pin", {"version": 0}, "invalid-value", "version"),
        ("pin", {"version": "1"}, "wrong-type", "version"),
        ("link", {"kind": "maybe"}, "invalid-value", "kind"),
        ("link", {"canonicals": ["can_x", "can_y"]}, "invalid-value", "articles"),
        ("link", {"articles": ["art_x"]}, "invalid-value", "articles"),
        ("review", {"same_story": "yes"}, "wrong-type", "same_story"),
    ],
)
def test_fields_of_an_order_are_checked(client, name, change, code, field):
    method, path, body = ORDERS[name]
    answer = client.request(
        method,
        path.format(can="can_x", art="art_x"),
        content=raw(body | change),
        headers=JSON | {"if-match": "*"},
    )
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (422, code, field)


@pytest.mark.parametrize("name", ORDERS)
@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"[]", "application/json", 422),
        (b"{", "application/json", 400),
        (b'{"why": "x"}', "text/plain", 415),
        (b'{"why": "' + b"x" * 1_100_000 + b'"}', "application/json", 413),
        (b'{"why": "\\ud800", "a\\u0000": 1}', "application/json", 422),
    ],
)
def test_a_body_that_is_no_order_is_refused(client, name, content, kind, status):
    method, path, _ = ORDERS[name]
    headers = {"content-type": kind, "if-match": "*"}
    answer = client.request(method, path.format(can="can_x", art="art_x"), content=content, headers=headers)
    assert answer.status_code == status


@pytest.mark.parametrize("id_", ["none", "%00", "%F0%9F%90%9F", "x" * 101])
def test_an_id_that_leads_nowhere_is_not_found_or_refused(client, id_):
    for method, path, body in ORDERS.values():
        there = path.format(can=id_, art=id_).replace("aud_x", id_)
        answer = client.request(method, there, content=raw(body), headers=JSON | {"if-match": "*"})
        assert answer.status_code in {404, 422}, (path, answer.text)
    assert client.request("DELETE", f"/v1/links/{id_}?why=x").status_code in {404, 422}
    assert client.get(f"/v1/audit/{id_}").status_code in {404, 422}


def test_of_two_curators_with_the_same_state_one_is_heard(app, story, etag):
    """Real threads, each with a loop of its own, over one application."""
    for _ in range(3):
        can, arts = story()
        state, ready = etag(can), threading.Barrier(2)
        got: list[int] = []

        def curate(group, can=can, state=state, got=got, ready=ready):
            with asyncio.Runner() as own:
                someone = Client(app, own)
                ready.wait()
                answer = someone.post(
                    f"/v1/canonicals/{can}/split",
                    content=raw({"groups": [group], "why": "mine"}),
                    headers=JSON | {"if-match": state},
                )
                got.append(answer.status_code)

        threads = [threading.Thread(target=curate, args=[group]) for group in (arts[:2], arts[3:])]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        assert sorted(got) == [200, 412]


def test_links_of_another_database_come_a_line_at_a_time_and_a_bad_one_sinks_no_other(client, story):
    one, two = story(3), story(2)
    sides = [[{"article_id": each} for each in articles] for _, articles in (one, two)]
    good = {
        "kind": "cannot",
        "sides": sides,
        "why": "Two fires.",
        "by": "ann",
        "link_id": "lnk_x",
        "until": None,
    }
    lines = [
        raw(good),
        b'{"kind": "must"',
        raw(good | {"side": []}),
        raw({"kind": "must", "sides": [[{"article_id": "art_nobody"}, sides[0][0]]]}),
        raw({"kind": "must", "sides": sides[:1]}),
        raw({"kind": "must", "sides": [[sides[0][0], sides[1][0]]]}),
        raw(good | {"until": 7}),
    ]

    def send(query="?why=moved"):
        answer = client.post(f"/v1/links/import{query}", content=b"\n".join(lines), headers=LINES)
        assert answer.status_code == 200, answer.text
        return answer.json()["results"]

    rehearsed = send("?why=moved&dry_run=true")
    assert (rehearsed[0]["outcome"], rehearsed[0]["audit_id"], rehearsed[0]["links"]) == ("said", None, [])
    first = send()
    assert [each["line"] for each in first] == list(range(1, 8))
    assert [each["status"] for each in first] == [200, 400, 422, 404, 200, 409, 200]
    assert [each["outcome"] for each in first] == ["said", None, None, None, "said", None, "ended"]
    assert first[2]["problem"]["fix"] == "Did you mean sides?"
    assert first[5]["problem"]["links"]
    entry = client.get(f"/v1/audit/{first[0]['audit_id']}").json()
    assert (entry["why"], entry["asked"]["said_by"], entry["links_added"]) == (
        "Two fires.",
        "ann",
        first[0]["links"],
    )
    assert client.get(f"/v1/audit/{first[4]['audit_id']}").json()["why"] == "moved"
    again = send()
    assert [each["outcome"] for each in again] == ["known", None, None, None, "known", None, "ended"]
    assert client.post("/v1/links/import", content=raw(good), headers=JSON).status_code == 415
    many = client.post("/v1/links/import", content=b"{}\n" * 1001, headers=LINES)
    assert (many.status_code, many.json()["code"]) == (413, "too-many-items")
