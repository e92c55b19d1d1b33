"""Documents from datasets that bring text and boxes along: text lines or words -> the character table of a page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from docgrid.errors import DatasetError
from docgrid.files import sha256_of
from docgrid.labels import Occurrence
from docgrid.page import Characters, Document, Page, TextSource

WORD_GAP = 1.0  # heights; words of one row nearer than this are one line
_ROW_OVERLAP = 0.5  # two lines stand in one row when they share this part of the lower one's height


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line, or one word, of text with its box in points."""

    text: str
    box: tuple[float, float, float, float]  # left, top, right, bottom
    entity: int = -1  # what it belongs to, where the dataset says so


@dataclass(frozen=True, slots=True)
class GivenPage:
    """The text of one page as a dataset brings it, in `lines`, in single `words`, or in both; pixels or points."""

    number: int  # from 1
    width: float
    height: float
    lines: tuple[TextLine, ...] = ()
    words: tuple[TextLine, ...] = ()

    def as_words(self) -> tuple[TextLine, ...]:
        """Single words; lines are split at spaces, their width shared out among the characters."""
        return self.words or tuple(word for line in self.lines for word in words_of(line))

    def as_lines(self) -> tuple[TextLine, ...]:
        """Text lines; words of one row without a wide gap between them are joined."""
        return self.lines or joined(self.words)


def words_of(line: TextLine) -> list[TextLine]:
    """The words of a line with their share of its box."""
    left, top, right, bottom = line.box
    step = (right - left) / max(len(line.text), 1)
    found = re.finditer(r"\S+", line.text)
    return [TextLine(w.group(), (left + w.start() * step, top, left + w.end() * step, bottom), line.entity) for w in found]


def joined(words: Sequence[TextLine]) -> tuple[TextLine, ...]:
    """Words as text lines: those of one row that are nearer than a word's height are one line."""
    return tuple(
        TextLine(" ".join(word.text for word in run), around([word.box for word in run]), run[0].entity) for run in runs_of(words)
    )


def runs_of(words: Sequence[TextLine]) -> list[list[TextLine]]:
    """The words of each text line; see `joined`."""
    runs: list[list[TextLine]] = []
    for row in rows_of([word for word in words if word.text.strip()]):
        for place, word in enumerate(row):
            if place and word.box[0] - row[place - 1].box[2] < WORD_GAP * (word.box[3] - word.box[1]):
                runs[-1].append(word)
            else:
                runs.append([word])
    return runs


def around(boxes: Sequence[tuple[float, float, float, float]]) -> tuple[float, float, float, float]:
    """The smallest box that holds all of some boxes."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def document_from_pages(path: Path, pages: Sequence[GivenPage], *, reader: str) -> Document:
    """A document from the text that a dataset brings.

    Args:
        path: The file that the pages belong to.
        pages: In order.
        reader: Where the text comes from.
    """
    made = [
        page_from_lines((page.width, page.height), page.words, number=page.number, join_gap=WORD_GAP)
        if page.words
        else page_from_lines((page.width, page.height), page.lines, number=page.number)
        for page in pages
    ]
    return Document(path, sha256_of(path), tuple(made), reader=reader, page_count=len(made))


def document_from_lines(
    path: Path, size: tuple[float, float], lines: Sequence[TextLine], *, reader: str, join_gap: float = 0.0
) -> Document:
    """A one-page document from text lines.

    Args:
        path: The picture that the lines belong to.
        size: Width and height of the page in points.
        lines: In any order.
        reader: Where the text comes from.
        join_gap: See `page_from_lines`.
    """
    page = page_from_lines(size, lines, join_gap=join_gap)
    return Document(path, sha256_of(path), (page,), reader=reader, page_count=1)


def page_from_lines(size: tuple[float, float], lines: Sequence[TextLine], *, number: int = 1, join_gap: float = 0.0) -> Page:
    """A page from text lines: rows from top to bottom, lines of one row from left to right.

    Words are split at spaces; the box of a line is shared out among its characters, spaces included, in equal widths.

    Args:
        size: Width and height of the page in points.
        lines: In any order.
        number: Of the page, from 1.
        join_gap: Lines of one row that are nearer than so many of their heights are one line (where `lines` are single words).
    """
    codes: list[int] = []
    boxes: list[tuple[float, float, float, float]] = []
    words: list[int] = []
    line_numbers: list[int] = []
    word = line_number = -1
    for row in rows_of(lines):
        before: TextLine | None = None
        for line in row:
            if before is None or line.box[0] - before.box[2] >= join_gap * (line.box[3] - line.box[1]):
                line_number += 1
            before = line
            left, top, right, bottom = line.box
            step = (right - left) / max(len(line.text), 1)
            inside = False
            for place, character in enumerate(line.text):
                if character.isspace():
                    inside = False
                    continue
                if not inside:
                    word += 1
                    inside = True
                codes.append(ord(character))
                boxes.append((left + place * step, top, left + (place + 1) * step, bottom))
                words.append(word)
                line_numbers.append(line_number)
    characters = Characters(
        np.array(codes, np.uint32),
        np.array(boxes, np.float32).reshape(-1, 4),
        np.ones(len(codes), np.float32),
        np.array(words, np.int32),
        np.array(line_numbers, np.int32),
    )
    source = TextSource.GIVEN if codes else TextSource.NONE
    return Page(number, float(size[0]), float(size[1]), characters, source)


def places_of_entities(lines: Sequence[TextLine], *, page: int = 1) -> dict[int, Occurrence]:
    """The characters of each entity on the page that `page_from_lines` makes of the same lines."""
    rows: dict[int, list[int]] = {}
    first = 0
    for line in (line for row in rows_of(lines) for line in row):
        count = sum(1 for character in line.text if not character.isspace())
        rows.setdefault(line.entity, []).extend(range(first, first + count))
        first += count
    return {entity: Occurrence(page, tuple(found)) for entity, found in rows.items() if entity >= 0 and found}


def rows_of(lines: Sequence[TextLine]) -> list[list[TextLine]]:
    """Lines sorted into rows: a line joins the row above it when half of the lower of the two heights overlaps."""
    rows: list[list[TextLine]] = []
    for line in sorted(lines, key=lambda line: line.box[1] + line.box[3]):
        if rows and _same_row(rows[-1][0], line):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda line: line.box[0]) for row in rows]


def _same_row(first: TextLine, second: TextLine) -> bool:
    overlap = min(first.box[3], second.box[3]) - max(first.box[1], second.box[1])
    height = min(first.box[3] - first.box[1], second.box[3] - second.box[1])
    return overlap > _ROW_OVERLAP * height


def picture_size(path: Path) -> tuple[int, int]:
    """Width and height of a picture in pixels, from its header.

    Raises:
        DatasetError: It is damaged.
    """
    try:
        with Image.open(path) as picture:
            return picture.size
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise DatasetError(f"{path} cannot be read: {error}", hint="Restore the file from the dataset.") from error
