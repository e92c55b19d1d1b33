"""The default engine: PP-OCR detection and recognition with the models of the rapidocr wheel, character by character.

Characters get their places from the recogniser's own alignment: each column of its output is a stretch of the text line.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version

import cv2
import numpy as np
from numpy.typing import NDArray

from docgrid.reading.layout import Glyphs
from docgrid.reading.ocr.detection import detection_scale, find_lines, resize_for_detection
from docgrid.reading.ocr.ink import find_ink
from docgrid.reading.ocr.lookalikes import repair
from docgrid.reading.ocr.paddle_models import BLANK, Columns, PaddleModels
from docgrid.reading.ocr.strips import (
    LINE_HEIGHT,
    WIDTH_STEP,
    Strip,
    batches_of,
    between,
    extent,
    normalise,
    strips_of,
    text_edges,
)

DETECTION_SIDE = 1280  # pixels of the longer side
DETECTION_SHORT_SIDE = 480
UPRIGHT_BONUS = 0.2  # confidence by which a turned reading must beat the upright one
SPACE = 0x20
SPACE_PROBABILITY = 0.1  # from here on there is a space: beside colons and brackets the network is rarely sure of one
SPACE_PROBABILITY_IN_NUMBER = 0.5  # around the point or comma of a number
LINE_CONFIDENCE_MIN = 0.5
SURE_CONFIDENCE = 0.8  # a line with fewer characters than its shape has room for is doubtful below this
CLOSER_SCALE_MAX = 0.75  # a picture that was shrunk less shows no more at a closer look
CLOSER_LOOKS_MAX = 12  # on a page
CLOSER_LENGTH_MIN = 2.0  # heights: what is shorter is no lines that ran together
CLOSER_MARGIN_PX = 16
RAN_TOGETHER = 1.5  # what was found as one line is so much higher than one of the lines that it holds
SKEW_MIN = 0.003  # 3 points over a page: less does not mix lines
CHARACTER_WIDTH_MAX = 1.0  # in heights of the line


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

    def __init__(self, models: PaddleModels) -> None:
        self._models = models
        self.version = f"{version('rapidocr')} ({models.runtime})"

    def read(self, pixels: NDArray[np.uint8], dpi: float, timeout_s: float) -> Glyphs:
        """Read a page picture; see `docgrid.reading.ocr.engine.OcrEngine`."""
        picture = np.ascontiguousarray(pixels if pixels.ndim == 3 else np.repeat(pixels[:, :, None], 3, axis=2))
        quads = list(self._detect(picture))
        lines = self._recognise(picture, quads)
        fresh, closer = self._look_closer(picture, quads, lines)
        kept = [
            line
            for quad, line in zip(quads, lines, strict=True)
            if line.mean_confidence >= LINE_CONFIDENCE_MIN and not any(_holds(quad, other) for other in fresh)
        ]
        return _glyphs(kept + closer)

    def _look_closer(
        self, picture: NDArray[np.uint8], quads: list[NDArray[np.float32]], lines: list[_Line]
    ) -> tuple[list[NDArray[np.float32]], list[_Line]]:
        """Find lines again, at full resolution, where something was found but not read.

        Small print whose lines stand close together runs into one on the picture that was shrunk for detection.

        Args:
            picture: uint8 [H, W, 3].
            quads: What was found, float32 [4, 2] each.
            lines: How it was read.

        Returns:
            The rectangles of lines that stand for those they lie in, and how they were read.
        """
        height, width = picture.shape[:2]
        if detection_scale(height, width, DETECTION_SIDE, short_side=DETECTION_SHORT_SIDE) > CLOSER_SCALE_MAX:
            return [], []
        doubtful = [quad for quad, line in zip(quads, lines, strict=True) if _is_doubtful(quad, line)]
        read = [quad for quad, line in zip(quads, lines, strict=True) if not _is_doubtful(quad, line)]
        fresh: list[NDArray[np.float32]] = []
        for area in doubtful[:CLOSER_LOOKS_MAX]:
            touching = [other for other in read if _overlap(other, area)]  # else a line that goes on beyond would be cut
            for quad in self._detect_around(picture, np.concatenate([area, *touching])):
                rivals = [other for other in (*read, *fresh) if _holds(other, quad)]
                if all(min(extent(other)) > RAN_TOGETHER * min(extent(quad)) for other in rivals):
                    fresh.append(quad)
        found = list(zip(fresh, self._recognise(picture, fresh), strict=True))
        sure = [(quad, line) for quad, line in found if line.mean_confidence >= SURE_CONFIDENCE]
        return [quad for quad, _ in sure], [line for _, line in sure]

    def _detect_around(self, picture: NDArray[np.uint8], points: NDArray[np.float32]) -> NDArray[np.float32]:
        """The lines within and a little around some points, as of `find_lines`."""
        left, top = np.maximum(points.min(axis=0) - CLOSER_MARGIN_PX, 0).astype(int)
        right, bottom = (points.max(axis=0) + CLOSER_MARGIN_PX).astype(int)
        return self._detect(np.ascontiguousarray(picture[top:bottom, left:right])) + np.array([left, top], np.float32)

    def _detect(self, picture: NDArray[np.uint8]) -> NDArray[np.float32]:
        resized = resize_for_detection(picture, DETECTION_SIDE, short_side=DETECTION_SHORT_SIDE)
        probability = self._models.detect(normalise(resized)[None])
        return find_lines(probability, picture.shape[1], picture.shape[0])

    def _recognise(self, picture: NDArray[np.uint8], quads: list[NDArray[np.float32]]) -> list[_Line]:
        """Read every line; one that may run up or down is read in each direction, and the surest reading counts."""
        strips = [strip for quad in quads for strip in strips_of(picture, quad)]
        best: dict[int, _Line] = {}
        for batch in batches_of([strip.pixels.shape[1] for strip in strips]):
            chosen = [strips[index] for index in batch]
            width = -(-max(strip.pixels.shape[1] for strip in chosen) // WIDTH_STEP) * WIDTH_STEP
            pixels = np.zeros((len(batch), 3, LINE_HEIGHT, width), np.float32)
            for row, strip in enumerate(chosen):
                pixels[row, :, :, : strip.pixels.shape[1]] = normalise(strip.pixels)
            columns = self._models.recognise(pixels)
            for row, strip in enumerate(chosen):
                line = self._decode(strip, columns.line(row), width)
                rival = best.get(id(strip.quad))
                if rival is None or line.preference > rival.preference:
                    best[id(strip.quad)] = line
        return [best[id(quad)] for quad in quads]

    def _decode(self, strip: Strip, columns: Columns, padded_width: int) -> _Line:
        """Columns of the recogniser -> characters: runs of one class are one character, blanks and spaces stand between."""
        starts = np.flatnonzero(np.diff(columns.classes, prepend=-1))
        stops = np.append(starts[1:], len(columns.classes))
        code_points = self._models.code_points[columns.classes[starts]]
        shown = (columns.classes[starts] != BLANK) & (code_points != SPACE)
        peaks = _peaks(columns.probability, starts, stops)[shown]
        starts, stops, code_points = starts[shown], stops[shown], code_points[shown]
        width = strip.pixels.shape[1]
        centres = (starts + stops) / 2 / (len(columns.classes) * width / padded_width)  # the line ends before the padding
        breaks = _breaks(code_points, columns.space, starts, stops)
        code_points = repair(code_points, breaks, columns.lookalikes[peaks])
        ink = find_ink(strip.pixels[:, :, 0])
        quad = strip.quad if ink is None else between(strip.quad, ink.top, ink.bottom, strip.turn)
        spans = _spans(centres, breaks, CHARACTER_WIDTH_MAX * LINE_HEIGHT / width)
        return _Line(quad, code_points, breaks, columns.probability[peaks].astype(np.float32), spans, strip.turn)


def _is_doubtful(quad: NDArray[np.float32], line: _Line) -> bool:
    """Whether what was found as one line is likely something else: it was not read, or is far too long for what was read."""
    length, height = max(extent(quad)), max(min(extent(quad)), 1.0)
    few = len(line.code_points) < length / height  # a line has about two characters for each of its heights
    return length >= CLOSER_LENGTH_MIN * height and line.mean_confidence < (SURE_CONFIDENCE if few else LINE_CONFIDENCE_MIN)


def _holds(outer: NDArray[np.float32], inner: NDArray[np.float32]) -> bool:
    """Whether the centre of a rectangle lies in another one."""
    x, y = inner.mean(axis=0).tolist()
    return bool(cv2.pointPolygonTest(outer, (x, y), measureDist=False) >= 0)


def _overlap(first: NDArray[np.float32], second: NDArray[np.float32]) -> bool:
    """Whether the upright boxes around two rectangles overlap."""
    return bool((first.min(axis=0) < second.max(axis=0)).all() and (second.min(axis=0) < first.max(axis=0)).all())


def _peaks(probability: NDArray[np.float32], starts: NDArray[np.int64], stops: NDArray[np.int64]) -> NDArray[np.int64]:
    """The surest column of each run of columns; of equal ones the first."""
    highest = np.repeat(np.maximum.reduceat(probability, starts), stops - starts)
    columns = np.flatnonzero(probability == highest)
    peaks: NDArray[np.int64] = columns[np.searchsorted(columns, starts)]
    return peaks


def _breaks(
    code_points: NDArray[np.uint32], space: NDArray[np.float32], starts: NDArray[np.int64], stops: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Before which characters a space stands.

    Args:
        code_points: uint32 [N].
        space: float32 [T], probability of a space in each column.
        starts: int [N], first column of each character.
        stops: int [N], one past its last column.
    """
    breaks = np.zeros(len(starts), np.bool_)
    if len(starts) < 2:
        return breaks
    ranges = np.stack([stops[:-1] - 1, starts[1:] + 1], axis=1).ravel()  # the edges of both neighbours count
    between = np.maximum.reduceat(np.append(space, 0), ranges)[::2]
    digit = (code_points >= ord("0")) & (code_points <= ord("9"))
    in_number = digit[:-2] & np.isin(code_points[1:-1], (ord("."), ord(","))) & digit[2:]
    needed = np.full(len(between), SPACE_PROBABILITY)
    needed[:-1][in_number] = needed[1:][in_number] = SPACE_PROBABILITY_IN_NUMBER
    breaks[1:] = between >= needed
    return breaks


def _spans(centres: NDArray[np.float64], breaks: NDArray[np.bool_], width_max: float) -> NDArray[np.float32]:
    """Left and right edge of each character from the centres: halfway to the neighbour, nearer where a space stands between.

    Args:
        centres: float [N], 0..1 of the line.
        breaks: bool [N], before which characters white space stands.
        width_max: Of a character, 0..1 of the line.
    """
    if len(centres) == 0:
        return np.zeros((0, 2), np.float32)
    steps = np.diff(centres)
    apart = breaks[1:]
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
    top_left, top_right, bottom_right, bottom_left = text_edges(line.quad, line.turn)
    along = line.spans[:, :, None]
    upper = top_left + along * (top_right - top_left)  # [N, 2 ends, 2]
    lower = bottom_left + along * (bottom_right - bottom_left)
    points = np.concatenate([upper, lower], axis=1)
    return np.concatenate([points.min(axis=1), points.max(axis=1)], axis=1).astype(np.float32)
