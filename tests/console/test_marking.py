"""Marking cuts a text into pieces and loses none of it."""

from hypothesis import given
from hypothesis import strategies as st

from app.console.marking import Piece, pieces, printable
from app.dedup.model import Span

SPANS = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 60)).map(lambda p: Span(min(p), max(p))), max_size=6
)


def test_a_stretch_and_a_fact_in_it_are_marked():
    text = "It costs 3,700 crowns now."
    assert pieces(text, [Span(3, 21)], [Span(9, 14)]) == [
        Piece("It ", 0, False),
        Piece("costs ", 1, False),
        Piece("3,700", 1, True),
        Piece(" crowns", 1, False),
        Piece(" now.", 0, False),
    ]


@given(st.text(max_size=50), SPANS, SPANS)
def test_the_pieces_together_are_the_text(text, stretches, facts):
    assert "".join(piece.text for piece in pieces(text, stretches, facts)) == printable(text)


def test_what_html_cannot_carry_is_replaced_and_keeps_its_place():
    assert printable("a\x00b\ud800c\x1b[1m\n\t") == "a\ufffdb\ufffdc\ufffd[1m\n\t"
