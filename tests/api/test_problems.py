import gzip
import re
from pathlib import Path

import pytest

from app.api import batching
from app.api.problems import Internal, all_errors, problem_of
from app.errors import MalformedJson, Overloaded, WirefoldError
from tests.api.conftest import JSON, article, raw

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "errors.md"


def code_of(answer):
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == answer.status_code
    return answer.status_code, problem["code"]


def test_every_code_has_a_section_and_every_section_a_code():
    sections = re.findall(r"^## (.+)$", DOCUMENT.read_text("utf-8"), re.MULTILINE)
    assert sorted(sections) == sorted({error.code for error in all_errors()})
    statuses = dict(re.findall(r"^## (.+)\n\n(\d{3})\.", DOCUMENT.read_text("utf-8"), re.MULTILINE))
    assert statuses == {error.code: str(error.status) for error in all_errors()}


def test_every_failure_says_what_can_be_done():
    for error in all_errors():
        told = error("detail", position=0) if error is MalformedJson else error("detail")
        assert problem_of(told)["fix"], error
        assert error is Internal or told.fix != WirefoldError.remedy, error


def test_no_two_failures_share_a_code_unless_they_share_a_status():
    codes = [error.code for error in all_errors()]
    assert sorted(codes) == sorted(set(codes))


def test_a_problem_leads_to_its_section(client):
    problem = client.get("/nowhere").json()
    page, _, section = problem["type"].partition("#")
    answer = client.get(page)
    assert answer.headers["content-type"].startswith("text/markdown")
    assert f"\n## {section}\n" in answer.text


@pytest.mark.parametrize(
    ("body", "position"),
    [
        (b'{"source": "a", "text": "b"', 27),
        (b'{"source": "a", "text": tru}', 24),
        (b"{'source': 1}", 1),
        (b'{"source": "\xff"}', 12),
        (b'{"source": "a", "text": NaN}', 24),
        (b'{"source": "NaN -Infinity", "text": -Infinity}', 36),
        (b'{"source": "a", "version": ' + b"7" * 5000 + b"}", 27),
        (b"", 0),
        (b"[1", 2),
    ],
)
def test_malformed_json_is_told_at_its_byte(client, body, position):
    answer = client.post("/v1/articles", content=body, headers=JSON)
    assert code_of(answer) == (400, "malformed-json")
    assert answer.json()["position"] == position
    assert answer.json()["detail"].endswith(f" at byte {position}.")
    assert answer.json()["fix"]


def test_one_name_twice_is_refused(client):
    answer = client.post("/v1/articles", content=b'{"source":"a","text":"b","text":"c"}', headers=JSON)
    assert code_of(answer) == (422, "duplicate-key")


@pytest.mark.parametrize("deep", [b'{"a":' * 40 + b"1" + b"}" * 40, b"[" * 100_000 + b"]" * 100_000])
def test_deep_nesting_is_refused(client, deep):
    body = b'{"source":"a","text":"b","metadata":' + deep + b"}"
    assert code_of(client.post("/v1/articles", content=body, headers=JSON)) == (422, "too-deep")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"content-type": "image/png"},
        {"content-type": "application/x-www-form-urlencoded"},
        {"content-type": "application/json; charset=utf-16"},
        {"content-type": "application/x-ndjson"},
        JSON | {"content-encoding": "br"},
        JSON | {"content-encoding": "gzip, gzip"},
    ],
)
def test_other_media_types_and_encodings_are_refused(client, headers):
    answer = client.post("/v1/articles", content=raw(article(1)), headers=headers)
    assert code_of(answer) == (415, "unsupported-media-type")


@pytest.mark.parametrize(
    "kind", ["application/json; charset=UTF-8", "application/ld+json", "Application/JSON"]
)
def test_json_by_its_other_names_is_read(client, kind):
    answer = client.post("/v1/check", content=raw(article(1)), headers={"content-type": kind})
    assert answer.status_code == 200


@pytest.mark.parametrize("declared", ["5", "999999", "-1", "x", "1e3"])
def test_a_content_length_that_lies_is_refused(client, declared):
    answer = client.post("/v1/articles", content=raw(article(1)), headers=JSON | {"content-length": declared})
    assert code_of(answer) == (400, "broken-body")


def test_a_body_that_says_it_is_too_large_is_not_read(client):
    answer = client.post("/v1/articles", content=b"{}", headers=JSON | {"content-length": str(10**12)})
    assert code_of(answer) == (413, "too-large")


def test_a_truncated_gzip_is_refused(client):
    body = gzip.compress(raw(article(1)))[:-9]
    answer = client.post("/v1/articles", content=body, headers=JSON | {"content-encoding": "gzip"})
    assert code_of(answer) == (400, "broken-body")


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/"), ("GET", "/v1"), ("POST", "/v1/nothing"), ("GET", "/v1/articles/")]
)
def test_unknown_addresses(client, method, path):
    assert code_of(client.request(method, path))[0] in {404, 405}


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/v1/links", "GET, HEAD, POST"),
        ("/v1/articles/art_x", "GET, HEAD, DELETE"),
        ("/v1/canonicals/can_x/pin", "PUT, DELETE"),
        ("/v1/check", "POST"),
    ],
)
def test_a_wrong_method_is_answered_with_all_that_the_address_takes(client, path, allowed):
    answer = client.request("PATCH", path)
    assert (answer.status_code, answer.headers["allow"]) == (405, allowed)


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("GET", "/v1/articles", "POST"),
        ("DELETE", "/v1/changes", "GET, HEAD"),
        ("PUT", "/healthz", "GET, HEAD"),
    ],
)
def test_a_method_that_is_not_taken_says_which_is(client, method, path, allow):
    answer = client.request(method, path)
    assert code_of(answer) == (405, "method-not-allowed")
    assert answer.headers["allow"] == allow
    assert allow in answer.json()["fix"]


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/v1/changes?cursor=x", "cursor"),
        ("/v1/changes?cursor=-1", "cursor"),
        ("/v1/changes?cursor=99999999999999999999", "cursor"),
        ("/v1/changes?limit=0", "limit"),
        ("/v1/canonicals?limit=501", "limit"),
        ("/v1/canonicals?relation=twin", "relation"),
        ("/v1/canonicals?external_id=7", "source"),
        ("/v1/canonicals?min_members=0", "min_members"),
        ("/v1/articles/a/versions/0", "number"),
    ],
)
def test_a_bad_parameter_is_named(client, path, field):
    answer = client.get(path)
    assert code_of(answer) == (422, "invalid-parameter")
    assert answer.json()["field"] == field


@pytest.mark.parametrize(
    ("method", "path", "field", "fix"),
    [
        ("GET", "/v1/changes?cusor=5", "cusor", "Did you mean cursor?"),
        ("HEAD", "/v1/changes?cusor=5", None, None),
        ("GET", "/v1/canonicals?limit=5&min_member=2", "min_member", "Did you mean min_members?"),
        ("GET", "/v1/canonicals/can_x?asof=1", "asof", "Did you mean as_of?"),
        (
            "GET",
            "/v1/stale?copy=1",
            "copy",
            "Leave it out; there are canonical, cursor, limit, reason, since",
        ),
        ("GET", "/healthz?x=1", "x", "Leave it out; there are none."),
        ("GET", "/docs/errors.md?x=1", "x", "Leave it out; there are none."),
        ("POST", "/v1/articles?sorce=a", "sorce", "Did you mean source?"),
        ("POST", "/v1/links?dryrun=true", "dryrun", "Did you mean dry_run?"),
        ("DELETE", "/v1/links/lnk_x?why=x&dry_run=1&Why=y", "Why", "Did you mean why?"),
        ("GET", "/v1/changes?" + "%F0%9F%90%88" * 200, "\U0001f408" * 100, "Leave it out; there are"),
        ("GET", "/v1/changes?=1", "", "Leave it out; there are"),
    ],
)
def test_a_parameter_that_is_not_known_is_named_with_the_one_that_is_near(client, method, path, field, fix):
    answer = client.request(method, path)
    assert answer.status_code == 422
    if field is not None:
        assert code_of(answer) == (422, "invalid-parameter")
        assert answer.json()["field"] == field
        assert answer.json()["fix"].startswith(fix)


def test_a_parameter_that_stands_twice_is_refused_where_one_value_is_taken(client):
    answer = client.get("/v1/changes?cursor=0&cursor=5")
    assert code_of(answer) == (422, "invalid-parameter")
    assert answer.json()["field"] == "cursor"
    assert client.get("/v1/changes?type=canonical.created&type=canonical.merged").status_code == 200


def test_every_parameter_that_is_described_is_known(client):
    document = client.get("/openapi.json").json()
    for path, item in document["paths"].items():
        for method, operation in item.items():
            names = [each["name"] for each in operation.get("parameters", ()) if each["in"] == "query"]
            query = "&".join(f"{name}=%F0%9F%90%88" for name in names)
            answer = client.request(method.upper(), f"{path.replace('{', '').replace('}', '')}?{query}")
            assert "There is no parameter" not in answer.text


def test_a_member_that_is_not_known_is_named_with_the_one_that_is_near(client):
    answer = client.post(
        "/v1/webhooks", content=raw({"url": "https://a.example/", "sourcs": []}), headers=JSON
    )
    assert code_of(answer) == (422, "invalid-value")
    assert (answer.json()["field"], answer.json()["fix"]) == ("sourcs", "Did you mean sources?")
    body = {"kind": "must", "article": ["a", "b"], "why": "x"}
    answer = client.post("/v1/links", content=raw(body), headers=JSON)
    assert (answer.json()["field"], answer.json()["fix"]) == ("article", "Did you mean articles?")


def test_a_bad_date_in_a_filter_is_named(client):
    answer = client.get("/v1/canonicals?since=soon")
    assert code_of(answer) == (422, "bad-date")
    assert answer.json()["field"] == "since"


@pytest.mark.parametrize("bound", ["since=9999-12-31", "until=0001-01-01"])
def test_a_bound_in_a_year_that_stands_for_unknown_is_refused_and_not_left_out(client, bound):
    answer = client.get(f"/v1/canonicals?{bound}")
    assert code_of(answer) == (422, "bad-date")
    assert answer.json()["field"] == bound.partition("=")[0]
    assert "1600" in answer.json()["fix"]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [("req-1.2:3/4", True), ("a b", False), ("x" * 129, False), ("<script>", False), ("", False)],
)
def test_a_request_id_is_taken_over_where_it_is_safe_to_log(client, sent, kept):
    answer = client.get("/healthz", headers={"x-request-id": sent})
    assert (answer.headers["x-request-id"] == sent) is kept
    assert len(answer.headers["x-request-id"]) >= 11


def test_a_failure_nobody_foresaw_is_a_problem_and_gives_nothing_away(app, client, monkeypatch):
    def fail(submissions, **_options):
        raise RuntimeError("secret detail")

    monkeypatch.setattr(app.state.edge.queue, "submit", fail)
    answer = client.post("/v1/articles", content=raw(article(1)), headers=JSON)
    assert code_of(answer) == (500, "internal")
    assert "secret" not in answer.text


def beside(client, large, *requests):
    """Send a large body, and requests while it is being sent; all answers, the large body's first."""
    answers = []

    async def slowly():
        yield large[:-10]
        answers.extend([await client._http.post(path, content=body, headers=JSON) for path, body in requests])
        yield large[-10:]

    return [client.post("/v1/check", content=slowly(), headers=JSON), *answers]


def test_large_bodies_that_come_at_once_are_bounded_together_and_usual_ones_pass_beside_them(
    app, client, monkeypatch
):
    room = app.state.edge.room
    monkeypatch.setattr(room, "most", 300_000)
    large = raw({"metadata": "x" * 400_000})
    first, second, usual = beside(
        client,
        large,
        ("/v1/check", large),
        ("/v1/articles", raw(article(2) | {"metadata": {"x": "y" * 9000}})),
    )
    assert first.status_code == 422  # in itself it would have been heard
    assert (second.status_code, second.json()["code"]) == (503, "overloaded")
    assert second.headers["retry-after"] == "2"
    assert usual.status_code == 201
    assert room.held == 0


def test_a_batch_that_finds_no_room_for_its_bytes_ends_there_and_keeps_what_came_before(
    app, client, monkeypatch
):
    monkeypatch.setattr(app.state.edge.room, "most", 300_000)
    monkeypatch.setattr(batching, "PATIENCE_S", 0)
    large = raw({"metadata": "x" * 400_000})

    async def batch():
        yield raw([article(3)])[:-1] + b","
        yield large + b"]"

    _, answer = beside(client, large, ("/v1/articles/batch", batch()))
    stored, refused = answer.json()["results"]
    assert (stored["status"], refused["status"], refused["problem"]["code"]) == (201, 503, "overloaded")
    assert app.state.edge.room.held == 0


def test_a_full_queue_says_when_to_come_back(app, client, monkeypatch):
    def refuse(submissions, **_options):
        raise Overloaded("Too many are waiting.", retry_after_s=1)

    monkeypatch.setattr(app.state.edge.queue, "submit", refuse)
    answer = client.post("/v1/articles", content=raw(article(1)), headers=JSON)
    assert code_of(answer) == (503, "overloaded")
    assert answer.headers["retry-after"] == "1"
