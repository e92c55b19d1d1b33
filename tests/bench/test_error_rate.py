"""Character error rates that can be counted by hand."""

from __future__ import annotations

import pytest

from docgrid.bench.error_rate import (
    Errors,
    Piece,
    count_errors,
    lines_of,
    with_spaces,
    without_accents,
    without_spaces,
    words_of,
)
from docgrid.geometry import Box
from docgrid.page import Character, Characters

TRUTH = [Piece("Total 9.00", 0, 0, 100, 10), Piece("Été", 0, 20, 30, 30)]


def test_the_same_text_in_other_pieces_and_order_has_no_errors() -> None:
    read = [Piece("Été", 0, 20, 30, 30), Piece("9.00", 60, 0, 100, 10), Piece("Total", 0, 1, 50, 9)]
    assert count_errors(TRUTH, read) == Errors(0, 13)


def test_every_kind_of_error_counts_once() -> None:
    read = [Piece("Tota1", 0, 0, 50, 10), Piece("9.0", 60, 0, 90, 10), Piece("Été", 0, 20, 30, 30)]  # one taken, one left out
    assert count_errors(TRUTH, read, without_spaces) == Errors(2, 12)


def test_what_lies_on_no_line_was_invented() -> None:
    read = [*TRUTH, Piece("abc", 0, 60, 30, 70)]
    assert count_errors(TRUTH, read).edits == 3


def test_what_was_not_read_is_missing() -> None:
    assert count_errors(TRUTH, []) == Errors(13, 13)
    assert count_errors([], []).rate == 0


def test_of_two_lines_that_overlap_the_nearer_one_gets_the_character() -> None:
    truth = [Piece("aaa", 0, 0, 30, 12), Piece("bbb", 0, 8, 30, 20)]
    read = [Piece("aaa", 0, 1, 30, 11.5), Piece("bbb", 0, 8.5, 30, 19.5)]  # their middles lie in reach of both
    assert count_errors(truth, read).edits == 0


def test_two_cells_of_a_row_keep_their_own_characters() -> None:
    truth = [Piece("12", 0, 0, 20, 10), Piece("34", 30, 0, 50, 10)]
    assert count_errors(truth, [Piece("12", 0, 0, 20, 10), Piece("34", 28, 0, 48, 10)]).edits == 0


@pytest.mark.parametrize(("fold", "edits"), [(with_spaces, 3), (without_spaces, 2), (without_accents, 0)])
def test_folds_forgive_spaces_and_accents(fold: object, edits: int) -> None:
    read = [Piece("Total9.00", 0, 0, 100, 10), Piece("Ete", 0, 20, 30, 30)]
    assert callable(fold)
    assert count_errors(TRUTH, read, fold).edits == edits


def test_letters_with_strokes_lose_them_too() -> None:
    assert without_accents("Łódź Øre") == "LodzOre"


def test_words_and_lines_of_a_page_become_pieces_in_pixels() -> None:
    rows = [
        Character(text, Box(left, 0, left + 5, 10), 1.0, word, 0) for text, left, word in (("a", 0, 0), ("b", 5, 0), ("c", 20, 1))
    ]
    characters = Characters.from_rows(rows)
    assert words_of(characters, 2.0) == [Piece("ab", 0, 0, 20, 20), Piece("c", 40, 0, 50, 20)]
    assert lines_of(characters) == [Piece("ab c", 0, 0, 25, 10)]
