"""The tokeniser: what counts as a word, where it stands, and what makes two words equal."""

import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.dedup.letters import ALIKE, describe
from app.dedup.model import WordFlag
from app.dedup.words import tokenise, tokenise_both


def spelled(text: str) -> list[str]:
    words = tokenise(text)
    return [text[start:end] for start, end in zip(words.start, words.end, strict=True)]


def flagged(text: str, flag: WordFlag) -> list[str]:
    words = tokenise(text)
    return [
        text[start:end]
        for start, end, flags in zip(words.start, words.end, words.flags, strict=True)
        if flags & flag
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "Shares rose 3,770 points, or 1.5 percent.",
            ["Shares", "rose", "3,770", "points", "or", "1.5", "percent"],
        ),
        (
            "as a deadline approaches, 1the deputy",
            ["as", "a", "deadline", "approaches", "1", "the", "deputy"],
        ),
        ("the G20 and COVID-19", ["the", "G20", "and", "COVID", "19"]),
        ("新华社北京11月3日电", ["新", "华", "社", "北", "京", "11", "月", "3", "日", "电"]),
        ("vol\u00adunteers", ["vol\u00adunteers"]),
        ("", []),
        (" \n\t…", []),
    ],
)
def test_words_are_runs_of_letters_or_digits_and_single_letters_where_no_spaces_are_written(text, words):
    assert spelled(text) == words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Zoé Ångström", unicodedata.normalize("NFD", "Zoé Ångström")),
        ("the group's plan", "the group’s plan"),
        ("the group's plan", "the group&rsquo;s plan"),
        ("volunteers", "vol\u00adunteers"),
        ("KOSOVO Deal", "kosovo deal"),
        ("١٢ نوفمبر", "12 نوفمبر"),
        ("ﬁve", "five"[:1] + "ve"),
        ("zero\u200bwidth\u2060", "zerowidth"),
    ],
)
def test_typography_does_not_change_a_word(one, other):
    assert tokenise(one).hash.tolist() == tokenise(other).hash.tolist()


def test_other_letters_or_their_order_make_another_word():
    hashes = tokenise("stop tops pots spot opts 12 21 1.2 ab ba").hash
    assert len(set(hashes.tolist())) == len(hashes)


def test_flags_tell_numbers_capitals_paragraphs_sentences_and_denials():
    text = "Police said 12 were hurt. No one died in Karvala.\n\nIt did not rain."
    assert flagged(text, WordFlag.NUMBER) == ["12"]
    assert flagged(text, WordFlag.CAPITAL) == ["Police", "No", "Karvala", "It"]
    assert flagged(text, WordFlag.PARAGRAPH) == ["Police", "It"]
    assert flagged(text, WordFlag.SENTENCE) == ["Police", "No", "It"]
    assert flagged(text, WordFlag.NEGATION) == ["No", "not"]


@given(st.text(alphabet=st.characters(), max_size=400))
def test_any_text_gives_ordered_disjoint_words_inside_it(text):
    words = tokenise(text)
    assert (words.start < words.end).all()
    assert (words.end[:-1] <= words.start[1:]).all()
    assert not len(words) or (words.start[0] >= 0 and words.end[-1] <= len(text))
    assert len(words.start) == len(words.hash) == len(words.flags)


_PIECES = [
    "a",
    "É",
    "7",
    ".",
    ",",
    "'",
    "’",
    "&am",
    "p;",
    "&amp;",
    "\u200b",
    "\u0301",
    "北",
    " ",
    "\n",
    "!",
    "not",
    "\U00020000",
]
_any_text = st.text(max_size=20) | st.lists(st.sampled_from(_PIECES), max_size=12).map("".join)


@given(_any_text, _any_text)
def test_a_title_read_along_with_its_text_is_what_it_is_alone(text, title):
    for together, alone in zip(tokenise_both(text, title), (tokenise(text), tokenise(title)), strict=True):
        for part in ("start", "end", "hash", "flags"):
            assert getattr(together, part).tolist() == getattr(alone, part).tolist()
            assert getattr(together, part).dtype == getattr(alone, part).dtype


@given(
    st.lists(st.sampled_from(["stone", "river", "12", "3.5", "北", "a’b", "Zoé"]), max_size=30),
    st.sampled_from([" ", "  ", "\n"]),
)
def test_spacing_does_not_change_the_words(parts, space):
    assert tokenise(space.join(parts)).hash.tolist() == tokenise(" ".join(parts)).hash.tolist()


def test_a_reference_to_a_control_character_is_no_word_and_no_harm():
    assert tokenise("one &#3; two").hash.tolist()[:1] == tokenise("one").hash.tolist()


def test_a_lone_surrogate_and_a_nul_are_borne():
    assert spelled("a\ud800b\x00c") == ["a", "b", "c"]


def test_a_text_beyond_the_basic_plane_is_read():
    words = tokenise("😀 news 𠀀𠀁")
    assert len(words) == 3
    assert len(np.unique(words.hash)) == 3


def test_a_block_that_its_first_code_point_speaks_for_is_alike_throughout():
    for low, high in ALIKE:
        kind, folded, capital = describe(low)
        assert all(
            describe(code) == (kind, code if folded else 0, capital) and folded in {0, low}
            for code in range(low, high)
        )
