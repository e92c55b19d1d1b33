"""The second reader: text of a PDF page through pdfplumber (pdfminer), for files that pdfium finds nothing in.

It is thirty times slower than pdfium and its objects are plain dictionaries, but it is another implementation: what one misses
the other often has.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

import numpy as np
import pdfplumber

from docgrid.errors import DocumentError, DocumentStatus
from docgrid.reading.frame import Frame
from docgrid.reading.layout import SKEWED, Glyphs
from docgrid.reading.options import Limits
from docgrid.reading.pdf_glyphs import TextLayer
from docgrid.reading.text import REPLACEMENT, clean_code_points, expand_ligatures
from docgrid.reading.user_unit import user_units

logging.getLogger("pdfminer").setLevel(logging.ERROR)  # it warns about every oddity of a file, with text from the file

READER_NAME = f"pdfplumber {pdfplumber.__version__}"


class PlumberFile:
    """An open PDF; use it in a `with` block."""

    def __init__(self, content: bytes, *, limits: Limits, password: str | None = None) -> None:
        """Open a PDF from memory.

        Raises:
            DocumentError: pdfplumber cannot open it either.
        """
        try:
            self._pdf = pdfplumber.open(io.BytesIO(content), password=password or "")
            self.page_count = len(self._pdf.pages)
        except Exception as error:  # pdfminer raises errors of many kinds on damaged files, also plain KeyError and TypeError
            raise DocumentError(
                f"The second reader cannot open it ({type(error).__name__})",
                status=DocumentStatus.CORRUPT,
                hint="Open it in a PDF viewer; if that fails too, fetch or export it again.",
            ) from error
        self._limits = limits
        self._units = user_units(content, password)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._pdf.close()

    def read_page(self, number: int) -> tuple[TextLayer, Frame]:
        """The text of page `number` (from 1), and how the page is displayed.

        Raises:
            DocumentError: The page cannot be read.
        """
        try:
            page = self._pdf.pages[number - 1]
            unit_pt = self._units.get(number, 1.0)
            frame = _frame(page, unit_pt)
            left, top = _visible_corner(page, frame)
            chars = page.chars
        except Exception as error:  # see above
            raise DocumentError(
                f"The second reader cannot read page {number} ({type(error).__name__})",
                status=DocumentStatus.CORRUPT,
                hint="Print it to a new PDF with a viewer that shows it.",
            ) from error
        if len(chars) > self._limits.page_characters:
            raise DocumentError(
                f"Page {number} has {len(chars):,} characters", status=DocumentStatus.TOO_LARGE, hint="Leave it out with --pages."
            )
        layer = _text_layer(chars, left, top, unit_pt)
        page.close()  # it keeps every object of the page otherwise
        return layer, frame


def _frame(page: Any, unit_pt: float) -> Frame:
    """How the page is displayed: the part of its CropBox that lies inside the MediaBox."""
    media, crop = (sorted_box(box) for box in (page.page_obj.mediabox, page.page_obj.cropbox))
    left, bottom = max(media[0], crop[0]), max(media[1], crop[1])
    right, top = min(media[2], crop[2]), min(media[3], crop[3])
    if right <= left or top <= bottom:
        left, bottom, right, top = media
    return Frame(left, bottom, right, top, int(page.rotation) // 90 % 4, unit_pt)


def sorted_box(box: Sequence[float]) -> tuple[float, float, float, float]:
    """left, bottom, right, top of a PDF rectangle, whose corners may come in any order."""
    x0, y0, x1, y1 = (float(edge) for edge in box)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _visible_corner(page: Any, frame: Frame) -> tuple[float, float]:
    """The top left corner of the visible part in pdfplumber's frame, which is that of the turned MediaBox."""
    left, bottom, right, top = sorted_box(page.page_obj.mediabox)
    hidden = {
        0: (frame.left - left, top - frame.top),
        1: (frame.bottom - bottom, frame.left - left),
        2: (right - frame.right, frame.bottom - bottom),
        3: (top - frame.top, right - frame.right),
    }[frame.rotation]
    return float(page.mediabox[0]) + hidden[0], float(page.mediabox[1]) + hidden[1]


def _text_layer(chars: list[dict[str, Any]], left: float, top: float, unit_pt: float) -> TextLayer:
    """Glyphs from pdfplumber's dictionaries; (left, top) is the corner of the visible part in its frame."""
    code_points: list[int] = []
    rows: list[tuple[float, float, float, float]] = []
    breaks: list[bool] = []
    turns: list[int] = []
    unmapped = 0
    after_space = True
    for char in chars:
        text = char["text"]
        if text.startswith("(cid:"):  # pdfminer's way of saying that the font does not tell
            unmapped += 1
            after_space = True
            continue
        width = (char["x1"] - char["x0"]) / max(len(text), 1)
        for place, letter in enumerate(text):
            if letter.isspace():
                after_space = True
                continue
            code_points.append(ord(letter))
            edge = char["x0"] + place * width
            rows.append((edge - left, char["top"] - top, edge + width - left, char["bottom"] - top))
            breaks.append(after_space)
            turns.append(_turn(char["matrix"]))
            after_space = False
    cleaned = clean_code_points(np.array(code_points, np.uint32))
    kept = np.flatnonzero((cleaned != 0) & (cleaned != REPLACEMENT))
    quarter_turns = np.array(turns, np.int8)
    glyphs = Glyphs(
        cleaned,
        np.array(rows, np.float32).reshape(-1, 4) * np.float32(unit_pt),
        np.ones(len(cleaned), np.float32),
        np.array(breaks, np.bool_),
        quarter_turns if quarter_turns.any() else None,
    ).take(kept)
    total = len(cleaned) + unmapped
    unreadable = (unmapped + int((cleaned == REPLACEMENT).sum())) / total if total else 0.0
    return TextLayer(expand_ligatures(glyphs), unreadable, len(chars))


def _turn(matrix: tuple[float, ...]) -> int:
    """Quarters clockwise by which a glyph is turned on the displayed page, from its text matrix (y upwards)."""
    a, b = matrix[0], matrix[1]
    if abs(b) <= 0.15 * abs(a):
        return 0 if a >= 0 else 2
    if abs(a) <= 0.15 * abs(b):
        return 3 if b > 0 else 1
    return SKEWED
