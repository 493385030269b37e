import pytest

from app.errors import EmptyText, MissingField
from app.model import Submission
from app.parsing.document import identity_key, is_blank, parse

BODY = "The harbour authority said on Monday that the second pier would reopen in May.\n\nWork began in 2019."


def submission(**fields):
    return Submission(
        **{"source": "gazette.example", "raw": b"{}", "title": "Pier to reopen", "text": BODY} | fields
    )


@pytest.mark.parametrize(
    "text",
    [
        "A\x00B said the mayor.",
        "\u202eevil\u202c text",
        "half a pair \ud83d here",
        "line\r\nends\rstay ",
        "\n\n  indented",
        "zero\u200bwidth",
    ],
)
def test_text_is_kept_exactly_as_received(text):
    assert parse(submission(text=text)).text == text


@pytest.mark.parametrize(
    "text", ["", "  \n\t", "\u200b\u200e\ufeff", "\x00\x00", "\u3164\u115f", "\ud800", "\u2028", "\ufe0f"]
)
def test_text_that_nobody_can_see_is_refused(text):
    with pytest.raises(EmptyText) as refused:
        parse(submission(text=text))
    assert refused.value.field == "text"
    assert refused.value.fix


def test_a_long_run_of_blanks_before_one_letter_is_text():
    assert not is_blank("\u200b" * 10_000 + "a")


def test_text_or_html_must_be_given():
    with pytest.raises(MissingField):
        parse(submission(text=None))


def test_html_stands_in_where_text_is_blank():
    document = parse(submission(text=" ", html="<p>One.</p><p>Two.</p>"))
    assert document.text == "One.\n\nTwo."


def test_html_without_text_is_refused_by_name():
    with pytest.raises(EmptyText) as refused:
        parse(submission(text=None, html="<script>alert(1)</script><p> </p>"))
    assert refused.value.field == "html"


def test_text_wins_over_html():
    assert parse(submission(html="<p>Other</p>")).text == BODY


def test_a_given_title_is_kept_as_it_is():
    assert parse(submission(title=" Pier  to reopen ")).title == " Pier  to reopen "


def test_a_first_line_that_reads_like_a_headline_is_the_title_of_an_untitled_text():
    assert (
        parse(submission(title="", text=f"\nPier to reopen in May\n\n{BODY}")).title
        == "Pier to reopen in May"
    )


@pytest.mark.parametrize("text", [BODY, "Only one line", "A lead that ends in a full stop.\n\n" + BODY])
def test_a_lead_is_not_taken_for_a_headline(text):
    assert parse(submission(title="", text=text)).title == ""


def test_an_untitled_page_is_named_by_its_headline():
    page = f"<html><head><title>Pier | Gazette</title></head><body><h1>Pier to reopen</h1><p>{BODY}</p></body></html>"
    assert parse(submission(title="", text=None, html=page)).title == "Pier to reopen"


def key(**fields):
    return identity_key(parse(submission(**fields)))


def test_an_external_id_is_the_identity_whatever_else_changes():
    assert key(external_id="7") == key(
        external_id="7", text="Other text.", title="Other", url="https://x.example/a"
    )
    assert key(external_id="7") != key(external_id="8")
    assert key(external_id="7") != key(external_id="7", source="other.example")
    assert len(key(external_id="7")) == 16


def test_without_an_external_id_the_normalised_url_is_the_identity():
    assert key(url="https://www.x.example/a?utm_source=rss") == key(
        url="http://x.example/a/", text="New text."
    )
    assert key(url="https://x.example/a") != key(url="https://x.example/b")


def test_without_either_the_content_is_the_identity():
    assert key() == key(byline="Someone", published_at=None)
    assert key() != key(text="Other text.")
    assert key() != key(source="other.example")


def test_parts_of_an_identity_cannot_run_into_each_other():
    assert key(source="a", external_id="bc") != key(source="ab", external_id="c")
