"""The bodies that mutations start from, all of them invented: each format as its senders write it."""

import json

from tests.parsing.wires import (
    HEADLINE,
    STORY,
    ap_item,
    g2_item,
    html_of,
    newsml_1,
    ninjs_1,
    ninjs_3,
    nitf,
    reuters,
)

TEXT = "\n\n".join(STORY)
_ARTICLE = {
    "source": "gazette.example",
    "title": HEADLINE,
    "text": f"{HEADLINE}\n\nPORT ELSA, March 3 (Reuters) - {TEXT}\n\n(Reporting by Tobias Renn)",
    "external_id": "pier-1",
    "url": "https://gazette.example/news/pier?utm_source=x",
    "canonical_url": "https://gazette.example/news/pier",
    "published_at": "2026-03-03T09:30:00Z",
    "updated_at": "Tue, 03 Mar 2026 10:00:00 GMT",
    "version": "2",
    "language": "en-GB",
    "byline": "Ann Ebb",
    "agency": "Reuters",
    "slug": "ELSA-PIER/",
    "genre": "News",
    "ed_note": "Adds quote",
    "signals": ["sig:update"],
    "status": "usable",
    "metadata": {"desk": {"tags": ["harbour", "works"], "words": 91.5}, "kept": None},
}
_PAGE = f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{HEADLINE} | Gazette</title>
<link rel="canonical" href="https://gazette.example/news/pier"><link rel="amphtml" href="/amp/pier">
<meta property="og:title" content="{HEADLINE}"><meta property="article:published_time" content="2026-03-03T09:30:00Z">
<script type="application/ld+json">{{"@context": "https://schema.org", "@graph": [{{"@type": "NewsArticle",
"headline": "{HEADLINE}", "datePublished": "2026-03-03", "author": [{{"@type": "Person", "name": "Ann Ebb"}}],
"articleBody": "{STORY[0]}"}}]}}</script></head><body><nav><ul><li><a href="/">Home</a></li></ul></nav>
<article><h1>{HEADLINE}</h1><p>By Ann Ebb</p><time datetime="2026-03-03T09:30:00Z">March 3</time>
<figure><img src="p.jpg"><figcaption>The pier. Bo Weir/Reuters</figcaption></figure>{html_of()}
<table><tr><td>Boats</td><td>14</td></tr></table><blockquote>{STORY[2]}</blockquote></article>
<footer>Give feedback &copy; 2026</footer></body></html>"""
_RSS = f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">
<channel><title>Harbour Gazette</title><link>https://gazette.example/</link><language>en-GB</language><ttl>30</ttl>
<sy:updatePeriod>hourly</sy:updatePeriod><skipHours><hour>0</hour></skipHours><atom:link rel="self" href="https://gazette.example/feed"/>
<item><title>Pier &amp; quay reopen</title><link>/news/pier</link><guid>https://gazette.example/news/pier</guid>
<pubDate>Tue, 03 Mar 2026 09:30:00 GMT</pubDate><dc:creator>Ann Ebb</dc:creator><category>Harbour</category>
<source url="https://coastal.example/feed">Coastal News</source><description>{STORY[0]}</description>
<content:encoded><![CDATA[{html_of()}]]></content:encoded><media:content url="p.jpg" medium="image"/></item>
<item><title>Second</title><guid isPermaLink="false">id-2</guid><description>{STORY[3]}</description></item></channel></rss>"""
_RDF = f"""<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://gazette.example/"><title>Gazette</title>
<link>https://gazette.example/</link><items><rdf:Seq><rdf:li rdf:resource="https://gazette.example/1"/></rdf:Seq></items></channel>
<item rdf:about="https://gazette.example/1"><title>{HEADLINE}</title><link>https://gazette.example/1</link>
<description>{STORY[1]}</description><dc:date>2026-03-03T09:30:00+01:00</dc:date></item></rdf:RDF>"""
_ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en" xml:base="https://gazette.example/"><title>Gazette</title><id>urn:g</id>
<updated>2026-03-03T10:00:00Z</updated><link rel="self" href="feed"/><link href="/"/><entry><id>urn:g:1</id><title type="html">{HEADLINE}</title>
<link href="news/pier"/><published>2026-03-03T09:30:00Z</published><updated>2026-03-03T10:00:00Z</updated><author><name>Ann Ebb</name></author>
<summary>{STORY[0]}</summary><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">{html_of()}</div></content></entry></feed>"""
_JSON_FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "Gazette",
    "home_page_url": "https://gazette.example/",
    "feed_url": "https://gazette.example/feed.json",
    "language": "en",
    "authors": [{"name": "Ann Ebb"}],
    "items": [
        {
            "id": "1",
            "url": "https://gazette.example/1",
            "title": HEADLINE,
            "content_html": html_of(),
            "date_published": "2026-03-03T09:30:00Z",
            "tags": ["harbour"],
            "_ours": {"kept": 1},
        },
        {"id": 2, "content_text": STORY[1], "date_modified": "2026-03-03"},
    ],
}
_OPML = """<?xml version="1.0"?><opml version="2.0" xmlns:w="https://wirefold.example/opml"><head><title>Feeds</title></head><body>
<outline text="Coast"><outline type="rss" text="Gazette" xmlUrl="https://gazette.example/feed" w:source="gazette.example" w:everySeconds="600"/>
<outline text="Herald" xmlUrl="https://herald.example/rss" w:identity="guid" w:fetchPage="true"/></outline></body></opml>"""
_ROBOTS = "User-agent: *\nDisallow: /*?print=$\nAllow: /news/*/pier\n\nUser-agent: wirefold/1.0\nDisallow: /inside*\nCrawl-delay: 3\n"

JSON_ARTICLE = json.dumps(_ARTICLE).encode()
HTML_ARTICLE = json.dumps({"source": "herald.example", "title": "", "html": _PAGE}).encode()
_OTHER = json.dumps(_ARTICLE | {"source": "herald.example", "text": TEXT, "external_id": 7}).encode()

SEEDS: dict[str, list[bytes]] = {
    "json": [JSON_ARTICLE, HTML_ARTICLE],
    "ndjson": [b"\n".join((JSON_ARTICLE, _OTHER, b"", HTML_ARTICLE))],
    "array": [b"[" + b", ".join((JSON_ARTICLE, _OTHER)) + b"]"],
    "text": [f"{HEADLINE}\n\nBy Ann Ebb\n\n{TEXT}\n\nGive Feedback".encode(), STORY[0].encode()],
    "html": [_PAGE.encode(), html_of().encode()],
    "rss": [_RSS.encode(), _RDF.encode()],
    "atom": [_ATOM.encode()],
    "jsonfeed": [json.dumps(_JSON_FEED).encode()],
    "ninjs": [ninjs_1(), ninjs_3(), b"[" + ninjs_1() + b"," + ninjs_3() + b"]"],
    "newsml-g2": [reuters(), g2_item(content="<headline>Alert from the pier</headline>")],
    "newsml-1": [newsml_1()],
    "nitf": [nitf(declared='<?xml version="1.0" encoding="utf-8"?>')],
    "ap": [json.dumps(ap_item()).encode(), json.dumps({"data": {"items": [{"item": ap_item()}]}}).encode()],
    "opml": [_OPML.encode()],
    "robots": [_ROBOTS.encode()],
    "date": [b"2026-03-03T09:30:00.123+01:00", b"Tue, 03 Mar 2026 09:30:00 GMT", b"March 3, 2026 5:04 PM"],
    "url": [
        b"https://www.gazette.example:443/news/./pier/?utm_source=x&b=2&a=1#top",
        b"http://[::1]/%7Euser",
    ],
}
"""By target. Every name of app.parsing.formats is among them."""
