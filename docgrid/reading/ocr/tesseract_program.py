"""The third engine: the tesseract program of the system, through pytesseract. One pass gives boxes and confidences per character.

It is fed pixels, never a user's path: given a text file tesseract reads its lines as paths, and it fetches web addresses.
"""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from docgrid.errors import DocumentError, DocumentStatus
from docgrid.reading.layout import Glyphs
from docgrid.reading.ocr.symbols import Symbol, glyphs_of_symbols

PROGRAM = "tesseract"
QUESTION_TIMEOUT_S = 20.0  # for its version and languages
HOCR_BYTES_MAX = 64 * 1024**2
FAILED_HINT = "Run `tesseract --version` and `tesseract --list-langs`, or choose another engine with --ocr."


def installed_languages(tessdata: Path | None) -> Sequence[str] | None:
    """Languages that can be read; None where the program or pytesseract is not installed."""
    if importlib.util.find_spec("pytesseract") is None or shutil.which(PROGRAM) is None:
        return None
    answer = _ask("--list-langs", *([] if tessdata is None else ["--tessdata-dir", str(tessdata)]))
    return sorted(name for line in answer.splitlines()[1:] if (name := line.strip()) and name != "osd")


def installed_version() -> str:
    """The version of the program."""
    first = (_ask("--version").splitlines() or ["tesseract"])[0]
    return first.removeprefix("tesseract").strip() or "unknown"


def _ask(*arguments: str) -> str:
    try:
        done = subprocess.run(
            [PROGRAM, *arguments], capture_output=True, text=True, errors="replace", timeout=QUESTION_TIMEOUT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout or done.stderr


class TesseractProgram:
    """Reads pages with the tesseract program."""

    name = "pytesseract"

    def __init__(self, language: str, tessdata: Path | None) -> None:
        self._language = language
        self._tessdata = tessdata
        self.version = installed_version()

    def read(self, pixels: NDArray[np.uint8], dpi: float, timeout_s: float) -> Glyphs:
        """Read a page picture; see `docgrid.reading.ocr.engine.OcrEngine`."""
        import pytesseract
        from PIL import Image

        options = f"--psm 3 --dpi {round(dpi)} -c hocr_char_boxes=1"
        if self._tessdata is not None:
            options += f' --tessdata-dir "{self._tessdata}"'
        try:
            hocr = pytesseract.image_to_pdf_or_hocr(
                Image.fromarray(pixels), lang=self._language, config=options, extension="hocr", timeout=timeout_s
            )
        except RuntimeError as error:  # also its TesseractError
            slow = "timeout" in str(error).lower()
            raise DocumentError(
                f"OCR took longer than {timeout_s:g} s" if slow else "tesseract failed",
                status=DocumentStatus.TIMEOUT if slow else DocumentStatus.OCR_FAILED,
                hint="Choose a lower --dpi." if slow else FAILED_HINT,
            ) from error
        except OSError as error:
            raise DocumentError(
                "tesseract cannot be started or left no result", status=DocumentStatus.OCR_FAILED, hint=FAILED_HINT
            ) from error
        return glyphs_of_symbols(symbols_of_hocr(hocr))


def symbols_of_hocr(hocr: bytes) -> list[Symbol]:
    """The characters of an hOCR page that was written with `hocr_char_boxes=1`.

    Raises:
        DocumentError: It is far larger than a page can be.
    """
    if len(hocr) > HOCR_BYTES_MAX:
        raise DocumentError("tesseract flooded its output", status=DocumentStatus.OCR_FAILED, hint=FAILED_HINT)
    parser = _HocrParser()
    parser.feed(hocr.decode("utf-8", errors="replace"))
    return parser.symbols


def _numbers(title: str, name: str) -> list[float]:
    match = re.search(rf"\b{name} ([-\d. ]+)", title)
    return [float(number) for number in match[1].split()] if match else []


class _HocrParser(HTMLParser):
    """Collects `ocrx_cinfo` spans with the box of the word that they stand in."""

    LINES = frozenset({"ocr_line", "ocr_header", "ocr_textfloat", "ocr_caption"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.symbols: list[Symbol] = []
        self._word: list[float] = []
        self._character: tuple[list[float], float] | None = None
        self._starts_word = self._starts_line = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the line, the word or the character that begins."""
        values = dict(attrs)
        kind, title = values.get("class") or "", values.get("title") or ""
        if kind in self.LINES:
            self._starts_line = True
        elif kind == "ocrx_word":
            self._word, self._starts_word = _numbers(title, "bbox"), True
        elif kind == "ocrx_cinfo":
            confidence = _numbers(title, "x_conf") or [0.0]
            self._character = (_numbers(title, "x_bboxes"), confidence[0] / 100)

    def handle_data(self, data: str) -> None:
        """Take the text of a character."""
        if self._character is None or not data.strip():
            return
        box, confidence = self._character
        if len(box) == 4 and len(self._word) == 4:
            self.symbols.append(
                Symbol(
                    data.strip(), box[0], box[2], self._word[1], self._word[3], confidence, self._starts_word, self._starts_line
                )
            )
            self._starts_word = self._starts_line = False
        self._character = None
