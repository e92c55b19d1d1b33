from __future__ import annotations

import numpy as np
import pytest

from docgrid.features import NEIGHBOURS, NGRAM_BUCKETS, NGRAMS_PER_WORD, NUMERIC_NAMES, ngram_ids, word_features
from docgrid.geometry import Box
from docgrid.page import Character, Characters


def page(*words: tuple[str, float, float, int], height: float = 10.0) -> Characters:
    """Words as (text, left, top, line); each character is 5 points wide."""
    rows = [
        Character(letter, Box(left + 5 * place, top, left + 5 * place + 5, top + height), 1.0, number, line)
        for number, (text, left, top, line) in enumerate(words)
        for place, letter in enumerate(text)
    ]
    return Characters.from_rows(rows)


def column(characters: Characters, name: str) -> list[float]:
    numeric = word_features(characters, 200, 300).numeric
    return [round(float(value), 4) for value in numeric[:, NUMERIC_NAMES.index(name)]]


def neighbour(characters: Characters, name: str) -> list[int]:
    return [int(row) for row in word_features(characters, 200, 300).neighbours[:, NEIGHBOURS.index(name)]]


INVOICE = page(
    ("Total:", 0, 0, 0), ("12.00", 100, 0, 1), ("Tax", 0, 20, 2), ("2.00", 100, 20, 3), ("net", 0, 40, 4), ("10.00", 100, 40, 5)
)


def test_a_page_without_words_has_features_without_rows() -> None:
    features = word_features(Characters.empty(), 100, 100)
    assert len(features) == 0
    assert features.ngrams.shape == (0, NGRAMS_PER_WORD)
    assert features.numeric.shape == (0, len(NUMERIC_NAMES))


def test_every_feature_is_finite_and_every_array_has_one_row_a_word() -> None:
    features = word_features(INVOICE, 200, 300, page_number=2, page_count=4)
    assert features.numeric.shape == (6, len(NUMERIC_NAMES))
    assert np.isfinite(features.numeric).all()
    assert features.neighbours.shape == (6, len(NEIGHBOURS))


def test_n_grams_are_the_same_for_numbers_of_one_shape_and_differ_between_words() -> None:
    assert ngram_ids("12.50") == ngram_ids("98.76")
    assert ngram_ids("Total") != ngram_ids("Tax")
    assert all(0 <= number < NGRAM_BUCKETS for number in ngram_ids("Rechnungsnummer"))


def test_accents_and_case_leave_the_word_gram_but_not_the_shape_gram() -> None:
    assert ngram_ids("Übertrag")[0] == ngram_ids("ubertrag")[0]
    assert ngram_ids("Übertrag")[1] != ngram_ids("ubertrag")[1]


def test_amounts_are_ranked_and_the_largest_is_marked() -> None:
    assert column(INVOICE, "amount_is_largest") == [0, 1, 0, 0, 0, 0]
    assert column(INVOICE, "amount_rank")[1] > column(INVOICE, "amount_rank")[5] > column(INVOICE, "amount_rank")[3] > 0


@pytest.mark.parametrize(
    ("word", "name"),
    [("1.234,56", "is_decimal"), ("25.12.2018", "is_date"), ("19%", "is_percent"), ("42", "is_integer"), ("RM7.42", "is_amount")],
)
def test_shapes_of_words_are_recognised(word: str, name: str) -> None:
    assert column(page((word, 0, 0, 0)), name) == [1.0]
    assert column(page(("word", 0, 0, 0)), name) == [0.0]


def test_the_line_beside_is_the_left_neighbour_and_the_one_below_is_below() -> None:
    assert neighbour(INVOICE, "left_line") == [-1, 0, -1, 2, -1, 4]
    assert neighbour(INVOICE, "below_line") == [2, 3, 4, 5, -1, -1]
    assert neighbour(INVOICE, "above_line") == [-1, -1, 0, 1, 2, 3]


def test_the_word_to_the_left_goes_on_over_the_gap_between_line_segments() -> None:
    assert neighbour(INVOICE, "left_word") == [-1, 0, -1, 2, -1, 4]
    assert neighbour(INVOICE, "right_word") == [1, -1, 3, -1, 5, -1]


def test_positions_count_in_character_heights_so_that_scale_does_not_matter() -> None:
    small, large = page(("a", 0, 0, 0), ("b", 0, 50, 1)), page(("a", 0, 0, 0), ("b", 0, 100, 1), height=20.0)
    distance = [np.diff(word_features(one, 200, 300).positions[:, 1])[0] for one in (small, large)]
    assert distance[0] == pytest.approx(5.0)
    assert distance[1] == pytest.approx(5.0)
