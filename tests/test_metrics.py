from __future__ import annotations

import math

import pytest
import torch

from docgrid.metrics import class_iou, confusion_matrix, foreground_iou, mean_iou, pixel_accuracy

# Eight cells of three classes. Class 0: 3 hits of 4 true and 4 predicted -> 3/5. Class 1: 1 hit, 3 true, 1 predicted -> 1/3.
# Class 2: 1 hit, 1 true, 3 predicted -> 1/3.
TARGET = torch.tensor([[0, 0, 0, 0], [1, 1, 1, 2]])
PREDICTED = torch.tensor([[0, 0, 0, 2], [0, 1, 2, 2]])


def test_rows_are_true_classes_and_columns_predicted_ones() -> None:
    assert confusion_matrix(PREDICTED, TARGET, 3).tolist() == [[3, 0, 1], [1, 1, 1], [0, 0, 1]]


def test_intersection_over_union_of_each_class() -> None:
    assert class_iou(confusion_matrix(PREDICTED, TARGET, 3)).tolist() == pytest.approx([3 / 5, 1 / 3, 1 / 3])


def test_means_with_and_without_background_and_the_share_of_right_cells() -> None:
    confusion = confusion_matrix(PREDICTED, TARGET, 3)
    assert mean_iou(confusion) == pytest.approx((3 / 5 + 2 / 3) / 3)
    assert foreground_iou(confusion) == pytest.approx(1 / 3)
    assert pixel_accuracy(confusion) == pytest.approx(5 / 8)


def test_a_class_that_does_not_occur_is_left_out_of_the_mean() -> None:
    confusion = confusion_matrix(PREDICTED, TARGET, 4)
    assert math.isnan(class_iou(confusion)[3])
    assert mean_iou(confusion) == pytest.approx((3 / 5 + 2 / 3) / 3)


def test_cells_of_minus_one_are_left_out() -> None:
    target = TARGET.clone()
    target[0, 3] = target[1, 0] = -1
    assert confusion_matrix(PREDICTED, target, 3).sum() == 6


def test_matrices_of_pages_add_up() -> None:
    whole = confusion_matrix(PREDICTED, TARGET, 3)
    parts = sum(confusion_matrix(PREDICTED[row], TARGET[row], 3) for row in range(2))
    assert torch.equal(torch.as_tensor(parts), whole)


def test_without_cells_there_is_no_figure() -> None:
    confusion = torch.zeros(3, 3, dtype=torch.int64)
    assert math.isnan(mean_iou(confusion))
    assert math.isnan(foreground_iou(confusion))
    assert math.isnan(pixel_accuracy(confusion))
