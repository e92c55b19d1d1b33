"""Which documents share a layout, told from their pages drawn small: the same ink in the same places, or the same words there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from docgrid.datasets.base import Record
from docgrid.datasets.splits import (
    SAME_LAYOUT,
    SplitItem,
    cluster_layouts,
    cluster_texts,
    layout_signature,
    split_items,
    united,
)
from docgrid.page import Document

SMALL_GRID = 32, 24  # rows and columns of a first page drawn small
SAME_GRID = 0.6  # common filled cells among those of both, from which two first pages look the same
_LEAST_CELLS = 20  # with fewer a page looks like many others


def grid_signature(document: Document) -> frozenset[int]:
    """The filled cells of a document's first page drawn small, those of digits told from those of letters."""
    if not document.pages or not len(document.pages[0].characters):
        return frozenset()
    page = document.pages[0]
    rows, columns = SMALL_GRID
    boxes = page.characters.boxes
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2 / np.array([page.width_pt, page.height_pt], np.float32)
    x = np.clip(middles[:, 0] * columns, 0, columns - 1).astype(np.int64)
    y = np.clip(middles[:, 1] * rows, 0, rows - 1).astype(np.int64)
    digit = np.array([character.isdigit() for character in page.characters.text], np.int64)
    count = np.bincount(y * columns + x, minlength=rows * columns)
    digits = np.bincount(y * columns + x, weights=digit, minlength=rows * columns)
    filled = np.flatnonzero(count)
    return frozenset((2 * filled + (2 * digits[filled] > count[filled])).tolist())


def layout_items(records: Sequence[Record], documents: Mapping[str, Document]) -> list[SplitItem]:
    """What a split by layout looks at: the layouts that a dataset names, else those that its first pages show.

    Args:
        records: All records.
        documents: What was read, by record id; a record without one has a layout of its own.
    """
    items = split_items(records, documents)
    if any(record.layout for record in records):
        return items
    grids = {key: grid_signature(document) for key, document in documents.items()}
    grids = {key: cells for key, cells in grids.items() if len(cells) >= _LEAST_CELLS}
    captions = {key: layout_signature(document) for key, document in documents.items()}
    groups = united(cluster_texts(grids, SAME_GRID) + cluster_layouts(captions, SAME_LAYOUT))
    names = {member: min(group) for group in groups for member in group}
    return [SplitItem(item.id, names.get(item.id, ""), item.same) for item in items]
