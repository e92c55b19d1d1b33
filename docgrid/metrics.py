"""How well a segmentation fits, from one table of counts.

Rows of a confusion matrix are true classes, columns predicted ones; class 0 is background. Matrices of several pages add up.
"""

from __future__ import annotations

import torch
from torch import Tensor


def confusion_matrix(predicted: Tensor, target: Tensor, classes: int) -> Tensor:
    """How many cells of each true class got each predicted class.

    Args:
        predicted: int, any shape, classes.
        target: int, the same shape; negative = left out.
        classes: K.

    Returns:
        int64 [K, K], rows = true, columns = predicted.
    """
    valid = target >= 0
    pairs = target[valid].long() * classes + predicted[valid].long()
    return torch.bincount(pairs, minlength=classes * classes).view(classes, classes)


def class_iou(confusion: Tensor) -> Tensor:
    """Intersection over union of each class: `n_cc / (sum_j n_cj + sum_i n_ic - n_cc)`.

    Returns:
        float64 [K]; NaN for a class that is neither true nor predicted anywhere.
    """
    counts = confusion.double()
    hits = counts.diagonal()
    return hits / (counts.sum(0) + counts.sum(1) - hits)


def mean_iou(confusion: Tensor) -> float:
    """Mean of `class_iou` over the classes that occur; NaN where none does."""
    return float(class_iou(confusion).nanmean())


def foreground_iou(confusion: Tensor) -> float:
    """Mean of `class_iou` over the classes that occur, background left out; NaN where none does."""
    return float(class_iou(confusion)[1:].nanmean())


def pixel_accuracy(confusion: Tensor) -> float:
    """Share of cells with the true class; NaN without cells."""
    counts = confusion.double()
    return float(counts.diagonal().sum() / counts.sum())
