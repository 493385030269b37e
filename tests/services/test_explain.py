"""Why two articles are, or are not, one story: told from what is stored, and shown where it stands."""

import math
from dataclasses import replace

import pytest

from app.dedup import profile
from app.dedup.differences import DifferenceKind
from app.dedup.model import Relation
from app.errors import NotFound
from app.model import ArticleId, LinkKind
from app.services.acting import Order
from app.services.curating import detach
from app.services.explain import MOST_SHOWN, explain
from app.store.index import Index
from tests.services.stories import BODY, HEADLINE, MONDAY, PARAGRAPHS, STRANGERS, TUESDAY


def test_a_copy_is_explained_by_what_stands_in_both(ctx, post):
    first = post()
    page = f"{HEADLINE}\n\nPhoto: Velden Press\n\n{BODY}\n\nRead more: Ten markets to see"
    second = post(source="herald.example", text=page)
    told = explain(ctx, first.article_id, second.article_id)
    assert (told.a.article_id, told.b.article_id) == (second.article_id, first.article_id)
    assert told.same_story
    assert not told.truncated
    assert told.decision.relation is Relation.COPY
    assert told.edge is not None
    assert told.edge.relation is Relation.COPY
    assert told.differences == ()
    (span,) = told.spans
    assert page[slice(*span.a)] == BODY[slice(*span.b)]
    assert page[slice(*span.a)].startswith("The harbour council")


def test_what_people_said_of_the_two_is_told(ctx, post):
    one, other = post(), post(source="herald.example")
    detached = detach(ctx, Order(by="ann", why="two votes"), other.article_id)
    told = explain(ctx, one.article_id, other.article_id)
    assert not told.same_story
    assert told.decision.relation is Relation.COPY
    (said,) = told.said
    link = detached.added[0].row
    assert (said.link_id, said.kind, said.by, said.why) == (link.id, LinkKind.CANNOT, "ann", "two votes")


def test_either_order_of_the_two_gives_the_same_explanation(ctx, post):
    one, other = post(), post(source="herald.example", text=PARAGRAPHS[0] + "\n\n" + PARAGRAPHS[1])
    assert explain(ctx, one.article_id, other.article_id) == explain(ctx, other.article_id, one.article_id)


def test_the_signals_and_the_intercept_add_up_to_the_probability(ctx, post):
    one, other = post(text=MONDAY), post(source="herald.example", text=TUESDAY)
    told = explain(ctx, one.article_id, other.article_id)
    odds = told.intercept + sum(each.contribution for each in told.contributions)
    assert told.decision.rule.startswith("signals/")
    assert told.decision.probability == pytest.approx(1 / (1 + math.exp(-odds)))
    sizes = [abs(each.contribution) for each in told.contributions]
    assert sizes == sorted(sizes, reverse=True)


def test_a_changed_number_is_named_with_its_place_in_both_texts(ctx, post):
    corrected = "VELDEN, Nov 3 (Reuters) - " + BODY.replace("3,700", "3,770")
    first, second = post(), post(source="herald.example", text=corrected)
    (found,) = explain(ctx, first.article_id, second.article_id).differences
    assert (found.kind, found.b, found.a) == (DifferenceKind.NUMBER, "3,700", "3,770")
    assert found.at_a is not None
    assert found.at_b is not None
    assert corrected[slice(*found.at_a)] == "3,770"
    assert BODY[slice(*found.at_b)] == "3,700"


def test_a_daily_form_is_told_from_a_copy_by_the_facts_that_differ(ctx, post):
    one = post(title="Oslund shares", text=MONDAY)
    other = post(title="Oslund shares", text=TUESDAY, source="herald.example")
    told = explain(ctx, one.article_id, other.article_id)
    assert not told.same_story
    named = {(each.kind.value, each.b, each.a) for each in told.differences}
    assert ("date", "Monday", "Tuesday") in named
    assert ("number", "0.4", "1.1") in named


def test_what_would_have_turned_the_verdict_is_said(ctx, post):
    one, other = post(title="Oslund shares", text=MONDAY), post(source="herald.example", text=TUESDAY)
    told = explain(ctx, one.article_id, other.article_id)
    assert [turn.distance for turn in told.turns] == sorted(turn.distance for turn in told.turns)
    assert all(turn.words for turn in told.turns)


def test_two_that_were_never_compared_can_still_be_explained(ctx, post):
    one = post(title="Comet splits its tail", text=STRANGERS[0])
    other = post(title="Buses stand still", text=STRANGERS[1])
    told = explain(ctx, one.article_id, other.article_id)
    assert told.edge is None
    assert told.decision.relation is Relation.NEW
    assert told.spans == ()


def test_the_current_version_is_the_one_that_is_explained(ctx, post):
    first = post(source="reuters.com", external_id="1")
    post(source="reuters.com", external_id="1", version="2", text=BODY.replace("3,700", "3,770"))
    copy = post(source="herald.example")
    told = explain(ctx, first.article_id, copy.article_id)
    assert (told.b.article_id, told.b.version) == (first.article_id, 2)
    assert [(each.b, each.a) for each in told.differences] == [("3,770", "3,700")]


def test_after_a_change_of_profile_it_explains_with_fingerprints_made_anew(ctx, post):
    one, other = post(), post(source="herald.example", text=BODY.replace("260", "280"))
    newer = replace(profile.STANDARD, sample_rate=8)
    moved = replace(ctx, profile=newer, index=Index(newer.id))
    told = explain(moved, one.article_id, other.article_id)
    assert told.profile == newer.id
    assert [(each.b, each.a) for each in told.differences] == [("260", "280")]


def test_an_unknown_article_is_named(ctx, post):
    with pytest.raises(NotFound, match="art_nothing"):
        explain(ctx, post().article_id, ArticleId("art_nothing"))


LETTERS = str.maketrans("0123456789", "abcdefghij")
"""Names told apart by letters: all numbers count as one to an alignment."""


def test_of_texts_that_differ_everywhere_the_first_differences_are_shown(ctx, post):
    names = [f"quay{number:04}".translate(LETTERS) for number in range(2 * MOST_SHOWN)]
    rows = [f"The {name} ferry from {name} to the old town" for name in names]
    one = post(text="\n".join(f"{row} costs {number} crowns." for number, row in enumerate(rows)))
    other = post(
        text="\n".join(f"{row} costs {number + 7_000} crowns." for number, row in enumerate(rows)),
        source="herald.example",
    )
    told = explain(ctx, one.article_id, other.article_id)
    assert told.truncated
    assert [each.b for each in told.differences] == [str(number) for number in range(MOST_SHOWN)]
    assert len(told.spans) <= MOST_SHOWN
    assert told.comparison.numbers_differ == 2 * MOST_SHOWN
