from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from docgrid.chargrid.alphabet import Alphabet
from docgrid.chargrid.grid import (
    Frame,
    GridSize,
    GridTransform,
    fit_transform,
    grid_of_page,
    rasterise,
)
from docgrid.errors import UsageError
from docgrid.geometry import Box
from docgrid.page import Character, Characters, Page, TextSource

AB = Alphabet("ab")
A, B = 2, 3


def page_of(*characters: tuple[str, Box], width: float, height: float) -> Page:
    rows = [Character(text, box, 1.0, number, 0) for number, (text, box) in enumerate(characters)]
    return Page(1, width, height, Characters.from_rows(rows), TextSource.GIVEN)


def boxes_of(*rows: tuple[float, float, float, float]) -> NDArray[np.float32]:
    return np.array(rows, np.float32).reshape(-1, 4)


def test_a_character_fills_every_cell_its_box_touches() -> None:
    page = page_of(("a", Box(0, 0, 50, 50)), ("b", Box(50, 50, 100, 100)), width=100, height=100)
    assert grid_of_page(page, AB, GridSize(2, 2)).grid.tolist() == [[A, 0], [0, B]]


def test_a_box_that_reaches_a_little_into_a_cell_fills_it() -> None:
    grid, _ = rasterise(np.array([A], np.uint8), boxes_of((0.9, 0.2, 1.1, 0.8)), GridSize(1, 3))
    assert grid.tolist() == [[A, A, 0]]


def test_a_box_without_area_fills_the_cell_it_lies_in() -> None:
    grid, _ = rasterise(np.array([A], np.uint8), boxes_of((1.5, 0.5, 1.5, 0.5)), GridSize(1, 3))
    assert grid.tolist() == [[0, A, 0]]


def test_rounding_of_the_scale_does_not_spill_into_the_next_cell() -> None:
    grid, _ = rasterise(np.array([A], np.uint8), boxes_of((0.9999, 0, 2.0001, 1)), GridSize(1, 4))
    assert grid.tolist() == [[0, A, 0, 0]]


def test_where_boxes_overlap_the_nearest_centre_wins_whatever_the_order() -> None:
    boxes = boxes_of((0, 0, 3, 1), (2, 0, 5, 1))  # centres at 1.5 and 3.5; the middle of the shared cell is 2.5
    closer = boxes_of((0, 0, 3.8, 1), (2, 0, 5, 1))  # the first centre moves to 1.9, and the box into cell 3
    for order in ([0, 1], [1, 0]):
        indices = np.array([A, B], np.uint8)[order]
        grid, _ = rasterise(indices, closer[order], GridSize(1, 5))
        assert grid.tolist() == [[A, A, A, B, B]]
    grid, owner = rasterise(np.array([A, B], np.uint8), boxes, GridSize(1, 5))
    assert grid.tolist() == [[A, A, A, B, B]], "equally near: the first"
    assert owner.tolist() == [[0, 0, 0, 1, 1]]


def test_a_character_outside_the_grid_gets_no_cell_and_one_on_its_edge_is_clipped() -> None:
    boxes = boxes_of((-5, 0, -1, 1), (5, 0, 6, 1), (-1, 0, 1, 1), (0, 9, 1, 10))
    _, owner = rasterise(np.full(4, A, np.uint8), boxes, GridSize(2, 4))
    assert owner.tolist() == [[2, -1, -1, -1], [-1, -1, -1, -1]]


def test_boxes_that_are_no_numbers_are_left_out() -> None:
    nan, inf = math.nan, math.inf
    boxes = boxes_of((nan, 0, 1, 1), (0, 0, nan, nan), (inf, inf, inf, inf), (-inf, -inf, inf, inf))
    _, owner = rasterise(np.full(4, A, np.uint8), boxes, GridSize(2, 2))
    assert owner.tolist() == [[3, 3], [3, 3]]


def test_characters_are_counted_as_lost_when_others_cover_all_their_cells() -> None:
    page = page_of(("a", Box(0, 0, 50, 50)), ("b", Box(4, 4, 6, 6)), ("a", Box(90, 90, 99, 99)), width=100, height=100)
    result = grid_of_page(page, AB, GridSize(2, 2))
    assert result.lost_characters == 1
    assert result.cell_character.tolist() == [[0, -1], [-1, 2]]


def test_an_empty_page_is_an_empty_grid() -> None:
    result = grid_of_page(page_of(width=10, height=20), AB, GridSize(4, 8))
    assert result.grid.tolist() == [[0] * 8] * 4
    assert result.grid.dtype == np.uint8
    assert result.cell_character.dtype == np.int32
    assert (result.cell_character == -1).all()
    assert result.lost_characters == 0


def test_an_unknown_character_is_drawn_as_unknown() -> None:
    assert grid_of_page(page_of(("z", Box(0, 0, 1, 1)), width=1, height=1), AB, GridSize(1, 1)).grid.tolist() == [[1]]


def test_the_aspect_is_kept_and_the_rest_is_padding() -> None:
    wide = fit_transform(200, 100, boxes_of(), GridSize(50, 50))
    assert wide.to_cells(boxes_of((0, 0, 200, 100))).tolist() == [[0, 0, 50, 25]]
    high = fit_transform(100, 200, boxes_of(), GridSize(50, 50))
    assert high.to_cells(boxes_of((0, 0, 100, 200))).tolist() == [[0, 0, 25, 50]]


def test_points_to_cells_and_back_on_a_page_that_is_not_square() -> None:
    transform = GridTransform(0.4, 3.0, -7.0)
    boxes = boxes_of((10, 20, 30, 60), (0, 0, 595, 842))
    assert transform.to_cells(boxes)[0].tolist() == pytest.approx([7, 1, 15, 17])
    np.testing.assert_allclose(transform.to_points(transform.to_cells(boxes)), boxes, atol=1e-4)


def test_the_text_frame_enlarges_a_receipt_on_a_large_sheet() -> None:
    lines = [(f"{chr(97 + line % 2)}", Box(100, 100 + 10 * line, 200, 108 + 10 * line)) for line in range(30)]
    page = page_of(*lines, width=1000, height=1000)
    small = grid_of_page(page, AB, GridSize(128, 128))
    large = grid_of_page(page, AB, GridSize(128, 128), Frame.TEXT)
    assert np.count_nonzero(large.grid) > 8 * np.count_nonzero(small.grid)
    cells = large.transform.to_cells(page.characters.boxes)
    assert cells[:, :2].min() > 0
    assert cells[:, 2:].max() < 128
    assert large.transform.scale == pytest.approx(128 / (298 * 1.04))  # 298 points of text and 2 % on each side


def test_the_text_frame_does_not_blow_up_a_single_word() -> None:
    page = page_of(("a", Box(10, 10, 16, 20)), width=600, height=800)
    assert grid_of_page(page, AB, GridSize(336, 256), Frame.TEXT).transform.scale == pytest.approx(1.2)  # 12 cells / 10 points


def test_the_text_frame_of_a_page_without_text_is_the_page() -> None:
    assert fit_transform(100, 100, boxes_of(), GridSize(50, 50), Frame.TEXT) == GridTransform(0.5, 0, 0)


@pytest.mark.parametrize(("width", "height"), [(0, 10), (10, -1), (math.nan, 10), (math.inf, 10)])
def test_a_page_without_area_is_refused(width: float, height: float) -> None:
    with pytest.raises(ValueError, match="no area"):
        fit_transform(width, height, boxes_of(), GridSize(8, 8))


def test_a_grid_without_cells_is_refused() -> None:
    with pytest.raises(UsageError, match="0 x 8"):
        GridSize(0, 8)


def test_thousands_of_characters_as_large_as_the_page_end_soon_and_still_draw() -> None:
    count = 20_000
    boxes = np.tile(boxes_of((0, 0, 256, 336)), (count, 1))
    grid, owner = rasterise(np.full(count, A, np.uint8), boxes, GridSize(336, 256))
    assert np.unique(owner).tolist() == [-1, 0]
    assert grid[168, 128] == A


def naive(boxes: NDArray[np.float32], size: GridSize) -> NDArray[np.int32]:
    """The rule, one character and one cell at a time."""
    owner = np.full((size.height, size.width), -1, np.int32)
    best = np.full((size.height, size.width), np.inf)
    for number, (left, top, right, bottom) in enumerate(boxes.astype(np.float64).tolist()):
        if left >= size.width or top >= size.height or right < 0 or bottom < 0:
            continue
        first_column = math.floor(min(max(left + 1e-3, 0), size.width - 1))
        first_row = math.floor(min(max(top + 1e-3, 0), size.height - 1))
        stop_column = max(math.ceil(min(max(right - 1e-3, 0), size.width)), first_column + 1)
        stop_row = max(math.ceil(min(max(bottom - 1e-3, 0), size.height)), first_row + 1)
        for row in range(first_row, stop_row):
            for column in range(first_column, stop_column):
                x, y = (left + right) / 2 - (column + 0.5), (top + bottom) / 2 - (row + 0.5)
                if x * x + y * y < best[row, column]:
                    best[row, column] = x * x + y * y
                    owner[row, column] = number
    return owner


eighths = st.integers(-16, 100).map(lambda number: number / 8)  # exact in float32, so that ties are ties in both
box = st.tuples(eighths, eighths, st.integers(0, 40), st.integers(0, 40)).map(
    lambda b: (b[0], b[1], b[0] + b[2] / 8, b[1] + b[3] / 8)
)


@settings(max_examples=60, deadline=None)
@given(st.lists(box, max_size=25), st.integers(1, 12), st.integers(1, 12))
def test_the_fast_way_draws_what_the_rule_says(rows: list[tuple[float, float, float, float]], height: int, width: int) -> None:
    boxes, size = boxes_of(*rows), GridSize(height, width)
    indices = (np.arange(len(boxes)) % 250 + 2).astype(np.uint8)
    grid, owner = rasterise(indices, boxes, size)
    expected = naive(boxes, size)
    assert owner.tolist() == expected.tolist()
    assert grid.tolist() == np.where(expected < 0, 0, np.append(indices, 0)[expected]).tolist()
