"""Wrong fields with a picture of the place in question, for the page of an evaluation."""

from __future__ import annotations

import base64
import io
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from docgrid.evaluation.attribution import Loss
from docgrid.geometry import Box
from docgrid.reading.isolation import ReaderPool
from docgrid.reading.options import OcrEngineName, ReadingOptions

MOST_PICTURES = 400
_DPI = 110.0
_MARGIN_X, _MARGIN_Y = 0.08, 0.025  # around the place, of the page


@dataclass(frozen=True)
class LossView:
    """One wrong field and, where its place is known, a PNG as a data URI."""

    loss: Loss
    picture: str = ""


def loss_views(losses: Sequence[Loss], paths: Mapping[str, Path], *, jobs: int | None = None) -> list[LossView]:
    """Cut the pictures of wrong fields out of their documents, in reading processes; the first 400 that have a place.

    Args:
        losses: The wrong fields.
        paths: The file of each document.
        jobs: Reading processes; None: one for each core.
    """
    by_document: dict[str, list[int]] = defaultdict(list)
    for number in [number for number, loss in enumerate(losses) if loss.boxes and loss.document in paths][:MOST_PICTURES]:
        by_document[losses[number].document].append(number)
    pictures: dict[int, str] = {}
    with ReaderPool(ReadingOptions(ocr=OcrEngineName.OFF), jobs=jobs) as pool:
        for result, numbers in zip(pool.read([paths[name] for name in by_document]), by_document.values(), strict=True):
            sizes = {page.number: (page.width_pt, page.height_pt) for page in (result.document.pages if result.document else ())}
            known = [number for number in numbers if losses[number].page in sizes]
            crops = [(losses[number].page, _crop(losses[number], *sizes[losses[number].page])) for number in known]
            for number, picture in zip(known, pool.crops(result.path, crops, dpi=_DPI), strict=True):
                if picture is not None:
                    buffer = io.BytesIO()
                    picture.convert("P", colors=32).save(buffer, "PNG", optimize=True)
                    pictures[number] = "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")
    return [LossView(loss, pictures.get(number, "")) for number, loss in enumerate(losses)]


def _crop(loss: Loss, width_pt: float, height_pt: float) -> Box:
    left, top = min(box[0] for box in loss.boxes), min(box[1] for box in loss.boxes)
    right, bottom = max(box[2] for box in loss.boxes), max(box[3] for box in loss.boxes)
    return Box(
        max(left - _MARGIN_X, 0.0) * width_pt,
        max(top - _MARGIN_Y, 0.0) * height_pt,
        min(right + _MARGIN_X, 1.0) * width_pt,
        min(bottom + _MARGIN_Y, 1.0) * height_pt,
    )
