"""Raw code points of a reader or an OCR engine -> the characters that docgrid keeps."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from docgrid.reading.layout import Glyphs

LAST_BMP = 0xFFFF
REPLACEMENT = 0xFFFD
HYPHENS = (0x02, 0xFFFE, 0xAD, 0x2010, 0x2011, 0x2043)  # pdfium marks a hyphen at a line's end with 2 or FFFE
LIGATURES = {
    0xFB00: "ff",
    0xFB01: "fi",
    0xFB02: "fl",
    0xFB03: "ffi",
    0xFB04: "ffl",
    0xFB05: "st",
    0xFB06: "st",
    0x132: "IJ",
    0x133: "ij",
}
SPLIT_LETTERS = frozenset("fijlst")  # letters of ligatures that a reader may have split already
CONTROLS = ((0, 0x20), (0x7F, 0xA0), (0x200B, 0x200F), (0x2028, 0x202E), (0x2060, 0x206F), (0xFE00, 0xFE0F), (0xFFF0, 0xFFFC))
SPACES = (0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000, 0xFEFF)
PRIVATE = (0xE000, 0xF8FF)
SURROGATES = (0xD800, 0xDFFF)

DROP = 0  # in the table below: white space, controls, marks of direction


def _build_table() -> NDArray[np.uint32]:
    table = np.arange(LAST_BMP + 1, dtype=np.uint32)
    for first, last in (*CONTROLS, SURROGATES):
        table[first : last + 1] = DROP
    table[list(SPACES)] = DROP
    table[list(HYPHENS)] = ord("-")
    table[0xFFFF] = DROP
    table[PRIVATE[0] : PRIVATE[1] + 1] = REPLACEMENT  # no agreed meaning: mostly the bullets of symbol fonts
    return table


TABLE = _build_table()


def clean_code_points(raw: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """The code point to keep for each raw one, 0 for what is dropped (white space, controls), U+FFFD for what is unreadable.

    Args:
        raw: uint32 [N].
    """
    if len(raw) and int(raw.max()) > LAST_BMP:
        high = raw > LAST_BMP
        cleaned = TABLE[np.where(high, 0, raw)]
        cleaned[high] = np.where(raw[high] >= 0xF0000, REPLACEMENT, raw[high])  # planes 15 and 16 are private
        return cleaned
    cleaned = TABLE[raw]
    return cleaned


def expand_ligatures(glyphs: Glyphs) -> Glyphs:
    """Replace ligatures by their letters, which share the width of its box; also where the reader has split them already."""
    boxes = _share_split_boxes(glyphs)
    is_ligature = np.isin(glyphs.code_points, list(LIGATURES)) if glyphs.code_points.max(initial=0) > 0x131 else None
    if is_ligature is None or not is_ligature.any():
        return replace(glyphs, boxes=boxes)
    letters = [LIGATURES.get(code, "") for code in glyphs.code_points.tolist()]
    parts = np.array([len(text) or 1 for text in letters])
    rows = np.repeat(np.arange(len(letters)), parts)
    within = np.arange(len(rows)) - np.repeat(np.cumsum(parts) - parts, parts)
    result = replace(glyphs, boxes=boxes).take(rows)
    spelled = [ord(letter) if letter else -1 for text in letters for letter in (text or [""])]
    code_points = np.where(np.array(spelled) >= 0, spelled, result.code_points).astype(np.uint32)
    shared = _share(result.boxes, within, parts[rows])
    return replace(result, code_points=code_points, boxes=shared, breaks=result.breaks & (within == 0))


def _share(boxes: NDArray[np.float32], within: NDArray[np.int64], parts: NDArray[np.int64]) -> NDArray[np.float32]:
    """Cut boxes into `parts` equal columns and keep column `within` of each."""
    width = (boxes[:, 2] - boxes[:, 0]) / parts
    shared = boxes.copy()
    shared[:, 0] = boxes[:, 0] + width * within
    shared[:, 2] = shared[:, 0] + width
    return shared


def _share_split_boxes(glyphs: Glyphs) -> NDArray[np.float32]:
    """Letters that a reader made of one ligature all carry the ligature's box: give each its part."""
    boxes = glyphs.boxes
    if len(boxes) < 2:
        return boxes
    same = (boxes[1:, 0] == boxes[:-1, 0]) & (boxes[1:, 2] == boxes[:-1, 2]) & (boxes[1:, 1] == boxes[:-1, 1])
    same &= ~glyphs.breaks[1:]
    if not same.any():
        return boxes
    run = np.concatenate([[0], np.cumsum(~same)])
    starts = np.flatnonzero(np.concatenate([[True], ~same]))
    parts = np.diff(starts, append=len(boxes))
    letters = glyphs.code_points
    spelled = np.isin(letters, [ord(letter) for letter in SPLIT_LETTERS])
    all_letters = np.logical_and.reduceat(spelled, starts)
    parts = np.where(all_letters & (parts <= 3), parts, 1)
    within = np.where(parts[run] > 1, np.arange(len(boxes)) - starts[run], 0)
    return _share(boxes, within, parts[run])
