"""Articles in the formats newsrooms have, over HTTP: one straight line, one shape of errors, nothing lost."""

import gzip
import hashlib
import json
import shlex
from pathlib import Path

import pytest

from app.main import create_app
from app.parsing.formats import FORMATS
from app.services.exporting import export_submissions
from app.settings import Settings
from tests.api.conftest import JSON, Client
from tests.parsing.wires import (
    HEADLINE,
    REUTERS_GUID,
    STORY,
    ap_item,
    g2_item,
    ninjs_1,
    ninjs_3,
    nitf,
    reuters,
)

G2 = {"content-type": "application/vnd.iptc.g2.newsmessage+xml"}
XML = {"content-type": "application/xml"}
ONE_ITEM = g2_item(
    content=f"<headline>{HEADLINE}</headline>",
    body='<inlineData contenttype="text/plain">{}</inlineData>'.format("\n\n".join(STORY)),
)


def send(client, body, headers=XML, path="/v1/articles", **query):
    return client.post(path, content=body, headers=headers, params=query)


def only(answer):
    assert answer.status_code == 200, answer.text
    (result,) = answer.json()["results"]
    assert "problem" not in result, result
    return result["article"]


def problem(answer):
    return answer.status_code, answer.json()["code"]


# --------------------------------------------------------------------------------------------- the seam
def test_a_document_of_one_article_is_answered_like_json_and_one_of_several_like_a_batch(client):
    answer = send(client, ONE_ITEM, {"content-type": "application/vnd.iptc.g2.newsitem+xml"})
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/v1/articles/{answer.json()['article_id']}"
    assert send(client, ONE_ITEM, format="newsml-g2").status_code == 200
    assert [each["status"] for each in send(client, reuters(), G2).json()["results"]] == [201]
    assert [
        each["status"] for each in send(client, ONE_ITEM, G2, "/v1/articles/batch").json()["results"]
    ] == [200]


def test_what_came_is_answered_to_the_byte_and_never_shown(client):
    body = nitf(docdata='management-status="usable"').replace(b"coastal.0303", b"coastal.bytes")
    sent = send(client, body, XML | {"content-type": "application/xml; charset=utf-8"}, format="nitf").json()
    path = f"/v1/articles/{sent['article_id']}"
    read = client.get(path).json()
    digest = hashlib.sha256(body).hexdigest()
    kind = "application/xml; charset=utf-8"
    assert read["received"] == {"format": "nitf", "media_type": kind, "bytes": len(body), "sha256": digest}
    assert read["submission"]["title"] == HEADLINE
    assert read["submission"]["metadata"]["nitf"]["docdata"]["urgency"] == {"@ed-urg": "4"}
    got = client.get(f"{path}/versions/1/received")
    assert got.content == body
    assert got.headers["content-type"] == "application/octet-stream"
    assert got.headers["x-content-type-options"] == "nosniff"
    assert got.headers["content-disposition"].startswith("attachment; filename=")
    again = client.get(f"{path}/versions/1/received", headers={"if-none-match": got.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(f"{path}/versions/2/received").status_code == 404


def test_json_of_the_contract_is_what_came(client):
    body = json.dumps({"source": "plain.example", "title": "One", "text": "Text of  one.", "x": 1}).encode()
    sent = client.post("/v1/articles", content=body, headers=JSON).json()
    path = f"/v1/articles/{sent['article_id']}"
    assert client.get(path).json()["received"]["format"] == "json"
    assert client.get(f"{path}/versions/1/received").content == body


def test_the_format_goes_before_content_type_and_unknown_ones_are_told_what_is_read(client):
    assert send(client, ninjs_1(uri="urn:x:1"), JSON, format="ninjs").status_code == 201
    assert send(client, ninjs_1(uri="urn:x:2"), {"content-type": "application/ninjs+json"}).status_code == 201
    for headers, query in (
        (XML, {}),
        ({"content-type": "image/png"}, {}),
        (JSON, {"format": "docx"}),
        ({}, {}),
    ):
        answer = send(client, b"<a/>", headers, **query)
        assert problem(answer) == (415, "unsupported-media-type")
        assert all(name in answer.json()["fix"] for name in ("newsml-g2", "ninjs", "nitf", "ap", "ndjson"))
    assert "which XML" in send(client, b"<a/>").json()["detail"]


def test_the_query_gives_what_the_body_cannot_and_may_not_make_several_one(client):
    answer = send(client, ONE_ITEM, format="newsml-g2", source="query.example", external_id="ours-1")
    read = client.get(f"/v1/articles/{answer.json()['article_id']}").json()
    assert (read["source"], read["external_id"]) == ("query.example", "urn:newsml:desk.example:20260303:1")
    for path in ("/v1/articles", "/v1/articles/batch", "/v1/check"):
        refused = send(client, reuters(), G2, path, external_id="one")
        assert problem(refused) == (422, "invalid-parameter")
        assert refused.json()["field"] == "external_id"
    assert problem(send(client, b"{}", JSON, source="x")) == (422, "invalid-parameter")
    assert problem(send(client, reuters(), G2, published_at="yesterday")) == (422, "bad-date")
    assert problem(send(client, reuters(), G2, language="x" * 101)) == (422, "invalid-value")


@pytest.mark.parametrize("path", ["/v1/articles", "/v1/check", "/v1/articles/batch"])
def test_gzip_is_unpacked_for_every_format(client, path):
    body = gzip.compress(reuters(guid="urn:gzip:1"))
    article = only(send(client, body, G2 | {"content-encoding": "gzip"}, path))
    assert article["decision"]


def test_a_key_repeats_the_answer_and_knows_another_reading_of_the_same_bytes(client):
    headers = G2 | {"idempotency-key": "formats-1"}
    body = reuters(guid="urn:once:1")
    for path in ("/v1/articles", "/v1/articles/batch"):
        keyed = headers | {"idempotency-key": f"formats{path}"}
        first = send(client, body, keyed, path, source="a.example")
        again = send(client, body, keyed, path, source="a.example")
        assert (again.json(), again.headers["idempotent-replayed"]) == (first.json(), "true")
        assert problem(send(client, body, keyed, path, source="b.example")) == (422, "idempotency-key-reused")


def test_checking_stores_nothing_whatever_the_format(client):
    answer = send(
        client,
        g2_item(guid="urn:check:1", content="<headline>Alert of the pier</headline>"),
        path="/v1/check",
        format="newsml-g2",
    )
    assert (answer.status_code, answer.json()["text"]) == (200, "Alert of the pier")
    several = send(
        client, b"[" + ninjs_1(uri="urn:check:2") + b", 7]", JSON, "/v1/check", format="ninjs"
    ).json()
    assert [each["status"] for each in several["results"]] == [200, 422]
    assert (
        client.get("/v1/canonicals", params={"source": "Desk Example", "external_id": "urn:check:1"}).json()[
            "canonicals"
        ]
        == []
    )


def test_ninjs_comes_in_lines_and_in_arrays_and_one_bad_item_sinks_none(client):
    items = [ninjs_1(uri="urn:many:1"), ninjs_1(uri="urn:many:2", pubstatus="no"), ninjs_3(uri="urn:many:3")]
    lines = send(
        client,
        b"\n".join(items),
        {"content-type": "application/x-ndjson"},
        "/v1/articles/batch",
        format="ninjs",
    )
    assert [each["status"] for each in lines.json()["results"]] == [201, 422, 201]
    array = send(client, b"[" + b",".join(items) + b"]", JSON, "/v1/articles/batch", format="ninjs")
    assert [each["status"] for each in array.json()["results"]] == [200, 422, 200]
    for place, number in ((0, 1), (2, 3)):
        sent = array.json()["results"][place]["article"]
        got = client.get(f"/v1/articles/{sent['article_id']}/versions/1/received")
        assert got.content == items[number - 1]


def test_a_feed_page_of_ap_is_a_batch_and_says_what_was_withheld(client):
    page = {"data": {"items": [{"item": ap_item()}, {"item": ap_item(altids={"itemid": "w"}, signals=[])}]}}
    results = send(client, json.dumps(page).encode(), JSON, format="ap").json()["results"]
    read = [client.get(f"/v1/articles/{each['article']['article_id']}").json()["status"] for each in results]
    assert read == ["usable", "withheld"]


@pytest.mark.parametrize("path", ["/v1/articles", "/v1/check", "/v1/articles/batch"])
def test_a_document_without_an_article_is_accepted_and_skipped(client, path):
    before = client.get("/v1/changes?limit=1000").json()["changes"]
    answer = send(client, g2_item(item_class="ninat:picture"), path=path, format="newsml-g2")
    assert answer.status_code == 200
    (result,) = answer.json()["results"]
    assert (result["status"], result["skipped"]["code"]) == (200, "no-article")
    assert "picture" in result["skipped"]["detail"]
    assert client.get("/v1/changes?limit=1000").json()["changes"] == before


def test_a_kill_that_says_nothing_else_takes_back_its_article_and_no_other(client):
    bare = [
        json.dumps({"uri": f"urn:bare:{each}", "pubstatus": "canceled"}).encode()
        for each in ("known", "first", "second")
    ]
    known = send(client, ninjs_1(uri="urn:bare:known"), JSON, format="ninjs", source="bare.example").json()
    kills = [send(client, each, JSON, format="ninjs", source="bare.example").json() for each in bare]
    assert kills[0]["article_id"] == known["article_id"]
    assert client.get(f"/v1/articles/{known['article_id']}").json()["status"] == "canceled"
    assert len({each["canonical_id"] for each in kills}) == 3


def test_bodies_that_cannot_be_read_are_problems_of_their_own(client):
    assert problem(send(client, b"<a><b></a>", format="nitf")) == (400, "malformed-xml")
    assert problem(send(client, b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', format="nitf")) == (
        400,
        "malformed-xml",
    )
    results = send(client, b"<a><b></a>", XML, "/v1/articles/batch", format="nitf").json()["results"]
    assert [each["problem"]["code"] for each in results] == ["malformed-xml"]
    malformed = send(
        client,
        b'{"uri":"urn:a:1"}\n{"uri": ]',
        {"content-type": "application/x-ndjson"},
        "/v1/articles/batch",
        format="ninjs",
    )
    assert malformed.json()["results"][1]["problem"]["position"] == 26


def test_a_declared_latin_1_is_honoured_and_a_charset_of_the_header_goes_first(client):
    declared = '<?xml version="1.0" encoding="iso-8859-1"?>'
    text = (
        nitf(declared=declared)
        .decode()
        .replace("Tuesday", "Tüesday")
        .replace("coastal.0303", "coastal.latin")
    )
    sent = send(client, text.encode("iso-8859-1"), format="nitf", external_id="x").json()
    assert "Tüesday" in client.get(f"/v1/articles/{sent['article_id']}").json()["text"]
    other = text.replace("coastal.latin", "coastal.utf")
    sent = send(client, other.encode(), {"content-type": "application/nitf+xml; charset=utf-8"}).json()
    assert "Tüesday" in client.get(f"/v1/articles/{sent['article_id']}").json()["text"]


# -------------------------------------------------------------------- versions, corrections and kills
@pytest.fixture
def desk(store_url, runner):
    """An application over each of the databases, with nothing in it."""
    app = create_app(Settings(database_url=store_url, log_level="error"))
    yield Client(app, runner)
    app.state.edge.queue.close()
    app.state.edge.ctx.store.close()


def copied(client):
    """Another outlet's copy of the story."""
    body = json.dumps({"source": "gazette.example", "title": HEADLINE, "text": "\n\n".join(STORY)}).encode()
    return client.post("/v1/articles", content=body, headers=JSON).json()


def test_two_versions_of_a_wire_story_are_one_article_and_its_copy_is_in_its_story(desk):
    first = only(send(desk, reuters(version=1), G2))
    copy = copied(desk)
    assert (copy["decision"]["relation"], copy["canonical_id"]) == ("copy", first["canonical_id"])
    longer = (*STORY, "Tickets for the first boat go on sale in April, the authority said on its site.")
    second = only(send(desk, reuters(longer, version=2, signal="edStat:U"), G2))
    assert (second["article_id"], second["version"], second["canonical_id"]) == (
        first["article_id"],
        2,
        first["canonical_id"],
    )
    assert (second["decision"]["relation"], second["decision"]["revision_kind"]) == ("revision", "update")
    late = only(send(desk, reuters(version=1), G2))
    assert late["version"] == 1
    read = desk.get(f"/v1/articles/{first['article_id']}").json()
    assert (read["version"], read["declared"], read["agency"]) == (2, "2", "Reuters")
    assert desk.get(f"/v1/articles/{first['article_id']}/versions/1/received").content in reuters(version=1)


CORRECTED = tuple(each.replace("3,700", "3,070") for each in STORY)


@pytest.mark.parametrize(
    ("first", "headers", "corrected", "killed", "query"),
    [
        (
            reuters(version=1),
            G2,
            reuters(CORRECTED, version=2, signal="sig:correction", created="2026-03-03T11:00:00Z"),
            reuters(
                (), version=3, status="canceled", note="The story was wrong.", created="2026-03-03T12:00:00Z"
            ),
            {},
        ),
        (
            ninjs_1(),
            JSON,
            ninjs_1(
                version="2",
                body_html="".join(f"<p>{each}</p>" for each in CORRECTED),
                signal=[{"code": "correction"}],
                ednote="",
            ),
            ninjs_1(
                version="3", body_html="", body_text="", pubstatus="canceled", ednote="The story was wrong."
            ),
            {"format": "ninjs"},
        ),
        (
            json.dumps(ap_item(version=0, editorialtypes=[], ednote="")).encode(),
            JSON,
            json.dumps(
                ap_item(
                    version=1,
                    editorialtypes=["Correction"],
                    ednote="",
                    body_nitf="".join(f"<p>{each}</p>" for each in CORRECTED),
                )
            ).encode(),
            json.dumps(
                ap_item(version=2, pubstatus="canceled", body_nitf=None, ednote="Kill the story.")
            ).encode(),
            {"format": "ap"},
        ),
    ],
    ids=["newsml-g2", "ninjs", "ap"],
)
def test_a_correction_and_a_kill_reach_the_article_and_its_story(
    desk, first, headers, corrected, killed, query
):
    def post(body):
        answer = send(desk, body, headers, **query).json()
        return answer["results"][0]["article"] if "results" in answer else answer

    original = post(first)
    copy = copied(desk)
    assert copy["canonical_id"] == original["canonical_id"]
    correction = post(corrected)
    assert (correction["article_id"], correction["version"]) == (original["article_id"], 2)
    assert (correction["decision"]["relation"], correction["decision"]["revision_kind"]) == (
        "revision",
        "correction",
    )
    kill = post(killed)
    assert (kill["article_id"], kill["version"]) == (original["article_id"], 3)
    assert (kill["decision"]["relation"], kill["decision"]["revision_kind"]) == ("revision", "withdrawal")
    read = desk.get(f"/v1/articles/{original['article_id']}").json()
    assert (read["status"], read["canonical_id"]) == ("canceled", original["canonical_id"])
    canonical = desk.get(f"/v1/canonicals/{original['canonical_id']}").json()
    assert canonical["canonical"] is None or canonical["canonical"]["article_id"] != original["article_id"]
    types = [each["type"] for each in desk.get("/v1/changes").json()["changes"]]
    assert {"story.corrected", "story.withdrawn"} <= set(types)


def test_a_withheld_version_is_one_of_its_article_whatever_its_text_has_become(desk):
    original = only(send(desk, reuters(version=1), G2))
    held = only(
        send(
            desk,
            reuters(("Hold this story for legal reasons.",), version=2, status="withheld", headline="HOLD"),
            G2,
        )
    )
    assert (held["article_id"], held["version"]) == (original["article_id"], 2)
    assert desk.get(f"/v1/articles/{original['article_id']}").json()["status"] == "withheld"


def test_an_export_taken_in_again_makes_the_same_articles(desk, tmp_path):
    for version in (1, 2):
        send(desk, reuters((*STORY[: version + 2],), version=version), G2)
    send(desk, ninjs_3(embargoedUntil="2026-03-03T10:00:00Z"), JSON, format="ninjs")
    lines = list(export_submissions(desk.app.state.edge.ctx))
    assert [json.loads(line)["external_id"] for line in lines] == [
        REUTERS_GUID,
        REUTERS_GUID,
        "urn:desk.example:pier-3",
    ]
    again = desk.post(
        "/v1/articles/batch", content=b"\n".join(lines), headers={"content-type": "application/x-ndjson"}
    )
    assert [each["status"] for each in again.json()["results"]] == [200, 200, 200]


# ------------------------------------------------------------------------------------- documentation
def test_the_examples_of_the_documentation_are_taken_as_they_are_printed(client):
    page = (Path(__file__).resolve().parents[2] / "docs" / "formats.md").read_text("utf-8")
    words = shlex.split(page.partition("```sh\n")[2].partition("```")[0])
    starts = [place for place, word in enumerate(words) if word == "curl"]
    statuses = []
    for start in starts:
        _, _, address, option, body = words[start : start + 5]
        assert option == "--data-binary"
        headers = {"content-type": "application/x-www-form-urlencoded"}
        statuses.append(client.post(address, content=body.encode(), headers=headers).status_code)
    assert statuses == [201, 201, 200]


def test_every_format_and_its_media_types_are_documented():
    page = (Path(__file__).resolve().parents[2] / "docs" / "formats.md").read_text("utf-8")
    table = [line for line in page.splitlines() if line.startswith("| `")]
    for each in FORMATS.values():
        (row,) = [line for line in table if line.startswith(f"| `{each.name}` |")]
        assert all(kind.rpartition(".")[2] in row for kind in each.media_types)
