"""The fields of an extraction as CSV, one row a value; no cell of it can run as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from docgrid.review.marks import Data, entries_of
from docgrid.review.plain import spreadsheet_cell

COLUMNS = (
    "document",
    "line_item",
    "field",
    "value",
    "currency",
    "text",
    "confidence",
    "decision",
    "page",
    "left",
    "top",
    "right",
    "bottom",
)


def to_csv(documents: Iterable[Data]) -> str:
    """CSV text (RFC 4180, UTF-8 is the caller's): a header, then one row for every value found; `line_item` counts from 1."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(COLUMNS)
    for document in documents:
        for name, item, entry in entries_of(document):
            row = (
                document.get("source") or document.get("id"),
                "" if item is None else item + 1,
                name,
                entry.get("value"),
                entry.get("currency"),
                entry.get("text"),
                entry.get("confidence"),
                entry.get("decision"),
                entry.get("page"),
                *(entry.get("bbox") or [""] * 4),
            )
            writer.writerow(["" if one is None else spreadsheet_cell(str(one)) for one in row])
    return buffer.getvalue()
