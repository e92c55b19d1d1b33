"""`docgrid data anonymize`: a dataset that can be shown to others."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from docgrid.cli import options
from docgrid.cli.outputs import locked
from docgrid.cli.screen import open_screen
from docgrid.errors import DocgridError, ExitCode, NoInputError, OutputError
from docgrid.reading.options import OcrEngineName


def anonymize(
    folder: Annotated[Path, typer.Argument(metavar="DATA", help="Dataset folder.", show_default=False)],
    out: Annotated[Path, typer.Argument(metavar="OUT", help="Dataset folder to write.", show_default=False)],
    seed: Annotated[
        int | None,
        typer.Option(
            min=0, show_default="a secret", help="The same seed gives the same words; whoever knows it can try to undo them."
        ),
    ] = None,
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
    """Write a dataset with other words, numbers, dates and amounts in the same places, and nothing of the original.

    Letters become letters and digits digits, the same within a document; dates stay dates, sums add up, labels and geometry stay.
    Captions, units and numbers of one or two digits stay outside of labelled texts. Pages are drawn anew from their characters;
    pictures, metadata, attachments and file names stay behind. Look at the result before you hand it on: text that the reader
    did not find is not drawn, but a common word that is somebody's name is kept where no label holds it.
    """
    from docgrid.cli.measuring import documents_of
    from docgrid.datasets import DatasetFormat, load, open_dataset
    from docgrid.datasets.anonymise import anonymise, new_stems, schema_to_show
    from docgrid.datasets.converting import check_target, write_dataset

    screen = open_screen(quiet=quiet, verbose=verbose)
    if out.is_dir() and any(out.iterdir()) and not force:
        raise OutputError(f"{out} is not empty", hint="Add --force to replace it, or choose another folder.")
    dataset = open_dataset(folder)
    check_target(out, dataset, DatasetFormat.NATIVE)
    records = dataset.records[:limit]
    secret = os.urandom(32) if seed is None else hashlib.sha256(f"docgrid anonymize {seed}".encode()).digest()
    stems = new_stems([record.id for record in records], secret)
    reading = options.reading_options(ocr=ocr, lang=lang, tessdata=tessdata, pages=None, password_file=None)
    done, failed = [], 0
    with locked(out), tempfile.TemporaryDirectory() as drawn, screen.progress() as progress:
        task = progress.add_task("anonymizing", total=len(records))
        for record, document, status, problem in documents_of(records, reading, jobs=jobs):
            progress.advance(task)
            try:
                if document is not None:
                    labelled = load(record, dataset.schema, lambda _, read=document: read)  # type: ignore[misc]  # bound at once
                    done.append(
                        anonymise(record, labelled, dataset.schema, stem=stems[record.id], secret=secret, folder=Path(drawn))
                    )
                    continue
            except DocgridError as error:
                problem = error.problem
            failed += 1
            screen.failed(record.id, status, problem)
        if not done:
            raise NoInputError("no document could be read", hint="See the messages above.")
        written = write_dataset(
            out,
            [one.outgoing for one in done],
            schema_to_show(dataset.schema),
            DatasetFormat.NATIVE,
            dpi=150,
            force=force,
        )
    left_out = sum(one.left_out for one in done)
    if as_json:
        facts = {"folder": str(out), "documents": written.documents, "fields": written.fields}
        screen.json(facts | {"values_left_out": left_out, "failed": failed})
    else:
        screen.write(f"{out}\n")
        if left_out:
            screen.note(f"{left_out} values that are printed nowhere are left out")
    if failed:
        raise typer.Exit(ExitCode.SOME_DOCUMENTS_FAILED)
