import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.model import Submission
from app.parsing.document import parse
from app.parsing.html import read_html

URL = "https://gazette.example/news/2026/03/03/second-pier-reopens-after-repairs"
HEADLINE = "Second pier reopens after repairs"
BODY = "".join(
    f"<p>Paragraph {n} on the pier says something that no other paragraph says, and says it at some length.</p>"
    for n in range(6)
)


def page(head="", body=BODY, lang="en", h1=HEADLINE):
    return (
        f'<!doctype html><html lang="{lang}"><head><title>{h1} | Gazette</title>{head}</head>'
        f"<body><article><h1>{h1}</h1><p>By Ann Ebb</p>{body}</article></body></html>"
    )


def ld(**said):
    node = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": HEADLINE, **said}
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


def meta(**said):
    return "".join(
        f'<meta property="{name.replace("__", ":")}" content="{value}">' for name, value in said.items()
    )


def hints(head="", url=URL, **more):
    return read_html(page(head, **more), url=url).hints


def test_a_news_article_says_its_dates_byline_and_language():
    found = hints(
        ld(
            datePublished="2026-03-03T09:30:00Z",
            dateModified="2026-03-03T11:00:00+01:00",
            author=[{"@type": "Person", "name": "Ann Ebb"}],
            inLanguage="en-GB",
        )
    )
    assert found.headline == HEADLINE
    assert found.published_at == datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
    assert found.updated_at == datetime(2026, 3, 3, 10, tzinfo=UTC)
    assert (found.byline, found.language) == ("Ann Ebb", "en-GB")


@pytest.mark.parametrize(
    "script",
    [
        '{"@graph": [{"@type": "WebPage"}, {"@type": ["Thing", "NewsArticle"], "headline": "%s", "datePublished": "2026-03-03"}]}',
        '[{"@type": "BreadcrumbList"}, {"@type": "https://schema.org/ReportageNewsArticle", "headline": "%s", "datePublished": "2026-03-03"}]',
        '<!-- {"@type": "NewsArticle", "headline": "%s", "datePublished": "2026-03-03",} -->',
        '//<![CDATA[\n{"@type": "NewsArticle", "headline": "%s", "description": "two\nlines", "datePublished": "2026-03-03"}\n//]]>',
        '{"@type": "Organization"}{"@type": "NewsArticle", "headline": "%s", "datePublished": "2026-03-03"};',
        '{"@type": "WebPage", "mainEntity": {"@type": "NewsArticle", "headline": "%s", "datePublished": ["2026-03-03"]}}',
        "{&quot;@type&quot;: &quot;NewsArticle&quot;, &quot;headline&quot;: &quot;%s&quot;, &quot;datePublished&quot;: &quot;2026-03-03&quot;}",
    ],
)
def test_json_ld_is_found_in_every_wrapping_and_mended(script):
    found = hints(f'<script type="application/ld+json">{script.replace("%s", HEADLINE)}</script>')
    assert found.published_at == datetime(2026, 3, 3, tzinfo=UTC)


def test_of_several_articles_the_pages_own_is_taken():
    other = ld(headline="Council votes on a new tram line", datePublished="2020-01-01")
    assert hints(other + ld(datePublished="2026-03-03")).published_at == datetime(2026, 3, 3, tzinfo=UTC)


def test_an_article_that_is_not_about_this_page_is_doubted():
    found = hints(ld(headline="Council votes on a new tram line", datePublished="2020-01-01"))
    assert found.published_at is None
    assert found.doubted["json_ld"] == [
        {
            "@type": ["NewsArticle"],
            "headline": "Council votes on a new tram line",
            "datePublished": "2020-01-01",
        }
    ]


def test_dates_that_contradict_each_other_are_not_believed():
    found = hints(
        ld(datePublished="2026-03-03") + meta(article__published_time="2025-07-01"),
        url="https://gazette.example/1",
    )
    assert found.published_at is None
    assert found.doubted["published"] == {"json-ld": "2026-03-03", "article:published_time": "2025-07-01"}


def test_of_two_dates_that_of_the_address_is_believed():
    found = hints(ld(datePublished="2025-07-01T10:00Z") + meta(article__published_time="2026-03-03T10:00Z"))
    assert found.published_at == datetime(2026, 3, 3, 10, tzinfo=UTC)


def test_the_hour_of_publication_goes_before_the_bare_day():
    found = hints(ld(datePublished="2026-03-03") + meta(article__published_time="2026-03-03T10:00:00Z"))
    assert found.published_at == datetime(2026, 3, 3, 10, tzinfo=UTC)


def test_a_change_before_the_publication_is_not_believed():
    found = hints(ld(datePublished="2026-03-03", dateModified="2025-03-03"))
    assert found.updated_at is None
    assert "modified" in found.doubted


def test_a_byline_must_stand_on_the_page_and_not_be_the_site():
    assert hints(meta(author="Ann Ebb")).byline == "Ann Ebb"
    unseen = hints(meta(author="web-admin"))
    assert (unseen.byline, unseen.doubted["byline (author)"]) == (None, "web-admin")
    assert hints(meta(author="Gazette", og__site_name="Gazette"), body="<p>Gazette</p>" + BODY).byline is None
    assert hints(meta(article__author="https://social.example/ann")).byline is None


def test_a_language_that_the_text_contradicts_is_not_believed():
    french = "<p>Le port a rouvert mardi, et les habitants sont venus dans la rue pour voir les bateaux qui sont là.</p>"
    found = hints(lang="en", body=french * 6, h1="Le deuxième quai du port a rouvert mardi")
    assert found.language is None
    assert found.doubted["language (html lang)"] == "en"
    assert hints(lang="fr-FR", body=french * 6).language == "fr-FR"


@pytest.mark.parametrize(
    "canonical",
    [
        "https://gazette.example/news/2026/03/03/second-pier-reopens-after-repairs",
        "/news/2026/03/03/second-pier-reopens-after-repairs?page=all",
        "https://origin.example/second-pier-reopens-after-repairs",
        "https://amp.gazette.example/amp/news/second-pier-reopens",
    ],
)
def test_a_canonical_address_that_is_plausibly_this_article_is_believed(canonical):
    assert hints(f'<link rel="canonical" href="{canonical}">').canonical_url is not None


@pytest.mark.parametrize(
    ("canonical", "why"),
    [
        ("https://gazette.example/", "a front page"),
        ("https://gazette.example/index.html", "a front page"),
        ("https://gazette.example/news/", "not plausibly the same article"),
        ("https://gazette.example/news/council-votes-on-tram-line", "not plausibly the same article"),
        ("https://elsewhere.example/12345678", "not plausibly the same article"),
        ("javascript:void(0)", "not an http address"),
    ],
)
def test_a_canonical_address_of_something_else_is_doubted(canonical, why):
    found = hints(f'<link rel="canonical" href="{canonical}">')
    assert found.canonical_url is None
    assert found.doubted["canonical_url (canonical)"] == {"url": canonical, "why": why}


def test_a_canonical_address_with_the_same_number_is_believed_on_the_same_site():
    link = '<link rel="canonical" href="https://gazette.example/story/4711815">'
    assert hints(link, url="https://m.gazette.example/a.php?id=4711815").canonical_url
    assert hints(link, url="https://other.example/a.php?id=4711815").canonical_url is None


def test_without_the_pages_address_two_statements_of_one_number_are_believed():
    link = '<link rel="canonical" href="https://gazette.example/4711815">'
    assert hints(link, url=None).canonical_url is None
    both = link + meta(og__url="https://gazette.example/4711815")
    assert hints(both, url=None).canonical_url == "https://gazette.example/4711815"


def test_two_statements_that_share_no_word_with_the_headline_are_doubted():
    other = "https://gazette.example/council-votes-on-tram-line-4711815"
    both = f'<link rel="canonical" href="{other}">' + meta(og__url=other)
    assert hints(both, url=None).canonical_url is None


def test_a_code_in_both_addresses_or_a_long_path_of_a_sister_paper_is_believed():
    coded = '<link rel="canonical" href="https://wire.example/article/markets-idUSKBN1XT00W">'
    assert hints(coded, url="https://wire.example/article/markets/asia-soft-idUSKBN1XT00W").canonical_url
    sister = '<link rel="canonical" href="https://gazette.test/how-to-retire-early-and-well">'
    assert hints(sister, url="https://gazette.example/how-to-retire-early-and-well").canonical_url
    assert hints(sister, url="https://gazette.example/what-to-do-instead").canonical_url is None


def test_an_agency_is_believed_where_the_page_shows_it():
    said = ld(sourceOrganization={"@type": "NewsMediaOrganization", "name": "Reuters"})
    assert hints(said).agency is None
    assert hints(said).doubted["agency (sourceOrganization)"] == "Reuters"
    assert hints(said, body="<p>(Reuters) - The pier is open.</p>" + BODY).agency == "Reuters"


def test_a_correction_is_believed_where_its_words_stand_on_the_page():
    text = "An earlier version of this story misstated the length of the pier."
    said = ld(correction={"@type": "CorrectionComment", "text": text})
    assert hints(said).ed_note is None
    assert hints(said).doubted["correction"] == text
    assert hints(said, body=BODY + f"<p>{text}</p>").ed_note == f"Correction: {text}"


def test_what_has_no_word_of_ours_is_kept():
    found = hints(
        ld(isBasedOn="https://origin.example/1", articleSection="Harbour", publisher={"name": "Gazette"})
        + meta(og__type="article", article__tag="pier")
        + '<link rel="amphtml" href="https://gazette.example/amp/1">'
    )
    assert found.kept["json_ld"]["isBasedOn"] == "https://origin.example/1"
    assert found.kept["json_ld"]["articleSection"] == "Harbour"
    assert found.kept["meta"] == {"og:type": "article", "article:tag": "pier"}
    assert found.kept["amphtml"] == "https://gazette.example/amp/1"


def test_the_outlets_name_is_no_part_of_the_headline():
    found = read_html(page(meta(og__title=f"{HEADLINE} - Gazette", og__site_name="Gazette"), h1=""))
    assert found.title == HEADLINE


def test_a_headline_for_sharing_that_is_nowhere_on_the_page_gives_way_to_the_pages_own():
    found = read_html(page(meta(og__title="You will not believe what happened next")))
    assert found.title == HEADLINE
    assert "headline (og:title)" in found.hints.doubted


def test_what_the_submission_says_goes_before_what_the_page_says():
    head = ld(datePublished="2026-03-03T09:30:00Z", author="Ann Ebb")
    said = datetime(2026, 3, 2, tzinfo=UTC)
    submission = Submission(
        source="gazette.example", raw=b"{}", html=page(head), url=URL, published_at=said, title="Mine"
    )
    document = parse(submission)
    assert (document.submission.published_at, document.title) == (said, "Mine")
    assert document.submission.byline == "Ann Ebb"
    assert document.submission.raw == b"{}"


def test_a_front_page_as_canonical_does_not_make_two_articles_one():
    from app.parsing.document import identity_key  # noqa: PLC0415

    front = '<link rel="canonical" href="https://gazette.example/">'
    one = parse(Submission(source="s", raw=b"", html=page(front)))
    two = parse(
        Submission(source="s", raw=b"", html=page(front, h1="Council votes on a tram line", body=BODY[200:]))
    )
    assert identity_key(one) != identity_key(two)


PIECES = st.sampled_from(
    [
        "<html>", "<head>", "<body>", "<article>", "</article>", "<p>", "</p>", "<h1>Pier</h1>", "<title>", "</title>",
        '<meta property="og:title" content="', '<meta property="article:published_time" content="', '">',
        '<link rel="canonical" href="', "https://[", "//", "https://x.example/a-b-c", "%zz",
        '<script type="application/ld+json">', "</script>", '{"@type":"NewsArticle","headline":', "[", "]", "}", '"', ",",
        '"author":', '"correction":', '"url":', "null", "1e999", "\\ud800", "\ud800", "\x00", "9999-99-99", "<!--", "-->",
        "<table>", "<tr>", "<td>", "<form>", "<aside>", "<li>", "&amp;", "&#x110000;", "Reuters ", "words of a text ", "é",
    ]
)  # fmt: skip


@settings(max_examples=200)
@given(st.lists(PIECES, max_size=80), st.sampled_from([None, URL, "https://[", "x"]))
def test_no_page_raises_and_none_says_more_than_it_holds(pieces, url):
    html = "".join(pieces)
    read = read_html(html, url=url)
    assert len(read.text) <= 2 * len(html) + 10
