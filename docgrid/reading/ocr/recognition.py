"""The picture of a page -> its characters in points; a page that lies on its side or upside down is turned for the engine."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from docgrid.errors import DocgridError, DocumentError, DocumentStatus
from docgrid.page import Characters, OcrRun
from docgrid.reading.layout import Glyphs, order_characters
from docgrid.reading.ocr.engine import OcrEngine, load_engine
from docgrid.reading.options import Limits, ReadingOptions
from docgrid.reading.text import REPLACEMENT, clean_code_points, expand_ligatures

POINTS_PER_INCH = 72
DOUBTFUL_CONFIDENCE = 0.80  # below this a page may stand upside down
ENOUGH_CHARACTERS = 20
SIDEWAYS_SHARE = 0.6  # of the characters in lines that run upwards or downwards: the page lies on its side


def recognise_page(pixels: NDArray[np.uint8], dpi: float, options: ReadingOptions) -> tuple[Characters, OcrRun]:
    """Read the picture of a page.

    Args:
        pixels: uint8 [H, W] grey, the page as displayed.
        dpi: Of the picture.
        options: Engine, language and limits.

    Returns:
        The characters in points of the page as displayed, and how they were read.

    Raises:
        MissingDependencyError: The engine or the language is not installed.
        DocumentError: The engine failed.
    """
    engine = load_engine(options)
    try:
        glyphs, quarters = _read_upright(engine, pixels, dpi, options.limits.ocr_timeout_s)
    except (DocgridError, MemoryError):
        raise
    except Exception as error:  # an engine is foreign code: whatever it raises is a failed page, not a bug of docgrid
        raise DocumentError(
            f"OCR with {engine.name} failed: {type(error).__name__}",
            status=DocumentStatus.OCR_FAILED,
            hint="Choose another engine with --ocr.",
        ) from error
    _check(glyphs, engine.name, options.limits)
    glyphs = _clean(glyphs)
    turned = _turn_boxes(glyphs.boxes, quarters, pixels.shape[1], pixels.shape[0])
    turns = glyphs.turns
    if quarters:
        upright = np.zeros(len(glyphs.code_points), np.int8) if turns is None else turns
        turns = ((upright - quarters) % 4).astype(np.int8)
    boxes = (turned * np.float32(POINTS_PER_INCH / dpi)).astype(np.float32)
    characters = order_characters(
        glyphs.code_points, boxes, glyphs.confidence, glyphs.breaks, turns, skew=0.0 if quarters else glyphs.skew
    )
    return characters, OcrRun(engine.name, engine.version, options.language, dpi, quarters * 90.0)


def _check(glyphs: Glyphs, engine: str, limits: Limits) -> None:
    """Refuse what no page has: an engine is foreign code.

    Raises:
        DocumentError: There are more characters than the limit, or boxes that are none.
    """
    count = len(glyphs.code_points)
    problem = ""
    if count > limits.page_characters:
        problem = f"found {count:,} characters, more than the {limits.page_characters:,} allowed"
    elif glyphs.boxes.shape != (count, 4) or len(glyphs.confidence) != count or len(glyphs.breaks) != count:
        problem = "gave characters without boxes"
    elif not (np.isfinite(glyphs.boxes).all() and np.isfinite(glyphs.confidence).all()):
        problem = "gave boxes that are no numbers"
    if problem:
        raise DocumentError(
            f"OCR with {engine} {problem}", status=DocumentStatus.OCR_FAILED, hint="Choose another engine with --ocr."
        )


def _read_upright(engine: OcrEngine, pixels: NDArray[np.uint8], dpi: float, timeout_s: float) -> tuple[Glyphs, int]:
    """The glyphs of the page turned clockwise by so many quarters that it reads best, and the quarters."""
    glyphs = engine.read(pixels, dpi, timeout_s)
    sideways = glyphs.turns is not None and len(glyphs.turns) > 0 and float(np.mean(glyphs.turns != 0)) > SIDEWAYS_SHARE
    tries: tuple[int, ...]
    if sideways:
        tries = (1, 3)
    elif len(glyphs.code_points) and float(glyphs.confidence.mean()) < DOUBTFUL_CONFIDENCE:
        tries = (2,) if glyphs.turns is not None or engine.name == "rapidocr" else (1, 2, 3)
    else:
        return glyphs, 0
    results = [(glyphs, 0)]
    for quarters in tries:
        turned = np.ascontiguousarray(np.rot90(pixels, -quarters))
        results.append((engine.read(turned, dpi, timeout_s), quarters))
    return max(results, key=lambda result: _quality(result[0]))


def _quality(glyphs: Glyphs) -> float:
    """How well a reading went: many characters, sure ones, upright ones."""
    if len(glyphs.code_points) == 0:
        return 0.0
    sure = glyphs.confidence**4  # half-sure characters are worth little: garbage has many of them
    if glyphs.turns is not None:
        sure = np.where(glyphs.turns == 0, sure, sure / 2)
    return float(sure.sum())


def _turn_boxes(boxes: NDArray[np.float32], quarters: int, width: float, height: float) -> NDArray[np.float32]:
    """Boxes on a picture that was turned clockwise by `quarters`, as boxes on the picture before.

    Args:
        boxes: float32 [N, 4].
        quarters: 0..3.
        width: Of the picture before it was turned.
        height: Likewise.
    """
    left, top, right, bottom = boxes.T
    if quarters == 1:
        return np.stack([top, height - right, bottom, height - left], axis=1)
    if quarters == 2:
        return np.stack([width - right, height - bottom, width - left, height - top], axis=1)
    if quarters == 3:
        return np.stack([width - bottom, left, width - top, right], axis=1)
    return boxes


def _clean(glyphs: Glyphs) -> Glyphs:
    """Drop white space and unreadable signs, spell out ligatures."""
    cleaned = clean_code_points(glyphs.code_points)
    kept = (cleaned != 0) & (cleaned != REPLACEMENT)
    breaks = glyphs.breaks.copy()
    dropped = np.flatnonzero(~kept[:-1]) + 1
    breaks[dropped] |= True
    return expand_ligatures(replace(glyphs, code_points=cleaned, breaks=breaks).take(np.flatnonzero(kept)))
