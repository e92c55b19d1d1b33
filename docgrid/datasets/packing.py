"""Labelled documents and labels as bytes, and back."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Generic, TypeVar, overload

from docgrid.datasets.base import DrawnPlace
from docgrid.geometry import Box
from docgrid.labels import LabelledDocument, LabelledField, Occurrence
from docgrid.reading.wire import WireError, pack, pack_document, pack_page, unpack, unpack_document, unpack_page

Entry = TypeVar("Entry")


def pack_labelled(labelled: LabelledDocument) -> bytes:
    """A labelled document as bytes: JSON and plain arrays, never code."""
    pages = [pack_page(page) for page in labelled.document.pages]
    header = {
        "id": labelled.id,
        "path": str(labelled.document.path),
        "layout": labelled.layout,
        "languages": list(labelled.languages),
        "fields": [field_as_json(entry) for entry in labelled.fields],
        "document": pack_document(labelled.document),
        "pages": [page_header for page_header, _ in pages],
        "page_bytes": [sum(map(len, blocks)) for _, blocks in pages],
    }
    return pack(header, [block for _, blocks in pages for block in blocks])


def unpack_labelled(blob: bytes) -> LabelledDocument:
    """The inverse of `pack_labelled`.

    Raises:
        WireError: It is no such document.
    """
    header, block = unpack(blob)
    try:
        pages, start = [], 0
        for page_header, size in zip(header["pages"], header["page_bytes"], strict=True):
            pages.append(unpack_page(page_header, block[start : start + size]))
            start += size
        return LabelledDocument(
            header["id"],
            unpack_document(header["document"], Path(header["path"]), pages),
            tuple(field_from_json(entry) for entry in header["fields"]),
            header["layout"],
            tuple(header["languages"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise WireError(f"not a labelled document: {error}") from error


def field_as_json(entry: LabelledField) -> list[Any]:
    """A field with its places as plain data; rows of characters as first row and one past the last of each run."""
    places = [[place.page, _runs(place.characters)] for place in entry.occurrences]
    boxes = [[page, [box.left, box.top, box.right, box.bottom]] for page, box in entry.boxes]
    return [entry.name, entry.value, entry.item, places, boxes, entry.normal]


def _runs(rows: Sequence[int]) -> list[int]:
    runs: list[int] = []
    for row in rows:
        if runs and runs[-1] == row:
            runs[-1] = row + 1
        else:
            runs += [row, row + 1]
    return runs


def _rows(runs: Sequence[int]) -> tuple[int, ...]:
    return tuple(row for first, stop in zip(runs[::2], runs[1::2], strict=True) for row in range(first, stop))


def field_from_json(entry: list[Any]) -> LabelledField:
    """The inverse of `field_as_json`."""
    name, value, item, places, boxes, normal = entry
    return LabelledField(
        name,
        value,
        item,
        tuple(Occurrence(page, _rows(runs)) for page, runs in places),
        tuple((page, Box(*edges)) for page, edges in boxes),
        normal=normal,
    )


def places_as_json(places: Sequence[DrawnPlace]) -> list[Any]:
    """The drawn places of one field as plain data."""
    return [[place.page, place.boxes, place.entity] for place in places]


def places_from_json(entry: list[Any]) -> tuple[DrawnPlace, ...]:
    """The inverse of `places_as_json`."""
    return tuple(DrawnPlace(page, tuple(tuple(box) for box in boxes), entity) for page, boxes, entity in entry)


class Packed(Sequence[Entry], Generic[Entry]):
    """Entries kept as compressed bytes and made anew at each use.

    The labels of a page are some hundred small objects and take twenty times the memory of their bytes.
    """

    __slots__ = ("_blob", "_count", "_make")

    def __init__(self, entries: Sequence[Entry], plain: Callable[[Entry], list[Any]], make: Callable[[list[Any]], Entry]) -> None:
        """Pack entries; `make` is the inverse of `plain`, which gives what JSON can hold."""
        self._blob, self._count, self._make = (
            zlib.compress(json.dumps([plain(entry) for entry in entries]).encode(), 1),
            len(entries),
            make,
        )

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Entry]:
        return map(self._make, json.loads(zlib.decompress(self._blob)))

    @overload
    def __getitem__(self, row: int) -> Entry: ...
    @overload
    def __getitem__(self, row: slice) -> tuple[Entry, ...]: ...
    def __getitem__(self, row: int | slice) -> Entry | tuple[Entry, ...]:
        return tuple(self)[row]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(self._blob)
