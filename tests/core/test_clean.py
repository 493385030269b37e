"""Cleaning deletes what is not the story, keeps the story once and whole, and rebuilds to the letter."""

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.dedup.clean import clean, clean_text, kept
from app.dedup.model import Page, Provenance, RepeatKind, Role
from app.dedup.passages import segment
from tests.core.pages import DISCLAIMER, FERRY_LEAD, FERRY_PAGE, FERRY_SECOND, FERRY_THIRD, FERRY_TITLE

STORY = f"{FERRY_LEAD}\n\n{FERRY_SECOND}\n\n{FERRY_THIRD}"


def cleaned(text, title=""):
    result = clean(Page(text=text, title=title))
    return clean_text(text, result.removed)


def body_words(text, title=""):
    result = clean(Page(text=text, title=title))
    at = np.flatnonzero(result.body)
    return [text[result.words.start[i] : result.words.end[i]] for i in at]


def test_an_aggregators_page_comes_out_as_headline_and_story():
    assert cleaned(FERRY_PAGE, FERRY_TITLE) == f"{FERRY_TITLE}\n\n{STORY}"


def test_headline_and_standfirst_printed_twice_are_found():
    kinds = {repeat.kind for repeat in clean(Page(text=FERRY_PAGE, title=FERRY_TITLE)).repeats}
    assert kinds == {RepeatKind.HEADLINE, RepeatKind.STANDFIRST}


def test_the_disclaimer_is_kept_as_provenance():
    assert clean(Page(text=FERRY_PAGE, title=FERRY_TITLE)).provenance is Provenance.VERBATIM
    assert clean(Page(text=f"{STORY}\n\n(With inputs from agencies.)")).provenance is Provenance.EDITED
    assert clean(Page(text=STORY)).provenance is None


def test_the_words_of_the_story_count_once():
    assert body_words(FERRY_PAGE, FERRY_TITLE) == body_words(STORY)


def test_a_clean_story_is_left_as_it_is():
    result = clean(Page(text=STORY, title=FERRY_TITLE))
    assert result.removed == ()
    assert result.body.all()


def test_a_dateline_is_kept_in_the_text_and_counts_for_nothing():
    text = f"NORHOLM, May 14 (Reuters) - {STORY}"
    assert cleaned(text) == text
    assert body_words(text) == body_words(STORY)


def test_a_lead_that_repeats_the_headline_is_still_filed_from_a_place():
    result = clean(Page(text=f"Oslo - {FERRY_TITLE}\n\n{STORY}", title=f"Desk.example: {FERRY_TITLE}"))
    assert result.dateline is not None
    assert result.dateline.place == "Oslo"
    roles = [passage.role for passage in result.passages]
    assert roles[:2] == [Role.DATELINE, Role.HEADLINE]


@pytest.mark.parametrize("opening", ["Oslo - ", "Ferries - "])
def test_a_headline_that_opens_with_a_word_and_a_dash_itself_is_filed_from_nowhere(opening):
    title = f"{opening}{FERRY_TITLE}"
    assert clean(Page(text=f"{title}\n\n{STORY}", title=title)).dateline is None


def test_a_lead_that_repeats_the_headline_behind_any_other_word_is_filed_from_nowhere():
    page = Page(text=f"Ferries - {FERRY_TITLE}\n\n{STORY}", title=FERRY_TITLE)
    assert clean(page).dateline is None


def test_of_the_blank_lines_around_a_deleted_line_the_wider_gap_stays():
    assert cleaned(f"{FERRY_LEAD}\n\nADVERTISEMENT\n{FERRY_SECOND}") == f"{FERRY_LEAD}\n\n{FERRY_SECOND}"
    assert cleaned(f"ADVERTISEMENT\n\n{FERRY_LEAD}") == FERRY_LEAD
    assert cleaned(f"{FERRY_LEAD}\n\nADVERTISEMENT\n") == FERRY_LEAD


def test_a_sentence_cut_from_a_line_leaves_one_space_between_its_neighbours():
    text = f"{FERRY_LEAD} Story Continued Below {FERRY_SECOND}"
    assert cleaned(text) == f"{FERRY_LEAD} {FERRY_SECOND}"


def test_a_page_of_only_furniture_leaves_nothing():
    stub = "Subscribe to continue reading. Already a subscriber? Sign in to your account. Cancel any time."
    result = clean(Page(text=stub, title=stub))
    assert clean_text(stub, result.removed) == ""
    assert not result.body.any()


def test_chinese_copy_loses_its_end_mark_and_keeps_its_story():
    story = "渡轮公司3日宣布，因船体出现裂纹，北岛航线自星期五起停航两周。港务局说，岛上约有4200名居民。"
    assert cleaned(f"{story}（完）") == story
    assert body_words(f"新华社北京11月3日电（记者李明）{story}") == body_words(story)


def test_the_title_is_given_in_words_without_its_tag():
    tagged = clean(Page(text=STORY, title="UPDATE 2-" + FERRY_TITLE))
    assert tagged.title.hash.tolist() == clean(Page(text=STORY, title=FERRY_TITLE)).title.hash.tolist()


def test_every_deleted_passage_lies_within_a_removed_span():
    result = clean(Page(text=FERRY_PAGE, title=FERRY_TITLE))
    deleted = [p.span for p in result.passages if p.role in {Role.DISCLAIMER, Role.FURNITURE, Role.CAPTION}]
    assert DISCLAIMER in {FERRY_PAGE[s.start : s.end] for s in deleted}
    for span in deleted:
        assert any(r.start <= span.start and span.end <= r.end for r in result.removed)


@given(
    st.lists(
        st.one_of(
            st.text(max_size=30),
            st.sampled_from(
                [FERRY_LEAD, FERRY_TITLE, DISCLAIMER, "\n", "\n\n", " ", "ADVERTISEMENT", "Give Feedback"]
            ),
        ),
        max_size=10,
    ).map("".join),
    st.sampled_from(["", FERRY_TITLE, "UPDATE 1-x"]),
)
def test_removed_and_kept_spans_rebuild_the_text(text, title):
    result = clean(Page(text=text, title=title))
    spans = sorted([*result.removed, *kept(text, result.removed)])
    assert "".join(text[start:end] for start, end in spans) == text
    assert all(start < end for start, end in spans)
    assert len(result.body) == len(result.words)


@given(st.text(alphabet=st.characters(), max_size=300))
def test_cleaning_is_total(text):
    result = clean(Page(text=text, title=text[:50], ed_note=text[:80], agency=text[:10], byline=text[:10]))
    assert result.text == text


@pytest.mark.slow
@pytest.mark.parametrize(
    "line",
    [
        "A short paragraph (Reuters) - yes\n",
        "give feedback\n",
        "(with inputs from \n",
        "|" * 100 + "\n",
        "( " * 50,
        "1 am | " * 9,
    ],
)
def test_cost_grows_with_the_length_of_a_hostile_text_and_no_faster(line):
    def spent(times):
        text = line * times
        began = time.process_time()
        segment(Page(text=text, title="A short paragraph"))
        return time.process_time() - began

    small = max(spent(2_000), 0.02)
    assert spent(16_000) < 8 * small * 4
