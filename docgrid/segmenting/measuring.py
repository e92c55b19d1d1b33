"""IoU of a model over pictures with masks, at the pictures' own size."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from docgrid.metrics import class_iou, confusion_matrix, foreground_iou, mean_iou, pixel_accuracy
from docgrid.schema import BACKGROUND
from docgrid.segmenting.folder import NOT_JUDGED, LabelledPicture, read_mask, read_picture
from docgrid.segmenting.prediction import Segmenter


@dataclass(frozen=True)
class SegmentationFigures:
    """How well the masks of some pictures fit."""

    pictures: int
    mean_iou: float  # over the classes that occur, background among them
    foreground_iou: float
    pixel_accuracy: float
    classes: dict[str, float | None]  # IoU of each; None for a class that neither occurs nor was predicted

    def to_dict(self) -> dict[str, object]:
        """Plain data."""
        return {**vars(self)}


def measure_folder(segmenter: Segmenter, pictures: Iterable[LabelledPicture]) -> SegmentationFigures:
    """Predict every picture and compare with its mask; pixels that a mask does not judge are left out."""
    names = (BACKGROUND, *segmenter.model.schema.names)
    counts, done = torch.zeros(len(names), len(names), dtype=torch.int64), 0
    for one in pictures:
        found = segmenter.predict(read_picture(one.picture)).mask
        mask = read_mask(one.mask).astype(np.int64)
        mask[mask == NOT_JUDGED] = -1
        counts += confusion_matrix(torch.from_numpy(found), torch.from_numpy(mask), len(names))
        done += 1
    return figures_of(counts, names, done)


def figures_of(counts: Tensor, names: tuple[str, ...], pictures: int) -> SegmentationFigures:
    """Figures from a confusion matrix, int64 [K, K]."""

    def known(value: float) -> float:
        return 0.0 if math.isnan(value) else value

    classes = {
        name: None if math.isnan(value) else round(value, 4)
        for name, value in zip(names, class_iou(counts).tolist(), strict=True)
    }
    return SegmentationFigures(
        pictures, known(mean_iou(counts)), known(foreground_iou(counts)), known(pixel_accuracy(counts)), classes
    )
