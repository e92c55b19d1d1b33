"""What a quick look at the picture of a page tells before OCR: whether anything is printed on it, and how large the type is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

BLANK = "nothing is printed on it"  # what is said of a blank page
PREVIEW_DPI = 100.0
EDGE = 24  # grey levels by which neighbouring pixels of the preview differ where ink begins
EDGES_MIN = 12  # a single digit in small type has more
BORDER = 0.01  # of the page: the edge of the glass, no ink
TYPE_HEIGHT_MAX = 60  # pixels of the preview, 43 points: higher is a picture, a rule or a letter head
ROWS_MIN = 3  # bands of type that a page must have before their height is believed


def is_blank(pixels: NDArray[np.uint8], dpi: float) -> bool:
    """Whether nothing is printed on a page. Stains and the noise of a scanner count as ink: OCR looks at them more closely.

    Args:
        pixels: uint8 [H, W] grey.
        dpi: Of the picture.
    """
    small = _shrink(pixels, max(round(dpi / PREVIEW_DPI), 1)).astype(np.int16)
    rows, columns = (round(length * BORDER) for length in small.shape)
    inner = small[rows : small.shape[0] - rows, columns : small.shape[1] - columns]
    edges = sum(int((np.abs(np.diff(inner, axis=axis)) > EDGE).sum()) for axis in (0, 1))
    return edges < EDGES_MIN


def type_height_pt(preview: NDArray[np.uint8], dpi: float) -> float | None:
    """How high the common type of a page is, about 0.7 of its size; None where it has too few lines to tell.

    Lines of text are bands of rows with ink between rows without. Strips of the page are looked at apart, because lines that
    stand beside one another are rarely level.

    Args:
        preview: uint8 [H, W] grey, at about `PREVIEW_DPI`.
        dpi: Of the preview.
    """
    paper = float(np.median(preview))
    ink = preview < paper - 2 * EDGE
    heights: list[NDArray[np.int64]] = []
    for strip in np.array_split(ink, 8, axis=1):
        filled = (strip.sum(axis=1) > 1).astype(np.int8)
        steps = np.flatnonzero(np.diff(filled, prepend=0, append=0))
        heights.append(steps[1::2] - steps[::2])
    bands = np.concatenate(heights)
    bands = bands[(bands >= 2) & (bands <= TYPE_HEIGHT_MAX)]
    if len(bands) < ROWS_MIN:
        return None
    return float(np.median(bands)) * 72 / dpi


def _shrink(pixels: NDArray[np.uint8], factor: int) -> NDArray[np.uint8]:
    """The mean of squares of `factor` pixels; what does not fill a square at the right and lower edge is left out."""
    height, width = (length // factor for length in pixels.shape)
    if factor == 1 or not height or not width:
        return pixels
    squares = pixels[: height * factor, : width * factor].reshape(height, factor, width, factor)
    means: NDArray[np.uint8] = squares.mean(axis=(1, 3), dtype=np.float32).astype(np.uint8)
    return means
