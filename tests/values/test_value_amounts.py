from __future__ import annotations

from decimal import Decimal

import pytest

from docgrid.schema import FieldType
from docgrid.values import DocumentLocale, find_candidates, parse_amount, parse_value

POINT = DocumentLocale(".")
COMMA = DocumentLocale(",", currency="EUR")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,234.56", "1234.56"),
        ("1'234.56", "1234.56"),
        ("1’234.56", "1234.56"),
        ("1,23,456.00", "123456.00"),
        ("(12.00)", "-12.00"),
        ("($64.00)", "-64.00"),
        ("-12.00", "-12.00"),
        ("12.00-", "-12.00"),
        ("-$5.00", "-5.00"),
        ("$-5.00", "-5.00"),
        ("RM7.42", "7.42"),
        ("RM 7.42", "7.42"),
        ("$8.60", "8.60"),
        (".50", "0.50"),
        ("Total:9.00", "9.00"),
        ("9.00SR", "9.00"),
        ("2 X 9.00", "9.00"),
        ("$450", "450"),
        ("$1,234", "1234"),
        ("10,000", "10000"),
        ("1.234,56", "1234.56"),  # both separators: the last one is the decimal one, whatever the document prefers
    ],
)
def test_amounts_of_documents_with_a_decimal_point(text: str, expected: str) -> None:
    assert parse_amount(text, POINT)[0] == Decimal(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.234,56", "1234.56"),
        ("1 234,56", "1234.56"),
        ("1.234", "1234"),
        ("1.234.567", "1234567"),
        ("€12", "12"),
        ("12 €", "12"),
        ("12,-", "12"),
        ("12,--", "12"),
        ("EUR 12,00", "12.00"),
        ("12,00-", "-12.00"),
        ("0,0520", "0.0520"),
        ("−14,99", "-14.99"),
    ],
)
def test_amounts_of_documents_with_a_decimal_comma(text: str, expected: str) -> None:
    assert parse_amount(text, COMMA)[0] == Decimal(expected)


def test_three_digits_after_one_separator_keep_both_readings() -> None:
    assert parse_amount("1.234", POINT) == (Decimal("1.234"), Decimal("1234"))
    assert parse_amount("1.234", COMMA) == (Decimal("1234"), Decimal("1.234"))


def test_the_normal_form_is_a_plain_decimal_with_its_printed_digits() -> None:
    value = parse_value("RM 1,234.50", FieldType.MONEY, POINT)
    assert (value.value, value.currency) == ("1234.50", "MYR")


def test_an_amount_without_mark_has_the_currency_of_the_document() -> None:
    assert parse_value("12,00", FieldType.MONEY, COMMA).currency == "EUR"


def test_a_bare_dollar_is_the_dollar_of_the_document() -> None:
    assert parse_value("$8.60", FieldType.MONEY, DocumentLocale(currency="SGD")).currency == "SGD"
    assert parse_value("$8.60", FieldType.MONEY, DocumentLocale(currency="EUR")).currency == "USD"


def texts(line: str, type: FieldType, locale: DocumentLocale = POINT, *, spaced_marks: bool = False) -> list[str]:
    return [line[c.start : c.stop] for c in find_candidates(line, type, locale, spaced_marks=spaced_marks)]


@pytest.mark.parametrize(
    "line",
    [
        "TD01167104",  # a piece of an identifier
        "789417-W",
        "#123",
        "Tel 03/1234",
        "8:13:39",
        "25.12.2018",
        "GST 6.00%",
        "1.2.3",
        "12,34,56",
        "0123",
        "555-0123",
        "4012345001235123456789",
    ],
)
def test_what_is_no_money_is_no_candidate(line: str) -> None:
    assert texts(line, FieldType.MONEY) == []


def test_amounts_inside_tokens_are_found() -> None:
    assert texts("Total:9.00", FieldType.MONEY) == ["9.00"]
    assert texts("TOTAL (RM): 9.00 CASH 10.00", FieldType.MONEY) == ["9.00", "10.00"]


def test_a_mark_that_touches_an_amount_belongs_to_it() -> None:
    assert texts("TOTAL RM7.42", FieldType.MONEY) == ["RM7.42"]
    assert texts("12,50€", FieldType.MONEY, COMMA) == ["12,50€"]


def test_an_amount_with_its_mark_apart_is_offered_both_ways_when_asked_for() -> None:
    assert texts("RM 7.42", FieldType.MONEY) == ["7.42"]
    assert texts("RM 7.42", FieldType.MONEY, spaced_marks=True) == ["7.42", "RM 7.42"]


def test_a_number_in_groups_of_three_is_offered_whole_and_in_parts() -> None:
    found = find_candidates("1 234,56", FieldType.MONEY, COMMA)
    assert [candidate.value.value for candidate in found] == ["1234.56", "1", "234.56"]


def test_a_number_in_groups_after_another_number_is_offered_too() -> None:
    found = find_candidates("21 3 749,00", FieldType.MONEY, COMMA)
    assert "3749.00" in [candidate.value.value for candidate in found]


def test_per_cents_come_with_their_sign_and_bare_numbers_up_to_a_hundred_count() -> None:
    assert texts("MwSt 19,00 % 250", FieldType.PERCENT, COMMA) == ["19,00 %"]
    assert texts("7", FieldType.PERCENT, COMMA) == ["7"]


def test_a_quantity_is_found_beside_its_unit() -> None:
    assert texts("3 pcs", FieldType.NUMBER) == ["3"]
    assert texts("1.5kg", FieldType.NUMBER) == ["1.5"]


def test_a_line_is_read_up_to_a_limit() -> None:
    assert texts("1" * 10_000, FieldType.MONEY) == []
    assert texts("1 " * 2_000 + "9.00", FieldType.MONEY)[-1] == "9.00"
    assert "9.00" not in texts("1 " * 5_000 + "9.00", FieldType.MONEY)
