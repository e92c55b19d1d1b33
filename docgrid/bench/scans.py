"""Ways to read the picture of a page, docgrid's engines and those of others, on the same pages in one run."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from statistics import mean
from typing import Any

import numpy as np
from numpy.typing import NDArray

from docgrid.bench.documents import ScannedPage
from docgrid.bench.error_rate import Errors, Piece, count_errors, with_spaces, without_spaces, words_of
from docgrid.bench.machine import Seconds, Stopwatch
from docgrid.bench.rows import BenchRow, Task
from docgrid.errors import DocgridError, MissingDependencyError
from docgrid.reading import OcrEngineName, ReadingOptions, check_engine
from docgrid.reading.ocr.recognition import recognise_page

REFERENCE = "pytesseract as it comes"
THREAD_SETTINGS = ("OMP_THREAD_LIMIT", "OMP_NUM_THREADS")
POINTS_PER_INCH = 72

ReadPicture = Callable[[NDArray[np.uint8], float], list[Piece]]  # grey pixels and dpi -> pieces, boxes in pixels


@dataclass(frozen=True)
class ScanWay:
    """One way to read a picture."""

    name: str
    load: Callable[[], ReadPicture]  # raises MissingDependencyError where something is not installed


def read_with_docgrid(engine: OcrEngineName, language: str) -> ReadPicture:
    """One of docgrid's engines, on one thread.

    Raises:
        MissingDependencyError: It is not installed or does not know the language.
    """
    options = ReadingOptions(ocr=engine, language=language, ocr_threads=1)
    check_engine(options)

    def read(pixels: NDArray[np.uint8], dpi: float) -> list[Piece]:
        characters, _ = recognise_page(pixels, dpi, options)
        return words_of(characters, dpi / POINTS_PER_INCH)

    return read


def _pytesseract(threads: str | None) -> ReadPicture:
    check_engine(ReadingOptions(ocr=OcrEngineName.PYTESSERACT))
    import pytesseract
    from PIL import Image

    def read(pixels: NDArray[np.uint8], dpi: float) -> list[Piece]:
        with _threads(threads):
            found = pytesseract.image_to_data(
                Image.fromarray(pixels), config=f"--dpi {dpi:.0f}", output_type=pytesseract.Output.DICT
            )
        boxes = zip(found["left"], found["top"], found["width"], found["height"], strict=True)
        return [
            Piece(text.strip(), left, top, left + width, top + height)
            for text, (left, top, width, height) in zip(found["text"], boxes, strict=True)
            if text.strip()
        ]

    return read


@contextmanager
def _threads(limit: str | None) -> Iterator[None]:
    """How many threads the tesseract program may take; None leaves it to itself, as it comes."""
    before = {name: os.environ.pop(name, None) for name in THREAD_SETTINGS}
    if limit is not None:
        os.environ["OMP_THREAD_LIMIT"] = limit
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


def _rapidocr() -> ReadPicture:
    for package in ("rapidocr", "onnxruntime"):
        if importlib.util.find_spec(package) is None:
            raise MissingDependencyError(f"{package} is not installed", hint=f"Type: pip install {package}")
    from rapidocr import RapidOCR

    engine: Any = RapidOCR(params={"Global.log_level": "critical"})

    def read(pixels: NDArray[np.uint8], dpi: float) -> list[Piece]:
        found = engine(np.repeat(pixels[:, :, None], 3, axis=2))
        if found.boxes is None:
            return []
        corners = np.asarray(found.boxes, np.float64).reshape(-1, 4, 2)
        edges = np.concatenate([corners.min(axis=1), corners.max(axis=1)], axis=1).tolist()
        return [Piece(text, *box) for text, box in zip(found.txts, edges, strict=True)]

    return read


SCAN_WAYS = (
    ScanWay(REFERENCE, partial(_pytesseract, None)),
    ScanWay("pytesseract, OMP_THREAD_LIMIT=1", partial(_pytesseract, "1")),
    ScanWay("rapidocr as it comes", _rapidocr),
    ScanWay("docgrid --ocr tesserocr", partial(read_with_docgrid, OcrEngineName.TESSEROCR, "eng")),
    ScanWay("docgrid (rapidocr's models, one thread)", partial(read_with_docgrid, OcrEngineName.RAPIDOCR, "eng")),
)


@dataclass(frozen=True)
class _Measured:
    name: str
    seconds: tuple[Seconds, ...]
    characters: int
    errors: Errors
    errors_with_spaces: Errors


def time_scans(pages: Sequence[ScannedPage], ways: Sequence[ScanWay] = SCAN_WAYS) -> tuple[list[BenchRow], list[str]]:
    """Read every page in every way, after one page that only warms up.

    Returns:
        A row a way, with means over pages, and a line for each way that is not installed or failed.
    """
    if not pages:
        return [], ["no scanned page"]
    measured: list[_Measured] = []
    left_out = []
    for way in ways:
        try:
            measured.append(_measure(way, pages))
        except DocgridError as error:
            left_out.append(f"{way.name}: {error.problem}")
        except Exception as error:  # foreign code: whatever it raises, the others are measured
            left_out.append(f"{way.name}: failed with {type(error).__name__}")
    reference = next((_processor(one) for one in measured if one.name == REFERENCE), None)
    return [_row(one, pages, reference) for one in measured], left_out


def _measure(way: ScanWay, pages: Sequence[ScannedPage]) -> _Measured:
    read = way.load()
    read(pages[0].pixels, pages[0].dpi)
    seconds, characters = [], 0
    plain = spaced = Errors()
    for page in pages:
        watch = Stopwatch()
        pieces = read(page.pixels, page.dpi)
        seconds.append(watch.seconds())
        characters += sum(len(without_spaces(piece.text)) for piece in pieces)
        plain += count_errors(page.truth, pieces, without_spaces)
        spaced += count_errors(page.truth, pieces, with_spaces)
    return _Measured(way.name, tuple(seconds), characters, plain, spaced)


def _processor(measured: _Measured) -> float:
    return mean(one.processor for one in measured.seconds)


def _row(measured: _Measured, pages: Sequence[ScannedPage], reference: float | None) -> BenchRow:
    processor_s = _processor(measured)
    known = measured.errors.characters > 0
    return BenchRow(
        Task.SCANS,
        measured.name,
        pages=len(pages),
        characters=round(measured.characters / len(pages)),
        processor_s=processor_s,
        wall_s=mean(one.wall for one in measured.seconds),
        times_reference=None if reference is None else reference / processor_s,
        error_rate=measured.errors.rate if known else None,
        error_rate_with_spaces=measured.errors_with_spaces.rate if known else None,
    )
