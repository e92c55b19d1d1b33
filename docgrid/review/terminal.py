"""A page drawn in the terminal: the chargrid as blocks, or the text where it stands; fields in colour."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from rich.style import Style
from rich.text import Text

from docgrid.chargrid import BACKGROUND_INDEX, UNKNOWN_INDEX, Alphabet, PageGrid
from docgrid.page import Page
from docgrid.review.marks import Mark, colours_of, marked_characters
from docgrid.review.plain import printable

_LETTER, _DIGIT, _SIGN, _UNKNOWN = (150, 150, 150), (90, 190, 220), (200, 190, 110), (220, 90, 90)
_LOWER_HALF = "\u2584"  # its ink is the lower sample of a terminal cell, its ground the upper one
_UPPER_HALF = "\u2580"


class Drawing(StrEnum):
    """How a page is drawn."""

    BLOCKS = "blocks"  # the grid itself, two rows of it in one line of the terminal
    TEXT = "text"  # the characters of the page near where they stand


def draw_blocks(page: Page, grid: PageGrid, alphabet: Alphabet, marks: Sequence[Mark] = (), *, columns: int) -> list[Text]:
    """The chargrid as half blocks: letters grey, digits blue, signs yellow, unknown characters red; marked ones in their colour.

    Args:
        page: The page that `grid` was drawn from.
        grid: Its chargrid.
        alphabet: Of the grid.
        marks: Fields on this page.
        columns: Width of the terminal; a wider grid is thinned out.

    Returns:
        One text a line.
    """
    colours = _cell_colours(page, grid, alphabet, marks)  # [H, W, 3], -1 where empty
    step = max(1, -(-_used(grid)[1] // columns))
    colours = _thinned(colours[: _used(grid)[0], : _used(grid)[1]], step)
    if len(colours) % 2:
        colours = np.concatenate([colours, np.full((1, *colours.shape[1:]), -1, colours.dtype)])
    return [_block_line(colours[row], colours[row + 1]) for row in range(0, len(colours), 2)]


def _used(grid: PageGrid) -> tuple[int, int]:
    """Rows and columns up to the last one with a character."""
    rows, columns = np.nonzero(grid.grid != BACKGROUND_INDEX)
    return (int(rows.max()) + 1, int(columns.max()) + 1) if len(rows) else (1, 1)


def _cell_colours(page: Page, grid: PageGrid, alphabet: Alphabet, marks: Sequence[Mark]) -> NDArray[np.int16]:
    palette = np.full((alphabet.size, 3), -1, np.int16)
    palette[UNKNOWN_INDEX] = _UNKNOWN
    for index, character in enumerate(alphabet.characters, start=UNKNOWN_INDEX + 1):
        palette[index] = _DIGIT if character.isdigit() else _LETTER if character.isalpha() else _SIGN
    colours = palette[grid.grid]
    if marks:
        names = colours_of(mark.name for mark in marks)
        by_mark = np.array([names[mark.name] for mark in marks], np.int16)
        owner = np.append(marked_characters(page, marks), -1)  # the last entry stands for empty cells, index -1
        cell_owner = owner[grid.cell_character]
        colours[cell_owner >= 0] = by_mark[cell_owner[cell_owner >= 0]]
    return colours


def _thinned(colours: NDArray[np.int16], step: int) -> NDArray[np.int16]:
    """Every step x step cells as one: the mean colour of those that are not empty."""
    if step == 1:
        return colours
    height, width = (-(-side // step) * step for side in colours.shape[:2])
    padded = np.full((height, width, 3), -1, np.int16)
    padded[: colours.shape[0], : colours.shape[1]] = colours
    tiles = padded.reshape(height // step, step, width // step, step, 3).swapaxes(1, 2).reshape(-1, step * step, 3)
    filled = tiles[:, :, :1] >= 0
    count = filled.sum(axis=1)
    mean = np.where(filled, tiles, 0).sum(axis=1) // np.maximum(count, 1)
    return np.where(count > 0, mean, -1).astype(np.int16).reshape(height // step, width // step, 3)


def _block_line(upper: NDArray[np.int16], lower: NDArray[np.int16]) -> Text:
    line = Text(no_wrap=True, end="")
    for above, below in zip(upper.tolist(), lower.tolist(), strict=True):
        if above[0] < 0 and below[0] < 0:
            line.append(" ")
        elif above[0] < 0:
            line.append(_LOWER_HALF, Style(color=_rgb(below)))
        elif below[0] < 0:
            line.append(_UPPER_HALF, Style(color=_rgb(above)))
        else:
            line.append(_UPPER_HALF, Style(color=_rgb(above), bgcolor=_rgb(below)))
    line.rstrip()
    return line


def _rgb(colour: Sequence[int]) -> str:
    return f"rgb({colour[0]},{colour[1]},{colour[2]})"


def draw_text(page: Page, marks: Sequence[Mark] = (), *, columns: int) -> list[Text]:
    """The words of a page near where they stand, marked ones in their colour.

    Args:
        page: What to draw.
        marks: Fields on this page.
        columns: Width of the terminal. A word whose place is taken moves right; what does not fit is cut.

    Returns:
        One text a line; empty lines are left out where more than one follow each other.
    """
    owner = marked_characters(page, marks)
    names = colours_of(mark.name for mark in marks)
    table = page.characters
    rows = _row_of_words(page)
    lines: dict[int, Text] = {}
    for number in np.lexsort((table.word_boxes[:, 0], rows)).tolist():
        line = lines.setdefault(int(rows[number]), Text(no_wrap=True, end=""))
        wanted = int(table.word_boxes[number, 0] / page.width_pt * columns)
        line.append(" " * max(wanted - line.cell_len, 1 if line.cell_len else 0))
        start, stop = int(table.word_starts[number]), int(table.word_stops[number])
        for row in range(start, stop):
            style = Style(color=_rgb(names[marks[owner[row]].name]), bold=True) if owner[row] >= 0 else Style()
            line.append(printable(table.text[row]), style)
    for line in lines.values():
        line.truncate(columns)
    return _with_gaps(lines)


def _row_of_words(page: Page) -> NDArray[np.int64]:
    """The line of the terminal for each word: text lines on the same height share one, others follow each other."""
    boxes = page.characters.word_boxes
    if not len(boxes):
        return np.zeros(0, np.int64)
    middles = (boxes[:, 1] + boxes[:, 3]) / 2
    height = float(np.median(boxes[:, 3] - boxes[:, 1])) or 1.0
    order = np.argsort(middles, kind="stable")
    rows = np.zeros(len(boxes), np.int64)
    row, reference = 0, float(middles[order[0]])
    for number in order.tolist():
        below = float(middles[number]) - reference
        if below > 0.6 * height:
            row += 2 if below > 2.2 * height else 1
            reference = float(middles[number])
        rows[number] = row
    return rows


def _with_gaps(lines: dict[int, Text]) -> list[Text]:
    drawn: list[Text] = []
    for row in range(max(lines, default=-1) + 1):
        if row in lines:
            drawn.append(lines[row])
        elif drawn and drawn[-1].plain:
            drawn.append(Text(end=""))
    return drawn


def legend(marks: Sequence[Mark]) -> Text:
    """The names of the fields in their colours."""
    line = Text()
    for name, colour in colours_of(mark.name for mark in marks).items():
        line.append("\u25a0 ", Style(color=_rgb(colour)))
        line.append(printable(name) + "  ")
    return line
