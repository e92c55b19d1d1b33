"""What `docgrid extract` writes and prints."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docgrid.cli.screen import Screen
from docgrid.errors import DocumentStatus
from docgrid.version import __version__

if TYPE_CHECKING:
    from docgrid.inference import Predictor

Finished = tuple[dict[str, Any], dict[str, Any]]  # the entry of the JSON, the facts of the ledger
TABLES_MOST = 10  # documents whose fields are printed in full; more get one row each
LOOKED_INTO_BYTES = 16 * 1024**2  # a larger file that stands where an output goes surely holds results
_ROW_COLUMNS = ("source", "status", "fields", "to review", "missing", "line items")


@dataclass(frozen=True)
class Outputs:
    """Where results go."""

    out: Path | None  # None: stdout
    csv: Path | None
    ledger: Path | None
    crops: Path | None  # folder; None: no crops

    @property
    def files(self) -> list[Path]:
        """What will be written at the end."""
        return [path for path in (self.out, self.csv, self.ledger) if path is not None]


def is_usable(entry: dict[str, Any]) -> bool:
    """Whether a document of the JSON was read."""
    return DocumentStatus(entry["status"]).has_pages


def holds_no_result(path: Path) -> bool:
    """Whether a file is what a run in which no document could be read left behind: replacing it loses nothing."""
    from docgrid.extraction import SCHEMA_NAME
    from docgrid.review.spreadsheet import to_csv

    try:
        if not path.is_file() or path.is_symlink() or path.stat().st_size > LOOKED_INTO_BYTES:
            return False
        text = path.read_bytes().decode("utf-8")
        if text == to_csv([]):
            return True
        if text.startswith('{"source":'):  # a ledger
            return not any(is_usable(json.loads(line)) for line in text.splitlines())
        content = json.loads(text)
        return content["schema"] == SCHEMA_NAME and not any(is_usable(entry) for entry in content["documents"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return False


def result_file(documents: Sequence[dict[str, Any]], predictor: Predictor) -> dict[str, Any]:
    """The whole JSON."""
    from docgrid.extraction import SCHEMA_NAME

    card = predictor.model.card
    return {
        "schema": SCHEMA_NAME,
        "docgrid": __version__,
        "model": {"name": card.name, "weights_sha256": card.weights_sha256},
        "documents": list(documents),
    }


def write_results(finished: Sequence[Finished], content: dict[str, Any], outputs: Outputs) -> None:
    """Write the ledger and the CSV, then the JSON: whoever sees the JSON sees everything."""
    from docgrid.files import write_json, write_text
    from docgrid.review.spreadsheet import to_csv

    if outputs.ledger is not None:
        write_text(outputs.ledger, "".join(json.dumps(facts) + "\n" for _, facts in finished))
    if outputs.csv is not None:
        write_text(outputs.csv, to_csv(content["documents"]))
    if outputs.out is not None:
        write_json(outputs.out, content)


def show_results(content: dict[str, Any], screen: Screen, *, as_json: bool, silent: bool) -> None:
    """JSON into a pipe; tables on a terminal and wherever the JSON went into a file. Many documents get one row each."""
    if as_json or not (screen.out.is_terminal or silent):
        screen.json(content)
        return
    from docgrid.review.tables import document_table, field_table, item_table

    documents = content["documents"]
    if screen.quiet:
        return
    if len(documents) > TABLES_MOST:
        screen.out.print(document_table([_row(entry) for entry in documents], _ROW_COLUMNS))
        return
    for entry in documents:
        if not is_usable(entry):
            continue  # it was said on stderr already
        screen.out.print(field_table(entry))
        items = item_table(entry)
        if items is not None:
            screen.out.print(items)


def _row(entry: dict[str, Any]) -> dict[str, Any]:
    """A document in one line: how much was found, and how much of it wants a look."""
    values = [value for values in entry["fields"].values() for value in values]
    counts = (entry["status"], len(values), sum(value["decision"] == "review" for value in values), len(entry["missing"]))
    return dict(zip(_ROW_COLUMNS, (entry["source"], *counts, len(entry["line_items"])), strict=True))
