"""The tender does a little of everything, one at a time, and says how far things are settled."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.dedup import profile
from app.errors import StorageFull, StorageUnavailable
from app.services.furnishing import add_furniture, reject_furniture
from app.services.ingest import ingest
from app.store import furniture, idempotency
from app.store.index import Index
from app.store.progress import settled_position
from app.store.reading import last_position
from app.store.segments import Shape
from app.workers.tender import LEASE_TTL, Tender
from app.workers.work import FAILURES, Work
from tests.services.stories import NOON, STRANGERS, submission


@pytest.fixture
def hire(ctx):
    def tender(holder="one"):
        return Tender(ctx, holder=holder, idempotency_ttl=timedelta(hours=24))

    return tender


def until_idle(tender):
    steps = 0
    while tender.step():
        steps += 1
        assert steps < 500
    return steps


def test_with_nothing_to_do_it_says_so_and_everything_is_settled(ctx, hire, post):
    post()
    tender = hire()
    until_idle(tender)
    with ctx.store.read() as tx:
        assert tender.settled_position == last_position(tx) == settled_position(tx) > 0


def test_it_knows_whether_articles_are_coming_in(hire, post):
    tender = hire()
    post()
    tender.step()
    assert tender.fed
    tender.step()
    assert not tender.fed


def test_what_arrives_later_is_not_settled_until_the_next_steps(ctx, hire, post):
    tender = hire()
    until_idle(tender)
    post()
    with ctx.store.read() as tx:
        assert tender.settled_position < last_position(tx)
    until_idle(tender)
    with ctx.store.read() as tx:
        assert tender.settled_position == last_position(tx)


@pytest.mark.parametrize("text", [".", "12", "Word", "Give Feedback\n\nRead more", "word " * 500])
def test_a_text_with_little_in_it_does_not_hold_up_what_comes_after_it(ctx, hire, post, text):
    post(text=text)
    post(source="herald.example")
    tender = hire()
    until_idle(tender)
    with ctx.store.read() as tx:
        assert tender.settled_position == last_position(tx)


def test_an_article_whose_embargo_ends_is_released_although_nothing_arrives(hire, post, clock):
    held = post(embargoed_until=NOON + timedelta(hours=6))
    tender = hire()
    until_idle(tender)
    clock.pass_(hours=7)
    assert tender.step()
    assert post(source="herald.example").canonical_id == held.canonical_id


def test_the_index_is_sealed_and_merged_and_still_finds_everything(ctx, hire, post):
    for number, text in enumerate(STRANGERS * 6):
        words = text.split()
        post(
            title=f"Story {number}",
            text=" ".join(f"{word}{number}" for word in words),
            external_id=str(number),
        )
    small = Index(ctx.profile.id, shape=Shape(seal=64, block=32))
    object.__setattr__(ctx, "index", small)
    assert until_idle(hire()) > 3
    text = " ".join(f"{word}4" for word in STRANGERS[1].split())
    assert post(source="herald.example", title="Other", text=text).decision.relation.joins


def test_only_the_holder_of_the_lease_works(hire, post, clock):
    first, second = hire("one"), hire("two")
    post()
    until_idle(first)
    until_idle(second)
    assert second.settled_position == 0
    assert first.settled_position > 0


def test_when_the_holder_dies_another_takes_over_once_the_lease_has_run_out(hire, post, clock):
    hire("one").step()
    second = hire("two")
    second.step()
    clock.now += LEASE_TTL + timedelta(seconds=1)
    post()
    until_idle(second)
    assert second.settled_position > 0


@pytest.mark.parametrize("standing_by", [True, False])
def test_when_the_clock_is_set_back_a_day_and_the_holder_dies_another_takes_over(
    hire, post, clock, standing_by
):
    hire("one").step()
    second = hire("two")
    if standing_by:
        second.step()
    clock.pass_(days=-1)
    post()
    until_idle(second)
    assert second.settled_position > 0


def test_a_holder_keeps_its_lease_when_the_clock_is_set_back(hire, post, clock):
    first, second = hire("one"), hire("two")
    first.step()
    clock.pass_(days=-1)
    post()
    until_idle(first)
    until_idle(second)
    assert first.settled_position > 0
    assert second.settled_position == 0


def test_a_holder_that_ends_in_good_order_gives_the_lease_back_at_once(hire, post):
    first, second = hire("one"), hire("two")
    post()
    first.step()
    first.close()
    until_idle(second)
    assert second.settled_position > 0


def test_old_idempotency_keys_are_forgotten_and_young_ones_kept(ctx, hire, clock):
    with ctx.store.write() as tx:
        idempotency.reserve(tx, "me", "old", request_digest=b"1", now=clock() - timedelta(hours=25))
        idempotency.reserve(tx, "me", "young", request_digest=b"1", now=clock())
    until_idle(hire())
    with ctx.store.read() as tx:
        assert idempotency.find(tx, "me", "old") is None
        assert idempotency.find(tx, "me", "young") is not None


def test_nothing_is_settled_while_pairs_wait_to_be_judged_again(ctx, hire, post):
    for number, text in enumerate(STRANGERS * 8):
        post(source=f"s{number % 3}.example", external_id=str(number), title=text[:30], text=text)
    tender = hire()
    until_idle(tender)
    before = tender.settled_position
    row = add_furniture(ctx, "s1.example", STRANGERS[1], by="oda", why="a slip")
    while waiting(ctx):
        assert tender.settled_position == before
        assert tender.step()
    until_idle(tender)
    with ctx.store.read() as tx:
        assert tender.settled_position == settled_position(tx) == last_position(tx) > before
    reject_furniture(ctx, "s1.example", row.id, by="oda", why="it was one")
    until_idle(tender)
    with ctx.store.read() as tx:
        assert settled_position(tx) == last_position(tx)


def test_a_tender_that_starts_anew_takes_up_what_waits_to_be_judged_again(ctx, hire, post):
    for number in range(3):
        post(source="s.example", external_id=str(number), title="", text=STRANGERS[number % 3])
    until_idle(hire("one"))
    add_furniture(ctx, "s.example", STRANGERS[1], by="oda", why="a slip")
    assert waiting(ctx)
    again = hire("one")
    until_idle(again)
    assert not waiting(ctx)
    with ctx.store.read() as tx:
        assert again.settled_position == last_position(tx)


def test_pairs_wait_to_be_judged_again_until_their_texts_have_the_programs_profile(ctx, hire, post):
    pages = [
        submission(source="s.example", external_id=str(n), title=f"Page {n}", text=f"{n} {STRANGERS[n % 3]}")
        for n in range(45)
    ]
    ingest(ctx, pages)
    until_idle(hire())
    add_furniture(ctx, "s.example", STRANGERS[1], by="oda", why="a slip")
    asked = waiting(ctx)
    new = replace(profile.STANDARD, sample_rate=8)
    moved = replace(ctx, profile=new, index=Index(new.id))
    tender = Tender(moved, holder="new", idempotency_ttl=timedelta(hours=24))
    assert tender.step()
    assert waiting(ctx) == asked > 0
    until_idle(tender)
    assert waiting(ctx) == 0


def test_a_work_that_fails_holds_up_no_other_and_nothing_is_settled_until_it_succeeds(
    hire, post, clock, monkeypatch
):
    held = post(embargoed_until=NOON + timedelta(hours=6))
    clock.pass_(hours=7)
    broken = [True]
    seal = Index.seal_step

    def seal_step(*args):
        if broken:
            raise ZeroDivisionError("a bad row")
        return seal(*args)

    monkeypatch.setattr(Index, "seal_step", seal_step)
    before = FAILURES["seal"]
    tender = hire()
    assert tender.step()
    until_idle(tender)
    assert post(source="herald.example").canonical_id == held.canonical_id
    assert FAILURES["seal"] > before
    assert tender.settled_position == 0
    broken.clear()
    for work in tender._works:
        work._again_at = 0.0
    until_idle(tender)
    assert tender.settled_position > 0


def test_a_work_that_failed_rests_ever_longer_and_a_success_ends_that():
    now, fails = [0.0], [True]
    tries = []

    def step():
        tries.append(now[0])
        if fails:
            raise ZeroDivisionError
        return True

    work = Work("sums", step, clock=lambda: now[0])
    for _ in range(80):
        work.attempt()
        now[0] += 0.1
    assert [round(at) for at in tries] == [0, 1, 3, 7]
    fails.clear()
    now[0] = 100.0
    assert work.attempt()
    assert not work.failing


@pytest.mark.parametrize("error", [StorageUnavailable, StorageFull])
def test_a_database_that_is_away_is_everybodys_failure(error):
    def step():
        raise error("away")

    with pytest.raises(error):
        Work("any", step).attempt()


def waiting(ctx):
    with ctx.store.read() as tx:
        return len(furniture.load_due(tx, limit=1000))
