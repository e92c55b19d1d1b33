"""FUNSD forms: `images/ID.png` and `annotations/ID.json` with words, entities and their labels. For measuring the method only."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from docgrid.datasets.base import Dataset, DatasetFormat, Problems, Record, documents_in, read_json
from docgrid.datasets.given import TextLine, document_from_lines, picture_size, places_of_entities
from docgrid.errors import DatasetError
from docgrid.labels import LabelledField
from docgrid.page import Document
from docgrid.schema import FieldSpec, FieldType, Schema

FUNSD = Schema(
    "funsd",
    tuple(FieldSpec(name, FieldType.TEXT, multiline=True, repeated=True) for name in ("header", "question", "answer")),
)
_JOIN_GAP = 1.0  # heights; words nearer than this are one line
_HINT = "Restore the annotation from the FUNSD release."


def is_funsd(root: Path) -> bool:
    """Whether the folder (or its `training_data`) has the layout of the FUNSD release."""
    return _data_folder(root) is not None


def _data_folder(root: Path) -> Path | None:
    folders = (root, root / "training_data")
    return next((folder for folder in folders if (folder / "images").is_dir() and (folder / "annotations").is_dir()), None)


def open_funsd(root: Path, schema: Schema | None = None) -> Dataset:
    """Open a folder in the layout of the FUNSD release; entities without text and those labelled "other" are left out.

    Raises:
        DatasetError: Annotations are missing or damaged; all problems in one message.
    """
    schema = schema or FUNSD
    folder = _data_folder(root) or root
    problems = Problems(root)
    records = []
    for image in documents_in(folder / "images"):
        path = folder / "annotations" / f"{image.stem}.json"
        content = read_json(path, problems)
        if content is None:
            continue
        try:
            lines, fields = _parse(content, schema)
        except (KeyError, TypeError, ValueError) as error:
            problems.add(path, f"is no FUNSD annotation ({type(error).__name__}: {error})", _HINT)
            continue
        located = partial(_located, lines, fields)
        given = partial(_given, image, lines)
        records.append(Record(image.stem, image, tuple(fields.values()), given=given, located=located))
    problems.raise_if_any()
    if not records:
        raise DatasetError(f"{folder / 'images'} has no images", hint="Put the forms in images/ as ID.png.")
    return Dataset(root.name, root, DatasetFormat.FUNSD, schema, tuple(records))


def _parse(content: object, schema: Schema) -> tuple[tuple[TextLine, ...], dict[int, LabelledField]]:
    """The words as lines, each with its entity, and the field of each entity that the schema has."""
    lines: list[TextLine] = []
    fields: dict[int, LabelledField] = {}
    if not isinstance(content, dict):
        raise TypeError("not an object")
    for number, entity in enumerate(content["form"]):
        for word in entity["words"]:
            left, top, right, bottom = (float(edge) for edge in word["box"])
            box = (min(left, right), min(top, bottom), max(left, right), max(top, bottom))
            lines.append(TextLine(str(word["text"]), box, number))
        text = " ".join(str(entity["text"]).split())
        if entity["label"] in schema and text:
            fields[number] = LabelledField(schema.field(entity["label"]).name, text)
    return tuple(lines), fields


def _given(image: Path, lines: tuple[TextLine, ...]) -> Document:
    return document_from_lines(image, picture_size(image), lines, reader="FUNSD annotation", join_gap=_JOIN_GAP)


def _located(lines: tuple[TextLine, ...], fields: dict[int, LabelledField]) -> tuple[LabelledField, ...]:
    places = places_of_entities(lines)
    return tuple(
        LabelledField(entry.name, entry.value, occurrences=(places[number],) if number in places else ())
        for number, entry in fields.items()
    )
