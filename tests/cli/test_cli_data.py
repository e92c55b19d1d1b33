"""The commands that look after datasets, from a spreadsheet to a dataset that can be shown."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Run

from docgrid.errors import ExitCode

Pdf = Callable[..., bytes]


@pytest.fixture
def documents(tmp_path: Path, pdf: Pdf) -> Path:
    """Three invoices, and a table of their values."""
    folder = tmp_path / "inbox"
    folder.mkdir()
    rows = ["file,invoice_number,date,Sum,Cost centre"]
    for number in range(1, 4):
        lines = (
            f"Invoice R-{number}00{number}",
            f"Date 0{number}.02.2024",
            f"Total 1.{number}34,50 EUR",
            f"Ship to Pier {number}",
        )
        (folder / f"{number}.pdf").write_bytes(pdf(lines))
        rows.append(f"{number}.pdf,R-{number}00{number},2024-02-0{number},1{number}34.50,K{number}")
    (tmp_path / "accounting.csv").write_text("\n".join(rows) + "\n")
    return folder


LABEL = ("data", "label", "inbox", "--out", "set", "--from-csv", "accounting.csv", "--schema", "invoice")
MAP = ("--map", "Sum=amount_total_gross", "--jobs", "1")


def test_a_table_of_values_becomes_a_dataset_with_boxes(docgrid: Run, documents: Path) -> None:
    outcome = docgrid(*LABEL, *MAP, "--json")
    assert outcome.exit_code == 0, outcome.stderr
    facts = json.loads(outcome.stdout)
    assert {row["field"]: (row["values"], row["found"], row["boxes"]) for row in facts["fields"]} == {
        "document_id": (3, 3, 3),
        "date_issue": (3, 3, 3),
        "amount_total_gross": (3, 3, 3),
    }
    label = json.loads(Path("set/annotations/2.json").read_text())["fields"]["amount_total_gross"][0]
    assert (label["text"], label["value"], label["page"]) == ("1.234,50", "1234.50", 1)
    assert "'Cost centre' is no field of schema invoice" in outcome.words
    again = docgrid(*LABEL, *MAP)
    assert again.exit_code == ExitCode.OUTPUT_NOT_WRITTEN


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--from-xml", "--from-csv", "accounting.csv"), ExitCode.USAGE),
        ((), ExitCode.USAGE),
        (("--from-csv", "accounting.csv", "--key", "nothing"), ExitCode.USAGE),
        (("--from-csv", "accounting.csv", "--key", "Cost centre"), ExitCode.DATASET_INVALID),
        (("--from-json", "accounting.csv"), ExitCode.DATASET_INVALID),
    ],
)
def test_what_cannot_be_labelled_is_refused_and_nothing_is_written(
    docgrid: Run, documents: Path, options: tuple[str, ...], code: ExitCode
) -> None:
    outcome = docgrid("data", "label", "inbox", "--out", "set", *options)
    assert outcome.exit_code == code, outcome.stderr
    assert not Path("set").exists()


def test_check_split_stats_and_anonymize_take_what_label_wrote(docgrid: Run, documents: Path) -> None:
    assert docgrid(*LABEL, *MAP, "-q").exit_code == 0
    checked = docgrid("data", "check", "set", "--json", "--jobs", "1")
    assert checked.exit_code == 0, checked.stdout
    assert {finding["kind"] for finding in json.loads(checked.stdout)["findings"]} == {"few examples"}
    split = docgrid("data", "split", "set", "--parts", "train=0.67,valid=0.33", "--by", "duplicates", "--json", "--jobs", "1")
    assert [part["documents"] for part in json.loads(split.stdout)["parts"]] == [2, 1]
    counted = docgrid("data", "stats", "set", "--json", "--html", "stats.html", "--jobs", "1")
    assert json.loads(counted.stdout)["parts"] == {"train": 2, "valid": 1}
    assert "<svg" in Path("stats.html").read_text()
    shown = docgrid("data", "anonymize", "set", "shown", "--jobs", "1", "--seed", "1")
    assert (shown.exit_code, shown.stdout) == (0, "shown\n")
    assert sorted(path.name for path in Path("shown/documents").iterdir()) == [f"document-0000{n}.pdf" for n in (1, 2, 3)]
    assert "R-1001" not in "".join(path.read_text() for path in Path("shown/annotations").iterdir())


def test_errors_of_a_dataset_end_with_exit_code_6_and_tell_file_field_and_line(docgrid: Run, documents: Path) -> None:
    assert docgrid(*LABEL, *MAP, "-q").exit_code == 0
    path = Path("set/annotations/1.json")
    content = json.loads(path.read_text())
    content["fields"]["document_id"][0] |= {"lines": [[0.9, 0.9, 0.95, 0.95]], "bbox": [0.9, 0.9, 0.95, 0.95]}
    path.write_text(json.dumps(content, indent=1))
    Path("set/documents/2.pdf").write_bytes(b"no document")
    outcome = docgrid("data", "check", "set", "--jobs", "1")
    assert outcome.exit_code == ExitCode.DATASET_INVALID
    assert "annotations/1.json line 4: document_id the box of 'R-1001' on page 1 holds no character" in outcome.words
    assert "documents/2.pdf: unsupported" in outcome.words
    assert docgrid("data", "check", "set", "--labels-only").exit_code == 0
