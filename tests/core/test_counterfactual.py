"""A change that is said to turn the verdict does turn it, and a smaller one does not."""

import pytest

from app.dedup.clean import clean
from app.dedup.compare import compare
from app.dedup.counterfactual import turns
from app.dedup.decide import decide
from app.dedup.fingerprint import take_fingerprint
from app.dedup.model import Facts, Page
from app.dedup.outline import draw_outline
from app.dedup.policy import STANDARD as POLICY
from app.dedup.profile import STANDARD

STORY = (
    "The harbour council of Velden voted on Monday to close the old fish market by the end of March, "
    "after engineers found 14 cracked piles under the eastern quay.\n\n"
    "Traders said they had not been told. About 260 people work in the hall, which opened in 1931.\n\n"
    "The council will spend 3,700 crowns on temporary stalls, said its head, Mira Stolz."
)
LATER = (
    "Police in Velden are looking for two men who broke into a bakery at night.\n\n"
    "Traders said they had not been told. About 260 people work in the hall, which opened in 1931.\n\n"
    "The bakery remains shut, said its owner, who has put up a reward."
)
FACTS = Facts("one", published_at=0.0), Facts("two", published_at=7200.0)


def compared(a: str, b: str):
    one, other = (draw_outline(take_fingerprint(clean(Page(text, title="A")), STANDARD)) for text in (a, b))
    return compare(one, other, *FACTS)


@pytest.mark.parametrize("new", [LATER, STORY.replace("3,700", "3,770"), STORY[:220]])
def test_each_named_change_alone_turns_the_verdict(new):
    c = compared(new, STORY)
    verdict = decide(c, *FACTS, POLICY).relation.joins
    found = turns(c, *FACTS, POLICY)
    assert found
    for turn in found:
        kind = type(getattr(c, turn.measure))
        changed = c._replace(**{turn.measure: kind(turn.needed)})
        assert decide(changed, *FACTS, POLICY).relation.joins != verdict
        halfway = c._replace(**{turn.measure: kind(turn.value + (turn.needed - turn.value) * 0.5)})
        assert decide(halfway, *FACTS, POLICY).relation.joins == verdict


def test_the_nearest_change_comes_first_and_is_said_in_words():
    found = turns(compared(LATER, STORY), *FACTS, POLICY)
    assert [turn.distance for turn in found] == sorted(turn.distance for turn in found)
    assert all("(" in turn.words and "{" not in turn.words for turn in found)


def test_where_no_single_change_is_enough_none_is_named():
    assert turns(compared("Fog in the harbour.", STORY), *FACTS, POLICY) == ()


def test_a_text_beside_itself_needs_many_facts_to_differ():
    c = compared(STORY, STORY)
    assert decide(c, *FACTS, POLICY).relation.joins
    assert all(turn.needed >= 0 for turn in turns(c, *FACTS, POLICY))
