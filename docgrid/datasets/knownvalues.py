"""What is known about documents before anybody looked at a page: rows of a spreadsheet, JSON values, another model's predictions.

Whatever it comes from, it becomes the same: for each document (by its file name) the true fields, some with places already.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from docgrid.datasets.base import DrawnPlace, Problems, Record, read_json, value_text
from docgrid.errors import DatasetError, UsageError
from docgrid.labels import LabelledField
from docgrid.schema import FieldType, Schema, infer_schema

EXTRACTION_SCHEMA = "docgrid.extraction/1"
_NUMERIC = (FieldType.MONEY, FieldType.NUMBER, FieldType.PERCENT)
_PLAIN_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_PLAIN_DECIMAL = re.compile(r"-?\d+(?:\.(?:\d{1,2}|\d{4,}))?")  # 1.190 may be eleven hundred and ninety
_JSON_HINT = 'Write [{"file": "4711.pdf", "total": "9.00"}, ...], {"4711.pdf": {"total": "9.00"}, ...}, or what extract wrote.'


@dataclass
class Known:
    """The fields of documents by file name or stem, in lower case, and where each was said."""

    schema: Schema
    fields: dict[str, list[LabelledField]] = field(default_factory=dict)
    places: dict[str, list[tuple[DrawnPlace, ...]]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)  # what was left out, and why

    def of(self, path: Path) -> str | None:
        """The key under which a document is known."""
        return next((key for key in (path.name.lower(), path.stem.lower()) if key in self.fields), None)

    def records(self, documents: Sequence[Path]) -> tuple[list[Record], list[Path]]:
        """Records of the documents that something is known about, and the documents that are left."""
        records, rest = [], []
        for path in documents:
            key = self.of(path)
            if key is None:
                rest.append(path)
                continue
            entries = tuple(_normal(entry, self.schema) for entry in self.fields[key])
            records.append(Record(path.stem, path, entries, places=tuple(self.places.get(key, ()))))
        return records, rest

    def unused(self, documents: Sequence[Path]) -> list[str]:
        """The keys that no document has."""
        used = {self.of(path) for path in documents}
        return [key for key in self.fields if key not in used]


def _normal(entry: LabelledField, schema: Schema) -> LabelledField:
    """Mark values that are in their normal form already, so that 1190.00 is found as 1.190,00 and 2024-03-01 as 1.3.24."""
    kind = schema.field(entry.name).type
    is_plain = (kind is FieldType.DATE and _PLAIN_DATE.fullmatch(entry.value)) or (
        kind in _NUMERIC and _PLAIN_DECIMAL.fullmatch(entry.value)
    )
    return replace(entry, normal=entry.value) if is_plain else entry


def parse_map(pairs: Iterable[str]) -> dict[str, str]:
    """Column -> field of `--map column=field`.

    Raises:
        UsageError: One is not written like that.
    """
    found = {}
    for pair in pairs:
        column, separator, name = pair.partition("=")
        if not separator or not column.strip() or not name.strip():
            raise UsageError(f"{pair!r} maps nothing", hint="Write --map COLUMN=FIELD, such as --map 'Invoice no'=document_id.")
        found[column.strip()] = name.strip()
    return found


def empty_known(names: Mapping[str, str], schema: Schema | None, origin: Path) -> Known:
    """Nothing known yet: the schema, and a note of the columns that are none of its fields."""
    if schema is None:
        if not names:
            raise DatasetError(f"{origin} has no values", hint="Name the fields, and map others to them with --map.")
        return Known(infer_schema(origin.stem, names.values()))
    unknown = {column: name for column, name in names.items() if name not in schema}
    known = Known(schema)
    for column, name in unknown.items():
        near = difflib.get_close_matches(name, schema.names, n=1)
        also = f"; did you mean --map {column!r}={near[0]}?" if near else ""
        known.notes.append(f"{origin.name}: {column!r} is no field of schema {schema.name} and is left out{also}")
    if len(unknown) == len(names):
        raise DatasetError(
            f"{origin} names no field of schema {schema.name!r}",
            hint=f"Use --map COLUMN=FIELD. Fields: {', '.join(schema.names)}.",
        )
    return known


def key_of(text: str) -> str:
    """A document's name without its folders, in lower case."""
    return re.split(r"[/\\]", text.strip())[-1].lower()


def known_from_json(
    path: Path, *, key: str, columns: Mapping[str, str], schema: Schema | None, accepted_only: bool = True
) -> Known:
    """Known values from JSON: a list or an object of documents, or what `docgrid extract` wrote.

    Args:
        path: The file.
        key: In a list, what names the document.
        columns: Name -> field, where they differ.
        schema: The fields there are; guessed from the names when not given.
        accepted_only: Of predictions, take only those with decision accept.

    Raises:
        DatasetError: The file cannot be used; all problems in one message.
    """
    problems = Problems(path.parent)
    content = read_json(path, problems)
    problems.raise_if_any()
    if isinstance(content, dict) and content.get("schema") == EXTRACTION_SCHEMA:
        return known_from_extraction(content, schema=schema, accepted_only=accepted_only, origin=path)
    documents = _documents_in(content, key, path, problems)
    names: dict[str, str] = {}
    for _, values in documents:
        names |= {name: columns.get(name, name) for name in _names_in(values) if not columns or schema or name in columns}
    known = empty_known(names, schema, path)
    for document, values in documents:
        known.fields.setdefault(document, []).extend(_fields_in(values, names, known.schema, f"{document}", path, problems))
    problems.raise_if_any()
    return known


def _documents_in(content: object, key: str, path: Path, problems: Problems) -> list[tuple[str, dict[str, object]]]:
    entries: list[tuple[object, object]] = []
    if isinstance(content, dict):
        entries = list(content.items())
    elif isinstance(content, list):
        entries = [
            (one.get(key), {k: v for k, v in one.items() if k != key}) if isinstance(one, dict) else (None, one)
            for one in content
        ]
    else:
        problems.add(path, "is neither a list nor an object of documents", _JSON_HINT)
    found: dict[str, dict[str, object]] = {}
    for number, (name, values) in enumerate(entries, start=1):
        if not isinstance(name, str) or not isinstance(values, dict):
            problems.add(path, f"entry {number} has no {key!r} that names a document", _JSON_HINT)
        elif key_of(name) in found:
            problems.add(path, f"entry {number}: {name} is there twice", "Put all values of a document into one entry.")
        else:
            found[key_of(name)] = values
    if not found and not problems.found:
        problems.add(path, "has no documents", _JSON_HINT)
    problems.raise_if_any()
    return list(found.items())


def _names_in(values: dict[str, object]) -> list[str]:
    items = values.get("line_items")
    inner = [name for item in (items if isinstance(items, list) else []) if isinstance(item, dict) for name in item]
    return [name for name in values if name != "line_items"] + inner


def _fields_in(
    values: dict[str, object], names: Mapping[str, str], schema: Schema, where: str, path: Path, problems: Problems
) -> list[LabelledField]:
    items = values.get("line_items") or []
    rows: list[tuple[int | None, object]] = [(None, {name: value for name, value in values.items() if name != "line_items"})]
    rows += list(enumerate(items)) if isinstance(items, list) else [(None, items)]
    fields = []
    for item, row in rows:
        if not isinstance(row, dict):
            problems.add(path, f"{where}: line_items is not a list of objects", _JSON_HINT)
            continue
        for name, value in row.items():
            if name not in names or names[name] not in schema:
                continue
            spec = schema.field(names[name])
            for entry in value if isinstance(value, list) else [value]:
                text = value_text(entry)
                if text is None or spec.line_item != (item is not None):
                    problems.add(path, f"{where}: {name} is no text or stands in the wrong place", _JSON_HINT)
                elif text:
                    fields.append(LabelledField(spec.name, text, item))
    return list(dict.fromkeys(fields))


def known_from_extraction(
    content: Mapping[str, object], *, schema: Schema | None, accepted_only: bool, origin: Path | None = None
) -> Known:
    """Known values from predictions, with the places where they were found.

    Args:
        content: An extraction as plain data.
        schema: The fields to take; when not given, guessed from the names.
        accepted_only: Leave out what a person should look at.
        origin: The file, for messages.

    Raises:
        DatasetError: It is damaged, or nothing in it may be used.
    """
    where = origin or Path("extraction")
    try:
        documents = [_predicted(document, accepted_only) for document in content["documents"]]  # type: ignore[attr-defined]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise DatasetError(
            f"{where} is no extraction ({type(error).__name__}: {error})", hint="Write it with `docgrid extract`."
        ) from error
    names = dict.fromkeys(entry.name for _, fields, _ in documents for entry in fields)
    if not names:
        raise DatasetError(f"{where} has no accepted fields", hint="Take the others too with --all-decisions, and look at them.")
    known = empty_known({name: name for name in names}, schema, where)
    for document, fields, places in documents:
        kept = [(entry, place) for entry, place in zip(fields, places, strict=True) if entry.name in known.schema]
        known.fields[document] = [replace(entry, name=known.schema.field(entry.name).name) for entry, _ in kept]
        known.places[document] = [place for _, place in kept]
    return known


def _predicted(document: dict[str, object], accepted_only: bool) -> tuple[str, list[LabelledField], list[tuple[DrawnPlace, ...]]]:
    rows: list[tuple[int | None, object]] = [(None, document["fields"])]
    rows += [(number, item["fields"]) for number, item in enumerate(document.get("line_items") or ())]  # type: ignore[arg-type, var-annotated]
    fields: list[LabelledField] = []
    places: list[tuple[DrawnPlace, ...]] = []
    for item, named in rows:
        for name, entries in named.items():  # type: ignore[attr-defined]
            for entry in entries:
                if accepted_only and entry["decision"] != "accept":
                    continue
                left, top, right, bottom = (float(edge) for edge in entry["bbox"])
                normal = entry.get("value")
                text = " ".join(str(entry["text"]).split())
                fields.append(LabelledField(str(name), text, item, normal="" if normal in (None, text) else str(normal)))
                places.append((DrawnPlace(int(entry["page"]), ((left, top, right, bottom),)),))
    return key_of(str(document["source"])), fields, places
