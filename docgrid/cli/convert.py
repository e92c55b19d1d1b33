"""`docgrid data convert`: a dataset in another format."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from docgrid.cli import options
from docgrid.cli.outputs import locked
from docgrid.cli.screen import Screen, open_screen
from docgrid.errors import DocgridError, DocumentError, UsageError
from docgrid.reading.options import OcrEngineName, ReadingOptions

if TYPE_CHECKING:
    from docgrid.datasets import Dataset, DatasetFormat, Record
    from docgrid.datasets.exporting import Outgoing


def convert(
    source: Annotated[Path, typer.Argument(metavar="FROM", help="Dataset folder.", show_default=False)],
    out: Annotated[Path, typer.Argument(metavar="TO", help="Folder to write.", show_default=False)],
    to: Annotated[str, typer.Option("--to", metavar="FORMAT", help="Format to write.", show_default=False)],
    from_: Annotated[
        str | None, typer.Option("--from", metavar="FORMAT", help="Format of FROM.", show_default="by its layout")
    ] = None,
    schema: Annotated[str | None, typer.Option(metavar="NAME_OR_FILE", help="Fields that the labels may name.")] = None,
    dpi: Annotated[int, typer.Option(min=36, max=600, help="Resolution of pages that become pictures.")] = 150,
    limit: options.Limit = None,
    jobs: options.Jobs = None,
    ocr: options.Ocr = OcrEngineName.AUTO,
    lang: options.Lang = "eng",
    tessdata: options.Tessdata = None,
    ocr_cache: options.OcrCache = None,
    force: options.Force = False,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
    config: options.Config = None,
) -> None:
    """Write a dataset in another format.

    Formats: native, sroie, funsd, xfund, cord, wildreceipt, paddleocr, docile, donut, doctr, coco, label-studio, csv, values (a
    JSON of values beside each document), and einvoice (read only). What FORMAT needs and FROM does not have (text, boxes of
    values) is read from the documents. What FORMAT cannot hold is told on stderr. Anything wrong in FROM: exit code 6, nothing
    is written.
    """
    from docgrid.datasets import open_dataset
    from docgrid.datasets.converting import check_target, stems_of, write_dataset
    from docgrid.schema import load_schema

    screen = open_screen(quiet=quiet, verbose=verbose)
    target = _format(to)
    dataset = open_dataset(
        source, format=None if from_ is None else _format(from_), schema=None if schema is None else load_schema(schema)
    )
    for warning in dataset.warnings:
        screen.warn(f"warning: {warning}")
    check_target(out, dataset, target)
    records = dataset.records[:limit]
    reading = options.reading_options(ocr=ocr, lang=lang, tessdata=tessdata, ocr_cache=ocr_cache)
    with locked(out):
        documents = _prepared(dataset, records, stems_of(records), target, reading, screen, jobs=jobs)
        done = write_dataset(out, documents, dataset.schema, target, dpi=dpi, force=force)
    for lost in done.lost:
        screen.warn(f"lost in {target}: {lost}")
    if as_json:
        facts = {"folder": str(out), "from": dataset.format.value, "to": target.value}
        screen.json(facts | {"documents": done.documents, "fields": done.fields, "lost": list(done.lost)})
    else:
        screen.write(f"{out}\n")


def _format(name: str) -> DatasetFormat:
    import difflib

    from docgrid.datasets import DatasetFormat

    if name not in set(DatasetFormat):
        near = difflib.get_close_matches(name, [format.value for format in DatasetFormat], n=1)
        hint = f"Did you mean {near[0]!r}? " if near else ""
        raise UsageError(f"unknown format {name!r}", hint=f"{hint}Choose one of {', '.join(DatasetFormat)}.")
    return DatasetFormat(name)


def _prepared(
    dataset: Dataset,
    records: Sequence[Record],
    stems: Sequence[str],
    target: DatasetFormat,
    reading: ReadingOptions,
    screen: Screen,
    *,
    jobs: int | None,
) -> list[Outgoing]:
    """The documents with all that the target needs.

    Raises:
        DatasetError: Some cannot be read; all of them in one message.
    """
    from docgrid.datasets.converting import must_be_read, prepare, report_failures
    from docgrid.reading import ReaderPool

    wanted = [must_be_read(record, target) for record in records]
    done: list[Outgoing] = []
    failures: list[tuple[Record, DocgridError]] = []
    with ReaderPool(reading, jobs=jobs) as pool, screen.progress() as progress:
        task = progress.add_task("converting", total=len(records))
        results = pool.read([record.path for record, read in zip(records, wanted, strict=True) if read])
        for record, stem, read in zip(records, stems, wanted, strict=True):
            try:
                document = None
                if read:
                    result = next(results)
                    document = result.document
                    if document is None or not result.status.has_pages:
                        raise DocumentError(result.problem, status=result.status, hint=result.hint)
                done.append(prepare(record, stem, dataset.schema, target, document))
            except DocgridError as error:
                failures.append((record, error))
            progress.advance(task)
    report_failures(dataset.root, failures)
    return done
