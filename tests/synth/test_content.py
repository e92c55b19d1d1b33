"""What the documents say: identifiers with right check digits, formats as in the country, words that wrap with their labels."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from random import Random

import pytest

from docgrid.synth.content import PriceMode, make_invoice
from docgrid.synth.countries import COUNTRIES, check_iban, identifiers, luhn
from docgrid.synth.formats import DateStyle, NumberStyle, money, plain
from docgrid.synth.ink import HELVETICA, Align, Font, Part, Sheet, Value, length, split_lines, wrap
from docgrid.synth.shops import Region, make_receipt


def test_the_iban_of_the_standard_gets_its_published_check_digits() -> None:
    assert check_iban("DE", "370400440532013000") == "DE89370400440532013000"  # the example of the Bundesbank
    assert check_iban("GB", "WEST12345698765432") == "GB82WEST12345698765432"  # the example of ISO 13616


@pytest.mark.parametrize("country", [country for country in COUNTRIES if country.iban], ids=lambda country: country.code)
def test_every_iban_leaves_one_after_division_by_97(country: object) -> None:
    for seed in range(5):
        iban = identifiers(Random(seed), country, "Town").iban.replace(" ", "")  # type: ignore[arg-type]  # parametrised
        assert int("".join(str(int(sign, 36)) for sign in iban[4:] + iban[:4])) % 97 == 1


def test_the_luhn_digit_of_a_known_number_is_right() -> None:
    assert luhn("7992739871") == "79927398713"


def test_numbers_are_written_in_the_style_of_the_document() -> None:
    assert NumberStyle(",", ".").write(Decimal("1234.5"), 2) == "1.234,50"
    assert NumberStyle(".", ",", "({})").write(Decimal("-1234.5"), 2) == "(1,234.50)"
    assert NumberStyle(",", "", "{}-").write(Decimal("-0.004"), 2) == "0,00"  # nothing negative is left
    assert (plain(Decimal("2.500")), money(Decimal("2.5")), money(Decimal("2.5125"))) == ("2.5", "2.50", "2.5125")


def test_dates_are_written_with_the_month_names_of_the_language() -> None:
    day = date(2024, 3, 5)
    assert DateStyle("{d}. {month} {yyyy}", "de").write(day) == "5. März 2024"
    assert DateStyle("{dd}/{mm}/{yy}", "fr").write(day) == "05/03/24"
    assert DateStyle("{SHORT} {d}, {yyyy}", "en").write(day) == "MAR 5, 2024"


def test_the_sums_of_an_invoice_follow_from_its_items() -> None:
    for seed in range(200):
        invoice = make_invoice(Random(seed))
        total = invoice.net if invoice.mode is PriceMode.NET else invoice.gross
        assert total == sum(item.amount for item in invoice.items) - invoice.discount + invoice.shipping
        assert invoice.gross == invoice.net + invoice.tax == invoice.due + invoice.paid
        assert sum(line.gross for line in invoice.tax_lines) == invoice.gross


def test_the_change_of_a_receipt_is_what_was_given_less_the_total_and_malaysia_rounds_to_five_cents() -> None:
    for seed in range(200):
        receipt = make_receipt(Random(seed))
        assert receipt.total == receipt.before_rounding + receipt.rounding <= receipt.cash
        if receipt.region is Region.MALAYSIA and receipt.rounding:
            assert receipt.total * 20 % 1 == 0 and abs(receipt.rounding) <= Decimal("0.02")


def test_a_wrapped_line_keeps_its_label_on_the_words_of_the_value_only() -> None:
    value = Value("Net 30 days", ("payment_terms",), "Net 30 days")
    font = Font(HELVETICA, 10)
    lines = wrap(["Terms: ", value, " as agreed"], font, font.width("Terms: Net 30"))
    labelled = [piece.text for line in lines for piece in line if isinstance(piece, Part)]
    assert labelled == ["Net 30", "days"]
    assert all(length(line, font) <= font.width("Terms: Net 30") + 0.01 for line in lines)


def test_an_address_of_three_lines_is_one_record_with_three_boxes() -> None:
    sheet = Sheet(300, 300)
    value = Value("Street 1\n12345 Town\nCountry", ("vendor_address",), "Street 1, 12345 Town, Country")
    sheet.block(200, 20, [[part] for part in split_lines(value)], Font(HELVETICA, 10), leading=1.2, align=Align.RIGHT)
    (record,) = sheet.records
    assert record.texts == ["Street 1", "12345 Town", "Country"]
    assert [round(box[2]) for box in record.boxes] == [200, 200, 200]
    assert [round(box[1]) for box in record.boxes] == [20, 32, 44]


def test_a_value_drawn_twice_gives_two_records() -> None:
    sheet = Sheet(300, 300)
    value = Value("9.00", ("total",), "9.00")
    sheet.text(10, 10, value, Font(HELVETICA, 10))
    sheet.text(10, 50, value, Font(HELVETICA, 10))
    assert len(sheet.records) == 2


def test_text_that_would_leave_its_column_is_set_smaller() -> None:
    sheet = Sheet(300, 300)
    font = Font(HELVETICA, 10)
    with sheet.within(60):
        end = sheet.text(10, 10, "seventy points", font)
    assert font.width("seventy points") > 60 and end <= 60.01
