"""Code points that are kept, replaced and dropped."""

from __future__ import annotations

import numpy as np
import pytest

from docgrid.reading.layout import Glyphs
from docgrid.reading.text import REPLACEMENT, clean_code_points, expand_ligatures


def cleaned(*codes: int) -> list[int]:
    return [int(code) for code in clean_code_points(np.array(codes, np.uint32))]


def glyphs_of(text: str, boxes: list[tuple[float, float, float, float]]) -> Glyphs:
    count = len(text)
    return Glyphs(
        np.array([ord(letter) for letter in text], np.uint32),
        np.array(boxes, np.float32),
        np.ones(count, np.float32),
        np.zeros(count, np.bool_),
    )


def test_letters_digits_and_currency_signs_stay() -> None:
    codes = [ord(letter) for letter in "aZ09€ß中"]
    assert cleaned(*codes) == codes


@pytest.mark.parametrize(
    "code", [0, 9, 10, 13, 0x1F, 0x20, 0x7F, 0x9F, 0xA0, 0x200B, 0x202E, 0x2066, 0x3000, 0xFEFF, 0xD800, 0xFFFF]
)
def test_white_space_controls_and_marks_of_direction_are_dropped(code: int) -> None:
    assert cleaned(code) == [0]


@pytest.mark.parametrize("code", [0x02, 0xAD, 0x2010, 0x2011, 0xFFFE])
def test_hyphens_of_all_kinds_become_one(code: int) -> None:
    assert cleaned(code) == [ord("-")]


@pytest.mark.parametrize("code", [0xE000, 0xF0B7, 0xF8FF, 0xF0001, 0xFFFD])
def test_characters_without_a_meaning_are_marked_as_unreadable(code: int) -> None:
    assert cleaned(code) == [REPLACEMENT]


def test_characters_beyond_the_basic_plane_stay() -> None:
    assert cleaned(0x1F4DE, ord("a")) == [0x1F4DE, ord("a")]


def test_a_ligature_becomes_letters_that_share_its_box() -> None:
    result = expand_ligatures(glyphs_of("aﬃb", [(0, 0, 5, 10), (5, 0, 20, 10), (20, 0, 25, 10)]))
    assert "".join(map(chr, result.code_points)) == "affib"
    assert result.boxes[1:4].tolist() == [[5, 0, 10, 10], [10, 0, 15, 10], [15, 0, 20, 10]]


def test_letters_that_all_carry_the_box_of_their_ligature_are_given_their_parts() -> None:
    result = expand_ligatures(glyphs_of("fi", [(0, 0, 8, 10), (0, 0, 8, 10)]))
    assert result.boxes.tolist() == [[0, 0, 4, 10], [4, 0, 8, 10]]


def test_other_characters_on_one_box_are_left_alone() -> None:
    boxes = [(0.0, 0.0, 8.0, 10.0), (0.0, 0.0, 8.0, 10.0)]
    assert expand_ligatures(glyphs_of("AB", boxes)).boxes.tolist() == [list(box) for box in boxes]
