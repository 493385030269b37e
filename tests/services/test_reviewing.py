"""The review list: what comes on it, what goes off it, and what an editor is shown."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.model import LinkKind, ReviewReason, Status
from app.services.ingest import check, ingest
from app.services.releasing import release_due
from app.services.reviewing import ReviewFilters, list_doubts
from app.store import reading
from tests.services.stories import BODY, MONDAY, PARAGRAPHS, STRANGERS, TUESDAY, submission
from tests.store.said import say

EVERYTHING = (0.0, 1.0)
"""Bounds between which every pair is in doubt: the policies of a test may not depend on weights."""


@pytest.fixture
def doubting(ctx):
    """Take in one article by a service that has its doubts about every pair."""

    def take_in(bounds=EVERYTHING, **fields):
        return ingest(replace(ctx, review=bounds), [submission(**fields)])[0]

    return take_in


@pytest.fixture
def listed(ctx):
    def read(before=None, limit=50, **filters):
        return list_doubts(ctx, ReviewFilters(**filters), before=before, limit=limit)

    return read


@pytest.fixture
def needed(ctx):
    def read():
        with ctx.store.read() as tx:
            changes = reading.changes_after(tx, 0, limit=1_000)
        return [change for change in changes if change.type == "review.needed"]

    return read


def test_a_doubtful_arrival_is_listed_with_both_sides_and_what_speaks_for_and_against(
    doubting, listed, needed
):
    first = doubting(title="Oslund shares", text=MONDAY)
    second = doubting(title="Oslund shares", text=TUESDAY, source="herald.example")
    (doubt,), more = listed()
    assert more is None
    assert doubt.row.reason is ReviewReason.DOUBTFUL
    assert (doubt.a.article_id, doubt.b.article_id) == (second.article_id, first.article_id)
    assert (doubt.a.canonical_id, doubt.b.canonical_id) == (second.canonical_id, first.canonical_id)
    assert doubt.row.policy == "standard-1"
    assert doubt.evidence is not None
    assert doubt.evidence.decision.probability == pytest.approx(doubt.row.probability)
    assert doubt.evidence.decision.reasons
    sizes = [abs(each.contribution) for each in doubt.evidence.contributions]
    assert sizes == sorted(sizes, reverse=True)
    (change,) = needed()
    assert change.position == doubt.row.position
    assert change.payload["article_id"] == second.article_id
    assert change.payload["matched_article_id"] == first.article_id


def test_what_lies_outside_the_bounds_is_not_listed(doubting, listed, needed):
    doubting()
    told = doubting(source="herald.example", bounds=(0.0, 0.5))
    assert told.decision.probability > 0.5
    doubting(title="Comet", text=STRANGERS[0])
    assert listed() == ([], None)
    assert needed() == []


def test_a_pair_that_the_rest_of_a_story_overruled_is_listed_whatever_the_bounds(ctx, doubting, listed):
    nothing = (0.5, 0.5)
    head, tail = "\n\n".join(PARAGRAPHS[:2]), "\n\n".join(PARAGRAPHS[2:])
    doubting(source="a", text=head, title="Velden votes on its market", bounds=nothing)
    doubting(source="b", text=tail, title="Traders of Velden in the dark", bounds=nothing)
    with ctx.store.write() as tx:
        say(tx, LinkKind.CANNOT, 1, 2)
    told = doubting(source="c", bounds=nothing)
    (doubt,), _ = listed()
    assert doubt.row.reason is ReviewReason.OVERRULED
    assert doubt.row.relation.joins
    assert doubt.a.article_id == told.article_id
    assert doubt.a.canonical_id != doubt.b.canonical_id
    assert listed(reason=ReviewReason.DOUBTFUL) == ([], None)


def test_a_further_version_of_an_article_is_no_doubt_about_its_own_story(doubting, listed):
    doubting()
    doubting(source="herald.example", external_id="1", bounds=(0.5, 0.5))
    doubting(source="herald.example", external_id="1", version="2", text=BODY + " More is to come.")
    assert listed() == ([], None)


def test_a_pair_of_which_a_person_has_spoken_is_done(ctx, doubting, listed):
    doubting()
    doubting(source="herald.example")
    assert len(listed()[0]) == 1
    with ctx.store.write() as tx:
        say(tx, LinkKind.MUST, 1, 2, since=99)
    assert listed() == ([], None)


def test_a_text_that_is_withheld_since_is_not_shown(doubting, listed):
    doubting()
    doubting(source="herald.example", external_id="1")
    assert len(listed()[0]) == 1
    doubting(source="herald.example", external_id="1", version="2", status=Status.WITHHELD)
    assert listed() == ([], None)


def test_an_embargoed_arrival_is_listed_when_it_is_released(ctx, clock, doubting, listed):
    doubting()
    doubting(source="herald.example", embargoed_until=clock.now + timedelta(hours=1))
    assert listed() == ([], None)
    clock.pass_(hours=2)
    release_due(replace(ctx, review=EVERYTHING))
    (doubt,), _ = listed()
    assert doubt.a.source == "herald.example"
    assert doubt.row.at == clock.now


def test_the_list_is_paged_from_the_latest_on_and_filtered(clock, doubting, listed):
    doubting(title="Oslund shares", text=MONDAY)
    for number in range(4):
        clock.pass_(hours=1)
        doubting(
            title="Oslund shares", text=TUESDAY.replace("455", f"46{number}"), source=f"s{number}.example"
        )
    whole, _ = listed()
    assert [doubt.a.source for doubt in whole] == [f"s{number}.example" for number in (3, 2, 1, 0)]
    first, more = listed(limit=3)
    rest, end = listed(limit=3, before=more)
    assert [*first, *rest] == whole
    assert end is None
    assert [doubt.a.source for doubt in listed(source="s2.example")[0]] == ["s2.example"]
    assert [doubt.a.source for doubt in listed(since=clock.now)[0]] == ["s3.example"]
    low = min(doubt.row.probability for doubt in whole)
    assert {doubt.row.probability for doubt in listed(high=low)[0]} == {low}
    assert listed(low=1.0) == ([], None)


def test_a_check_lists_nothing(ctx, doubting, listed, needed):
    doubting()
    check(replace(ctx, review=EVERYTHING), submission(source="herald.example"))
    assert listed() == ([], None)
    assert needed() == []
