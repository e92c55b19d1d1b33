"""The lines of a page as texts whose offsets lead back to characters and words."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from docgrid.page import Characters, Page
from docgrid.schema import FieldType
from docgrid.values import Candidate, DocumentLocale, find_candidates

WORDS_OF_LINE_MAX = 200  # a line of print has 30; work on a line grows with the square of its words


@dataclass(frozen=True, slots=True)
class Line:
    """One line, or a piece of a very long one: words `first_word` to `last_word` (exclusive), joined with a space in `text`."""

    text: str
    first_word: int
    last_word: int
    first_row: int  # character row of its first character
    word_offsets: tuple[int, ...]  # where each word begins in `text`

    def words_of(self, start: int, stop: int) -> range:
        """The words (rows of `Characters.words`) that a piece of the text touches."""
        offsets = self.word_offsets
        first = bisect_right(offsets, start) - 1
        last = bisect_left(offsets, stop)
        return range(self.first_word + first, self.first_word + last)

    def rows_of(self, start: int, stop: int) -> tuple[int, ...]:
        """The character rows of a piece of the text."""
        return tuple(
            self.first_row + offset - spaces
            for offset, spaces in zip(range(start, stop), self._spaces(start, stop), strict=True)
            if self.text[offset] != " "
        )

    def _spaces(self, start: int, stop: int) -> list[int]:
        """How many spaces stand before each offset."""
        before = self.text.count(" ", 0, start)
        counts = []
        for offset in range(start, stop):
            counts.append(before)
            before += self.text[offset] == " "
        return counts


class PageLines:
    """All lines of one page, with the typed candidates in them, each found once."""

    def __init__(self, page: Page, locale: DocumentLocale) -> None:
        self.page = page
        self.locale = locale
        self._candidates: dict[tuple[int, FieldType], list[Candidate]] = {}

    @property
    def characters(self) -> Characters:
        """The page's character table."""
        return self.page.characters

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """In reading order."""
        characters = self.characters
        if not len(characters):
            return ()
        starts = np.flatnonzero(np.diff(characters.word_lines, prepend=characters.word_lines[0] - 1)).tolist()
        stops = [*starts[1:], len(characters.word_starts)]
        return tuple(
            self._line(first, min(first + WORDS_OF_LINE_MAX, stop))
            for start, stop in zip(starts, stops, strict=True)
            for first in range(start, stop, WORDS_OF_LINE_MAX)
        )

    def _line(self, first: int, last: int) -> Line:
        words = self.characters.word_texts[first:last]
        offsets, offset = [], 0
        for word in words:
            offsets.append(offset)
            offset += len(word) + 1
        return Line(" ".join(words), first, last, int(self.characters.word_starts[first]), tuple(offsets))

    @cached_property
    def line_of_word(self) -> NDArray[np.int64]:
        """int64 [W]: row of `lines` for each word."""
        return np.repeat(np.arange(len(self.lines)), [line.last_word - line.first_word for line in self.lines])

    @cached_property
    def word_lengths(self) -> NDArray[np.float64]:
        """float64 [W]: characters of each word."""
        return (self.characters.word_stops - self.characters.word_starts).astype(np.float64)

    def candidates(self, line: int, type: FieldType) -> list[Candidate]:
        """The candidates of a line, amounts also with a currency mark that stands apart."""
        key = line, type
        if key not in self._candidates:
            self._candidates[key] = find_candidates(self.lines[line].text, type, self.locale, spaced_marks=True)
        return self._candidates[key]

    def rows_of_words(self, words: NDArray[np.int64]) -> tuple[int, ...]:
        """The character rows of some words, increasing."""
        starts, stops = self.characters.word_starts, self.characters.word_stops
        return tuple(row for word in words.tolist() for row in range(int(starts[word]), int(stops[word])))
