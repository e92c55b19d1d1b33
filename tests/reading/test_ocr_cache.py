"""What OCR read is kept: found again, never mixed up, never trusted when damaged, and no obstacle."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from docgrid.files import TEMPORARY_PREFIX
from docgrid.geometry import Box
from docgrid.page import Character, Characters, OcrRun
from docgrid.reading import OcrEngineName, ReaderPool, ReadingOptions, ocr_cache, read_document
from docgrid.reading.ocr import recognition

PICTURE = np.full((40, 60), 200, np.uint8)
RUN = OcrRun("rapidocr", "3.10 (openvino 2026)", "eng", 200.0, 90.0)
TABLE = Characters.from_rows([Character("ß", Box(1, 2, 3, 4), 0.5, 0, 0), Character("9", Box(5, 2, 7, 4), 0.25, 1, 1)])


@pytest.fixture
def options(tmp_path: Path) -> ReadingOptions:
    return ReadingOptions(ocr=OcrEngineName.RAPIDOCR, ocr_cache=tmp_path / "cache")


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The resolutions at which a made-up engine was asked to read."""
    asked: list[float] = []

    def read(pixels: NDArray[np.uint8], dpi: float, options: ReadingOptions) -> tuple[Characters, OcrRun]:
        asked.append(dpi)
        return TABLE, RUN

    monkeypatch.setattr(recognition, "recognise_page", read)
    return asked


def read(options: ReadingOptions, pixels: NDArray[np.uint8] = PICTURE, dpi: float = 200.0) -> tuple[Characters, OcrRun]:
    return ocr_cache.recognise(pixels, dpi, options)


def entries(options: ReadingOptions) -> list[Path]:
    assert options.ocr_cache is not None
    return sorted(options.ocr_cache.glob("*/*"))


def test_the_same_picture_is_read_once_and_comes_back_as_it_was(options: ReadingOptions, calls: list[float]) -> None:
    for _ in range(2):
        table, run = read(options)
        assert run == RUN
        assert list(table) == list(TABLE)
    assert calls == [200.0]
    (entry,) = entries(options)
    assert entry.parent.stat().st_mode & 0o077 == 0  # it holds the text of documents


def test_without_a_folder_nothing_is_kept(options: ReadingOptions, calls: list[float], tmp_path: Path) -> None:
    for _ in range(2):
        read(replace(options, ocr_cache=None))
    assert len(calls) == 2
    assert list(tmp_path.iterdir()) == []


OTHER: dict[str, Callable[[pytest.MonkeyPatch, ReadingOptions], tuple[ReadingOptions, NDArray[np.uint8], float]]] = {
    "pixels": lambda patch, options: (options, PICTURE + np.uint8(1), 200.0),
    "shape": lambda patch, options: (options, PICTURE.reshape(60, 40), 200.0),
    "dpi": lambda patch, options: (options, PICTURE, 201.0),
    "language": lambda patch, options: (replace(options, language="deu"), PICTURE, 200.0),
    "code": lambda patch, options: (patch.setattr(ocr_cache, "_code_digest", lambda: "new"), (options, PICTURE, 200.0))[1],
    "version": lambda patch, options: (patch.setattr(ocr_cache, "__version__", "9"), (options, PICTURE, 200.0))[1],
    "package": lambda patch, options: (
        patch.setattr("importlib.metadata.version", lambda name: "99"),
        (options, PICTURE, 200.0),
    )[1],
}


@pytest.mark.parametrize("what", OTHER)
def test_whatever_changes_the_text_changes_the_entry(
    options: ReadingOptions, calls: list[float], monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    ocr_cache._engine_facts.cache_clear()
    read(options)
    changed, pixels, dpi = OTHER[what](monkeypatch, options)
    ocr_cache._engine_facts.cache_clear()
    read(changed, pixels, dpi)
    ocr_cache._engine_facts.cache_clear()
    assert len(calls) == len(entries(options)) == 2


def test_other_tessdata_change_the_entry(tmp_path: Path) -> None:
    pytest.importorskip("tesserocr")
    (tmp_path / "eng.traineddata").write_bytes(b"old")
    options = ReadingOptions(ocr=OcrEngineName.TESSEROCR, tessdata=tmp_path)
    paths = set()
    for content in (b"old", b"newer"):
        (tmp_path / "eng.traineddata").write_bytes(content)
        ocr_cache._engine_facts.cache_clear()
        paths.add(ocr_cache.entry_path(tmp_path, PICTURE, 200.0, options))
    assert len(paths) == 2


@pytest.mark.parametrize("step", [0, 7, 40, -5])
@pytest.mark.parametrize("how", ["cut", "flip", "empty", "zeros"])
def test_a_damaged_entry_is_read_again_and_replaced(options: ReadingOptions, calls: list[float], step: int, how: str) -> None:
    read(options)
    (entry,) = entries(options)
    whole = entry.read_bytes()
    flipped = bytearray(whole)
    flipped[step] ^= 1
    entry.write_bytes({"cut": whole[:step], "flip": bytes(flipped), "empty": b"", "zeros": bytes(len(whole))}[how])
    table, _ = read(options)
    assert list(table) == list(TABLE)
    assert len(calls) == 2
    assert entry.read_bytes() == whole


@pytest.mark.skipif(not Path("/proc").exists(), reason="needs a folder in which nothing can be made")
def test_a_cache_that_cannot_be_written_does_not_fail_the_document(options: ReadingOptions, calls: list[float]) -> None:
    table, _ = read(replace(options, ocr_cache=Path("/proc/nothing")))
    assert len(table) == 2


def test_the_entries_unused_for_longest_go_first_and_foreign_files_stay(options: ReadingOptions, calls: list[float]) -> None:
    folder = options.ocr_cache
    assert folder is not None
    for shade in range(4):
        read(options, PICTURE - np.uint8(shade))
    by_shade = [ocr_cache.entry_path(folder, PICTURE - np.uint8(shade), 200.0, options) for shade in range(4)]
    for age, path in enumerate(by_shade):
        os.utime(path, (1000 + age, 1000 + age))
    read(options, PICTURE)  # the first is used again
    size = by_shade[0].stat().st_size
    foreign = [folder / "notes.txt", by_shade[0].parent / "mine.ocr.txt"]
    left = by_shade[1].parent / f"{TEMPORARY_PREFIX}left.ocr"
    for path in (*foreign, left):
        path.write_text("x")
    os.utime(left, (1000, 1000))
    ocr_cache.trim_cache(folder, limit_bytes=10 * size)
    assert all(path.exists() for path in (*by_shade, *foreign))
    assert not left.exists()
    ocr_cache.trim_cache(folder, limit_bytes=3 * size)
    assert [path.exists() for path in by_shade] == [True, False, False, True]
    assert all(path.exists() for path in foreign)


WRITER = """
import sys
from pathlib import Path
import numpy as np
from docgrid.page import Characters, OcrRun
from docgrid.reading import ReadingOptions, ocr_cache
from docgrid.reading.ocr import recognition
count = 20_000
table = Characters(np.full(count, 65, np.uint32), np.random.rand(count, 4).astype(np.float32), np.ones(count, np.float32),
                   np.arange(count, dtype=np.int32), np.arange(count, dtype=np.int32))
recognition.recognise_page = lambda pixels, dpi, options: (table, OcrRun("rapidocr", "1", "eng", dpi))
options = ReadingOptions(ocr_cache=Path(sys.argv[1]))
print("ready", flush=True)
while True:
    for shade in range(5):
        pixels = np.full((20, 20), shade, np.uint8)
        ocr_cache.entry_path(options.ocr_cache, pixels, 200.0, options).unlink(missing_ok=True)
        table, _ = ocr_cache.recognise(pixels, 200.0, options)
        assert len(table) == count
"""


def test_writers_that_are_killed_leave_whole_entries(tmp_path: Path) -> None:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "OMP_NUM_THREADS": "1"}
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, env=environment) for _ in range(2)
    ]
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"ready\n"
    time.sleep(0.5)
    for writer in writers:
        assert writer.poll() is None  # neither was disturbed by the other
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        assert writer.stdout is not None
        writer.stdout.close()
    for path in tmp_path.glob("*/*.ocr"):
        assert path.name.startswith(TEMPORARY_PREFIX) or ocr_cache._load(path) is not None


def test_readers_in_other_processes_share_the_folder(tmp_path: Path) -> None:
    path = tmp_path / "scan.png"
    picture = Image.new("L", (400, 120), 255)
    from PIL import ImageDraw, ImageFont

    ImageDraw.Draw(picture).text((20, 30), "Total 42.50", fill=0, font=ImageFont.load_default(36))
    picture.save(path, dpi=(150, 150))
    options = ReadingOptions(ocr=OcrEngineName.RAPIDOCR, ocr_cache=tmp_path / "cache", ocr_threads=1)
    with ReaderPool(options, jobs=1) as pool:
        (first,) = pool.read([path])
    assert len(entries(options)) == 1
    second = read_document(path, options)
    assert first.document is not None
    assert second.pages[0].text == first.document.pages[0].text == "Total 42.50"
    assert second.pages[0].ocr == first.document.pages[0].ocr
