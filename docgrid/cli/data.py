"""`docgrid data`: looking after dataset folders."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from docgrid.cli import options
from docgrid.cli.screen import Screen, open_screen
from docgrid.errors import DocgridError
from docgrid.reading.options import OcrEngineName, ReadingOptions

if TYPE_CHECKING:
    from docgrid.datasets import Dataset, Record

app = typer.Typer(no_args_is_help=True, help="Look after dataset folders.")


@app.callback()
def data() -> None:
    """Look after dataset folders."""


@app.command()
def check(
    folder: Annotated[Path, typer.Argument(metavar="DATA", help="Dataset folder.", show_default=False)],
    schema: Annotated[str | None, typer.Option(metavar="NAME_OR_FILE", help="Fields that the labels may name.")] = None,
    align: Annotated[bool, typer.Option("--align", help="Read every document too, and look for its values on the page.")] = False,
    limit: options.Limit = None,
    jobs: options.Jobs = None,
    ocr: options.Ocr = OcrEngineName.AUTO,
    lang: options.Lang = "eng",
    tessdata: options.Tessdata = None,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
    config: options.Config = None,
) -> None:
    """Check a dataset: its layout, every annotation, and with --align whether the values are printed on the pages.

    What is wrong is told with file, field and what to do (exit code 6).
    """
    from docgrid.datasets import open_dataset
    from docgrid.review.tables import document_table
    from docgrid.schema import load_schema

    screen = open_screen(quiet=quiet, verbose=verbose)
    dataset = open_dataset(folder, schema=None if schema is None else load_schema(schema))
    for warning in dataset.warnings:
        screen.warn(f"warning: {warning}")
    reading = options.reading_options(ocr=ocr, lang=lang, tessdata=tessdata, pages=None, password_file=None)
    records = dataset.records[:limit] if align else dataset.records
    found = _aligned(dataset, records, jobs, reading, screen) if align else {}
    facts = _facts(dataset, records, found)
    if as_json:
        screen.json(facts)
        return
    title = f"{dataset.name}: {dataset.format} dataset, schema {dataset.schema.name}, "
    screen.out.print(title + f"{facts['documents']} documents, {facts['layouts']} layouts", markup=False)
    columns = ("field", "values", "empty", "found") if align else ("field", "values", "empty")
    screen.out.print(document_table(facts["fields"], columns))


def _facts(dataset: Dataset, records: Sequence[Record], found: dict[str, int]) -> dict[str, Any]:
    values: Counter[str] = Counter()
    empty: Counter[str] = Counter()
    for record in records:
        for entry in record.fields:
            (values if entry.value.strip() else empty)[entry.name] += 1
    names = [name for name in dataset.schema.names if values[name] or empty[name]]
    rows = [{"field": name, "values": values[name], "empty": empty[name], "found": found.get(name, 0)} for name in names]
    return {
        "name": dataset.name,
        "format": dataset.format.value,
        "schema": dataset.schema.name,
        "documents": len(records),
        "layouts": len({record.layout for record in records if record.layout}),
        "parts": dict(Counter(record.part for record in records if record.part)),
        "warnings": list(dataset.warnings),
        "fields": rows,
    }


def _aligned(
    dataset: Dataset, records: Sequence[Record], jobs: int | None, reading: ReadingOptions, screen: Screen
) -> dict[str, int]:
    """How many values of each field are found on the pages."""
    from docgrid.cli.evaluate import documents_of
    from docgrid.datasets import load

    found: Counter[str] = Counter()
    with screen.progress() as progress:
        task = progress.add_task("looking for values", total=len(records))
        for record, document, status, problem in documents_of(records, reading, jobs=jobs):
            progress.advance(task)
            if document is None:
                screen.failed(record.id, status, problem)
                continue
            try:
                labelled = load(record, dataset.schema, lambda _, read=document: read)  # type: ignore[misc]  # bound at once
            except DocgridError as error:
                screen.warn(f"{record.id}: {error.problem}")
                continue
            found.update(entry.name for entry in labelled.fields if entry.occurrences)
    return dict(found)
