"""A line of thousands of words is worked on in pieces, since that work grows with the square of its words."""

from __future__ import annotations

import numpy as np

from docgrid.decoding.lines import WORDS_OF_LINE_MAX, PageLines
from docgrid.page import Characters, Page, TextSource
from docgrid.schema import FieldType
from docgrid.values import DocumentLocale


def one_line(words: int) -> Page:
    """Words of two digits beside each other."""
    count = 2 * words
    left = np.arange(count, dtype=np.float32)
    edges = np.stack([left, np.zeros(count, np.float32), left + 1, np.full(count, 9, np.float32)], axis=1)
    word = (np.arange(count) // 2).astype(np.int32)
    code_points = np.full(count, ord("7"), np.uint32)
    return Page(1, count, 9, Characters(code_points, edges, np.ones(count, np.float32), word, word * 0), TextSource.TEXT_LAYER)


def test_a_very_long_line_comes_in_pieces_that_know_their_words_and_characters() -> None:
    page = PageLines(one_line(2 * WORDS_OF_LINE_MAX + 50), DocumentLocale())
    assert [line.last_word - line.first_word for line in page.lines] == [WORDS_OF_LINE_MAX, WORDS_OF_LINE_MAX, 50]
    last = page.lines[2]
    assert list(last.words_of(3, 5)) == [2 * WORDS_OF_LINE_MAX + 1]
    assert last.rows_of(3, 5) == (4 * WORDS_OF_LINE_MAX + 2, 4 * WORDS_OF_LINE_MAX + 3)
    assert page.line_of_word.tolist() == [0] * WORDS_OF_LINE_MAX + [1] * WORDS_OF_LINE_MAX + [2] * 50
    assert max(candidate.stop for candidate in page.candidates(2, FieldType.NUMBER)) <= len(last.text) == 149


def test_a_line_of_print_is_whole() -> None:
    assert len(PageLines(one_line(WORDS_OF_LINE_MAX), DocumentLocale()).lines) == 1
