"""Feeds over HTTP, with a real site to try."""

from collections.abc import Iterator

import pytest

from app.parsing.opml import Outline, read_opml, write_opml
from app.settings import Settings
from tests.api.conftest import JSON
from tests.api.test_problems import code_of
from tests.net.site import Site, answer, open_site
from tests.services.feed_documents import item, rss

MERGE = JSON


@pytest.fixture(scope="module")
def settings(settings: Settings) -> Settings:
    """The site of these tests is on loopback."""
    return settings.model_copy(update={"outbound_allow": ("127.0.0.1",)})


@pytest.fixture
def site() -> Iterator[Site]:
    with open_site() as opened:
        yield opened


def add(client, url, **fields):
    return client.post("/v1/feeds", json={"url": url} | fields)


def test_a_feed_is_added_read_listed_and_removed(client):
    added = add(client, "https://www.gazette.example/rss", title="Gazette")
    assert added.status_code == 201
    feed = added.json()
    assert (feed["source"], feed["identity"], feed["paused"], feed["error"]) == (
        "gazette.example",
        "auto",
        False,
        None,
    )
    assert client.get(f"/v1/feeds/{feed['id']}").json() == feed
    assert feed in client.get("/v1/feeds").json()["feeds"]
    assert client.request("DELETE", f"/v1/feeds/{feed['id']}").status_code == 204
    assert code_of(client.get(f"/v1/feeds/{feed['id']}")) == (404, "not-found")


def test_the_list_is_paged(client):
    ids = [add(client, f"https://paged.example/{n}").json()["id"] for n in range(5)]
    found, path = [], "/v1/feeds?limit=2"
    while path:
        page = client.get(path).json()
        found += [each["id"] for each in page["feeds"]]
        path = page["next"] and f"/v1/feeds?limit=2&cursor={page['next']}"
    assert [each for each in found if each in ids] == ids


def test_one_address_is_one_feed(client):
    feed = add(client, "https://twice.example/rss").json()
    again = add(client, "https://twice.example/rss#top")
    assert code_of(again) == (409, "feed-exists")
    assert feed["id"] in again.json()["detail"]


@pytest.mark.parametrize(
    ("sent", "status", "code", "field"),
    [
        ({}, 422, "missing-field", "url"),
        ({"url": None}, 422, "missing-field", "url"),
        ({"url": 7}, 422, "wrong-type", "url"),
        ({"url": "ftp://a.example/"}, 422, "invalid-value", "url"),
        ({"url": "https://u:p@a.example/"}, 422, "invalid-value", "url"),
        ({"url": "https://a.example/" + "x" * 2000}, 422, "invalid-value", "url"),
        ({"url": "https://a.example/", "identity": "guid+colour"}, 422, "invalid-value", "identity"),
        ({"url": "https://a.example/", "every_s": 5}, 422, "invalid-value", "every_s"),
        ({"url": "https://a.example/", "every_s": True}, 422, "wrong-type", "every_s"),
        ({"url": "https://a.example/", "source": " "}, 422, "invalid-value", "source"),
        ({"url": "https://a.example/", "colour": 1}, 422, "invalid-value", "colour"),
        ([], 422, "wrong-type", None),
    ],
)
def test_what_cannot_be_kept_is_refused_with_its_field(client, sent, status, code, field):
    refused = client.post("/v1/feeds", json=sent)
    assert code_of(refused) == (status, code)
    assert refused.json().get("field") == field


INSIDE = [
    "http://10.0.0.7/rss",
    "http://127.0.0.2/",
    "http://2130706434/",
    "http://0x7f.2/",
    "http://017700000002:8080/rss",
    "http://169.254.169.254/latest/meta-data",
    "http://168.63.129.16/",
    "http://[::1]/",
    "http://[fe80::1]/",
    "http://[::ffff:192.168.1.1]/",
    "http://[::ffff:c0a8:101]/",
    "http://127\u30020\u30020\u30022/",
]


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_inside_is_refused_before_anything_is_fetched(client, address):
    """By the same rule, and with the same kind, as a fetch of it."""
    before = client.get("/v1/feeds?limit=500").json()
    kept = add(client, f"https://outside.example/{INSIDE.index(address)}").json()
    refusals = [
        add(client, address),
        client.post("/v1/feeds/test", json={"url": address}),
        client.request("PATCH", f"/v1/feeds/{kept['id']}", json={"url": address}),
    ]
    for refused in refusals:
        assert code_of(refused) == (422, "fetch-failed")
        assert (refused.json()["kind"], refused.json()["field"]) == ("blocked-address", "url")
        assert "WIREFOLD_OUTBOUND_ALLOW" in refused.json()["fix"]
    listed = client.post("/v1/feeds/opml", content=write_opml([Outline(address)]))
    assert listed.json()["results"][0]["problem"]["kind"] == "blocked-address"
    assert client.get(f"/v1/feeds/{kept['id']}").json() == kept
    assert client.get("/v1/feeds?limit=500").json()["feeds"] == [*before["feeds"], kept]


def test_an_address_inside_that_the_operator_allows_is_kept(client):
    assert add(client, "http://127.0.0.1:8080/rss").status_code == 201


def test_a_change_needs_the_state_it_was_made_for(client):
    added = add(client, "https://changing.example/rss")
    path, tag = f"/v1/feeds/{added.json()['id']}", added.headers["etag"]
    assert client.get(path).headers["etag"] == tag
    assert client.get(path, headers={"if-none-match": tag}).status_code == 304
    changed = client.request(
        "PATCH", path, json={"identity": "url", "every_s": 900}, headers={"if-match": tag}
    )
    assert (changed.json()["identity"], changed.json()["every_s"], changed.json()["revision"]) == (
        "url",
        900,
        2,
    )
    late = client.request("PATCH", path, json={"identity": "guid"}, headers={"if-match": tag})
    assert code_of(late) == (412, "feed-changed")
    assert code_of(client.request("DELETE", path, headers={"if-match": '"nonsense"'})) == (
        412,
        "feed-changed",
    )
    back = client.request(
        "PATCH", path, json={"every_s": None}, headers={"if-match": changed.headers["etag"]}
    )
    assert (back.json()["identity"], back.json()["every_s"]) == ("url", None)


def test_a_feed_is_paused_and_resumed(client):
    path = f"/v1/feeds/{add(client, 'https://resting.example/rss').json()['id']}"
    paused = client.post(f"{path}/pause?why=Too+loud").json()
    assert (paused["paused"], paused["paused_why"]) == (True, "Too loud")
    resumed = client.post(f"{path}/resume").json()
    assert (resumed["paused"], resumed["paused_why"]) == (False, None)
    assert code_of(client.post("/v1/feeds/nothing/pause")) == (404, "not-found")


def test_lists_go_in_and_out_as_opml(client):
    outlines = [
        Outline(
            "https://list.example/1", "One & two", "list.example", "url+title", fetch_page=True, every_s=900
        ),
        Outline("https://list.example/2", source="list.example"),
        Outline("gopher://list.example/3"),
    ]
    sent = client.post(
        "/v1/feeds/opml", content=write_opml(outlines), headers={"content-type": "text/x-opml"}
    )
    results = sent.json()["results"]
    assert [bool(each["feed"]) for each in results] == [True, True, False]
    assert results[2]["problem"]["code"] == "invalid-value"
    written = client.get("/v1/feeds/opml")
    assert written.headers["content-type"].startswith("text/x-opml")
    assert outlines[0] in read_opml(written.content)
    had = {"if-none-match": written.headers["etag"]}
    assert client.get("/v1/feeds/opml", headers=had).status_code == 304
    assert code_of(client.post("/v1/feeds/opml", content=b"<rss/>")) == (422, "invalid-value")


def test_a_trial_tells_what_would_come_and_stores_nothing(client, site):
    site.pages["/rss"] = answer(
        rss(item(1, guid="x"), item(0, guid="x"), item(2, body="")), Cache_Control="max-age=900"
    )
    before = client.get("/v1/changes?cursor=0").json()["next"]
    tried = client.post("/v1/feeds/test", json={"url": site.url("/rss"), "source": "gazette.example"})
    assert tried.status_code == 200
    trial = tried.json()
    assert (trial["title"], trial["flavour"], trial["entry_count"], trial["told_apart"]) == (
        "Gazette",
        "rss",
        3,
        3,
    )
    assert (trial["identity"], trial["interval_s"]) == ("url", 10_800)
    assert [each["relation"] for each in trial["entries"]] == ["new", "new", None]
    assert trial["entries"][2]["problem"]["code"] == "empty-text"
    assert client.get("/v1/changes?cursor=0").json()["next"] == before
    assert site.url("/rss") not in [each["url"] for each in client.get("/v1/feeds").json()["feeds"]]


def test_a_trial_that_comes_to_nothing_says_why(client, site):
    site.pages["/page"] = answer("<html><body>Hello</body></html>")

    def tried(url):
        return code_of(client.post("/v1/feeds/test", json={"url": url}))

    assert tried(site.url("/page")) == (422, "not-a-feed")
    assert tried(site.url("/none")) == (422, "no-feed-there")
    assert tried("http://10.0.0.1/rss") == (422, "fetch-failed")
    refused = client.post("/v1/feeds/test", json={"url": "http://10.0.0.1/rss"}).json()
    assert refused["kind"] == "blocked-address"
