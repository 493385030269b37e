"""Wire tags are read off headlines and advisory lines; words that merely look like them stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.dedup.model import TagKind, WireTag
from app.dedup.wiretags import is_withdrawal, quoted_headline, read_advisory, read_headline, read_note


@pytest.mark.parametrize(
    ("printed", "kind", "number", "title"),
    [
        ("UPDATE 2-Ferries stop", TagKind.UPDATE, 2, "Ferries stop"),
        ("UPDATE: Ferries stop", TagKind.UPDATE, None, "Ferries stop"),
        ("CORRECTED-Ferries stop", TagKind.CORRECTION, None, "Ferries stop"),
        ("CORRECTED (OFFICIAL)-Ferries stop", TagKind.CORRECTION, None, "Ferries stop"),
        ("Correction: Ferries stop", TagKind.CORRECTION, None, "Ferries stop"),
        ("Berichtigung: Fähren stehen still", TagKind.CORRECTION, None, "Fähren stehen still"),
        ("更正：渡轮停航", TagKind.CORRECTION, None, "渡轮停航"),
        ("REFILE-UPDATE 3-Ferries stop", TagKind.REFILE, 3, "Ferries stop"),
        ("RPT-Ferries stop", TagKind.REPEAT, None, "Ferries stop"),
        ("WRAPUP 1-Ferries stop", TagKind.ROUNDUP, 1, "Ferries stop"),
        ("ROUNDUP 2: Fähren stehen still", TagKind.ROUNDUP, 2, "Fähren stehen still"),
        ("URGENT-Ferries stop", TagKind.ALERT, None, "Ferries stop"),
        ("AVANCE: Paran los barcos", TagKind.ALERT, None, "Paran los barcos"),
        ("[속보] 여객선 운항 중단", TagKind.ALERT, None, "여객선 운항 중단"),
        ("(2nd LD) Ferries stop", TagKind.UPDATE, 2, "Ferries stop"),
        ("1ST LEAD Fähren stehen still", TagKind.UPDATE, 1, "Fähren stehen still"),
        ("STORY WITHDRAWN-Ferries stop", TagKind.WITHDRAWAL, None, "Ferries stop"),
        ("KILL KILL KILL Fähren stehen still", TagKind.WITHDRAWAL, None, "Fähren stehen still"),
        ("BRIEF-Acme Pumps reports", TagKind.BRIEF, None, "Acme Pumps reports"),
    ],
)
def test_a_tag_in_front_of_a_headline_is_read_and_taken_off(printed, kind, number, title):
    headline = read_headline(printed)
    assert headline.tag == WireTag(kind, number)
    assert headline.title == title


def test_an_anpa_slug_gives_the_number_of_its_lead():
    assert read_headline("BC-NH--Ferries Stop, 1st Ld-Writethru, NH").tag == WireTag(TagKind.UPDATE, 1)


@pytest.mark.parametrize(
    "title",
    [
        "Update on the ferries of Norholm",
        "Urgent care centres close",
        "Brief encounter on a ferry",
        "Kill the lights, harbour master says",
        "Flash floods stop ferries",
        "Hold: the ferry that never left",
        "The ferries of Norholm - what next",
        "Repeat offender jailed",
    ],
)
def test_an_ordinary_headline_keeps_its_words(title):
    headline = read_headline(title)
    assert headline.tag is None
    assert headline.title == title


def test_labels_and_outlets_go_from_the_headline_without_being_tags():
    assert (
        read_headline("EXCLUSIVE-Acme to buy the ferries of Norholm").title
        == "Acme to buy the ferries of Norholm"
    )
    assert read_headline("Ferries to stop for two weeks | Reuters").title == "Ferries to stop for two weeks"
    assert read_headline("Ferries to stop for two weeks - BBC News").title == "Ferries to stop for two weeks"
    assert read_headline("Reuters: ferries to stop for two weeks").title == "ferries to stop for two weeks"


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("(Adds quote, background)", TagKind.UPDATE),
        ("(Recasts with comment)", TagKind.UPDATE),
        ("(New throughout)", TagKind.UPDATE),
        ("(Corrects figure in first paragraph)", TagKind.CORRECTION),
        ("(Repeats story first published on Monday)", TagKind.REPEAT),
        ("(This May 14 story adds dropped word in headline)", TagKind.REFILE),
        ("(Corrige la cifra del primer párrafo)", TagKind.CORRECTION),
    ],
)
def test_an_advisory_line_says_what_was_done_to_the_text(line, kind):
    assert read_advisory(line) == WireTag(kind)


def test_other_lines_in_brackets_are_no_advisories():
    assert read_advisory("(This story has been read by many)") is None
    assert read_advisory("(Additional reporting by Ana Lund)") is None


def test_an_editors_note_beside_the_text_is_read():
    assert read_note("Corrects spelling of harbour master's name") == WireTag(TagKind.CORRECTION)
    assert read_note("KILL - story is wrong") == WireTag(TagKind.WITHDRAWAL)
    assert read_note("Please note the embargo") is None
    assert read_note(None) is None


def test_a_notice_quotes_the_headline_it_withdraws():
    notice = 'The Nov. 3 story headlined "Acme to buy the ferries" is wrong and is withdrawn. There is no substitute.'
    assert is_withdrawal(notice, notice.lower())
    assert quoted_headline(notice) == "Acme to buy the ferries"


def test_a_kill_names_the_slug_of_the_story():
    notice = "Please kill the story BC-NH--Ferries Stop, V9991. A kill is mandatory."
    assert is_withdrawal(notice, notice.lower())
    assert quoted_headline(notice) == "BC-NH--Ferries Stop"


def test_a_story_about_something_withdrawn_is_no_notice():
    story = "The bid for the ferries was withdrawn on Friday, the harbour office said. Nobody was killed."
    assert not is_withdrawal(story, story.lower())


@given(st.text(max_size=120))
def test_any_headline_and_line_is_read_without_error(text):
    read_headline(text)
    read_headline("UPDATE 1-" + text)
    read_advisory("(" + text)
    read_note(text)
    is_withdrawal(text, text.lower())
    quoted_headline(text)
