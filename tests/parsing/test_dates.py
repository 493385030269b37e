from datetime import UTC, datetime

import pytest

from app.errors import BadDate
from app.parsing.dates import read_deadline, read_moment

NOON = datetime(2022, 9, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2022-09-20T12:00:00Z",
        "2022-09-20T12:00:00z",
        "2022-09-20t12:00:00+00:00",
        "2022-09-20T14:00:00+02:00",
        "2022-09-20T14:00:00+0200",
        "2022-09-20T14:00:00 02:00",
        "2022-09-20T14:00:00.000 0200",
        "2022-09-20 12:00:00",
        "2022-09-20 12:00:00 UTC",
        "2022-09-20 14:00:00 +0200",
        "2022-09-20T12:00:00.000000000Z",
        "2022-09-20T12:00Z",
        "20220920T120000Z",
        " 2022-09-20T12:00:00Z ",
        "Tue, 20 Sep 2022 12:00:00 GMT",
        "Tue, 20 Sep 2022 14:00:00 +0200",
        "20 Sep 2022 08:00:00 EDT",
    ],
)
def test_one_instant_in_its_spellings(text):
    assert read_moment(text, field="published_at") == NOON


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2022-09-20T24:00:00Z", 21),
        ("2022-09-20 24:00", 21),
        ("20220920T240000+0000", 21),
        ("2022-09-20T24:00:00.000Z", 21),
        ("2022-09-20T23:59:60Z", 21),
        ("20220920T235960Z", 21),
    ],
)
def test_the_end_of_a_day_and_a_leap_second_are_the_next_midnight(text, day):
    assert read_moment(text, field="published_at") == datetime(2022, 9, day, tzinfo=UTC)


def test_a_day_is_its_midnight():
    assert read_moment("2022-09-20", field="published_at") == datetime(2022, 9, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "yesterday",
        "2022-13-01",
        "2022-02-30T00:00:00Z",
        "20/09/2022",
        "1663675200",
        "2022-09-20T25:00:00Z",
        "2022-09-20T24:00:01Z",
        "2022-09-20T24:30:00Z",
        "2022-09-20T23:58:60Z",
        "x" * 100,
        "\x00",
        "0000-01-01",
        "10000-01-01T00:00:00Z",
    ],
)
def test_what_is_no_date_is_refused_with_its_field_and_a_fix(text):
    with pytest.raises(BadDate) as refused:
        read_moment(text, field="updated_at")
    assert refused.value.field == "updated_at"
    assert "ISO 8601" in (refused.value.fix or "")


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "  ",
        "0001-01-01T00:00:00Z",
        "0001-01-01T00:00:00+05:00",
        "9999-12-31T23:59:59Z",
        "9999-12-31T23:59:59-05:00",
    ],
)
def test_placeholders_are_unknown_dates(text):
    assert read_moment(text, field="published_at") is None


@pytest.mark.parametrize("text", ["9999-12-31T23:59:59Z", "9999-12-31T23:59:59-05:00"])
def test_an_embargo_may_hold_for_ever(text):
    assert read_deadline(text, field="embargoed_until") == datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)


def test_an_embargo_of_year_one_is_none():
    assert read_deadline("0001-01-01T00:00:00Z", field="embargoed_until") is None


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("Seg, 24 Set 2018 19:42:40 -0300", "2018-09-24T22:42:40+00:00"),
        ("3 juil. 2021 10:00 GMT", "2021-07-03T10:00:00+00:00"),
        ("Mi, 03 Mär 2021 10:00:00 +0100", "2021-03-03T09:00:00+00:00"),
        ("November 19, 2019", "2019-11-19T00:00:00+00:00"),
        ("Tuesday, Nov. 19, 2019 5:04 PM", "2019-11-19T17:04:00+00:00"),
        ("Nov 19, 2019 12:04 am", "2019-11-19T00:04:00+00:00"),
        ("19 Nov 2019", "2019-11-19T00:00:00+00:00"),
        ("2019-11-20 4:00:00 -0600", "2019-11-20T10:00:00+00:00"),
    ],
)
def test_dates_of_pages_and_of_feeds_in_other_languages_are_read(text, iso):
    moment = read_moment(text, field="published_at")
    assert moment is not None
    assert moment.isoformat() == iso
