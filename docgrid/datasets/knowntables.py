"""Known values from a spreadsheet."""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from docgrid.datasets.base import Problems
from docgrid.datasets.knownvalues import Known, empty_known, key_of
from docgrid.errors import DatasetError, UsageError
from docgrid.labels import LabelledField
from docgrid.schema import Schema

_TABLE_HINT = "The first row names the columns: --key says which one names the document, --map COLUMN=FIELD which field one is."


def known_from_csv(path: Path, *, key: str, columns: Mapping[str, str], schema: Schema | None) -> Known:
    """Known values from a CSV (comma, semicolon or tab; UTF-8, else Latin-1): one row a document, or one for each line item.

    Args:
        path: The file.
        key: The column that names the document, with or without its suffix.
        columns: Column -> field, where their names differ.
        schema: The fields there are; guessed from the columns when not given.

    Raises:
        DatasetError: The table cannot be used; all problems in one message.
        UsageError: A column that an option names is not there.
    """
    problems = Problems(path.parent)
    header, rows = _table(path, problems)
    problems.raise_if_any()
    _check_columns(header, key, columns, path)
    names = {column: columns.get(column, _field_name(column)) for column in header if column and column != key}
    if columns and schema is None:
        names = {column: name for column, name in names.items() if column in columns}
    known = empty_known(names, schema, path)
    names = {column: name for column, name in names.items() if name in known.schema}
    seen: dict[str, int] = {}
    for line, row in rows:
        cells = dict(zip(header, (cell.strip() for cell in row), strict=False))
        document = key_of(cells.get(key, ""))
        if not document:
            known.notes.append(f"{path.name} line {line}: no document in column {key}")
            continue
        values = [(known.schema.field(name), cells.get(column, "")) for column, name in names.items()]
        has_item = any(spec.line_item and value for spec, value in values)
        if document in seen and not has_item:
            problems.add(
                path,
                f"line {line}: {document} has a row already, line {seen[document]}",
                "One row a document, or a line item each.",
            )
        seen.setdefault(document, line)
        fields = known.fields.setdefault(document, [])
        item = 1 + max((entry.item for entry in fields if entry.item is not None), default=-1)
        new = [LabelledField(spec.name, _unquoted(v), item if spec.line_item else None) for spec, v in values if v]
        fields += [entry for entry in new if entry not in fields]
    problems.raise_if_any()
    return known


def _table(path: Path, problems: Problems) -> tuple[list[str], list[tuple[int, list[str]]]]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DatasetError(f"{path} cannot be read: {error.strerror or error}", hint="Name a CSV file.") from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    first = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count))
    rows: list[tuple[int, list[str]]] = []
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append((reader.line_num, row))
    except csv.Error as error:
        problems.add(path, f"line {reader.line_num}: {error}", "Save the table as CSV in UTF-8.")
    if len(rows) < 2:
        problems.add(path, "has no rows under its header", _TABLE_HINT)
        return [], []
    header = [cell.strip() for cell in rows[0][1]]
    for cell in sorted({cell for cell in header if cell and header.count(cell) > 1}):
        problems.add(path, f"line 1: the column {cell!r} is there twice", "Rename or remove one of them.")
    for line, row in rows[1:]:
        if len(row) > len(header):
            problems.add(
                path, f"line {line}: {len(row)} cells under {len(header)} columns", "Quote cells that hold the separator."
            )
    return header, rows[1:]


def _check_columns(header: Sequence[str], key: str, columns: Mapping[str, str], path: Path) -> None:
    for column in (key, *columns):
        if column not in header:
            near = difflib.get_close_matches(column, header, n=1)
            hint = f"Did you mean {near[0]!r}?" if near else f"Columns: {', '.join(header)}."
            raise UsageError(f"{path} has no column {column!r}", hint=hint)


def _field_name(column: str) -> str:
    """A column's heading as the name of a field: "Invoice Number" is invoice_number."""
    return re.sub(r"\W+", "_", column.strip().lower()).strip("_") or column


def _unquoted(cell: str) -> str:
    """A cell without the quote that keeps a spreadsheet from running it."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in tuple("=+-@") else cell
