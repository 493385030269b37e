"""Policies: named, ordered by strictness, and the same for a pair whichever came first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.dedup.policy import LOOSE, NAMED, STANDARD, STRICT, Policies, PolicyName

SOURCES = st.sampled_from(["a.example", "b.example", "c.example", "d.example"])
ANY = st.sampled_from([STRICT, STANDARD, LOOSE])


def test_every_name_has_its_policy_and_an_id_of_its_own():
    assert list(NAMED) == list(PolicyName)
    assert [policy.name for policy in NAMED.values()] == list(PolicyName)
    assert {policy.id.partition("-")[0] for policy in NAMED.values()} == set(PolicyName)


def test_the_stricter_a_policy_the_more_it_asks_for():
    for stricter, looser in ((STRICT, STANDARD), (STANDARD, LOOSE)):
        assert stricter.join_at > looser.join_at
        assert stricter.template_form > looser.template_form
        assert stricter.passage_words > looser.passage_words
        assert stricter.weights == looser.weights


@given(ANY, st.dictionaries(SOURCES, ANY), SOURCES, SOURCES)
def test_a_pair_is_judged_by_the_stricter_policy_in_either_order(default, own, one, other):
    policies = Policies(default, own)
    told = policies.for_pair(one, other)
    assert told == policies.for_pair(other, one)
    assert told.join_at == max(policies.of(one).join_at, policies.of(other).join_at)


@pytest.mark.parametrize(
    "other",
    [
        Policies(STRICT),
        Policies(STANDARD, {"a.example": STRICT}),
        Policies(STANDARD, {"b.example": LOOSE}),
        Policies(STANDARD, {"a.example": LOOSE, "b.example": LOOSE}),
    ],
)
def test_other_policies_have_another_digest(other):
    one = Policies(STANDARD, {"a.example": LOOSE})
    assert one.digest != other.digest
    assert 0 <= other.digest < 2**63


def test_the_order_in_which_overrides_are_named_does_not_count():
    one = Policies(STANDARD, {"a.example": LOOSE, "b.example": STRICT})
    assert one.digest == Policies(STANDARD, {"b.example": STRICT, "a.example": LOOSE}).digest
