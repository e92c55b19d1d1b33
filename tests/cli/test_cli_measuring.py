"""`docgrid evaluate` and `docgrid calibrate` on small datasets: explanation, page, scans, warnings."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from docgrid.errors import ExitCode
from docgrid.layouts import load_layouts

Run = Callable[..., Any]
Pdf = Callable[..., bytes]
LINES = ("Acme Trading", "Invoice R-1", "25/12/2018", "Total 9.00")


@pytest.fixture
def dataset(pdf: Pdf, tmp_path: Path) -> Path:
    """Receipts with values beside them; of the last the total is labelled as it is not printed."""
    folder = tmp_path / "receipts"
    folder.mkdir()
    for name, total in (("a", "9.00"), ("b", "9.00"), ("c", "8.00")):
        (folder / f"{name}.pdf").write_bytes(pdf(LINES))
        (folder / f"{name}.json").write_text(json.dumps({"company": "Acme Trading", "date": "25/12/2018", "total": total}))
    return folder


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A copy of the shipped receipt model, so that its card may change."""
    import shutil

    from docgrid.model import find_model

    folder = tmp_path / "receipt"
    shutil.copytree(find_model("receipt"), folder)
    return folder


def test_an_explained_run_says_what_lost_each_field_and_writes_a_page(docgrid: Run, dataset: Path, model: Path) -> None:
    outcome = docgrid("evaluate", dataset, "--model", model, "--split", "all", "--explain", "--html", "r.html", "--out", "r.json")
    assert outcome.exit_code == 0, outcome.stderr
    assert "what lost the wrong fields" in outcome.stdout
    facts = json.loads(Path("r.json").read_text())
    lost = {(loss["document"], loss["field"]): loss["cause"] for loss in facts["losses"]}
    assert lost["c", "total"] == "label"
    assert facts["ceiling"]["typed"]["micro"]["recall"] == round(8 / 9, 4)
    page = Path("r.html").read_text()
    assert page.count("data:image/png;base64,") == sum(bool(loss["boxes"]) for loss in facts["losses"])
    assert "8.00" in page and "<script" not in page


def test_a_page_that_exists_is_not_replaced_unasked(docgrid: Run, dataset: Path) -> None:
    Path("r.html").write_text("mine")
    outcome = docgrid("evaluate", dataset, "--html", "r.html")
    assert outcome.exit_code == ExitCode.OUTPUT_NOT_WRITTEN
    assert Path("r.html").read_text() == "mine"


def test_calibrating_with_layouts_lets_the_model_warn_of_documents_unlike_them(
    docgrid: Run, dataset: Path, model: Path, pdf: Pdf
) -> None:
    card = json.loads((model / "card.json").read_text())
    card["training"]["validation_documents"] = ["c"]
    (model / "card.json").write_text(json.dumps(card))
    outcome = docgrid("calibrate", model, dataset, "--layouts", "--json")
    assert outcome.exit_code == 0, outcome.stderr
    assert json.loads(outcome.stdout)["layouts"]["documents"] == 1  # a and b print the same words
    assert load_layouts(model) is not None
    Path("letter.pdf").write_bytes(pdf(("Dear Margaret", "the swallows are back and the garden", "misses your laughter")))
    found = json.loads(docgrid("extract", "letter.pdf", "--model", model, "--json").stdout)["documents"][0]
    assert any(warning.startswith("unfamiliar document") for warning in found["warnings"])
    assert found["fields"] == {}
    again = json.loads(docgrid("extract", dataset / "a.pdf", "--model", model, "--json").stdout)["documents"][0]
    assert not any(warning.startswith("unfamiliar document") for warning in again["warnings"])


def test_protocols_that_compare_places_refuse_what_they_cannot_do(docgrid: Run, dataset: Path) -> None:
    read_again = docgrid("evaluate", dataset, "--protocol", "F1", "--reread")
    assert read_again.exit_code == ExitCode.USAGE
    assert "compares labels by their places" in read_again.words
    explained = docgrid("evaluate", dataset, "--protocol", "W1", "--explain")
    assert explained.exit_code == ExitCode.USAGE
    assert re.search(r"--explain compares values", explained.words)


def test_amounts_that_contradict_each_other_end_in_review_with_the_failed_check_named(docgrid: Run, tmp_path: Path) -> None:
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas("wrong.pdf", pagesize=(595, 842))
    rows = [("Net amount", "100.00"), ("VAT 20 %", "20.00"), ("Total amount due EUR", "140.00")]
    canvas.setFont("Helvetica-Bold", 14)
    canvas.drawString(60, 780, "Acme Trading Ltd")
    canvas.setFont("Helvetica", 10)
    for row, text in enumerate(("INVOICE", "Invoice number: 4711", "Invoice date: 12/01/2024", "Bill to: Bright Ltd")):
        canvas.drawString(60, 740 - 16 * row, text)
    for row, (name, amount) in enumerate(rows):
        canvas.drawString(360, 480 - 18 * row, name)
        canvas.drawRightString(540, 480 - 18 * row, amount)
    canvas.save()
    found = json.loads(docgrid("extract", "wrong.pdf", "--model", "invoice", "--json").stdout)["documents"][0]
    amounts = {name: entries[0] for name, entries in found["fields"].items() if name.startswith("amount_total")}
    assert {name: entry["value"] for name, entry in amounts.items()} == {
        "amount_total_net": "100.00",
        "amount_total_tax": "20.00",
        "amount_total_gross": "140.00",
    }
    failed = [check for check in found["checks"] if not check["passed"]]
    assert [check["name"] for check in failed] == ["net_plus_tax_is_gross"]
    assert {entry["decision"] for entry in amounts.values()} == {"review"}
    assert all(entry["checks"][0]["name"] == "net_plus_tax_is_gross" for entry in amounts.values())
