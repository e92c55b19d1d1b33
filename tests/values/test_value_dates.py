from __future__ import annotations

from datetime import date

import pytest

from docgrid.schema import FieldType
from docgrid.values import DocumentLocale, find_candidates, parse_date, parse_value

DAY_FIRST = DocumentLocale(day_first=True)
MONTH_FIRST = DocumentLocale(day_first=False)
UNDECIDED = DocumentLocale()
CHRISTMAS = date(2018, 12, 25)


@pytest.mark.parametrize(
    "text",
    [
        "25/12/2018",
        "25-12-18",
        "25.12.2018",
        "25 / 12 / 2018",
        "25. 12. 2018",
        "2018-12-25",
        "2018/12/25",
        "20181225",
        "25122018",
        "25 12 2018",
        "25-DEC-18",
        "25DEC2018",
        "25 Dec '18",
        "Dec 25, 2018",
        "DEC25/18",
        "December 25th, 2018",
        "25th of December 2018",
        "25. Dezember 2018",
        "25 décembre 2018",
        "25 de diciembre de 2018",
        "25 dicembre 2018",
        "25 december 2018",
        "2018 Dec 25",
        "25 Disember 2018",
        "2018-12-25T10:30:00",
        "25/12/2018 8:13:39 PM",
        "25/12/201810:30",
        "(25/12/2018)",
        "Date:25/12/2018",
        "ORD #50 -REG #19- 25/12/2018 10:27:03",
        "20181225/191204",
    ],
)
def test_the_same_day_is_read_however_it_is_written(text: str) -> None:
    assert parse_date(text, DAY_FIRST) == (CHRISTMAS,)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1er mars 2020", date(2020, 3, 1)),
        ("3. März 2020", date(2020, 3, 3)),
        ("12 août 2019", date(2019, 8, 12)),
        ("5 ottobre 2019", date(2019, 10, 5)),
        ("5 mei 2019", date(2019, 5, 5)),
        ("14 de enero de 2019", date(2019, 1, 14)),
        ("12 March, 2020", date(2020, 3, 12)),
        ("31.12.99", date(1999, 12, 31)),
        ("99-01-31", date(1999, 1, 31)),
    ],
)
def test_months_of_several_languages(text: str, expected: date) -> None:
    assert parse_date(text, DAY_FIRST) == (expected,)


@pytest.mark.parametrize(
    "text",
    [
        "December 2015",  # no day: never completed with today's
        "5551234567",  # a phone number, not a time stamp
        "192.168.1.10",
        "13/13/2018",
        "30.02.2020",
        "1-12-03-2018",
        "AB-12-03-2018",
        "12 MAY 10:30",  # 10 is an hour, not a year
        "1 set 20",  # not the Italian September
        "8:13:39",
        "",
    ],
)
def test_what_is_no_full_date_is_none(text: str) -> None:
    assert parse_date(text, DAY_FIRST) == ()


def test_the_document_decides_between_day_and_month_first() -> None:
    assert parse_date("02/03/2020", DAY_FIRST)[0] == date(2020, 3, 2)
    assert parse_date("02/03/2020", MONTH_FIRST)[0] == date(2020, 2, 3)


def test_an_undecided_date_keeps_both_readings() -> None:
    value = parse_value("02/03/2020", FieldType.DATE, UNDECIDED)
    assert (value.value, value.alternatives) == ("2020-03-02", ("2020-02-03",))
    assert parse_value("02/03/2020", FieldType.DATE, MONTH_FIRST).alternatives == ()


def test_a_date_that_can_be_read_in_one_way_has_no_alternative() -> None:
    assert parse_value("12/25/2018", FieldType.DATE, DAY_FIRST).value == "2018-12-25"
    assert parse_value("05/05/2018", FieldType.DATE, UNDECIDED).alternatives == ()


def test_two_dates_in_one_token_are_two_candidates() -> None:
    found = find_candidates("12/30/19-03/29/20", FieldType.DATE, MONTH_FIRST)
    assert [(c.start, c.stop, c.value.value) for c in found] == [(0, 8, "2019-12-30"), (9, 17, "2020-03-29")]


def test_a_date_over_several_words_is_one_candidate() -> None:
    line = "Datum: 12 March 2020, Seite 1"
    (found,) = find_candidates(line, FieldType.DATE, DAY_FIRST)
    assert line[found.start : found.stop] == "12 March 2020"
