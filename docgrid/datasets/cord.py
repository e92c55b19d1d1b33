"""CORD receipts: `train|dev|test/image/ID.png` and `train|dev|test/json/ID.json` with words, categories and groups.

Source: Park et al. 2019, github.com/clovaai/cord. A `valid_line` is a value; those of one `group_id` in `menu` or `void_menu`
make a line item. Words with `is_key` are captions. Text that is no value has the category `etc`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from docgrid.datasets.base import Dataset, DatasetFormat, Problems, documents_in, read_json
from docgrid.datasets.exporting import Outgoing, PagePicture, Pictures, entities_of
from docgrid.datasets.given import GivenPage, TextLine
from docgrid.datasets.parts import Mark, PagePart, document_of, line_boxes, part_of, records_of
from docgrid.datasets.shapes import as_count, as_list, as_name, as_object, as_quad, as_size, as_text, relative
from docgrid.errors import DatasetError
from docgrid.files import write_json
from docgrid.schema import FieldSpec, FieldType, Schema, infer_schema

_PARTS = ("train", "dev", "test")
_NOT_FIELD = "etc"
_ITEMS = ("menu", "void_menu")
_CORNERS = ("x1", "y1", "x2", "y2", "x3", "y3", "x4", "y4")
_MONEY = ("price", "unitprice", "discountprice", "itemsubtotal", "sub_price", "sub_unitprice")
_HINT = 'A valid_line is {"words": [{"quad": {"x1", "y1", ..., "y4"}, "text", "is_key"}], "category": "menu.nm", "group_id": 3}.'


def is_cord(root: Path) -> bool:
    """Whether the folder has the layout of the CORD release."""
    return bool(_folders(root))


def _folders(root: Path) -> list[Path]:
    folders = (root, *(root / name for name in _PARTS))
    return [folder for folder in folders if (folder / "image").is_dir() and (folder / "json").is_dir()]


def open_cord(root: Path, schema: Schema | None = None) -> Dataset:
    """Open a folder in the layout of the CORD release.

    Raises:
        DatasetError: Files are missing or damaged; all problems in one message.
    """
    problems = Problems(root)
    parts = []
    for folder in _folders(root):
        images = documents_in(folder / "image")
        for image in images:
            path = folder / "json" / f"{image.stem}.json"
            content = read_json(path, problems)
            if content is not None:
                with problems.noting(path, _HINT):
                    parts.append(_part(root, image, path, content, schema, problems))
                    parts[-1].part = "" if folder == root else part_of(folder.name)
        for path in sorted((folder / "json").glob("*.json")):
            if path.stem not in {image.stem for image in images}:
                problems.add(path, "has no picture of the same name", f"Put image/{path.stem}.png there.")
    names = [mark.name for part in parts for mark in part.marks]
    schema = schema or _schema(root.name, list(dict.fromkeys(names)))
    records = records_of(parts, schema, problems, reader="CORD annotation", strict=False)
    problems.raise_if_any()
    if not records:
        raise DatasetError(f"{root} has no receipts", hint="Put the pictures in train/image/ as ID.png.")
    return Dataset(root.name, root, DatasetFormat.CORD, schema, records)


def _schema(name: str, names: Sequence[str]) -> Schema:
    """The categories with their types: `menu.*` are line items, prices are money."""
    if not any("." in one for one in names):
        return infer_schema(name, names)
    return Schema("cord", tuple(_spec(one) for one in names))


def _spec(name: str) -> FieldSpec:
    group, _, what = name.partition(".")
    kind = FieldType.MONEY if what.removeprefix("sub_").endswith("price") or what in _MONEY else FieldType.TEXT
    kind = FieldType.NUMBER if what in ("cnt", "sub_cnt") or what.endswith(("qty_cnt", "type_cnt")) else kind
    return FieldSpec(name, kind, line_item=group in _ITEMS, multiline=kind is FieldType.TEXT, repeated=True)


def _is_item(name: str, schema: Schema | None) -> bool:
    if schema is not None and name in schema:
        return schema.field(name).line_item
    return name.partition(".")[0] in _ITEMS or name.startswith("line_item_")


def _part(root: Path, image: Path, path: Path, content: object, schema: Schema | None, problems: Problems) -> PagePart:
    receipt = as_object(content, "the file")
    meta = as_object(receipt.get("meta"), "meta")
    size = as_size(as_object(meta.get("image_size"), "meta.image_size"), "meta.image_size.")
    words: list[TextLine] = []
    marks: list[Mark] = []
    for number, entry in enumerate(as_list(receipt.get("valid_line"), "valid_line")):
        with problems.noting(path, _HINT, where=f"valid_line {number}: "):
            line = as_object(entry, "it")
            category = as_name(line.get("category"), "category")
            group = as_count(line.get("group_id", -1), "group_id", least=-1)
            own, keys = _words(as_list(line.get("words"), "words"), number, size)
            words += keys + own
            text = as_text(line.get("text", ""), "text") or " ".join(word.text for word in own if word.text)
            if text and category != _NOT_FIELD:
                item = group if _is_item(category, schema) else None
                boxes = tuple(relative(box, size) for box in line_boxes(own))
                marks.append(Mark(category, text, boxes, item, number))
    document, number = document_of(root, meta, image)
    return PagePart(
        document, GivenPage(number, *size, words=tuple(words)), marks, layout=str(meta.get("layout", "")), origin=path
    )


def _words(content: Sequence[object], entity: int, size: tuple[float, float]) -> tuple[list[TextLine], list[TextLine]]:
    """The words of a value and those of its caption."""
    own: list[TextLine] = []
    keys: list[TextLine] = []
    for entry in content:
        word = as_object(entry, "a word")
        text = as_text(word.get("text"), "text of a word")
        corners = as_object(word.get("quad"), f"quad of {text!r:.40}")
        box = as_quad([corners.get(corner) for corner in _CORNERS], f"quad of {text!r:.40}", size)
        is_key = bool(word.get("is_key", 0))
        (keys if is_key else own).append(TextLine(text, box, -1 if is_key else entity))
    return own, keys


def export_cord(root: Path, documents: Sequence[Outgoing], schema: Schema, pictures: Pictures) -> None:
    """Write documents in the layout of the CORD release; line items are groups, text that is no value is of category `etc`."""
    for number, outgoing in enumerate(documents):
        part = {"train": "train", "valid": "dev"}.get(outgoing.part, "test")
        for picture in pictures.write(outgoing, f"{part}/image"):
            size = {"width": picture.width, "height": picture.height}
            meta = {"version": "2.0.0", "split": part, "image_id": number, "image_size": size, **picture.source}
            if outgoing.record.layout:
                meta["layout"] = outgoing.record.layout
            stem = picture.name.rpartition(".")[0]
            content = {"dontcare": [], "valid_line": _lines(outgoing, picture), "meta": meta}
            write_json(root / f"{part}/json/{stem}.json", content, durable=False)


def _lines(outgoing: Outgoing, picture: PagePicture) -> list[dict[str, object]]:
    items = 1 + max((entry.item for entry in outgoing.fields if entry.item is not None), default=0)
    lines: list[dict[str, object]] = []
    for number, entity in enumerate(entities_of(outgoing, picture.page)):
        entry = None if entity.field is None else outgoing.fields[entity.field]
        group = entry.item if entry is not None and entry.item is not None else items + number
        category = _NOT_FIELD if entry is None else entry.name
        words = [_word(word, picture) for word in entity.words]
        content: dict[str, object] = {"words": words, "category": category, "group_id": group, "sub_group_id": 0}
        if entity.text != " ".join(word.text for word in entity.words):
            content["text"] = entity.text  # the value as it was given, where the page prints another
        lines.append(content)
    return lines


def _word(word: TextLine, picture: PagePicture) -> dict[str, object]:
    left, top, right, bottom = picture.of_page(word.box)
    corners = (left, top, right, top, right, bottom, left, bottom)
    return {"quad": dict(zip(_CORNERS, corners, strict=True)), "is_key": 0, "row_id": round(top), "text": word.text}
