import json

import pytest

FEED = """<?xml version="1.0" encoding="{encoding}"?>
<rss version="2.0"><channel><title>Harbour Gazette</title><link>https://gazette.example/</link><language>en</language>
<item><title>Second pier reopens {tag}</title><link>https://gazette.example/{tag}/1</link><guid isPermaLink="false">{tag}-1</guid>
<pubDate>Tue, 03 Mar 2026 09:30:00 GMT</pubDate><tide xmlns="https://tide.example/">3.2</tide>
<description>&lt;p&gt;The second pier has reopened after two years of repairs, said the caf\u00e9 owner {tag}.&lt;/p&gt;</description></item>
<item><title>Headline alone {tag}</title><link>https://gazette.example/{tag}/2</link></item>
</channel></rss>"""
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>tag:a,1</id><title>Atom pier</title>
<content>The pier in Atom is open.</content></entry></feed>"""
BODY = "".join(
    f"<p>Paragraph {n} on the second pier says something that no other paragraph says, at some length.</p>"
    for n in range(6)
)


def feed(tag, encoding="utf-8"):
    return FEED.format(tag=tag, encoding=encoding).encode(encoding)


def page(tag, head=""):
    return (
        f"<!doctype html><html lang='en'><head><title>Pier reopens {tag}</title>{head}</head><body><article>"
        f"<h1>Pier reopens {tag}</h1><p>By Ann Ebb</p><p>The tale of {tag} begins here, on the quay.</p>{BODY}</article></body></html>"
    )


def post(client, body, kind, query="", path="/v1/articles"):
    return client.post(f"{path}{query}", content=body, headers={"content-type": kind})


def test_each_entry_of_a_feed_is_an_article_with_its_own_bytes(client):
    answer = post(client, feed("one"), "application/rss+xml", "?source=gazette.example")
    assert answer.status_code == 200
    first, second = answer.json()["results"]
    assert (first["status"], second["status"]) == (201, 422)
    assert second["problem"]["code"] == "empty-text"
    assert "page" in second["problem"]["fix"]
    read = client.get(f"/v1/articles/{first['article']['article_id']}").json()
    assert read["submission"]["external_id"] == "one-1"
    assert read["submission"]["published_at"] == "2026-03-03T09:30:00+00:00"
    assert read["submission"]["metadata"]["{https://tide.example/}tide"] == "3.2"
    assert read["received"]["format"] == "rss"
    raw = client.get(f"/v1/articles/{first['article']['article_id']}/versions/1/received").content
    assert raw.startswith(b"<item><title>Second pier reopens one")
    assert raw in feed("one")


def test_a_feed_posted_again_is_a_replay(client):
    post(client, feed("again"), "application/rss+xml", "?source=gazette.example")
    again = post(
        client, feed("again"), "application/rss+xml", "?source=gazette.example", "/v1/articles/batch"
    )
    assert again.json()["results"][0]["status"] == 200


def test_a_feed_that_names_its_site_needs_no_source(client):
    answer = post(client, feed("own"), "text/xml", "?format=rss").json()["results"][0]["article"]
    assert (
        client.get(f"/v1/articles/{answer['article_id']}").json()["submission"]["source"] == "gazette.example"
    )


def test_bytes_of_an_entry_keep_the_feeds_encoding(client):
    answer = post(
        client, feed("latin", "iso-8859-1"), "application/rss+xml", "?source=gazette.example"
    ).json()
    place = f"/v1/articles/{answer['results'][0]['article']['article_id']}"
    read = client.get(place).json()
    assert "café" in read["text"]
    assert read["received"]["media_type"] == "application/rss+xml; charset=cp1252"
    assert b"caf\xe9" in client.get(f"{place}/versions/1/received").content


@pytest.mark.parametrize(
    ("name", "kind", "body"),
    [
        (
            "atom",
            "application/atom+xml",
            ATOM,
        ),
        (
            "jsonfeed",
            "application/feed+json",
            json.dumps(
                {
                    "version": "https://jsonfeed.org/version/1.1",
                    "items": [
                        {"id": "tag:j,1", "title": "JSON pier", "content_text": "The pier in JSON is open."}
                    ],
                }
            ).encode(),
        ),
    ],
)
def test_the_other_feed_formats_are_known_by_name_and_by_media_type(client, name, kind, body):
    by_kind = post(client, body, kind, "?source=f.example").json()["results"][0]
    by_name = post(client, body, "application/octet-stream", f"?source=f.example&format={name}").json()[
        "results"
    ][0]
    assert (by_kind["status"], by_name["status"]) == (201, 200)


def test_a_page_instead_of_a_feed_is_refused_as_one(client):
    answer = post(client, page("x"), "application/rss+xml", "?source=f.example")
    assert (answer.status_code, answer.json()["code"]) == (422, "not-a-feed")


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [
        ("", "utf-8"),
        ("; charset=utf-8", "cp1252"),
        ("; charset=iso-8859-1", "utf-8"),
        ("; charset=utf-16", "utf-16"),
        ("; charset=nonsense", "cp1252"),
    ],
)
def test_plain_text_is_read_whatever_its_charset_is_said_to_be(client, charset, encoding):
    text = f"Der Prüfer sagte, die Brücke bleibe offen {charset}{encoding}.\r\nZweite Zeile."
    answer = post(
        client,
        text.encode(encoding),
        f"text/plain{charset}",
        "?source=t.example&title=Br%C3%BCcke+offen&language=de",
    )
    assert answer.status_code == 201
    read = client.get(f"/v1/articles/{answer.json()['article_id']}").json()
    assert read["text"] == text
    assert (read["submission"]["title"], read["submission"]["language"]) == ("Brücke offen", "de")


def test_plain_text_needs_a_source(client):
    answer = post(client, b"Some text.", "text/plain")
    assert (answer.status_code, answer.json()["field"]) == (422, "source")


def test_a_page_is_read_with_what_it_says_and_what_is_not_believed_is_kept(client):
    head = (
        '<link rel="canonical" href="https://gazette.example/"><meta name="author" content="web-admin">'
        '<meta property="article:published_time" content="2026-03-03T09:30:00Z">'
    )
    answer = post(client, page("told", head), "text/html", "?url=https://www.gazette.example/told")
    assert answer.status_code == 201
    said = client.get(f"/v1/articles/{answer.json()['article_id']}").json()["submission"]
    assert (said["source"], said["title"]) == ("gazette.example", "Pier reopens told")
    assert said["published_at"] == "2026-03-03T09:30:00+00:00"
    assert "byline" not in said
    assert said["metadata"]["not_believed"] == {
        "byline (author)": "web-admin",
        "canonical_url (canonical)": {"url": "https://gazette.example/", "why": "a front page"},
    }


def test_what_the_query_says_goes_before_the_page(client):
    head = '<meta property="article:published_time" content="2026-03-03T09:30:00Z">'
    query = "?source=q.example&published_at=2026-03-02T00:00:00Z&title=Mine"
    answer = post(client, page("query", head), "text/html", query).json()
    said = client.get(f"/v1/articles/{answer['article_id']}").json()["submission"]
    assert (said["title"], said["published_at"]) == ("Mine", "2026-03-02T00:00:00Z")


def test_a_page_whose_statements_agree_names_its_own_source(client):
    head = (
        '<link rel="canonical" href="https://gazette.example/pier-reopens-agreed">'
        '<meta property="og:url" content="https://www.gazette.example/pier-reopens-agreed">'
    )
    answer = post(client, page("agreed", head), "application/xhtml+xml").json()
    said = client.get(f"/v1/articles/{answer['article_id']}").json()["submission"]
    assert said["source"] == "gazette.example"
    assert said["canonical_url"] == "https://gazette.example/pier-reopens-agreed"


def test_a_page_that_one_statement_alone_gives_a_source_is_refused_with_the_fix(client):
    answer = post(client, page("x", '<link rel="canonical" href="https://gazette.example/x">'), "text/html")
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (
        422,
        "missing-field",
        "source",
    )
    assert "?source=" in answer.json()["fix"]


@pytest.mark.parametrize(
    ("kind", "meta", "encoding"),
    [
        ("text/html; charset=utf-8", "", "cp1252"),
        ("text/html", "<meta charset=windows-1251>", "cp1251"),
        ("text/html; charset=koi8-r", "<meta charset=utf-8>", "koi8-r"),
        (
            "text/html; charset=us-ascii",
            "<meta http-equiv='Content-Type' content='text/html; charset=iso-8859-1'>",
            "utf-8",
        ),
        ("text/html", "<meta charset=utf-16>", "utf-16"),
        ("text/html; charset=no-such", "<meta charset=rot13>", "cp1252"),
    ],
)
def test_a_lying_charset_does_not_spoil_a_page(client, kind, meta, encoding):
    word = "Пирс" if encoding in {"cp1251", "koi8-r"} else "Prüfung"
    body = page(f"{word} {encoding} {len(kind)}", meta).encode(encoding)
    answer = post(client, body, kind, "?source=c.example")
    assert answer.status_code == 201
    read = client.get(f"/v1/articles/{answer.json()['article_id']}").json()
    assert word in read["text"]
    assert client.get(f"/v1/articles/{answer.json()['article_id']}/versions/1/received").content == body


def test_html_in_json_is_filled_by_its_page_and_stays_as_received(client):
    head = '<meta name="author" content="Ann Ebb"><meta property="article:published_time" content="2026-03-03T09:30:00Z">'
    sent = {"source": "j.example", "title": "", "html": page("json", head)}
    answer = client.post("/v1/articles", json=sent).json()
    read = client.get(f"/v1/articles/{answer['article_id']}").json()
    assert read["submission"] == sent
    assert read["versions"][0]["published_at"].startswith("2026-03-03T09:30:00")
