"""An index of a document's text for finding values: its lines with folded text, their neighbours, and typed candidates."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from docgrid.page import Document, Page
from docgrid.schema import FieldType
from docgrid.values import Candidate, DocumentLocale, decide_locale, find_candidates, fold

_JOINTS = "-/_\\@"
_BELOW = 3  # so many neighbours below a line are tried
_MAX_GAP = 1.6  # a line below stands at most this many line heights away


@lru_cache(maxsize=65536)
def fold_character(character: str) -> str:
    """One character as `fold` leaves it: "" for punctuation, possibly two letters for one sign."""
    return fold(character)


@lru_cache(maxsize=4096)
def is_alphanumeric(character: str) -> bool:
    """Whether a character takes part in comparing."""
    return unicodedata.category(character)[0] in "LN"


@dataclass(frozen=True, eq=False)
class Segment:
    """One line of a page (a text line or one cell of a table): rows `start` to `stop` of its character table."""

    page: int  # index into the document's pages, from 0
    number: int  # index into the page's segments, in reading order
    start: int
    stop: int
    text: str  # words joined with a space
    rows: tuple[int, ...]  # for each character of `text` its row; -1 for a space
    folded: str
    folded_rows: tuple[int, ...]  # for each character of `folded` its row
    box: tuple[float, float, float, float]

    @property
    def height(self) -> float:
        """In points, never 0."""
        return max(self.box[3] - self.box[1], 1.0)

    @cached_property
    def word_offsets(self) -> tuple[int, ...]:
        """Offsets into `folded` at which a word begins."""
        offsets = []
        place = 0
        for word in self.text.split(" "):
            offsets.append(place)
            place += sum(len(fold_character(character)) for character in word)
        return tuple(sorted({offset for offset in offsets if offset < len(self.folded)}))


class PageIndex:
    """The segments of one page and who stands beside and below whom."""

    def __init__(self, page: Page, index: int) -> None:
        self.page = page
        self.index = index
        self.segments = _segments_of(page, index)
        self._successors: dict[int, tuple[Segment, ...]] = {}

    @cached_property
    def boxes(self) -> NDArray[np.float32]:
        """float32 [S, 4]."""
        return np.array([segment.box for segment in self.segments], np.float32).reshape(-1, 4)

    @cached_property
    def word_first(self) -> NDArray[np.bool_]:
        """Bool [N]: whether a character begins a word."""
        first = np.zeros(len(self.page.characters), bool)
        first[self.page.characters.word_starts] = True
        return first

    def segment_of(self, row: int) -> Segment:
        """The line that holds a character."""
        return self.segments[int(np.searchsorted(self._starts, row, side="right")) - 1]

    @cached_property
    def _starts(self) -> NDArray[np.int64]:
        return np.array([segment.start for segment in self.segments], np.int64)

    def successors(self, segment: Segment) -> tuple[Segment, ...]:
        """Where a text may go on after a line: next in reading order, right of it, and the nearest below it."""
        if segment.number not in self._successors:
            self._successors[segment.number] = self._find_successors(segment)
        return self._successors[segment.number]

    def _find_successors(self, segment: Segment) -> tuple[Segment, ...]:
        boxes = self.boxes
        left, top, right, bottom = segment.box
        found: list[int] = []
        if segment.number + 1 < len(self.segments):
            found.append(segment.number + 1)
        middle = (boxes[:, 1] + boxes[:, 3]) / 2
        beside = np.flatnonzero((middle > top) & (middle < bottom) & (boxes[:, 0] >= right - 1))
        if len(beside):
            found.append(int(beside[np.argmin(boxes[beside, 0])]))
        overlap = np.minimum(boxes[:, 2], right) - np.maximum(boxes[:, 0], left)
        gap = boxes[:, 1] - bottom
        below = np.flatnonzero((overlap > 0) & (middle > bottom - 0.2 * segment.height) & (gap < _MAX_GAP * segment.height))
        order = np.lexsort((np.abs(boxes[below, 0] - left), np.round(gap[below] / segment.height, 1)))
        found += [int(row) for row in below[order[:_BELOW]]]
        unique = dict.fromkeys(number for number in found if number != segment.number)
        return tuple(self.segments[number] for number in unique)

    def words_below(self, segment: Segment, left: float) -> list[tuple[Segment, int]]:
        """Words inside the lines just below a line that begin at a given left edge: a column whose cells were read as one line.

        Returns:
            The line and the offset of the word in its folded text.
        """
        tolerance = 0.6 * segment.height
        gap = self.boxes[:, 1] - segment.box[3]
        rows = np.flatnonzero((gap > -0.5 * segment.height) & (gap < _MAX_GAP * segment.height))
        found = []
        for row in rows.tolist():
            below = self.segments[row]
            if below.number == segment.number or below.box[0] > left + tolerance or below.box[2] < left:
                continue
            for offset in below.word_offsets:
                if offset and abs(float(self.page.characters.boxes[below.folded_rows[offset], 0]) - left) < tolerance:
                    found.append((below, offset))
        return found

    def starts_word(self, row: int) -> bool:
        """Whether nothing that counts in comparing stands before a character in its word."""
        return bool(self.word_first[row]) or not is_alphanumeric(self.page.characters.text[row - 1])

    def ends_word(self, row: int) -> bool:
        """Whether nothing that counts in comparing stands after a character in its word."""
        after = row + 1
        if after >= len(self.page.characters) or bool(self.word_first[after]):
            return True
        return not is_alphanumeric(self.page.characters.text[after])

    def is_joined(self, first: int, last: int) -> bool:
        """Whether a stretch that begins and ends words is a part of a compound: 471102 in GE2020211-471102, a web address."""
        characters = self.page.characters
        text = characters.text
        before, after = first - 1, last + 1
        if not self.word_first[first] and before > 0 and text[before] in _JOINTS and not self.word_first[before]:
            return True
        inside = after + 1 < len(text) and not self.word_first[after] and not self.word_first[after + 1]
        if inside and text[after] in _JOINTS and is_alphanumeric(text[after + 1]):
            return True
        start, stop = (int(edges[characters.word_rank[first]]) for edges in (characters.word_starts, characters.word_stops))
        word = text[start:stop].casefold()
        return "@" in word or "www." in word or "://" in word


def _segments_of(page: Page, index: int) -> tuple[Segment, ...]:
    characters = page.characters
    if not len(characters):
        return ()
    text = characters.text
    starts = np.flatnonzero(np.diff(characters.line_index, prepend=characters.line_index[0] - 1))
    stops = np.append(starts[1:], len(characters))
    low = np.minimum.reduceat(characters.boxes[:, :2], starts, axis=0).tolist()
    high = np.maximum.reduceat(characters.boxes[:, 2:], starts, axis=0).tolist()
    word_first = set(characters.word_starts.tolist())
    segments = []
    for number, (start, stop) in enumerate(zip(starts.tolist(), stops.tolist(), strict=True)):
        parts: list[str] = []
        rows: list[int] = []
        folded: list[str] = []
        folded_rows: list[int] = []
        for row in range(start, stop):
            if row != start and row in word_first:
                parts.append(" ")
                rows.append(-1)
            character = text[row]
            parts.append(character)
            rows.append(row)
            plain = fold_character(character)
            if plain:
                folded.append(plain)
                folded_rows.extend([row] * len(plain))
        box = (low[number][0], low[number][1], high[number][0], high[number][1])
        segments.append(
            Segment(index, number, start, stop, "".join(parts), tuple(rows), "".join(folded), tuple(folded_rows), box)
        )
    return tuple(segments)


class DocumentIndex:
    """All that is needed to look for values in a document; built once, asked for each value."""

    def __init__(self, document: Document, locale: DocumentLocale | None = None) -> None:
        self.document = document
        self.pages = tuple(PageIndex(page, index) for index, page in enumerate(document.pages))
        self._locale = locale
        self._candidates: dict[FieldType, list[tuple[Segment, Candidate]]] = {}

    @cached_property
    def locale(self) -> DocumentLocale:
        """How the document writes numbers and dates."""
        if self._locale is not None:
            return self._locale
        return decide_locale([segment.text for page in self.pages for segment in page.segments])

    @property
    def segments(self) -> list[Segment]:
        """All segments in reading order."""
        return [segment for page in self.pages for segment in page.segments]

    def candidates(self, kind: FieldType) -> list[tuple[Segment, Candidate]]:
        """Every text of the document that reads as a value of the type."""
        if kind not in self._candidates:
            self._candidates[kind] = [
                (segment, candidate)
                for page in self.pages
                for segment in page.segments
                for candidate in find_candidates(segment.text, kind, self.locale)
            ]
        return self._candidates[kind]

    @cached_property
    def date_boxes(self) -> tuple[NDArray[np.float32], ...]:
        """For each page float32 [D, 4]: the box of the first character of every date."""
        boxes: list[list[NDArray[np.float32]]] = [[] for _ in self.pages]
        for segment, candidate in self.candidates(FieldType.DATE):
            row = segment.rows[candidate.start]
            boxes[segment.page].append(self.pages[segment.page].page.characters.boxes[row])
        return tuple(np.array(page, np.float32).reshape(-1, 4) for page in boxes)
