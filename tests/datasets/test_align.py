"""Values are found where they are printed: by value, over several lines, by likeness, and not where something else is meant."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from docgrid.datasets.align import Alignment, AlignSettings, align
from docgrid.datasets.given import TextLine, page_from_lines
from docgrid.labels import LabelledField
from docgrid.page import Document
from docgrid.schema import ADBUY, INVOICE, RECEIPT, FieldSpec, FieldType, Schema

WIDTH = 6.0  # points a character
HEIGHT = 10.0

# left, top (in characters and lines), text
Printed = tuple[int, float, str]


def line(column: int, row: float, text: str) -> TextLine:
    left, top = column * WIDTH, row * HEIGHT * 1.2
    return TextLine(text, (left, top, left + len(text) * WIDTH, top + HEIGHT))


def document_of(*pages: Sequence[Printed]) -> Document:
    built = [
        page_from_lines((600, 800), [line(*printed) for printed in page], number=number)
        for number, page in enumerate(pages, start=1)
    ]
    return Document(Path("page.pdf"), "0" * 64, tuple(built), page_count=len(built))


def texts(document: Document, alignment: Alignment, name: str, item: int | None = None) -> list[str]:
    entry = next(entry for entry in alignment.fields if entry.name == name and entry.item == item)
    return [
        document.pages[place.page - 1].characters.text_of(np.array(place.characters)).replace("\n", " ")
        for place in entry.occurrences
    ]


def found(lines: Sequence[Printed], name: str, value: str, schema: Schema = RECEIPT) -> list[str]:
    document = document_of(lines)
    return texts(document, align(document, [LabelledField(name, value)], schema), name)


def test_a_date_inside_a_token_is_found_by_its_digits_alone() -> None:
    assert found([(0, 0, "Date:25/12/2018 20:15")], "date", "25/12/2018") == ["25/12/2018"]


def test_a_date_is_found_by_value_not_by_spelling() -> None:
    assert found([(0, 0, "2018-12-25")], "date", "25 DEC 2018") == ["2018-12-25"]


def test_two_dates_of_one_token_are_two_places() -> None:
    document = document_of([(0, 0, "Flight 12/30/19-03/29/20")])
    fields = [LabelledField("flight_from", "12/30/2019"), LabelledField("flight_to", "3/29/20")]
    alignment = align(document, fields, ADBUY)
    assert texts(document, alignment, "flight_from") == ["12/30/19"]
    assert texts(document, alignment, "flight_to") == ["03/29/20"]


def test_a_date_in_a_column_of_dates_is_no_place_when_it_also_stands_alone() -> None:
    table = [(0, row, "06/01/20 Spot") for row in range(5, 10)]
    assert found([(30, 0, "Flight 06/01/20"), *table], "flight_from", "06/01/2020", ADBUY) == ["06/01/20"]
    assert len(found(table, "flight_from", "06/01/2020", ADBUY)) == 5


def test_a_date_label_with_its_last_digit_cut_off_is_found() -> None:
    assert found([(0, 0, "To 06/01/20")], "flight_to", "06/01/2", ADBUY) == ["06/01/20"]


@pytest.mark.parametrize("printed", ["9.00", "RM9.00", "RM 9.00", "$9.00", "9.00 SR"])
def test_an_amount_is_marked_without_currency_and_without_what_stands_beside_it(printed: str) -> None:
    assert found([(0, 0, "TOTAL"), (20, 0, printed)], "total", "9.00") == ["9.00"]


@pytest.mark.parametrize(("value", "printed"), [("RM9.00", "RM9.00"), ("$1,250.00", "$1,250.00"), ("$1250.00", "$1,250.00")])
def test_a_currency_sign_that_the_label_has_is_marked_too(value: str, printed: str) -> None:
    assert found([(0, 0, "TOTAL"), (20, 0, printed)], "total", value) == [printed]


def test_an_amount_torn_by_a_space_is_found() -> None:
    assert found([(0, 0, "RM 29. 70"), (0, 1, "2 970")], "total", "RM 29.70") == ["29. 70"]


def test_every_place_that_prints_a_total_is_marked_but_no_part_of_a_longer_number() -> None:
    lines = [
        (0, 0, "TOTAL"),
        (20, 0, "9.00"),
        (0, 1, "CASH"),
        (20, 1, "9.00"),
        (0, 2, "Ref"),
        (20, 2, "19.00"),
        (0, 3, "129.001"),
    ]
    assert found(lines, "total", "9.00") == ["9.00", "9.00"]


def test_a_whole_amount_does_not_match_a_rate_of_zero() -> None:
    lines = [(0, 0, "Steuerbetrag"), (20, 0, "0,00"), (0, 1, "Steuersatz"), (20, 1, "0")]
    document = document_of(lines)
    fields = [LabelledField("amount_total_tax", "0.00")]
    assert texts(document, align(document, fields, INVOICE, AlignSettings(plain_values=True)), "amount_total_tax") == ["0,00"]


def test_amounts_of_equal_value_are_told_apart_by_their_captions() -> None:
    document = document_of([(0, 0, "Bruttosumme"), (40, 0, "235,62"), (0, 1, "Zahlbetrag"), (40, 1, "235,62")])
    fields = [LabelledField("amount_total_gross", "235.62"), LabelledField("amount_due", "235.62")]
    alignment = align(document, fields, INVOICE, AlignSettings(plain_values=True))
    places = [entry.occurrences for entry in alignment.fields]
    assert [len(place) for place in places] == [1, 1]
    assert places[0] != places[1]


def test_an_address_in_one_column_is_found_beside_other_columns() -> None:
    lines = [
        (0, 0, "ACME LTD"),
        (0, 1, "12, MAIN STREET,"),
        (40, 1, "Invoice 77"),
        (0, 2, "SPRINGFIELD,"),
        (40, 2, "Date 1/2/2020"),
        (0, 3, "81100 OHIO."),
        (40, 3, "Page 1"),
    ]
    assert found(lines, "address", "12 MAIN STREET, SPRINGFIELD, 81100 OHIO.") == ["12, MAIN STREET, SPRINGFIELD, 81100 OHIO."]


def test_a_cell_that_was_read_as_one_line_with_its_neighbour_goes_on_below_its_own_beginning() -> None:
    lines = [(0, 0, "Position 1 Kunstrasen 3m 123,00"), (0, 1, "Nr 7788"), (11, 1, "breit"), (30, 1, "USt")]
    assert found(lines, "company", "Kunstrasen 3m breit") == ["Kunstrasen 3m breit"]


def test_a_cell_goes_on_inside_of_the_line_below() -> None:
    lines = [(0, 0, "Position 1 Kunstrasen 3m 123,00"), (0, 1, "Nr 7788    breit Stk USt")]
    assert found(lines, "company", "Kunstrasen 3m breit") == ["Kunstrasen 3m breit"]


def test_a_short_text_goes_on_in_the_line_below_it() -> None:
    assert found([(0, 0, "AB"), (30, 0, "Page"), (0, 1, "CD"), (30, 1, "One")], "company", "AB CD") == ["AB CD"]


def test_a_text_with_reading_errors_is_found_by_likeness() -> None:
    lines = [(0, 0, "TEO HENG STATIONERY & B00KS"), (0, 1, "TAX INVOICE")]
    assert found(lines, "company", "TED HENG STATIONERY & BOOKS") == ["TEO HENG STATIONERY & B00KS"]


def test_a_last_word_that_the_text_has_twice_is_found_although_the_rest_has_errors() -> None:
    lines = [(0, 0, "NO.5: 55 JALAN SAGU 18,"), (0, 1, "81100 JOHOR BAHRU"), (0, 2, "JOHOR"), (0, 3, "Tel 123")]
    assert found(lines, "address", "NO.53 55 JALAN SAGU 18, 81100 JOHOR BAHRU, JOHOR") == [
        "NO.5: 55 JALAN SAGU 18, 81100 JOHOR BAHRU JOHOR"
    ]


def test_a_text_that_is_mostly_missing_is_not_found() -> None:
    assert found([(0, 0, "TED"), (0, 1, "TAX INVOICE")], "company", "TED HENG STATIONERY & BOOKS") == []


def test_the_same_place_on_several_pages_is_a_place_on_each() -> None:
    document = document_of([(0, 0, "No 571047")], [(0, 0, "No 571047")])
    entry = align(document, [LabelledField("contract_num", "571047")], ADBUY).fields[0]
    assert [place.page for place in entry.occurrences] == [1, 2]


def test_punctuation_at_the_edges_follows_the_label() -> None:
    lines = [(0, 0, "(MR DIY) SDN. BHD.")]
    assert found(lines, "company", "(MR DIY) SDN. BHD.") == ["(MR DIY) SDN. BHD."]
    assert found(lines, "company", "MR DIY) SDN BHD") == ["MR DIY) SDN. BHD"]


def test_an_identifier_inside_a_longer_number_is_no_place() -> None:
    assert found([(0, 0, "Order 4160437")], "contract_num", "416043", ADBUY) == []


def test_an_identifier_is_taken_from_a_compound_only_where_it_does_not_stand_alone() -> None:
    lines = [(0, 0, "Ref GE2020211-471102"), (0, 1, "Nr 471102")]
    assert len(found(lines, "contract_num", "471102", ADBUY)) == 1
    assert found(lines[:1], "contract_num", "471102", ADBUY) == ["471102"]


def test_an_identifier_with_confused_characters_is_found() -> None:
    assert found([(0, 0, "No A1O5588")], "contract_num", "A105588", ADBUY) == ["A1O5588"]


def test_a_party_with_numbers_in_its_name_is_found_by_its_printed_name() -> None:
    lines = [(0, 0, "Lieferant"), (0, 1, "MUSTERLIEFERANT GMBH")]
    assert found(lines, "vendor_name", "GLN 4333741000005 Lief-Nr: 549910 MUSTERLIEFERANT GMBH", INVOICE) == [
        "MUSTERLIEFERANT GMBH"
    ]


def test_more_places_than_allowed_are_cut_and_reported() -> None:
    document = document_of([(0, row, f"item {row}x 7.50") for row in range(20)])
    entry = LabelledField("total", "7.50")
    alignment = align(document, [entry], RECEIPT, AlignSettings(max_occurrences=5))
    assert len(alignment.fields[0].occurrences) == 5
    assert alignment.ambiguous == (entry,)


def test_what_is_not_found_is_missing_and_keeps_its_place_in_the_list() -> None:
    document = document_of([(0, 0, "TOTAL 9.00")])
    alignment = align(document, [LabelledField("date", "1/1/2018"), LabelledField("total", "9.00")], RECEIPT)
    assert [entry.name for entry in alignment.fields] == ["date", "total"]
    assert [entry.name for entry in alignment.missing] == ["date"]


def test_a_document_without_text_has_everything_missing() -> None:
    document = document_of([])
    assert len(align(document, [LabelledField("total", "9.00")], RECEIPT).missing) == 1


ITEM_HEAD: list[Printed] = [(0, 0, "Pos"), (6, 0, "Beschreibung"), (40, 0, "Menge"), (52, 0, "Preis"), (64, 0, "Betrag")]


def items_of(*rows: tuple[str, str, str, str]) -> list[LabelledField]:
    names = ("line_item_description", "line_item_quantity", "line_item_unit_price_net", "line_item_amount_net")
    return [LabelledField(name, value, number) for number, row in enumerate(rows) for name, value in zip(names, row, strict=True)]


def test_equal_values_of_one_row_go_to_their_columns() -> None:
    document = document_of([*ITEM_HEAD, (0, 2, "1"), (6, 2, "Widget"), (42, 2, "1"), (52, 2, "100,00"), (64, 2, "100,00")])
    alignment = align(document, items_of(("Widget", "1.0000", "100.00", "100.00")), INVOICE, AlignSettings(plain_values=True))
    lefts = {}
    for entry in alignment.fields:
        assert len(entry.occurrences) == 1, entry
        lefts[entry.name] = float(document.pages[0].characters.boxes[entry.occurrences[0].characters[0], 0]) / WIDTH
    assert lefts["line_item_quantity"] == 42
    assert lefts["line_item_unit_price_net"] == 52
    assert lefts["line_item_amount_net"] == 64


def lefts_of(document: Document, alignment: Alignment) -> dict[tuple[str, int | None], float]:
    boxes = document.pages[0].characters.boxes
    return {
        (entry.name.removeprefix("line_item_"), entry.item): float(boxes[entry.occurrences[0].characters[0], 0]) / WIDTH
        for entry in alignment.fields
        if entry.occurrences
    }


def test_without_a_header_the_clear_rows_tell_the_column() -> None:
    rows = [
        (0, 2, "1"),
        (6, 2, "Alpha"),
        (42, 2, "5"),
        (64, 2, "10,00"),
        (0, 4, "2"),
        (6, 4, "Beta"),
        (42, 4, "2"),
        (64, 4, "20,00"),
    ]
    document = document_of(rows)
    fields = items_of(("Alpha", "5", "2.00", "10.00"), ("Beta", "2", "10.00", "20.00"))
    lefts = lefts_of(document, align(document, fields, INVOICE, AlignSettings(plain_values=True)))
    assert lefts["quantity", 1] == 42


def test_without_a_header_the_last_of_two_equal_amounts_is_the_amount_of_the_line() -> None:
    document = document_of([(6, 2, "Widget"), (42, 2, "7"), (52, 2, "100,00"), (64, 2, "100,00")])
    fields = items_of(("Widget", "1", "100.00", "100.00"))
    lefts = lefts_of(document, align(document, fields, INVOICE, AlignSettings(plain_values=True)))
    assert lefts["amount_net", 0] == 64
    assert lefts["unit_price_net", 0] == 52


def test_no_character_is_the_place_of_two_values_of_an_item() -> None:
    document = document_of([(6, 2, "Widget"), (64, 2, "100,00")])
    fields = items_of(("Widget", "1", "100.00", "100.00"))
    alignment = align(document, fields, INVOICE, AlignSettings(plain_values=True))
    assert {entry.name for entry in alignment.missing} == {"line_item_quantity", "line_item_unit_price_net"}


def test_items_with_equal_texts_take_one_row_each_in_order() -> None:
    rows = [(0, row, text) for row in (2, 4) for text in (str(row // 2),)]
    cells = [(6, row, "Widget") for row in (2, 4)] + [(64, 2, "10,00"), (64, 4, "30,00")]
    document = document_of([*ITEM_HEAD, *rows, *cells, (42, 2, "1"), (42, 4, "3"), (52, 2, "10,00"), (52, 4, "10,00")])
    fields = items_of(("Widget", "1", "10.00", "10.00"), ("Widget", "3", "10.00", "30.00"))
    alignment = align(document, fields, INVOICE, AlignSettings(plain_values=True))
    tops = [
        float(document.pages[0].characters.boxes[entry.occurrences[0].characters[0], 1]) / HEIGHT / 1.2
        for entry in alignment.fields
    ]
    assert [round(top) for top in tops] == [2, 2, 2, 2, 4, 4, 4, 4]


def test_an_amount_of_a_line_item_is_no_place_of_the_total() -> None:
    document = document_of(
        [*ITEM_HEAD, (6, 2, "Widget"), (42, 2, "2"), (52, 2, "50,00"), (64, 2, "100,00"), (40, 9, "Netto"), (64, 9, "100,00")]
    )
    fields = [LabelledField("amount_total_net", "100.00"), *items_of(("Widget", "2", "50.00", "100.00"))]
    alignment = align(document, fields, INVOICE, AlignSettings(plain_values=True))
    rows = [place.characters for entry in alignment.fields for place in entry.occurrences]
    assert len(rows) == 5
    assert len(set(rows)) == 5


def test_a_price_printed_rounded_is_found_in_its_row() -> None:
    document = document_of([*ITEM_HEAD, (6, 2, "Turf"), (42, 2, "3"), (52, 2, "3,33"), (64, 2, "10,00")])
    alignment = align(document, items_of(("Turf", "3.0000", "3.3333", "10.00")), INVOICE, AlignSettings(plain_values=True))
    assert texts(document, alignment, "line_item_unit_price_net", 0) == ["3,33"]


def test_items_go_on_over_the_pages() -> None:
    first = [*ITEM_HEAD, (6, 2, "Alpha"), (64, 2, "10,00")]
    second = [*ITEM_HEAD, (6, 2, "Beta"), (64, 2, "20,00")]
    document = document_of(first, second)
    fields = items_of(("Alpha", "1", "10.00", "10.00"), ("Beta", "1", "20.00", "20.00"))
    alignment = align(document, fields, INVOICE, AlignSettings(plain_values=True))
    pages = {entry.item: entry.occurrences[0].page for entry in alignment.fields if entry.name == "line_item_description"}
    assert pages == {0: 1, 1: 2}


def test_a_page_made_to_mislead_the_search_takes_no_long_time() -> None:
    document = document_of([(2 * (number % 40), number // 40, "a") for number in range(400)])
    started = time.process_time()
    alignment = align(document, [LabelledField("company", "a" * 60 + "b"), LabelledField("address", "ab" * 40)], RECEIPT)
    assert len(alignment.missing) == 2
    assert time.process_time() - started < 10  # without memory of dead ends: hours


def test_a_field_with_places_of_its_own_is_left_alone() -> None:
    document = document_of([(0, 0, "TOTAL 9.00 9.00")])
    first = align(document, [LabelledField("total", "9.00")], RECEIPT).fields[0]
    kept = LabelledField("total", "9.00", occurrences=first.occurrences[1:])
    assert align(document, [kept], RECEIPT).fields == (kept,)


def test_a_currency_is_found_as_a_sign_or_a_code() -> None:
    schema = Schema("s", (FieldSpec("currency", FieldType.CURRENCY),))
    assert found([(0, 0, "Beträge in EUR")], "currency", "EUR", schema) == ["EUR"]
    assert found([(0, 0, "Total"), (20, 0, "€ 5,00")], "currency", "EUR", schema) == ["€"]
