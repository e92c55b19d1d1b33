"""Where the ink of a text line stands: how high the letters are."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

CONTRAST_MIN = 24  # grey levels between ink and paper; below, the line is left as it is
ROW_TAIL = 0.02  # share of the ink above and below the letters that counts as dirt
ROW_MARGIN = 0.18  # of the letters' height, kept above and below them


@dataclass(frozen=True)
class LineInk:
    """The ink of one line picture.

    Attributes:
        top: Upper edge of the letters with a margin, 0..1 of the picture's height.
        bottom: Lower edge, likewise.
    """

    top: float
    bottom: float


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
        top=max(top - margin, 0) / height,
        bottom=min(bottom + 1 + margin, height) / height,
    )
