"""What importers read, page by page, put together to records: pages of one document, marks of one value, parts of a dataset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from docgrid.datasets.base import DrawnPlace, Problems, Record, canonical_name
from docgrid.datasets.given import GivenPage, TextLine, around, document_from_pages, places_of_entities
from docgrid.datasets.shapes import Edges, as_count, file_in, relative
from docgrid.labels import LabelledField, Occurrence
from docgrid.page import Document
from docgrid.schema import Schema

_PARTS = {
    "train": "",
    "training": "",
    "training_data": "",
    "val": "valid",
    "dev": "valid",
    "validation": "valid",
    "testing_data": "test",
}


def part_of(name: str) -> str:
    """The part of a dataset by what others call it: "" for training, else "valid" or "test"."""
    return _PARTS.get(name.lower(), name.lower())


@dataclass(frozen=True, slots=True)
class Mark:
    """A value, and the boxes (one a text line) that show it on its page; `entity` is the one of its words, where they say so."""

    name: str
    text: str
    boxes: tuple[Edges, ...] = ()  # in 0..1 of the page
    item: int | None = None
    entity: int = -1
    normal: str = ""


@dataclass
class PagePart:
    """One page of a dataset and what is marked on it. Pages with the same `path` are one document."""

    path: Path  # the document; the picture itself where there is no other
    page: GivenPage
    marks: list[Mark] = field(default_factory=list)
    links: list[tuple[int, int]] = field(default_factory=list)  # pairs of entities
    part: str = ""
    layout: str = ""
    languages: tuple[str, ...] = ()
    origin: Path | None = None  # the annotation, for messages


def without_items(schema: Schema) -> Schema:
    """The schema for a format that does not say which values make a line item: its fields are fields of the document."""
    if not schema.has_line_items:
        return schema
    return Schema(schema.name, tuple(replace(spec, line_item=False) for spec in schema.fields))


def document_of(root: Path, content: dict[str, object], picture: Path) -> tuple[Path, int]:
    """The document and page that a picture shows, where its annotation names them as docgrid's exporters do.

    Raises:
        MisshapenError: A document is named and is not there.
    """
    if "document" not in content:
        return picture, 1
    return file_in(root, content["document"], what="document"), as_count(content.get("page", 1), "page", least=1)


def marks_of_entities(words: Sequence[TextLine], named: dict[int, tuple[str, str]], size: tuple[float, float]) -> list[Mark]:
    """The marks of entities whose words are known.

    Args:
        words: Of one page.
        named: For an entity its field and text.
        size: Of the page, in the unit of the words.
    """
    marks = []
    for entity, (name, text) in named.items():
        own = [word for word in words if word.entity == entity and word.text.strip()]
        boxes = tuple(relative(box, size) for box in line_boxes(own))
        marks.append(Mark(name, text, boxes, entity=entity))
    return marks


def line_boxes(words: Sequence[TextLine]) -> list[Edges]:
    """One box for each text line of some words: a line goes on while words do not step back to the left or down."""
    lines: list[list[TextLine]] = []
    for word in words:
        before = lines[-1][-1] if lines else None
        middle = (word.box[1] + word.box[3]) / 2
        if before is not None and word.box[0] >= before.box[0] and before.box[1] <= middle <= before.box[3]:
            lines[-1].append(word)
        else:
            lines.append([word])
    return [around([word.box for word in line]) for line in lines]


def records_of(
    parts: Sequence[PagePart], schema: Schema, problems: Problems, *, reader: str, distinct: bool = False, strict: bool = True
) -> tuple[Record, ...]:
    """The records of pages.

    Args:
        parts: In the order of the dataset; pages of a document in order.
        schema: Gives the names.
        problems: Takes unknown names, and documents that share an id.
        reader: Where the text comes from.
        distinct: Every mark is a field of its own; else marks of one value are several places of it.
        strict: A name that the schema does not have is a problem; else it is left out.
    """
    groups: dict[Path, list[PagePart]] = {}
    for part in parts:
        groups.setdefault(part.path, []).append(part)
    stems = [path.stem for path in groups]
    records = []
    for path, pages in groups.items():
        known = [(part, _known(part, schema, problems, strict=strict)) for part in pages]
        prefix = f"{part_of(pages[0].part)}/" if part_of(pages[0].part) and stems.count(path.stem) > 1 else ""
        records.append(_record(f"{prefix}{path.stem}", path, known, reader, distinct=distinct))
    _check_twice(records, problems)
    return tuple(records)


def _check_twice(records: Sequence[Record], problems: Problems) -> None:
    seen: dict[str, Path] = {}
    for record in records:
        if record.id in seen:
            problems.add(record.path, f"has the same name as {seen[record.id].name}", "Give every document a name of its own.")
        seen[record.id] = record.path


def _known(part: PagePart, schema: Schema, problems: Problems, *, strict: bool) -> list[Mark]:
    marks = []
    for mark in part.marks:
        if not strict and mark.name not in schema:
            continue
        name = canonical_name(schema, mark.name, part.origin or part.path, problems)
        if name is not None:
            marks.append(replace(mark, name=name))
    return marks


def _record(id: str, path: Path, pages: Sequence[tuple[PagePart, list[Mark]]], reader: str, *, distinct: bool) -> Record:
    table: dict[object, tuple[LabelledField, list[DrawnPlace], list[tuple[int, int]]]] = {}
    position: dict[tuple[int, int], int] = {}  # of the field of an entity
    rows: dict[object, int] = {}
    items: dict[int, int] = {}  # the dataset's numbers -> from 0, as they come
    for part, marks in pages:
        for mark in marks:
            item = None if mark.item is None else items.setdefault(mark.item, len(items))
            entry = LabelledField(mark.name, mark.text, item, normal=mark.normal)
            key: object = len(table) if distinct or not mark.text else entry
            _, places, entities = table.setdefault(key, (entry, [], []))
            row = rows.setdefault(key, len(rows))
            place = DrawnPlace(part.page.number, mark.boxes, mark.entity)
            if mark.boxes and place not in places:
                places.append(place)
            if mark.entity >= 0:
                entities.append((part.page.number, mark.entity))
                position[part.page.number, mark.entity] = row
    first = pages[0][0]
    given = tuple(part.page for part, _ in pages)
    has_text = any(page.lines or page.words for page in given)
    entries = tuple((entry, tuple(entities)) for entry, _, entities in table.values())
    located = partial(_located, given, entries) if has_text and any(entities for _, entities in entries) else None
    links = [(position.get((p.page.number, a)), position.get((p.page.number, b))) for p, _ in pages for a, b in p.links]
    return Record(
        id,
        path,
        tuple(entry for entry, _ in entries),
        layout=first.layout,
        given=partial(_given, path, given, reader) if has_text else None,
        located=located,
        places=tuple(tuple(places) for _, places, _ in table.values()) if any(p for _, p, _ in table.values()) else (),
        part=part_of(first.part),
        languages=first.languages,
        text=given,
        links=tuple(dict.fromkeys((a, b) for a, b in links if a is not None and b is not None)),
    )


def _given(path: Path, pages: tuple[GivenPage, ...], reader: str) -> Document:
    return document_from_pages(path, pages, reader=reader)


def _located(
    pages: tuple[GivenPage, ...], entries: tuple[tuple[LabelledField, tuple[tuple[int, int], ...]], ...]
) -> tuple[LabelledField, ...]:
    """The fields with the characters of their entities."""
    found: dict[tuple[int, int], Occurrence] = {}
    for page in pages:
        lines = page.words or page.lines
        for entity, occurrence in places_of_entities(lines, page=page.number).items():
            found[page.number, entity] = occurrence
    return tuple(
        replace(entry, occurrences=tuple(found[entity] for entity in entities if entity in found)) for entry, entities in entries
    )
