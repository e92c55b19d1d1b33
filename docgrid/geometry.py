"""Rectangles: `Box` in page units, `CellBox` in grid cells. Arrays of boxes are float32 [N, 4]: left, top, right, bottom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Box:
    """Rectangle on one page as displayed, in points (1/72 inch); origin top-left, y grows downwards.

    Raises:
        ValueError: The edges are out of order or not numbers.
    """

    left: float
    top: float
    right: float
    bottom: float

    def __post_init__(self) -> None:
        if not (self.left <= self.right and self.top <= self.bottom):  # also refuses NaN
            raise ValueError(f"box edges out of order: {self}")

    @property
    def width(self) -> float:
        """Extent along x, in points."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Extent along y, in points."""
        return self.bottom - self.top

    @property
    def area(self) -> float:
        """Square points."""
        return self.width * self.height

    @property
    def centre(self) -> tuple[float, float]:
        """The middle as (x, y), in points."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def contains(self, x: float, y: float) -> bool:
        """Whether the point lies inside; the left and top edges count, the right and bottom ones do not."""
        return self.left <= x < self.right and self.top <= y < self.bottom

    def relative_to(self, width_pt: float, height_pt: float) -> tuple[float, float, float, float]:
        """The box as (left, top, right, bottom) in 0..1 of the page, clipped to the page."""
        return (
            min(max(self.left / width_pt, 0.0), 1.0),
            min(max(self.top / height_pt, 0.0), 1.0),
            min(max(self.right / width_pt, 0.0), 1.0),
            min(max(self.bottom / height_pt, 0.0), 1.0),
        )

    @classmethod
    def from_relative(cls, edges: Iterable[float], width_pt: float, height_pt: float) -> Self:
        """The inverse of `relative_to`."""
        left, top, right, bottom = edges
        return cls(left * width_pt, top * height_pt, right * width_pt, bottom * height_pt)

    @classmethod
    def around(cls, boxes: NDArray[np.float32]) -> Self:
        """The smallest box that holds all of `boxes`.

        Args:
            boxes: float [N, 4], N at least 1.
        """
        left, top = boxes[:, :2].min(axis=0)
        right, bottom = boxes[:, 2:].max(axis=0)
        return cls(float(left), float(top), float(right), float(bottom))


@dataclass(frozen=True, slots=True)
class CellBox:
    """Rectangle of grid cells, half open: rows top..bottom-1, columns left..right-1.

    Raises:
        ValueError: The edges are out of order.
    """

    left: int
    top: int
    right: int
    bottom: int

    def __post_init__(self) -> None:
        if not (self.left <= self.right and self.top <= self.bottom):
            raise ValueError(f"cell box edges out of order: {self}")

    @property
    def width(self) -> int:
        """Columns."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """Rows."""
        return self.bottom - self.top


def intersection_over_union(first: NDArray[np.float32], second: NDArray[np.float32]) -> NDArray[np.float32]:
    """Overlap of every box of `first` with every box of `second`.

    Args:
        first: float [N, 4].
        second: float [M, 4], same unit.

    Returns:
        float32 [N, M] in 0..1; 0 where both boxes have no area.
    """
    left_top = np.maximum(first[:, None, :2], second[None, :, :2])
    right_bottom = np.minimum(first[:, None, 2:], second[None, :, 2:])
    overlap = np.prod(np.clip(right_bottom - left_top, 0, None), axis=2)
    area_first = np.prod(first[:, 2:] - first[:, :2], axis=1)
    area_second = np.prod(second[:, 2:] - second[:, :2], axis=1)
    union = area_first[:, None] + area_second[None, :] - overlap
    result: NDArray[np.float32] = np.divide(overlap, union, out=np.zeros_like(overlap), where=union > 0)
    return result.astype(np.float32)
