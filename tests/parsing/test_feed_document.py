import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import EmptyText, NotAFeed, TooLarge, WirefoldError
from app.parsing.feed_document import Flavour, entry_submission, read_feed

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/"
  xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"
  xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" xmlns:tide="https://tide.example/ns">
<channel>
  <title>Harbour Gazette</title><link>https://gazette.example/</link><language>en-GB</language>
  <ttl>30</ttl><sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>1</sy:updateFrequency>
  <skipHours><hour>0</hour><hour>24</hour><hour>3</hour></skipHours><skipDays><day>Sunday</day></skipDays>
  <atom:link rel="hub" href="https://hub.example/"/><atom:link rel="self" href="https://gazette.example/feed.xml"/>
  <item>
    <title>Pier &amp; quay reopen</title>
    <link>/news/pier</link>
    <guid>https://gazette.example/news/pier</guid>
    <pubDate>Tue, 03 Mar 2026 09:30:00 GMT</pubDate>
    <dc:creator>Ann Ebb</dc:creator>
    <category>Harbour</category><category>Works</category>
    <source url="https://coastal.example/feed">Coastal News</source>
    <description>The pier is open.</description>
    <content:encoded><![CDATA[<p>The second pier is <b>open</b>.</p><p>Repairs took two years.</p>]]></content:encoded>
    <media:content url="https://gazette.example/pier.jpg" medium="image"><media:credit>Bo Weir</media:credit></media:content>
    <tide:level unit="m">3.2</tide:level>
  </item>
  <item><title>Second</title><guid isPermaLink="false">id-2</guid><description>Text.</description></item>
</channel></rss>"""


def rss(item="", channel=""):
    return (
        f'<rss version="2.0"><channel><title>F</title>{channel}<item>{item}</item></channel></rss>'.encode()
    )


def entry(item):
    (found,) = read_feed(rss(item), address="https://gazette.example/feed").entries
    return found


def test_rss_says_what_it_is_and_when_to_come_again():
    feed = read_feed(RSS.encode())
    assert (feed.flavour, feed.title, feed.language) == (Flavour.RSS, "Harbour Gazette", "en-GB")
    assert (feed.ttl_s, feed.skip_hours, feed.skip_days) == (3600, frozenset({0, 3}), frozenset({6}))
    assert (feed.hub, feed.self_url) == ("https://hub.example/", "https://gazette.example/feed.xml")


def test_an_rss_item_says_everything_in_our_words():
    first = read_feed(RSS.encode()).entries[0]
    assert first.title == "Pier & quay reopen"
    assert first.url == first.guid == "https://gazette.example/news/pier"
    assert first.is_permalink
    assert first.published_at == datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
    assert first.byline == "Ann Ebb"
    assert first.categories == ("Harbour", "Works")
    assert (first.source_title, first.source_url) == ("Coastal News", "https://coastal.example/feed")
    assert first.content_html == "<p>The second pier is <b>open</b>.</p><p>Repairs took two years.</p>"
    assert first.summary_html == "<p>The pier is open.</p>"


def test_what_has_no_word_of_ours_is_kept():
    metadata = read_feed(RSS.encode()).entries[0].metadata
    assert metadata["{https://tide.example/ns}level"] == {"unit": "m", "text": "3.2"}
    assert metadata["media:content"] == {
        "url": "https://gazette.example/pier.jpg",
        "medium": "image",
        "media:credit": "Bo Weir",
    }


def test_each_entry_has_its_own_bytes():
    data = RSS.encode()
    first, second = read_feed(data).entries
    assert first.raw.startswith(b"<item>\n    <title>Pier")
    assert first.raw.endswith(b"</item>")
    assert second.raw in data


def test_bytes_of_an_entry_stay_in_their_encoding():
    data = rss("<title>Caf\u00e9</title>").decode().encode("latin-1")
    (only,) = read_feed(data, content_type="text/xml; charset=ISO-8859-1").entries
    assert only.title == "Café"
    assert only.raw == b"<item><title>Caf\xe9</title></item>"


def test_an_item_element_inside_cdata_does_not_cut_its_entry():
    item = "<description><![CDATA[a <item> b </item>]]></description>"
    assert entry(item).raw == f"<item>{item}</item>".encode()


@pytest.mark.parametrize(
    ("guid", "is_permalink"),
    [
        ("<guid>https://a.example/1</guid>", True),
        ('<guid isPermaLink="true">https://a.example/1</guid>', True),
        ('<guid isPermaLink="false">https://a.example/1</guid>', False),
        ("<guid>tag:1</guid>", False),
    ],
)
def test_a_guid_is_an_address_unless_it_says_otherwise_or_cannot_be(guid, is_permalink):
    found = entry(guid)
    assert found.is_permalink is is_permalink
    assert (found.url is not None) is is_permalink


@pytest.mark.parametrize(
    ("description", "html"),
    [
        ("&lt;p&gt;Once.&lt;/p&gt;", "<p>Once.</p>"),
        ("&amp;lt;p&amp;gt;Twice &amp;amp;amp; more.&amp;lt;/p&amp;gt;", "<p>Twice &amp; more.</p>"),
        ("<![CDATA[<p>Raw &amp; kept.</p>]]>", "<p>Raw &amp; kept.</p>"),
        ("<p>Unescaped <b>markup</b></p>", "<p>Unescaped <b>markup</b></p>"),
        ("One line.\nAnother, 2 &lt; 3.", "<p>One line.</p><p>Another, 2 &lt; 3.</p>"),
        ("AT&amp;amp;T", "AT&amp;T"),
        ("&nbsp;Entity of HTML&hellip;", "<p>Entity of HTML…</p>"),
        ("Fish & chips", "<p>Fish &amp; chips</p>"),
    ],
)
def test_text_is_unescaped_as_often_as_it_was_escaped(description, html):
    assert entry(f"<description>{description}</description>").summary_html == html


@pytest.mark.parametrize(
    ("title", "plain"),
    [
        ("Q&amp;amp;A: what now", "Q&A: what now"),
        ("&lt;b&gt;Bold&lt;/b&gt; claim", "Bold claim"),
        ("<![CDATA[Pier &#8217;s end]]>", "Pier ’s end"),
        ("  two\n lines ", "two lines"),
        ("1 &lt; 2", "1 < 2"),
    ],
)
def test_titles_are_plain_text(title, plain):
    assert entry(f"<title>{title}</title>").title == plain


def test_a_date_that_cannot_be_read_is_unknown_and_kept():
    found = entry("<title>x</title><pubDate>yesterday-ish</pubDate>")
    assert found.published_at is None
    assert found.metadata["pubDate"] == "yesterday-ish"


def test_dates_in_other_languages_are_read():
    assert entry("<pubDate>Seg, 02 Fev 2026 10:00:00 -0300</pubDate>").published_at == datetime(
        2026, 2, 2, 13, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("author", "byline"),
    [
        ("ann@gazette.example (Ann Ebb)", "Ann Ebb"),
        ("ann@gazette.example", None),
        ("Ann Ebb", "Ann Ebb"),
    ],
)
def test_a_mail_address_is_no_byline(author, byline):
    assert entry(f"<author>{author}</author>").byline == byline


def test_behind_a_counting_proxy_the_articles_own_address_is_taken():
    item = (
        "<link>https://count.example/~r/1</link>"
        '<feedburner:origLink xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0">https://a.example/1</feedburner:origLink>'
    )
    assert entry(item).url == "https://a.example/1"


ATOM = b"""<?xml version="1.0"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en" xml:base="https://blog.example/a/">
<title type="html">Tide &amp;amp; time</title><link href="/"/><link rel="self" href="feed"/><author><name>Desk</name></author>
<entry xml:base="b/">
  <id>tag:blog.example,2026:1</id><title type="text">Use &lt;b&gt; sparingly</title>
  <link rel="via" href="https://elsewhere.example/1"/><link rel="alternate" href="one"/>
  <link rel="canonical" href="https://canon.example/one"/>
  <published>2026-03-01T10:00:00Z</published><updated>2026-03-02T10:00:00Z</updated>
  <category term="x" label="Tides"/>
  <source><id>https://origin.example/</id><title>Origin</title><author><name>Cy Ord</name></author></source>
  <summary>Short.</summary>
  <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Long <em>one</em>.<br/></p></div></content>
</entry>
<entry><id>2</id><title>Two</title><updated>2026-03-02T10:00:00Z</updated><content>Plain &lt;b&gt;.</content></entry>
</feed>"""


def test_atom_keeps_published_and_updated_apart():
    one, two = read_feed(ATOM).entries
    assert one.published_at == datetime(2026, 3, 1, 10, tzinfo=UTC)
    assert one.updated_at == two.updated_at == datetime(2026, 3, 2, 10, tzinfo=UTC)
    assert two.published_at is None


def test_atom_links_are_resolved_by_xml_base_and_told_by_their_relation():
    one = read_feed(ATOM).entries[0]
    assert one.url == "https://blog.example/a/b/one"
    assert one.canonical_url == "https://canon.example/one"
    assert one.metadata["link:via"] == ["https://elsewhere.example/1"]


def test_a_copied_atom_entry_names_its_origin():
    one, two = read_feed(ATOM).entries
    assert (one.source_title, one.source_url, one.byline) == ("Origin", "https://origin.example/", "Cy Ord")
    assert two.byline == "Desk"


def test_atom_types_say_what_is_markup():
    feed = read_feed(ATOM)
    one, two = feed.entries
    assert feed.title == "Tide & time"
    assert one.title == "Use <b> sparingly"
    assert one.content_html == "<div><p>Long <em>one</em>.<br></p></div>"
    assert two.content_html == "Plain <b>."
    assert (one.categories, one.language) == (("Tides",), "en")


def test_atom_of_2003_is_read():
    (found,) = read_feed(
        b'<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><title>Old</title><id>1</id>'
        b"<issued>2004-01-01T00:00:00Z</issued><modified>2004-01-02T00:00:00Z</modified>"
        b'<content type="text/html" mode="escaped">&lt;p&gt;Text.&lt;/p&gt;</content></entry></feed>'
    ).entries
    assert (found.title, found.content_html) == ("Old", "<p>Text.</p>")
    assert (found.published_at, found.updated_at) == (
        datetime(2004, 1, 1, tzinfo=UTC),
        datetime(2004, 1, 2, tzinfo=UTC),
    )


def test_rdf_items_stand_beside_their_channel():
    feed = read_feed(
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
        b' xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>R</title><dc:language>de</dc:language>'
        b'</channel><item rdf:about="y"><title>One</title><link>https://r.example/1</link><dc:date>2026-03-01</dc:date>'
        b"<description>Text.</description></item></rdf:RDF>"
    )
    assert (feed.flavour, feed.title, feed.language, len(feed.entries)) == (Flavour.RDF, "R", "de", 1)
    assert feed.entries[0].published_at == datetime(2026, 3, 1, tzinfo=UTC)


JSON_FEED = """\ufeff{"version": "https://jsonfeed.org/version/1.1", "title": "J", "home_page_url": "https://j.example/",
 "language": "en", "authors": [{"name": "Desk"}], "hubs": [{"type": "WebSub", "url": "https://hub.example/"}],
 "items": [ {"id": 7, "url": "/7", "external_url": "https://e.example/", "title": "Seven", "content_text": "One.\\nTwo.",
   "date_published": "2026-03-01T10:00:00Z", "date_modified": "2026-03-02T10:00:00Z", "tags": ["a"], "_x": {"y": 1}},
  {"id": "8", "content_html": "<p>Eight</p>", "summary": "8 é", "author": {"name": "Eva"}}, 9 ]}"""


def test_json_feed_is_read_in_both_versions():
    feed = read_feed(JSON_FEED.encode())
    seven, eight = feed.entries
    assert (feed.flavour, feed.title, feed.hub) == (Flavour.JSON_FEED, "J", "https://hub.example/")
    assert feed.flaws == ("An item is not an object and was passed over.",)
    assert (seven.guid, seven.url, seven.byline) == ("7", "https://j.example/7", "Desk")
    assert seven.content_html == "<p>One.</p><p>Two.</p>"
    assert seven.updated_at == datetime(2026, 3, 2, 10, tzinfo=UTC)
    assert seven.metadata == {"external_url": "https://e.example/", "_x": {"y": 1}}
    assert eight.byline == "Eva"
    assert (
        eight.raw
        == '{"id": "8", "content_html": "<p>Eight</p>", "summary": "8 é", "author": {"name": "Eva"}}'.encode()
    )


@pytest.mark.parametrize(
    ("data", "detail", "fix"),
    [
        (b"", "nothing", "Send RSS"),
        (
            b'<!DOCTYPE html><html><head><link rel="alternate" type="application/rss+xml" href="/feed.xml"></head>',
            "HTML page",
            "/feed.xml",
        ),
        (b"<html><body><p>Log in</p>", "HTML page", "address"),
        (b"<opml><body><outline/></body></opml>", "OPML", "/v1/feeds"),
        (b"<note><to>x</to></note>", "<note>", "Send RSS"),
        (b"just text", "neither", "Send RSS"),
        (b'{"items": 1}', "no list of items", "Send RSS"),
        (b'{"items": []}', "version", "jsonfeed.org"),
    ],
)
def test_what_is_no_feed_is_refused_by_name(data, detail, fix):
    with pytest.raises(NotAFeed) as refused:
        read_feed(data)
    assert detail in refused.value.detail
    assert fix in str(refused.value.fix)


@pytest.mark.parametrize(
    "data",
    [
        rss("<title>A & B</title>"),
        rss("<title>A & B</title>").replace(b"</channel></rss>", b""),
        b"\xef\xbb\xbf\n\n<!-- banner -->" + rss("<title>A & B</title>"),
        b"PHP Notice: oops in /feed.php\n" + rss("<title>A &#38; B</title>"),
        rss("<title>A &amp; B\x00\x0b</title>"),
        rss("<title>A &amp; B</title><unknown:tag>x</unknown:tag>"),
        b"<?xml version='1.0' encoding='utf-16'?>" + rss("<title>A &amp; B</title>"),
        rss("<title>A &amp; B</title>").decode().encode("utf-16"),
        b'<!DOCTYPE rss PUBLIC "-//N//DTD RSS 0.91//EN" "http://127.0.0.1:1/x.dtd">'
        + rss("<title>A &amp; B</title>"),
    ],
)
def test_broken_feeds_are_mended(data):
    (found,) = read_feed(data).entries
    assert found.title.rstrip("\ufffd ") == "A & B"


@pytest.mark.parametrize(
    ("declared", "content_type", "encoding"),
    [
        ("utf-8", None, "utf-8"),
        ("iso-8859-1", None, "utf-8"),
        ("utf-8", None, "cp1252"),
        ("us-ascii", "text/xml", "cp1252"),
        ("windows-1251", None, "cp1251"),
        ("koi8-r", "text/xml; charset=us-ascii", "koi8-r"),
        ("shift_jis", None, "shift_jis"),
        ("no-such-thing", "text/xml; charset=cp1252", "cp1252"),
        ("iso-2022-jp", None, "iso2022_jp"),
    ],
)
def test_encodings_that_lie_are_found_out(declared, content_type, encoding):
    title = {"cp1251": "Волна", "koi8-r": "Волна", "shift_jis": "津波", "iso2022_jp": "津波"}.get(
        encoding, "Übung"
    )
    head = f'<?xml version="1.0" encoding="{declared}"?>'.encode()
    data = head + rss(f"<title>{title}</title>").decode().encode(encoding)
    (found,) = read_feed(data, content_type=content_type).entries
    assert found.title == title


def test_entities_of_its_own_are_not_expanded_and_nothing_is_read():
    bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    doctype = f'<!DOCTYPE rss [<!ENTITY e0 "x"><!ENTITY f SYSTEM "https://127.0.0.1:1/secret">{bomb}]>'
    (found,) = read_feed(doctype.encode() + rss("<title>A &e9; &f; B</title>")).entries
    assert found.title == "A &e9; &f; B"


def test_a_feed_of_too_many_entries_is_refused():
    with pytest.raises(TooLarge):
        read_feed(b"<rss><channel>" + b"<item/>" * 10_001 + b"</channel></rss>")


@pytest.mark.parametrize(
    "data",
    [
        b"<rss><channel>" + b"<item>" * 100_000,
        b"<rss><channel><item>" + b"<x>" * 200_000,
        b"<rss><channel><item><title>" + b"<![CDATA[" * 100_000,
        b"<rss><channel>" + b"<item " * 100_000,
        b"<rss><channel>" + b"<!--" * 200_000,
        b"<rss><channel><item><description>" + b"&lt;p " * 100_000 + b"</description></item></channel></rss>",
        b"<rss><channel><item><description>"
        + b"&amp;lt;p " * 100_000
        + b"</description></item></channel></rss>",
        b"<!DOCTYPE rss [" * 1000 + b"<rss>",
        b'{"version":"https://jsonfeed.org/version/1","items":[' + b"[" * 100_000,
        b"<html>" + b'<link rel="alternate" ' * 50_000,
    ],
    ids=lambda data: data[:60].decode(),
)
def test_hostile_feeds_are_read_or_refused_soon(data):
    try:
        read_feed(data)
    except WirefoldError:
        return


PIECES = st.sampled_from(
    [
        *RSS.replace(">", ">\x00").split("\x00"),
        *ATOM.decode().replace(">", ">\x00").split("\x00"),
        *JSON_FEED.split(","),
        "&nbsp;",
        "<![CDATA[",
        "]]>",
        "<!DOCTYPE x [",
        "\ud800",
    ]
)


@settings(max_examples=150)
@given(st.lists(PIECES, max_size=60), st.sampled_from(["utf-8", "utf-16", "latin-1"]))
def test_any_mixture_of_feeds_is_read_or_refused(pieces, encoding):
    data = "".join(pieces).encode(encoding, "replace")
    try:
        feed = read_feed(data, address="https://x.example/")
        for each in feed.entries:
            entry_submission(each, source="x")
    except WirefoldError:
        return


@settings(max_examples=100)
@given(st.integers(0, len(RSS) - 1), st.binary(max_size=12), st.integers(0, 40))
def test_any_damage_to_a_feed_is_mended_or_refused(at, put, dropped):
    data = RSS.encode()
    try:
        read_feed(data[:at] + put + data[at + dropped :])
    except WirefoldError:
        return


def test_an_entry_becomes_a_submission_with_what_has_no_word_in_its_metadata():
    feed = read_feed(RSS.encode())
    submission = entry_submission(feed.entries[0], source="gazette.example")
    assert (submission.title, submission.url) == ("Pier & quay reopen", "https://gazette.example/news/pier")
    assert submission.html == feed.entries[0].content_html
    assert (submission.language, submission.byline) == ("en-GB", "Ann Ebb")
    metadata = json.loads(submission.raw)["metadata"]
    assert metadata["categories"] == ["Harbour", "Works"]
    assert metadata["origin"] == {"title": "Coastal News", "url": "https://coastal.example/feed"}
    assert metadata["summary"] == "<p>The pier is open.</p>"
    assert submission.received
    assert (submission.received.format, submission.received.body) == ("rss", feed.entries[0].raw)


def test_an_entry_without_text_is_refused_with_what_to_do():
    with pytest.raises(EmptyText, match="headline and no text"):
        entry_submission(entry("<title>Only this</title>"), source="x")
