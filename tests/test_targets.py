from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from docgrid.chargrid.grid import GridSize
from docgrid.errors import DatasetError
from docgrid.geometry import intersection_over_union
from docgrid.targets import (
    BoxTargets,
    box_targets,
    decode_boxes,
    fit_anchors,
    segmentation_target,
    shape_overlap,
    suppress,
)

SIZE = GridSize(48, 64)
ANCHORS = np.array([[4, 40], [8, 40], [3, 10]], np.float32)  # heights and widths


def boxes_of(*rows: tuple[float, float, float, float]) -> NDArray[np.float32]:
    return np.array(rows, np.float32).reshape(-1, 4)


def sizes_of(*rows: tuple[float, float]) -> NDArray[np.float32]:
    return np.array(rows, np.float32).reshape(-1, 2)


def found(targets: BoxTargets, anchors: NDArray[np.float32], *, iou: float = 0.5) -> NDArray[np.float32]:
    """What a perfect network would find: the targets decoded."""
    mask = (targets.mask == 1).astype(np.float32)
    return decode_boxes(mask, targets.coords, anchors, limit=1_000_000, iou=iou)[0]


# --- segmentation ----------------------------------------------------------------------------------------------------------


def test_a_cell_takes_the_class_of_the_character_that_owns_it() -> None:
    cell_character = np.array([[0, 0, -1], [-1, 1, 2]], np.int32)
    target = segmentation_target(cell_character, np.array([5, 0, 7]))
    assert target.tolist() == [[5, 5, 0], [0, 0, 7]]
    assert target.dtype == np.int64


def test_empty_cells_can_be_left_out() -> None:
    assert segmentation_target(np.array([[0, -1]], np.int32), np.array([0]), ignore_empty=True).tolist() == [[0, -1]]


def test_a_page_without_characters_is_background() -> None:
    assert segmentation_target(np.full((2, 2), -1, np.int32), np.zeros(0, np.int64)).tolist() == [[0, 0], [0, 0]]


# --- anchors ---------------------------------------------------------------------------------------------------------------


def test_the_overlap_of_shapes_lies_on_one_centre() -> None:
    # 4 x 10 and 2 x 20 share 2 x 10 = 20 of 40 + 40 - 20 = 60 cells
    assert shape_overlap(sizes_of((4, 10)), sizes_of((2, 20), (4, 10)))[0].tolist() == pytest.approx([1 / 3, 1])


def test_anchors_stand_where_the_shapes_of_the_boxes_are() -> None:
    random = np.random.default_rng(1)
    centres = sizes_of((3, 200), (6, 200), (20, 200), (10, 50))
    sizes = np.repeat(centres, 50, axis=0) * random.uniform(0.95, 1.05, (200, 2)).astype(np.float32)
    anchors = fit_anchors(sizes, 4)
    assert shape_overlap(centres, anchors).max(axis=1).min() > 0.95
    assert np.all(np.diff(anchors.prod(axis=1)) > 0), "smallest area first"


def test_anchors_depend_on_the_seed_alone() -> None:
    sizes = np.random.default_rng(2).uniform(2, 60, (300, 2)).astype(np.float32)
    assert fit_anchors(sizes, 4, seed=5).tolist() == fit_anchors(sizes, 4, seed=5).tolist()


def test_every_training_box_overlaps_an_anchor_by_half_where_heights_vary_fourfold() -> None:
    heights = np.linspace(3, 12, 200)
    sizes = np.stack([heights, np.full(200, 200.0)], axis=1).astype(np.float32)
    assert shape_overlap(sizes, fit_anchors(sizes, 4)).max(axis=1).min() >= 0.5


def test_fewer_shapes_than_anchors_are_filled_up_with_other_heights() -> None:
    assert fit_anchors(sizes_of((4, 100), (4, 100)), 3).tolist() == [[2, 100], [4, 100], [8, 100]]


def test_no_box_at_all_is_an_error_that_says_what_to_do() -> None:
    with pytest.raises(DatasetError, match="0 anchors"):
        fit_anchors(sizes_of(), 4)


# --- boxes to targets ------------------------------------------------------------------------------------------------------


def test_a_four_by_four_grid_worked_out_by_hand() -> None:
    # One anchor of 2 x 2 around (x + 0.5, y + 0.5); the box 0.5..2.5 x 0.5..2.5 is the anchor of cell (1, 1) exactly.
    # One cell aside the overlap is 1 x 2 = 2 of 4 + 4 - 2 = 6: IoU 1/3 < 0.4, so everything else is negative.
    targets = box_targets(boxes_of((0.5, 0.5, 2.5, 2.5)), sizes_of((2, 2)), GridSize(4, 4))
    assert targets.mask.tolist() == [[[0, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]]]
    assert targets.coords.shape == (4, 4, 4)
    assert np.abs(targets.coords).max() == 0


def test_a_four_by_four_grid_with_ignored_cells_worked_out_by_hand() -> None:
    # The box spans 0.5..3.5 x 0.5..2.5 = 6 cells, the anchor 2 x 2 = 4. At cells (1, 1) and (1, 2) the anchor lies inside:
    # IoU 4/6 = 0.67, positive. At (1, 0) and (1, 3) they share 1 x 2: 2 / (6 + 4 - 2) = 0.25, negative. At (0, 1), (2, 1),
    # (0, 2), (2, 2) they share 2 x 1: 0.25, negative. Centre of the box: (2, 1.5); ln(3/2) = 0.405 for the width.
    targets = box_targets(boxes_of((0.5, 0.5, 3.5, 2.5)), sizes_of((2, 2)), GridSize(4, 4))
    assert targets.mask[0].tolist() == [[0, 0, 0, 0], [0, 1, 1, 0], [0, 0, 0, 0], [0, 0, 0, 0]]
    assert targets.coords[:, 1, 1].tolist() == pytest.approx([(2 - 1.5) / 2, 0, math.log(1.5), 0])
    assert targets.coords[:, 1, 2].tolist() == pytest.approx([(2 - 2.5) / 2, 0, math.log(1.5), 0])
    # Shifted by 0.3 to the right: at cell (1, 1) they share 1.7 x 2 = 3.4 of 6.6 (0.515, positive), at (1, 3) 1.3 x 2 = 2.6
    # of 5.4 + 2 = 7.4 (0.351, negative); by 0.4: at (1, 1) 1.6 x 2 = 3.2 of 6.8 (0.47, ignored).
    shifted = box_targets(boxes_of((0.8, 0.5, 3.8, 2.5)), sizes_of((2, 2)), GridSize(4, 4))
    assert shifted.mask[0, 1].tolist() == [0, 1, 1, 0]
    further = box_targets(boxes_of((0.9, 0.5, 3.9, 2.5)), sizes_of((2, 2)), GridSize(4, 4))
    assert further.mask[0, 1].tolist() == [0, -1, 1, 0]


def test_the_shapes_and_types_are_what_the_losses_read() -> None:
    targets = box_targets(boxes_of((1, 1, 50, 5)), ANCHORS, SIZE)
    assert targets.mask.shape == (3, 48, 64)
    assert targets.mask.dtype == np.int64
    assert targets.coords.shape == (12, 48, 64)
    assert targets.coords.dtype == np.float32


def test_a_page_without_boxes_is_all_negative() -> None:
    targets = box_targets(boxes_of(), ANCHORS, SIZE)
    assert not targets.mask.any()
    assert not targets.coords.any()


def test_coordinates_are_zero_wherever_nothing_is_found() -> None:
    targets = box_targets(boxes_of((10, 10, 50, 14)), ANCHORS, SIZE)
    coords = targets.coords.reshape(3, 4, 48, 64)
    assert not np.moveaxis(coords, 1, 3)[targets.mask < 1].any()


def test_a_box_unlike_every_anchor_still_gets_one() -> None:
    targets = box_targets(boxes_of((30, 2, 31, 46)), ANCHORS, SIZE)  # a tall thin box: IoU far below 0.4 everywhere
    assert (targets.mask == 1).sum() == 1
    np.testing.assert_allclose(found(targets, ANCHORS), [[30, 2, 31, 46]], atol=1e-4)


def test_boxes_in_one_cell_are_all_found_by_different_anchors() -> None:
    boxes = boxes_of((10.2, 10.2, 10.6, 10.7), (10.1, 10.3, 10.9, 10.5), (10.3, 10.1, 10.5, 10.9), (10.0, 10.0, 11.0, 11.0))
    targets = box_targets(boxes, ANCHORS, SIZE)
    result = found(targets, ANCHORS, iou=0.99)
    assert intersection_over_union(boxes, result).max(axis=1).min() > 0.99


def test_an_anchor_takes_the_box_it_overlaps_most() -> None:
    boxes = boxes_of((2, 10, 42, 14), (2, 12, 42, 16))  # two rows of a table that overlap
    targets = box_targets(boxes, ANCHORS[:1], SIZE)
    coords = targets.coords[:, :, 22]
    first, second = (coords[1, row] * 4 + row + 0.5 for row in (12, 13))  # centres that rows 12 and 13 point at
    assert first == pytest.approx(12)
    assert second == pytest.approx(14)


def test_a_perfect_network_finds_every_row_of_a_table() -> None:
    rows = boxes_of(*((2, 3 + 4 * row, 60, 6.5 + 4 * row) for row in range(10)))
    anchors = fit_anchors(sizes_of((3.5, 58)), 2)
    result = found(box_targets(rows, anchors, SIZE), anchors)
    assert len(result) == 10
    np.testing.assert_allclose(result[np.argsort(result[:, 1])], rows, atol=1e-3)


box = st.tuples(st.integers(0, 600), st.integers(0, 440), st.integers(2, 640), st.integers(2, 480)).map(
    lambda b: (b[0] / 10, b[1] / 10, min((b[0] + b[2]) / 10, 64.0), min((b[1] + b[3]) / 10, 48.0))
)


@settings(max_examples=60, deadline=None)
@given(st.lists(box, min_size=1, max_size=6, unique=True))
def test_every_box_comes_back_from_its_targets(rows: list[tuple[float, float, float, float]]) -> None:
    boxes = boxes_of(*rows)
    result = found(box_targets(boxes, ANCHORS, SIZE), ANCHORS, iou=1.0)
    assert intersection_over_union(boxes, result).max(axis=1).min() > 0.999


def dense(boxes: NDArray[np.float32], anchors: NDArray[np.float32], size: GridSize) -> NDArray[np.float32]:
    """IoU of every anchor of every cell with its best box, the slow way: [Na, H, W]."""
    rows, columns = np.indices((size.height, size.width)) + 0.5
    result = []
    for height, width in anchors.tolist():
        each = np.stack([columns - width / 2, rows - height / 2, columns + width / 2, rows + height / 2], axis=-1)
        overlaps = intersection_over_union(each.reshape(-1, 4), boxes.astype(np.float64))
        result.append(overlaps.max(axis=1).reshape(size.height, size.width))
    return np.stack(result)


@settings(max_examples=60, deadline=None)
@given(st.lists(box, min_size=1, max_size=6))
def test_looking_at_windows_only_gives_what_looking_everywhere_gives(rows: list[tuple[float, float, float, float]]) -> None:
    boxes = boxes_of(*rows)
    overlaps = dense(boxes, ANCHORS, SIZE)
    mask = box_targets(boxes, ANCHORS, SIZE).mask
    clear = (np.abs(overlaps - 0.5) > 1e-4) & (np.abs(overlaps - 0.4) > 1e-4)  # rounding decides on the very edge
    expected = np.where(overlaps >= 0.5, 1, np.where(overlaps >= 0.4, -1, 0))
    different = clear & (mask != expected)
    assert (mask[different] == 1).all(), "only the best anchor of a box may differ, by being positive"
    assert different.sum() <= len(boxes)


# --- targets to boxes ------------------------------------------------------------------------------------------------------


def test_a_detection_below_the_threshold_is_dropped() -> None:
    mask = np.zeros((1, 4, 4), np.float32)
    mask[0, 1, 1], mask[0, 3, 3] = 0.9, 0.3
    boxes, scores = decode_boxes(mask, np.zeros((4, 4, 4), np.float32), sizes_of((1, 2)))
    assert boxes.tolist() == [[0.5, 1, 2.5, 2]]
    assert scores.tolist() == pytest.approx([0.9])


def test_boxes_are_clipped_to_the_grid_and_wild_coordinates_stay_finite() -> None:
    mask = np.full((1, 2, 3), 0.8, np.float32)
    coords = np.full((4, 2, 3), 1e30, np.float32)
    coords[:2] = 0
    boxes, _ = decode_boxes(mask, coords, sizes_of((1, 1)))
    assert boxes.tolist() == [[0, 0, 3, 2]]


def test_only_the_likeliest_candidates_are_looked_at() -> None:
    mask = np.linspace(0.5, 0.9, 16, dtype=np.float32).reshape(1, 4, 4)
    _, scores = decode_boxes(mask, np.zeros((4, 4, 4), np.float32), sizes_of((1, 1)), limit=3)
    assert scores.tolist() == pytest.approx(sorted(mask.ravel().tolist())[:-4:-1])


def test_of_boxes_that_overlap_the_likeliest_stays() -> None:
    boxes = boxes_of((0, 0, 10, 10), (0, 1, 10, 11), (0, 6, 10, 16), (20, 0, 30, 10))
    # 0 and 1 share 90 of 110 cells (0.82), 1 and 2 share 50 of 150 (0.33)
    assert suppress(boxes, np.array([0.5, 0.9, 0.6, 0.1], np.float32)).tolist() == [1, 2, 3]


def test_of_equal_boxes_the_first_stays() -> None:
    assert suppress(boxes_of((0, 0, 1, 1), (0, 0, 1, 1)), np.array([0.5, 0.5], np.float32)).tolist() == [0]


def test_nothing_to_suppress() -> None:
    assert suppress(boxes_of(), np.zeros(0, np.float32)).tolist() == []
    boxes, scores = decode_boxes(np.zeros((1, 2, 2), np.float32), np.zeros((4, 2, 2), np.float32), sizes_of((1, 1)))
    assert boxes.shape == (0, 4)
    assert scores.shape == (0,)
