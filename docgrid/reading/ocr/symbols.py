"""What a tesseract engine reports, symbol by symbol -> glyphs whose boxes are as high as their line."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

import numpy as np

from docgrid.reading.layout import Glyphs


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
    """Glyphs as wide as their symbols and as high as their words; words lower than their line (a dash) are made as high.

    Later steps tell lines apart by the height of characters, which a comma's own ink would mislead.
    """
    lines: list[list[Symbol]] = []
    for symbol in symbols:
        if symbol.starts_line or not lines:
            lines.append([])
        lines[-1].append(symbol)
    rows: list[tuple[int, float, float, float, float, float, bool]] = []
    for line in lines:
        height = median(symbol.word_bottom - symbol.word_top for symbol in line)
        middle = median((symbol.word_bottom + symbol.word_top) / 2 for symbol in line)
        for symbol in line:
            top, bottom = symbol.word_top, symbol.word_bottom
            if bottom - top < 0.7 * height:
                top, bottom = min(top, middle - height / 2), max(bottom, middle + height / 2)
            width = (symbol.right - symbol.left) / max(len(symbol.text), 1)
            for place, character in enumerate(symbol.text):  # rarely more than one
                left = symbol.left + place * width
                rows.append(
                    (ord(character), left, top, left + width, bottom, symbol.confidence, symbol.starts_word and place == 0)
                )
    table = np.array(rows, np.float64).reshape(-1, 7)
    return Glyphs(
        table[:, 0].astype(np.uint32),
        table[:, 1:5].astype(np.float32),
        np.clip(table[:, 5], 0, 1).astype(np.float32),
        table[:, 6].astype(np.bool_),
    )
