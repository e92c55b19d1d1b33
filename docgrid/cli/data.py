"""`docgrid data`: looking after dataset folders."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from docgrid.cli import options
from docgrid.cli.anonymize import anonymize
from docgrid.cli.convert import convert
from docgrid.cli.label import label
from docgrid.cli.screen import Screen, open_screen
from docgrid.cli.split import split
from docgrid.cli.stats import stats
from docgrid.errors import DatasetError, DocgridError, ExitCode, UsageError
from docgrid.reading.options import OcrEngineName, ReadingOptions

if TYPE_CHECKING:
    from docgrid.datasets import Dataset, Record
    from docgrid.datasets.checking import Checker, Finding

app = typer.Typer(no_args_is_help=True, help="Look after dataset folders.")
_TOLD = 20  # problems told one by one


@app.callback()
def data() -> None:
    """Look after dataset folders."""


app.command()(anonymize)
app.command()(convert)
app.command()(label)
app.command()(split)
app.command()(stats)


@app.command()
def check(
    folder: Annotated[Path, typer.Argument(metavar="DATA", help="Dataset folder.", show_default=False)],
    schema: Annotated[str | None, typer.Option(metavar="NAME_OR_FILE", help="Fields that the labels may name.")] = None,
    align: Annotated[
        bool,
        typer.Option(
            "--align/--labels-only", help="Read every document and look at its boxes and values, or only at the labels."
        ),
    ] = True,
    grid: Annotated[
        str | None, typer.Option(metavar="HEIGHTxWIDTH", show_default="what train takes", help="Grid that will be trained on.")
    ] = None,
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
    """Check a dataset before training: labels, documents, boxes, values, duplicates, leaks between parts.

    Every problem is told with file, field, line and what to do. Errors, which make training or its figures wrong, end with exit
    code 6; warnings do not.
    """
    from docgrid.datasets import open_dataset
    from docgrid.datasets.checking import Checker, findings_of_error
    from docgrid.schema import load_schema

    screen = open_screen(quiet=quiet, verbose=verbose)
    size = _grid_size(grid)
    try:
        dataset = open_dataset(folder, schema=None if schema is None else load_schema(schema))
    except DatasetError as error:
        if not as_json:
            raise
        screen.json({"folder": str(folder), "findings": [asdict(finding) for finding in findings_of_error(error, folder)]})
        raise typer.Exit(ExitCode.DATASET_INVALID) from None
    for warning in dataset.warnings:
        screen.warn(f"warning: {warning}")
    records = dataset.records[:limit]
    checker = Checker(dataset, size=size)
    if align:
        reading = options.reading_options(ocr=ocr, lang=lang, tessdata=tessdata, pages=None, password_file=None)
        _read(dataset, records, checker, jobs, reading, screen)
    findings = checker.finish()
    facts = _facts(dataset, records, checker.found)
    errors = sum(finding.severity == "error" for finding in findings)
    if as_json:
        screen.json(facts | {"findings": [asdict(finding) for finding in findings]})
    else:
        _print(facts, findings, dataset, screen, read=align)
    if errors:
        raise typer.Exit(ExitCode.DATASET_INVALID)


def _grid_size(text: str | None) -> Any:
    from docgrid.chargrid import GridSize

    if text is None:
        return None
    found = re.fullmatch(r"(\d{1,5})x(\d{1,5})", text)
    if found is None:
        raise UsageError(f"{text!r} is not the size of a grid", hint="Write rows and columns, such as 336x256.")
    return GridSize(int(found[1]), int(found[2]))


def _facts(dataset: Dataset, records: Sequence[Record], found: Counter[str]) -> dict[str, Any]:
    values: Counter[str] = Counter()
    empty: Counter[str] = Counter()
    for record in records:
        for entry in record.fields:
            (values if entry.value.strip() else empty)[entry.name] += 1
    names = [name for name in dataset.schema.names if values[name] or empty[name]]
    rows = [{"field": name, "values": values[name], "empty": empty[name], "found": found[name]} for name in names]
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


def _read(
    dataset: Dataset, records: Sequence[Record], checker: Checker, jobs: int | None, reading: ReadingOptions, screen: Screen
) -> None:
    """Give every document to the checker."""
    from docgrid.cli.measuring import documents_of
    from docgrid.datasets import load

    with screen.progress() as progress:
        task = progress.add_task("checking", total=len(records))
        for record, document, status, problem in documents_of(records, reading, jobs=jobs):
            progress.advance(task)
            if document is None:
                checker.unreadable(record, f"{status}: {problem}")
                continue
            try:
                checker.add(record, load(record, dataset.schema, lambda _, read=document: read))  # type: ignore[misc]  # bound at once
            except DocgridError as error:
                checker.unreadable(record, error.problem)


def _print(facts: dict[str, Any], findings: Sequence[Finding], dataset: Dataset, screen: Screen, *, read: bool) -> None:
    from docgrid.review.tables import document_table

    title = f"{dataset.name}: {dataset.format} dataset, schema {dataset.schema.name}, "
    screen.out.print(title + f"{facts['documents']} documents, {facts['layouts']} layouts", markup=False)
    problems = Counter((finding.field, finding.severity.value) for finding in findings)
    columns = ("field", "values", "empty", *(["found"] if read else []), "error", "warning")
    rows = [row | {severity: problems[row["field"], severity] for severity in ("error", "warning")} for row in facts["fields"]]
    screen.out.print(document_table(rows, columns))
    kinds = Counter((finding.severity.value, finding.kind.value) for finding in findings)
    if not kinds:
        screen.note("nothing is wrong", style="green")
        return
    counted = [{"": severity, "problem": kind, "count": count} for (severity, kind), count in sorted(kinds.items())]
    screen.out.print(document_table(counted, ("", "problem", "count")))
    for finding in findings[:_TOLD]:
        place = finding.file + (f" line {finding.line}" if finding.line else "")
        screen.warn(f"{finding.severity}: {place}: {finding.problem}")
        screen.note(f"  {finding.fix}", style="dim")
    if len(findings) > _TOLD:
        screen.note(f"... and {len(findings) - _TOLD} more; --json lists all of them")
