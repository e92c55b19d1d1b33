"""One record -> a labelled document: read, then the places of its values found or taken from drawn boxes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from docgrid.datasets.align import Alignment, AlignSettings, align
from docgrid.datasets.base import DrawnPlace, Record
from docgrid.datasets.native import rows_within
from docgrid.datasets.segments import fold_character
from docgrid.geometry import Box
from docgrid.labels import LabelledDocument, LabelledField, Occurrence
from docgrid.page import Document, Page
from docgrid.schema import Schema
from docgrid.values import fold


def load(
    record: Record, schema: Schema, read: Callable[[Path], Document], settings: AlignSettings | None = None
) -> LabelledDocument:
    """Read a record's document (or take what the dataset gives) and find the places of its values.

    Raises:
        DocumentError: The document cannot be read.
        DatasetError: The text that the dataset brings is damaged.
    """
    return load_aligned(record, schema, read, settings)[0]


def load_aligned(
    record: Record, schema: Schema, read: Callable[[Path], Document], settings: AlignSettings | None = None
) -> tuple[LabelledDocument, Alignment]:
    """As `load`, with what was missing, ambiguous, or differs from the drawn boxes."""
    document = record.given() if record.given is not None else read(record.path)
    fields = record.located() if record.located is not None else record.fields
    mismatches: list[str] = []
    if record.places:
        fields = tuple(
            entry if entry.occurrences else _take_drawn(document, entry, places, record.id, mismatches)
            for entry, places in zip(fields, record.places, strict=True)
        )
    alignment = align(document, fields, schema, settings or AlignSettings(plain_values=record.plain_values))
    alignment = replace(alignment, mismatches=tuple(mismatches))
    labelled = LabelledDocument(record.id, document, alignment.fields, record.layout, record.languages)
    return labelled, alignment


def _take_drawn(
    document: Document, entry: LabelledField, places: tuple[DrawnPlace, ...], record_id: str, mismatches: list[str]
) -> LabelledField:
    """The field with the characters in its drawn boxes; a place without any character is left to be looked for."""
    pages = {page.number: page for page in document.pages}
    occurrences, boxes = [], []
    for place in places:
        if place.page not in pages:
            mismatches.append(f"{record_id}: {entry.name} is marked on page {place.page}, which was not read")
            continue
        page = pages[place.page]
        boxes += [(place.page, Box.from_relative(edges, page.width_pt, page.height_pt)) for edges in place.boxes]
        rows = rows_within(page, place)
        printed = page.characters.text_of(rows)
        if not entry.value:  # a box without a text: what it holds is the value
            entry = replace(entry, value=" ".join(printed.split()))
        if fold(printed) != fold(entry.value):
            mismatches.append(
                f"{record_id}: {entry.name} is labelled {entry.value!r}, its box on page {place.page} holds {printed!r}"
            )
            rows = rows_of_text(page, rows, entry.value)
        if len(rows):
            occurrences.append(Occurrence(place.page, tuple(rows.tolist())))
    return replace(entry, occurrences=tuple(occurrences), boxes=tuple(boxes))


def rows_of_text(page: Page, rows: NDArray[np.int64], value: str) -> NDArray[np.int64]:
    """Those of some characters that print a text letter by letter; all of them where the text is not among them.

    Args:
        page: The page.
        rows: int [M], increasing character rows.
        value: The text.
    """
    wanted = fold(value)
    letters = [(row, letter) for row in rows.tolist() for letter in fold_character(page.characters.text[row])]
    place = "".join(letter for _, letter in letters).find(wanted) if wanted else -1
    if place < 0:
        return rows
    first, last = letters[place][0], letters[place + len(wanted) - 1][0]
    inside: NDArray[np.int64] = rows[(rows >= first) & (rows <= last)]
    return inside
