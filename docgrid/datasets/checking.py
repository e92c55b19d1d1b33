"""What is wrong with a dataset, told before training: file, field, line and what to do.

An error makes training or its figures wrong; a warning is worth a look.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz

from docgrid.chargrid import DEFAULT_ALPHABET, Frame, GridSize, grid_of_page
from docgrid.datasets.base import Dataset, DatasetFormat, DrawnPlace, Record
from docgrid.datasets.native import rows_within
from docgrid.datasets.splits import split_items
from docgrid.errors import DatasetError
from docgrid.labels import LabelledDocument, LabelledField
from docgrid.page import Document, Page
from docgrid.schema import Schema
from docgrid.values import fold

FEW_DOCUMENTS = 10  # with a field, from which it can hardly be learnt
LOST_SHARE = 0.05  # of the characters of a page
PAGES, RECEIPTS = (GridSize(336, 256), Frame.PAGE), (GridSize(320, 160), Frame.TEXT)  # what training takes
TALL = 1.7  # text higher than this many widths is a receipt
_EDGE = 0.001  # of a page: how far a box may lie beside it
_WRONG_TEXT = 50.0  # rapidfuzz ratio, 0..100, under which a box holds something else than its label says


class Severity(StrEnum):
    """What a problem does."""

    ERROR = "error"
    WARNING = "warning"


class Kind(StrEnum):
    """What kind of problem it is."""

    ANNOTATION = "annotation"  # cannot be read, names unknown fields, has misshapen boxes
    UNREADABLE = "unreadable document"
    OFF_PAGE = "box off the page"
    EMPTY_BOX = "box without text"
    OTHER_TEXT = "text is not in its box"
    OVERLAP = "overlapping labels"
    SEVERAL_VALUES = "several values of a field"
    NOT_PRINTED = "value is not printed"
    DUPLICATE = "near-duplicate documents"
    LEAK = "leak between parts"
    FEW = "few examples"
    LOST_CHARACTERS = "characters lost in the grid"


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem."""

    severity: Severity
    kind: Kind
    file: str  # relative to the dataset
    problem: str
    fix: str
    field: str = ""
    line: int = 0  # of the file, from 1; 0 where it is not known


def findings_of_error(error: DatasetError, root: Path) -> list[Finding]:
    """What opening a dataset complained about, one finding a problem."""
    details = error.details or ((str(root), error.problem, error.hint),)
    return [Finding(Severity.ERROR, Kind.ANNOTATION, file, problem, fix) for file, problem, fix in details]


def annotation_file(dataset: Dataset, record: Record) -> Path:
    """The file that holds the labels of a record; the document itself where that is not known."""
    stem = record.path.stem
    places = {
        DatasetFormat.NATIVE: record.path.parent.parent / "annotations" / f"{stem}.json",
        DatasetFormat.VALUES: record.path.with_suffix(".json"),
        DatasetFormat.EINVOICE: record.path.with_suffix(".json"),
        DatasetFormat.SROIE: record.path.parent.parent / "entities" / f"{stem}.txt",
        DatasetFormat.FUNSD: record.path.parent.parent / "annotations" / f"{stem}.json",
    }
    path = places.get(dataset.format, record.path)
    return path if path.is_file() else record.path


class Checker:
    """Takes the documents of a dataset one by one, and tells at the end what only the whole shows.

    Args:
        dataset: What is checked.
        size: The grid that will be trained on; None for the one that training takes when it is not told.
    """

    def __init__(self, dataset: Dataset, *, size: GridSize | None = None) -> None:
        self.dataset = dataset
        self.findings: list[Finding] = []
        self.found: Counter[str] = Counter()  # values whose place is known, by field
        self._grids = ((size, Frame.PAGE),) if size else (PAGES, RECEIPTS)
        self._lost: list[tuple[Record, int, int, tuple[int, ...]]] = []  # page, its characters, those lost in each grid
        self._heights: list[float] = []  # of the text of each page, in widths
        self._documents: dict[str, Document] = {}

    def unreadable(self, record: Record, problem: str) -> None:
        """Note a document that cannot be read."""
        fix = "Repair or replace the file, or take it and its labels out."
        self._add(record, Severity.ERROR, Kind.UNREADABLE, problem, fix, file=record.path)

    def add(self, record: Record, labelled: LabelledDocument) -> None:
        """Check one document that was read."""
        self._documents[record.id] = labelled.document
        pages = {page.number: page for page in labelled.document.pages}
        drawn = record.places or tuple(() for _ in record.fields)
        for entry, places in zip(labelled.fields, drawn, strict=False):
            self.found[entry.name] += bool(entry.occurrences)
            for place in places:
                self._check_place(record, entry, place, pages)
            if not entry.occurrences and not places:
                problem = f"{entry.value!r} is printed on no page"
                fix = "Correct the value as printed, or leave it out."
                self._add(record, Severity.WARNING, Kind.NOT_PRINTED, problem, fix, field=entry.name)
        self._check_overlaps(record, labelled, pages)
        self._check_several(record)
        self._check_grid(record, labelled.document)

    def _check_place(self, record: Record, entry: LabelledField, place: DrawnPlace, pages: Mapping[int, Page]) -> None:
        if place.page not in pages:
            problem = f"is marked on page {place.page} of {len(pages)}"
            self._add(record, Severity.ERROR, Kind.OFF_PAGE, problem, "Pages are counted from 1.", field=entry.name)
            return
        if any(min(box) < -_EDGE or max(box) > 1 + _EDGE for box in place.boxes):
            fix = "Boxes are in 0..1 of the page as displayed."
            self._add(record, Severity.ERROR, Kind.OFF_PAGE, "reaches over the edge of the page", fix, field=entry.name)
        page = pages[place.page]
        if not len(page.characters):
            return
        printed = page.characters.text_of(rows_within(page, place))
        if not fold(printed) and fold(entry.value):
            problem = f"the box of {entry.value!r} on page {place.page} holds no character"
            self._add(record, Severity.ERROR, Kind.EMPTY_BOX, problem, "Move the box onto the value.", field=entry.name)
        elif entry.value and fold(printed) != fold(entry.value):
            likeness = fuzz.partial_ratio(fold(printed), fold(entry.value)) if fold(entry.value) else 100.0
            severity = Severity.ERROR if likeness < _WRONG_TEXT else Severity.WARNING
            problem = f"is {entry.value!r}, its box on page {place.page} holds {' '.join(printed.split())!r}"
            fix = "Move the box, or give the text as printed."
            self._add(record, severity, Kind.OTHER_TEXT, problem, fix, field=entry.name)

    def _check_overlaps(self, record: Record, labelled: LabelledDocument, pages: Mapping[int, Page]) -> None:
        """Places of different values that share some of their characters, and neither holds the other."""
        rows = [
            (entry, place.page, frozenset(rows_within(pages[place.page], place).tolist()))
            for entry, places in zip(labelled.fields, record.places, strict=False)
            for place in places
            if place.page in pages
        ]
        rows.sort(key=lambda one: (one[1], min(one[2], default=-1)))
        for number, (entry, page, own) in enumerate(rows):
            for other, other_page, others in rows[number + 1 :]:
                if other_page != page or not own or not others or min(others) > max(own):
                    break
                if own & others and not (own <= others or others <= own) and entry != other:
                    problem = f"{entry.value!r} shares characters with {other.name} {other.value!r} on page {page}"
                    fix = "Draw each box around its own value only."
                    self._add(record, Severity.WARNING, Kind.OVERLAP, problem, fix, field=entry.name)

    def _check_several(self, record: Record) -> None:
        values: dict[tuple[str, int | None], set[str]] = defaultdict(set)
        for entry in record.fields:
            if not self.dataset.schema.field(entry.name).repeated:
                values[entry.name, entry.item].add(fold(entry.normal or entry.value))
        for (name, item), different in values.items():
            if len(different) > 1:
                where = "" if item is None else f" in line item {item + 1}"
                problem = f"has {len(different)} different values{where}"
                fix = 'Keep one, or say "repeated": true in the schema.'
                self._add(record, Severity.WARNING, Kind.SEVERAL_VALUES, problem, fix, field=name)

    def _check_grid(self, record: Record, document: Document) -> None:
        for page in document.pages:
            if not len(page.characters):
                continue
            boxes = page.characters.boxes
            width, height = boxes[:, 2:].max(axis=0) - boxes[:, :2].min(axis=0)
            self._heights.append(float(height / max(width, 1e-3)))
            lost = tuple(grid_of_page(page, DEFAULT_ALPHABET, size, frame).lost_characters for size, frame in self._grids)
            if max(lost) > LOST_SHARE * len(page.characters):
                self._lost.append((record, page.number, len(page.characters), lost))

    def _report_lost(self) -> None:
        tall = len(self._grids) > 1 and float(np.median(self._heights or [0.0])) > TALL
        size = self._grids[tall][0]
        for record, page, count, lost in self._lost:
            if lost[tall] > LOST_SHARE * count:
                problem = f"{lost[tall]} of {count} characters of page {page} have no cell of {size.height} x {size.width}"
                fix = "Train with a larger grid, or split the page."
                self._add(record, Severity.WARNING, Kind.LOST_CHARACTERS, problem, fix, file=record.path)

    def finish(self) -> list[Finding]:
        """What only the whole dataset shows, and everything found before; errors first."""
        self._report_lost()
        self.findings += _duplicates(self.dataset.records, self._documents)
        self.findings += _few(self.dataset.records, self.dataset.schema, self.dataset.root)
        return sorted(self.findings, key=lambda one: (one.severity is Severity.WARNING, one.file, one.line))

    def _add(
        self, record: Record, severity: Severity, kind: Kind, problem: str, fix: str, *, field: str = "", file: Path | None = None
    ) -> None:
        path = file or annotation_file(self.dataset, record)
        name = str(path.relative_to(self.dataset.root)) if path.is_relative_to(self.dataset.root) else str(path)
        line = line_of(path, field) if field and path != record.path else 0
        self.findings.append(Finding(severity, kind, name, f"{field} {problem}".strip(), fix, field, line))


def line_of(path: Path, name: str) -> int:
    """The first line of a JSON file that names a field, from 1; 0 where none does."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return 0
    return next((number for number, line in enumerate(lines, start=1) if f'"{name}"' in line), 0)


def _duplicates(records: Sequence[Record], documents: Mapping[str, Document]) -> Iterator[Finding]:
    """Groups of documents that are nearly the same; across parts they make figures too good."""
    by_id = {record.id: record for record in records}
    groups: dict[str, list[str]] = defaultdict(list)
    for item in split_items(records, documents):
        if item.same:
            groups[item.same].append(item.id)
    for ids in (sorted(group) for group in groups.values() if len(group) > 1):
        parts = {by_id[key].part or "train" for key in ids}
        told = ", ".join(ids[:5]) + (f" and {len(ids) - 5} more" if len(ids) > 5 else "")
        if len(parts) > 1:
            problem = f"{told} are nearly the same and stand in {', '.join(sorted(parts))}"
            fix = "Split again: docgrid data split keeps them together."
            yield Finding(Severity.ERROR, Kind.LEAK, ids[0], problem, fix)
        else:
            yield Finding(Severity.WARNING, Kind.DUPLICATE, ids[0], f"{told} are nearly the same", "Keep one of them.")


def _few(records: Sequence[Record], schema: Schema, root: Path) -> Iterator[Finding]:
    documents = Counter(name for record in records for name in {entry.name for entry in record.fields})
    for name in schema.names:
        if 0 < documents[name] < FEW_DOCUMENTS:
            problem = f"{name} is labelled in {documents[name]} documents only"
            fix = f"Label {FEW_DOCUMENTS} or more, or take it out of the schema."
            yield Finding(Severity.WARNING, Kind.FEW, root.name, problem, fix, name)
