"""What a tesseract engine reports, symbol by symbol -> glyphs whose boxes are as high as their line."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

import numpy as np

from docgrid.reading.layout import Glyphs

LOW_WORD = 0.7  # of the height of its line: a word lower than that (a dash, dots) is made as high as the line


@dataclass(frozen=True)
class Symbol:
    """One recognised symbol; lengths in pixels, origin top-left."""

    text: str
    left: float
    right: float
    word_top: float
    word_bottom: float
    confidence: float  # 0..1
    starts_word: bool
    starts_line: bool


def glyphs_of_symbols(symbols: list[Symbol]) -> Glyphs:
    """Glyphs as high as their words, and so wide that those of one word touch, as the advances of a printed font do.

    Later steps tell words and lines apart by the gaps between characters and by their height, which the ink alone (a comma, a
    dash, the paper beside a 1) would mislead.
    """
    lines: list[list[Symbol]] = []
    for symbol in symbols:
        if symbol.starts_line or not lines:
            lines.append([])
        lines[-1].append(symbol)
    rows: list[tuple[float, ...]] = []
    for line in lines:
        height = median(symbol.word_bottom - symbol.word_top for symbol in line)
        middle = median((symbol.word_bottom + symbol.word_top) / 2 for symbol in line)
        for before, symbol, after in zip([None, *line], line, [*line[1:], None], strict=False):
            top, bottom = symbol.word_top, symbol.word_bottom
            if bottom - top < LOW_WORD * height:
                top, bottom = min(top, middle - height / 2), max(bottom, middle + height / 2)
            left = symbol.left if before is None or symbol.starts_word else (before.right + symbol.left) / 2
            right = symbol.right if after is None or after.starts_word else (symbol.right + after.left) / 2
            width = (max(right, left) - left) / max(len(symbol.text), 1)
            for place, character in enumerate(symbol.text):  # rarely more than one
                start = left + place * width
                starts_word = symbol.starts_word and place == 0
                rows.append((ord(character), start, top, start + width, bottom, symbol.confidence, starts_word))
    table = np.array(rows, np.float64).reshape(-1, 7)
    return Glyphs(
        table[:, 0].astype(np.uint32),
        table[:, 1:5].astype(np.float32),
        np.clip(table[:, 5], 0, 1).astype(np.float32),
        table[:, 6].astype(np.bool_),
    )
