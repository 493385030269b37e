import json

import pytest

from tests.api.conftest import JSON, article, raw


def post(client, value, **headers):
    return client.post("/v1/articles", content=raw(value), headers=JSON | headers)


def test_a_new_article_is_created_and_its_replay_is_not(client):
    sent = article(1, external_id="one")
    first, again = post(client, sent), post(client, sent)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["decision"]["relation"] == "new"
    assert again.json() == first.json()
    assert first.headers["location"] == f"/v1/articles/{first.json()['article_id']}"
    assert "location" not in again.headers


def test_an_article_is_read_as_it_was_sent(client):
    sent = article(
        2, external_id="two", url="https://gazette.example/2", headline_colour="red", metadata={"desk": [1]}
    )
    answer = post(client, sent).json()
    read = client.get(f"/v1/articles/{answer['article_id']}").json()
    assert read["submission"] == sent
    assert read["text"] == sent["text"]
    assert read["canonical_id"] == answer["canonical_id"]
    assert read["is_canonical"] is True
    assert read["relation"] is None
    assert read["decision"] == answer["decision"]
    assert [version["version"] for version in read["versions"]] == [1]


def test_a_changed_text_is_a_new_version_and_both_can_be_read(client):
    first = article(3, external_id="three")
    second = first | {"text": f"{first['text']}\n\nThe chair declined to comment afterwards."}
    post(client, first)
    answer = post(client, second)
    assert answer.status_code == 201
    assert answer.json()["version"] == 2
    path = f"/v1/articles/{answer.json()['article_id']}"
    assert client.get(f"{path}/versions/1").json()["text"] == first["text"]
    assert client.get(f"{path}/versions/2").json()["is_current"] is True
    assert client.get(path).json()["text"] == second["text"]
    missing = client.get(f"{path}/versions/3")
    assert (missing.status_code, missing.json()["code"]) == (404, "not-found")


def test_the_same_text_elsewhere_joins_its_story(client):
    first = post(client, article(4)).json()
    copy = post(client, article(4, source="mirror.example", url="https://mirror.example/4")).json()
    assert copy["canonical_id"] == first["canonical_id"]
    assert copy["decision"]["relation"] == "copy"
    assert copy["decision"]["matched_article_id"] == first["article_id"]
    read = client.get(f"/v1/articles/{first['article_id']}").json()
    other = client.get(f"/v1/articles/{copy['article_id']}").json()
    assert {read["is_canonical"], other["is_canonical"]} == {True, False}
    assert next(r for r in (read, other) if not r["is_canonical"])["relation"]["relation"] == "copy"


def test_a_check_answers_and_stores_nothing(client):
    before = client.get("/v1/changes?limit=1000").json()["next"]
    answer = client.post("/v1/check", content=raw(article(5)), headers=JSON)
    assert answer.status_code == 200
    assert answer.json()["decision"]["relation"] == "new"
    assert answer.json()["text"] == article(5)["text"]
    after = client.get(f"/v1/changes?cursor={before}").json()
    assert after == {"changes": [], "next": before}


@pytest.mark.parametrize(
    "odd",
    [
        "NUL \x00 inside",
        "half a pair \ud83d of an emoji",
        "\u202eright to left\u202c and \u2066isolated\u2069",
        "CRLF\r\nand a tab\t",
        "\U0001f30d outside the plane",
        "\ufeffa mark at the start",
    ],
)
def test_odd_characters_come_back_as_they_were_sent(client, odd):
    number = sum(map(ord, odd))
    sent = article(number, external_id=f"odd-{number}\x00\ud800", title=odd, byline=odd)
    sent["text"] = f"{odd} {sent['text']} {odd}"
    answer = post(client, sent)
    assert answer.status_code == 201
    read = client.get(f"/v1/articles/{answer.json()['article_id']}")
    assert read.json()["text"] == sent["text"]
    assert read.json()["title"] == odd
    assert read.json()["submission"] == sent
    story = client.get(f"/v1/canonicals/{answer.json()['canonical_id']}")
    assert story.json()["canonical"]["title"] == odd


def test_a_byte_order_mark_does_not_come_back_within_the_answer(client):
    sent = raw(article(30, external_id="marked"))
    body = b"\xef\xbb\xbf" + sent
    posted = client.post("/v1/articles", content=body, headers=JSON).json()
    read = client.get(f"/v1/articles/{posted['article_id']}").json()
    assert read["submission"] == json.loads(sent)
    assert read["received"]["bytes"] == len(sent)


def test_offsets_count_code_points(client):
    headline = "\U0001f30d Pier to reopen in May after long repairs, harbour says"
    text = f"{headline}\n\n{headline}\n\n{article(6)['text']}"
    answer = post(client, article(6, title=headline, text=text, external_id="offsets")).json()
    spans = [repeat["removed"] for repeat in answer["repeats"]]
    assert any(text[span["start"] : span["end"]].strip() in headline for span in spans)
    read = client.get(f"/v1/articles/{answer['article_id']}").json()
    assert read["clean_text"].count("Pier to reopen") == 1


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"source": None}, "missing-field", "source"),
        ({"source": ""}, "missing-field", "source"),
        ({"source": " \t"}, "invalid-value", "source"),
        ({"source": 7}, "wrong-type", "source"),
        ({"source": "x" * 501}, "invalid-value", "source"),
        ({"text": None}, "missing-field", "text"),
        ({"text": ""}, "empty-text", "text"),
        ({"text": " \n\u200b\u00a0"}, "empty-text", "text"),
        ({"text": ["a"]}, "wrong-type", "text"),
        ({"text": None, "html": "<p> </p>"}, "empty-text", "html"),
        ({"title": {"en": "x"}}, "wrong-type", "title"),
        ({"title": "x" * 10_001}, "invalid-value", "title"),
        ({"external_id": True}, "wrong-type", "external_id"),
        ({"external_id": 1.5}, "wrong-type", "external_id"),
        ({"metadata": "x"}, "wrong-type", "metadata"),
        ({"status": "draft"}, "invalid-value", "status"),
        ({"published_at": "last Tuesday"}, "bad-date", "published_at"),
        ({"published_at": 1663675200}, "wrong-type", "published_at"),
        ({"updated_at": "2022-02-30"}, "bad-date", "updated_at"),
        ({"embargoed_until": "never"}, "bad-date", "embargoed_until"),
    ],
)
def test_a_refusal_names_the_field_and_the_fix(client, fields, code, field):
    answer = post(client, article(7, **fields))
    problem = answer.json()
    assert answer.status_code == problem["status"] == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert (problem["code"], problem["field"]) == (code, field)
    assert problem["type"] == f"/docs/errors.md#{code}"
    assert problem["fix"]
    assert problem["request_id"] == answer.headers["x-request-id"]


@pytest.mark.parametrize("sent", [[], "text", 7, None, [{"source": "a"}]])
def test_a_submission_is_an_object(client, sent):
    assert post(client, sent).json()["code"] == "wrong-type"


@pytest.mark.parametrize(
    ("moment", "read"),
    [
        ("2022-09-20T14:00:00+02:00", "2022-09-20T12:00:00Z"),
        ("Tue, 20 Sep 2022 12:00:00 GMT", "2022-09-20T12:00:00Z"),
        ("0001-01-01T00:00:00Z", None),
        ("9999-12-31T23:59:59Z", None),
        ("", None),
        (None, None),
    ],
)
def test_dates_are_read_and_placeholders_are_unknown(client, moment, read):
    answer = post(client, article(8, external_id=f"date {moment}", published_at=moment)).json()
    assert client.get(f"/v1/articles/{answer['article_id']}").json()["published_at"] == read


def test_an_embargo_without_end_is_kept(client):
    answer = post(client, article(9, external_id="embargo", embargoed_until="9999-12-31T23:59:59Z")).json()
    read = client.get(f"/v1/articles/{answer['article_id']}").json()
    assert read["embargoed_until"] == "9999-12-31T23:59:59Z"


def test_numbers_may_stand_for_ids_and_versions(client):
    answer = post(client, article(10, external_id=4711, version=2)).json()
    read = client.get(f"/v1/articles/{answer['article_id']}").json()
    assert (read["external_id"], read["declared"]) == ("4711", "2")
    assert read["submission"]["external_id"] == 4711


def test_html_is_read_and_its_text_is_what_offsets_count_into(client):
    html = (
        "<h1>Minutes of eleven</h1><p>The eleventh committee met.</p><p>It published its minutes at once.</p>"
    )
    answer = post(client, {"source": "gazette.example", "html": html, "external_id": "html"}).json()
    read = client.get(f"/v1/articles/{answer['article_id']}").json()
    assert read["title"] == "Minutes of eleven"
    assert read["text"].endswith("The eleventh committee met.\n\nIt published its minutes at once.")
    assert read["submission"]["html"] == html


@pytest.mark.slow
def test_a_text_of_ten_million_bytes_is_taken_and_a_larger_one_refused(client):
    line = "A line of the very long register, number {}.\n"
    text = "".join(line.format(n) for n in range(250_000))[:10_000_000]
    assert post(client, article(11, text=text, external_id="large")).status_code == 201
    refused = post(client, article(11, text="é" * 5_300_000))
    assert (refused.status_code, refused.json()["code"], refused.json()["field"]) == (
        413,
        "too-large",
        "text",
    )


@pytest.mark.slow
def test_two_hundred_thousand_paragraphs_are_taken(client):
    text = "\n\n".join(f"Paragraph {n}." for n in range(200_000))
    assert post(client, article(12, text=text, external_id="paragraphs")).status_code == 201


@pytest.mark.parametrize(
    "path",
    [
        "articles/art_0",
        "articles/\u202e",
        "canonicals/can_0",
        "canonicals/can_0/members",
        "articles/art_0/versions/1",
    ],
)
def test_unknown_ids_are_not_found(client, path):
    answer = client.get(f"/v1/{path}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


def test_an_unchanged_article_need_not_be_sent_again(client):
    answer = post(client, article(13, external_id="etag")).json()
    path = f"/v1/articles/{answer['article_id']}"
    tag = client.get(path).headers["etag"]
    assert tag.startswith('"')
    for field in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        unchanged = client.get(path, headers={"if-none-match": field})
        assert (unchanged.status_code, unchanged.content, unchanged.headers["etag"]) == (304, b"", tag)
    post(client, article(13, external_id="etag", version="2"))
    assert client.get(path, headers={"if-none-match": tag}).status_code == 200


def test_head_answers_like_get_without_the_body(client):
    answer = post(client, article(15, external_id="head")).json()
    for path in (
        f"/v1/articles/{answer['article_id']}",
        f"/v1/articles/{answer['article_id']}/versions/1",
        f"/v1/canonicals/{answer['canonical_id']}",
        "/v1/canonicals?source=gazette.example&external_id=head",
        "/healthz",
        "/v1/articles/art_0",
        "/openapi.json",
    ):
        get, head = client.get(path), client.request("HEAD", path)
        assert (head.status_code, head.content) == (get.status_code, b"")
        for name in ("content-length", "content-type", "etag"):
            if name != "content-length" or get.status_code == 200:  # a problem has its request's own ID
                assert head.headers.get(name) == get.headers.get(name)
    tag = client.get(f"/v1/articles/{answer['article_id']}").headers["etag"]
    unchanged = client.request("HEAD", f"/v1/articles/{answer['article_id']}", headers={"if-none-match": tag})
    assert unchanged.status_code == 304
    assert client.request("HEAD", "/v1/check").status_code == 405


def test_an_answer_with_a_lone_surrogate_is_json(client):
    answer = post(client, article(14, external_id="\ud800", title="Half \udc00"))
    read = client.get(f"/v1/articles/{answer.json()['article_id']}")
    assert json.loads(read.content)["title"] == "Half \udc00"


@pytest.mark.parametrize("why", ["", "?why=", "?why=%20%09"])
def test_nothing_is_deleted_without_a_reason(client, why):
    told = client.post("/v1/articles", content=raw(article(90)), headers=JSON).json()
    path = f"/v1/articles/{told['article_id']}"
    assert client.request("DELETE", f"{path}{why}").status_code == 422
    assert client.get(path).status_code == 200
