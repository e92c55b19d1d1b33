"""ICDAR 2019 SROIE receipts: `img/ID.jpg`, `box/ID.txt` (text lines with quads) and `entities/ID.txt` (four values as JSON)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from docgrid.datasets.base import Dataset, DatasetFormat, Problems, Record, documents_in, only_known, read_json, value_text
from docgrid.datasets.given import TextLine, document_from_lines, picture_size
from docgrid.errors import DatasetError
from docgrid.labels import LabelledField
from docgrid.page import Document
from docgrid.schema import RECEIPT, Schema
from docgrid.values import fold

_SAME_NAME = 90  # rapidfuzz ratio, 0..100, from which two companies are one
_LONG_NAME = 8  # letters; shorter names must be equal
FIELDS = ("company", "date", "address", "total")


def is_sroie(root: Path) -> bool:
    """Whether the folder has the layout of the SROIE release."""
    return (root / "box").is_dir() and (root / "entities").is_dir() and (root / "img").is_dir()


def open_sroie(root: Path, schema: Schema | None = None) -> Dataset:
    """Open a folder in the layout of the SROIE release.

    Receipts of one company (misspelt names united) form a layout. A value that the annotators left out or empty is no field.

    Raises:
        DatasetError: Files are missing or damaged; all problems in one message.
    """
    schema = schema or RECEIPT
    problems = Problems(root)
    records = []
    for image in documents_in(root / "img"):
        boxes = root / "box" / f"{image.stem}.txt"
        entities = root / "entities" / f"{image.stem}.txt"
        if not boxes.is_file():
            problems.add(
                image, f"has no box/{boxes.name}", "Every image needs its text lines in box/ and its values in entities/."
            )
        content = read_json(entities, problems)
        if content is None:
            continue
        if not isinstance(content, dict):
            problems.add(entities, "is not a JSON object", 'Write {"company": ..., "date": ..., "address": ..., "total": ...}.')
            continue
        fields = []
        for name in FIELDS:
            text = value_text(content.get(name))
            if text is None:
                problems.add(entities, f"{name} is not a text", "Values of SROIE are plain texts.")
            elif text:
                fields.append(LabelledField(name, text))
        layout = fold(value_text(content.get("company")) or "")
        given = partial(read_given, image, boxes)
        records.append(Record(image.stem, image, only_known(fields, schema), layout=layout, given=given))
    problems.raise_if_any()
    names = issuers({record.layout for record in records})
    records = [replace(record, layout=names[record.layout]) for record in records]
    if not records:
        raise DatasetError(f"{root / 'img'} has no images", hint="Put the receipts in img/ as ID.jpg.")
    return Dataset(root.name, root, DatasetFormat.SROIE, schema, tuple(records))


def issuers(names: Iterable[str]) -> dict[str, str]:
    """One name for companies whose folded names differ by a letter or two: annotators misspell them now and then."""
    ordered = sorted(names)
    united = {name: name for name in ordered}
    for place, first in enumerate(ordered):
        if len(first) < _LONG_NAME:
            continue
        for second in ordered[place + 1 :]:
            if len(second) >= _LONG_NAME and fuzz.ratio(first, second, score_cutoff=_SAME_NAME):
                united[second] = min(united[first], united[second])
    return united


def read_given(image: Path, boxes: Path) -> Document:
    """The receipt's text as the dataset gives it; one pixel is taken as one point.

    Raises:
        DatasetError: The box file or the image is damaged.
    """
    try:
        rows = boxes.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError as error:
        raise DatasetError(f"{boxes} cannot be read: {error}", hint="Restore the file from the dataset.") from error
    lines = [_line_of(row, boxes, number) for number, row in enumerate(rows, start=1) if row.strip()]
    return document_from_lines(image, picture_size(image), lines, reader="SROIE box file")


def _line_of(row: str, path: Path, number: int) -> TextLine:
    """One row `x1,y1,...,x4,y4,text`, clockwise from top left; the text may contain commas."""
    parts = row.split(",", 8)
    try:
        corners: NDArray[np.float32] = np.array([float(part) for part in parts[:8]], np.float32).reshape(4, 2)
        text = parts[8]
    except (ValueError, IndexError) as error:
        raise DatasetError(f"{path} line {number} is not a text line", hint="A row is x1,y1,x2,y2,x3,y3,x4,y4,text.") from error
    left, top = corners.min(axis=0)
    right, bottom = corners.max(axis=0)
    return TextLine(text, (float(left), float(top), float(right), float(bottom)))
