"""docgrid's own annotations: characters in drawn boxes become places, and what is written is read back the same."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from docgrid.datasets import load, load_aligned, open_dataset
from docgrid.datasets.given import TextLine, page_from_lines
from docgrid.datasets.native import write_record
from docgrid.errors import OutputError
from docgrid.labels import LabelledDocument, LabelledField, Occurrence
from docgrid.page import Document
from docgrid.schema import INVOICE, RECEIPT

LINES = [
    TextLine("ACME LTD", (10, 10, 90, 20)),
    TextLine("1 MAIN ST", (10, 30, 100, 40)),
    TextLine("Page 1", (150, 30, 190, 40)),
    TextLine("OHIO", (10, 50, 50, 60)),
    TextLine("TOTAL 9.00", (10, 80, 110, 90)),
]


def document(tmp_path: Path) -> Document:
    path = tmp_path / "source.pdf"
    path.write_bytes(b"%PDF-1.4")
    return Document(path, "0" * 64, (page_from_lines((200, 100), LINES),), page_count=1)


def annotate(root: Path, fields: dict[str, object]) -> None:
    for folder in ("documents", "annotations"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    (root / "documents/d.pdf").write_bytes(b"%PDF-1.4")
    (root / "annotations/d.json").write_text(json.dumps({"fields": fields}))


def test_the_characters_whose_centre_lies_in_the_line_boxes_are_the_place(tmp_path: Path) -> None:
    lines = [[0.05, 0.3, 0.5, 0.4], [0.05, 0.5, 0.25, 0.6]]
    annotate(tmp_path, {"address": [{"text": "1 MAIN ST\nOHIO", "page": 1, "bbox": [0.05, 0.3, 0.5, 0.6], "lines": lines}]})
    dataset = open_dataset(tmp_path)
    labelled, alignment = load_aligned(dataset.records[0], RECEIPT, lambda _: document(tmp_path))
    assert alignment.mismatches == ()
    assert labelled.fields[0].occurrences == (Occurrence(1, (*range(7, 14), *range(19, 23))),)
    assert labelled.fields[0].boxes[0][1].left == pytest.approx(10)


def test_a_box_around_other_characters_is_reported(tmp_path: Path) -> None:
    annotate(tmp_path, {"total": [{"text": "9.00", "page": 1, "bbox": [0.0, 0.8, 0.6, 0.9]}]})
    _, alignment = load_aligned(open_dataset(tmp_path).records[0], RECEIPT, lambda _: document(tmp_path))
    assert len(alignment.mismatches) == 1
    assert "'9.00'" in alignment.mismatches[0]
    assert "'TOTAL 9.00'" in alignment.mismatches[0]


def test_a_box_around_more_than_the_text_is_narrowed_to_the_text(tmp_path: Path) -> None:
    annotate(tmp_path, {"total": [{"text": "9.00", "page": 1, "bbox": [0.0, 0.8, 0.6, 0.9]}]})
    labelled = load(open_dataset(tmp_path).records[0], RECEIPT, lambda _: document(tmp_path))
    page = labelled.document.pages[0]
    assert [page.characters.text[row] for row in labelled.fields[0].occurrences[0].characters] == list("9.00")


def test_a_value_without_a_box_is_looked_for(tmp_path: Path) -> None:
    annotate(tmp_path, {"total": [{"value": "9.00"}], "company": [{"text": "ACME LTD", "page": 7, "bbox": [0, 0, 1, 1]}]})
    _, alignment = load_aligned(open_dataset(tmp_path).records[0], RECEIPT, lambda _: document(tmp_path))
    assert [len(entry.occurrences) for entry in alignment.fields] == [1, 1]
    assert "page 7" in alignment.mismatches[0]


def test_two_marks_of_one_value_are_one_field_with_two_places(tmp_path: Path) -> None:
    entry = {"text": "9.00", "page": 1}
    annotate(tmp_path, {"total": [entry | {"bbox": [0.3, 0.8, 0.6, 0.9]}, entry | {"bbox": [0.3, 0.81, 0.6, 0.9]}]})
    record = open_dataset(tmp_path).records[0]
    assert len(record.fields) == 1
    assert len(record.places[0]) == 2


def test_what_is_written_is_read_back_the_same(tmp_path: Path) -> None:
    source = document(tmp_path)
    fields = (
        LabelledField("vendor_address", "1 MAIN ST OHIO", None, (Occurrence(1, (*range(7, 14), *range(19, 23))),)),
        LabelledField("line_item_amount_net", "9.00", 0, (Occurrence(1, (28, 29, 30, 31)),)),
        LabelledField("iban", "DE00"),
    )
    labelled = LabelledDocument("d1", source, fields, layout="grid", languages=("en",))
    write_record(tmp_path / "out", labelled, INVOICE)
    record = open_dataset(tmp_path / "out", schema=INVOICE).records[0]
    again = load(record, INVOICE, lambda _: source)
    assert {replace(entry, boxes=()) for entry in again.fields} == set(fields)
    assert (again.layout, again.languages, again.id) == ("grid", ("en",), "d1")
    with pytest.raises(OutputError, match="exists already"):
        write_record(tmp_path / "out", labelled, INVOICE)
