"""A database moves to another profile in small steps, and everything is found again afterwards."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.dedup import profile
from app.dedup.model import Relation
from app.model import VersionKey
from app.services.ingest import check, ingest
from app.services.refingerprint import drop_step, lease_of, left_to_move, move_step, served_otherwise
from app.store import leases, profiles
from app.store.articles import load_stored
from app.store.index import Index
from tests.services.stories import BODY, HEADLINE, NOON, STRANGERS, submission

FIRST = VersionKey(1)
NEW = replace(profile.STANDARD, sample_rate=8, lead_words=60)


@pytest.fixture
def moved(ctx):
    """The program after the change of profile, on the same database."""
    return replace(ctx, profile=NEW, index=Index(NEW.id))


def move_all(ctx, **options):
    steps = 0
    while move_step(ctx, **options):
        steps += 1
    return steps


def other_profiles(ctx):
    with ctx.store.read() as tx:
        return profiles.others_indexed(tx, NEW.id)


def test_under_the_new_profile_nothing_is_found_until_it_was_moved(moved, post):
    first = post()
    copy = submission(source="herald.example")
    assert check(moved, copy).decision.relation is Relation.NEW
    move_all(moved)
    told = check(moved, copy)
    assert told.decision.relation is Relation.COPY
    assert told.canonical_id == first.canonical_id


def test_a_moved_version_has_the_fingerprint_it_would_have_got_on_arrival(ctx, moved, open_context, post):
    post(agency="Reuters", byline="Ana Petrova", text="VELDEN, Nov 3 (Reuters) - " + BODY)
    move_all(moved)
    with ctx.store.read() as tx:
        (kept,) = load_stored(tx, [FIRST], NEW.id).values()
    again = submission(
        agency="Reuters", byline="Ana Petrova", text="VELDEN, Nov 3 (Reuters) - " + BODY, source="x"
    )
    ingest(moved, [again])
    with ctx.store.read() as tx:
        (fresh,) = load_stored(tx, [VersionKey(2)], NEW.id).values()
    assert kept.print.digest == fresh.print.digest
    assert kept.print.keys.tolist() == fresh.print.keys.tolist()


def test_it_can_be_stopped_and_taken_up_by_another_process(moved, post):
    for number, text in enumerate(STRANGERS):
        post(title=f"Story {number}", text=text)
    assert move_step(moved, most=2) == 2
    again = replace(moved, index=Index(NEW.id))
    assert left_to_move(again, most=100) == 1
    assert move_all(again) == 1
    assert left_to_move(again, most=100) == 0


def test_what_arrives_under_the_old_profile_meanwhile_is_picked_up(ctx, moved, post):
    post(title="Comet", text=STRANGERS[0])
    move_step(moved)
    late = post()
    assert left_to_move(moved, most=100) == 1
    move_all(moved)
    assert check(moved, submission(source="herald.example")).canonical_id == late.canonical_id


def test_what_is_under_embargo_is_fingerprinted_but_not_indexed(moved, post):
    post(embargoed_until=NOON + timedelta(days=30))
    move_all(moved)
    assert left_to_move(moved, most=1) == 0
    assert check(moved, submission(source="herald.example")).decision.relation is Relation.NEW


def test_a_further_copy_of_a_story_adds_no_keys(ctx, moved, post):
    for number in range(5):
        post(source=f"outlet{number}.example")
    move_all(moved)
    with ctx.store.read() as tx:
        index = Index(NEW.id)
        _, versions = index.lookup(tx, load_stored(tx, [FIRST], NEW.id)[FIRST].print.keys)
    assert set(versions.tolist()) == {1}


def test_the_old_profile_is_dropped_once_everything_was_moved(ctx, moved, post):
    post()
    assert drop_step(moved) is False
    assert other_profiles(moved) == [profile.STANDARD.id]
    move_all(moved)
    while drop_step(moved):
        pass
    assert other_profiles(moved) == []
    with ctx.store.read() as tx:
        assert load_stored(tx, [FIRST], profile.STANDARD.id) == {}


def test_the_old_profile_stays_while_a_service_still_runs_under_it(ctx, moved, post, clock):
    post()
    with ctx.store.write() as tx:
        leases.claim(tx, lease_of(ctx.profile), "old", clock(), timedelta(seconds=30))
    move_all(moved)
    assert served_otherwise(moved)
    assert drop_step(moved) is False
    clock.pass_(minutes=1)
    assert not served_otherwise(moved)
    assert drop_step(moved) is True


def test_moving_back_finds_everything_again(ctx, moved, post):
    first = post()
    move_all(moved)
    while drop_step(moved):
        pass
    back = replace(ctx, index=Index(profile.STANDARD.id))
    assert move_all(back) == 1
    assert check(back, submission(source="herald.example", title=HEADLINE)).canonical_id == first.canonical_id


def test_a_database_that_never_changed_its_profile_has_nothing_to_do(ctx, post):
    post()
    assert left_to_move(ctx, most=1) == 0
    assert move_step(ctx) == 0
    assert drop_step(ctx) is False
