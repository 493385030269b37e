"""A copy is stale where it says what its origin has corrected, and nowhere else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.dedup.clean import clean
from app.dedup.differences import DifferenceKind, story_of
from app.dedup.fingerprint import take_fingerprint
from app.dedup.model import Facts, Page
from app.dedup.outline import draw_outline
from app.dedup.profile import STANDARD
from app.dedup.staleness import Told, correct, merge, stale_passages

STORY = (
    "The harbour council of Velden voted on Monday to close the old fish market by the end of March, "
    "after engineers found 14 cracked piles under the eastern quay. Traders will meet on Sunday.\n\n"
    "Traders said they had not been told. About 260 people work in the hall, which opened in 1931.\n\n"
    "The council will spend 3,700 crowns on temporary stalls, said its head, Mira Stolz."
)
RUSSIAN = (
    "Совет порта Вельден проголосовал в понедельник за закрытие старого рыбного рынка до конца марта, "
    "после того как инженеры нашли 14 треснувших свай под восточной набережной.\n\n"
    "Около 260 человек работают в зале, который открылся в 1931 году после большого наводнения."
)


def told(text: str, key: int = 0) -> Told:
    cleaned = clean(Page(text))
    print_ = take_fingerprint(cleaned, STANDARD)
    return Told(key, draw_outline(print_), story_of(cleaned), Facts(f"s{key}.example"))


def stale(copy: str, before: str, after: str, now: str | None = None):
    """What is stale in a copy: sentence, old words, and what it should say."""
    last = told(after, 2)
    latest = last if now is None else told(now, 3)
    texts = {2: after, 3: now or after}
    found = stale_passages(told(copy), correct(told(before, 1), last, latest))
    return [
        (
            copy[slice(*each.passage)],
            copy[slice(*each.old)] if each.old else "",
            texts[each.new_in][slice(*each.new)] if each.new else "",
        )
        for each in found
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [("3,700", "3,770"), ("14", "41"), ("Monday", "Friday"), ("Mira Stolz", "Jonas Feld"), ("1931", "1913")],
)
def test_a_copy_with_the_old_fact_is_stale_in_that_sentence(old, new):
    after = STORY.replace(old, new)
    copy = "Market to close\n\n" + STORY + "\n\nMore news from the coast follows in the evening."
    ((sentence, had, should),) = stale(copy, STORY, after)
    assert (had, should) == (old, new)
    assert old in sentence
    assert sentence in copy
    assert len(sentence) < 200


def test_a_copy_that_was_corrected_or_never_had_the_paragraph_is_not_stale():
    after = STORY.replace("3,700", "3,770")
    assert stale(after, STORY, after) == []
    assert stale("\n\n".join(STORY.split("\n\n")[:2]), STORY, after) == []


def test_a_copy_with_a_number_of_its_own_differs_and_is_not_stale():
    assert stale(STORY.replace("3,700", "3,900"), STORY, STORY.replace("3,700", "3,770")) == []


def test_what_a_copy_shortened_is_stale_in_what_it_kept():
    copy = "\n\n".join(STORY.split("\n\n")[1:])
    after = STORY.replace("3,700", "3,770").replace("14 cracked", "41 cracked")
    assert [(old, new) for _, old, new in stale(copy, STORY, after)] == [("3,700", "3,770")]


def test_a_number_is_the_same_however_its_digits_are_grouped():
    assert [
        old for _, old, _ in stale(STORY.replace("3,700", "3.700"), STORY, STORY.replace("3,700", "3,770"))
    ] == ["3.700"]


def test_a_sentence_that_was_worded_otherwise_is_stale_with_the_old_number_alone():
    after = STORY.replace("3,700", "3,770")
    reworded = "The council is to pay 3,700 crowns for temporary stalls, said its head, Mira Stolz."
    copy = "\n\n".join([*STORY.split("\n\n")[:2], reworded])
    assert [old for _, old, _ in stale(copy, STORY, after)] == ["3,700"]
    mended = reworded.replace("pay 3,700", "pay 3,770, and not 3,700,")
    assert stale("\n\n".join([*STORY.split("\n\n")[:2], mended]), STORY, after) == []


@pytest.mark.parametrize("came_in", [True, False])
def test_a_denial_that_came_in_or_went_out_is_stale(came_in):
    without = STORY.replace("had not been", "had been")
    before, after = (without, STORY) if came_in else (STORY, without)
    ((sentence, old, new),) = stale(before, before, after)
    assert (old, new) == (("", "not") if came_in else ("not", ""))
    assert sentence.startswith("Traders said")
    assert stale(after, before, after) == []


def test_what_was_corrected_again_is_told_in_the_latest_words():
    after, now = STORY.replace("3,700", "3,770"), STORY.replace("3,700", "3,707")
    assert [(old, new) for _, old, new in stale(STORY, STORY, after, now)] == [("3,700", "3,707")]


def test_what_was_taken_back_again_is_no_correction():
    assert stale(STORY, STORY, STORY.replace("3,700", "3,770"), STORY) == []


def test_of_one_place_the_latest_correction_speaks():
    before, after, last = (
        told(STORY, 1),
        told(STORY.replace("3,700", "3,770"), 2),
        told(STORY.replace("3,700", "3,707"), 3),
    )
    copy = told(STORY)
    first = stale_passages(copy, correct(before, after, after))
    second = stale_passages(copy, correct(before, last, last))
    assert [each.new_in for each in merge([first, second])] == [3]


def test_other_languages_than_english_are_read_as_well():
    after = RUSSIAN.replace("260", "240")
    ((sentence, old, new),) = stale("Рынок закроют\n\n" + RUSSIAN, RUSSIAN, after)
    assert (old, new) == ("260", "240")
    assert sentence.startswith("Около 260")


_WORDS = STORY.split()
_EDITS = st.lists(
    st.tuples(st.integers(0, len(_WORDS) - 1), st.sampled_from(["12", "May", "Anna", "not", "x", "3,700"])),
    max_size=6,
)


def _edited(edits):
    words = list(_WORDS)
    for place, word in edits:
        words[place] = word
    return " ".join(words)


@settings(max_examples=40)
@given(_EDITS, _EDITS)
def test_laws(first, second):
    """Whatever was corrected: the new text is never stale, every span is in the text, no change is no news."""
    before, after = _edited(first), _edited(second)
    assert stale(after, before, after) == []
    assert stale(before, before, before) == []
    one, other = told(before, 1), told(after, 2)
    for copy in (before, after, STORY):
        for each in stale_passages(told(copy), correct(one, other, other)):
            assert 0 <= each.passage.start < each.passage.end <= len(copy)
            assert each.old is None or (
                each.passage.start <= each.old.start < each.old.end <= each.passage.end
            )
            assert each.kind in DifferenceKind
            assert each.new is None or other.story.text[slice(*each.new)]


@settings(max_examples=40)
@given(_EDITS)
def test_a_copy_of_the_text_before_has_all_that_was_corrected(edits):
    after = _edited(edits)
    correction = correct(told(STORY, 1), told(after, 2), told(after, 2))
    stale_now = stale_passages(told(STORY), correction)
    assert len(stale_now) == len([fact for fact in correction.facts if fact.old is not None]) + len(
        [each for each in stale_now if each.old is None]
    )
