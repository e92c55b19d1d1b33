"""Glyphs with boxes, in any order -> characters in words, lines and reading order. Vectorised: a page costs about a millisecond.

Pieces are glyphs that follow one another on one baseline in the order they were given (in a PDF mostly a word or a line).
Pieces that continue one another on the page are linked into lines; a gap wider than `LINE_GAP` character heights cuts, so table
cells and columns become lines of their own. Lines are read by rows, top to bottom, and left to right within a row.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from docgrid.page import Characters

# All in heights of a character, which is about one em.
LINE_GAP = 1.6  # a wider gap starts a new line (a cell, a column)
WORD_GAP = 0.16  # a space measures 0.2 to 0.33 em
PIECE_GAP = 0.4  # a wider gap may be filled by something drawn later
BASELINE_SHIFT = 0.5  # centres further apart stand on different lines
OVERLAP = 0.6  # how far a glyph may reach back over the one before it
DUPLICATE_SHIFT = 0.12  # overprinted glyphs (fake bold) lie closer than this
LIKE_SIZE = 0.4  # a line does not mix characters smaller than this share of one another

PAIRS_MAX = 4_000_000  # more candidate neighbours than this are not compared; only a hostile page has them

SKEWED = -1  # a glyph that stands at no right angle


@dataclass(frozen=True)
class Glyphs:
    """Raw glyphs in the order the page draws them or the OCR engine reports them; no white space among them.

    Attributes:
        code_points: uint32 [N].
        boxes: float32 [N, 4] in points of the displayed page.
        confidence: float32 [N], 0..1.
        breaks: bool [N], whether white space stood before the glyph.
        turns: int8 [N] in 0..3, by how many quarters clockwise the glyph is turned, or `SKEWED`; None: all upright.
        skew: By how many points upright lines sink per point to the right.
    """

    code_points: NDArray[np.uint32]
    boxes: NDArray[np.float32]
    confidence: NDArray[np.float32]
    breaks: NDArray[np.bool_]
    turns: NDArray[np.int8] | None = None
    skew: float = 0.0

    def take(self, rows: NDArray[np.int64]) -> Glyphs:
        """Some of the glyphs, in the order of `rows`."""
        return Glyphs(
            self.code_points[rows],
            self.boxes[rows],
            self.confidence[rows],
            self.breaks[rows],
            None if self.turns is None else self.turns[rows],
            self.skew,
        )


def order_characters(
    code_points: NDArray[np.uint32],
    boxes: NDArray[np.float32],
    confidence: NDArray[np.float32],
    breaks: NDArray[np.bool_],
    turns: NDArray[np.int8] | None = None,
    *,
    skew: float = 0.0,
) -> Characters:
    """Group glyphs into words and lines and bring them into reading order; overprinted copies are dropped.

    Args:
        code_points: uint32 [N], no white space.
        boxes: float32 [N, 4], points, origin top-left.
        confidence: float32 [N].
        breaks: bool [N], whether white space stood before the glyph in the given order.
        turns: int8 [N], quarters clockwise by which a glyph is turned, or `SKEWED`; None: all upright.
        skew: By how many points upright lines sink per point to the right; only the order depends on it, not the boxes.
    """
    glyphs = _drop_duplicates(Glyphs(code_points, boxes, confidence, breaks, turns, skew))
    if not len(glyphs.code_points):
        return Characters.empty()
    if glyphs.turns is None or not glyphs.turns.any():
        order, words, lines = _arrange(_straighten(glyphs.boxes, skew), glyphs.breaks)
    else:
        order, words, lines = _arrange_turned(glyphs, glyphs.turns)
    return Characters(glyphs.code_points[order], glyphs.boxes[order], glyphs.confidence[order], words, lines)


Arrangement = tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32]]  # glyph order, word and line of each in that order


def _arrange_turned(glyphs: Glyphs, turns: NDArray[np.int8]) -> Arrangement:
    """Upright glyphs first, then those of each other direction, each arranged in a frame in which it stands upright."""
    orders, words, lines = [], [], []
    word_count = line_count = 0
    for turn in (0, 1, 2, 3, SKEWED):
        rows = np.flatnonzero(turns == turn)
        if not len(rows):
            continue
        arrange = _arrange_skewed if turn == SKEWED else _arrange
        boxes = _turn_upright(glyphs.boxes[rows], turn)
        order, word, line = arrange(_straighten(boxes, glyphs.skew if turn == 0 else 0.0), glyphs.breaks[rows])
        orders.append(rows[order])
        words.append(word + word_count)
        lines.append(line + line_count)
        word_count += int(word[-1]) + 1
        line_count += int(line[-1]) + 1
    return np.concatenate(orders), np.concatenate(words).astype(np.int32), np.concatenate(lines).astype(np.int32)


def _straighten(boxes: NDArray[np.float32], skew: float) -> NDArray[np.float32]:
    """Boxes shifted up or down so that skewed lines become level."""
    if not skew:
        return boxes
    sunk = np.float32(skew / 2) * (boxes[:, 0] + boxes[:, 2])
    straight = boxes.copy()
    straight[:, 1] -= sunk
    straight[:, 3] -= sunk
    return straight


def _turn_upright(boxes: NDArray[np.float32], turn: int) -> NDArray[np.float32]:
    """Boxes in a frame in which glyphs turned clockwise by `turn` quarters run from left to right."""
    left, top, right, bottom = boxes.T
    if turn == 1:  # runs downwards
        return np.stack([top, -right, bottom, -left], axis=1)
    if turn == 2:
        return np.stack([-right, -bottom, -left, -top], axis=1)
    if turn == 3:  # runs upwards
        return np.stack([-bottom, left, -top, right], axis=1)
    return boxes


def _arrange_skewed(boxes: NDArray[np.float32], breaks: NDArray[np.bool_]) -> Arrangement:
    """Glyphs at odd angles keep their given order; a jump starts a new line."""
    count = len(boxes)
    centres = (boxes[:, :2] + boxes[:, 2:]) / 2
    sizes = (boxes[:, 2:] - boxes[:, :2]).max(axis=1)
    jump = np.ones(count, np.bool_)
    jump[1:] = np.hypot(*np.diff(centres, axis=0).T) > 2.5 * np.maximum(sizes[1:], sizes[:-1])
    words = np.cumsum(jump | breaks) - 1
    return np.arange(count), (words - words[0]).astype(np.int32), (np.cumsum(jump) - 1).astype(np.int32)


def _arrange(boxes: NDArray[np.float32], breaks: NDArray[np.bool_]) -> Arrangement:
    """Arrange upright glyphs; see the head of this module."""
    count = len(boxes)
    left, top, right, bottom = np.ascontiguousarray(boxes.T)
    heights = np.maximum(bottom - top, 1e-3)
    middles = (top + bottom) * np.float32(0.5)

    smaller = np.minimum(heights[1:], heights[:-1])
    gaps = left[1:] - right[:-1]
    starts = np.ones(count, np.bool_)
    starts[1:] = (
        (np.abs(middles[1:] - middles[:-1]) > BASELINE_SHIFT * smaller)
        | (gaps > PIECE_GAP * smaller)
        | (left[1:] < left[:-1])
        | (gaps < -OVERLAP * np.maximum(heights[1:], heights[:-1]))
    )
    first = np.flatnonzero(starts)
    piece_rank, piece_line = _order_pieces(left, right, middles, heights, first)

    piece_of_glyph = np.cumsum(starts) - 1
    order = np.argsort(piece_rank[piece_of_glyph], kind="stable")
    lines = piece_line[piece_of_glyph[order]]

    # Words: in the final order, white space between neighbours in the given order, or a gap on the page.
    gap = left[order][1:] - right[order][:-1]
    height = np.minimum(heights[order][1:], heights[order][:-1])
    followed = order[1:] == order[:-1] + 1
    new_word = (lines[1:] != lines[:-1]) | (breaks[order][1:] & followed) | (gap > WORD_GAP * height)
    words = np.zeros(count, np.int32)
    np.cumsum(new_word, out=words[1:])
    return order, words, lines


def _order_pieces(
    left: NDArray[np.float32],
    right: NDArray[np.float32],
    middles: NDArray[np.float32],
    heights: NDArray[np.float32],
    first: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Link pieces into lines and sort the lines by rows.

    Args:
        left: float32 [N] left edge of each glyph; likewise `right`, `middles` (vertical centres) and `heights`.
        right: float32 [N].
        middles: float32 [N].
        heights: float32 [N].
        first: int [P], the first glyph of each piece.

    Returns:
        int64 [P], the rank of each piece in reading order, and int32 [P], the line of each piece.
    """
    counts = np.diff(first, append=len(left))
    piece_left = left[first]
    piece_right = np.maximum.reduceat(right, first)
    piece_middle = (np.add.reduceat(middles, first) / counts).astype(np.float32)
    piece_height = (np.add.reduceat(heights, first) / counts).astype(np.float32)
    successor = _link_pieces(piece_left, piece_right, piece_middle, piece_height)

    has_predecessor = np.zeros(len(first), np.bool_)
    has_predecessor[successor[successor >= 0]] = True
    heads = _sort_by_rows(np.flatnonzero(~has_predecessor), piece_left, piece_middle, piece_height)

    rank = np.zeros(len(first), np.int64)
    line = np.zeros(len(first), np.int32)
    following = successor.tolist()
    position = 0
    for number, head in enumerate(heads):
        piece = head
        while piece >= 0:
            rank[piece], line[piece] = position, number
            position += 1
            piece = following[piece]
    return rank, line


def _link_pieces(
    left: NDArray[np.float32], right: NDArray[np.float32], middle: NDArray[np.float32], height: NDArray[np.float32]
) -> NDArray[np.int64]:
    """int64 [P]: the piece that continues each piece to the right on its baseline, or -1."""
    count = len(left)
    successor = np.full(count, -1, np.int64)
    by_middle = np.argsort(middle, kind="stable")
    ranks = np.arange(count)
    sorted_middle, reach = middle[by_middle], BASELINE_SHIFT * height[by_middle]
    stop = np.searchsorted(sorted_middle, sorted_middle + reach, side="right")
    start = np.searchsorted(sorted_middle, sorted_middle - reach, side="left")
    candidates = stop - start
    total = int(candidates.sum())
    if total > PAIRS_MAX:
        return successor
    first = np.repeat(ranks, candidates)
    second = np.arange(total) - np.repeat(np.cumsum(candidates) - candidates, candidates) + np.repeat(start, candidates)
    first, second = by_middle[first], by_middle[second]

    smaller = np.minimum(height[first], height[second])
    gap = left[second] - right[first]
    fits = (
        (first != second)
        & (gap <= LINE_GAP * smaller)
        & (gap >= -0.5 * smaller)
        & (left[second] > left[first])
        & (np.abs(middle[first] - middle[second]) <= BASELINE_SHIFT * smaller)
        & (smaller >= LIKE_SIZE * np.maximum(height[first], height[second]))
    )
    first, second, distance = first[fits], second[fits], np.abs(gap[fits])
    nearest_after = _nearest(first, second, distance, count)
    nearest_before = _nearest(second, first, distance, count)
    mutual = (nearest_after >= 0) & (nearest_before[nearest_after] == ranks)
    successor[mutual] = nearest_after[mutual]
    return successor


def _nearest(of: NDArray[np.int64], candidate: NDArray[np.int64], distance: NDArray[np.float32], count: int) -> NDArray[np.int64]:
    """int64 [count]: the candidate with the smallest distance of each piece, or -1."""
    nearest = np.full(count, -1, np.int64)
    far_first = np.argsort(-distance, kind="stable")
    nearest[of[far_first]] = candidate[far_first]  # the last write wins, which is the nearest
    return nearest


def _sort_by_rows(
    heads: NDArray[np.int64], left: NDArray[np.float32], middle: NDArray[np.float32], height: NDArray[np.float32]
) -> list[int]:
    """Line heads from top to bottom, those on one row from left to right."""
    by_middle = heads[np.argsort(middle[heads], kind="stable")]
    rows = np.zeros(len(by_middle), np.int64)
    row = -1
    row_middle = row_height = 0.0
    for index, (y, h) in enumerate(zip(middle[by_middle].tolist(), height[by_middle].tolist(), strict=True)):
        if row < 0 or y - row_middle > BASELINE_SHIFT * min(h, row_height):
            row, row_middle, row_height = row + 1, y, h
        rows[index] = row
    ordered: list[int] = by_middle[np.lexsort((left[by_middle], rows))].tolist()
    return ordered


def _drop_duplicates(glyphs: Glyphs) -> Glyphs:
    """Remove glyphs that are drawn again at nearly the same place; the first one stays."""
    count = len(glyphs.code_points)
    if count < 2:
        return glyphs
    boxes = glyphs.boxes
    height = np.maximum(boxes[:, 3] - boxes[:, 1], 1e-3)
    cell = float(np.median(height)) * 2 * DUPLICATE_SHIFT
    centre_x = (boxes[:, 0] + boxes[:, 2]) / (2 * cell)
    centre_y = (boxes[:, 1] + boxes[:, 3]) / (2 * cell)
    doubled = np.zeros(count, np.bool_)
    for shift in (0.0, 0.5):  # two grids, half a cell apart: close glyphs share a cell in one of them
        key = _cell_key(glyphs.code_points, centre_x + shift, centre_y + shift)
        order = np.argsort(key, kind="stable")
        same = key[order[1:]] == key[order[:-1]]
        if not same.any():
            continue
        earlier, later = order[:-1][same], order[1:][same]
        offset = np.abs((boxes[later] - boxes[earlier])[:, :2])
        doubled[later[(offset <= DUPLICATE_SHIFT * height[later, None]).all(axis=1)]] = True
    if not doubled.any():
        return glyphs
    return glyphs.take(np.flatnonzero(~doubled))


def _cell_key(code_points: NDArray[np.uint32], x: NDArray[np.float32], y: NDArray[np.float32]) -> NDArray[np.int64]:
    """One integer for code point and cell; coordinates are folded to 21 bits, far beyond any page."""
    column = np.floor(x).astype(np.int64) & 0x1FFFFF
    row = np.floor(y).astype(np.int64) & 0x1FFFFF
    key: NDArray[np.int64] = (code_points.astype(np.int64) << 42) | (row << 21) | column
    return key
