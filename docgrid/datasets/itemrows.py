"""The rows of a table of goods: which row of the pages belongs to which line item, and how far its values may stand around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from docgrid.datasets.textmatch import Match

NEAR_ROW = 0.6  # line heights within which a place stands in a row
_LEAST_SCORE = 2.0  # a row that prints less of an item is not its row
_ABOVE, _BELOW = 2.2, 9.0  # how many line heights around its row the values of an item may stand
_TO_NEXT = 40.0  # as `_BELOW`, where the row of the next item ends the stretch
_FADE = 0.2  # how much less a value counts for each line height that it stands above or below a row
_NEXT_LINE = 0.8  # what a value counts just outside of the row


@dataclass(frozen=True, slots=True)
class Place:
    """A match with where it stands: page index, middle of its first line, edges and height in points."""

    match: Match
    page: int
    y: float
    left: float
    right: float
    height: float


@dataclass(frozen=True, slots=True)
class Row:
    """A visual row of a page: page index, middle and height in points."""

    page: int
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Band:
    """The row of an item and the stretch of the page, in points, that its values may stand in."""

    row: Row
    top: float
    bottom: float

    def holds(self, place: Place) -> bool:
        """Whether a place stands in the band."""
        return place.page == self.row.page and self.top <= place.y <= self.bottom


def place_of(match: Match) -> Place:
    """Where a match stands."""
    boxes = match.page.page.characters.boxes[list(match.rows)]
    first = boxes[0]
    line = boxes[np.abs(boxes[:, 1] - first[1]) < first[3] - first[1]]
    height = max(float(first[3] - first[1]), 1.0)
    middle = float(first[1] + first[3]) / 2
    return Place(match, match.page.index, middle, float(line[:, 0].min()), float(line[:, 2].max()), height)


def anchor_rows(items: Sequence[Mapping[int, Sequence[Place]]], weights: Mapping[int, float]) -> list[Row | None]:
    """The row of each item: the sequence of rows, each below the one before, that prints the most values.

    Args:
        items: For each item, in order, the places of each of its values.
        weights: What each value counts.
    """
    rows = _rows_of([place for item in items for found in item.values() for place in found])
    scores = np.zeros((len(items), len(rows)))
    known: dict[int, NDArray[np.float64]] = {}  # the same list of places serves many items
    for number, item in enumerate(items):
        for value, found in item.items():
            if id(found) not in known:
                known[id(found)] = _presence(found, rows)
            scores[number] += weights[value] * known[id(found)]
    scores[scores < _LEAST_SCORE] = 0.0
    return _best_path(scores, rows)


def _rows_of(places: Sequence[Place]) -> list[Row]:
    """The visual rows in which any value stands, down the pages."""
    rows: list[Row] = []
    for place in sorted(places, key=lambda place: (place.page, place.y)):
        if not rows or rows[-1].page != place.page or place.y - rows[-1].y > NEAR_ROW * place.height:
            rows.append(Row(place.page, place.y, place.height))
    return rows


def _presence(places: Sequence[Place], rows: Sequence[Row]) -> NDArray[np.float64]:
    """float64 [R] in 0..1: how near to each row the value stands; 1 in the row, less above or below it."""
    pages = np.array([row.page for row in rows])
    middles = np.array([row.y for row in rows])
    heights = np.array([row.height for row in rows])
    result = np.zeros(len(rows))
    for place in places:
        distance = np.abs(middles - place.y) / heights
        near = np.where(distance <= NEAR_ROW, 1.0, np.maximum(0.0, _NEXT_LINE - _FADE * distance))
        result = np.maximum(result, np.where(pages == place.page, near, 0.0))
    return result


def _best_path(scores: NDArray[np.float64], rows: Sequence[Row]) -> list[Row | None]:
    """Rows that increase with the items and have the highest total score; an item without a score gets none."""
    count, width = scores.shape
    best = np.zeros((count + 1, width + 1))
    for item in range(count):
        taken = np.where(scores[item] > 0, best[item, :-1] + scores[item], 0.0)
        best[item + 1, 1:] = np.maximum.accumulate(np.maximum(taken, best[item, 1:]))
    anchors: list[Row | None] = [None] * count
    item, row = count, width
    while item and row:
        if best[item, row] == best[item, row - 1]:
            row -= 1
        elif best[item, row] == best[item - 1, row]:
            item -= 1
        else:
            item, row = item - 1, row - 1
            anchors[item] = rows[row]
    return anchors


def bands_of(anchors: Sequence[Row | None]) -> list[Band | None]:
    """Around each row, up to half the way to the row before it and down to the row after it."""
    found = [anchor for anchor in anchors if anchor is not None]
    bands: list[Band | None] = []
    number = -1
    for anchor in anchors:
        if anchor is None:
            bands.append(None)
            continue
        number += 1
        top, bottom = anchor.y - _ABOVE * anchor.height, anchor.y + _BELOW * anchor.height
        if number + 1 < len(found) and found[number + 1].page == anchor.page:
            bottom = min(anchor.y + _TO_NEXT * anchor.height, found[number + 1].y - NEAR_ROW * anchor.height)
        if number and found[number - 1].page == anchor.page:
            top = max(top, (found[number - 1].y + anchor.y) / 2)
        bands.append(Band(anchor, top, bottom))
    return bands
