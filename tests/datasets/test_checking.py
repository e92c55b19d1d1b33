"""Every problem of a dataset is told with file, field, line and what to do."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from docgrid.chargrid import GridSize
from docgrid.datasets import load, open_dataset
from docgrid.datasets.checking import Checker, Finding, Kind, Severity, findings_of_error
from docgrid.datasets.given import TextLine, page_from_lines
from docgrid.errors import DatasetError
from docgrid.page import Document

LINES = [
    TextLine("ACME LTD", (100, 100, 180, 110)),
    TextLine("TOTAL", (100, 200, 150, 210)),
    TextLine("9.00", (300, 200, 340, 210)),
]


def document(path: Path) -> Document:
    return Document(path, "0" * 64, (page_from_lines((600, 800), LINES),), page_count=1)


def mark(text: str, left: float, top: float, right: float, bottom: float, page: int = 1) -> dict[str, object]:
    return {"text": text, "page": page, "bbox": [left / 600, top / 800, right / 600, bottom / 800]}


def checked(root: Path, fields: Mapping[str, object], *, size: GridSize | None = None, documents: int = 1) -> list[Finding]:
    for number in range(documents):
        for folder in ("documents", "annotations"):
            (root / folder).mkdir(parents=True, exist_ok=True)
        (root / "documents" / f"d{number}.pdf").write_bytes(b"%PDF-")
        content = {"schema": "docgrid.labels/1", "part": "valid" if number else "", "fields": fields}
        (root / "annotations" / f"d{number}.json").write_text(json.dumps(content, indent=1))
    dataset = open_dataset(root)
    checker = Checker(dataset, size=size)
    for record in dataset.records:
        checker.add(record, load(record, dataset.schema, document))
    return checker.finish()


def kinds(findings: list[Finding]) -> list[tuple[Severity, Kind]]:
    return [(one.severity, one.kind) for one in findings if one.kind is not Kind.FEW]


def test_good_labels_have_nothing_but_too_few_documents(tmp_path: Path) -> None:
    fields = {"total": [mark("9.00", 300, 200, 340, 210)], "company": [mark("ACME LTD", 100, 100, 180, 110)]}
    findings = checked(tmp_path, fields | {"header": [mark("TOTAL", 100, 200, 150, 210)]})
    assert {one.kind for one in findings} == {Kind.FEW}


def test_a_box_that_holds_something_else_is_an_error_with_the_line_of_the_field(tmp_path: Path) -> None:
    findings = checked(tmp_path, {"total": [mark("9.00", 100, 100, 180, 110)]})
    assert kinds(findings) == [(Severity.ERROR, Kind.OTHER_TEXT)]
    assert "is '9.00', its box on page 1 holds 'ACME LTD'" in findings[0].problem
    assert (findings[0].file, findings[0].field, findings[0].line) == ("annotations/d0.json", "total", 5)


def test_a_reading_error_in_a_box_is_a_warning(tmp_path: Path) -> None:
    findings = checked(tmp_path, {"company": [mark("ACNE LTD", 100, 100, 180, 110)]})
    assert kinds(findings) == [(Severity.WARNING, Kind.OTHER_TEXT)]


def test_boxes_without_text_and_on_no_page_are_errors(tmp_path: Path) -> None:
    findings = checked(tmp_path, {"total": [mark("9.00", 400, 400, 440, 410), mark("9.00", 300, 200, 340, 210, page=3)]})
    assert kinds(findings) == [(Severity.ERROR, Kind.EMPTY_BOX), (Severity.ERROR, Kind.OFF_PAGE)]


def test_overlapping_boxes_several_values_and_values_printed_nowhere_are_warnings(tmp_path: Path) -> None:
    fields = {"company": [mark("ACME L", 100, 100, 160, 110), mark("ME LTD", 120, 100, 180, 110)], "total": [{"text": "7.77"}]}
    found = kinds(checked(tmp_path, fields))
    assert (Severity.WARNING, Kind.OVERLAP) in found
    assert (Severity.WARNING, Kind.SEVERAL_VALUES) in found
    assert (Severity.WARNING, Kind.NOT_PRINTED) in found


def test_equal_documents_in_two_parts_are_a_leak(tmp_path: Path) -> None:
    fields = {"total": [mark("9.00", 300, 200, 340, 210)]}
    assert kinds(checked(tmp_path, fields, documents=2)) == [(Severity.ERROR, Kind.LEAK)]


def test_characters_without_a_cell_of_their_own_are_counted(tmp_path: Path) -> None:
    findings = checked(tmp_path, {"total": [mark("9.00", 300, 200, 340, 210)]}, size=GridSize(16, 12))
    lost = next(one for one in findings if one.kind is Kind.LOST_CHARACTERS)
    assert "of 16 characters of page 1 have no cell of 16 x 12" in lost.problem


def test_an_unknown_field_is_told_with_the_nearest_name(tmp_path: Path) -> None:
    (tmp_path / "docgrid.toml").write_text('schema = "receipt"\n')
    try:
        checked(tmp_path, {"totl": [mark("9.00", 300, 200, 340, 210)]})
    except DatasetError as error:
        (finding,) = findings_of_error(error, tmp_path)
    assert (finding.severity, finding.file) == (Severity.ERROR, "annotations/d0.json")
    assert "Did you mean 'total'?" in finding.problem
