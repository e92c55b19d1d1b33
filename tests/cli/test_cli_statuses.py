"""Every input has one status, and what docgrid wrote is no input."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pytest

from docgrid.errors import ExitCode
from docgrid.inference import PagePrediction, Predictor
from docgrid.page import Document
from docgrid.reading import child
from docgrid.schema import RECEIPT


class Outcome(Protocol):
    exit_code: int
    stdout: str
    stderr: str
    words: str


Run = Callable[..., Outcome]
Pdf = Callable[..., bytes]

WORKING = child.PROGRAM
# A reading process that dies at the second page.
FAULTY = """
import json, os, sys, time
sys.path[:] = json.loads(sys.argv[3])
import docgrid.reading.worker as worker
started = worker._Teller.started
def at_page_two(self, number, step):
    started(self, number, step)
    if number == 2:
        os._exit(7)
worker._Teller.started = at_page_two
worker.main(int(sys.argv[1]), int(sys.argv[2]))
"""


@pytest.fixture
def model(tiny_model: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A model that finds a total in every word 9.00."""

    def predict(self: Predictor, document: Document) -> Sequence[PagePrediction]:
        pages = []
        for page in document.pages:
            words = page.characters.word_texts
            table = np.full((len(words), len(RECEIPT.names)), 0.01, np.float32)
            table[[row for row, word in enumerate(words) if word == "9.00"], RECEIPT.names.index("total")] = 0.95
            pages.append(PagePrediction(table, table, np.zeros((0, 4), np.float32), np.zeros(0, np.float32), None))
        return pages

    monkeypatch.setattr(Predictor, "predict", predict)
    return tiny_model


def entries(path: str = "fields.json") -> dict[str, dict[str, Any]]:
    return {entry["source"]: entry for entry in json.loads(Path(path).read_text())["documents"]}


@pytest.fixture
def odd_folder(tmp_path: Path, pdf: Pdf) -> dict[str, str]:
    """A folder with all that is no regular file in it, and the status of each."""
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/secret.pdf").write_bytes(pdf())
    root = tmp_path / "in"
    root.mkdir()
    (root / "good.pdf").write_bytes(pdf())
    (root / "leaves.pdf").symlink_to(tmp_path / "outside/secret.pdf")
    (root / "folder").symlink_to(tmp_path / "outside")
    (root / "device.pdf").symlink_to("/dev/zero")
    (root / "gone.pdf").symlink_to(root / "nothing")
    os.mkfifo(root / "fifo.pdf")
    names = ("folder", "device.pdf", "fifo.pdf", "gone.pdf", "good.pdf", "leaves.pdf")
    return {f"in/{name}": "ok" if name == "good.pdf" else "skipped" for name in names}


def test_whatever_lies_in_a_folder_has_one_status_in_json_and_ledger(
    docgrid: Run, model: Path, odd_folder: dict[str, str]
) -> None:
    outcome = docgrid("extract", "in", "missing.pdf", "--model", model, "--out", "fields.json", "--ledger", "ledger.jsonl")
    assert outcome.exit_code == ExitCode.SOME_DOCUMENTS_FAILED
    wanted = odd_folder | {"missing.pdf": "skipped"}
    found = entries()
    assert {source: entry["status"] for source, entry in found.items()} == wanted
    ledger = [json.loads(line) for line in Path("ledger.jsonl").read_text().splitlines()]
    assert {line["source"]: line["status"] for line in ledger} == wanted
    reasons = {line["source"]: line["reason"] for line in ledger}
    assert "a link that leads out of in" in reasons["in/leaves.pdf"]
    assert "not a regular file" in reasons["in/fifo.pdf"]
    assert "No such file" in reasons["missing.pdf"]
    for source, status in wanted.items():
        assert bool(found[source]["errors"]) is (status != "ok")
        assert (source in outcome.words) is (status != "ok")
    encoded = docgrid("encode", "in", "missing.pdf", "--out", "grids", "--json")
    assert {row["source"]: row["status"] for row in json.loads(encoded.stdout)["documents"]} == wanted
    assert encoded.exit_code == ExitCode.SOME_DOCUMENTS_FAILED


def test_outputs_in_a_walked_folder_are_not_read_as_documents(docgrid: Run, pdf: Pdf, model: Path) -> None:
    Path("in").mkdir()
    Path("in/a.pdf").write_bytes(pdf(("Total 9.00",)))
    assert docgrid("encode", "in", "--out", "in").exit_code == 0
    outputs = ("--out", "in/fields.json", "--csv", "in/fields.csv", "--ledger", "in/ledger.jsonl", "--force")
    for _ in range(2):
        assert docgrid("extract", "in", "--model", model, *outputs).exit_code == 0
        assert list(entries("in/fields.json")) == ["in/a.pdf"]
    assert len(list(Path("in/fields_crops").glob("*.png"))) == 1


def test_a_lost_page_leaves_a_partial_document_whose_other_pages_are_extracted(
    docgrid: Run, pdf: Pdf, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "PROGRAM", FAULTY)
    Path("a.pdf").write_bytes(pdf(("Total 9.00",), pages=3))
    outcome = docgrid("extract", "a.pdf", "--model", model, "--out", "fields.json", "--ledger", "ledger.jsonl", "--fail-fast")
    assert outcome.exit_code == ExitCode.SOME_DOCUMENTS_FAILED  # the JSON is there, but not all of it is good
    entry = entries()["a.pdf"]
    assert (entry["status"], [page["page"] for page in entry["pages"]]) == ("partial", [1, 3])
    assert entry["warnings"] == ["page 2: the reading process ended with status 7"]
    assert {value["page"] for value in entry["fields"]["total"]} <= {1, 3}
    assert "partial: a.pdf: page 2: the reading process" in outcome.words
    (line,) = [json.loads(line) for line in Path("ledger.jsonl").read_text().splitlines()]
    assert (line["status"], line["pages"], line["attempts"]) == ("partial", 2, 3)
    encoded = docgrid("encode", "a.pdf", "--json")
    assert encoded.exit_code == ExitCode.SOME_DOCUMENTS_FAILED
    assert json.loads(encoded.stdout)["documents"][0]["out"] == "a.chargrid.safetensors"
    monkeypatch.setattr(child, "PROGRAM", WORKING)
    again = docgrid("extract", "a.chargrid.safetensors", "--model", model)
    assert json.loads(again.stdout)["documents"][0]["status"] == "partial"
    resumed = docgrid("encode", "a.pdf", "--json", "--resume")  # what is not whole is not done
    assert json.loads(resumed.stdout)["documents"][0]["status"] == "ok"


def test_a_run_in_which_nothing_was_read_may_be_repeated_without_force(docgrid: Run, pdf: Pdf, model: Path) -> None:
    command = ("extract", "a.pdf", "--model", model, "--out", "fields.json", "--csv", "fields.csv", "--ledger", "ledger.jsonl")
    Path("a.pdf").write_bytes(b"broken")
    assert docgrid(*command).exit_code == ExitCode.NO_INPUT
    assert docgrid(*command).exit_code == ExitCode.NO_INPUT
    Path("a.pdf").write_bytes(pdf(("Total 9.00",)))
    assert docgrid(*command).exit_code == 0
    assert docgrid(*command).exit_code == ExitCode.OUTPUT_NOT_WRITTEN  # now there is something to lose


@pytest.mark.parametrize("content", ["", "{}", "[1]", '{"schema": "docgrid.extraction/1"}', "my notes", '{"source": 1}\nx'])
def test_a_file_of_the_user_is_never_taken_for_a_run_in_vain(docgrid: Run, model: Path, content: str) -> None:
    Path("a.pdf").write_bytes(b"broken")
    Path("fields.json").write_text(content)
    assert docgrid("extract", "a.pdf", "--model", model, "--out", "fields.json").exit_code == ExitCode.OUTPUT_NOT_WRITTEN
    assert Path("fields.json").read_text() == content


def test_resume_after_a_run_with_failures_reads_only_those_again(
    docgrid: Run, pdf: Pdf, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("a.pdf").write_bytes(pdf(("Total 9.00",)))
    Path("b.pdf").write_bytes(b"broken")
    command = ("extract", "a.pdf", "b.pdf", "--model", model, "--out", "fields.json")
    failed = docgrid(*command)
    assert failed.exit_code == ExitCode.SOME_DOCUMENTS_FAILED
    assert "repeat the command with --resume" in failed.words
    Path("b.pdf").write_bytes(pdf(("Total 9.00",)))
    read: list[str] = []
    real = Predictor.predict

    def noted(self: Predictor, document: Document) -> list[PagePrediction]:
        read.append(document.path.name)
        return real(self, document)

    monkeypatch.setattr(Predictor, "predict", noted)
    assert docgrid(*command).exit_code == ExitCode.OUTPUT_NOT_WRITTEN
    assert docgrid(*command, "--resume").exit_code == 0
    assert read == ["b.pdf"]
    assert {source: entry["status"] for source, entry in entries().items()} == {"a.pdf": "ok", "b.pdf": "ok"}
    assert not list(Path().glob(".fields*"))
