from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from docgrid.datasets.given import TextLine, document_from_lines
from docgrid.decoding import Decoded, DecodingSettings, FieldPrediction, ItemPrediction
from docgrid.errors import DocumentStatus
from docgrid.extraction import (
    DocumentExtraction,
    ExtractedField,
    Extraction,
    Judgement,
    ModelInfo,
    build_document,
    failed_document,
    json_schema,
    to_json,
)
from docgrid.page import Document, OcrRun
from docgrid.schema import INVOICE, FieldSpec, FieldType, Schema
from docgrid.values import DocumentLocale

SCHEMA = Schema(
    "test",
    (
        FieldSpec("company", FieldType.TEXT, multiline=True),
        FieldSpec("date", FieldType.DATE),
        FieldSpec("total", FieldType.MONEY),
        FieldSpec("line_item_amount_net", FieldType.MONEY, line_item=True),
    ),
)
DOCUMENT_KEYS = "id source sha256 status errors warnings ocr pages locale fields line_items missing timing_s"
FIELD_KEYS = "text value type page bbox confidence scores decision checks"
PUBLISHED = Path(__file__).parents[2] / "docs" / "extraction.schema.json"


def page_of(*lines: tuple[str, float]) -> Document:
    """Lines at x = 20 with characters 10 points wide and 10 high, on a page of 200 x 400 points (not square)."""
    return document_from_lines(
        Path(__file__),
        (200, 400),
        [TextLine(text, (20, top, 20 + 10 * len(text), top + 10)) for text, top in lines],
        reader="test",
    )


def field(document: Document, name: str, text: str, score: float = 0.95, *, page: int = 1, **scores: float) -> FieldPrediction:
    """The field made of the first characters that print `text` (without spaces)."""
    start = document.pages[page - 1].characters.text.index(text)
    return FieldPrediction(name, page, tuple(range(start, start + len(text))), score, {"segmentation": score, **scores})


def decoded_of(*fields: FieldPrediction, items: tuple[ItemPrediction, ...] = (), locale: DocumentLocale | None = None) -> Decoded:
    return Decoded(fields, items, locale or DocumentLocale(".", True, "EUR", "en"))


def build(document: Document, *fields: FieldPrediction, **options: object) -> DocumentExtraction:
    return build_document(document, decoded_of(*fields), SCHEMA, **options)  # type: ignore[arg-type]  # handed on as they are


def test_a_field_is_typed_located_and_verbatim() -> None:
    document = page_of(("Total 1,234.50", 40))
    entry = build(document, field(document, "total", "1,234.50")).fields["total"][0]
    assert (entry.text, entry.value, entry.type, entry.currency) == ("1,234.50", "1234.50", FieldType.MONEY, "EUR")
    # Characters 6 to 13 of the line: x from 20 + 60 = 80 to 160 of 200 points, y from 40 to 50 of 400.
    assert entry.bbox == (0.4, 0.1, 0.8, 0.125)
    assert (entry.page, entry.lines, entry.confidence) == (1, [], 0.95)
    assert Decimal(entry.value or "") == Decimal("1234.5")


def test_a_text_over_two_lines_has_a_box_for_each() -> None:
    document = page_of(("ACME", 0), ("Works", 20))
    entry = build(document, field(document, "company", "ACMEWorks")).fields["company"][0]
    assert (entry.text, entry.value) == ("ACME\nWorks", "ACME Works")
    assert entry.lines == [(0.1, 0.0, 0.3, 0.025), (0.1, 0.05, 0.35, 0.075)]
    assert entry.bbox == (0.1, 0.0, 0.35, 0.075)


def test_boxes_are_cut_at_the_edge_of_the_page() -> None:
    document = page_of(("A" * 30, 395))
    assert build(document, field(document, "company", "A" * 30)).fields["company"][0].bbox == (0.1, 0.9875, 1.0, 1.0)


@pytest.mark.parametrize(
    ("name", "text", "score", "ocr", "decision"),
    [
        ("total", "9.00", 0.95, 1.0, "accept"),
        ("total", "9.00", 0.85, 1.0, "review"),  # not sure enough
        ("total", "9.00", 0.95, 0.2, "review"),  # one badly read character
        ("date", "02/03/2020", 0.95, 1.0, "accept"),
        ("date", "99/99/2020", 0.95, 1.0, "review"),  # no value
    ],
)
def test_sure_and_readable_fields_are_accepted(name: str, text: str, score: float, ocr: float, decision: str) -> None:
    document = page_of((text, 0))
    assert build(document, field(document, name, text, score, ocr=ocr)).fields[name][0].decision == decision


def test_a_failed_check_sends_the_fields_it_judges_to_review_and_no_others() -> None:
    names = ("amount_total_net", "amount_total_tax", "amount_total_gross", "amount_due")
    document = page_of(("100.00 19.00 129.00 5.00", 0))
    values = ("100.00", "19.00", "129.00", "5.00")
    fields = [field(document, name, text) for name, text in zip(names, values, strict=True)]
    result = build_document(document, decoded_of(*fields), INVOICE)
    assert [result.fields[name][0].decision.value for name in names] == ["review", "review", "review", "accept"]
    assert [check.passed for check in result.fields["amount_total_net"][0].checks] == [False]
    assert [check.name for check in result.checks] == ["net_plus_tax_is_gross"]


def test_a_date_that_may_be_read_in_two_ways_goes_to_review_with_both_readings() -> None:
    document = page_of(("02/03/2020", 0))
    decoded = decoded_of(field(document, "date", "02/03/2020"), locale=DocumentLocale(day_first=None))
    entry = build_document(document, decoded, SCHEMA).fields["date"][0]
    assert (entry.value, entry.readings, entry.decision) == ("2020-03-02", ["2020-02-03"], "review")


def test_the_calibration_of_the_model_makes_the_confidence() -> None:
    document = page_of(("9.00", 0))
    judgement = Judgement(DecodingSettings(accept_confidence=0.4), {"*": [0.0, 0.0, 0.0, 0.0, 0.0]})
    entry = build(document, field(document, "total", "9.00"), judgement=judgement).fields["total"][0]
    assert (entry.confidence, entry.decision) == (0.5, "accept")  # a logistic of 0


def test_missing_are_the_fields_that_the_model_knows_and_did_not_find() -> None:
    document = page_of(("9.00", 0))
    found = build(document, field(document, "total", "9.00"))
    assert found.missing == ["company", "date"]
    known = build(document, field(document, "total", "9.00"), judgement=Judgement(known_fields=["date", "total"]))
    assert known.missing == ["date"]


def test_alternatives_are_listed_with_their_places() -> None:
    document = page_of(("9.00 5.00", 0))
    best = replace(field(document, "total", "9.00"), alternatives=(field(document, "total", "5.00", 0.4),))
    (other,) = build(document, best).fields["total"][0].alternatives
    assert (other.text, other.value, other.confidence) == ("5.00", "5.00", 0.4)


def test_line_items_count_from_one_and_keep_their_pages() -> None:
    document = page_of(("9.00", 0), ("5.00", 20))
    items = tuple(
        ItemPrediction((field(document, "line_item_amount_net", text, score),), (1,), score)
        for text, score in (("9.00", 0.9), ("5.00", 0.8))
    )
    result = build_document(document, decoded_of(items=items), SCHEMA)
    assert [(item.id, item.pages, item.confidence) for item in result.line_items] == [(1, [1], 0.9), (2, [1], 0.8)]
    assert [item.fields["line_item_amount_net"][0].value for item in result.line_items] == ["9.00", "5.00"]


def test_the_same_document_always_gives_the_same_json() -> None:
    document = page_of(("Total 9.00", 0))
    texts = {to_json(build(document, field(document, "total", "9.00"))) for _ in range(2)}
    assert len(texts) == 1
    assert json.loads(texts.pop())["timing_s"] == {}


def test_what_ocr_read_is_told() -> None:
    document = page_of(("9.00", 0))
    scanned = replace(document.pages[0], ocr=OcrRun("rapidocr", "3.10", "eng", 200), warnings=("dark",))
    result = build(replace(document, pages=(scanned,), warnings=("cut",)), warnings=["dense"])
    assert result.ocr.model_dump() == {"engine": "rapidocr", "version": "3.10", "language": "eng", "pages": [1]}
    assert result.warnings == ["cut", "page 1: dark", "dense"]


def test_a_failed_document_says_why_and_has_no_fields() -> None:
    result = failed_document(Path("secret.pdf"), DocumentStatus.ENCRYPTED, "secret.pdf needs a password", "Give --password-file.")
    data = json.loads(to_json(result))
    assert (data["status"], data["sha256"], data["fields"], data["missing"]) == ("encrypted", None, {}, [])
    assert data["errors"] == [{"problem": "secret.pdf needs a password", "hint": "Give --password-file."}]


def test_a_name_that_is_no_utf8_can_be_written() -> None:
    result = failed_document(Path("a\udcff.pdf"), DocumentStatus.CORRUPT, "broken")
    assert json.loads(to_json(result).encode("utf-8"))["source"] == "a\\udcff.pdf"


def test_ids_of_files_of_one_name_differ() -> None:
    first = failed_document(Path("a/scan.pdf"), DocumentStatus.CORRUPT, "")
    assert first.id != failed_document(Path("b/scan.pdf"), DocumentStatus.CORRUPT, "").id


def test_the_file_has_the_keys_of_the_contract() -> None:
    document = page_of(("9.00", 0))
    extraction = Extraction(
        docgrid="1.0", model=ModelInfo(name="m"), documents=[build(document, field(document, "total", "9.00"))]
    )
    data = json.loads(to_json(extraction))
    assert list(data) == ["schema", "docgrid", "model", "documents"]
    assert data["schema"] == "docgrid.extraction/1"
    assert set(data["documents"][0]) >= set(DOCUMENT_KEYS.split())
    assert set(data["documents"][0]["fields"]["total"][0]) >= set(FIELD_KEYS.split())
    assert set(data["documents"][0]["pages"][0]) >= {"page", "width_pt", "height_pt", "rotation"}
    assert Extraction.model_validate(data) == extraction


@pytest.mark.parametrize(
    "wrong", [{"confidence": float("nan")}, {"confidence": 1.5}, {"page": 0}, {"scores": {"ocr": float("inf")}}]
)
def test_numbers_that_are_none_are_refused(wrong: dict[str, object]) -> None:
    good = {"text": "9", "value": "9", "type": "money", "page": 1, "bbox": (0, 0, 1, 1), "confidence": 0.5, "decision": "review"}
    ExtractedField.model_validate(good)
    with pytest.raises(ValidationError):
        ExtractedField.model_validate(good | wrong)


def test_the_published_json_schema_is_current() -> None:
    assert json.loads(PUBLISHED.read_text(encoding="utf-8")) == json_schema(), (
        "write it anew: json_schema() of docgrid.extraction as JSON with indent 2"
    )


def test_every_field_of_the_invoice_schema_can_be_built() -> None:
    document = page_of(("9.00", 0))
    fields = [replace(field(document, spec.name, "9.00"), item=None) for spec in INVOICE.fields if not spec.line_item]
    result = build_document(document, decoded_of(*fields), INVOICE)
    assert result.missing == []
    assert np.all([0 <= entry.confidence <= 1 for entries in result.fields.values() for entry in entries])
