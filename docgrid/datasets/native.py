"""docgrid's own dataset folder, read and written: `documents/ID.pdf|png|...`, `annotations/ID.json`, optionally `docgrid.toml`.

An annotation is the document entry of an extraction without scores, so that corrected predictions become labels:

    {"schema": "docgrid.labels/1", "layout": "optional", "fields": {NAME: [{"text": ..., "value": ..., "page": 1,
     "bbox": [left, top, right, bottom], "lines": [[...], ...]}]}, "line_items": [{"fields": {NAME: [{...}]}}]}

Boxes are in 0..1 of the page as displayed, origin top-left. `text` is what the page prints, `value` its typed form; one of them
is enough. Without a box the place of a value is looked for. `lines` holds one box a text line: better than one `bbox` around all.
`"part"` may say "train", "valid" or "test". A file `text/ID.json` may bring the text of the pages along, which is then not read
from the document (`docgrid.datasets.pagetext`).
"""

from __future__ import annotations

import math
import shutil
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from docgrid.datasets.base import (
    Dataset,
    DatasetFormat,
    DrawnPlace,
    Problems,
    Record,
    canonical_name,
    documents_in,
    read_json,
    value_text,
)
from docgrid.datasets.exporting import Outgoing, Pictures
from docgrid.datasets.given import around
from docgrid.datasets.packing import Packed, field_as_json, field_from_json, places_as_json, places_from_json
from docgrid.datasets.pagetext import TEXT_FOLDER, given_document, read_page_text, write_page_text
from docgrid.datasets.parts import part_of
from docgrid.errors import DatasetError
from docgrid.files import atomic_path, write_json
from docgrid.geometry import Box
from docgrid.labels import LabelledDocument, LabelledField, Occurrence
from docgrid.page import Document, Page
from docgrid.schema import Schema, infer_schema
from docgrid.values import decide_locale, parse_value

LABELS_SCHEMA = "docgrid.labels/1"
_FIELDS_HINT = 'Fields look like {"total": [{"text": "9.00", "page": 1, "bbox": [0.7, 0.5, 0.8, 0.52]}]}.'
_BOX_HINT = "A box is [left, top, right, bottom] in 0..1 of the page, left < right and top < bottom."
_Mark = tuple[LabelledField, DrawnPlace | None]


def is_native(root: Path) -> bool:
    """Whether the folder (or its `data` folder) has `documents` and `annotations`."""
    return _data_folder(root) is not None


def _data_folder(root: Path) -> Path | None:
    return next((folder for folder in (root, root / "data") if (folder / "documents").is_dir()), None)


def open_native(root: Path, schema: Schema | None = None) -> Dataset:
    """Open a folder in docgrid's own layout.

    The schema is the one given, else one guessed from the names.

    Raises:
        DatasetError: Files are missing or wrong; all problems in one message.
    """
    data = _data_folder(root)
    if data is None or not (data / "annotations").is_dir():
        raise DatasetError(
            f"{root} has documents but no labels" if data else f"{root} has no folder documents",
            hint="Put one annotations/ID.json beside documents/ for each document; see `docgrid data label --help`.",
        )
    problems = Problems(root)
    documents: dict[str, Path] = {}
    for path in documents_in(data / "documents"):
        if path.stem in documents:
            problems.add(path, f"has the same name as {documents[path.stem].name}", "Give every document a name of its own.")
        documents[path.stem] = path
    annotations = sorted((data / "annotations").glob("*.json"))
    schema = schema or infer_schema(root.name, _names_in(annotations, root))
    records = []
    for path in annotations:
        content = read_json(path, problems)
        if path.stem not in documents:
            problems.add(path, "has no document of the same name", f"Put documents/{path.stem}.pdf (or .png, .jpg ...) there.")
        elif isinstance(content, dict):
            records.append(_record(documents[path.stem], path, content, schema, problems))
        elif content is not None:
            problems.add(path, "is not a JSON object", _FIELDS_HINT)
    problems.raise_if_any()
    unlabelled = sorted(set(documents) - {record.id for record in records})
    if not records:
        raise DatasetError(f"{data / 'annotations'} has no labels", hint=f"Write annotations/ID.json. {_FIELDS_HINT}")
    warnings = (f"{len(unlabelled)} documents have no annotation, such as {unlabelled[0]}",) if unlabelled else ()
    return Dataset(root.name, root, DatasetFormat.NATIVE, schema, tuple(records), warnings)


def _names_in(annotations: Sequence[Path], root: Path) -> list[str]:
    """The names of all fields; whatever is wrong with a file is told when its record is made."""
    names: dict[str, None] = {}
    for path in annotations:
        content = read_json(path, Problems(root))
        if not isinstance(content, dict):
            continue
        fields = content.get("fields")
        names |= dict.fromkeys(fields if isinstance(fields, dict) else ())
        items = content.get("line_items")
        for item in items if isinstance(items, list) else ():
            inner = item.get("fields") if isinstance(item, dict) else None
            names |= dict.fromkeys(inner if isinstance(inner, dict) else ())
    return list(names)


def _record(document: Path, path: Path, content: dict[str, object], schema: Schema, problems: Problems) -> Record:
    declared = content.get("schema", LABELS_SCHEMA)
    if declared != LABELS_SCHEMA:
        problems.add(path, f"schema is {declared!r}", f'This version reads "schema": "{LABELS_SCHEMA}".')
    marks = _marks_in(content.get("fields", {}), None, path, schema, problems)
    items = content.get("line_items", [])
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        problems.add(path, "line_items is not a list of objects", '"line_items": [{"fields": {...}}, ...]')
        items = []
    for number, item in enumerate(items):
        marks += _marks_in(item.get("fields", {}), number, path, schema, problems)
    fields, places = _merged(marks)
    languages = content.get("languages")
    text = read_page_text(path.parent.parent / TEXT_FOLDER / path.name, problems)
    return Record(
        document.stem,
        document,
        Packed(fields, field_as_json, field_from_json),
        layout=value_text(content.get("layout")) or "",
        given=partial(given_document, document, text) if text else None,
        places=Packed(places, places_as_json, places_from_json),
        part=part_of(value_text(content.get("part")) or ""),
        languages=tuple(str(language) for language in languages) if isinstance(languages, list) else (),
        text=text,
    )


def _merged(marks: Sequence[_Mark]) -> tuple[tuple[LabelledField, ...], tuple[tuple[DrawnPlace, ...], ...]]:
    """One field for each different value; several marks of one value are several places of it."""
    table: dict[LabelledField, list[DrawnPlace]] = {}
    for entry, place in marks:
        places = table.setdefault(entry, [])
        if place is not None and place not in places:
            places.append(place)
    return tuple(table), tuple(tuple(places) for places in table.values())


def _marks_in(content: object, item: int | None, path: Path, schema: Schema, problems: Problems) -> list[_Mark]:
    if not isinstance(content, dict):
        problems.add(path, "fields is not an object", _FIELDS_HINT)
        return []
    marks: list[_Mark] = []
    for name, entries in content.items():
        canonical = canonical_name(schema, name, path, problems)
        if canonical is None:
            continue
        if schema.field(canonical).line_item != (item is not None):
            where = "belongs to a line item" if item is None else "is no line-item field"
            problems.add(
                path, f"{name} {where}", 'Line-item fields stand in "line_items": [{"fields": {...}}], others in "fields".'
            )
            continue
        if not isinstance(entries, list):
            problems.add(path, f"{name} is not a list", _FIELDS_HINT)
            continue
        for number, entry in enumerate(entries, start=1):
            mark = _mark(entry, canonical, item, path, f"{name} entry {number}", problems)
            if mark is not None:
                marks.append(mark)
    return marks


def _mark(entry: object, name: str, item: int | None, path: Path, origin: str, problems: Problems) -> _Mark | None:
    if not isinstance(entry, dict):
        problems.add(path, f"{origin} is not an object", _FIELDS_HINT)
        return None
    text, value = value_text(entry.get("text")), value_text(entry.get("value"))
    if text is None or value is None or not (text or value):
        problems.add(path, f"{origin} has no text", 'Give "text" as printed, or "value".')
        return None
    field = LabelledField(name, text or value, item, normal=value)
    boxes = entry.get("lines") or ([entry["bbox"]] if entry.get("bbox") is not None else [])
    if not boxes:
        return field, None
    page = entry.get("page", 1)
    if not isinstance(page, int) or isinstance(page, bool) or page < 1:
        problems.add(path, f"{origin}: page is {page!r}", "Pages are counted from 1.")
        return None
    if not isinstance(boxes, list) or not all(_is_box(box) for box in boxes):
        problems.add(path, f"{origin} has a wrong box", _BOX_HINT)
        return None
    return field, DrawnPlace(page, tuple((float(b[0]), float(b[1]), float(b[2]), float(b[3])) for b in boxes))


def _is_box(box: object) -> bool:
    if not isinstance(box, list) or len(box) != 4:
        return False
    if not all(isinstance(edge, (int, float)) and not isinstance(edge, bool) and math.isfinite(edge) for edge in box):
        return False
    return bool(box[0] < box[2] and box[1] < box[3] and min(box) >= -0.01 and max(box) <= 1.01)


def rows_within(page: Page, place: DrawnPlace) -> NDArray[np.int64]:
    """int64 [M]: the rows of the characters whose centre lies in one of the drawn boxes."""
    boxes = page.characters.boxes
    x = (boxes[:, 0] + boxes[:, 2]) / 2 / page.width_pt
    y = (boxes[:, 1] + boxes[:, 3]) / 2 / page.height_pt
    inside = np.zeros(len(boxes), bool)
    for left, top, right, bottom in place.boxes:
        inside |= (x >= left) & (x < right) & (y >= top) & (y < bottom)
    return np.flatnonzero(inside)


def annotation_of(labelled: LabelledDocument, schema: Schema) -> dict[str, object]:
    """The annotation of a labelled document, as `open_native` reads it."""
    locale = decide_locale([line for page in labelled.document.pages for line in page.text.split("\n")])
    fields: dict[str, list[dict[str, object]]] = {}
    items: dict[int, dict[str, list[dict[str, object]]]] = {}
    for entry in labelled.fields:
        table = fields if entry.item is None else items.setdefault(entry.item, {})
        value = parse_value(entry.value, schema.field(entry.name).type, locale).value
        table.setdefault(entry.name, []).extend(_entries_of(entry, value, labelled.document))
    content: dict[str, object] = {"schema": LABELS_SCHEMA}
    if labelled.layout:
        content["layout"] = labelled.layout
    if labelled.languages:
        content["languages"] = list(labelled.languages)
    content["fields"] = fields
    content["line_items"] = [{"fields": items[number]} for number in sorted(items)]
    return content


def _entries_of(entry: LabelledField, value: str | None, document: Document) -> list[dict[str, object]]:
    pages = {page.number: page for page in document.pages}
    plain: dict[str, object] = {"text": entry.value}
    if value is not None:
        plain["value"] = value
    found = [plain | _place_of(occurrence, pages[occurrence.page]) for occurrence in entry.occurrences]
    return found or [plain]


def _place_of(occurrence: Occurrence, page: Page) -> dict[str, object]:
    rows = np.array(occurrence.characters, np.int64)
    lines = [rows[page.characters.line_index[rows] == line] for line in np.unique(page.characters.line_index[rows])]
    boxes = [_relative(page.characters.boxes[line_rows], page) for line_rows in lines]
    return {"page": page.number, "bbox": _relative(page.characters.boxes[rows], page), "lines": boxes}


def _relative(boxes: NDArray[np.float32], page: Page) -> list[float]:
    return [round(edge, 6) for edge in Box.around(boxes).relative_to(page.width_pt, page.height_pt)]


def write_record(root: Path, labelled: LabelledDocument, schema: Schema, *, force: bool = False, copy: bool = True) -> Path:
    """Write one document and its annotation in docgrid's own layout; the annotation comes last.

    Args:
        root: The dataset folder.
        labelled: The document; its `id` becomes the file names.
        schema: Gives the types of the fields.
        force: Replace files that are there already.
        copy: Copy the document's file to `documents/`; off when it is there already.

    Returns:
        The path of the annotation.

    Raises:
        OutputError: A file exists already or cannot be written.
    """
    source = labelled.document.path
    if copy:
        with atomic_path(root / "documents" / f"{labelled.id}{source.suffix.lower()}", force=force) as temporary:
            shutil.copyfile(source, temporary)
    target = root / "annotations" / f"{labelled.id}.json"
    write_json(target, annotation_of(labelled, schema), force=force)
    return target


def export_native(root: Path, documents: Sequence[Outgoing], schema: Schema, pictures: Pictures) -> None:
    """Write documents in docgrid's own layout, with the text of their pages where their dataset brought it."""
    for outgoing in documents:
        pictures.copy(outgoing)
        write_json(root / "annotations" / f"{outgoing.stem}.json", _annotation(outgoing), durable=False)
        if outgoing.record.text:
            write_page_text(root / TEXT_FOLDER / f"{outgoing.stem}.json", outgoing.record.text)


def _annotation(outgoing: Outgoing) -> dict[str, object]:
    fields: dict[str, list[dict[str, object]]] = {}
    items: dict[int, dict[str, list[dict[str, object]]]] = {}
    for entry, places in zip(outgoing.fields, outgoing.places, strict=True):
        table = fields if entry.item is None else items.setdefault(entry.item, {})
        plain: dict[str, object] = {"text": entry.value, **({"value": entry.normal} if entry.normal else {})}
        table.setdefault(entry.name, []).extend([plain | _drawn(place) for place in places] or [plain])
    record = outgoing.record
    told = (("layout", record.layout), ("part", record.part), ("languages", list(record.languages)))
    rows = [{"fields": items[number]} for number in sorted(items)]
    content: dict[str, object] = {"schema": LABELS_SCHEMA}
    content |= {key: value for key, value in told if value}
    content |= {"fields": fields, "line_items": rows}
    return content


def _drawn(place: DrawnPlace) -> dict[str, object]:
    lines = [[round(edge, 6) for edge in box] for box in place.boxes]
    return {"page": place.page, "bbox": list(around([(b[0], b[1], b[2], b[3]) for b in lines])), "lines": lines}
