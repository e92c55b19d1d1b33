"""From the characters of a page to its grid of alphabet indices, and from grid cells back to page units.

Shapes: N characters, H rows and W columns of cells. Boxes are [N, 4]: left, top, right, bottom. Cell (row y, column x) is the
square [x, x+1) x [y, y+1) in cell units; origin top-left.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from docgrid.chargrid.alphabet import BACKGROUND_INDEX, Alphabet
from docgrid.errors import UsageError
from docgrid.page import Page

NO_CHARACTER = -1  # in PageGrid.cell_character: an empty cell

_UNCLAIMED = np.uint64(0xFFFFFFFFFFFFFFFF)
_FAR = 1e6  # cells; edges beyond are moved here, so that squares stay finite
_EDGE_TOLERANCE = 1e-3  # cells; a box that reaches less far into a cell does not touch it (rounding of the scale)
_MAX_CLAIMS = 1 << 23  # cells claimed by all characters together, before boxes are cut to their middle
_TEXT_MARGIN = 0.02  # of the text's longer side, on each side
_MAX_TEXT_HEIGHT = 12.0  # cells; a text frame never blows the median character up beyond this


@dataclass(frozen=True, slots=True)
class GridSize:
    """Rows and columns of a grid.

    Raises:
        UsageError: A side is not positive.
    """

    height: int
    width: int

    def __post_init__(self) -> None:
        if self.height < 1 or self.width < 1:
            raise UsageError(f"a grid of {self.height} x {self.width} cells has no cell", hint="Use a size such as 336x256.")


class Frame(StrEnum):
    """Which part of the page is drawn into the grid."""

    PAGE = "page"
    TEXT = "text"  # the bounding box of the characters plus a margin: a receipt scanned on a large sheet


@dataclass(frozen=True, slots=True)
class GridTransform:
    """Page points to grid cells: `cells = points * scale + offset`; one scale, so shapes keep their aspect."""

    scale: float  # cells per point
    offset_x: float  # cells
    offset_y: float  # cells

    def to_cells(self, boxes: NDArray[np.floating]) -> NDArray[np.float32]:
        """Boxes from points to cells.

        Args:
            boxes: float [N, 4] in points.

        Returns:
            float32 [N, 4] in cells, not rounded and not clipped to the grid.
        """
        return np.clip(boxes * np.float64(self.scale) + self._offsets, -_FAR, _FAR).astype(np.float32)

    def to_points(self, boxes: NDArray[np.floating]) -> NDArray[np.float32]:
        """Boxes from cells to points, the inverse of `to_cells`."""
        return ((boxes - self._offsets) / np.float64(self.scale)).astype(np.float32)

    @property
    def _offsets(self) -> NDArray[np.float64]:
        return np.array([self.offset_x, self.offset_y, self.offset_x, self.offset_y])


@dataclass(frozen=True)
class PageGrid:
    """A page as the network sees it."""

    grid: NDArray[np.uint8]  # [H, W] alphabet indices; 0 = empty cell, 1 = a character outside the alphabet
    cell_character: NDArray[np.int32]  # [H, W] row in the page's character table, -1 = empty cell
    transform: GridTransform
    lost_characters: int  # characters that own no cell

    @property
    def size(self) -> GridSize:
        """Rows and columns."""
        return GridSize(*self.grid.shape)


def fit_transform(
    page_width_pt: float, page_height_pt: float, boxes: NDArray[np.float32], size: GridSize, frame: Frame = Frame.PAGE
) -> GridTransform:
    """The largest scale at which the frame fits the grid, its top-left corner in the grid's; the rest stays empty.

    Args:
        page_width_pt: Width of the page in points.
        page_height_pt: Height of the page in points.
        boxes: float [N, 4] in points; only looked at for `Frame.TEXT` (without characters that is the page).
        size: Of the grid.
        frame: Which part of the page to draw.

    Raises:
        ValueError: The page has no area.
    """
    if not (0 < page_width_pt < np.inf and 0 < page_height_pt < np.inf):
        raise ValueError(f"a page of {page_width_pt} x {page_height_pt} points has no area")
    page_scale = min(size.width / page_width_pt, size.height / page_height_pt)
    if frame is Frame.PAGE or len(boxes) == 0:
        return GridTransform(page_scale, 0.0, 0.0)
    left, top = np.clip(boxes[:, :2].min(axis=0), 0, [page_width_pt, page_height_pt]).tolist()
    right, bottom = np.clip(boxes[:, 2:].max(axis=0), 0, [page_width_pt, page_height_pt]).tolist()
    margin = _TEXT_MARGIN * max(right - left, bottom - top)
    left, top, right, bottom = left - margin, top - margin, right + margin, bottom + margin
    scale = min(size.width / max(right - left, 1e-6), size.height / max(bottom - top, 1e-6))
    median_height = float(np.median(boxes[:, 3] - boxes[:, 1]))
    tallest = _MAX_TEXT_HEIGHT / median_height if median_height > 0 else page_scale
    scale = min(scale, max(tallest, page_scale))
    return GridTransform(scale, -left * scale, -top * scale)


def rasterise(
    indices: NDArray[np.uint8], cell_boxes: NDArray[np.float32], size: GridSize
) -> tuple[NDArray[np.uint8], NDArray[np.int32]]:
    """Draw characters into a grid.

    A character fills every cell its box touches, at least one. Where boxes overlap, a cell goes to the character whose box
    centre is nearest to the middle of the cell, and of equally near ones to the first. Parts outside the grid are clipped;
    a character whose box lies wholly outside gets no cell.

    Args:
        indices: uint8 [N], what to draw for each character.
        cell_boxes: float32 [N, 4] in cells.
        size: Of the grid.

    Returns:
        The grid, uint8 [H, W], 0 where it is empty; and the character of each cell, int32 [H, W], -1 where it is empty.

    Source:
        Katti et al. 2018, Chargrid, https://aclanthology.org/D18-1476 (the representation); the rule for overlaps is docgrid's.
    """
    nearest = np.full(size.height * size.width, _UNCLAIMED)
    cell, key = _claims(np.clip(cell_boxes, -_FAR, _FAR).astype(np.float32), size)
    np.minimum.at(nearest, cell, key)
    owner = nearest.astype(np.uint32).view(np.int32)  # the lower half of the key; all ones, -1, where nothing claimed
    grid = np.append(indices, np.uint8(BACKGROUND_INDEX))[owner]  # index -1 reads the last entry
    return grid.reshape(size.height, size.width), owner.reshape(size.height, size.width)


def _claims(cell_boxes: NDArray[np.float32], size: GridSize) -> tuple[NDArray[np.int32], NDArray[np.uint64]]:
    """Every pair of a cell and a character whose box touches it: the cell's number, and a key whose least value wins.

    Squared distances are positive floats, which sort like their bits: one integer holds the distance, then the character.
    """
    edges = np.ascontiguousarray(cell_boxes.T)  # [4, N]: numpy is fast along the last axis only where that is long
    (first_column, first_row), (columns, rows) = _touched_cells(edges, size)
    centre_x, centre_y = (edges[:2] + edges[2:]) * np.float32(0.5) - np.float32(0.5)
    # Characters spread out to rows of cells, then rows to cells: most of the work is done once a row.
    character, along = _spread(rows)
    row = first_row[character] + along
    down = row.astype(np.float32) - centre_y[character]
    line, along = _spread(columns[character])
    column = first_column[character][line] + along
    across = column.astype(np.float32) - centre_x[character][line]
    distance = across * across + (down * down)[line]
    key = distance.view(np.uint32).astype(np.uint64) << np.uint64(32) | character.astype(np.uint64)[line]
    return column + (row * np.int32(size.width))[line], key


def _spread(counts: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """[2, 0, 3] to the source 0 0 2 2 2 and the position within it 0 1 0 1 2."""
    source = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    starts = np.cumsum(counts, dtype=np.int32) - counts
    return source, np.arange(len(source), dtype=np.int32) - starts[source]


def _touched_cells(edges: NDArray[np.float32], size: GridSize) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The first column and row, and how many columns and rows, of the cells each box touches inside the grid.

    Args:
        edges: float32 [4, N].
        size: Of the grid.

    Returns:
        int32 [2, N] twice; the extent is 0 for a box outside the grid or one that is not a number.
    """
    limits = np.array([[size.width], [size.height]], np.float32)
    low, high = edges[:2], np.maximum(edges[2:], edges[:2])
    inside = np.all((low < limits) & (high >= 0), axis=0)  # False for NaN
    low, high = np.where(inside, low, 0), np.where(inside, high, 0)
    first = np.floor(np.clip(low + np.float32(_EDGE_TOLERANCE), 0, limits - 1)).astype(np.int32)
    stop = np.ceil(np.clip(high - np.float32(_EDGE_TOLERANCE), 0, limits)).astype(np.int32)
    extent: NDArray[np.int32] = np.maximum(stop - first, 1) * inside.astype(np.int32)
    if np.multiply(extent[0], extent[1], dtype=np.int64).sum() > _MAX_CLAIMS:  # only a hostile page: thousands of huge boxes
        side = max(int((_MAX_CLAIMS / edges.shape[1]) ** 0.5), 1)
        first += np.maximum(extent - side, 0) // 2
        extent = np.minimum(extent, side)
    return first, extent


def grid_of_page(page: Page, alphabet: Alphabet, size: GridSize, frame: Frame = Frame.PAGE) -> PageGrid:
    """Draw the characters of a page as a grid of alphabet indices; the aspect is kept and the rest is padding.

    Args:
        page: Its characters, in points.
        alphabet: Gives each character its index.
        size: Of the grid, in cells.
        frame: Which part of the page to draw.

    Raises:
        ValueError: The page has no area.
    """
    characters = page.characters
    transform = fit_transform(page.width_pt, page.height_pt, characters.boxes, size, frame)
    grid, cell_character = rasterise(alphabet.indices(characters.code_points), transform.to_cells(characters.boxes), size)
    return PageGrid(grid, cell_character, transform, count_lost(cell_character, len(characters)))


def count_lost(cell_character: NDArray[np.int32], count: int) -> int:
    """How many of `count` characters own no cell."""
    drawn = np.zeros(count, bool)
    drawn[cell_character[cell_character >= 0]] = True  # most cells are empty
    return count - int(np.count_nonzero(drawn))
