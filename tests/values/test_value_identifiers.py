from __future__ import annotations

import pytest

from docgrid.schema import FieldType
from docgrid.values import (
    DocumentLocale,
    bic_is_valid,
    find_candidates,
    fold,
    iban_is_valid,
    parse_value,
    plain_letters,
    same_value,
)

LOCALE = DocumentLocale()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Invoice No: INV-2018/001", ["INV-2018/001"]),
        ("No:123456", ["123456"]),
        ("Invoice#:12345", ["12345"]),
        ("USt-IdNr.: DE123456789", ["DE123456789"]),
        ("(123)", ["123"]),
        ("GST ID:001-234", ["001-234"]),
        ("IBAN DE89 3704 0044 0532 0130 00 BIC COBADEFFXXX", ["DE89 3704 0044 0532 0130 00", "COBADEFFXXX"]),
        ("Mail: anna.b@example.org", ["anna.b@example.org"]),
        ("Thank you", []),
    ],
)
def test_identifiers_are_found_without_their_captions(line: str, expected: list[str]) -> None:
    assert [line[c.start : c.stop] for c in find_candidates(line, FieldType.IDENTIFIER, LOCALE)] == expected


def test_the_check_digits_of_an_iban() -> None:
    assert iban_is_valid("DE89 3704 0044 0532 0130 00")  # the example of ISO 13616
    assert not iban_is_valid("DE88 3704 0044 0532 0130 00")
    assert not iban_is_valid("DE89")


def test_the_shape_of_a_bic() -> None:
    assert bic_is_valid("COBADEFF")
    assert bic_is_valid("COBADEFFXXX")
    assert not bic_is_valid("COBADEF")


def test_folding_keeps_letters_and_digits_only() -> None:
    assert fold("Ünïted-Straße № 5, 1°") == "unitedstrasseno51"
    assert fold("SDN. BHD.") == "sdnbhd"


def test_plain_letters_keep_their_places() -> None:
    text = "Émile Müller İ ß 3"
    assert plain_letters(text) == "emile muller i ß 3"
    assert len(plain_letters(text)) == len(text)


@pytest.mark.parametrize(
    ("first", "second", "type"),
    [
        ("12 March 2020", "12/03/20", FieldType.DATE),
        ("2018-03-11", "11.03.2018", FieldType.DATE),
        ("02/03/20", "2/3/2020", FieldType.DATE),
        ("RM7.50", "7.5", FieldType.MONEY),
        ("1.234,56", "1234.56", FieldType.MONEY),
        ("3.500", "3500.0000", FieldType.NUMBER),
        ("19 %", "19.00", FieldType.PERCENT),
        ("€", "EUR", FieldType.CURRENCY),
        ("ACME Ltd.", "Acme Ltd", FieldType.TEXT),
        ("INV 001", "INV-001", FieldType.IDENTIFIER),
    ],
)
def test_equal_values_in_different_spellings(first: str, second: str, type: FieldType) -> None:
    assert same_value(first, second, type)
    assert same_value(second, first, type)


@pytest.mark.parametrize(
    ("first", "second", "type"),
    [
        ("02/03/20", "03/02/20", FieldType.DATE),  # one convention holds for both sides
        ("", "", FieldType.DATE),
        ("7.50", "7.05", FieldType.MONEY),
        ("-7.50", "7.50", FieldType.MONEY),
        ("x", "x", FieldType.MONEY),
        ("EUR", "USD", FieldType.CURRENCY),
        ("ACME", "ACNE", FieldType.TEXT),
    ],
)
def test_different_values(first: str, second: str, type: FieldType) -> None:
    assert not same_value(first, second, type)


def test_the_document_decides_what_is_the_same() -> None:
    assert same_value("02/03/20", "2020-02-03", FieldType.DATE, DocumentLocale(day_first=False))
    assert not same_value("02/03/20", "2020-02-03", FieldType.DATE, DocumentLocale(day_first=True))


def test_values_of_text_and_identifiers_lose_edges_and_line_breaks() -> None:
    assert parse_value("ACME\nLtd.", FieldType.TEXT, LOCALE).value == "ACME Ltd."
    assert parse_value("No: 4711.", FieldType.IDENTIFIER, LOCALE).value == "4711"
    assert parse_value("n/a", FieldType.MONEY, LOCALE).value is None
    assert parse_value("US$", FieldType.CURRENCY, LOCALE).value == "USD"
