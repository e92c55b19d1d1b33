"""Where the ink of a text line stands: gaps between characters that are spaces, and how high the letters are."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

CONTRAST_MIN = 24  # grey levels between ink and paper; below, the line is left as it is
SPACE_GAP = 0.25  # of the line's height: a narrower stretch of paper is never a space
SPACE_STEP = 1.5  # times the usual step between characters: a space makes it longer
ROW_TAIL = 0.02  # share of the ink above and below the letters that counts as dirt
ROW_MARGIN = 0.18  # of the letters' height, kept above and below them


@dataclass(frozen=True)
class LineInk:
    """The ink of one line picture.

    Attributes:
        paper: bool [W], columns without ink.
        top: Upper edge of the letters with a margin, 0..1 of the picture's height.
        bottom: Lower edge, likewise.
        height: Of the picture, in pixels.
    """

    paper: NDArray[np.bool_]
    top: float
    bottom: float
    height: int


def find_ink(strip: NDArray[np.uint8]) -> LineInk | None:
    """Separate ink and paper of a line picture; None where they differ too little.

    Args:
        strip: uint8 [H, W].
    """
    threshold, mask = cv2.threshold(strip, 0, 1, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    ink = np.asarray(mask, np.bool_)
    share = float(ink.mean())
    if share > 0.5:  # light letters on a dark ground
        ink = ~ink
    if not ink.any() or ink.all() or float(strip[~ink].mean()) - float(strip[ink].mean()) < CONTRAST_MIN and share <= 0.5:
        return None
    height = strip.shape[0]
    rows = np.cumsum(ink.sum(axis=1))
    top, bottom = (int(np.searchsorted(rows, rows[-1] * tail)) for tail in (ROW_TAIL, 1 - ROW_TAIL))
    margin = ROW_MARGIN * (bottom + 1 - top)
    return LineInk(
        paper=ink.sum(axis=0) <= max(1, height // 24),  # a speck does not join two words
        top=max(top - margin, 0) / height,
        bottom=min(bottom + 1 + margin, height) / height,
        height=height,
    )


def missed_spaces(ink: LineInk, centres: NDArray[np.float64], is_space: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Before which characters a space stands that the recogniser left out.

    Args:
        ink: Of the line.
        centres: float [N], centres of the characters, 0..1 of the line's length.
        is_space: bool [N], characters that are spaces themselves.

    Returns:
        bool [N].
    """
    missed = np.zeros(len(centres), np.bool_)
    if len(centres) < 3:
        return missed
    width = len(ink.paper)
    gaps = _widest_gaps(ink.paper, np.clip((centres * width).astype(np.int64), 0, width - 1))
    steps = np.diff(centres) * width
    inner = ~(is_space[1:] | is_space[:-1])
    if inner.sum() < 2:
        return missed
    usual_step, usual_gap = float(np.median(steps[inner])), float(np.median(gaps[inner]))
    wide = inner & (gaps >= SPACE_GAP * ink.height) & (steps >= SPACE_STEP * usual_step) & (gaps >= 2.0 * usual_gap + 2)
    missed[1:] = wide
    return missed


def _widest_gaps(paper: NDArray[np.bool_], columns: NDArray[np.int64]) -> NDArray[np.int64]:
    """Int [N - 1]: the widest stretch of paper, in columns, between each character centre and the next."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], paper, [False]]).astype(np.int8)))
    starts, stops = edges[::2], edges[1::2]
    widest = np.zeros(len(columns) - 1, np.int64)
    between = np.searchsorted(columns, (starts + stops) / 2) - 1  # a stretch belongs where its middle lies
    inside = (between >= 0) & (between < len(widest))
    np.maximum.at(widest, between[inside], (stops - starts)[inside])
    return widest
