"""Datelines are read in the forms agencies print, and ordinary first sentences are left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.dedup.dateline import find_dateline

NOV_5_2031 = 1_951_603_200.0


@pytest.mark.parametrize(
    ("line", "printed", "place", "date", "agency"),
    [
        (
            "NORHOLM, Nov 3 (Reuters) - Ferries stop",
            "NORHOLM, Nov 3 (Reuters) - ",
            "NORHOLM",
            "2031-11-03",
            "Reuters",
        ),
        ("LONDON (AP) — Ferries stop", "LONDON (AP) — ", "LONDON", None, "AP"),
        ("HONOLULU (AP) _ Ferries stop", "HONOLULU (AP) _ ", "HONOLULU", None, "AP"),
        ("LAFAYETTE, La. (AP) - Ferries stop", "LAFAYETTE, La. (AP) - ", "LAFAYETTE, La.", None, "AP"),
        ("Oct 30 (Reuters) - Ferries stop", "Oct 30 (Reuters) - ", None, "2031-10-30", "Reuters"),
        ("BERLIN (dpa) - Die Fähren", "BERLIN (dpa) - ", "BERLIN", None, "dpa"),
        ("Washington (CNN) Ferries stop", "Washington (CNN)", "Washington", None, "CNN"),
        (
            "KARVALA, Nov. 3, 2029 /PRNewswire/ -- Acme Pumps",
            "KARVALA, Nov. 3, 2029 /PRNewswire/ -- ",
            "KARVALA",
            "2029-11-03",
            "PRNewswire",
        ),
        ("NEW YORK--(BUSINESS WIRE)--Acme", "NEW YORK--(BUSINESS WIRE)--", "NEW YORK", None, "Business Wire"),
        (
            "新华社北京11月3日电（记者李明）渡轮停航。",
            "新华社北京11月3日电（记者李明）",
            "北京",
            "2031-11-03",
            "Xinhua",
        ),
        (
            "Москва. 3 ноября. ИНТЕРФАКС - Паромы",
            "Москва. 3 ноября. ИНТЕРФАКС - ",
            "Москва",
            "2031-11-03",
            "Interfax",
        ),
        (
            "МОСКВА, 3 ноя — РИА Новости. Паромы",
            "МОСКВА, 3 ноя — РИА Новости. ",
            "МОСКВА",
            "2031-11-03",
            "RIA Novosti",
        ),
        ("МОСКВА, 3 ноября. /ТАСС/. Паромы", "МОСКВА, 3 ноября. /ТАСС/. ", "МОСКВА", "2031-11-03", "TASS"),
        (
            "MADRID, 3 Nov. (EUROPA PRESS) - Los",
            "MADRID, 3 Nov. (EUROPA PRESS) - ",
            "MADRID",
            "2031-11-03",
            "Europa Press",
        ),
        ("São Paulo, 3 nov (EFE).- As balsas", "São Paulo, 3 nov (EFE).- ", "São Paulo", "2031-11-03", "EFE"),
        ("(ANSA) - ROMA, 3 NOV - I traghetti", "(ANSA) - ROMA, 3 NOV - ", "ROMA", "2031-11-03", "ANSA"),
        ("Paris, 3 nov 2019 (AFP) - Les ferries", "Paris, 3 nov 2019 (AFP) - ", "Paris", "2019-11-03", "AFP"),
        ("بيروت - رويترز: قال", "بيروت - رويترز: ", "بيروت", None, "Reuters"),
        ("【東京時事】船は", "【東京時事】", "東京", None, "Jiji Press"),
        ("(서울=연합뉴스) 홍길동 기자 = 여객선은", "(서울=연합뉴스) 홍길동 기자 = ", "서울", None, "Yonhap"),
        ("(Washington) - The rights group", "(Washington) - ", "Washington", None, None),
        (
            "NEW DELHI: The ferries will stop for two weeks from Friday, the harbour office said.",
            "NEW DELHI: ",
            "NEW DELHI",
            None,
            None,
        ),
    ],
)
def test_a_dateline_gives_its_span_place_date_and_agency(line, printed, place, date, agency):
    found = find_dateline(line, NOV_5_2031)
    assert found is not None
    assert line[: found.end] == printed
    assert (found.dateline.place, found.dateline.date, found.agency) == (place, date, agency)


@pytest.mark.parametrize(
    "line",
    [
        "On Nov. 3, 2019 (Reuters) reported that the ferries had stopped.",
        "Reuters reported (AP) that the ferries would stop on Friday.",
        "The company (NYSE) - a leader in pumps - said it would build ferries.",
        "Quist (D) - the harbour master - denied it.",
        "Acme (ACM) - the maker of pumps - rose.",
        "QUIST: I think that the ferries will be back before the end of the month, and you know it.",
        "WATCH: Harbour master explains why the ferries have to stop for two weeks from Friday on.",
        "NATO - The alliance is ready.",
        "Monday, Nov. 3 - 7 p.m. The harbour choir sings in the old church by the quay, admission is free.",
        "London - the capital - is quiet.",
        "President Quist — who has never been at sea — wants more ferries and fewer bridges in the county.",
        "Harbour master Ida Quist on the quay, December 2017. (Jon Berg/Reuters)",
        "FILE - In this Oct. 1, 2019, photo, ferries lie at the quay of Norholm, waiting for the inspectors.",
        "Москва. В 2020 году паромы остановятся.",
        "NORHOLM (Reuters) -",
        "",
    ],
)
def test_an_ordinary_first_sentence_is_no_dateline(line):
    assert find_dateline(line, NOV_5_2031) is None


def date_of(line, published_at):
    found = find_dateline(line, published_at)
    assert found is not None
    return found.dateline.date


def test_a_date_without_year_takes_the_year_in_which_it_was_published():
    new_year_2031 = 1_924_992_000.0
    assert date_of("OSLO, Dec 31 (AP) - Ferries", new_year_2031) == "2030-12-31"
    assert date_of("OSLO, Jan 2 (AP) - Ferries", new_year_2031) == "2031-01-02"


def test_a_date_long_after_publication_is_last_years():
    assert date_of("OSLO, Jan 30 (AP) - Ferries", NOV_5_2031) == "2031-01-30"


@pytest.mark.parametrize("published_at", [None, 1e30, float("-inf"), float("nan")])
def test_a_date_without_year_is_unknown_where_no_year_can_be_had(published_at):
    assert date_of("OSLO, Nov 3 (AP) - Ferries", published_at) is None


def test_an_impossible_date_is_unknown():
    assert date_of("OSLO, Feb 31 (AP) - Ferries", NOV_5_2031) is None


@given(st.text(max_size=200), st.one_of(st.none(), st.floats()))
def test_any_line_is_read_without_error(line, published_at):
    found = find_dateline(line, published_at)
    assert found is None or 0 < found.end <= len(line)
