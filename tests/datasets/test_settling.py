"""Of several places that print a value, those are written that are surely meant."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from docgrid.datasets.align import align
from docgrid.datasets.base import Record
from docgrid.datasets.given import TextLine, page_from_lines
from docgrid.datasets.labelling import SEARCH, Outcome, label
from docgrid.datasets.settling import settle
from docgrid.labels import LabelledDocument, LabelledField
from docgrid.page import Document
from docgrid.schema import INVOICE, RECEIPT, Schema

Printed = tuple[int, float, str]  # column, row, text


def document_of(*printed: Printed) -> Document:
    lines = [
        TextLine(text, (6.0 * column, 12.0 * row, 6.0 * (column + len(text)), 12.0 * row + 10)) for column, row, text in printed
    ]
    return Document(Path("page.pdf"), "0" * 64, (page_from_lines((600, 800), lines),), page_count=1)


def labelled(number: int, schema: Schema, printed: Sequence[Printed], **values: str) -> LabelledDocument:
    document = document_of(*printed)
    fields = [LabelledField(name, value) for name, value in values.items()]
    return LabelledDocument(str(number), document, align(document, fields, schema, SEARCH).fields)


def tops(document: LabelledDocument, name: str) -> list[int]:
    boxes = document.document.pages[0].characters.boxes
    entry = next(entry for entry in document.fields if entry.name == name)
    return [round(float(boxes[place.characters[0], 1]) / 12) for place in entry.occurrences]


def test_a_short_text_takes_the_places_where_it_is_a_line_of_its_own() -> None:
    printed = [(0, 0, "ACME"), (0, 3, "Thank you for visiting ACME today")]
    assert tops(settle([labelled(0, RECEIPT, printed, company="ACME")], RECEIPT)[0], "company") == [0]


def test_of_two_equal_names_each_is_the_one_beside_its_address() -> None:
    printed = [
        (0, 0, "Deliver to"), (0, 1, "Brown & Sons Catering"), (0, 2, "1 Side Street"),
        (0, 10, "Bill to"), (0, 11, "Brown & Sons Catering"), (0, 12, "2 High Street"),
    ]  # fmt: skip
    names = {"customer_billing_name": "Brown & Sons Catering", "customer_delivery_name": "Brown & Sons Catering"}
    addresses = {"customer_billing_address": "2 High Street", "customer_delivery_address": "1 Side Street"}
    found = settle([labelled(0, INVOICE, printed, **names, **addresses)], INVOICE)[0]
    assert (tops(found, "customer_billing_name"), tops(found, "customer_delivery_name")) == ([11], [1])


def test_a_currency_is_the_one_beside_its_amount() -> None:
    printed = [(0, 0, "All prices in EUR"), (0, 5, "Amount due"), (20, 5, "119.00"), (28, 5, "EUR")]
    found = settle([labelled(0, INVOICE, printed, amount_due="119.00", currency_code_amount_due="EUR")], INVOICE)[0]
    assert tops(found, "currency_code_amount_due") == [5]


def test_in_a_small_dataset_a_place_that_two_fields_claim_is_written_for_none_of_them() -> None:
    printed = [(0, 0, "4711"), (0, 3, "4711")]
    found = settle([labelled(0, INVOICE, printed, document_id="4711", order_id="4711")], INVOICE)[0]
    assert (tops(found, "document_id"), tops(found, "order_id")) == ([], [])


def test_one_printed_amount_may_be_both_total_and_amount_due() -> None:
    found = settle(
        [labelled(0, INVOICE, [(0, 0, "Total"), (20, 0, "9.50")], amount_due="9.50", amount_total_gross="9.50")], INVOICE
    )
    assert (tops(found[0], "amount_due"), tops(found[0], "amount_total_gross")) == ([0], [0])


def test_the_usual_caption_wins_against_a_rare_one_that_never_misleads() -> None:
    def receipt(number: int) -> LabelledDocument:
        total = f"{100 + number}.50"
        items = [one for row in range(2, 8) for one in ((0, row, "Tea"), (20, row, f"{5 + number}.1{row}"))]
        card = [(0, 19, "VISA"), (20, 19, total)] if number % 5 == 0 else []
        printed = [*items, (0, 14, "TOTAL"), (20, 14, f"{number + 3}.05"), (0, 16, "TOTAL"), (20, 16, total), *card]
        return labelled(number, RECEIPT, printed, total=total)

    found = settle([receipt(number) for number in range(40)], RECEIPT)
    assert {tuple(tops(document, "total")) for document in found} == {(16,)}


def test_the_account_tells_found_ambiguous_and_missing_and_the_label_says_what_the_page_prints() -> None:
    document = document_of((0, 0, "4711"), (0, 3, "4711"), (0, 5, "Datum"), (20, 5, "01.03.2024"))
    fields = [
        LabelledField("date_issue", "2024-03-01", normal="2024-03-01"),
        LabelledField("document_id", "4711"),
        LabelledField("order_id", "4711"),
        LabelledField("iban", "DE00 1234"),
    ]
    done = label([Record("a", Path("a.pdf"), tuple(fields))], [document], ["a"], INVOICE)
    assert {value.field: value.outcome for value in done.values} == {
        "date_issue": Outcome.FOUND,
        "document_id": Outcome.AMBIGUOUS,
        "order_id": Outcome.AMBIGUOUS,
        "iban": Outcome.MISSING,
    }
    date = done.documents[0].fields[0]
    assert (date.value, date.normal) == ("01.03.2024", "2024-03-01")
    left, top, right, bottom = done.documents[0].places[0][0].boxes[0]
    assert np.allclose((left * 600, top * 800, right * 600, bottom * 800), (120, 60, 180, 70), atol=0.01)
