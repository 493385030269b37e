"""Stories are derived: the same articles and judged pairs give the same groups in any order."""

from hypothesis import given
from hypothesis import strategies as st

from app.dedup.stories import partition


def articles(*keys):
    return {key: f"content of {key}".encode() for key in keys}


def groups(result):
    return sorted(sorted(group) for group in result)


def test_pairs_that_speak_for_one_story_are_one_group():
    assert groups(partition(articles(1, 2, 3, 4), {(1, 2): 3.0, (3, 2): 1.0})) == [[1, 2, 3], [4]]


def test_a_weak_bridge_between_two_stories_is_cut():
    weights = {(1, 2): 5.0, (3, 4): 5.0, (2, 3): 1.0, (1, 4): -3.0, (1, 3): -2.0}
    assert groups(partition(articles(1, 2, 3, 4), weights)) == [[1, 2], [3, 4]]


def test_a_roundup_goes_with_the_story_it_is_most_like_and_bridges_none():
    weights = {(1, 9): 0.8, (2, 9): 0.5, (3, 9): 0.4, (1, 2): -4.0, (2, 3): -4.0, (1, 3): -4.0}
    assert groups(partition(articles(1, 2, 3, 9), weights)) == [[1, 9], [2], [3]]


def test_what_a_person_said_outweighs_measurement():
    strong = {(1, 2): 6.0}
    assert groups(partition(articles(1, 2), strong, cannot=[(2, 1)])) == [[1], [2]]
    assert groups(partition(articles(1, 2), {(1, 2): -4.0}, must=[(1, 2)])) == [[1, 2]]


PAIRS = st.dictionaries(
    st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(lambda pair: pair[0] < pair[1]),
    st.floats(-4, 6).map(lambda value: round(value, 2)),
    max_size=25,
)


@given(PAIRS, st.permutations(range(10)))
def test_the_groups_do_not_depend_on_arrival(weights, keys):
    """Arrival gives each article its key and each pair its direction; content stays."""
    first = partition({n: bytes([n]) for n in range(10)}, weights)
    renamed = {(keys[b], keys[a]): weight for (a, b), weight in reversed(weights.items())}
    again = partition({keys[n]: bytes([n]) for n in range(10)}, renamed)
    assert {frozenset(keys[n] for n in group) for group in first} == set(again)


@given(PAIRS)
def test_every_article_is_in_exactly_one_group(weights):
    result = partition({n: bytes([n]) for n in range(10)}, weights)
    assert sorted(key for group in result for key in group) == list(range(10))


@given(PAIRS)
def test_no_two_groups_have_more_for_joining_than_against(weights):
    result = partition({n: bytes([n]) for n in range(10)}, weights)
    for one in result:
        for other in result:
            between = sum(w for (a, b), w in weights.items() if a in one and b in other)
            between += sum(w for (a, b), w in weights.items() if b in one and a in other)
            assert one is other or between <= 1e-9
