import time

import pytest

from app.parsing.html import read_html

MENU = "<nav><ul>" + "".join(f"<li><a href='/{n}'>Section {n}</a></li>" for n in range(20)) + "</ul></nav>"
STORY = "".join(
    f"<p>Paragraph {n} of the report on the pier says something that no other paragraph says, at some length.</p>"
    for n in range(6)
)


def test_a_fragment_is_taken_whole_block_by_block():
    html = "<h2>Works</h2><p>One <b>bold</b>\n word.<br>Next line.</p><ul><li>a</li><li>b</li></ul><script>x()</script>"
    assert read_html(html).text == "Works\n\nOne bold word.\n\nNext line.\n\na\n\nb"


def test_a_page_is_read_without_its_menu():
    page = f"<!doctype html><html><head><title>Pier | Gazette</title></head><body>{MENU}<article><h1>Pier</h1>{STORY}</article></body></html>"
    read = read_html(page)
    assert "Paragraph 5" in read.text
    assert "Section 7" not in read.text
    assert read.title == "Pier"


def test_a_page_with_little_on_it_is_still_read():
    assert read_html("<html><body><p>Short.</p></body></html>").text == "Short."


def test_the_headline_for_sharing_comes_first():
    page = '<html><head><meta property="og:title" content="For sharing"><title>T</title></head><body><p>x</p></body></html>'
    assert read_html(page).title == "For sharing"


@pytest.mark.parametrize(
    "html",
    ["", "plain", "<", "<p", "\x00<p>\ud800</p>", "<!--", "<![CDATA[x]]>", "</p></div>", "&#0;&#x110000;"],
)
def test_no_markup_raises(html):
    read_html(html)


@pytest.mark.parametrize("tag", ["<div>", "<b>", "<html><body>" + "<span>"])
def test_deep_nesting_takes_no_longer_than_flat_text(tag):
    began = time.perf_counter()
    assert read_html(tag * 200_000 + "end").text == "end"
    assert time.perf_counter() - began < 10


def test_two_hundred_thousand_paragraphs_are_read():
    assert read_html("<p>A paragraph.</p>" * 200_000).text.count("\n\n") == 199_999
