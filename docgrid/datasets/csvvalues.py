"""A spreadsheet of values: one CSV with a row for each document, a column `file`, and a column for each field.

`NAME.1`, `NAME.2` ... are several values of a field, or those of line items 1, 2 ... where NAME is a field of line items. The
documents lie beside the CSV or in `documents/`.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path

from docgrid.datasets.base import Dataset, DatasetFormat, MisshapenError, Problems, read_rows
from docgrid.datasets.exporting import Outgoing, Pictures
from docgrid.datasets.given import GivenPage
from docgrid.datasets.parts import Mark, PagePart, part_of, records_of
from docgrid.datasets.shapes import file_in
from docgrid.errors import DatasetError
from docgrid.files import write_text
from docgrid.schema import Schema, infer_schema

FILE_COLUMNS = ("file", "filename", "file_name", "document", "path")
_OWN_COLUMNS = ("part", "layout")
_NUMBERED = re.compile(r"(.+)\.(\d{1,4})")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_HINT = "The first row names the columns: file, and the fields; a value column NAME.2 is the second value, or line item 2."


def is_csv(root: Path) -> bool:
    """Whether the folder has one CSV file that names documents."""
    return _table(root) is not None


def _table(root: Path) -> Path | None:
    found = [path for path in sorted(root.glob("*.csv")) if path.is_file()]
    return found[0] if len(found) == 1 and _file_column(_header(found[0])) is not None else None


def _header(path: Path) -> list[str]:
    with path.open("rb") as handle:
        first = handle.readline(65536).decode("utf-8-sig", "replace")
    rows = list(csv.reader([first.strip("\r\n")], delimiter=_delimiter(first)))
    return [cell.strip() for cell in rows[0]] if rows else []


def _delimiter(header: str) -> str:
    return max(",;\t", key=header.count)


def _file_column(header: Sequence[str]) -> int | None:
    lower = [cell.lower() for cell in header]
    return next((lower.index(name) for name in FILE_COLUMNS if name in lower), None)


def open_csv(root: Path, schema: Schema | None = None) -> Dataset:
    """Open a folder with a CSV of values.

    Raises:
        DatasetError: The table is damaged or documents are missing; all problems in one message.
    """
    path = _table(root)
    if path is None:
        raise DatasetError(f"{root} has no single CSV with a column `file`", hint=_HINT)
    problems = Problems(root)
    header = _header(path)
    names = [_field_of(cell)[0] for place, cell in enumerate(header) if _is_field(place, cell, header)]
    schema = schema or infer_schema(root.name, dict.fromkeys(names))
    if len(set(header)) < len(header):
        problems.add(path, "line 1: a column is named twice", _HINT)
    parts = [part for line, row in _rows(path, problems) if (part := _part(root, path, line, row, header, schema, problems))]
    records = records_of(parts, schema, problems, reader="")
    problems.raise_if_any()
    if not records or not names:
        raise DatasetError(f"{path} has no values", hint=_HINT)
    return Dataset(root.name, root, DatasetFormat.CSV, schema, records)


def _rows(path: Path, problems: Problems) -> list[tuple[int, list[str]]]:
    lines = read_rows(path, problems)
    reader = csv.reader(io.StringIO("\n".join(lines)), delimiter=_delimiter(lines[0] if lines else ","))
    rows: list[tuple[int, list[str]]] = []
    try:
        for row in reader:
            rows.append((reader.line_num, row))
    except csv.Error as error:
        problems.add(path, f"line {reader.line_num}: {error}", "Save the table as CSV in UTF-8.")
    return [(line, row) for line, row in rows[1:] if any(cell.strip() for cell in row)]


def _is_field(place: int, cell: str, header: Sequence[str]) -> bool:
    return bool(cell) and place != _file_column(header) and cell.lower() not in _OWN_COLUMNS


def _field_of(column: str) -> tuple[str, int | None]:
    found = _NUMBERED.fullmatch(column)
    return (found[1], int(found[2])) if found else (column, None)


def _part(
    root: Path, path: Path, line: int, row: list[str], header: Sequence[str], schema: Schema, problems: Problems
) -> PagePart | None:
    with problems.noting(path, _HINT, where=f"line {line}: "):
        if len(row) > len(header):
            raise MisshapenError(f"there are {len(row)} cells, but {len(header)} columns")
        cells = [_plain(cell) for cell in row] + [""] * (len(header) - len(row))
        document = file_in(root, cells[_file_column(header) or 0], "", "documents", what="file")
        own = {cell.lower(): cells[place] for place, cell in enumerate(header)}
        marks = []
        for place, column in enumerate(header):
            name, number = _field_of(column)
            if not _is_field(place, column, header) or not cells[place]:
                continue
            is_item = name in schema and schema.field(name).line_item
            marks.append(Mark(name, cells[place], item=(number or 1) - 1 if is_item else None))
        layout, part = (own.get(key, "") for key in ("layout", "part"))
        return PagePart(document, GivenPage(1, 1.0, 1.0), marks, part=part_of(part), layout=layout, origin=path)
    return None


def _plain(cell: str) -> str:
    """The text of a cell without the quote that keeps a spreadsheet from running it."""
    text = " ".join(cell.split())
    return text[1:] if text[:1] == "'" and text[1:2] in _FORMULA else text


def export_csv(root: Path, documents: Sequence[Outgoing], schema: Schema, pictures: Pictures) -> None:
    """Write `values.csv` and `documents/`."""
    rows = [{"file": pictures.copy(outgoing)} | _cells(outgoing) for outgoing in documents]
    columns = list(dict.fromkeys(column for row in rows for column in row))
    order = {name: place for place, name in enumerate(schema.names)}
    columns.sort(key=lambda column: (column != "file", order.get(_field_of(column)[0], -1), _field_of(column)[1] or 0))
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, columns, restval="")
    writer.writeheader()
    writer.writerows({column: _cell(text) for column, text in row.items()} for row in rows)
    write_text(root / "values.csv", buffer.getvalue(), durable=False)


def _cells(outgoing: Outgoing) -> dict[str, str]:
    told = (("part", outgoing.record.part), ("layout", outgoing.record.layout))
    cells = {name: text for name, text in told if text}
    for entry in outgoing.fields:
        if entry.item is not None:
            cells.setdefault(f"{entry.name}.{entry.item + 1}", entry.value)
            continue
        number = 1 + sum(_field_of(column)[0] == entry.name for column in cells)
        cells[entry.name if number == 1 else f"{entry.name}.{number}"] = entry.value
    return cells


def _cell(text: str) -> str:
    """A cell that no spreadsheet runs as a formula; numbers stay numbers."""
    number = re.fullmatch(r"[+-]?[0-9.,]+", text)
    return f"'{text}" if text.startswith(_FORMULA) and not number else text
