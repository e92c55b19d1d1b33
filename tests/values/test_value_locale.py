from __future__ import annotations

import pytest
from babel import numbers

from docgrid.values import DocumentLocale, decide_locale
from docgrid.values.currencies import ISO_CODES, MARKS, currency_of


def test_a_german_invoice() -> None:
    lines = ["Rechnung Nr. 4711", "Datum 05.03.2020", "Die Summe netto und brutto", "1.234,56 EUR", "19,00 %"]
    assert decide_locale(lines) == DocumentLocale(",", True, "EUR", "de")


def test_an_american_order() -> None:
    lines = ["The total of your order", "Austin, TX 78701", "Flight 02/03/20", "$1,234.56", "to 12/30/19"]
    assert decide_locale(lines) == DocumentLocale(".", False, "USD", "en")


def test_a_malaysian_receipt_writes_the_day_first_although_it_is_english() -> None:
    locale = decide_locale(["TOTAL RM 9.00", "02/03/2018", "THANK YOU FOR YOUR CASH"])
    assert (locale.currency, locale.day_first, locale.decimal_separator) == ("MYR", True, ".")


@pytest.mark.parametrize(("dates", "expected"), [(["02/03/2018", "25/03/2018"], True), (["02/03/2018", "03/25/2018"], False)])
def test_one_clear_date_decides_for_all(dates: list[str], expected: bool) -> None:
    assert decide_locale(dates).day_first is expected


def test_dates_close_together_decide_where_nothing_else_does() -> None:
    # Month first: 2, 9 and 5 March lie 7 days apart; day first: 3 Feb, 3 Sep, 3 May lie 212 days apart.
    assert decide_locale(["03/02/2020", "03/09/2020", "03/05/2020"]).day_first is False


def test_nothing_decides_a_single_ambiguous_date() -> None:
    assert decide_locale(["02/03/2020"]) == DocumentLocale(".", None, None, None)


def test_an_empty_document_has_the_default_locale() -> None:
    assert decide_locale([]) == DocumentLocale()


def test_a_dollar_in_singapore_is_no_american_one() -> None:
    assert decide_locale(["ABC PTE LTD", "TOTAL $8.60"]).currency == "SGD"


def test_words_that_are_also_currency_codes_do_not_vote() -> None:
    assert decide_locale(["TOP TRY ALL", "Total 9.00"]).currency is None


def test_every_currency_code_is_one_of_iso_4217() -> None:
    known = numbers.list_currencies()
    assert known >= ISO_CODES
    assert {code for mark in MARKS if (code := currency_of(mark)) is not None} <= known


@pytest.mark.parametrize(
    ("mark", "code"), [("€", "EUR"), ("RM", "MYR"), ("eur", "EUR"), ("US$", "USD"), ("Fr.", "CHF"), ("x", None)]
)
def test_marks_become_codes(mark: str, code: str | None) -> None:
    assert currency_of(mark) == code
