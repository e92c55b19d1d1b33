"""Hostile names and texts through every output: each is parsed back, and none steers a terminal, a spreadsheet or a folder."""

from __future__ import annotations

import csv
import io
import json
import os
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import numpy as np
import pytest

from docgrid.errors import ExitCode
from docgrid.inference import PagePrediction, Predictor
from docgrid.page import Document
from docgrid.schema import RECEIPT


class Outcome(Protocol):
    exit_code: int
    stdout: str
    stderr: str
    words: str


Run = Callable[..., Outcome]
Pdf = Callable[..., bytes]

NAMES = (
    b"x..%2f..%2fetc.pdf",
    b"-rf.pdf",
    b"--out.pdf",
    b"line\nbreak.pdf",
    b"\x1b]0;title\x07\x1b[31mred.pdf",
    b"\xff\xfe-not-utf-8.pdf",
    b"a" * 240 + b".pdf",
    "\u202efdp.exe.pdf".encode(),
    "\U0001f9fe.pdf".encode(),
    b"=cmd|' calc'!A0.pdf",
    b"<script>alert(1)<.pdf",
    b"[red]markup[bold].pdf",
    b"$(touch owned).pdf",
    b" .pdf",
    b"con.pdf",
    b"%s%n.pdf",
    b"\x7f\x01.pdf",
)
TEXTS = (
    "=1+SUM(9)",
    "@SUM(A1)",
    "+cmd|calc",
    "<script>alert(1)</script>",
    "[bold]loud[/bold]",
    "${jndi:ldap}",
    "{{config.items}}",
    '"double',
    "a,b;c",
)


@pytest.fixture
def model(tiny_model: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A model that takes every first word for the company."""

    def predict(self: Predictor, document: Document) -> list[PagePrediction]:
        pages = []
        for page in document.pages:
            table = np.full((len(page.characters.word_texts), len(RECEIPT.names)), 0.01, np.float32)
            table[0, RECEIPT.names.index("company")] = 0.95
            pages.append(PagePrediction(table, table, np.zeros((0, 4), np.float32), np.zeros(0, np.float32), None))
        return pages

    monkeypatch.setattr(Predictor, "predict", predict)
    return tiny_model


def steers(text: str) -> list[str]:
    """Characters that steer a terminal."""
    bidi = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    return [one for one in text if (unicodedata.category(one) in ("Cc", "Cs") and one not in "\n") or one in bidi]


def test_hostile_names_are_read_reported_and_written_inside_the_folder(docgrid: Run, pdf: Pdf, model: Path) -> None:
    Path("in").mkdir()
    for name in NAMES:
        Path("in", os.fsdecode(name)).write_bytes(pdf(["Shop 1"]))
    Path("in", "\x1b[2Jbroken.pdf").write_bytes(b"no document")
    outcome = docgrid("extract", "in", "--model", model, "--out", "o/fields.json", "--csv", "o/f.csv", "--ledger", "o/l.jsonl")
    assert outcome.exit_code == ExitCode.SOME_DOCUMENTS_FAILED
    assert steers(outcome.stdout + outcome.stderr) == []
    documents = json.loads(Path("o/fields.json").read_text(encoding="utf-8"))["documents"]
    assert sorted(entry["status"] for entry in documents) == [*["ok"] * len(NAMES), "unsupported"]
    ledger = [json.loads(line) for line in Path("o/l.jsonl").read_text().splitlines()]
    assert {os.fsencode(line["source"]) for line in ledger} == {b"in/" + name for name in (*NAMES, b"\x1b[2Jbroken.pdf")}
    rows = list(csv.reader(io.StringIO(Path("o/f.csv").read_text(encoding="utf-8"))))
    assert len(rows) == 1 + len(NAMES)
    assert not [cell for row in rows for cell in row if steers(cell) or cell[:1] in "=+@\t\r" and cell]
    outputs = {path.relative_to("o") for path in Path("o").rglob("*.png")}
    assert {str(path) for path in outputs} == {entry["fields"]["company"][0]["crop"] for entry in documents if entry["fields"]}
    assert {path.name for path in Path().iterdir()} == {"in", "o"}


def test_hostile_names_become_names_of_chargrid_files_inside_the_folder(docgrid: Run, pdf: Pdf) -> None:
    Path("in").mkdir()
    for name in NAMES:
        Path("in", os.fsdecode(name)).write_bytes(pdf(["Shop 1"]))
    outcome = docgrid("encode", "in", "--out", "o", "--json")
    assert outcome.exit_code == ExitCode.OK
    rows = json.loads(outcome.stdout)["documents"]
    written = {str(path) for path in Path("o").iterdir()}
    assert {row["out"] for row in rows} == written
    assert len(written) == len(NAMES)
    assert all(path.isascii() and path.isprintable() and len(path) < 130 for path in written)
    assert {path.name for path in Path().iterdir()} == {"in", "o"}


@pytest.mark.parametrize("text", TEXTS)
def test_hostile_text_is_a_value_and_nothing_else(docgrid: Run, pdf: Pdf, model: Path, text: str) -> None:
    escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    Path("a.pdf").write_bytes(pdf([f"{escaped} x"]))
    outcome = docgrid("extract", "a.pdf", "--model", model, "--out", "fields.json", "--csv", "f.csv")
    assert outcome.exit_code == ExitCode.OK, outcome.stderr
    (entry,) = json.loads(Path("fields.json").read_text(encoding="utf-8"))["documents"]
    found = entry["fields"]["company"][0]["text"]
    assert found in text  # marks at its edges may be cut
    assert found in outcome.stdout  # markup is shown, not obeyed
    (_, row) = csv.reader(io.StringIO(Path("f.csv").read_text(encoding="utf-8")))
    assert found in row or f"'{found}" in row
    assert not [cell for cell in row if cell[:1] in ("=", "+", "@")]
