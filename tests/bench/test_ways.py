"""What is timed: the ways that are installed, on the same pages, and a line for each of the others."""

from __future__ import annotations

import importlib.util
import os
import time
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from docgrid.bench.documents import ScannedPage, invoice_pages, made_up_invoices, scan_pages, sort_files
from docgrid.bench.error_rate import Piece
from docgrid.bench.languages import accented_letters, bench_languages
from docgrid.bench.machine import Stopwatch, this_machine
from docgrid.bench.polish import POLISH_INVOICE
from docgrid.bench.receipts import words_of
from docgrid.bench.scans import REFERENCE, ReadPicture, ScanWay, _threads, time_scans
from docgrid.bench.text_layers import time_text_layers
from docgrid.errors import MissingDependencyError

PAGE = ScannedPage(np.full((40, 100), 255, np.uint8), 200, (Piece("abcd", 0, 0, 40, 10),))


def reading(text: str, *, seconds: float = 0.0) -> ReadPicture:
    """An engine that reads this text on every page, and works for so long."""

    def read(pixels: NDArray[np.uint8], dpi: float) -> list[Piece]:
        stop = time.process_time() + seconds
        while time.process_time() < stop:
            pass
        return [Piece(text, 0, 0, 10 * len(text), 10)] if text else []

    return read


def missing() -> ReadPicture:
    raise MissingDependencyError("it is not installed", hint="Install it.")


def broken() -> ReadPicture:
    raise ZeroDivisionError


def test_every_reader_sees_the_characters_of_the_same_pages() -> None:
    rows, left_out = time_text_layers([invoice_pages(2)], pages_each=1)
    assert left_out == []
    assert [row.pages for row in rows] == [1] * 5
    ratio = {row.way: row.times_reference or 0 for row in rows}
    assert ratio["pdfplumber, page.chars"] == 1.0
    assert ratio["pdfium, its text page alone"] > 5  # about 80; less than 1 where pdfplumber may keep what it read before
    found = {row.way: row.characters for row in rows}
    assert found["docgrid, characters with boxes"] == found["docgrid, words and lines in reading order"]
    assert found["pdfplumber, page.chars"] == found["pdfminer.six, characters"] > found["docgrid, characters with boxes"] > 1500


def test_a_library_that_is_not_installed_is_left_out_with_what_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "pdfplumber" else find(name))
    rows, left_out = time_text_layers([invoice_pages(1)], pages_each=1)
    assert left_out == ["pdfplumber, page.chars: not installed (pip install pdfplumber)"]
    assert [row.times_reference for row in rows] == [None] * 4  # no ratio without what it is to


def test_engines_are_compared_by_processor_time_and_errors() -> None:
    ways = [ScanWay(REFERENCE, lambda: reading("abxd", seconds=0.06)), ScanWay("ours", lambda: reading("a bcd", seconds=0.02))]
    (theirs, ours), left_out = time_scans([PAGE, PAGE], ways)
    assert left_out == []
    assert theirs.error_rate == 0.25
    assert (ours.error_rate, ours.error_rate_with_spaces) == (0, 0.25)
    assert theirs.times_reference == 1.0
    assert ours.times_reference is not None
    assert 1.5 < ours.times_reference < 6
    assert ours.wall_s is not None
    assert ours.processor_s >= 0.02


def test_engines_that_are_missing_or_break_do_not_spoil_the_others() -> None:
    rows, left_out = time_scans([PAGE], [ScanWay("a", missing), ScanWay("b", broken), ScanWay("c", lambda: reading("abcd"))])
    assert [row.way for row in rows] == ["c"]
    assert left_out == ["a: it is not installed", "b: failed with ZeroDivisionError"]


def test_without_a_known_truth_there_is_no_error_rate() -> None:
    ((row,), _) = time_scans([ScannedPage(PAGE.pixels, 200)], [ScanWay("c", lambda: reading("abcd"))])
    assert row.error_rate is None
    assert row.characters == 4


def test_thread_settings_hold_for_one_engine_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_THREAD_LIMIT", "7")
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    with _threads(None):
        assert "OMP_THREAD_LIMIT" not in os.environ
    with _threads("1"):
        assert os.environ["OMP_THREAD_LIMIT"] == "1"
    assert os.environ["OMP_THREAD_LIMIT"] == "7"
    assert "OMP_NUM_THREADS" not in os.environ


def test_a_made_up_scan_knows_its_lines_where_their_ink_is() -> None:
    page = next(scan_pages(next(made_up_invoices("de")), dpi=100))
    assert len(page.truth) > 10
    for line in page.truth:
        assert page.pixels[int(line.top) : int(line.bottom) + 1, int(line.left) : int(line.right) + 1].min() < 150, line


def test_files_are_sorted_by_what_can_be_measured_with_them(tmp_path: Path) -> None:
    (tmp_path / "text.pdf").write_bytes(invoice_pages(1))
    Image.new("L", (850, 1100), 255).save(tmp_path / "scan.png", dpi=(100, 100))
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7 nothing")
    chosen = sort_files([tmp_path / name for name in ("text.pdf", "scan.png", "broken.pdf")], scan_count=3)
    assert [path.name for path in chosen.born_digital] == ["text.pdf"]
    assert [page.pixels.shape for page in chosen.scans] == [(2200, 1700)]
    assert len(chosen.left_out) == 1
    assert "broken.pdf: corrupt" in chosen.left_out[0]


def test_every_language_is_measured_and_a_missing_engine_is_named() -> None:
    bench = bench_languages(pages=1, ways=[ScanWay("blind", lambda: reading("")), ScanWay("absent", missing)])
    named = {row.language for row in bench.rows} | {line.partition(":")[0] for line in bench.left_out}
    assert named == {"English", "German", "French", "Spanish", "Italian", "Dutch", "Polish", "absent"}
    assert {row.error_rate for row in bench.rows} == {1.0}
    assert all(row.accents_kept == 0 for row in bench.rows if row.accents)
    assert next(row for row in bench.rows if row.language == "German").accents > 0


def test_accented_letters_are_counted_by_kind() -> None:
    assert accented_letters("Été à Łódź 9 €") == {"É": 1, "à": 1, "é": 1, "ó": 1, "Ł": 1, "ź": 1}
    assert set(accented_letters(POLISH_INVOICE.lower())) >= set("ąćęłńóśźż")


def test_the_same_documents_come_again() -> None:
    first, second = (list(islice(made_up_invoices("fr"), 2)) for _ in range(2))
    assert first == second
    assert first[0] != first[1]


def test_words_are_compared_by_capital_letters_and_digits() -> None:
    assert words_of(["Total:", "9.00", "***", "total"]) == {"TOTAL": 2, "900": 1}


def test_the_machine_says_what_is_installed() -> None:
    machine = this_machine(["numpy", "no-such-package"])
    assert machine.cores >= 1
    assert list(machine.versions) == ["numpy"]
    assert f"numpy {machine.versions['numpy']}" in str(machine)


def test_the_stopwatch_counts_waiting_only_on_the_clock() -> None:
    watch = Stopwatch()
    time.sleep(0.05)
    seconds = watch.seconds()
    assert seconds.wall >= 0.05
    assert seconds.processor < 0.04
