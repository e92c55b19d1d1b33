"""The nouns that reading hands on: characters, words, pages, documents.

The characters of a page live in arrays, one row a character, because a page has thousands of them and every later step works
on all at once. `Character` and `Word` are single rows of those arrays, for people and for tests.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from docgrid.geometry import Box


class TextSource(StrEnum):
    """Where the characters of a page come from."""

    TEXT_LAYER = "text_layer"
    OCR = "ocr"
    GIVEN = "given"  # a dataset brought the text along
    NONE = "none"  # a page without any character


@dataclass(frozen=True, slots=True)
class Character:
    """One visible character of a page."""

    text: str
    box: Box
    confidence: float  # 1.0 for a text layer, else what the OCR engine says, 0..1
    word: int
    line: int


@dataclass(frozen=True, slots=True)
class Word:
    """A run of characters without white space; `start` and `stop` are its rows in the character table."""

    text: str
    box: Box
    start: int
    stop: int
    line: int
    confidence: float  # the lowest of its characters


@dataclass(frozen=True)
class Characters:
    """The characters of one page in reading order, one row each. White space is not stored: it is the break between words.

    Words are runs of rows with one word index and lines are runs of words with one line index: both indices start at 0 and
    never decrease. A line is what stands on one baseline without a wide gap (a text line or one cell of a table), so words of
    one line join with a space and lines with a line break.

    Raises:
        ValueError: The arrays differ in length, or an index decreases.
    """

    code_points: NDArray[np.uint32]  # [N]
    boxes: NDArray[np.float32]  # [N, 4] left, top, right, bottom; points, origin top-left
    confidence: NDArray[np.float32]  # [N] 0..1
    word_index: NDArray[np.int32]  # [N]
    line_index: NDArray[np.int32]  # [N]

    def __post_init__(self) -> None:
        count = len(self.code_points)
        if self.boxes.shape != (count, 4):
            raise ValueError(f"{count} characters need boxes of shape ({count}, 4), not {self.boxes.shape}")
        for name in ("confidence", "word_index", "line_index"):
            if getattr(self, name).shape != (count,):
                raise ValueError(f"{count} characters need {name} of shape ({count},)")
        if count and (np.any(np.diff(self.word_index) < 0) or np.any(np.diff(self.line_index) < 0)):
            raise ValueError("characters are not in reading order: a word or line index decreases")

    def __len__(self) -> int:
        return len(self.code_points)

    @classmethod
    def empty(cls) -> Characters:
        """A page without text."""
        return cls(
            np.zeros(0, np.uint32),
            np.zeros((0, 4), np.float32),
            np.zeros(0, np.float32),
            np.zeros(0, np.int32),
            np.zeros(0, np.int32),
        )

    @classmethod
    def from_rows(cls, rows: Sequence[Character]) -> Characters:
        """Build the table from single characters, which must stand in reading order."""
        if not rows:
            return cls.empty()
        return cls(
            np.array([ord(row.text) for row in rows], np.uint32),
            np.array([(r.box.left, r.box.top, r.box.right, r.box.bottom) for r in rows], np.float32),
            np.array([row.confidence for row in rows], np.float32),
            np.array([row.word for row in rows], np.int32),
            np.array([row.line for row in rows], np.int32),
        )

    @cached_property
    def text(self) -> str:
        """All characters in a row, without spaces: `text[i]` is character i."""
        return self.code_points.astype("<u4").tobytes().decode("utf-32-le", errors="replace")

    def __iter__(self) -> Iterator[Character]:
        for row in range(len(self)):
            left, top, right, bottom = (float(edge) for edge in self.boxes[row])
            yield Character(
                self.text[row],
                Box(left, top, right, bottom),
                float(self.confidence[row]),
                int(self.word_index[row]),
                int(self.line_index[row]),
            )

    @cached_property
    def word_starts(self) -> NDArray[np.int64]:
        """int64 [W]: the first character row of each word."""
        if not len(self):
            return np.zeros(0, np.int64)
        return np.flatnonzero(np.diff(self.word_index, prepend=self.word_index[0] - 1))

    @cached_property
    def word_stops(self) -> NDArray[np.int64]:
        """int64 [W]: one past the last character row of each word."""
        return np.append(self.word_starts[1:], len(self)).astype(np.int64)[: len(self.word_starts)]

    @cached_property
    def word_rank(self) -> NDArray[np.int64]:
        """int64 [N]: which word (row of `words`) each character belongs to, also where word indices have holes."""
        return np.repeat(np.arange(len(self.word_starts)), self.word_stops - self.word_starts)

    @cached_property
    def word_boxes(self) -> NDArray[np.float32]:
        """float32 [W, 4] in points."""
        if not len(self):
            return np.zeros((0, 4), np.float32)
        starts = self.word_starts
        low = np.minimum.reduceat(self.boxes[:, :2], starts, axis=0)
        high = np.maximum.reduceat(self.boxes[:, 2:], starts, axis=0)
        return np.concatenate([low, high], axis=1).astype(np.float32)

    @cached_property
    def word_lines(self) -> NDArray[np.int32]:
        """int32 [W]: the line index of each word."""
        return self.line_index[self.word_starts]

    @cached_property
    def word_texts(self) -> tuple[str, ...]:
        """The text of each word."""
        text = self.text
        return tuple(text[a:b] for a, b in zip(self.word_starts.tolist(), self.word_stops.tolist(), strict=True))

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """All words in reading order."""
        return tuple(
            Word(
                self.word_texts[row],
                Box(*(float(edge) for edge in self.word_boxes[row])),
                int(start),
                int(stop),
                int(self.word_lines[row]),
                float(self.confidence[start:stop].min()),
            )
            for row, (start, stop) in enumerate(zip(self.word_starts, self.word_stops, strict=True))
        )

    def text_of(self, rows: NDArray[np.int64]) -> str:
        """The verbatim text of some characters: a space between words, a line break between lines.

        Args:
            rows: int [M], increasing character rows.
        """
        if len(rows) == 0:
            return ""
        parts = [self.text[int(rows[0])]]
        for before, row in zip(rows[:-1].tolist(), rows[1:].tolist(), strict=True):
            if self.line_index[row] != self.line_index[before]:
                parts.append("\n")
            elif self.word_index[row] != self.word_index[before]:
                parts.append(" ")
            parts.append(self.text[row])
        return "".join(parts)


@dataclass(frozen=True)
class OcrRun:
    """Which engine read a page, and how."""

    engine: str
    version: str
    language: str
    dpi: float
    rotated_degrees: float = 0.0  # by how much the picture was turned clockwise to stand upright


@dataclass(frozen=True)
class Page:
    """One page as displayed (rotation, CropBox and UserUnit applied); lengths in points, origin top-left."""

    number: int  # from 1
    width_pt: float
    height_pt: float
    characters: Characters
    source: TextSource
    rotation: int = 0  # degrees clockwise that the file asks for; already applied to everything here
    ocr: OcrRun | None = None
    warnings: tuple[str, ...] = ()

    @cached_property
    def text(self) -> str:
        """The whole page, words joined with spaces and lines with line breaks."""
        return self.characters.text_of(np.arange(len(self.characters)))


@dataclass(frozen=True)
class Document:
    """A file that was read: its pages in order."""

    path: Path
    sha256: str
    pages: tuple[Page, ...]
    reader: str = ""  # such as "pypdfium2 5.0.0"
    warnings: tuple[str, ...] = ()
    page_count: int = 0  # pages in the file, also those that were not asked for or failed
    metadata: dict[str, str] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether no page has a character."""
        return all(len(page.characters) == 0 for page in self.pages)
