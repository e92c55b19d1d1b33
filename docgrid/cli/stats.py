"""`docgrid data stats`: what a dataset is made of."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from docgrid.cli import options
from docgrid.cli.outputs import check_new
from docgrid.cli.screen import open_screen
from docgrid.errors import DocgridError
from docgrid.reading.options import OcrEngineName


def stats(
    folder: Annotated[Path, typer.Argument(metavar="DATA", help="Dataset folder.", show_default=False)],
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Write a page with tables and plots.")] = None,
    schema: Annotated[str | None, typer.Option(metavar="NAME_OR_FILE", help="Fields that the labels may name.")] = None,
    limit: options.Limit = None,
    jobs: options.Jobs = None,
    ocr: options.Ocr = OcrEngineName.AUTO,
    lang: options.Lang = "eng",
    tessdata: options.Tessdata = None,
    force: options.Force = False,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
    config: options.Config = None,
) -> None:
    """Count what a dataset is made of: fields, parts, layouts, languages, pages, lengths."""
    from docgrid.cli.measuring import documents_of
    from docgrid.datasets import load, open_dataset
    from docgrid.datasets.statistics import Statistics
    from docgrid.files import write_text
    from docgrid.review.statistics_page import statistics_page
    from docgrid.review.tables import document_table
    from docgrid.schema import load_schema

    screen = open_screen(quiet=quiet, verbose=verbose)
    if html is not None:
        check_new([html], force=force)
    dataset = open_dataset(folder, schema=None if schema is None else load_schema(schema))
    for warning in dataset.warnings:
        screen.warn(f"warning: {warning}")
    records = dataset.records[:limit]
    statistics = Statistics(dataset)
    reading = options.reading_options(ocr=ocr, lang=lang, tessdata=tessdata, pages=None, password_file=None)
    with screen.progress() as progress:
        task = progress.add_task("counting", total=len(records))
        for record, document, status, problem in documents_of(records, reading, jobs=jobs):
            progress.advance(task)
            try:
                if document is not None:
                    statistics.add(record, load(record, dataset.schema, lambda _, read=document: read))  # type: ignore[misc]  # bound at once
                    continue
            except DocgridError as error:
                problem = error.problem
            screen.failed(record.id, status, problem)
            statistics.unread(record)
    facts = statistics.to_dict()
    if html is not None:
        write_text(html, statistics_page(facts), force=force)
        screen.note(f"{html} is written")
    if as_json:
        screen.json(facts)
        return
    screen.out.print(
        f"{dataset.name}: {facts['documents']} documents, {facts['pages']} pages, schema {dataset.schema.name}", markup=False
    )
    rows: list[dict[str, object]] = [row | {"share": f"{row['share']:.0%}"} for row in facts["fields"]]  # type: ignore[attr-defined]  # a list of rows
    screen.out.print(document_table(rows, tuple(rows[0]) if rows else ("field",)))
    for name in ("parts", "layouts", "languages", "pages_of_documents", "characters_of_pages", "text_sources"):
        counts: dict[str, int] = facts[name]  # type: ignore[assignment]  # names and counts
        told = ", ".join(f"{key}: {count}" for key, count in list(counts.items())[:12])
        more = f" and {len(counts) - 12} more" if len(counts) > 12 else ""
        screen.out.print(f"{name.replace('_', ' ')}: {told}{more}", markup=False)
