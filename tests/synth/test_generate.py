"""The generator as a whole: the same seed gives the same bytes, and every label holds what the page prints there."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from docgrid.datasets import open_dataset
from docgrid.errors import UsageError
from docgrid.schema import ADBUY, INVOICE, RECEIPT
from docgrid.synth import Mix, SynthDocument, SynthKind, annotation, generate, layout_names, make_document
from docgrid.synth.ink import TextOp
from docgrid.synth.letters import FAMILIES as LETTER_FAMILIES
from docgrid.synth.pen import write_pdf
from docgrid.synth.words import LANGUAGES, words
from docgrid.values import DocumentLocale, parse_amount, parse_date

INVOICES = [make_document(number, seed=7, kind=SynthKind.INVOICE) for number in range(60)]
RECEIPTS = [make_document(number, seed=7, kind=SynthKind.RECEIPT) for number in range(40)]
ORDERS = [make_document(number, seed=7, kind=SynthKind.ADBUY) for number in range(20)]
PURCHASES = [make_document(number, seed=7, kind=SynthKind.INVOICE, mix=Mix(orders=1.0)) for number in range(10)]


def files_of(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def entries_of(document: SynthDocument) -> Iterator[tuple[str, dict[str, Any]]]:
    content: dict[str, Any] = annotation(document)
    for fields in (content["fields"], *(item["fields"] for item in content["line_items"])):
        for name, entries in fields.items():
            for entry in entries:
                yield name, entry


def test_the_same_seed_gives_the_same_files_however_many_are_made(tmp_path: Path) -> None:
    for kind in SynthKind:
        generate(tmp_path / f"{kind}-first", documents=3, seed=5, kind=kind)
        generate(tmp_path / f"{kind}-second", documents=4, seed=5, kind=kind)
        first, second = files_of(tmp_path / f"{kind}-first"), files_of(tmp_path / f"{kind}-second")
        assert len(second) == len(first) + 2
        assert {name: second[name] for name in first} == first


def test_another_seed_gives_other_documents() -> None:
    first, second = (make_document(0, seed=seed, kind=SynthKind.INVOICE) for seed in (1, 2))
    assert annotation(first) != annotation(second)


def test_there_are_at_least_thirty_layouts_of_invoices_and_twenty_of_receipts() -> None:
    assert len(set(layout_names(SynthKind.INVOICE))) == len(layout_names(SynthKind.INVOICE)) >= 30
    assert len(set(layout_names(SynthKind.RECEIPT))) == len(layout_names(SynthKind.RECEIPT)) >= 20
    assert set(layout_names(SynthKind.MIXED)) == {*layout_names(SynthKind.INVOICE), *layout_names(SynthKind.RECEIPT)}


def test_documents_come_in_all_languages_and_many_layouts() -> None:
    assert {document.language for document in INVOICES} == set(LANGUAGES)
    assert len({document.layout for document in INVOICES}) >= 30
    assert {document.layout for document in INVOICES} <= set(layout_names(SynthKind.INVOICE))


def test_every_language_has_every_caption_in_letters_that_pdf_fonts_have() -> None:
    for language in LANGUAGES:
        assert set(words(language)) == set(words("en"))
        for synonyms in words(language).values():
            assert all(text.encode("cp1252") for text in synonyms)


@pytest.mark.parametrize(
    "document",
    [*INVOICES[:30], *RECEIPTS[:20], *ORDERS[:10], *PURCHASES],
    ids=lambda document: f"{document.id} {document.layout}",
)
def test_the_boxes_of_a_label_hold_the_characters_that_it_claims(document: SynthDocument, tmp_path: Path) -> None:
    import pypdfium2
    import pypdfium2.raw as pdfium

    write_pdf(document.sheet, tmp_path / "document.pdf")
    with pypdfium2.PdfDocument(tmp_path / "document.pdf") as pdf:
        pages = []
        for page in pdf:
            text, height = page.get_textpage(), page.get_height()
            characters = []
            for index in range(text.count_chars()):
                left, bottom, right, top = text.get_charbox(index, loose=True)
                character = chr(pdfium.FPDFText_GetUnicode(text, index))
                characters.append((character, (left + right) / 2, height - (top + bottom) / 2))
            pages.append(characters)
            text.close()
            page.close()
    wrong = []
    for record in document.sheet.records:
        for claimed, (left, top, right, bottom) in zip(record.texts, record.boxes, strict=True):
            inside = [sign for sign, x, y in pages[record.page - 1] if left <= x < right and top <= y < bottom]
            if "".join("".join(inside).split()) != "".join(claimed.split()):
                wrong.append((claimed, "".join(inside)))
    assert len(wrong) <= 1, wrong[:5]  # a letter of a watermark may lie in a box


def test_labels_hold_only_values_and_never_their_captions() -> None:
    for document in [*INVOICES, *RECEIPTS, *ORDERS]:
        for name, entry in entries_of(document):
            if name in INVOICE.names and INVOICE.field(name).type in ("money", "number"):
                assert re.fullmatch(r"[-(]? ?[\d.,' ]+[-)]?", entry["text"]), (name, entry["text"])
            assert not entry["text"].endswith(":"), (name, entry["text"])
            assert entry["text"] == entry["text"].strip() != "", name


def test_every_name_belongs_to_the_schema_of_the_kind() -> None:
    assert {name for document in INVOICES for name, _ in entries_of(document)} <= set(INVOICE.names)
    assert {name for document in RECEIPTS for name, _ in entries_of(document)} == set(RECEIPT.names)
    assert {name for document in ORDERS for name, _ in entries_of(document)} == set(ADBUY.names)


def test_every_invoice_prints_number_total_and_parties_and_every_receipt_all_of_its_fields() -> None:
    needed = {"document_id", "date_issue", "vendor_name", "customer_billing_name", "amount_total_gross", "amount_due"}
    for document in INVOICES:
        assert needed - {name for name, _ in entries_of(document)} == set(), document.layout
    for document in RECEIPTS:
        assert {name for name, _ in entries_of(document)} == set(RECEIPT.names), document.layout


def test_nearly_all_field_names_occur() -> None:
    names = Counter(name for document in INVOICES for name, _ in entries_of(document))
    assert len(names) >= 45


def values(content: dict[str, Any], name: str) -> set[Decimal]:
    return {Decimal(entry["value"]) for entry in content.get(name, [])}


def test_the_arithmetic_of_every_invoice_adds_up_from_its_labels() -> None:
    checked = Counter[str]()
    for document in INVOICES:
        content: dict[str, Any] = annotation(document)
        fields = content["fields"]
        gross, net, tax = (values(fields, f"amount_total_{part}") for part in ("gross", "net", "tax"))
        assert len(gross) == 1, document.id
        if net and tax:
            assert net.pop() + tax.pop() == min(gross), document.id
            checked["total"] += 1
        due, paid = values(fields, "amount_due"), values(fields, "amount_paid")
        assert due == {min(gross) - abs(min(paid))} if paid and min(gross) > 0 else len(due) == 1, document.id
        for item in content["line_items"]:
            one = {name: values(item["fields"], f"line_item_{name}") for name in ("quantity", "unit_price_net", "amount_net")}
            discounts = {"line_item_discount_rate", "line_item_discount_amount"} & set(item["fields"])
            if all(one.values()) and not discounts:
                product = one["quantity"].pop() * one["unit_price_net"].pop()
                assert abs(product - one["amount_net"].pop()) <= Decimal("0.005"), document.id
                checked["item"] += 1
    assert checked["total"] > 30 and checked["item"] > 100


def test_the_text_of_money_and_dates_can_be_read_as_the_value_beside_it() -> None:
    for document in INVOICES:
        for name, entry in entries_of(document):
            kind = INVOICE.field(name).type
            separators = {DocumentLocale(mark, day_first, None, None) for mark in ".," for day_first in (True, False)}
            if kind == "money":
                assert any(Decimal(entry["value"]) in parse_amount(entry["text"], locale) for locale in separators), entry
            elif kind == "date":
                read = {day.isoformat() for locale in separators for day in parse_date(entry["text"], locale)}
                assert entry["value"] in read, entry


def test_a_total_that_is_also_due_is_labelled_as_both_on_one_place() -> None:
    both = 0
    for document in INVOICES:
        fields: dict[str, Any] = annotation(document)["fields"]  # type: ignore[assignment]  # plain JSON
        places = [{(entry["page"], *entry["bbox"]) for entry in fields[name]} for name in ("amount_total_gross", "amount_due")]
        both += bool(places[0] & places[1])
    assert both > 10


def test_the_folder_opens_as_a_dataset_with_its_schema_and_places(tmp_path: Path) -> None:
    generate(tmp_path, documents=2, seed=1, kind=SynthKind.RECEIPT)
    dataset = open_dataset(tmp_path)
    assert (dataset.schema.name, len(dataset.records)) == ("receipt", 2)
    assert all(all(record.places) and record.layout for record in dataset.records)


def test_several_processes_write_what_one_writes(tmp_path: Path) -> None:
    generate(tmp_path / "one", documents=3, seed=2, kind=SynthKind.RECEIPT)
    generate(tmp_path / "two", documents=3, seed=2, kind=SynthKind.RECEIPT, jobs=2)
    assert files_of(tmp_path / "one") == files_of(tmp_path / "two")


@pytest.mark.parametrize("wrong", [{"documents": 0}, {"documents": 1, "rasterise": 1.5}, {"documents": 1, "kind": "poem"}])
def test_what_cannot_be_made_is_refused_with_a_hint(wrong: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        generate(tmp_path, **wrong)
    assert caught.value.hint


def test_an_annotation_is_strict_json_with_layout_and_language(tmp_path: Path) -> None:
    generate(tmp_path, documents=1, seed=4)
    (path,) = (tmp_path / "data" / "annotations").glob("*.json")
    content = json.loads(path.read_text(encoding="utf-8"))
    assert content["layout"] in layout_names(SynthKind.INVOICE)
    assert content["language"] in LANGUAGES and content["document_schema"] == "invoice"


def test_the_footer_is_the_same_on_every_page_of_a_document() -> None:
    seen = 0
    for document in INVOICES:
        sheet = document.sheet
        if len(sheet.pages) < 2 or document.layout.startswith("report"):
            continue
        feet = [
            [operation.text for operation in page if isinstance(operation, TextOp) and operation.y > sheet.height - 66]
            for page in sheet.pages
        ]
        whole = [[text for text in foot if not re.search(r"\d ?/ ?\d|^\W*\w{0,7}\W*\d\W*\w*\W*\d?$", text)] for foot in feet]
        if whole[0] and whole[1]:
            assert whole[0] == whole[1], document.id
            seen += 1
    assert seen > 2


def test_letters_and_other_pages_have_text_and_not_a_single_field() -> None:
    pages = [make_document(number, seed=7, kind=SynthKind.INVOICE, mix=Mix(letters=1.0)) for number in range(40)]
    assert {document.layout for document in pages} == set(LETTER_FAMILIES)
    assert {document.language for document in pages} == set(LANGUAGES)
    for document in pages:
        content: dict[str, Any] = annotation(document)
        assert content["fields"] == {} and content["line_items"] == []
        assert (
            sum(len(operation.text) for page in document.sheet.pages for operation in page if isinstance(operation, TextOp)) > 150
        )


def test_a_purchase_order_is_written_by_the_customer_to_the_vendor_and_asks_for_no_money() -> None:
    orders = [make_document(number, seed=7, kind=SynthKind.INVOICE, mix=Mix(orders=1.0)) for number in range(30)]
    for document in orders:
        fields: dict[str, Any] = annotation(document)["fields"]  # type: ignore[assignment]  # plain JSON
        assert {"order_id", "date_issue", "vendor_name", "customer_billing_name", "amount_total_gross"} <= set(fields), (
            document.id
        )
        assert not {"amount_due", "amount_paid", "iban", "date_due", "payment_reference"} & set(fields), document.id
        assert fields["order_id"] == fields["document_id"]
        by_name = {field: {entry["value"] for entry in fields[field]} for field in ("vendor_name", "customer_billing_name")}
        assert len(by_name["vendor_name"]) == 1 and by_name["vendor_name"].isdisjoint(by_name["customer_billing_name"])
    assert len({document.layout for document in orders}) >= 10


def test_what_is_mixed_in_takes_the_place_of_other_documents_and_leaves_the_rest_as_it_was() -> None:
    plain = [make_document(number, seed=5, kind=SynthKind.RECEIPT) for number in range(30)]
    mixed = [make_document(number, seed=5, kind=SynthKind.RECEIPT, mix=Mix(letters=0.3)) for number in range(30)]
    others = [document for document in mixed if document.layout in LETTER_FAMILIES]
    assert 3 <= len(others) <= 16
    assert all(annotation(one) == annotation(two) for one, two in zip(plain, mixed, strict=True) if two not in others)


def test_a_model_trains_on_letters_as_pages_where_nothing_is_to_be_found(tmp_path: Path) -> None:
    generate(tmp_path, documents=1, seed=4, mix=Mix(letters=1.0))
    dataset = open_dataset(tmp_path)
    assert dataset.schema.name == "invoice"
    assert list(dataset.records[0].fields) == []


@pytest.mark.parametrize("shares", [{"letters": -0.1}, {"letters": 0.6, "orders": 0.6}])
def test_shares_that_are_none_are_refused(shares: dict[str, float]) -> None:
    with pytest.raises(UsageError, match="no shares"):
        Mix(**shares)


def test_orders_among_receipts_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="labelled like invoices"):
        generate(tmp_path, documents=1, kind=SynthKind.RECEIPT, mix=Mix(orders=0.5))
