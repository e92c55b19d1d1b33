"""Documents with nothing but their values: `ID.pdf` beside `ID.json` of {field: value}; folders may hold parts (train, valid)."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from docgrid.datasets.base import (
    Dataset,
    DatasetFormat,
    Problems,
    Record,
    canonical_name,
    check_ids,
    documents_in,
    read_json,
    value_text,
)
from docgrid.datasets.donut import parse_of
from docgrid.datasets.exporting import Outgoing, Pictures
from docgrid.errors import DatasetError
from docgrid.files import write_json
from docgrid.labels import LabelledField
from docgrid.schema import Schema, infer_schema

HOW_TO_LABEL = (
    'Put a file ID.json with {"field name": "value as printed", ...} beside each document ID.pdf; '
    "docgrid finds the place of each value by itself."
)


def folders_with_pairs(root: Path) -> list[Path]:
    """The folder itself, or its direct subfolders, as far as they hold a document with a JSON file of the same name."""
    folders = [root, *sorted(path for path in root.iterdir() if path.is_dir() and not path.name.startswith("."))]
    return [folder for folder in folders if any(path.with_suffix(".json").is_file() for path in documents_in(folder))]


def open_pairs(root: Path, schema: Schema | None = None) -> Dataset:
    """Open a folder of documents and value files, or one whose subfolders are its parts.

    A value is a text, a number, null or "" (the document has no such field) or a list of texts; "line_items" is a list of objects
    of the same kind.

    Raises:
        DatasetError: Labels are missing or wrong; all problems in one message.
    """
    problems = Problems(root)
    contents: list[tuple[Path, str, dict[str, object]]] = []
    names: dict[str, None] = {}
    for folder in folders_with_pairs(root):
        for document in documents_in(folder):
            content = _content_of(document, problems)
            if content is not None:
                contents.append((document, "" if folder == root else folder.name, content))
                names |= dict.fromkeys(_names_in(content))
    if not contents and not problems.found:
        raise DatasetError(f"{root} has documents but no labels", hint=HOW_TO_LABEL)
    if names or schema is not None:
        schema = schema or infer_schema(root.name, names)
        records = tuple(_record(document, part, content, schema, problems) for document, part, content in contents)
        check_ids(records, problems)
        problems.raise_if_any()
        return Dataset(root.name, root, DatasetFormat.VALUES, schema, records)
    problems.raise_if_any()
    raise DatasetError(f"{root}: no label names any field", hint=HOW_TO_LABEL)


def _content_of(document: Path, problems: Problems) -> dict[str, object] | None:
    labels = document.with_suffix(".json")
    if not labels.is_file():
        problems.add(document, f"has no {labels.name} beside it", HOW_TO_LABEL)
        return None
    content = read_json(labels, problems)
    if content is not None and not isinstance(content, dict):
        problems.add(labels, "is not a JSON object", HOW_TO_LABEL)
    return content if isinstance(content, dict) else None


def _names_in(content: dict[str, object]) -> list[str]:
    names = [name for name in content if name != "line_items"]
    items = content.get("line_items")
    for item in items if isinstance(items, list) else []:
        names += list(item) if isinstance(item, dict) else []
    return names


def _record(document: Path, part: str, content: dict[str, object], schema: Schema, problems: Problems) -> Record:
    labels = document.with_suffix(".json")
    plain = {name: value for name, value in content.items() if name != "line_items"}
    fields = _fields_of(plain, None, labels, schema, problems)
    items = content.get("line_items") or []
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        problems.add(labels, "line_items is not a list of objects", 'Such as "line_items": [{"line_item_quantity": "2"}].')
        items = []
    for number, item in enumerate(items):
        fields += _fields_of(item, number, labels, schema, problems)
    return Record(f"{part}/{document.stem}" if part else document.stem, document, tuple(fields), part=part)


def _fields_of(
    content: dict[str, object], item: int | None, labels: Path, schema: Schema, problems: Problems
) -> list[LabelledField]:
    fields = []
    for name, value in content.items():
        canonical = canonical_name(schema, name, labels, problems)
        if canonical is None:
            continue
        if schema.field(canonical).line_item and item is None:
            problems.add(labels, f"{name} belongs to a line item", 'Put it into "line_items": [{...}].')
            continue
        for entry in value if isinstance(value, list) else [value]:
            text = value_text(entry)
            if text is None:
                problems.add(labels, f"{name} is {type(entry).__name__}, not a text or number", "Write the value as printed.")
            elif text:
                fields.append(LabelledField(canonical, text, item))
    return fields


def export_pairs(root: Path, documents: Sequence[Outgoing], schema: Schema, pictures: Pictures) -> None:
    """Write documents with a JSON of their values beside each; the parts, where there are several, are folders."""
    parted = len({outgoing.part for outgoing in documents}) > 1
    for outgoing in documents:
        folder = root / outgoing.part if parted else root
        folder.mkdir(exist_ok=True)
        path = outgoing.record.path
        shutil.copyfile(path, folder / f"{outgoing.stem}{path.suffix.lower()}")
        values = parse_of(outgoing, range(len(outgoing.fields)))
        write_json(folder / f"{outgoing.stem}.json", values, durable=False)
