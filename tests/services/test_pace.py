"""Buckets fill with time, and memory is bounded."""

from datetime import UTC, datetime

import pytest

from app.api.pace import GUESSES, Guesses, Pace
from app.api.problems import RateLimited, TooManyGuesses
from app.api.quota import Quota
from app.services.keys import Terms, make_key


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


def test_a_minute_s_worth_may_come_at_once_then_evenly():
    clock = Clock()
    pace = Pace(clock=clock)
    for _ in range(60):
        pace.take("k", 60)
    with pytest.raises(RateLimited) as refused:
        pace.take("k", 60)
    assert refused.value.retry_after_s == 1
    clock.now += 1
    assert pace.take("k", 60)["ratelimit"] == '"requests";r=0;t=60'
    assert pace.take("other", 60)["ratelimit"] == '"requests";r=59;t=1'
    clock.now += 3600
    assert pace.take("k", 60)["ratelimit"] == '"requests";r=59;t=1'


def test_the_setting_holds_for_keys_without_a_limit_and_zero_lifts_it():
    pace = Pace(default=2)
    assert pace.take("k", None)["ratelimit-policy"] == '"requests";q=2;w=60'
    assert pace.take("k", 0) == {}
    assert Pace().take("k", None) == {}


def test_guesses_are_forgiven_with_time_and_the_addresses_remembered_are_few():
    clock = Clock()
    guesses = Guesses(clock=clock)
    for _ in range(GUESSES):
        guesses.refuse("192.0.2.1")
        guesses.count("192.0.2.1")
    with pytest.raises(TooManyGuesses):
        guesses.refuse("192.0.2.1")
    guesses.refuse("192.0.2.2")
    clock.now += 2
    guesses.refuse("192.0.2.1")
    for number in range(20_000):
        guesses.count(f"10.0.{number // 256}.{number % 256}")
    assert len(guesses) == 10_000


def test_processes_share_a_quota_and_never_exceed_it(ctx):
    row, _ = make_key(ctx, Terms("n", ("ingest",)), by="test")
    processes = [Quota(ctx.store, ctx.now) for _ in range(3)]
    granted = [each.take(row.id, 1_000, 7) for _ in range(60) for each in processes]
    assert 0.9 * 1_000 <= sum(granted) <= 1_000
    assert [each.take(row.id, 1_000, 50) for each in processes][-1] < 50
    assert sum(granted) + sum(each.take(row.id, 1_000, 100) for each in processes) <= 1_000


def test_a_quota_begins_anew_with_the_day(ctx, clock):
    row, _ = make_key(ctx, Terms("n", ("ingest",)), by="test")
    clock.now = datetime(2026, 11, 3, 23, 59, 50, tzinfo=UTC)
    quota = Quota(ctx.store, ctx.now)
    assert [quota.take(row.id, 2, 2), quota.take(row.id, 2, 1)] == [2, 0]
    assert quota.fields(row.id, 2)["ratelimit"] == '"articles";r=0;t=10'
    quota.give_back(row.id, 1)
    assert quota.take(row.id, 2, 1) == 1
    clock.pass_(seconds=10)
    assert quota.take(row.id, 2, 5) == 2
