"""WildReceipt: `class_list.txt`, `train.txt` or `test.txt` (one JSON object a line), pictures.

Source: Sun et al. 2021, arXiv 2103.14470, in the form of the MMOCR release.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

from docgrid.datasets.base import Dataset, DatasetFormat, MisshapenError, Problems, read_rows
from docgrid.datasets.exporting import Outgoing, PagePicture, Pictures, entities_of
from docgrid.datasets.given import GivenPage, TextLine
from docgrid.datasets.parts import PagePart, document_of, marks_of_entities, part_of, records_of, without_items
from docgrid.datasets.shapes import as_count, as_list, as_object, as_quad, as_size, as_text, file_in
from docgrid.errors import DatasetError
from docgrid.files import write_text
from docgrid.schema import FieldSpec, FieldType, Schema, infer_schema

_NOT_FIELDS = ("Ignore", "Others")
_TYPES = {
    "Date_value": FieldType.DATE,
    "Tel_value": FieldType.IDENTIFIER,
    "Prod_quantity_value": FieldType.NUMBER,
} | dict.fromkeys(("Prod_price_value", "Subtotal_value", "Tax_value", "Tips_value", "Total_value"), FieldType.MONEY)
_LISTS = ("train.txt", "test.txt")
_HINT = 'A line is {"file_name", "height", "width", "annotations": [{"box": [8 numbers], "text", "label": class number}]}.'


def is_wildreceipt(root: Path) -> bool:
    """Whether the folder has the layout of the WildReceipt release."""
    return (root / "class_list.txt").is_file() and any((root / name).is_file() for name in _LISTS)


def open_wildreceipt(root: Path, schema: Schema | None = None) -> Dataset:
    """Open a folder in the layout of the WildReceipt release; segments of the classes Ignore and Others are no fields.

    Raises:
        DatasetError: Lists or pictures are missing or damaged; all problems in one message.
    """
    problems = Problems(root)
    classes = _classes(root / "class_list.txt", problems)
    parts = []
    for path in (root / name for name in _LISTS if (root / name).is_file()):
        for number, row in enumerate(read_rows(path, problems), start=1):
            if row.strip():
                with problems.noting(path, _HINT, where=f"line {number}: "):
                    parts.append(_part(root, path, _decoded(row), classes, problems, f"line {number}: "))
    schema = without_items(schema or _schema(root.name, [name for name in classes if name not in _NOT_FIELDS]))
    records = records_of(parts, schema, problems, reader="WildReceipt annotation", distinct=True, strict=False)
    problems.raise_if_any()
    if not records:
        raise DatasetError(f"{root} has no annotated receipts", hint=_HINT)
    return Dataset(root.name, root, DatasetFormat.WILDRECEIPT, schema, records)


def _decoded(row: str) -> object:
    try:
        content: object = json.loads(row)
    except (ValueError, RecursionError) as error:
        raise MisshapenError(f"not JSON ({error})") from error
    return content


def _classes(path: Path, problems: Problems) -> list[str]:
    """Class names by number; some copies put the number before the name."""
    return [re.sub(r"^\d+\s+", "", row.strip()) for row in read_rows(path, problems) if row.strip()]


def _schema(name: str, names: Sequence[str]) -> Schema:
    """The classes of WildReceipt with their types; other names as they speak for themselves."""
    if not any(one.endswith("_value") for one in names):
        return infer_schema(name, names)
    return Schema("wildreceipt", tuple(_spec(one) for one in dict.fromkeys(names)))


def _spec(name: str) -> FieldSpec:
    return FieldSpec(name, _TYPES.get(name, FieldType.TEXT), multiline=name.startswith("Store"), repeated=True)


def _part(root: Path, path: Path, row: object, classes: list[str], problems: Problems, where: str) -> PagePart:
    content = as_object(row, "it")
    image = file_in(root, content.get("file_name"), what="file_name")
    size = as_size(content, "")
    lines: list[TextLine] = []
    named: dict[int, tuple[str, str]] = {}
    for number, annotation in enumerate(as_list(content.get("annotations"), "annotations")):
        with problems.noting(path, _HINT, where=f"{where}annotation {number}: "):
            segment = as_object(annotation, "it")
            text = as_text(segment.get("text"), "text")
            label = as_count(segment.get("label"), "label")
            if label >= len(classes):
                raise MisshapenError(f"label is {label}, class_list.txt has {len(classes)} classes from 0")
            lines.append(TextLine(text, as_quad(segment.get("box"), "box", size), number))
            if text and classes[label] not in _NOT_FIELDS:
                named[number] = (classes[label], text)
    document, page = document_of(root, content, image)
    return PagePart(
        document,
        GivenPage(page, *size, tuple(lines)),
        marks_of_entities(lines, named, size),
        part=part_of(path.stem),
        origin=path,
    )


def export_wildreceipt(root: Path, documents: Sequence[Outgoing], schema: Schema, pictures: Pictures) -> None:
    """Write documents in the layout of the WildReceipt release; a place of a field is a segment, as is every other text line."""
    classes = [_NOT_FIELDS[0], *schema.names, _NOT_FIELDS[1]]
    rows: dict[str, list[str]] = {}
    for outgoing in documents:
        for picture in pictures.write(outgoing, "image_files"):
            content = {
                "file_name": f"image_files/{picture.name}",
                "height": picture.height,
                "width": picture.width,
                "annotations": _segments(outgoing, picture, classes),
                **picture.source,
            }
            name = _LISTS[0] if outgoing.part == "train" else _LISTS[1]
            rows.setdefault(name, []).append(json.dumps(content, ensure_ascii=False, allow_nan=False))
    write_text(root / "class_list.txt", "".join(f"{name}\n" for name in classes), durable=False)
    for name, lines in rows.items():
        write_text(root / name, "\n".join(lines) + "\n", durable=False)


def _segments(outgoing: Outgoing, picture: PagePicture, classes: list[str]) -> list[dict[str, object]]:
    segments = []
    for entity in entities_of(outgoing, picture.page):
        left, top, right, bottom = picture.of_page(entity.box)
        name = classes[-1] if entity.field is None else outgoing.fields[entity.field].name
        box = [left, bottom, right, bottom, right, top, left, top]  # the order of the release
        segments.append({"box": box, "text": entity.text, "label": classes.index(name)})
    return segments
