"""The glyphs of a PDF page through pdfium's raw interface, without a Python loop over characters.

The calls for single characters go through `map` over functions bound to plain integers and write into one numpy buffer, which
makes them about thirty times faster than pdfplumber.
"""

from __future__ import annotations

import ctypes
from collections import deque
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium
from numpy.typing import NDArray

from docgrid.reading.frame import Frame
from docgrid.reading.layout import SKEWED, Glyphs
from docgrid.reading.text import REPLACEMENT, clean_code_points, expand_ligatures

SAMPLED_GLYPHS = 64  # asked whether the font tells what they mean


def _bind(function: Any, result: Any, *arguments: Any) -> Any:
    """A C function that takes plain integers for pointers and does not hand the interpreter lock around."""
    address = ctypes.cast(function, ctypes.c_void_p).value
    assert address is not None, "a function that is there has an address"
    return ctypes.PYFUNCTYPE(result, *arguments)(address)


_loose_box = _bind(pdfium.FPDFText_GetLooseCharBox, ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)
_ink_box = _bind(
    pdfium.FPDFText_GetCharBox, ctypes.c_int, ctypes.c_void_p, ctypes.c_int, *([ctypes.c_void_p] * 4)
)  # left, right, bottom, top
_angle = _bind(pdfium.FPDFText_GetCharAngle, ctypes.c_float, ctypes.c_void_p, ctypes.c_int)
_code_point = _bind(pdfium.FPDFText_GetUnicode, ctypes.c_uint, ctypes.c_void_p, ctypes.c_int)
_map_error = _bind(pdfium.FPDFText_HasUnicodeMapError, ctypes.c_int, ctypes.c_void_p, ctypes.c_int)


@dataclass(frozen=True)
class TextLayer:
    """The glyphs of a page's text layer and how far they can be trusted.

    Attributes:
        glyphs: Visible glyphs in drawing order.
        unreadable: Share of glyphs whose meaning the file does not tell, 0..1.
        raw_count: Characters that the reader reports, white space and controls included.
    """

    glyphs: Glyphs
    unreadable: float
    raw_count: int


def read_glyphs(text_page: Any, count: int, frame: Frame) -> TextLayer:
    """The visible glyphs of a text page, in the displayed frame."""
    handle = ctypes.cast(text_page, ctypes.c_void_p).value
    raw = _read_code_points(text_page, handle, count)
    cleaned = clean_code_points(raw)
    visible = np.flatnonzero(cleaned)
    spaces = np.zeros(count + 1, np.int64)
    np.cumsum(raw <= 0x20, out=spaces[1:])  # pdfium's own marks included, such as the line breaks it adds
    spaces[1:] -= np.cumsum(raw == 0x02)  # which is its mark of a hyphen, no space
    breaks = np.ones(len(visible), np.bool_)
    breaks[1:] = np.diff(spaces[visible]) > 0
    code_points = cleaned[visible]
    rows = visible.tolist()
    boxes = frame.to_display(_read_boxes(handle, rows))
    turns = _read_turns(handle, rows, frame.rotation) if _looks_turned(boxes, breaks) else None
    unreadable = _unreadable_share(handle, rows, code_points)
    glyphs = Glyphs(code_points, boxes, np.ones(len(rows), np.float32), breaks, turns)
    return TextLayer(expand_ligatures(_without_unreadable(glyphs)), unreadable, count)


def _without_unreadable(glyphs: Glyphs) -> Glyphs:
    bad = glyphs.code_points == REPLACEMENT
    return glyphs.take(np.flatnonzero(~bad)) if bad.any() else glyphs


def _read_code_points(text_page: Any, handle: int | None, count: int) -> NDArray[np.uint32]:
    """uint32 [count]; pairs of surrogates become one code point and a dropped place."""
    buffer = np.zeros(count + 1, np.uint16)
    pointer = buffer.ctypes.data_as(ctypes.POINTER(ctypes.c_ushort))
    written = pdfium.FPDFText_GetText(text_page, 0, count, pointer)
    if written == count + 1:  # else the text is not aligned with the character indices
        raw = buffer[:count].astype(np.uint32)
    else:
        raw = np.fromiter(map(_code_point, repeat(handle), range(count)), np.uint32, count)
    high = np.flatnonzero((raw[:-1] >= 0xD800) & (raw[:-1] < 0xDC00) & (raw[1:] >= 0xDC00) & (raw[1:] < 0xE000))
    if len(high):
        raw[high] = 0x10000 + ((raw[high] - 0xD800) << 10) + (raw[high + 1] - 0xDC00)
        raw[high + 1] = 0xFEFF  # dropped
    return raw


def _read_boxes(handle: int | None, rows: list[int]) -> NDArray[np.float32]:
    """float32 [N, 4] left, top, right, bottom in user space: as wide as the advance, as high as the font size."""
    boxes = np.zeros((len(rows), 4), np.float32)
    start = boxes.ctypes.data
    deque(map(_loose_box, repeat(handle), rows, range(start, start + 16 * len(rows), 16)), maxlen=0)
    flat = np.flatnonzero(~((boxes[:, 2] > boxes[:, 0]) & (boxes[:, 1] > boxes[:, 3])))
    if len(flat):  # a font with impossible metrics: take the ink
        ink = np.zeros(4, np.float64)
        places = [ink.ctypes.data + 8 * offset for offset in range(4)]
        for row in flat.tolist():
            ink[:] = 0
            _ink_box(handle, rows[row], *places)
            boxes[row] = ink[0], ink[3], ink[1], ink[2]
    if not np.isfinite(boxes).all():
        boxes = np.nan_to_num(boxes, nan=0.0, posinf=0.0, neginf=0.0)
    return np.stack(
        [
            np.minimum(boxes[:, 0], boxes[:, 2]),
            np.maximum(boxes[:, 1], boxes[:, 3]),
            np.maximum(boxes[:, 0], boxes[:, 2]),
            np.minimum(boxes[:, 1], boxes[:, 3]),
        ],
        axis=1,
    )


def _looks_turned(boxes: NDArray[np.float32], breaks: NDArray[np.bool_]) -> bool:
    """Whether some glyphs follow one another without white space but not along a horizontal line."""
    if len(boxes) < 2:
        return False
    heights = boxes[:, 3] - boxes[:, 1]
    middles = (boxes[:, 1] + boxes[:, 3]) / 2
    centres = (boxes[:, 0] + boxes[:, 2]) / 2
    size = np.maximum(heights[1:], heights[:-1])
    drop = np.abs(np.diff(middles))
    step = np.diff(centres)
    near = (drop < 2.5 * size) & (np.abs(step) < 2.5 * size) & ~breaks[1:]
    return int((near & ((drop > 0.2 * size) | (step < -0.2 * size))).sum()) >= 2


def _read_turns(handle: int | None, rows: list[int], rotation: int) -> NDArray[np.int8]:
    """int8 [N]: quarters clockwise by which each glyph is turned on the displayed page, or SKEWED."""
    angles = np.fromiter(map(_angle, repeat(handle), rows), np.float32, len(rows))  # radians, -1 where unknown
    quarters = np.where(angles == -1, 0, angles) / (np.pi / 2)
    nearest = np.rint(quarters)
    turns = (nearest.astype(np.int64) + rotation) % 4
    return np.where(np.abs(quarters - nearest) < 0.1, turns, SKEWED).astype(np.int8)


def _unreadable_share(handle: int | None, rows: list[int], code_points: NDArray[np.uint32]) -> float:
    """The share of glyphs without a meaning: replacement characters, or a sample of those that no font table maps."""
    if not rows:
        return 0.0
    sample = rows[:: max(len(rows) // SAMPLED_GLYPHS, 1)]
    unmapped = float(sum(map(_map_error, repeat(handle), sample)) / len(sample))
    return max(float(np.mean(code_points == REPLACEMENT)), unmapped)
