"""How a PDF page is displayed, and boxes of its user space as boxes of the displayed page."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Frame:
    """How a page is displayed: the part of user space it shows, how it is turned, how long a unit is."""

    left: float  # of the visible part, in units of user space, origin bottom-left
    bottom: float
    right: float
    top: float
    rotation: int  # quarters clockwise
    unit_pt: float  # UserUnit

    @property
    def size_pt(self) -> tuple[float, float]:
        """Width and height as displayed, in points."""
        width, height = (self.right - self.left) * self.unit_pt, (self.top - self.bottom) * self.unit_pt
        return (height, width) if self.rotation % 2 else (width, height)

    def to_display(self, boxes: NDArray[np.float32]) -> NDArray[np.float32]:
        """Boxes of user space as boxes of the displayed page.

        Args:
            boxes: float32 [N, 4] left, top, right, bottom with top above bottom, y upwards.

        Returns:
            float32 [N, 4] left, top, right, bottom in points, origin top-left.
        """
        x0, y1, x1, y0 = boxes.T
        sides = {
            0: (x0 - self.left, self.top - y1, x1 - self.left, self.top - y0),
            1: (y0 - self.bottom, x0 - self.left, y1 - self.bottom, x1 - self.left),
            2: (self.right - x1, y0 - self.bottom, self.right - x0, y1 - self.bottom),
            3: (self.top - y1, self.right - x1, self.top - y0, self.right - x0),
        }[self.rotation]
        return np.stack(sides, axis=1) * np.float32(self.unit_pt)
