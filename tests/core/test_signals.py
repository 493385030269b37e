"""What stands over a printing is counted without the page's frame, each word of it once."""

from app.dedup.layout import Layout
from app.dedup.model import Passage, Role, Span
from app.dedup.printings import find_printings
from app.dedup.signals import Setting, measure
from app.dedup.words import tokenise

HEADLINE = "Velden closes its old fish market"
NOTE = "A note of five words."
LEAD = "The harbour council of Velden voted to close the old fish market by the end of March."
PAGE = f"{HEADLINE}\n\n{NOTE}\n\n{LEAD}\n\nBy Ann Moor\n\n{LEAD} Traders had not been told."


def words_above(*passages: Passage) -> int:
    words = tokenise(PAGE)
    layout = Layout(PAGE, words)
    (run,) = find_printings(words)
    return measure(Setting(PAGE, words, layout, passages, layout.median_paragraph()), run).above


def test_words_over_a_printing_are_counted_without_its_headline():
    headline = Passage(Role.HEADLINE, Span(0, len(HEADLINE)))
    assert words_above() == 11
    assert words_above(headline) == 5


def test_a_headline_that_two_passages_tell_of_counts_once():
    headline = Passage(Role.HEADLINE, Span(0, len(HEADLINE)))
    part = Passage(Role.HEADLINE, Span(0, len("Velden closes")))
    assert words_above(headline, headline) == words_above(part, headline) == words_above(headline)
