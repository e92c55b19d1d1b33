"""`docgrid data convert`: thin over `docgrid.datasets.converting`; what is lost goes to stderr, nothing half-done stays."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import Run
from PIL import Image

from docgrid.errors import ExitCode


@pytest.fixture
def receipt(tmp_path: Path) -> Path:
    root = tmp_path / "data"
    for folder in ("img", "box", "entities"):
        (root / folder).mkdir(parents=True)
    Image.new("L", (120, 200), 255).save(root / "img/r1.jpg")
    (root / "box/r1.txt").write_text("12,10,72,10,72,20,12,20,ACME LTD\n66,90,102,90,102,100,66,100,9.00\n")
    (root / "entities/r1.txt").write_text('{"company": "ACME LTD", "date": "", "total": "9.00"}')
    return root


def test_a_dataset_is_converted_and_what_is_lost_is_told(docgrid: Run, receipt: Path, tmp_path: Path) -> None:
    outcome = docgrid("data", "convert", receipt, tmp_path / "out", "--to", "values", "--json")
    assert outcome.exit_code == ExitCode.OK, outcome.stderr
    facts = json.loads(outcome.stdout)
    assert (facts["from"], facts["to"], facts["documents"], facts["fields"]) == ("sroie", "values", 1, 2)
    assert "lost in values: 1 documents whose text stays behind" in outcome.words
    assert json.loads((tmp_path / "out/r1.json").read_text()) == {"company": "ACME LTD", "total": "9.00"}


def test_places_that_the_old_format_lacks_are_found_first(docgrid: Run, receipt: Path, tmp_path: Path) -> None:
    outcome = docgrid("data", "convert", receipt, tmp_path / "out", "--to", "coco")
    assert outcome.exit_code == ExitCode.OK, outcome.stderr
    content = json.loads((tmp_path / "out/annotations/instances_train.json").read_text())
    names = {category["id"]: category["name"] for category in content["categories"]}
    boxes = {names[one["category_id"]]: one["bbox"] for one in content["annotations"]}
    assert boxes["total"] == pytest.approx([66, 90, 36, 10], abs=0.5)
    assert boxes["company"] == pytest.approx([12, 10, 60, 10], abs=0.5)


def test_a_damaged_dataset_is_refused_and_nothing_is_written(docgrid: Run, receipt: Path, tmp_path: Path) -> None:
    (receipt / "box/r1.txt").write_text("1,2,3\n")
    outcome = docgrid("data", "convert", receipt, tmp_path / "out", "--to", "coco")
    assert outcome.exit_code == ExitCode.DATASET_INVALID
    assert "box/r1.txt: line 1" in outcome.words
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_a_document_that_cannot_be_read_is_told_and_nothing_is_written(docgrid: Run, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/a.pdf").write_text("no PDF")
    (tmp_path / "data/a.json").write_text('{"total": "9.00"}')
    outcome = docgrid("data", "convert", tmp_path / "data", tmp_path / "out", "--to", "label-studio", "--ocr", "off")
    assert outcome.exit_code == ExitCode.DATASET_INVALID
    assert "a.pdf" in outcome.words
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_formats_and_folders_that_cannot_be_are_refused(docgrid: Run, receipt: Path, tmp_path: Path) -> None:
    unknown = docgrid("data", "convert", receipt, tmp_path / "out", "--to", "cocoa")
    assert unknown.exit_code == ExitCode.USAGE
    assert "Did you mean 'coco'" in unknown.words
    assert docgrid("data", "convert", receipt, tmp_path / "out", "--to", "einvoice").exit_code == ExitCode.USAGE
    assert docgrid("data", "convert", receipt, receipt / "in", "--to", "coco").exit_code == ExitCode.OUTPUT_NOT_WRITTEN
    assert not (receipt / "in").exists()
    (tmp_path / "out").mkdir()
    (tmp_path / "out/mine.txt").touch()
    assert docgrid("data", "convert", receipt, tmp_path / "out", "--to", "csv").exit_code == ExitCode.OUTPUT_NOT_WRITTEN
    assert docgrid("data", "convert", receipt, tmp_path / "out", "--to", "csv", "--force").exit_code == ExitCode.OK
    assert (tmp_path / "out/values.csv").is_file()
