"""What every dataset gives: records of (document, true fields), and one error that lists all that is wrong with a folder."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from docgrid.errors import DatasetError
from docgrid.labels import LabelledField
from docgrid.page import Document
from docgrid.schema import Schema

DOCUMENT_SUFFIXES = (".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp", ".gif")
PROBLEMS_SHOWN = 20
ANNOTATION_BYTES = 64 * 2**20  # larger annotation files are refused unread


class DatasetFormat(StrEnum):
    """The dataset folders that can be opened."""

    NATIVE = "native"
    SROIE = "sroie"
    VALUES = "values"
    EINVOICE = "einvoice"
    FUNSD = "funsd"
    WILDRECEIPT = "wildreceipt"


@dataclass(frozen=True, slots=True)
class DrawnPlace:
    """One place where a value was marked by hand: boxes (one a text line) on one page.

    Boxes are (left, top, right, bottom) in 0..1 of the page as displayed, because a page's size is known only once it is read.
    """

    page: int  # from 1
    boxes: tuple[tuple[float, float, float, float], ...]


@dataclass(frozen=True)
class Record:
    """One document of a dataset with its true fields, nothing read yet."""

    id: str
    path: Path
    fields: tuple[LabelledField, ...]
    layout: str = ""  # records of one template or issuer share this; empty where the dataset does not say
    given: Callable[[], Document] | None = None  # the dataset brings text and boxes; reading the file is not needed
    located: Callable[[], tuple[LabelledField, ...]] | None = None  # `fields` with their places in the document of `given`
    places: tuple[tuple[DrawnPlace, ...], ...] = ()  # where drawn boxes exist: one entry for each of `fields`
    part: str = ""  # the dataset's own split ("train", "valid"), empty where there is none
    languages: tuple[str, ...] = ()
    plain_values: bool = False  # the values are plain decimals and ISO dates, whatever the document prints


@dataclass(frozen=True)
class Dataset:
    """A dataset folder that was checked and opened."""

    name: str
    root: Path
    format: DatasetFormat
    schema: Schema
    records: tuple[Record, ...]
    warnings: tuple[str, ...] = ()

    def part(self, name: str) -> tuple[Record, ...]:
        """The records of one of the dataset's own parts."""
        return tuple(record for record in self.records if record.part == name)


@dataclass
class Problems:
    """Collects everything that is wrong with a dataset, to report it in one error."""

    root: Path
    found: list[str] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)

    def add(self, path: Path, what: str, hint: str) -> None:
        """Note one problem of one file."""
        place = path.relative_to(self.root) if path.is_relative_to(self.root) else path
        self.found.append(f"{place}: {what}")
        if hint not in self.hints:
            self.hints.append(hint)

    def raise_if_any(self) -> None:
        """Stop when anything was noted.

        Raises:
            DatasetError: Something was; the first 20 problems are listed, and all are counted.
        """
        if not self.found:
            return
        count = len(self.found)
        lines = [f"{self.root} has {count} problem{'s' if count > 1 else ''}:"]
        lines += [f"  {text}" for text in self.found[:PROBLEMS_SHOWN]]
        if count > PROBLEMS_SHOWN:
            lines.append(f"  ... and {count - PROBLEMS_SHOWN} more")
        raise DatasetError("\n".join(lines), hint=" ".join(self.hints[:3]))


def read_json(path: Path, problems: Problems) -> object | None:
    """The content of a JSON file; None, with the problem noted, when it cannot be read."""
    try:
        if path.stat().st_size > ANNOTATION_BYTES:
            problems.add(path, f"is larger than {ANNOTATION_BYTES // 2**20} MB", "Check that this is an annotation file.")
            return None
        content: object = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        problems.add(path, f"cannot be read: {error.strerror or error}", "Check that the file exists and its permissions.")
    except json.JSONDecodeError as error:
        problems.add(path, f"line {error.lineno} column {error.colno}: not JSON ({error.msg})", "Correct the JSON syntax there.")
    except (ValueError, RecursionError) as error:
        problems.add(path, f"not JSON ({error})", "Annotations are UTF-8 JSON files.")
    else:
        if content is None:
            problems.add(path, "holds only null", 'An annotation is an object such as {"total": "9.00"}.')
        return content
    return None


def check_ids(records: Iterable[Record], problems: Problems) -> None:
    """Note documents that share a name, and so their labels: `a.pdf` beside `a.png`."""
    seen: dict[str, Path] = {}
    for record in records:
        if record.id in seen:
            problems.add(record.path, f"has the same name as {seen[record.id].name}", "Give every document a name of its own.")
        seen[record.id] = record.path


def value_text(content: object) -> str | None:
    """A JSON scalar as the text of a value: white space trimmed, "" for null; None when it is no scalar."""
    if content is None:
        return ""
    if isinstance(content, str):
        return content.strip()
    if isinstance(content, (int, float)) and not isinstance(content, bool):
        return str(content)
    return None


def canonical_name(schema: Schema, name: str, path: Path, problems: Problems) -> str | None:
    """The schema's own name of a field; None, with the problem noted, when the schema has no such field."""
    try:
        return schema.field(name).name
    except DatasetError as error:
        problems.add(path, f"{error.problem}; {error.hint}", "Correct the field name, or give a schema that has it.")
        return None


def documents_in(folder: Path) -> list[Path]:
    """The documents directly in a folder, sorted by name."""
    return sorted(
        path
        for path in folder.iterdir()
        if path.suffix.lower() in DOCUMENT_SUFFIXES and not path.name.startswith(".") and path.is_file()
    )


def only_known(fields: Iterable[LabelledField], schema: Schema) -> tuple[LabelledField, ...]:
    """The fields that a schema has, under the schema's names; for public datasets, whose fields the user did not choose."""
    return tuple(
        LabelledField(schema.field(entry.name).name, entry.value, entry.item, entry.occurrences, entry.boxes)
        for entry in fields
        if entry.name in schema
    )
