"""Stories are derived: the same articles and judged pairs give the same groups in any order."""

from hypothesis import given
from hypothesis import strategies as st

from app.dedup.stories import WITNESSES, partition, unjudged, witnesses


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


LINKS = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(lambda pair: pair[0] < pair[1]), max_size=3
)


@given(PAIRS, LINKS, LINKS, st.permutations(range(10)))
def test_the_groups_do_not_depend_on_arrival(weights, must, cannot, keys):
    """Arrival gives each article its key and each pair its direction; content stays."""

    def renamed(pairs):
        return [(keys[b], keys[a]) for a, b in reversed(pairs)]

    first = partition({n: bytes([n]) for n in range(10)}, weights, must=must, cannot=cannot)
    again = partition(
        {keys[n]: bytes([n]) for n in range(10)},
        dict(zip(renamed(list(weights)), reversed(weights.values()), strict=True)),
        must=renamed(must),
        cannot=renamed(cannot),
    )
    assert {frozenset(keys[n] for n in group) for group in first} == set(again)


@given(PAIRS, LINKS)
def test_a_person_who_says_no_is_always_heard(weights, cannot):
    result = partition({n: bytes([n]) for n in range(10)}, weights, must=cannot, cannot=cannot)
    assert not any(a in group and b in group for group in result for a, b in cannot)


@given(PAIRS)
def test_what_shares_no_pair_that_speaks_for_it_is_never_joined(weights):
    """Every group hangs together by pairs that say yes."""
    for group in partition({n: bytes([n]) for n in range(10)}, weights):
        reached = {min(group)}
        for _ in group:
            reached |= {
                n for a, b in weights if weights[a, b] > 0 and {a, b} & reached for n in (a, b)
            } & group
        assert reached == group


SIZES = st.tuples(st.integers(1, 5), st.integers(1, 5), st.integers(1, 5))


@given(SIZES, st.data())
def test_a_roundup_never_makes_one_story_of_the_three_it_tells(sizes, data):
    """However many copies each story has, and however many of them the roundup was compared with."""
    story = [number for number, size in enumerate(sizes) for _ in range(size)]
    roundup = len(story)
    weights = {
        (a, b): data.draw(st.floats(2, 6) if story[a] == story[b] else st.floats(-4, -1))
        for a in range(roundup)
        for b in range(a + 1, roundup)
    }
    weights |= {(a, roundup): data.draw(st.floats(0, 1)) for a in range(roundup)}
    result = partition({n: bytes([n]) for n in range(roundup + 1)}, weights)
    assert sorted(sorted(group - {roundup}) for group in result if group != {roundup}) == [
        [n for n in range(roundup) if story[n] == number] for number in range(3)
    ]


@given(SIZES, st.data())
def test_who_joins_an_undisputed_story_moves_nobody_else(sizes, data):
    """An arrival that its story agrees with, and no other wants, need not be derived again."""
    story = [number for number, size in enumerate(sizes) for _ in range(size)]
    new = len(story)
    weights = {
        (a, b): data.draw(st.floats(0.1, 6) if story[a] == story[b] else st.floats(-4, 0))
        for a in range(new)
        for b in range(a + 1, new)
    }
    before = partition({n: bytes([n]) for n in range(new)}, weights)
    own = data.draw(st.sampled_from(before))
    weights |= {(a, new): data.draw(st.floats(0.1, 6) if a in own else st.floats(-4, 0)) for a in range(new)}
    after = partition({n: bytes([n]) for n in range(new + 1)}, weights)
    assert set(after) == {group | {new} if group == own else group for group in before}


@given(st.lists(st.binary(min_size=1, max_size=3), min_size=1, max_size=30, unique=True), st.data())
def test_who_speaks_for_a_story_is_chosen_by_content(contents, data):
    keys = data.draw(st.permutations(range(len(contents))))
    canonical = data.draw(st.sampled_from(contents))

    def chosen(numbered):
        key = next(key for key, content in numbered.items() if content == canonical)
        return [numbered[speaker] for speaker in witnesses(numbered, key)]

    first = chosen(dict(enumerate(contents)))
    assert first == chosen(dict(zip(keys, contents, strict=True)))
    assert first[0] == canonical
    assert len(set(first)) == min(len(contents), WITNESSES)


def test_whoever_is_in_a_story_is_judged_against_those_that_speak_for_it():
    assert unjudged([1, 2, 3, 4], [1, 2], {(1, 2): 5.0, (1, 4): 1.0}) == [(1, 3), (2, 3), (2, 4)]


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
