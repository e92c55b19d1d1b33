"""WildReceipt: `class_list.txt`, `train.txt` or `test.txt` (one JSON object a line), pictures. For measuring the method only."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

from docgrid.datasets.base import Dataset, DatasetFormat, Problems, Record
from docgrid.datasets.given import TextLine, document_from_lines, places_of_entities
from docgrid.errors import DatasetError
from docgrid.labels import LabelledField
from docgrid.page import Document
from docgrid.schema import FieldSpec, FieldType, Schema

_NOT_FIELDS = ("Ignore", "Others")
_TYPES = {
    "Date_value": FieldType.DATE,
    "Tel_value": FieldType.IDENTIFIER,
    "Prod_quantity_value": FieldType.NUMBER,
} | dict.fromkeys(("Prod_price_value", "Subtotal_value", "Tax_value", "Tips_value", "Total_value"), FieldType.MONEY)
_LISTS = ("train.txt", "test.txt")
_HINT = "Restore the file from the WildReceipt release."


def is_wildreceipt(root: Path) -> bool:
    """Whether the folder has the layout of the WildReceipt release."""
    return (root / "class_list.txt").is_file() and any((root / name).is_file() for name in _LISTS)


def open_wildreceipt(root: Path, schema: Schema | None = None) -> Dataset:
    """Open a folder in the layout of the WildReceipt release; segments of the classes Ignore and Others are no fields.

    Raises:
        DatasetError: Lists or pictures are missing or damaged; all problems in one message.
    """
    problems = Problems(root)
    classes = _classes(root / "class_list.txt")
    names = [name for name in classes if name not in _NOT_FIELDS]
    schema = schema or Schema("wildreceipt", tuple(_spec(name) for name in names))
    records = []
    for path in (root / name for name in _LISTS if (root / name).is_file()):
        for number, row in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
            try:
                record = _record(root, json.loads(row), classes, schema, path.stem) if row.strip() else None
            except (KeyError, TypeError, ValueError, IndexError) as error:
                problems.add(path, f"line {number} is no WildReceipt annotation ({type(error).__name__}: {error})", _HINT)
                continue
            if record is not None and not record.path.is_file():
                problems.add(path, f"line {number}: {record.path.name} is missing", _HINT)
            elif record is not None and not record.path.resolve().is_relative_to(root.resolve()):
                problems.add(path, f"line {number}: {record.path.name} lies outside of the dataset", _HINT)
            elif record is not None:
                records.append(record)
    problems.raise_if_any()
    if not records:
        raise DatasetError(f"{root} has no annotated receipts", hint=_HINT)
    return Dataset(root.name, root, DatasetFormat.WILDRECEIPT, schema, tuple(records))


def _classes(path: Path) -> list[str]:
    """Class names by number; some copies put the number before the name."""
    return [row.split()[-1] for row in path.read_text(encoding="utf-8", errors="replace").splitlines() if row.strip()]


def _spec(name: str) -> FieldSpec:
    return FieldSpec(name, _TYPES.get(name, FieldType.TEXT), multiline=name.startswith("Store"), repeated=True)


def _record(root: Path, content: dict[str, object], classes: list[str], schema: Schema, part: str) -> Record:
    """One receipt. Raises KeyError, TypeError, ValueError or IndexError where the content is not as it should be."""
    lines: list[TextLine] = []
    fields: dict[int, LabelledField] = {}
    annotations = content["annotations"]
    if not isinstance(annotations, list):
        raise TypeError("annotations is no list")
    for number, segment in enumerate(annotations):
        box = [float(edge) for edge in segment["box"]]
        corners = (min(box[0::2]), min(box[1::2]), max(box[0::2]), max(box[1::2]))
        text = str(segment["text"]).strip()
        lines.append(TextLine(text, corners, number))
        name = classes[int(segment["label"])]
        if text and name in schema:
            fields[number] = LabelledField(schema.field(name).name, text)
    image = root / str(content["file_name"])
    size = (float(str(content["width"])), float(str(content["height"])))
    given = partial(_given, image, size, tuple(lines))
    located = partial(_located, tuple(lines), fields)
    return Record(image.stem, image, tuple(fields.values()), given=given, located=located, part="" if part == "train" else part)


def _given(image: Path, size: tuple[float, float], lines: tuple[TextLine, ...]) -> Document:
    return document_from_lines(image, size, lines, reader="WildReceipt annotation")


def _located(lines: tuple[TextLine, ...], fields: dict[int, LabelledField]) -> tuple[LabelledField, ...]:
    places = places_of_entities(lines)
    return tuple(
        LabelledField(entry.name, entry.value, occurrences=(places[number],) if number in places else ())
        for number, entry in fields.items()
    )
