"""What every dataset gives: records of (document, true fields), and one error that lists all that is wrong with a folder."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from docgrid.datasets.given import GivenPage
from docgrid.errors import DatasetError, UsageError
from docgrid.labels import LabelledField
from docgrid.page import Document
from docgrid.schema import Schema, load_schema

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
    CSV = "csv"
    XFUND = "xfund"
    CORD = "cord"
    PADDLEOCR = "paddleocr"
    DOCILE = "docile"
    DONUT = "donut"
    DOCTR = "doctr"
    COCO = "coco"
    LABEL_STUDIO = "label-studio"


@dataclass(frozen=True, slots=True)
class DrawnPlace:
    """One place where a value was marked by hand: boxes (one a text line) on one page.

    Boxes are (left, top, right, bottom) in 0..1 of the page as displayed, because a page's size is known only once it is read.
    """

    page: int  # from 1
    boxes: tuple[tuple[float, float, float, float], ...]
    entity: int = -1  # of the words that make it up, where the dataset says so


@dataclass(frozen=True)
class Record:
    """One document of a dataset with its true fields, nothing read yet."""

    id: str
    path: Path
    fields: Sequence[LabelledField]
    layout: str = ""  # records of one template or issuer share this; empty where the dataset does not say
    given: Callable[[], Document] | None = None  # the dataset brings text and boxes; reading the file is not needed
    located: Callable[[], tuple[LabelledField, ...]] | None = None  # `fields` with their places in the document of `given`
    places: Sequence[tuple[DrawnPlace, ...]] = ()  # where drawn boxes exist: one entry for each of `fields`
    part: str = ""  # the dataset's own split ("train", "valid"), empty where there is none
    languages: tuple[str, ...] = ()
    plain_values: bool = False  # the values are plain decimals and ISO dates, whatever the document prints
    text: tuple[GivenPage, ...] = ()  # what `given` makes pages of, where the dataset brings text along
    links: tuple[tuple[int, int], ...] = ()  # pairs of `fields` that belong together: a question and its answer


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


class MisshapenError(ValueError):
    """A part of an annotation is not as its format asks; the message names the part."""


@dataclass
class Problems:
    """Collects everything that is wrong with a dataset, to report it in one error."""

    root: Path
    found: list[str] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)
    details: list[tuple[str, str, str]] = field(default_factory=list)  # file, what is wrong, what to do

    def add(self, path: Path, what: str, hint: str) -> None:
        """Note one problem of one file."""
        place = path.relative_to(self.root) if path.is_relative_to(self.root) else path
        self.found.append(f"{place}: {what}")
        self.details.append((str(place), what, hint))
        if hint not in self.hints:
            self.hints.append(hint)

    @contextmanager
    def noting(self, path: Path, hint: str, *, where: str = "") -> Iterator[None]:
        """Note what is misshapen in the part of a file that is read inside, and go on after it."""
        try:
            yield
        except MisshapenError as error:
            self.add(path, f"{where}{error}", hint)

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
        raise DatasetError("\n".join(lines), hint=" ".join(self.hints[:3]), details=self.details)


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


def read_rows(path: Path, problems: Problems) -> list[str]:
    """The lines of a UTF-8 text file; none, with the problem noted, when it cannot be read."""
    try:
        if path.stat().st_size > ANNOTATION_BYTES:
            problems.add(path, f"is larger than {ANNOTATION_BYTES // 2**20} MB", "Check that this is an annotation file.")
            return []
        content = path.read_bytes()
        return content.decode("utf-8-sig").split("\n")
    except OSError as error:
        problems.add(path, f"cannot be read: {error.strerror or error}", "Check that the file exists and its permissions.")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        problems.add(path, f"line {line}: not UTF-8 (byte 0x{content[error.start]:02x})", "Save the file in UTF-8.")
    return []


def own_schema(root: Path) -> Schema | None:
    """The schema that a dataset's `docgrid.toml` names (`schema = "invoice"`, or a file beside it); None where there is none.

    Raises:
        DatasetError: The file is damaged, or there is no such schema.
    """
    path = root / "docgrid.toml"
    problems = Problems(root)
    if not path.is_file():
        return None
    try:
        name = tomllib.loads(path.read_text(encoding="utf-8")).get("schema")
        if name is None:
            return None
        return load_schema(root / str(name) if (root / str(name)).is_file() else str(name))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        problems.add(path, f"not TOML ({error})", "Correct the syntax of docgrid.toml.")
    except UsageError as error:
        problems.add(path, error.problem, error.hint)
    problems.raise_if_any()
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
