"""Label Studio: tasks with page pictures, boxes in percent, and a text for each box.

Source: labelstud.io, "Label Studio JSON format of annotated tasks" and "Import pre-annotated data". Written are `tasks.json`,
whose predictions are what is known already, `config.xml` for the labelling interface, and `images/`. Read is its export "JSON".
"""

from __future__ import annotations

import math
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from docgrid.datasets.base import Dataset, DatasetFormat, MisshapenError, Problems, documents_in, read_json
from docgrid.datasets.exporting import Outgoing, PagePicture, Pictures
from docgrid.datasets.given import GivenPage, around
from docgrid.datasets.parts import Mark, PagePart, document_of, part_of, records_of
from docgrid.datasets.shapes import Edges, as_count, as_list, as_name, as_number, as_object, as_text, checked, file_in, size_of
from docgrid.errors import DatasetError
from docgrid.files import write_json, write_text
from docgrid.schema import Schema, infer_schema

LOCAL_FILES = "/data/local-files/?d="
_TASK_KEYS = {"annotations", "predictions", "completions"}
_MOST_FILES = 20
_LABELS = ("rectanglelabels", "labels")
_HINT = 'Export with the format "JSON" (not JSON-MIN), and put the file beside a folder images/ with the pages.'


def is_label_studio(root: Path) -> bool:
    """Whether the folder has a JSON list of tasks."""
    stems = {path.stem for path in documents_in(root)}
    return any(_is_list(path) for path in sorted(root.glob("*.json"))[:_MOST_FILES] if path.stem not in stems)


def _is_list(path: Path) -> bool:
    content = read_json(path, Problems(path.parent))
    first = content[0] if isinstance(content, list) and content else None
    return isinstance(first, dict) and "data" in first and bool(_TASK_KEYS & set(first))


def open_label_studio(root: Path, schema: Schema | None = None) -> Dataset:
    """Open a folder with tasks exported by Label Studio.

    The latest annotation of a task counts; tasks without any are left out, unless no task has one: then predictions are taken.

    Raises:
        DatasetError: Files are missing or damaged; all problems in one message.
    """
    problems = Problems(root)
    tasks: list[_Task] = []
    for path in sorted(root.glob("*.json")):
        content = read_json(path, problems)
        for number, entry in enumerate(content if isinstance(content, list) else []):
            with problems.noting(path, _HINT, where=f"task {number}: "):
                task = as_object(entry, "it")
                tasks.append(_Task(path, number, task, _results(task, "annotations"), _results(task, "predictions")))
    done = [task for task in tasks if task.annotated is not None]
    parts = []
    for one in done or tasks:
        with problems.noting(one.path, _HINT, where=f"task {one.content.get('id', one.number)}: "):
            parts.append(_part(root, one.path, one.content, (one.annotated if done else one.predicted) or []))
    schema = schema or infer_schema(root.name, dict.fromkeys(mark.name for part in parts for mark in part.marks))
    records = records_of(parts, schema, problems, reader="")
    problems.raise_if_any()
    if not any(record.fields for record in records):
        raise DatasetError(f"{root} has no labelled task", hint=_HINT)
    return Dataset(root.name, root, DatasetFormat.LABEL_STUDIO, schema, records, _warnings(tasks, done))


@dataclass(frozen=True)
class _Task:
    path: Path
    number: int
    content: dict[str, object]
    annotated: list[object] | None
    predicted: list[object] | None


def _warnings(tasks: Sequence[object], done: Sequence[object]) -> tuple[str, ...]:
    if not done:
        return ("no task is annotated; the predictions are taken as they are",)
    left = len(tasks) - len(done)
    return (f"{left} of {len(tasks)} tasks are not annotated and left out",) if left else ()


def _results(task: dict[str, object], key: str) -> list[object] | None:
    """The result of the last annotation that was not cancelled; None where there is none."""
    entries = task.get(key) or (task.get("completions") if key == "annotations" else None) or []
    kept = [entry for entry in as_list(entries, key) if isinstance(entry, dict) and not entry.get("was_cancelled")]
    return as_list(kept[-1].get("result"), f"result of {key}") if kept else None


@dataclass
class _Region:
    """What the results with one id say."""

    box: Edges | None = None
    labels: list[str] = field(default_factory=list)
    text: str = ""
    value: str = ""
    item: int | None = None


def _part(root: Path, path: Path, task: dict[str, object], results: list[object]) -> PagePart:
    data = as_object(task.get("data"), "data")
    picture = _picture(root, data)
    size = size_of(picture)
    document, number = document_of(root, data, picture)
    regions: dict[str, _Region] = {}
    for row, entry in enumerate(results):
        result = as_object(entry, f"result {row}")
        value = as_object(result.get("value", {}), f"value of result {row}")
        _gather(regions.setdefault(str(result.get("id", row)), _Region()), result, value, size)
    marks = [
        Mark(name, region.text, (region.box,), region.item, normal=region.value)
        for region in regions.values()
        for name in region.labels
        if region.box is not None
    ]
    part = part_of(as_text(data.get("part", ""), "part"))
    return PagePart(document, GivenPage(number, *size), marks, part=part, layout=str(data.get("layout", "")), origin=path)


def _picture(root: Path, data: dict[str, object]) -> Path:
    """The picture of a task, by its name: tasks hold an address, uploads have a short hash before the name."""
    address = next((data[key] for key in ("image", "ocr", "img", "page") if key in data), None)
    parts = urlsplit(as_name(address, "data.image"))
    name = (parse_qs(parts.query).get("d") or [unquote(parts.path)])[0]
    short = name.rpartition("/")[2]
    for candidate in (name, f"images/{short}", short, re.sub(r"^[0-9a-f]{8}-", "", short)):
        for folder in ("", "images"):
            try:
                return file_in(root, f"{folder}/{candidate}".strip("/"), what="picture")
            except MisshapenError as error:
                if "missing" not in str(error):
                    raise
    raise MisshapenError(f"picture {short!r:.200} is missing")


def _gather(region: _Region, result: dict[str, object], value: dict[str, object], size: tuple[float, float]) -> None:
    """Add one result to its region: a box, labels, a text, a value or the number of a line item."""
    if "width" in value and "height" in value:
        region.box = _box_of(value, size)
    labels = next((value[key] for key in _LABELS if key in value), None)
    if labels is not None:
        region.labels = [as_name(label, "a label") for label in as_list(labels, "labels")]
    if "text" in value:
        text = value["text"]
        said = " ".join(as_text(line, "text") for line in (text if isinstance(text, list) else [text]))
        if result.get("from_name") == "value":
            region.value = said
        else:
            region.text = said
    if "number" in value:
        region.item = as_count(value["number"], "line item", least=1) - 1


def _box_of(value: dict[str, object], size: tuple[float, float]) -> Edges:
    """The box of a region in 0..1; a turned one becomes the box around it."""
    x, y, width, height = (as_number(value.get(key), key) / 100 for key in ("x", "y", "width", "height"))
    angle = math.radians(as_number(value.get("rotation", 0), "rotation"))
    if not angle:
        return checked((x, y, x + width, y + height), "box", (1.0, 1.0))
    cos, sin = math.cos(angle), math.sin(angle)
    corners = []
    for across, down in ((0.0, 0.0), (width, 0.0), (width, height), (0.0, height)):
        right, below = across * size[0], down * size[1]  # turned about its top left corner, in pixels
        corner = x + (right * cos - below * sin) / size[0], y + (right * sin + below * cos) / size[1]
        corners.append((*corner, *corner))
    return checked(around(corners), "box", (1.0, 1.0))


def export_label_studio(root: Path, documents: Sequence[Outgoing], schema: Schema, pictures: Pictures) -> None:
    """Write documents as tasks, one a page, with what is known as predictions, and the labelling configuration."""
    tasks: list[dict[str, object]] = []
    for outgoing in documents:
        for picture in pictures.write(outgoing, "images"):
            record = outgoing.record
            data: dict[str, object] = {"image": f"{LOCAL_FILES}images/{picture.name}", **picture.source}
            data |= {key: told for key, told in (("part", record.part), ("layout", record.layout)) if told}
            results = [
                result
                for row, place in enumerate(outgoing.placed(picture.page.number))
                for result in _region(outgoing, picture, f"r{row}", place[0], around(place[1].boxes))
            ]
            tasks.append({"data": data, "predictions": [{"model_version": "docgrid", "result": results}]})
    write_json(root / "tasks.json", tasks, durable=False)
    write_text(root / "config.xml", configuration(schema), durable=False)


def _region(outgoing: Outgoing, picture: PagePicture, key: str, row: int, edges: Edges) -> list[dict[str, object]]:
    """The results of one box: its label, its text, its value and line item where known."""
    entry = outgoing.fields[row]
    left, top, right, bottom = (round(100 * edge, 4) for edge in edges)
    box = {"x": left, "y": top, "width": round(right - left, 4), "height": round(bottom - top, 4), "rotation": 0}
    frame = {"id": key, "to_name": "image", "original_width": picture.width, "original_height": picture.height}
    told: list[tuple[str, str, dict[str, object]]] = [("label", "rectanglelabels", {"rectanglelabels": [entry.name]})]
    told += [("text", "textarea", {"text": [entry.value]})] if entry.value else []
    told += [("value", "textarea", {"text": [entry.normal]})] if entry.normal else []
    told += [("line_item", "number", {"number": entry.item + 1})] if entry.item is not None else []
    return [frame | {"from_name": name, "type": kind, "value": box | value} for name, kind, value in told]


def configuration(schema: Schema) -> str:
    """The labelling interface for a schema, as Label Studio's XML."""
    view = ElementTree.Element("View")
    ElementTree.SubElement(view, "Image", name="image", value="$image", zoom="true", zoomControl="true")
    labels = ElementTree.SubElement(view, "RectangleLabels", name="label", toName="image")
    for number, name in enumerate(schema.names):
        colour = f"hsl({number * 47 % 360}, 70%, 45%)"
        ElementTree.SubElement(labels, "Label", value=name, background=colour)
    for name, told in (("text", "Text as printed"), ("value", "ISO date or plain decimal")):
        area = {"name": name, "toName": "image", "perRegion": "true", "editable": "true", "maxSubmissions": "1"}
        ElementTree.SubElement(view, "TextArea", area | {"placeholder": told})
    if schema.has_line_items:
        ElementTree.SubElement(view, "Number", name="line_item", toName="image", perRegion="true", min="1")
    ElementTree.indent(view)
    return ElementTree.tostring(view, encoding="unicode") + "\n"
