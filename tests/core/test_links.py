"""What people said of articles, and whether it can all be true."""

from hypothesis import given
from hypothesis import strategies as st

from app.dedup.links import Said, contradiction
from app.dedup.stories import partition

KEYS = st.integers(0, 7)
MUST = st.frozensets(KEYS, min_size=2, max_size=4).map(lambda keys: Said(True, (keys,)))


@st.composite
def cannots(draw):
    keys = draw(st.lists(KEYS, min_size=2, max_size=5, unique=True))
    cut = draw(st.integers(1, len(keys) - 1))
    return Said(False, (frozenset(keys[:cut]), frozenset(keys[cut:])))


SAID = st.lists(MUST | cannots(), max_size=6)


def blocs(said):
    """All that is bound together, the plain way."""
    groups = [{key} for key in range(8)]
    for each in said:
        if each.must:
            touched = [group for group in groups if group & each.articles]
            groups = [group for group in groups if group not in touched] + [set().union(*touched)]
    return groups


def breaks(group, each):
    return not each.must and sum(bool(side & group) for side in each.sides) > 1


@given(SAID)
def test_a_contradiction_is_found_where_there_is_one(said):
    there = any(breaks(group, each) for group in blocs(said) for each in said)
    assert (contradiction(said) is not None) == there


@given(SAID)
def test_what_is_named_contradicts_itself_and_nothing_of_it_can_be_left_out(said):
    named = contradiction(said)
    if named is None:
        return
    words = [said[place] for place in named]
    assert not words[0].must
    assert all(word.must for word in words[1:])
    assert contradiction(words) is not None
    for left_out in words:
        assert contradiction([word for word in words if word is not left_out]) is None


@given(SAID)
def test_what_does_not_contradict_itself_is_kept_to_whatever_the_weights(said):
    if contradiction(said) is not None:
        return
    strong = {(a, b): 6.0 if (a + b) % 2 else -4.0 for a in range(8) for b in range(a + 1, 8)}
    result = partition(
        {key: bytes([key]) for key in range(8)},
        strong,
        must=[each.articles for each in said if each.must],
        cannot=[each.sides for each in said if not each.must],
    )
    for each in said:
        inside = [sum(bool(side & group) for side in each.sides) for group in result]
        assert max(inside) == 1
        assert not each.must or sum(inside) == 1


def test_of_whom_nothing_is_said_any_more_is_left_out():
    kept = Said(False, (frozenset({1, 2}), frozenset({3})))
    assert kept.without({1}) == Said(False, (frozenset({2}), frozenset({3})))
    assert kept.without({3}) is None
    assert Said(True, (frozenset({1, 2, 3}),)).without({1}) == Said(True, (frozenset({2, 3}),))
    assert Said(True, (frozenset({1, 2}),)).without({1}) is None
    assert Said(True, (frozenset({1, 2}),)).without({1, 2}) is None


def test_many_words_on_large_stories_are_looked_through_once():
    """Each article looked up among all that are bound would take minutes here."""
    size = 10_000
    bound = Said(True, (frozenset(range(size, 2 * size)),))
    apart = [Said(False, (frozenset(range(size)) - {each}, frozenset({each}))) for each in range(20)]
    assert contradiction([bound, *apart]) is None
    assert contradiction([bound, *apart, Said(True, (frozenset({3, 4}),))]) == [4, 21]
