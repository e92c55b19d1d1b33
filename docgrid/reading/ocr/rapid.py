"""The default engine: PP-OCR detection and recognition with the models of the rapidocr wheel, character by character.

Characters get their places from the recogniser's own alignment: each column of its output is a stretch of the text line.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from importlib.metadata import version

import cv2
import numpy as np
from numpy.typing import NDArray

from docgrid.reading.layout import Glyphs
from docgrid.reading.ocr.detection import find_lines, resize_for_detection
from docgrid.reading.ocr.ink import find_ink, missed_spaces
from docgrid.reading.ocr.paddle_models import BLANK, PaddleModels

DETECTION_SIDE = 1280  # pixels of the longer side
DETECTION_SHORT_SIDE = 480
LINE_HEIGHT = 48  # pixels that the recogniser reads
WIDTH_STEP = 32  # widths of lines are rounded up to this, so that few different shapes are compiled
WIDTH_MAX = 3_200
BATCH_PIXELS = 48 * 1_600  # a batch of lines is at most this large
TALL = 1.5  # a line higher than this times its width runs up or down, or is a single character such as 1
VERY_TALL = 3.0  # no single character is as narrow as that
UPRIGHT_BONUS = 0.2  # confidence by which a turned reading must beat the upright one
SPACE = 0x20
LINE_CONFIDENCE_MIN = 0.5
SKEW_MIN = 0.003  # 3 points over a page: less does not mix lines
CHARACTER_WIDTH_MAX = 1.0  # in heights of the line


@dataclass(frozen=True, eq=False)
class _Strip:
    """The picture of a text line."""

    quad: NDArray[np.float32]  # [4, 2] corners in the page picture
    pixels: NDArray[np.uint8]  # [48, W, 3]
    turn: int  # by how many quarters clockwise the text is turned on the page


@dataclass(frozen=True, eq=False)
class _Line:
    """A text line that was read."""

    quad: NDArray[np.float32]  # [4, 2] corners in pixels, from the top left of the text
    code_points: NDArray[np.uint32]
    breaks: NDArray[np.bool_]
    confidence: NDArray[np.float32]
    spans: NDArray[np.float32]  # [N, 2] left and right of each character, 0..1 of the line's length
    turn: int = 0

    @property
    def mean_confidence(self) -> float:
        return float(self.confidence.mean()) if len(self.confidence) else 0.0

    @property
    def preference(self) -> float:
        """What readings of one line in different directions are compared by."""
        return self.mean_confidence + (UPRIGHT_BONUS if self.turn == 0 and len(self.confidence) else 0.0)


class RapidEngine:
    """Reads pages with the PP-OCR models."""

    name = "rapidocr"
    best_dpi = 200.0

    def __init__(self, models: PaddleModels) -> None:
        self._models = models
        self.version = f"{version('rapidocr')} ({models.runtime})"

    def read(self, pixels: NDArray[np.uint8], dpi: float, timeout_s: float) -> Glyphs:
        """Read a page picture; see `docgrid.reading.ocr.engine.OcrEngine`."""
        picture = np.ascontiguousarray(pixels if pixels.ndim == 3 else np.repeat(pixels[:, :, None], 3, axis=2))
        lines = self._recognise(picture, list(self._detect(picture)))
        return _glyphs([line for line in lines if line.mean_confidence >= LINE_CONFIDENCE_MIN])

    def _detect(self, picture: NDArray[np.uint8]) -> NDArray[np.float32]:
        resized = resize_for_detection(picture, DETECTION_SIDE, short_side=DETECTION_SHORT_SIDE)
        probability = self._models.detect(_normalise(resized)[None])
        return find_lines(probability, picture.shape[1], picture.shape[0])

    def _recognise(self, picture: NDArray[np.uint8], quads: list[NDArray[np.float32]]) -> list[_Line]:
        """Read every line; one that may run up or down is read in each direction, and the surest reading counts."""
        strips = [strip for quad in quads for strip in _strips(picture, quad)]
        best: dict[int, _Line] = {}
        for batch in _batches([strip.pixels.shape[1] for strip in strips]):
            chosen = [strips[index] for index in batch]
            width = -(-max(strip.pixels.shape[1] for strip in chosen) // WIDTH_STEP) * WIDTH_STEP
            pixels = np.zeros((len(batch), 3, LINE_HEIGHT, width), np.float32)
            for row, strip in enumerate(chosen):
                pixels[row, :, :, : strip.pixels.shape[1]] = _normalise(strip.pixels)
            classes, probability = self._models.recognise(pixels)
            for row, strip in enumerate(chosen):
                line = self._decode(strip, classes[row], probability[row], width)
                rival = best.get(id(strip.quad))
                if rival is None or line.preference > rival.preference:
                    best[id(strip.quad)] = line
        return [best[id(quad)] for quad in quads]

    def _decode(self, strip: _Strip, best: NDArray[np.int64], probability: NDArray[np.float32], padded_width: int) -> _Line:
        """Columns of the recogniser -> characters: runs of one class are one character, blanks stand between."""
        starts = np.flatnonzero(np.diff(best, prepend=-1))
        stops = np.append(starts[1:], len(best))
        shown = best[starts] != BLANK
        peak = np.maximum.reduceat(probability, starts)[shown]
        starts, stops = starts[shown], stops[shown]
        code_points = self._models.code_points[best[starts]]
        width = strip.pixels.shape[1]
        columns = len(best) * width / padded_width  # of the line itself, without the padding
        centres = (starts + stops) / 2 / columns
        is_space = code_points == SPACE
        breaks = np.zeros(len(starts), np.bool_)
        breaks[1:] = is_space[:-1]
        quad = strip.quad
        ink = find_ink(strip.pixels[:, :, 0])
        if ink is not None:
            breaks |= missed_spaces(ink, centres, is_space)
            quad = _between(quad, ink.top, ink.bottom, strip.turn)
        spans = _spans(centres, is_space, breaks, CHARACTER_WIDTH_MAX * LINE_HEIGHT / width)
        kept = ~is_space
        return _Line(quad, code_points[kept], breaks[kept], peak[kept].astype(np.float32), spans[kept], strip.turn)


def _normalise(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """uint8 [H, W, 3] -> float32 [3, H, W] in -1..1."""
    scaled = pixels.astype(np.float32) * np.float32(2 / 255) - np.float32(1)
    return np.ascontiguousarray(scaled.transpose(2, 0, 1))


def _extent(quad: NDArray[np.float32]) -> tuple[float, float]:
    """Length and height of a text line, in pixels."""
    length = max(math.dist(quad[0], quad[1]), math.dist(quad[3], quad[2]))
    height = max(math.dist(quad[0], quad[3]), math.dist(quad[1], quad[2]))
    return length, height


def _strips(picture: NDArray[np.uint8], quad: NDArray[np.float32]) -> list[_Strip]:
    """The line as an upright picture of the height that the recogniser reads, in each direction that it may run in."""
    length, height = (max(int(side), 1) for side in _extent(quad))
    target = np.array([[0, 0], [length, 0], [length, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(quad, target)
    crop = np.asarray(
        cv2.warpPerspective(picture, matrix, (length, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE), np.uint8
    )
    turns = (0,) if height < TALL * length else (0, 1, 3) if height < VERY_TALL * length else (1, 3)
    return [_Strip(quad, _scale(np.ascontiguousarray(np.rot90(crop, turn))), turn) for turn in turns]


def _scale(crop: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = crop.shape[:2]
    target = min(max(math.ceil(LINE_HEIGHT * width / height), 1), WIDTH_MAX)
    return np.asarray(cv2.resize(crop, (target, LINE_HEIGHT)), np.uint8)


def _text_edges(quad: NDArray[np.float32], turn: int) -> NDArray[np.float32]:
    """The corners from the top left of the text: a line that runs downwards starts at the top right of its rectangle."""
    return np.roll(quad, -turn, axis=0)


def _between(quad: NDArray[np.float32], top: float, bottom: float, turn: int) -> NDArray[np.float32]:
    """The rectangle cut down to the part between `top` and `bottom`, 0..1 of the height of the text."""
    upper_left, upper_right, lower_right, lower_left = _text_edges(quad, turn)
    left, right = lower_left - upper_left, lower_right - upper_right
    cut = np.stack([upper_left + top * left, upper_right + top * right, upper_right + bottom * right, upper_left + bottom * left])
    return np.roll(cut, turn, axis=0).astype(np.float32)


def _batches(widths: list[int]) -> list[list[int]]:
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


def _spans(
    centres: NDArray[np.float64], is_space: NDArray[np.bool_], breaks: NDArray[np.bool_], width_max: float
) -> NDArray[np.float32]:
    """Left and right edge of each character from the centres: halfway to the neighbour, nearer where a space stands between.

    Args:
        centres: float [N], 0..1 of the line.
        is_space: bool [N].
        breaks: bool [N], before which characters white space stands.
        width_max: Of a character, 0..1 of the line.
    """
    if len(centres) == 0:
        return np.zeros((0, 2), np.float32)
    steps = np.diff(centres)
    apart = is_space[1:] | is_space[:-1] | breaks[1:]
    typical = min(float(np.median(steps[~apart])) if not apart.all() else width_max / 2, width_max)
    half = np.minimum(steps / 2, np.where(apart, typical, width_max) / 2)
    left = centres - np.concatenate([[typical / 2], half])
    right = centres + np.concatenate([half, [typical / 2]])
    spans: NDArray[np.float32] = np.clip(np.stack([left, right], axis=1), 0.0, 1.0).astype(np.float32)
    return spans


def _glyphs(lines: list[_Line]) -> Glyphs:
    """All characters of all lines with their boxes in pixels."""
    if not lines:
        return Glyphs(np.zeros(0, np.uint32), np.zeros((0, 4), np.float32), np.zeros(0, np.float32), np.zeros(0, np.bool_))
    turns = np.concatenate([np.full(len(line.code_points), line.turn, np.int8) for line in lines])
    breaks = [line.breaks.copy() for line in lines]
    for flags in breaks:
        flags[:1] = True
    return Glyphs(
        np.concatenate([line.code_points for line in lines]),
        np.concatenate([_character_boxes(line) for line in lines]),
        np.concatenate([line.confidence for line in lines]),
        np.concatenate(breaks),
        turns if turns.any() else None,
        _skew(lines),
    )


def _skew(lines: list[_Line]) -> float:
    """How far upright lines sink per pixel to the right: the median over lines, weighted by their length."""
    edges = np.array([line.quad[1] - line.quad[0] for line in lines if line.turn == 0 and len(line.code_points) > 2], np.float64)
    edges = edges[edges[:, 0] > 0] if len(edges) else edges.reshape(0, 2)
    if len(edges) < 3:
        return 0.0
    slopes = edges[:, 1] / edges[:, 0]
    order = np.argsort(slopes)
    weight = np.cumsum(edges[order, 0])
    slope = float(slopes[order][np.searchsorted(weight, weight[-1] / 2)])
    return slope if abs(slope) >= SKEW_MIN else 0.0


def _character_boxes(line: _Line) -> NDArray[np.float32]:
    """float32 [N, 4] in pixels: each character's part of the line, as an upright rectangle."""
    top_left, top_right, bottom_right, bottom_left = _text_edges(line.quad, line.turn)
    along = line.spans[:, :, None]
    upper = top_left + along * (top_right - top_left)  # [N, 2 ends, 2]
    lower = bottom_left + along * (bottom_right - bottom_left)
    points = np.concatenate([upper, lower], axis=1)
    return np.concatenate([points.min(axis=1), points.max(axis=1)], axis=1).astype(np.float32)
