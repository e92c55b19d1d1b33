"""Where the fields of an extraction stand on a page, and which colour each field has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from docgrid.geometry import Box
from docgrid.page import Page

# Ten hues that stay apart on light and dark ground (Tableau 10, lightened where a terminal would swallow them).
COLOURS = (
    (31, 119, 220),
    (255, 127, 14),
    (44, 170, 44),
    (224, 49, 49),
    (158, 113, 210),
    (190, 110, 90),
    (227, 99, 184),
    (150, 150, 60),
    (23, 190, 207),
    (220, 180, 0),
)

Data = Mapping[str, Any]  # plain data of a document of docgrid.extraction/1


@dataclass(frozen=True, slots=True)
class Mark:
    """One found field on a page."""

    name: str
    page: int  # from 1
    edges: tuple[float, float, float, float]  # left, top, right, bottom in 0..1 of the page as displayed
    confidence: float
    item: int | None = None  # number of the line item, from 0

    def box(self, width_pt: float, height_pt: float) -> Box:
        """The box in points."""
        return Box.from_relative(self.edges, width_pt, height_pt)


def entries_of(document: Data) -> Iterator[tuple[str, int | None, Data]]:
    """Every field entry of an extraction as (name, number of its line item or None, entry), in the order of the file."""
    for name, entries in document.get("fields", {}).items():
        for entry in entries:
            yield name, None, entry
    for number, item in enumerate(document.get("line_items") or ()):
        for name, entries in item.get("fields", {}).items():
            for entry in entries:
                yield name, number, entry


def marks_of(document: Data, *, page: int | None = None) -> list[Mark]:
    """The places of all fields of an extraction, or of those on one page."""
    found = []
    for name, item, entry in entries_of(document):
        edges = entry.get("bbox")
        if not edges or (page is not None and entry.get("page") != page):
            continue
        left, top, right, bottom = (float(edge) for edge in edges)
        confidence = float(entry.get("confidence", 1.0))
        found.append(Mark(name, int(entry.get("page", 1)), (left, top, right, bottom), confidence, item))
    return found


def colours_of(names: Iterable[str]) -> dict[str, tuple[int, int, int]]:
    """A colour for every different name, in the order in which the names come."""
    return {name: COLOURS[number % len(COLOURS)] for number, name in enumerate(dict.fromkeys(names))}


def marked_characters(page: Page, marks: Iterable[Mark]) -> NDArray[np.int32]:
    """Which mark each character of a page belongs to: the last one that holds its middle.

    Returns:
        int32 [N], the number of the mark, -1 for none.
    """
    middles = (page.characters.boxes[:, :2] + page.characters.boxes[:, 2:]) / 2
    owner = np.full(len(page.characters), -1, np.int32)
    for number, mark in enumerate(marks):
        box = mark.box(page.width_pt, page.height_pt)
        inside = np.all((middles >= (box.left, box.top)) & (middles <= (box.right, box.bottom)), axis=1)
        owner[inside] = number
    return owner
