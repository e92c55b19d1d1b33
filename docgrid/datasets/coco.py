"""COCO: pictures with categories and boxes, one JSON a part in `annotations/` or beside the pictures.

Source: cocodataset.org, "Data format", object detection: `bbox` is [x, y, width, height] in pixels. Text, value and line
item of a box stand in `attributes`, which other programs pass over; the words of the page have the category `word`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from docgrid.datasets.base import Dataset, DatasetFormat, MisshapenError, Problems, documents_in, read_json
from docgrid.datasets.exporting import Outgoing, PagePicture, Pictures, quad
from docgrid.datasets.given import GivenPage, TextLine
from docgrid.datasets.parts import Mark, PagePart, document_of, part_of, records_of
from docgrid.datasets.shapes import (
    Edges,
    as_count,
    as_list,
    as_name,
    as_number,
    as_object,
    as_quad,
    as_size,
    as_text,
    checked,
    file_in,
    relative,
)
from docgrid.errors import DatasetError
from docgrid.files import write_json
from docgrid.schema import Schema, infer_schema

WORD = "word"
_MOST_FILES = 20
_KEYS = {"images", "annotations", "categories"}
_HINT = 'An annotation is {"id", "image_id", "category_id", "bbox": [x, y, width, height], "attributes": {"text": "9.00"}}.'


def is_coco(root: Path) -> bool:
    """Whether the folder has a JSON with images, annotations and categories."""
    return any(_is_list(path) for path in _files(root))


def _files(root: Path) -> list[Path]:
    """The JSON files that can be of the whole dataset: those that are not named like one of its documents."""
    folders = [folder for folder in (root, root / "images", root / "documents") if folder.is_dir()]
    stems = {path.stem for folder in folders for path in documents_in(folder)}
    found = sorted((*root.glob("*.json"), *(root / "annotations").glob("*.json")))
    return [path for path in found if path.stem not in stems][:_MOST_FILES]


def _is_list(path: Path) -> bool:
    content = read_json(path, Problems(path.parent))
    return isinstance(content, dict) and set(content) >= _KEYS


def open_coco(root: Path, schema: Schema | None = None) -> Dataset:
    """Open a folder with a COCO file. A box without a text takes what the document shows there as its value.

    Raises:
        DatasetError: Files are missing or damaged; all problems in one message.
    """
    problems = Problems(root)
    parts: list[PagePart] = []
    names: dict[str, None] = {}
    for path in _files(root):
        content = read_json(path, problems)
        if isinstance(content, dict) and set(content) & _KEYS:
            with problems.noting(path, _HINT):
                parts += _parts_of(root, path, content, names, problems)
    schema = schema or infer_schema(root.name, names)
    records = records_of(parts, schema, problems, reader="COCO annotation")
    problems.raise_if_any()
    if not records:
        raise DatasetError(f"{root} has no annotated pictures", hint=_HINT)
    return Dataset(root.name, root, DatasetFormat.COCO, schema, records)


def _parts_of(root: Path, path: Path, content: dict[str, object], names: dict[str, None], problems: Problems) -> list[PagePart]:
    categories = _categories(as_list(content.get("categories"), "categories"))
    names |= dict.fromkeys(name for name in categories.values() if name != WORD)
    images: dict[int, PagePart] = {}
    sizes: dict[int, tuple[float, float]] = {}
    part = part_of(re.split(r"[_.-]", path.stem)[-1])
    for number, entry in enumerate(as_list(content.get("images"), "images")):
        with problems.noting(path, _HINT, where=f"image {number}: "):
            image = as_object(entry, "it")
            key = as_count(image.get("id"), "id")
            if key in images:
                raise MisshapenError(f"id {key} is there twice")
            sizes[key] = as_size(image, "")
            folders = ("", "images", path.stem, f"images/{path.stem.rpartition('_')[2]}")
            picture = file_in(root, image.get("file_name"), *folders, what="file_name")
            document, page = document_of(root, image, picture)
            own = part if part in ("", "valid", "test") else ""
            layout = as_text(image.get("layout", ""), "layout")
            images[key] = PagePart(document, GivenPage(page, *sizes[key]), part=own, layout=layout, origin=path)
    words: dict[int, list[TextLine]] = {}
    for number, entry in enumerate(as_list(content.get("annotations"), "annotations")):
        with problems.noting(path, _HINT, where=f"annotation {number}: "):
            annotation = as_object(entry, "it")
            key = as_count(annotation.get("image_id"), "image_id")
            if key not in sizes:
                raise MisshapenError(f"image_id is {key}, which no image has")
            category = categories.get(as_count(annotation.get("category_id"), "category_id"))
            if category is None:
                raise MisshapenError(f"category_id is {annotation.get('category_id')}, which no category has")
            if key in images:
                _take(annotation, category, images[key], sizes[key], words.setdefault(key, []))
    return [_with_words(part, words.get(key, [])) for key, part in images.items()]


def _with_words(part: PagePart, words: list[TextLine]) -> PagePart:
    part.page = GivenPage(part.page.number, part.page.width, part.page.height, words=tuple(words))
    return part


def _categories(content: Sequence[object]) -> dict[int, str]:
    categories = {}
    for number, entry in enumerate(content):
        category = as_object(entry, f"category {number}")
        name = as_name(category.get("name"), f"name of category {number}")
        categories[as_count(category.get("id"), f"id of category {name!r}")] = name
    return categories


def _take(annotation: dict[str, object], category: str, part: PagePart, size: tuple[float, float], words: list[TextLine]) -> None:
    """Add an annotation to the words or the marks of its page."""
    attributes = as_object(annotation.get("attributes", {}), "attributes")
    text = as_text(attributes.get("text", ""), "text")
    x, y, width, height = _four(annotation.get("bbox"))
    box = checked((x, y, x + width, y + height), "bbox", size)
    if category == WORD:
        if text:
            words.append(TextLine(text, box, -1))
        return
    boxes: list[Edges] = [box]
    polygons = annotation.get("segmentation")
    if isinstance(polygons, list) and len(polygons) > 1:
        boxes = [as_quad(polygon, "segmentation", size) for polygon in polygons]
    item = attributes.get("line_item")
    part.marks.append(
        Mark(
            category,
            text,
            tuple(relative(edges, size) for edges in boxes),
            None if item is None else as_count(item, "line_item"),
            normal=as_text(attributes.get("value", ""), "value"),
        )
    )


def _four(content: object) -> tuple[float, float, float, float]:
    numbers = [as_number(number, "bbox") for number in as_list(content, "bbox")]
    if len(numbers) != 4:
        raise MisshapenError(f"bbox has {len(numbers)} numbers, not 4")
    return numbers[0], numbers[1], numbers[2], numbers[3]


def export_coco(root: Path, documents: Sequence[Outgoing], schema: Schema, pictures: Pictures) -> None:
    """Write documents as `annotations/instances_PART.json` and `images/`."""
    numbers = {name: number for number, name in enumerate((*schema.names, WORD), start=1)}
    categories = [{"id": number, "name": name, "supercategory": "text"} for name, number in numbers.items()]
    lists: dict[str, tuple[list[dict[str, object]], list[dict[str, object]]]] = {}
    for outgoing in documents:
        images, annotations = lists.setdefault({"train": "train", "valid": "val"}.get(outgoing.part, "test"), ([], []))
        for picture in pictures.write(outgoing, "images"):
            image: dict[str, object] = {"id": len(images) + 1, "file_name": f"images/{picture.name}"}
            image |= {"width": picture.width, "height": picture.height, **picture.source}
            images.append(image | ({"layout": outgoing.record.layout} if outgoing.record.layout else {}))
            for entry in _annotations(outgoing, picture, numbers):
                annotations.append({"id": len(annotations) + 1, "image_id": len(images), **entry})
    for part, (images, annotations) in lists.items():
        content = {"info": {}, "licenses": [], "images": images, "annotations": annotations, "categories": categories}
        write_json(root / f"annotations/instances_{part}.json", content, durable=False)


def _annotations(outgoing: Outgoing, picture: PagePicture, numbers: dict[str, int]) -> list[dict[str, object]]:
    found = []
    for row, place in outgoing.placed(picture.page.number):
        entry = outgoing.fields[row]
        attributes: dict[str, object] = {"text": entry.value}
        attributes |= {"value": entry.normal} if entry.normal else {}
        attributes |= {"line_item": entry.item} if entry.item is not None else {}
        found.append(_annotation(numbers[entry.name], [picture.pixels(box) for box in place.boxes], attributes))
    for word in picture.page.as_words():
        found.append(_annotation(numbers[WORD], [picture.of_page(word.box)], {"text": word.text}))
    return found


def _annotation(category: int, boxes: list[list[float]], attributes: dict[str, object]) -> dict[str, object]:
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    left, top = min(lefts), min(tops)
    width, height = round(max(rights) - left, 2), round(max(bottoms) - top, 2)
    return {
        "category_id": category,
        "bbox": [left, top, width, height],
        "area": round(width * height, 2),
        "segmentation": [[value for corner in quad(box) for value in corner] for box in boxes],
        "iscrowd": 0,
        "attributes": attributes,
    }
