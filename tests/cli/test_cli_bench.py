from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from docgrid.bench import LanguageBench, LanguageRow, languages
from docgrid.bench.documents import invoice_pages
from docgrid.bench.machine import Machine
from docgrid.errors import ExitCode


def test_bench_read_makes_its_own_documents_and_prints_ratios_with_the_machine(docgrid: Any) -> None:
    result = docgrid("bench", "read", "--pages", "1", "--scans", "0", "--json")
    assert result.exit_code == ExitCode.OK, result.stderr
    data = json.loads(result.stdout)
    assert {row["way"] for row in data["rows"]} >= {"pdfplumber, page.chars", "docgrid, characters with boxes"}
    assert data["machine"]["cores"] >= 1
    assert data["machine"]["versions"]["pdfplumber"]


def test_bench_read_takes_the_users_own_files_and_says_what_it_left_out(docgrid: Any, tmp_path: Path) -> None:
    (tmp_path / "good.pdf").write_bytes(invoice_pages(1))
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.7 \x1b[31m")
    result = docgrid("bench", "read", tmp_path, "--scans", "0")
    assert result.exit_code == ExitCode.OK, result.stderr
    assert "pdfium, its text page alone" in result.stdout
    assert "cores of" in result.stdout
    assert "left out" in result.words
    assert "bad.pdf: corrupt" in result.words


def test_bench_read_of_nothing_readable_is_no_input(docgrid: Any, tmp_path: Path) -> None:
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.7 nothing")
    result = docgrid("bench", "read", tmp_path / "bad.pdf")
    assert result.exit_code == ExitCode.NO_INPUT
    assert "nothing could be measured" in result.words


def test_bench_languages_prints_a_row_a_language(docgrid: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    row = LanguageRow("Polish", "engine", 2, 900, 0.01, 0.005, 0.02, 40, 0.9)
    bench = LanguageBench((row,), ("German: no paper",), Machine(2, "chip", "Linux", "3.11"))
    monkeypatch.setattr("docgrid.bench.bench_languages", lambda *, pages: bench)
    result = docgrid("bench", "languages")
    assert result.exit_code == ExitCode.OK, result.stderr
    assert all(text in result.stdout for text in ("Polish", "1.00%", "0.50%", "90.0%", "2 cores of chip"))
    assert "left out: German: no paper" in result.words
    assert json.loads(docgrid("bench", "languages", "--json").stdout)["rows"][0]["language"] == "Polish"
    assert languages.LANGUAGES["pl"] == "Polish"
