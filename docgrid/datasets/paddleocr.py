"""PaddleOCR key information: `Label.txt`, `train.txt`, `val.txt` ...; a line is a picture, a tab, and a JSON list of segments.

Source: PaddleOCR, "Key Information Extraction", custom dataset; PPOCRLabel calls the label of a segment `key_cls`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from docgrid.datasets.base import Dataset, DatasetFormat, MisshapenError, Problems, read_rows
from docgrid.datasets.exporting import Outgoing, PagePicture, Pictures, entities_of, quad
from docgrid.datasets.funsd import OTHER, schema_of_entities
from docgrid.datasets.given import GivenPage, TextLine
from docgrid.datasets.parts import PagePart, marks_of_entities, part_of, records_of
from docgrid.datasets.shapes import as_list, as_name, as_object, as_quad, as_text, file_in, size_of
from docgrid.errors import DatasetError
from docgrid.files import write_text
from docgrid.schema import Schema

_LISTS = ("Label.txt", "train.txt", "val.txt", "test.txt", "train.json", "val.json")
_NOT_FIELDS = (OTHER, "none", "ignore", "others")
_HINT = 'A line is PICTURE <tab> [{"transcription", "label", "points": [[x, y] x 4], "id", "linking": []}, ...].'


def is_paddleocr(root: Path) -> bool:
    """Whether the folder has a list of pictures with segments."""
    return any(_is_list(path) for path in _lists(root))


def _lists(root: Path) -> list[Path]:
    return [path for folder in (root, root / "train", root / "val") for path in (folder / n for n in _LISTS) if path.is_file()]


def _is_list(path: Path) -> bool:
    with path.open("rb") as handle:
        name, tab, rest = handle.read(4096).partition(b"\t")
    return bool(tab) and b"\n" not in name.strip() and rest.lstrip().startswith(b"[")


def open_paddleocr(root: Path, schema: Schema | None = None) -> Dataset:
    """Open a folder with lists in PaddleOCR's form; segments labelled "other", "none" or "ignore" are no fields.

    Raises:
        DatasetError: Lists or pictures are missing or damaged; all problems in one message.
    """
    problems = Problems(root)
    parts = []
    for path in _lists(root):
        for number, row in enumerate(read_rows(path, problems), start=1):
            if row.strip():
                with problems.noting(path, _HINT, where=f"line {number}: "):
                    parts.append(_part(root, path, row, problems, f"line {number}: "))
    schema, strict = schema_of_entities(parts, schema, root.name)
    records = records_of(parts, schema, problems, reader="PaddleOCR annotation", distinct=True, strict=strict)
    problems.raise_if_any()
    if not records:
        raise DatasetError(f"{root} has no annotated pictures", hint=_HINT)
    return Dataset(root.name, root, DatasetFormat.PADDLEOCR, schema, records)


def _part(root: Path, path: Path, row: str, problems: Problems, where: str) -> PagePart:
    name, tab, text = row.strip("\r").partition("\t")
    if not tab:
        raise MisshapenError("there is no tab between picture and segments")
    image = _picture(root, path, name)
    size = size_of(image)
    try:
        content = as_list(json.loads(text), "the segments")
    except (json.JSONDecodeError, RecursionError) as error:
        raise MisshapenError(f"not JSON ({error})") from error
    lines: list[TextLine] = []
    named: dict[int, tuple[str, str]] = {}
    numbers: dict[str, int] = {}
    linked: list[tuple[str, str]] = []
    for number, entry in enumerate(content):
        with problems.noting(path, _HINT, where=f"{where}segment {number}: "):
            segment = as_object(entry, "it")
            words = as_text(segment.get("transcription"), "transcription")
            label = as_name(segment.get("label", segment.get("key_cls", OTHER)), "label")
            lines.append(TextLine(words, as_quad(segment.get("points"), "points", size), number))
            numbers[str(segment.get("id", number))] = number
            pairs = [as_list(pair, "a pair of linking") for pair in as_list(segment.get("linking", []), "linking")]
            linked += [(str(pair[0]), str(pair[1])) for pair in pairs if len(pair) == 2]
            if words and label.lower() not in _NOT_FIELDS:
                named[number] = (label, words)
    links = [(numbers[a], numbers[b]) for a, b in dict.fromkeys(linked) if a in numbers and b in numbers]
    part = part_of(path.stem) if path.stem != "Label" else part_of(path.parent.name) if path.parent != root else ""
    return PagePart(image, GivenPage(1, *size, tuple(lines)), marks_of_entities(lines, named, size), links, part, origin=path)


def _picture(root: Path, path: Path, name: str) -> Path:
    """The picture of a line; PPOCRLabel writes the folder's own name before it."""
    try:
        return file_in(root, name, str(path.parent.relative_to(root)), "", "images", what="picture")
    except MisshapenError:
        return file_in(root, Path(name).name, str(path.parent.relative_to(root)), "images", what="picture")


def export_paddleocr(root: Path, documents: Sequence[Outgoing], schema: Schema, pictures: Pictures) -> None:
    """Write documents in PaddleOCR's form: a list for each part, `images/`, and `class_list.txt` of the labels."""
    rows: dict[str, list[str]] = {}
    for outgoing in documents:
        for picture in pictures.write(outgoing, "images"):
            segments = json.dumps(_segments(outgoing, picture), ensure_ascii=False, allow_nan=False)
            name = {"train": "train.txt", "valid": "val.txt"}.get(outgoing.part, "test.txt")
            rows.setdefault(name, []).append(f"images/{picture.name}\t{segments}")
    for name, lines in rows.items():
        write_text(root / name, "\n".join(lines) + "\n", durable=False)
    write_text(root / "class_list.txt", "".join(f"{name}\n" for name in (*schema.names, OTHER)), durable=False)


def _segments(outgoing: Outgoing, picture: PagePicture) -> list[dict[str, object]]:
    entities = entities_of(outgoing, picture.page)
    numbers: dict[int | None, list[int]] = {}
    for number, entity in enumerate(entities):
        numbers.setdefault(entity.field, []).append(number)
    links = [[a, b] for first, second in outgoing.record.links for a in numbers.get(first, []) for b in numbers.get(second, [])]
    return [
        {
            "transcription": entity.text,
            "label": OTHER if entity.field is None else outgoing.fields[entity.field].name,
            "points": quad(picture.of_page(entity.box)),
            "id": number,
            "linking": [pair for pair in links if number in pair],
        }
        for number, entity in enumerate(entities)
    ]
