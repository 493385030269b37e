from datetime import UTC, datetime, timedelta

import pytest

from app.services.cadence import (
    Bounds,
    Interval,
    after_failures,
    due_at,
    fresh_for_s,
    next_interval,
    posting_gap_s,
    retry_after_s,
)

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)
BOUNDS = Bounds()
NOTHING = {"every_s": None, "ttl_s": None, "fresh_s": 0, "gap_s": None, "before_s": 900, "came": False}


def seconds(**told):
    return next_interval(BOUNDS, **(NOTHING | told)).seconds


def test_the_interval_is_half_the_usual_time_between_entries_within_bounds():
    assert seconds(gap_s=3600.0) == 1800
    assert seconds(gap_s=10.0) == BOUNDS.least_s
    assert seconds(gap_s=90 * 24 * 3600.0) == BOUNDS.most_s


def test_without_dates_the_interval_halves_when_something_came_and_grows_when_nothing_did():
    assert seconds(came=True) == 450
    assert seconds(came=False) == 1350


def test_a_feeds_wish_is_kept_up_to_a_day_and_never_makes_it_faster():
    assert seconds(gap_s=600.0, ttl_s=3600) == 3600
    assert seconds(gap_s=600.0, fresh_s=1200) == 1200
    assert seconds(gap_s=600.0, fresh_s=365 * 24 * 3600) == BOUNDS.longest_s
    assert seconds(gap_s=3600.0, ttl_s=60) == 1800


def test_what_people_chose_goes_before_everything_but_the_least_interval():
    assert seconds(every_s=600, gap_s=7200.0, ttl_s=86400) == 600
    assert seconds(every_s=60) == BOUNDS.least_s


def test_the_pace_is_that_of_the_latest_entries_and_silence_slows_it():
    hourly = [NOON - timedelta(hours=n) for n in range(30)]
    assert posting_gap_s(hourly, NOON) == 3600
    assert posting_gap_s(hourly, NOON + timedelta(days=1)) == 8 * 3600
    assert posting_gap_s([NOON + timedelta(days=9), *hourly], NOON) == 3600
    assert posting_gap_s([NOON] * 20, NOON) is None


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"cache-control": "public, max-age=600"}, 600),
        ({"cache-control": 'max-age="600"', "age": "200"}, 400),
        ({"cache-control": "s-maxage=900"}, 0),
        ({"cache-control": "no-cache, max-age=600"}, 0),
        ({"cache-control": "max-age=600", "expires": "Tue, 03 Nov 2026 15:00:00 GMT"}, 600),
        ({"expires": "Tue, 03 Nov 2026 13:00:00 GMT"}, 3600),
        ({"expires": "Tue, 03 Nov 2026 13:00:00 GMT", "date": "Tue, 03 Nov 2026 12:30:00 GMT"}, 1800),
        ({"expires": "Mon, 02 Nov 2026 13:00:00 GMT"}, 0),
        ({"expires": "0"}, 0),
        ({"expires": "-1"}, 0),
        ({}, 0),
    ],
)
def test_freshness_is_read_from_the_headers(headers, expected):
    assert fresh_for_s(headers, NOON) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [("120", 120), ("Tue, 03 Nov 2026 12:05:00 GMT", 300), ("Mon, 02 Nov 2026 12:05:00 GMT", 0), ("soon", 0)],
)
def test_retry_after_is_seconds_or_a_date(value, expected):
    assert retry_after_s({"retry-after": value}, NOON) == expected


def test_failures_double_the_wait_up_to_a_day_and_retry_after_is_kept():
    waits = [after_failures(BOUNDS, n).seconds for n in (1, 2, 3, 50)]
    assert waits == [300, 600, 1200, BOUNDS.longest_s]
    assert after_failures(BOUNDS, 1, retry_after_s=4000).seconds == 4000
    assert after_failures(BOUNDS, 1, retry_after_s=10**8).seconds == BOUNDS.longest_s


def test_chance_spreads_feeds_and_only_ever_later():
    hour = Interval(3600, "")
    assert due_at(NOON, hour, chance=0.0) == NOON + timedelta(hours=1)
    assert due_at(NOON, hour, chance=1.0) == NOON + timedelta(minutes=66)


def test_hours_and_days_to_skip_are_skipped():
    hour = Interval(3600, "")
    assert due_at(NOON, hour, chance=0.0, skip_hours=frozenset({13, 14})).hour == 15
    tuesday = frozenset({1})
    assert due_at(NOON, hour, chance=0.0, skip_days=tuesday) == datetime(2026, 11, 4, tzinfo=UTC)
    always = frozenset(range(24))
    assert due_at(NOON, hour, chance=0.0, skip_hours=always) == NOON + timedelta(hours=1)
