"""Glyphs become words, lines and reading order."""

from __future__ import annotations

import time

import numpy as np
import pytest

from docgrid.page import Characters
from docgrid.reading.layout import SKEWED, order_characters

EM = 10.0  # every character of these tests is 10 points high and 5 wide
WIDTH = 5.0

Run = tuple[str, float, float]  # text, left edge of the first character, top edge


def page_of(*runs: Run, shuffle: int | None = None, skew: float = 0.0, apart: bool = True) -> Characters:
    """Characters of monospaced runs; a space advances, is not stored, and is a break; `apart`: so is the start of a run."""
    codes, boxes, breaks = [], [], []
    for text, left, top in runs:
        after_space = apart
        for index, letter in enumerate(text):
            if letter != " ":
                codes.append(ord(letter))
                boxes.append((left + index * WIDTH, top, left + (index + 1) * WIDTH, top + EM))
                breaks.append(after_space)
            after_space = letter == " "
    order = np.arange(len(codes)) if shuffle is None else np.random.default_rng(shuffle).permutation(len(codes))
    return order_characters(
        np.array(codes, np.uint32)[order],
        np.array(boxes, np.float32)[order],
        np.ones(len(codes), np.float32),
        np.array(breaks)[order],
        skew=skew,
    )


def text_of(page: Characters) -> str:
    return page.text_of(np.arange(len(page)))


def test_words_are_cut_at_white_space_and_lines_at_baselines() -> None:
    page = page_of(("one two", 0, 0), ("three", 0, 12))
    assert page.word_texts == ("one", "two", "three")
    assert page.word_lines.tolist() == [0, 0, 1]


def test_a_gap_without_white_space_cuts_words_too() -> None:
    assert text_of(page_of(("left", 0, 0), ("right", 20 + 0.3 * EM, 0))) == "left right"


def test_runs_that_touch_are_one_word() -> None:
    assert text_of(page_of(("1", 0, 0), ("234.00", 5, 0), apart=False)) == "1234.00"


@pytest.mark.parametrize(("gap", "lines"), [(1.0, 1), (2.0, 2)])
def test_a_gap_of_two_character_heights_starts_another_line(gap: float, lines: int) -> None:
    page = page_of(("cell", 0, 0), ("next", 20 + gap * EM, 0))
    assert page.line_index[-1] + 1 == lines


def test_rows_are_read_from_left_to_right_whatever_order_the_file_draws_them_in() -> None:
    page = page_of(("b2", 100, 20), ("b1", 100, 0), ("a2", 0, 20), ("a1", 0, 0))
    assert text_of(page).split() == ["a1", "b1", "a2", "b2"]


@pytest.mark.parametrize("seed", range(5))
def test_characters_drawn_in_random_order_come_out_in_reading_order(seed: int) -> None:
    page = page_of(("alpha", 0, 0), ("beta", 60, 0), ("gamma", 0, 15), shuffle=seed)
    assert text_of(page) == "alpha\nbeta\ngamma"


def test_an_indented_half_line_in_the_next_column_keeps_its_own_row() -> None:
    page = page_of(("left", 0, 0), ("right", 100, 6), ("below", 0, 12))
    assert text_of(page).split() == ["left", "right", "below"]


def test_overprinted_characters_are_dropped_and_double_letters_are_not() -> None:
    page = page_of(("balloon", 0, 0), ("balloon", 0.4, 0.2))
    assert text_of(page) == "balloon"


def test_a_word_may_go_on_after_a_dropped_copy() -> None:
    page = page_of(("ab", 0, 0), ("ab", 0, 0), ("cd", 10, 0), apart=False)
    assert text_of(page) == "abcd"


def test_text_that_runs_upwards_is_read_after_the_level_text() -> None:
    codes = np.array([ord(letter) for letter in "upXY"], np.uint32)
    boxes = np.array([(0, 55, 10, 60), (0, 50, 10, 55), (20, 0, 25, 10), (25, 0, 30, 10)], np.float32)
    page = order_characters(
        codes, boxes, np.ones(4, np.float32), np.array([1, 0, 1, 0], np.bool_), np.array([3, 3, 0, 0], np.int8)
    )
    assert text_of(page) == "XY\nup"


def test_skewed_glyphs_keep_the_order_in_which_they_are_drawn() -> None:
    codes = np.array([ord(letter) for letter in "DRAFT"], np.uint32)
    boxes = np.array([(10 * i, 100 - 10 * i, 10 * i + 10, 110 - 10 * i) for i in range(5)], np.float32)
    page = order_characters(codes, boxes, np.ones(5, np.float32), np.zeros(5, np.bool_), np.full(5, SKEWED, np.int8))
    assert text_of(page) == "DRAFT"


def test_known_skew_keeps_rows_apart_and_boxes_where_they_are() -> None:
    slope = 0.05  # over 400 points a line sinks by 20, which is more than the distance of two lines
    runs = [(text, x, y + slope * (x + WIDTH)) for text, x, y in [("a1", 0, 0), ("b1", 400, 0), ("a2", 0, 14), ("b2", 400, 14)]]
    page = page_of(*runs, skew=slope)
    assert text_of(page).split() == ["a1", "b1", "a2", "b2"]
    assert page.boxes[2, 1] == pytest.approx(slope * 405)
    assert text_of(page_of(*runs)).split() != ["a1", "b1", "a2", "b2"]


def test_a_page_without_glyphs_is_empty() -> None:
    assert len(page_of()) == 0


def test_the_cost_grows_with_the_page_and_not_with_its_square() -> None:
    def seconds(rows: int) -> float:
        page = [(f"word{row} and more text", 0.0, 12.0 * row) for row in range(rows)]
        start = time.process_time()
        page_of(*page)
        return time.process_time() - start

    seconds(10)
    assert seconds(4000) < 40 * max(seconds(400), 0.002)  # quadratic would be 100 times


def test_many_glyphs_on_one_spot_are_survived() -> None:
    count = 20_000
    codes = np.arange(count, dtype=np.uint32) % 90 + 33
    boxes = np.tile(np.array([[5, 5, 10, 15]], np.float32), (count, 1))
    page = order_characters(codes, boxes, np.ones(count, np.float32), np.ones(count, np.bool_))
    assert 90 <= len(page) <= count
