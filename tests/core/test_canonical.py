"""The canonical version: a total order that no arrival can change."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.dedup.canonical import Standing, choose_canonical, is_origin
from app.dedup.model import TagKind, WireTag

PLAIN = Standing(
    version=1, pinned=0, usable=True, source="The Gazette", agency="Reuters", tag=None,
    words=400, published_at=1000.0, content=b"m",
)  # fmt: skip
UPDATE = WireTag(TagKind.UPDATE, 1)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"pinned": 7, "words": 1}, {"source": "Reuters", "tag": UPDATE}),
        ({"pinned": 9, "words": 1}, {"pinned": 7}),
        ({"words": 1}, {"pinned": 7, "usable": False}),
        ({"words": 1}, {"pinned": 7, "tag": WireTag(TagKind.WITHDRAWAL)}),
        ({"words": 10}, {"usable": False}),
        ({"words": 10}, {"tag": WireTag(TagKind.WITHDRAWAL)}),
        ({"source": "Reuters", "words": 300}, {"words": 900}),
        ({"source": "Reuters", "tag": UPDATE, "words": 200}, {"source": "Reuters", "words": 900}),
        (
            {"source": "Reuters", "tag": UPDATE, "published_at": 2000.0},
            {"source": "Reuters", "tag": UPDATE, "published_at": 1500.0},
        ),
        ({"words": 401}, {}),
        ({"published_at": 900.0}, {}),
        ({}, {"published_at": None}),
        ({"content": b"n"}, {}),
    ],
)
def test_standing_then_pin_then_origin_then_completeness_then_date_then_content(better, worse):
    good, bad = replace(PLAIN, version=2, **better), replace(PLAIN, version=3, **worse)
    assert choose_canonical([bad, good]).version == 2
    assert choose_canonical([good, bad]).version == 2


STANDINGS = st.builds(
    Standing,
    version=st.integers(1, 99),
    pinned=st.integers(0, 2),
    usable=st.booleans(),
    source=st.sampled_from(["Reuters", "Gazette"]),
    agency=st.sampled_from([None, "Reuters"]),
    tag=st.sampled_from([None, UPDATE, WireTag(TagKind.WITHDRAWAL)]),
    words=st.integers(0, 3),
    published_at=st.sampled_from([None, 1.0, 2.0]),
    content=st.binary(min_size=8, max_size=8),
)


@given(st.lists(STANDINGS, min_size=1, max_size=8, unique_by=lambda s: s.content), st.randoms())
def test_the_choice_does_not_depend_on_order(standings, random):
    chosen = choose_canonical(standings)
    random.shuffle(standings)
    assert choose_canonical(standings) == chosen


@given(st.lists(STANDINGS, min_size=2, max_size=8, unique_by=lambda s: s.content))
def test_choosing_one_by_one_ends_with_the_choice_among_all(standings):
    so_far = standings[0]
    for standing in standings[1:]:
        so_far = choose_canonical([so_far, standing])
    assert so_far == choose_canonical(standings)


@pytest.mark.parametrize(
    ("source", "agency"),
    [
        ("reuters.com", "Reuters"),
        ("uk.reuters.example", "Reuters"),
        ("thomsonreuters.example", "Reuters"),
        ("coastalnews.example", "Coastal News"),
        ("Coastal News", "coastal news"),
        ("coastal-news.example", "Coastal News"),
        ("apnews.com", "AP"),
        ("ap.org", "Associated Press"),
        ("The Associated Press", "AP"),
        ("ptinews.example", "PTI"),
        ("xinhuanet.example", "Xinhua"),
        ("新华社", "Xinhua"),
        ("tt.se", "TT"),
    ],
)
def test_an_agency_is_known_by_its_names(source, agency):
    assert is_origin(source, agency)


@pytest.mark.parametrize(
    ("source", "agency"),
    [
        ("japantimes.example", "AP"),
        ("herald-paper.example", "AP"),
        ("iranian.example", "ANI"),
        ("dagbladet.pl", "Prensa Latina"),
        ("news.example", "AP News"),
        ("reuters.com", None),
        ("gazette.example", "..."),
    ],
)
def test_letters_within_a_word_are_no_name_of_an_agency(source, agency):
    assert not is_origin(source, agency)
