"""Measures of two articles: bounded, mirrored, and honest about what differs inside."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.dedup.align import MOST_PARTNERS, matches, rank
from app.dedup.clean import clean
from app.dedup.compare import compare
from app.dedup.fingerprint import take_fingerprint
from app.dedup.model import Comparison, Facts, Page
from app.dedup.outline import draw_outline
from app.dedup.profile import STANDARD

FIRST = (
    "The harbour council of Velden voted on Monday to close the old fish market by the end of March, "
    "after engineers found 14 cracked piles under the eastern quay.\n\n"
    "Traders said they had not been told. About 260 people work in the hall, which opened in 1931.\n\n"
    "The council will spend 3,700 crowns on temporary stalls, said its head, Mira Stolz."
)


def measured(a: str, b: str, published_at: float | None = None) -> Comparison:
    one, two = (draw_outline(take_fingerprint(clean(Page(text)), STANDARD)) for text in (a, b))
    return compare(one, two, Facts("one", published_at=published_at), Facts("two"))


def test_a_text_beside_itself_is_wholly_aligned():
    c = measured(FIRST, FIRST)
    assert (c.jaccard, c.containment_a, c.containment_b, c.aligned_a, c.aligned_b) == (1, 1, 1, 1, 1)
    assert (c.numbers_differ, c.names_differ, c.negations_differ, c.dates_differ) == (0, 0, 0, 0)


def test_strangers_share_nothing():
    c = measured(
        FIRST, "Quite another matter was argued in the upland parishes during that long dry autumn of ours."
    )
    assert c.jaccard == 0
    assert c.aligned_a == 0
    assert c.runs == ()


@pytest.mark.parametrize(
    ("old", "new", "measure"),
    [
        ("3,700", "3,770", "numbers_differ"),
        ("Mira Stolz", "Jonas Feld", "names_differ"),
        ("had not been told", "had been told", "negations_differ"),
        ("on Monday", "on Friday", "dates_differ"),
    ],
)
def test_one_changed_fact_is_counted_where_it_stands(old, new, measure):
    c = measured(FIRST.replace(old, new), FIRST)
    assert getattr(c, measure) >= 1
    others = {"numbers_differ", "names_differ", "negations_differ", "dates_differ"} - {measure}
    assert [name for name in others if getattr(c, name)] == []


def test_a_form_aligns_with_yesterdays_and_its_numbers_differ():
    form = "Shares on the {} closed {} percent higher at {} points with turnover of {} million crowns on the day."
    c = measured(
        form.format("exchange", "0.4", "1,212", "398"), form.format("exchange", "1.1", "1,199", "455")
    )
    assert c.aligned_a > 0.75
    assert c.numbers_differ == 3
    assert c.numbers_agree == 0


def test_a_cut_is_contained_and_the_whole_is_not():
    c = measured(FIRST.split("\n\n", maxsplit=1)[0], FIRST)
    assert c.containment_a == 1
    assert c.containment_b < 0.6
    assert c.containment == 1
    assert c.lead_a == 1


def test_paragraphs_in_another_order_still_align():
    c = measured("\n\n".join(reversed(FIRST.split("\n\n"))), FIRST)
    assert c.aligned_a > 0.9


def test_a_rewrite_shares_its_words_and_its_opening_though_little_aligns():
    c = measured(
        "The old fish market under the eastern quay of Velden has to close by March: the harbour council voted "
        "so on Monday. Engineers had found cracked piles, 14 of them. On stalls it will spend 3,700 crowns.",
        FIRST,
    )
    assert c.aligned_a < 0.4
    assert min(c.words_shared, c.opening_shared) > 0.7


def test_a_sentence_left_out_takes_its_not_with_it_and_denies_nothing():
    c = measured(FIRST.replace("Traders said they had not been told. ", ""), FIRST)
    assert c.negations_differ == 0


CHINESE = (
    "港口管理委员会周一投票决定明年春天关闭北部渡轮航线，这条航线九十年来一直把岛民送往市场。"
    "委员会主席在会后表示，没有人愿意做出这个决定，居民称将向法院提出诉讼。"
)


def test_letters_of_a_script_without_spaces_are_shared_by_pairs():
    """Nearly any two pages have most of their single letters in common."""
    letters = [letter for letter in CHINESE if letter not in "，。"]
    other_words = measured(CHINESE, "".join(letters[::2] + letters[1::2]))
    assert max(other_words.words_shared, other_words.opening_shared) < 0.3
    held = measured(CHINESE, f"{CHINESE}船员们说，还没有人通知他们。")
    assert (held.words_shared, held.opening_shared) == (1.0, 1.0)


def test_an_unknown_date_stays_unknown():
    assert measured(FIRST, FIRST, published_at=3600.0).hours_apart is None


def test_fingerprints_of_two_profiles_do_not_compare():
    here = take_fingerprint(clean(Page(FIRST)), STANDARD)
    other = take_fingerprint(clean(Page(FIRST)), dataclasses.replace(STANDARD, seed=2))
    with pytest.raises(ValueError, match="do not compare"):
        compare(draw_outline(here), draw_outline(other), Facts("one"), Facts("two"))


WORDS = st.lists(
    st.sampled_from(
        ["river", "stone", "Velden", "12", "1,300", "not", "Monday", "quay", "old", "market", "the", "of"]
    ),
    max_size=60,
)


@settings(max_examples=60)
@given(WORDS, WORDS)
def test_measures_are_bounded_and_mirror_when_the_two_change_places(one, other):
    c, m = measured(" ".join(one), " ".join(other)), measured(" ".join(other), " ".join(one))
    for share in (
        c.jaccard,
        c.containment_a,
        c.containment_b,
        c.aligned_a,
        c.aligned_b,
        c.lead_a,
        c.title_likeness,
        c.words_shared,
        c.opening_shared,
        c.names_alike or 0,
        c.headline_in_text or 0,
    ):
        assert 0 <= share <= 1
    one_way = (c.words_shared, c.opening_shared, c.names_alike, c.headline_in_text)
    assert one_way == (m.words_shared, m.opening_shared, m.names_alike, m.headline_in_text)
    assert c.jaccard == m.jaccard
    assert (c.containment_a, c.lead_a) == (m.containment_b, m.lead_b)
    for run in c.runs:
        assert run.a_end - run.a_start == run.b_end - run.b_start


def test_of_a_word_repeated_ten_thousand_times_few_pairs_are_kept():
    words = np.full(10_000, np.uint32(7))
    i, _ = matches(words, rank(words))
    assert len(i) == len(words) * MOST_PARTNERS
