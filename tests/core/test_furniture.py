"""What pages of a source share that share nothing else is furniture, and is left out of comparisons."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.dedup.align import numbers_alike, shingles
from app.dedup.arrays import distinct
from app.dedup.clean import clean
from app.dedup.fingerprint import take_fingerprint
from app.dedup.furniture import LEAST_PAGES, NONE, WIDTH, Furniture, mask, recurring, stretches, without
from app.dedup.model import Fingerprint, Page
from app.dedup.outline import draw_outline
from app.dedup.profile import STANDARD
from app.dedup.words import tokenise

BLOCK = (
    "The Oslund Courier belongs to its readers in the harbour district, who meet in the reading room on the "
    "first Tuesday of each month to talk over what the paper should look into next."
)
STORIES = (
    "A ferry ran aground off Pellam in fog on Sunday and forty passengers were brought ashore by lifeboat.",
    "Bus drivers in Ostra voted to return to work after the company offered a second driver on night routes.",
    "The novelist Ines Carvalhal has won the Tessera prize for a book that is told by a lighthouse.",
    "Two foxes have made their den under the stage of the open air theatre and rehearsals were moved.",
    "Engineers found fourteen cracked piles under the eastern quay and closed the fish market for good.",
)


def printed(text: str) -> Fingerprint:
    return take_fingerprint(clean(Page(text)), STANDARD)


def known(*passages: str) -> Furniture:
    found = [tokenise(passage) for passage in passages]
    parts = [shingles(numbers_alike(words.hash, words.flags), WIDTH) for words in found]
    return Furniture(1, distinct(np.concatenate(parts)))


def pages(block: str = BLOCK) -> list[Fingerprint]:
    return [printed(f"{story}\n\n{block}") for story in STORIES]


def test_a_block_under_enough_different_stories_is_found_and_nothing_else():
    first, *others = pages()
    spans = recurring(draw_outline(first), [draw_outline(each) for each in others])
    assert spans == [(len(tokenise(STORIES[0])), len(first.words))]


def test_a_block_under_too_few_stories_is_none():
    first, *others = pages()
    assert recurring(draw_outline(first), [draw_outline(each) for each in others[: LEAST_PAGES - 1]]) == []


def test_pages_that_share_most_of_their_text_tell_no_furniture():
    story = " ".join(STORIES)
    first, *others = (printed(f"{story} Edition {n} of the day.\n\n{BLOCK}") for n in range(6))
    assert recurring(draw_outline(first), [draw_outline(each) for each in others]) == []


def test_a_row_of_figures_is_a_forms_content():
    row = "Open 14 25 High 15 32 Low 13 91 Close 14 78 Volume 12 455 Change 3 21"
    first, *others = pages(row)
    assert recurring(draw_outline(first), [draw_outline(each) for each in others]) == []


def test_a_mask_takes_the_block_and_leaves_the_story():
    page = printed(f"{STORIES[0]}\n\n{STORIES[1]}\n\n{BLOCK}")
    left = without(page, known(BLOCK))
    assert left.words.tobytes() == printed(f"{STORIES[0]}\n\n{STORIES[1]}").words.tobytes()
    assert left.keys is page.keys


def test_a_block_with_another_number_in_it_is_the_same_block_and_the_number_is_kept():
    block = (
        "Join the 12,400 readers who get our letter from the harbour each morning before the boats go out."
    )
    page = printed(f"{STORIES[0]} {STORIES[1]}\n\n{block.replace('12,400', '13,907')}")
    left = without(page, known(block))
    assert left.words.tolist() == printed(f"{STORIES[0]} {STORIES[1]} 13,907").words.tolist()


def test_a_form_whose_set_phrases_are_furniture_keeps_the_figures_by_which_its_days_differ():
    form = "The central bank said it had lent {} crowns to banks overnight against bonds of the state."
    days = [printed(f"{STORIES[0]} {form.format(sum_)}") for sum_ in ("1,200", "1,350")]
    one, other = (without(day, known(form.format("900"))) for day in days)
    assert one.words.tolist() != other.words.tolist()


def test_a_text_of_which_little_would_be_left_is_not_masked():
    assert without(printed(BLOCK), known(BLOCK)).words.tobytes() == printed(BLOCK).words.tobytes()


def test_where_nothing_is_known_nothing_changes():
    page = printed(STORIES[0])
    assert without(page, NONE) is page


@given(st.lists(st.booleans(), max_size=60))
def test_stretches_hold_what_is_marked_and_no_more(marks):
    marked = np.array(marks, dtype=np.bool_)
    rebuilt = np.zeros_like(marked)
    for start, end in stretches(marked):
        assert start < end
        assert not rebuilt[max(0, start - 1) : end].any()
        rebuilt[start:end] = True
    assert rebuilt.tolist() == marks


@given(st.lists(st.sampled_from([*STORIES, BLOCK]), min_size=1, max_size=8))
def test_what_is_left_and_what_is_masked_are_the_text(parts):
    page, furniture = printed("\n\n".join(parts)), known(BLOCK)
    masked = mask(page, furniture)
    left = without(page, furniture)
    assert left.words.tolist() == page.words[~masked].tolist()
    assert masked.sum() <= 0.8 * len(masked)
