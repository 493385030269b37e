"""Which policy an arrival is judged by, and what is kept of that."""

from dataclasses import replace

import pytest

from app.dedup.model import Relation
from app.dedup.policy import LOOSE, STANDARD, STRICT, Policies
from app.services.explain import explain
from app.services.ingest import ingest
from tests.services.stories import BODY, PARAGRAPHS, STRANGERS, submission

CUT = "\n\n".join(PARAGRAPHS[1:3])
NEVER = replace(STRICT, join_at=1.0)
"""Stricter than any that is named: joins nothing, whatever the weights."""


@pytest.fixture
def post_under(ctx):
    def post(policies, **fields):
        return ingest(replace(ctx, policies=policies), [submission(**fields)])[0]

    return post


def test_a_decision_names_the_policy_that_made_it(post_under):
    first = post_under(Policies(LOOSE))
    copy = post_under(Policies(STRICT), source="herald.example")
    assert first.decision.policy == LOOSE.id
    assert copy.decision.policy == STRICT.id
    assert copy.canonical_id == first.canonical_id


def test_of_two_sources_policies_the_stricter_decides(post_under):
    fields = {"source": "herald.example", "title": "Traders were not told", "text": CUT}
    policies = Policies(STANDARD, {"gazette.example": NEVER})
    first = post_under(policies)
    apart = post_under(policies, **fields)
    assert apart.canonical_id != first.canonical_id
    assert not apart.decision.relation.joins
    assert apart.decision.policy == NEVER.id


def test_a_source_that_is_not_named_is_under_the_policy_of_all(post_under):
    policies = Policies(STANDARD, {"gazette.example": NEVER})
    first = post_under(policies, source="courier.example")
    joined = post_under(policies, source="herald.example", title="Traders were not told", text=CUT)
    assert joined.canonical_id == first.canonical_id
    assert joined.decision.relation is Relation.EXCERPT
    assert joined.decision.policy == STANDARD.id


def test_what_nothing_is_like_is_under_its_own_source_s_policy(post_under):
    policies = Policies(STANDARD, {"herald.example": STRICT})
    assert post_under(policies).decision.policy == STANDARD.id
    told = post_under(policies, source="herald.example", title="Comet", text=STRANGERS[0])
    assert told.decision.policy == STRICT.id


def test_an_explanation_judges_by_the_policy_of_the_pair(ctx, post_under):
    policies = Policies(STANDARD, {"herald.example": STRICT})
    one, other = post_under(policies), post_under(policies, source="herald.example", text=BODY)
    told = explain(replace(ctx, policies=policies), one.article_id, other.article_id)
    assert (told.policy, told.join_at) == (STRICT.id, STRICT.join_at)
