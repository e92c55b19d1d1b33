"""Known values come out of tables, JSON and predictions the same way, and what is wrong with them is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from docgrid.datasets.knowntables import known_from_csv
from docgrid.datasets.knownvalues import Known, known_from_json, parse_map
from docgrid.errors import DatasetError, UsageError
from docgrid.schema import INVOICE


def csv_of(tmp_path: Path, text: str, **options: object) -> Known:
    path = tmp_path / "accounting.csv"
    path.write_text(text, encoding="utf-8")
    chosen = {"key": "file", "columns": {}, "schema": None} | options
    return known_from_csv(path, **chosen)  # type: ignore[arg-type]


def pairs(known: Known, document: str) -> list[tuple[str, str]]:
    return [(entry.name, entry.value) for entry in known.fields[document]]


def test_columns_are_fields_by_name_by_alias_or_as_mapped_and_others_are_told(tmp_path: Path) -> None:
    text = "file;invoice_number;Grand Total;Booking\nIn/A.PDF;4711;1190.00;77\n"
    known = csv_of(tmp_path, text, schema=INVOICE, columns={"Grand Total": "amount_total_gross"})
    assert pairs(known, "a.pdf") == [("document_id", "4711"), ("amount_total_gross", "1190.00")]
    assert known.notes == ["accounting.csv: 'Booking' is no field of schema invoice and is left out"]
    record = known.records([Path("x/a.pdf"), Path("x/b.pdf")])[0][0]
    assert [(entry.value, entry.normal) for entry in record.fields] == [("4711", ""), ("1190.00", "1190.00")]


def test_the_document_may_be_named_without_its_suffix(tmp_path: Path) -> None:
    records, rest = csv_of(tmp_path, "file,total\na,9.00\n").records([Path("a.pdf"), Path("b.pdf")])
    assert ([record.id for record in records], rest) == (["a"], [Path("b.pdf")])


def test_rows_of_one_document_are_line_items_or_a_mistake(tmp_path: Path) -> None:
    text = "file,document_id,line_item_description\na,1,Tea\na,1,Cake\n"
    known = csv_of(tmp_path, text, schema=INVOICE)
    assert [(entry.name, entry.item) for entry in known.fields["a"]] == [
        ("document_id", None),
        ("line_item_description", 0),
        ("line_item_description", 1),
    ]
    with pytest.raises(DatasetError, match="line 3: a has a row already, line 2"):
        csv_of(tmp_path, "file,total\na,1.00\na,2.00\n")


def test_a_wrong_column_is_refused_with_the_nearest_one(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        csv_of(tmp_path, "File name,total\na,1.00\n", key="Filename")
    assert "'File name'" in caught.value.hint
    with pytest.raises(UsageError, match="maps nothing"):
        parse_map(["total"])


@pytest.mark.parametrize("content", ["[]", '[{"total": "9.00"}]', '"text"', "{"])
def test_json_that_names_no_documents_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "values.json"
    path.write_text(content)
    with pytest.raises(DatasetError):
        known_from_json(path, key="file", columns={}, schema=None)


def test_json_may_hold_lists_and_line_items(tmp_path: Path) -> None:
    path = tmp_path / "values.json"
    path.write_text(json.dumps({"a.pdf": {"iban": ["X1", "X2"], "line_items": [{"line_item_quantity": 2}]}}))
    known = known_from_json(path, key="file", columns={}, schema=INVOICE)
    assert pairs(known, "a.pdf") == [("iban", "X1"), ("iban", "X2"), ("line_item_quantity", "2")]


def test_of_predictions_only_accepted_ones_are_known_unless_asked(tmp_path: Path) -> None:
    def entry(text: str, decision: str) -> dict[str, object]:
        return {"text": text, "value": text, "page": 1, "bbox": [0.1, 0.1, 0.2, 0.12], "decision": decision}

    path = tmp_path / "fields.json"
    fields = {"total": [entry("9.00", "accept")], "company": [entry("ACME", "review")]}
    path.write_text(json.dumps({"schema": "docgrid.extraction/1", "documents": [{"source": "in/a.pdf", "fields": fields}]}))
    known = known_from_json(path, key="file", columns={}, schema=None)
    assert pairs(known, "a.pdf") == [("total", "9.00")]
    assert known.places["a.pdf"][0][0].boxes == ((0.1, 0.1, 0.2, 0.12),)
    everything = known_from_json(path, key="file", columns={}, schema=None, accepted_only=False)
    assert pairs(everything, "a.pdf") == [("total", "9.00"), ("company", "ACME")]
