import json
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


def test_what_is_not_marked_as_a_menu_is_left_out_all_the_same():
    links = "".join(f"<div><a href='/{n}'>Other story number {n}</a></div>" for n in range(30))
    page = f"<html><head><title>Pier</title></head><body><div>{links}</div><div class='story'>{STORY}</div></body></html>"
    read = read_html(page)
    assert "Paragraph 5" in read.text
    assert "Other story" not in read.text


def test_lines_that_stand_beside_the_article_are_left_out():
    aside = "<div class='newsletter-box'><p>Get our letter about the harbour every morning before eight.</p></div>"
    more = "<p><a href='/x'>Read more about the council and its plans for trams</a></p>"
    page = f"<html><head><title>Pier</title></head><body><article>{STORY[:300]}{aside}{more}{STORY[300:]}</article></body></html>"
    text = read_html(page).text
    assert "Paragraph 5" in text
    assert "every morning" not in text
    assert "plans for trams" not in text


def test_a_box_that_holds_the_article_is_the_article_whatever_its_name():
    page = f"<html><head><title>Pier</title></head><body><form><div class='related-view'>{STORY}</div></form></body></html>"
    assert read_html(page).text.count("Paragraph") == 6


def test_an_article_cut_into_pieces_is_put_together():
    def piece(of):
        return (
            "<div class='body'>"
            + "".join(
                f"<p>{of} piece, sentence {n}: the harbour authority said that the work on the pier would go on for weeks.</p>"
                for n in range(8)
            )
            + "</div>"
        )

    parts = "<div class='ad'><div><a href='/ad'>Ad</a></div></div>".join(
        map(piece, ("First", "Second", "Third"))
    )
    page = f"<html><head><title>Pier</title></head><body><article><div>{parts}</div></article></body></html>"
    text = read_html(page).text
    assert [text.count(of) for of in ("First piece", "Second piece", "Third piece")] == [8, 8, 8]


def test_a_page_that_leaves_its_text_to_a_script_is_read_from_its_json_ld():
    body = " ".join(
        f"Sentence {n} of the report on the pier, which is told in full in the markup for machines."
        for n in range(20)
    )
    script = json.dumps({"@type": "NewsArticle", "headline": "Pier reopens in May", "articleBody": body})
    page = (
        f"<html><head><title>Pier reopens in May</title><script type='application/ld+json'>{script}</script></head>"
        "<body><h1>Pier reopens in May</h1><div id='app'>Loading</div></body></html>"
    )
    assert read_html(page).text == body


def test_rows_of_a_table_are_lines():
    rows = "".join(f"<tr><td>Boat {n}</td><td>{n} points</td></tr>" for n in range(5))
    page = f"<html><head><title>Race</title></head><body><article>{STORY}<table>{rows}</table></article></body></html>"
    assert "Boat 3 3 points" in read_html(page).text


@pytest.mark.parametrize(
    "html",
    [
        "<table>" + "<tr><td>x</td></tr>" * 400_000,
        "<html><body><p>" + "text<br>" * 100_000,
        "<html><body>" + "<ul><li>x " * 900,
        "<html><head>" + "<meta property='og:title' content='a'>" * 40_000,
        "<html><head><script type='application/ld+json'>" + "[" * 100_000,
        "<html><body>" + "<script>" * 50_000,
        "<html><body>" + "<!--" * 100_000,
        "<html><body><p>" + "<span>a</span>" * 50_000,
    ],
    ids=lambda html: html[:50],
)
def test_hostile_markup_is_read_soon(html):
    read_html(html)


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
