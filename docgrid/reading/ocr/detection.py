"""Probability map of text -> text lines as turned rectangles (differentiable binarisation, Liao et al. 2019)."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

TEXT_PROBABILITY = 0.3
LINE_SCORE_MIN = 0.5
UNCLIP_RATIO = 1.6  # the network marks the core of a line; its rectangle grows by this times area / perimeter
SIDE_MIN_PX = 3
LINES_MAX = 3_000
SIDE_STEP = 32  # the network halves the picture five times


def detection_scale(height: int, width: int, side: int, *, short_side: int) -> float:
    """By how much a picture is shrunk for detection, 0..1; see `resize_for_detection`."""
    return min(max(side / max(height, width), short_side / min(height, width)), 1.0)


def resize_for_detection(pixels: NDArray[np.uint8], side: int, *, short_side: int) -> NDArray[np.uint8]:
    """Shrink the picture so that its longer side is at most `side`; both sides become multiples of 32.

    Args:
        pixels: uint8 [H, W, 3].
        side: Pixels.
        short_side: The shorter side is not shrunk below this, or the text of a long receipt would vanish.
    """
    height, width = pixels.shape[:2]
    scale = detection_scale(height, width, side, short_side=short_side)
    target = [max(round(length * scale / SIDE_STEP) * SIDE_STEP, SIDE_STEP) for length in (width, height)]
    shrink = scale < 0.6
    return np.asarray(cv2.resize(pixels, target, interpolation=cv2.INTER_AREA if shrink else cv2.INTER_LINEAR), np.uint8)


def find_lines(probability: NDArray[np.float32], width: int, height: int) -> NDArray[np.float32]:
    """The text lines of a page.

    Args:
        probability: float32 [h, w], of the resized picture.
        width: Of the picture before it was resized, in pixels.
        height: Likewise.

    Returns:
        float32 [L, 4, 2], corners in pixels of the picture: top left, top right, bottom right, bottom left of the text line.
    """
    mask = cv2.dilate((probability > TEXT_PROBABILITY).astype(np.uint8), np.ones((2, 2), np.uint8))
    contours, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    outlines = [np.asarray(contour, np.int32) for contour in contours[:LINES_MAX]]
    quads = [quad for outline in outlines if (quad := _line_of(outline, probability)) is not None]
    if not quads:
        return np.zeros((0, 4, 2), np.float32)
    scale = np.array([width / probability.shape[1], height / probability.shape[0]], np.float32)
    limit = np.array([width, height], np.float32)
    corners: NDArray[np.float32] = np.clip(np.stack(quads) * scale, 0, limit).astype(np.float32)
    return corners


def _line_of(contour: NDArray[np.int32], probability: NDArray[np.float32]) -> NDArray[np.float32] | None:
    """The grown rectangle around one contour, or None where it is too small or too unlike text."""
    centre, size, angle = cv2.minAreaRect(contour)
    if min(size) < SIDE_MIN_PX or _score(contour, probability) < LINE_SCORE_MIN:
        return None
    grown = size[0] * size[1] * UNCLIP_RATIO / (2 * (size[0] + size[1]))
    corners = cv2.boxPoints((centre, (size[0] + 2 * grown, size[1] + 2 * grown), angle))
    return _from_top_left(np.asarray(corners, np.float32))


def _score(contour: NDArray[np.int32], probability: NDArray[np.float32]) -> float:
    """Mean probability inside a contour."""
    left, top, width, height = cv2.boundingRect(contour)
    mask = np.zeros((height, width), np.uint8)
    cv2.fillPoly(mask, [contour - np.array([left, top])], 1)
    return float(cv2.mean(probability[top : top + height, left : left + width], mask)[0])


def _from_top_left(corners: NDArray[np.float32]) -> NDArray[np.float32]:
    """Corners of a rectangle, clockwise from the one that is top left for a line running to the right."""
    by_x = corners[np.argsort(corners[:, 0], kind="stable")]
    top_left, bottom_left = by_x[:2][np.argsort(by_x[:2, 1], kind="stable")]
    top_right, bottom_right = by_x[2:][np.argsort(by_x[2:, 1], kind="stable")]
    return np.stack([top_left, top_right, bottom_right, bottom_left])
