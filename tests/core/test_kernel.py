"""The compiled loops of comparing say what NumPy says, value for value, and trust no block of memory."""

import struct

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.dedup import counting, kernel, packing
from app.dedup.clean import clean
from app.dedup.fingerprint import take_fingerprint
from app.dedup.model import Page
from app.dedup.packing import PARTS
from app.dedup.profile import STANDARD

pytestmark = pytest.mark.skipif(not kernel.COMPILED, reason="built without a C compiler: NumPy compares")

FLAGS = (0, 0, 0, 1, 2, 2, 32, 64, 2 | 64, 2 | 16, 1 | 8)
HEADER = struct.Struct(f"={PARTS}I")


class Text:
    """Words as hashes; each word has the flags that its hash says, as words of a language mostly do."""

    def __init__(self, words, title=()):
        self.words = np.array(words, dtype=np.uint32)
        self.flags = np.array([FLAGS[word % len(FLAGS)] for word in words], dtype=np.uint8)
        self.title = np.array(title, dtype=np.uint32)

    def __repr__(self):
        return f"Text({self.words.tolist()}, {self.title.tolist()})"

    def packed(self):
        return packing.pack(self.words, self.flags, self.title)


def assert_alike(a, b):
    for text in (a, b):
        assert kernel.pack(text.words, text.flags, text.title) == text.packed()
    for one, other in ((a.packed(), b.packed()), (b.packed(), a.packed())):
        assert kernel.count(one, other) == counting.count(one, other)
        assert kernel.align(one, other) == counting.align(one, other)


VOCABULARY = st.one_of(st.integers(0, 12), st.integers(0, 200), st.integers(0, 2**32 - 1))
TEXTS = st.builds(Text, st.lists(VOCABULARY, max_size=120), st.lists(st.integers(0, 12), max_size=8))


@settings(max_examples=200)
@given(TEXTS, TEXTS)
@example(Text([]), Text([]))
@example(Text([7] * 5), Text([7] * 4))
@example(Text([7] * 300, [7]), Text([7] * 200, [7, 7]))
@example(Text([0xFFFFFFFF, 0, 0x80000000] * 9), Text([0, 0x80000000, 0xFFFFFFFF] * 9))
def test_of_any_two_texts_both_count_the_same(a, b):
    assert_alike(a, b)


@st.composite
def edited(draw):
    """A text and what an editor made of it: words exchanged, runs cut out, put in, moved and said again."""
    words = draw(st.lists(st.integers(0, 400), min_size=20, max_size=260))
    other = list(words)
    for _ in range(draw(st.integers(0, 8))):
        at, length = draw(st.integers(0, len(other))), draw(st.integers(0, 30))
        match draw(st.sampled_from(["exchange", "cut", "add", "move", "repeat"])):
            case "exchange":
                other[at : at + length // 8] = draw(st.lists(st.integers(0, 400), max_size=6))
            case "cut":
                del other[at : at + length]
            case "add":
                other[at:at] = draw(st.lists(st.integers(0, 400), max_size=30))
            case "move":
                other = other[at:] + other[:at]
            case "repeat":
                other[at:at] = other[:length]
    title = draw(st.lists(st.sampled_from(words), max_size=8))
    return Text(words, title), Text(other, title[1:])


@settings(max_examples=200)
@given(edited())
def test_of_a_text_and_its_edit_both_count_the_same(pair):
    assert_alike(*pair)


STORY = (
    "VELDEN, March 3 (Northwire) - The harbour council of Velden voted on Monday to close the old fish market "
    "by the end of March, after engineers found 14 cracked piles under the eastern quay.\n\n"
    "Traders said they had not been told. About 260 people work in the hall, which opened in 1931.\n\n"
    "The council will spend 3,700 crowns on temporary stalls, said its head, Mira Stolz."
)


@pytest.mark.parametrize(
    "other",
    [
        STORY,
        STORY.replace("3,700", "3,770").replace("not ", "").replace("Mira Stolz", "Jonas Feld"),
        "\n\n".join(reversed(STORY.split("\n\n"))),
        STORY.replace("Monday", "Friday").replace("March", "April"),
        STORY + "\n\n" + STORY,
        "",
    ],
)
def test_of_real_fingerprints_both_count_the_same(other):
    one, two = (take_fingerprint(clean(Page(text, title="Fish market")), STANDARD) for text in (STORY, other))
    packed = [packing.pack(each.words, each.flags, each.title) for each in (one, two)]
    assert [kernel.pack(each.words, each.flags, each.title) for each in (one, two)] == packed
    assert kernel.count(*packed) == counting.count(*packed)


@pytest.mark.parametrize("words", [[7] * 10_000, list(range(20_000)), [n % 90 for n in range(6_000)]])
def test_of_pages_that_invite_quadratic_work_both_count_the_same(words):
    assert_alike(Text(words), Text(words[50:]))


@pytest.mark.parametrize(
    "block",
    [
        b"",
        b"\xff" * 47,
        b"\xff" * 48,
        HEADER.pack(*range(12, 24)),
        HEADER.pack(*reversed(range(12, 24))) + bytes(48),
        HEADER.pack(12, 13, *[13] * 10) + bytes(4),
        HEADER.pack(*[12] * 6, 13, *[13] * 5) + bytes(4),
    ],
    ids=[
        "empty",
        "short",
        "beyond the end",
        "no parts",
        "backwards",
        "flags of no words",
        "places of no seed",
    ],
)
def test_a_block_that_is_no_outline_is_refused(block):
    fit = Text(range(30)).packed()
    for pair in ((block, fit), (fit, block)):
        with pytest.raises(ValueError, match="not an outline"):
            kernel.count(*pair)


def test_flags_for_other_words_are_refused():
    with pytest.raises(ValueError, match="a flag for each word"):
        kernel.pack(np.arange(4, dtype=np.uint32), np.zeros(3, dtype=np.uint8), np.arange(0, dtype=np.uint32))
