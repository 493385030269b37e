"""Stories are derived: the same articles and judged pairs give the same groups in any order."""

import itertools

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
    assert groups(partition(articles(1, 2), strong, cannot=[[{2}, {1}]])) == [[1], [2]]
    assert groups(partition(articles(1, 2), {(1, 2): -4.0}, must=[(1, 2)])) == [[1, 2]]


def test_a_notice_goes_with_the_story_that_its_strongest_pair_names_and_bridges_none():
    weights = {(1, 2): 5.0, (3, 9): 4.0, (1, 9): 3.5, (2, 9): 3.5, (1, 3): -1.0}
    assert groups(partition(articles(1, 2, 3, 9), weights, notices=[9])) == [[1, 2], [3, 9]]
    assert groups(partition(articles(1, 2, 3, 9), weights)) == [[1, 2, 3, 9]]


def test_a_notice_printed_again_goes_with_the_first():
    weights = {(1, 8): 4.0, (8, 9): 6.0, (2, 9): -4.0, (1, 9): -4.0}
    assert groups(partition(articles(1, 2, 8, 9), weights, notices=[8, 9])) == [[1, 8, 9], [2]]


def test_people_put_a_notice_where_they_want():
    weights = {(1, 9): 4.0}
    assert groups(partition(articles(1, 2, 9), weights, must=[(2, 9)], notices=[9])) == [[1], [2, 9]]
    assert groups(partition(articles(1, 2, 9), weights, cannot=[[{1}, {9}]], notices=[9])) == [[1], [2], [9]]


PAIRS = st.dictionaries(
    st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(lambda pair: pair[0] < pair[1]),
    st.floats(-4, 6).map(lambda value: round(value, 2)),
    max_size=25,
)


KEYS = st.integers(0, 9)
MUST = st.lists(st.sets(KEYS, min_size=2, max_size=4), max_size=3)


@st.composite
def sides(draw):
    """Articles of which those on different sides are kept apart."""
    keys = draw(st.lists(KEYS, min_size=2, max_size=6, unique=True))
    cuts = sorted(draw(st.sets(st.integers(1, len(keys) - 1), min_size=1, max_size=2)))
    return [keys[low:high] for low, high in itertools.pairwise([0, *cuts, len(keys)])]


CANNOT = st.lists(sides(), max_size=3)


@given(PAIRS, st.sets(KEYS, max_size=4))
def test_what_notices_say_changes_nothing_between_the_others(weights, notices):
    contents = {n: bytes([n]) for n in range(10)}
    with_them = partition(contents, weights, notices=notices)
    without = partition({n: contents[n] for n in contents.keys() - notices}, weights)
    assert {group - notices for group in with_them} - {frozenset()} == set(without)


@given(PAIRS, MUST, CANNOT, MUST, st.sets(KEYS, max_size=4), st.permutations(range(10)))
def test_the_groups_do_not_depend_on_arrival(weights, must, cannot, kept, notices, keys):
    """Arrival gives each article its key and each pair its direction; content stays."""

    def renamed(groups):
        return [[keys[n] for n in group] for group in reversed(groups)]

    contents = {n: bytes([n]) for n in range(10)}
    first = partition(contents, weights, must=must, cannot=cannot, kept=kept, notices=notices)
    again = partition(
        {keys[n]: bytes([n]) for n in range(10)},
        {(keys[b], keys[a]): weight for (a, b), weight in reversed(weights.items())},
        must=renamed(must),
        cannot=[renamed(each) for each in reversed(cannot)],
        kept=renamed(kept),
        notices={keys[n] for n in notices},
    )
    assert {frozenset(keys[n] for n in group) for group in first} == set(again)


@given(PAIRS, MUST, CANNOT, MUST)
def test_a_person_who_says_no_is_always_heard(weights, must, cannot, kept):
    result = partition({n: bytes([n]) for n in range(10)}, weights, must=must, cannot=cannot, kept=kept)
    for group in result:
        for each in cannot:
            assert sum(not group.isdisjoint(side) for side in each) <= 1


@given(PAIRS, MUST, MUST)
def test_whom_a_person_calls_one_story_is_one_whatever_the_weights(weights, must, kept):
    result = partition({n: bytes([n]) for n in range(10)}, weights, must=must, kept=kept)
    for each in [*must, *kept]:
        assert any(group >= each for group in result)


@given(PAIRS, CANNOT, st.integers(0, 9))
def test_who_arrives_between_two_that_are_kept_apart_goes_to_one_of_them(weights, cannot, new):
    """Whatever it says, nobody who was kept apart comes together through it."""
    weights = {pair: weight for pair, weight in weights.items() if new not in pair}
    weights |= {(min(n, new), max(n, new)): 6.0 for n in range(10) if n != new}
    apart = [[[key for key in side if key != new] for side in each] for each in cannot]
    result = partition({n: bytes([n]) for n in range(10)}, weights, cannot=apart)
    for group in result:
        for each in apart:
            assert sum(not group.isdisjoint(side) for side in each) <= 1
    assert len(next(group for group in result if new in group)) > 1


def test_who_is_on_one_side_of_a_no_may_come_apart_and_is_kept_from_the_other_all_the_same():
    weights = {(1, 2): -4.0, (2, 3): 6.0}
    assert groups(partition(articles(1, 2, 3), weights, cannot=[[{1, 2}, {3}]])) == [[1], [2], [3]]


def test_a_copy_of_one_of_two_that_a_person_calls_one_story_comes_in_however_unlike_the_other():
    old, new = {1: "a", 2: "b"}, {3: "a", 4: "b", 5: "a", 6: "b"}
    kinds = old | new
    weights = {(x, y): 3.0 if kinds[x] == kinds[y] else -4.0 for x in kinds for y in kinds if x < y}
    assert groups(partition(articles(*kinds), weights, must=[{1, 2}])) == [[1, 2, 3, 4, 5, 6]]


def test_nobody_comes_with_whom_a_person_keeps_apart_by_way_of_a_third():
    weights = {(1, 3): 6.0, (2, 4): 5.0}
    result = partition(articles(1, 2, 3, 4), weights, must=[{1, 2}], cannot=[[{3}, {4}]])
    assert groups(result) == [[1, 2, 3], [4]]


def test_groups_that_are_kept_are_not_judged_this_time():
    weights = {(1, 2): -4.0, (3, 4): 6.0}
    assert groups(partition(articles(1, 2, 3, 4), weights, kept=[{1, 2}])) == [[1, 2], [3, 4]]


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


def test_a_notice_that_may_mean_several_stories_stays_alone():
    articles = {1: b"a", 2: b"b", 3: b"c", 4: b"d"}
    same = {(1, 2): 4.0, (2, 4): 2.0, (3, 4): 2.0}
    assert set(partition(articles, same, notices=[4])) == {frozenset({1, 2}), frozenset({3}), frozenset({4})}
    assert frozenset({1, 2, 4}) in partition(articles, same | {(1, 4): 2.5}, notices=[4])
    assert frozenset({3, 4}) in partition(articles, same, notices=[4], cannot=[[{2}, {4}]])
    both = same | {(1, 4): 2.0}
    assert frozenset({1, 2, 4}) in partition(
        articles, {k: v for k, v in both.items() if k != (3, 4)}, notices=[4]
    )
