"""A document drawn anew from its characters: each in its box, nothing else on the page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from docgrid.page import Document, Page

_FONT = "Helvetica"
_ASCENT, _DESCENT = 0.74, 0.21  # of Helvetica, in parts of its size
_STRETCH = (5.0, 800.0)  # per cent
_OTHER = "*"  # for signs that the font does not have


def draw_document(document: Document, target: Path) -> None:
    """Write a PDF with the characters of a document in their boxes; equal documents give equal bytes."""
    from reportlab import rl_config
    from reportlab.pdfbase.pdfmetrics import stringWidth
    from reportlab.pdfgen.canvas import Canvas

    rl_config.useA85 = 0  # page streams as bytes: a fifth smaller
    canvas = Canvas(str(target), invariant=1, pageCompression=1)
    for page in document.pages:
        canvas.setPageSize((page.width_pt, page.height_pt))
        _draw_page(canvas, page, stringWidth)
        canvas.showPage()
    canvas.save()


def _draw_page(canvas: Any, page: Page, width_of: Callable[[str, str, float], float]) -> None:
    table = page.characters
    boxes, text = table.boxes.tolist(), table.text
    run = canvas.beginText()
    for row, (left, top, right, bottom) in enumerate(boxes):
        size = max(bottom - top, 0.5) / (_ASCENT + _DESCENT)
        baseline = page.height_pt - bottom + _DESCENT * size
        _put(run, in_font(text[row]), left, right, baseline, size, width_of)
        after = row + 1
        if (
            after < len(boxes)
            and table.word_index[after] != table.word_index[row]
            and table.line_index[after] == table.line_index[row]
        ):
            _put(run, " ", right, max(boxes[after][0], right + 0.1), baseline, size, width_of)
    canvas.drawText(run)


def _put(
    run: Any,
    character: str,
    left: float,
    right: float,
    baseline: float,
    size: float,
    width_of: Callable[[str, str, float], float],
) -> None:
    natural = max(width_of(character, _FONT, size), 0.01)
    run.setFont(_FONT, size)
    run.setHorizScale(min(max(100 * max(right - left, 0.05) / natural, _STRETCH[0]), _STRETCH[1]))
    run.setTextOrigin(left, baseline)
    run.textOut(character)


def in_font(character: str) -> str:
    """The character, or a star where a standard font of PDF does not have it."""
    try:
        character.encode("cp1252")
    except UnicodeEncodeError:
        return _OTHER
    return character if character.isprintable() else _OTHER
