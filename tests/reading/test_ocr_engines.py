"""The choice of an OCR engine, its languages, and what the tesseract engines report."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from typer.testing import CliRunner

from docgrid.cli.app import app
from docgrid.errors import DocumentError, DocumentStatus, ExitCode, MissingDependencyError
from docgrid.reading import ReaderPool, child, isolation
from docgrid.reading.layout import Glyphs
from docgrid.reading.ocr import engine as engine_module
from docgrid.reading.ocr import recognition, tesseract_program
from docgrid.reading.ocr.engine import ENGINES, EngineKind, check_engine
from docgrid.reading.ocr.symbols import Symbol, glyphs_of_symbols
from docgrid.reading.ocr.tesseract_program import TesseractProgram, symbols_of_hocr
from docgrid.reading.options import Limits, OcrEngineName, ReadingOptions

HOCR = """<html><body><div class='ocr_page'>
<span class='ocr_line' title='bbox 10 10 90 30; baseline 0 0'>
<span class='ocrx_word' title='bbox 10 10 40 30; x_wconf 95'>
<span class='ocrx_cinfo' title='x_bboxes 10 12 20 30; x_conf 99.5'>A</span>
<span class='ocrx_cinfo' title='x_bboxes 22 12 30 30; x_conf 80'>&amp;</span></span>
<span class='ocrx_word' title='bbox 60 10 90 30; x_wconf 90'>
<span class='ocrx_cinfo' title='x_bboxes 60 12 70 30; x_conf 90'>b</span></span></span>
<span class='ocr_line' title='bbox 10 50 20 70'><span class='ocrx_word' title='bbox 10 50 20 70'>
<span class='ocrx_cinfo' title='x_bboxes 10 50 20 70; x_conf 7'>c</span></span></span>
</div></body></html>"""


def kinds_with(**known: list[str] | None) -> tuple[EngineKind, ...]:
    """The table of engines as if these languages, or none at all, were installed."""
    return tuple(
        EngineKind(kind.name, kind.install, kind.best_dpi, lambda options, name=kind.name: known.get(name.value), kind.load)  # type: ignore[misc]  # mypy does not see the default
        for kind in ENGINES
    )


def test_auto_takes_the_first_engine_that_knows_every_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_module, "ENGINES", kinds_with(rapidocr=["eng"], tesserocr=["eng", "rus"], pytesseract=["rus"]))
    assert check_engine(ReadingOptions(language="eng")) is OcrEngineName.RAPIDOCR
    assert check_engine(ReadingOptions(language="eng+rus")) is OcrEngineName.TESSEROCR


def test_an_unknown_language_names_the_languages_that_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_module, "ENGINES", kinds_with(rapidocr=None, tesserocr=["eng"], pytesseract=None))
    with pytest.raises(MissingDependencyError, match="'klingon'") as caught:
        check_engine(ReadingOptions(language="klingon"))
    assert "tesserocr knows eng" in caught.value.hint
    assert "--tessdata" in caught.value.hint


def test_a_missing_engine_says_what_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_module, "ENGINES", kinds_with())
    with pytest.raises(MissingDependencyError, match="pytesseract is not installed") as caught:
        check_engine(ReadingOptions(ocr=OcrEngineName.PYTESSERACT))
    assert "apt install tesseract-ocr" in caught.value.hint
    with pytest.raises(MissingDependencyError, match="No OCR engine is installed"):
        check_engine(ReadingOptions())


def test_without_ocr_nothing_needs_to_be_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_module, "ENGINES", kinds_with())
    assert check_engine(ReadingOptions(ocr=OcrEngineName.OFF)) is OcrEngineName.OFF


def test_hocr_gives_characters_with_boxes_confidences_words_and_lines() -> None:
    symbols = symbols_of_hocr(HOCR.encode())
    assert [symbol.text for symbol in symbols] == ["A", "&", "b", "c"]
    assert [symbol.starts_word for symbol in symbols] == [True, False, True, True]
    assert [symbol.starts_line for symbol in symbols] == [True, False, False, True]
    assert (symbols[1].left, symbols[1].right, symbols[1].confidence) == (22, 30, 0.8)


def test_damaged_hocr_gives_what_can_be_read() -> None:
    assert symbols_of_hocr(b"\xff\xfe<span class='ocrx_cinfo' title='x_bboxes 1 2'>a") == []


def test_characters_are_as_high_as_their_word_and_a_dash_as_high_as_its_line() -> None:
    def symbol(text: str, left: float, top: float, bottom: float, line: bool = False) -> Symbol:
        return Symbol(text, left, left + 8, top, bottom, 0.9, True, line)

    glyphs = glyphs_of_symbols([symbol("A", 0, 10, 30, line=True), symbol("-", 20, 19, 21), symbol("B", 40, 10, 30)])
    assert glyphs.boxes[:, [1, 3]].tolist() == [[10, 30], [10, 30], [10, 30]]


def test_characters_of_one_word_touch() -> None:
    word = [Symbol(text, left, left + 4, 0, 20, 0.9, left == 0, left == 0) for text, left in (("1", 0), ("1", 10), ("x", 20))]
    assert glyphs_of_symbols(word).boxes[:, [0, 2]].tolist() == [[0, 7], [7, 17], [17, 24]]


def test_one_symbol_of_two_letters_becomes_two_glyphs() -> None:
    glyphs = glyphs_of_symbols([Symbol("fi", 0, 10, 0, 20, 0.5, True, True)])
    assert glyphs.code_points.tolist() == [ord("f"), ord("i")]
    assert glyphs.boxes[:, [0, 2]].tolist() == [[0, 5], [5, 10]]
    assert glyphs.breaks.tolist() == [True, False]


def fake_program(folder: Path, body: str) -> None:
    program = folder / "tesseract"
    program.write_text(f"#!/bin/sh\n{body}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)


@pytest.mark.parametrize(
    ("body", "timeout_s", "status"),
    [
        ("exit 3", 5.0, DocumentStatus.OCR_FAILED),
        ("kill -9 $$", 5.0, DocumentStatus.OCR_FAILED),
        ("exec sleep 60", 0.3, DocumentStatus.TIMEOUT),
        ("exit 0", 5.0, DocumentStatus.OCR_FAILED),  # it leaves no output
        ("head -c 20000000 /dev/zero; head -c 20000000 /dev/zero >&2", 20.0, DocumentStatus.OCR_FAILED),
        ('head -c 2000 /dev/zero > "$2.hocr"', 5.0, DocumentStatus.OCR_FAILED),  # more than is allowed below
    ],
)
def test_a_failing_or_hanging_program_is_a_status(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str, timeout_s: float, status: DocumentStatus
) -> None:
    fake_program(tmp_path, 'case "$1" in --version) echo "tesseract 5.9.9"; exit 0;; esac\n' + body)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(tesseract_program, "HOCR_BYTES_MAX", 1000)
    program = TesseractProgram("eng", None)
    with pytest.raises(DocumentError) as caught:
        program.read(np.full((50, 100), 255, np.uint8), 300, timeout_s)
    assert caught.value.status is status


def test_the_program_is_fed_pixels_and_its_hocr_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "answer.hocr").write_text(HOCR)
    fake_program(
        tmp_path,
        f'case "$1" in --version) echo "tesseract 5.9.9"; exit 0;; esac\n'
        f'echo "$@" > {tmp_path}/arguments; cp {tmp_path}/answer.hocr "$2.hocr"',
    )
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    program = TesseractProgram("eng", None)
    glyphs = program.read(np.full((50, 100), 255, np.uint8), 300, 20)
    assert "".join(map(chr, glyphs.code_points)) == "A&bc"
    assert program.version == "5.9.9"
    assert "hocr_char_boxes=1" in (tmp_path / "arguments").read_text()


def test_a_program_that_does_not_say_what_it_knows_knows_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_program(tmp_path, "sleep 2; echo 'List of languages:'; echo eng")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(tesseract_program, "QUESTION_TIMEOUT_S", 0.2)
    assert tesseract_program.installed_languages(None) == []
    assert TesseractProgram("eng", None).version == "unknown"
    with pytest.raises(MissingDependencyError, match="reads the language 'eng'"):
        check_engine(ReadingOptions(ocr=OcrEngineName.PYTESSERACT))


def test_a_missing_engine_ends_a_command_before_any_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    Image.new("L", (60, 60), 255).save(tmp_path / "scan.png")
    result = CliRunner().invoke(app, ["encode", "scan.png", "--ocr", "pytesseract"])
    assert result.exit_code == ExitCode.MISSING_DEPENDENCY
    assert "apt install tesseract-ocr" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["scan.png"]


def glyphs_of(count: int) -> Glyphs:
    """So many letters a, all in one place."""
    boxes = np.tile(np.array([[0, 0, 5, 10]], np.float32), (count, 1))
    return Glyphs(np.full(count, ord("a"), np.uint32), boxes, np.full(count, 0.9, np.float32), np.ones(count, np.bool_))


class FakeEngine:
    """An engine that gives these glyphs, or raises this error."""

    name, version = "fake", "1"

    def __init__(self, answer: Glyphs | BaseException) -> None:
        self.answer = answer

    def read(self, pixels: NDArray[np.uint8], dpi: float, timeout_s: float) -> Glyphs:
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer


def read_with(answer: Glyphs | BaseException, monkeypatch: pytest.MonkeyPatch, **limits: int) -> int:
    """How many characters a page has that an engine reads so."""
    monkeypatch.setattr(recognition, "load_engine", lambda options: FakeEngine(answer))
    options = ReadingOptions(limits=Limits(**limits))
    return len(recognition.recognise_page(np.full((50, 100), 255, np.uint8), 100, options)[0])


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (ValueError("private text"), "failed: ValueError"),
        (glyphs_of(11), "found 11 characters, more than the 10 allowed"),
        (replace(glyphs_of(2), boxes=np.full((2, 4), np.nan, np.float32)), "boxes that are no numbers"),
        (replace(glyphs_of(2), confidence=np.full(2, np.inf, np.float32)), "boxes that are no numbers"),
        (replace(glyphs_of(2), boxes=np.zeros((1, 4), np.float32)), "without boxes"),
        (replace(glyphs_of(2), breaks=np.zeros(3, np.bool_)), "without boxes"),
    ],
)
def test_whatever_an_engine_does_wrong_is_a_failed_page(
    answer: Glyphs | BaseException, problem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(DocumentError, match=problem) as caught:
        read_with(answer, monkeypatch, page_characters=10)
    assert caught.value.status is DocumentStatus.OCR_FAILED
    assert "private" not in str(caught.value)
    assert "--ocr" in caught.value.hint


def test_a_lack_of_memory_is_no_failure_of_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(MemoryError):
        read_with(MemoryError(), monkeypatch)
    assert read_with(glyphs_of(1), monkeypatch) == 1


# A reading process whose engine does what the grey of the page says.
FAULTY = """
import json, os, signal, sys, time
sys.path[:] = json.loads(sys.argv[3])
import numpy as np
import docgrid.reading.worker as worker
from docgrid.reading.layout import Glyphs
from docgrid.reading.ocr import recognition
def glyphs(count):
    boxes = np.stack([np.arange(count) * 6, np.zeros(count), np.arange(count) * 6 + 5, np.full(count, 10)], axis=1)
    return Glyphs(np.full(count, 97, np.uint32), boxes.astype(np.float32), np.full(count, 0.9, np.float32), np.ones(count, bool))
class Engine:
    name, version = "fake", "1"
    def read(self, pixels, dpi, timeout_s):
        grey = int(pixels[0, 0])
        if grey == 10: time.sleep(600)
        if grey == 20: os.kill(os.getpid(), signal.SIGSEGV)
        if grey == 30: return glyphs(1_000_000)
        if grey == 40: raise RuntimeError("private text")
        if grey == 50: raise MemoryError
        return glyphs(3)
recognition.load_engine = lambda options: Engine()
worker.main(int(sys.argv[1]), int(sys.argv[2]))
"""


def test_engines_that_hang_crash_or_flood_spoil_their_own_page_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "PROGRAM", FAULTY)
    monkeypatch.setattr(child, "ENGINE_GRACE_S", 0.0)
    monkeypatch.setattr(isolation, "check_engine", lambda options: OcrEngineName.RAPIDOCR)
    expected = {10: "timeout", 20: "crashed", 30: "ocr_failed", 40: "ocr_failed", 50: "out_of_memory"}
    paths: list[Path] = []
    for grey in expected:
        for level in (255, grey):
            picture = Image.new("L", (400, 400), level)
            picture.paste(128, (100, 100, 300, 200))  # no blank page
            picture.save(tmp_path / f"{len(paths)}.png", dpi=(72, 72))
            paths.append(tmp_path / f"{len(paths)}.png")
    with ReaderPool(ReadingOptions(limits=Limits(ocr_timeout_s=1.0)), jobs=2) as pool:
        results = list(pool.read(paths))
    assert [result.status.value for result in results[::2]] == ["ok"] * len(expected)
    assert [result.status.value for result in results[1::2]] == list(expected.values())
    assert all(result.hint for result in results[1::2])
    assert not any("private" in result.problem for result in results)
