"""What differs is named as it is printed, and found again where it stands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.dedup import differences as module
from app.dedup.clean import clean
from app.dedup.compare import compare
from app.dedup.differences import DifferenceKind, differences, story_of
from app.dedup.fingerprint import take_fingerprint
from app.dedup.model import Facts, Page, Run
from app.dedup.outline import draw_outline
from app.dedup.profile import STANDARD

STORY = (
    "The harbour council of Velden voted on Monday to close the old fish market by the end of March, "
    "after engineers found 14 cracked piles under the eastern quay.\n\n"
    "Traders said they had not been told. About 260 people work in the hall, which opened in 1931.\n\n"
    "The council will spend 3,700 crowns on temporary stalls, said its head, Mira Stolz."
)


def differing(new: str, old: str):
    a, b = (clean(Page(text)) for text in (new, old))
    one, other = (draw_outline(take_fingerprint(each, STANDARD)) for each in (a, b))
    compared = compare(one, other, Facts("one"), Facts("two"))
    return compared, differences(story_of(a), story_of(b), compared)


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("3,700", "3,770", DifferenceKind.NUMBER),
        ("260", "1,260", DifferenceKind.NUMBER),
        ("Monday", "Friday", DifferenceKind.DATE),
        ("Mira Stolz", "Jonas Feld", DifferenceKind.NAME),
    ],
)
def test_a_changed_fact_is_named_on_both_sides_as_it_is_printed(old, new, kind):
    later = STORY.replace(old, new)
    _, (found,) = differing(later, STORY)
    assert (found.kind, found.b, found.a) == (kind, old, new)
    assert later[slice(*found.at_a)] == new
    assert STORY[slice(*found.at_b)] == old
    assert str(found) == f"{old} → {new}"


@pytest.mark.parametrize("gone_from_the_new", [True, False])
def test_a_lost_negation_stands_on_one_side_alone(gone_from_the_new):
    without = STORY.replace("had not been", "had been")
    _, (found,) = differing(*((without, STORY) if gone_from_the_new else (STORY, without)))
    assert found.kind is DifferenceKind.NEGATION
    text, span, empty = (
        (found.b, found.at_b, found.at_a) if gone_from_the_new else (found.a, found.at_a, found.at_b)
    )
    assert (text, STORY[slice(*span)], empty) == ("not", "not", None)


def test_the_search_ends_where_as_many_differences_are_found_as_were_asked_for(monkeypatch):
    letters = str.maketrans("0123456789", "abcdefghij")
    names = [f"quay{n:03}".translate(letters) for n in range(400)]
    shared = [f"The ship {name} of the line left {name} before noon" for name in names]
    rewritten = [
        "\n".join(f"{said} with {n + more} crates, {word * 3}." for n, said in enumerate(shared))
        for more, word in (
            (0, "as the harbour master had asked. "),
            (1000, "whatever people in town thought. "),
        )
    ]
    a, b = (clean(Page(text)) for text in rewritten)
    one, other = (draw_outline(take_fingerprint(each, STANDARD)) for each in (a, b))
    compared = compare(one, other, Facts("one"), Facts("two"))
    assert len(compared.substitutions) > 300
    looked: list[Run] = []

    def look(sides, gap):
        looked.append(gap)
        return exchanged(sides, gap)

    exchanged = module._in_substitution
    monkeypatch.setattr(module, "_in_substitution", look)
    found = differences(story_of(a), story_of(b), compared)
    assert len(looked) == len(compared.substitutions)
    looked.clear()
    assert differences(story_of(a), story_of(b), compared, most=5) == found[:5]
    assert len(looked) < 20


def test_a_text_beside_itself_differs_in_nothing():
    assert differing(STORY, STORY)[1] == ()


def test_offsets_count_the_text_as_received_with_headline_and_credit():
    page = "Fish market to close\n\nPhoto: Velden Press\n\n" + STORY.replace("3,700", "3,770")
    _, found = differing(page, STORY)
    (number,) = [each for each in found if each.kind is DifferenceKind.NUMBER]
    assert page[slice(*number.at_a)] == "3,770"


def test_as_many_numbers_dates_and_negations_are_named_as_were_counted():
    new = STORY.replace("3,700", "4,100").replace("Monday", "Tuesday").replace("14", "17").replace("not ", "")
    compared, found = differing(new, STORY)
    named = {kind: sum(each.kind is kind for each in found) for kind in DifferenceKind}
    assert named[DifferenceKind.NUMBER] == compared.numbers_differ == 2
    assert named[DifferenceKind.DATE] == compared.dates_differ == 1
    assert named[DifferenceKind.NEGATION] == compared.negations_differ == 1


_WORDS = STORY.split()


@given(
    st.lists(st.tuples(st.integers(0, len(_WORDS) - 1), st.sampled_from(["12", "May", "Anna", "not", "x"])))
)
def test_every_span_cuts_out_the_words_it_is_said_to(edits):
    words = list(_WORDS)
    for place, word in edits:
        words[place] = word
    new = " ".join(words)
    compared, found = differing(new, STORY)
    for each in found:
        assert each.at_a is None or new[slice(*each.at_a)] == each.a
        assert each.at_b is None or STORY[slice(*each.at_b)] == each.b
    counted = {
        DifferenceKind.NUMBER: compared.numbers_differ,
        DifferenceKind.NEGATION: compared.negations_differ,
    }
    assert {kind: sum(each.kind is kind for each in found) for kind in counted} == counted
