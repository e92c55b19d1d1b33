"""Text lines cut out of the picture of a page, as upright strips of the height that the recogniser reads."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

LINE_HEIGHT = 48  # pixels that the recogniser reads
WIDTH_STEP = 32  # widths of lines are rounded up to this, so that few different shapes are compiled
WIDTH_MAX = 3_200
BATCH_PIXELS = 48 * 1_600  # a batch of lines is at most this large
TALL = 1.5  # a line higher than this times its width runs up or down, or is a single character such as 1
VERY_TALL = 3.0  # no single character is as narrow as that


@dataclass(frozen=True, eq=False)
class Strip:
    """The picture of a text line."""

    quad: NDArray[np.float32]  # [4, 2] corners in the page picture
    pixels: NDArray[np.uint8]  # [48, W, 3]
    turn: int  # by how many quarters clockwise the text is turned on the page


def strips_of(picture: NDArray[np.uint8], quad: NDArray[np.float32]) -> list[Strip]:
    """The line as an upright picture of the height that the recogniser reads, in each direction that it may run in."""
    length, height = (max(int(side), 1) for side in extent(quad))
    target = np.array([[0, 0], [length, 0], [length, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(quad, target)
    crop = np.asarray(
        cv2.warpPerspective(picture, matrix, (length, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE), np.uint8
    )
    turns = (0,) if height < TALL * length else (0, 1, 3) if height < VERY_TALL * length else (1, 3)
    return [Strip(quad, _scale(np.ascontiguousarray(np.rot90(crop, turn))), turn) for turn in turns]


def _scale(crop: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = crop.shape[:2]
    target = min(max(math.ceil(LINE_HEIGHT * width / height), 1), WIDTH_MAX)
    return np.asarray(cv2.resize(crop, (target, LINE_HEIGHT)), np.uint8)


def batches_of(widths: list[int]) -> list[list[int]]:
    """Indices of lines in batches of like width, so that little padding is computed."""
    batches: list[list[int]] = []
    batch: list[int] = []
    for index in sorted(range(len(widths)), key=widths.__getitem__):
        if batch and (
            (len(batch) + 1) * widths[index] * LINE_HEIGHT > BATCH_PIXELS or widths[index] > 1.25 * widths[batch[0]] + WIDTH_STEP
        ):
            batches.append(batch)
            batch = []
        batch.append(index)
    return [*batches, batch] if batch else batches


def normalise(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """uint8 [H, W, 3] -> float32 [3, H, W] in -1..1."""
    scaled = pixels.astype(np.float32) * np.float32(2 / 255) - np.float32(1)
    return np.ascontiguousarray(scaled.transpose(2, 0, 1))


def extent(quad: NDArray[np.float32]) -> tuple[float, float]:
    """Length and height of a text line, in pixels."""
    length = max(math.dist(quad[0], quad[1]), math.dist(quad[3], quad[2]))
    height = max(math.dist(quad[0], quad[3]), math.dist(quad[1], quad[2]))
    return length, height


def text_edges(quad: NDArray[np.float32], turn: int) -> NDArray[np.float32]:
    """The corners from the top left of the text: a line that runs downwards starts at the top right of its rectangle."""
    return np.roll(quad, -turn, axis=0)


def between(quad: NDArray[np.float32], top: float, bottom: float, turn: int) -> NDArray[np.float32]:
    """The rectangle cut down to the part between `top` and `bottom`, 0..1 of the height of the text."""
    upper_left, upper_right, lower_right, lower_left = text_edges(quad, turn)
    left, right = lower_left - upper_left, lower_right - upper_right
    cut = np.stack([upper_left + top * left, upper_right + top * right, upper_right + bottom * right, upper_left + bottom * left])
    return np.roll(cut, turn, axis=0).astype(np.float32)
