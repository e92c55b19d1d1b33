"""How many characters of a page were read wrong, whichever order and pieces an engine reports them in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from docgrid.page import Characters

REACH = 0.25  # of the height of a true line: so far above and below it a character still belongs to it

Fold = Callable[[str], str]


@dataclass(frozen=True)
class Piece:
    """A text with its place, of a character, a word or a line; all pieces of a page in the same unit, origin top-left."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    @property
    def height(self) -> float:
        """Of the box."""
        return self.bottom - self.top


@dataclass(frozen=True)
class Errors:
    """What was read wrong; sums over pages."""

    edits: int = 0  # characters inserted, left out or taken for others
    characters: int = 0  # of the truth

    def __add__(self, other: Errors) -> Errors:
        return Errors(self.edits + other.edits, self.characters + other.characters)

    @property
    def rate(self) -> float:
        """Character error rate: edits for each true character; may exceed 1."""
        return self.edits / self.characters if self.characters else 0.0


def with_spaces(text: str) -> str:
    """The text with single spaces."""
    return " ".join(text.split())


def without_spaces(text: str) -> str:
    """The text without white space."""
    return re.sub(r"\s", "", text)


def without_accents(text: str) -> str:
    """The text without white space and without the marks on its letters: é is e, ł is l."""
    bare = text.translate(str.maketrans("łŁøØđĐ", "lLoOdD"))
    return "".join(letter for letter in unicodedata.normalize("NFD", without_spaces(bare)) if not unicodedata.combining(letter))


def words_of(characters: Characters, scale: float = 1.0) -> list[Piece]:
    """The words of a page; their boxes times `scale`."""
    boxes = (characters.word_boxes * scale).tolist()
    return [Piece(text, *box) for text, box in zip(characters.word_texts, boxes, strict=True)]


def lines_of(characters: Characters, scale: float = 1.0) -> list[Piece]:
    """The lines of a page; their boxes times `scale`."""
    pieces = []
    for number in np.unique(characters.line_index).tolist():
        rows = np.flatnonzero(characters.line_index == number)
        low, high = characters.boxes[rows, :2].min(axis=0) * scale, characters.boxes[rows, 2:].max(axis=0) * scale
        pieces.append(Piece(characters.text_of(rows), *low.tolist(), *high.tolist()))
    return pieces


def count_errors(truth: Sequence[Piece], read: Sequence[Piece], fold: Fold = with_spaces) -> Errors:
    """Compare what was read with the true lines of a page, line by line.

    A character that was read belongs to the true line in whose box its centre lies; where lines overlap, to the one whose
    middle is nearest. In a line, characters count from left to right. What lies on no line was invented.

    Args:
        truth: Lines.
        read: Pieces of any length; their characters stand evenly in their boxes.
        fold: What both texts pass through before they are compared.
    """
    texts, strays = _by_line(truth, read)
    edits = len(fold(strays))
    characters = 0
    for line, text in zip(truth, texts, strict=True):
        expected = fold(line.text)
        edits += Levenshtein.distance(expected, fold(text))
        characters += len(expected)
    return Errors(edits, characters)


def _by_line(truth: Sequence[Piece], read: Sequence[Piece]) -> tuple[list[str], str]:
    """What was read on each true line, with a space between pieces, and what lies on none."""
    on_line: list[list[tuple[float, int, str]]] = [[] for _ in truth]
    strays = []
    boxes = np.array([(line.left, line.top, line.right, line.bottom) for line in truth], np.float64).reshape(-1, 4)
    for number, piece in enumerate(read):
        step = (piece.right - piece.left) / max(len(piece.text), 1)
        middle = (piece.top + piece.bottom) / 2
        for place, character in enumerate(piece.text):
            x = piece.left + (place + 0.5) * step
            owner = _owner(boxes, x, middle)
            if owner is None:
                strays.append(character)
            else:
                on_line[owner].append((x, number, character))
    return [_joined(sorted(characters)) for characters in on_line], "".join(strays)


def _owner(boxes: NDArray[np.float64], x: float, y: float) -> int | None:
    left, top, right, bottom = boxes.T
    height = bottom - top
    inside = (left - height / 2 <= x) & (x <= right + height / 2) & (top - REACH * height <= y) & (y <= bottom + REACH * height)
    if not inside.any():
        return None
    across = np.maximum(np.maximum(left - x, x - right), 0)  # beside a line: the nearer one
    distance = np.where(inside, np.abs((top + bottom) / 2 - y) + across, np.inf)
    return int(distance.argmin())


def _joined(characters: list[tuple[float, int, str]]) -> str:
    parts: list[str] = []
    before: int | None = None
    for _, number, character in characters:
        if before is not None and number != before:
            parts.append(" ")
        parts.append(character)
        before = number
    return "".join(parts)
