"""Documents from datasets that bring text and boxes along: text lines or words -> the character table of a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from docgrid.files import sha256_of
from docgrid.page import Characters, Document, Page, TextSource

_ROW_OVERLAP = 0.5  # two lines stand in one row when they share this part of the lower one's height


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line (or one word) of text with its box in points."""

    text: str
    box: tuple[float, float, float, float]  # left, top, right, bottom


def document_from_lines(path: Path, size: tuple[float, float], lines: Sequence[TextLine], *, reader: str) -> Document:
    """A one-page document from text lines: rows from top to bottom, lines of one row from left to right.

    Words are split at spaces; the box of a line is shared out among its characters, spaces included, in equal widths.

    Args:
        path: The picture that the lines belong to.
        size: Width and height of the page in points.
        lines: In any order.
        reader: Where the text comes from.
    """
    ordered = reading_order(lines)
    codes: list[int] = []
    boxes: list[tuple[float, float, float, float]] = []
    words: list[int] = []
    line_numbers: list[int] = []
    word = -1
    for number, line in enumerate(ordered):
        left, top, right, bottom = line.box
        step = (right - left) / max(len(line.text), 1)
        inside = False
        for place, character in enumerate(line.text):
            if character.isspace():
                inside = False
                continue
            if not inside:
                word += 1
                inside = True
            codes.append(ord(character))
            boxes.append((left + place * step, top, left + (place + 1) * step, bottom))
            words.append(word)
            line_numbers.append(number)
    characters = Characters(
        np.array(codes, np.uint32),
        np.array(boxes, np.float32).reshape(-1, 4),
        np.ones(len(codes), np.float32),
        np.array(words, np.int32),
        np.array(line_numbers, np.int32),
    )
    source = TextSource.GIVEN if codes else TextSource.NONE
    page = Page(1, float(size[0]), float(size[1]), characters, source)
    return Document(path, sha256_of(path), (page,), reader=reader, page_count=1)


def reading_order(lines: Sequence[TextLine]) -> list[TextLine]:
    """Lines sorted into rows: a line joins the row above it when half of the lower of the two heights overlaps."""
    rows: list[list[TextLine]] = []
    for line in sorted(lines, key=lambda line: line.box[1] + line.box[3]):
        if rows and _same_row(rows[-1][0], line):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda line: line.box[0])]


def _same_row(first: TextLine, second: TextLine) -> bool:
    overlap = min(first.box[3], second.box[3]) - max(first.box[1], second.box[1])
    height = min(first.box[3] - first.box[1], second.box[3] - second.box[1])
    return overlap > _ROW_OVERLAP * height
