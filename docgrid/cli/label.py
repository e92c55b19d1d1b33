"""`docgrid data label`: known values become labels with boxes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from docgrid.cli import options
from docgrid.cli.outputs import locked
from docgrid.cli.screen import Screen, open_screen
from docgrid.errors import DatasetError, ExitCode, NoInputError, OutputError, UsageError
from docgrid.reading.options import OcrEngineName, ReadingOptions

if TYPE_CHECKING:
    from docgrid.datasets.base import Record
    from docgrid.datasets.knownvalues import Known
    from docgrid.datasets.labelling import Labelling
    from docgrid.page import Document
    from docgrid.schema import Schema

_TOLD = 12  # values that were not found, told one by one on a terminal


def label(
    folder: Annotated[Path, typer.Argument(metavar="DOCUMENTS", help="Folder with the documents.", show_default=False)],
    out: Annotated[Path, typer.Option(help="Dataset folder to write.", show_default=False)],
    from_csv: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Known values: one row a document.", exists=True, dir_okay=False)
    ] = None,
    from_json: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Known values, or what `docgrid extract` wrote.", exists=True, dir_okay=False),
    ] = None,
    from_xml: Annotated[bool, typer.Option("--from-xml", help="Known values: the XML in e-invoices.")] = False,
    from_model: Annotated[
        str | None, typer.Option(metavar="NAME_OR_FOLDER", help="Take what this model finds and accepts.")
    ] = None,
    all_decisions: Annotated[
        bool, typer.Option("--all-decisions", help="Of predictions, also take those that somebody should review.")
    ] = False,
    key: Annotated[str, typer.Option(metavar="COLUMN", help="Column or name that says which document.")] = "file",
    map_: Annotated[
        list[str] | None, typer.Option("--map", metavar="COLUMN=FIELD", help="The field that a column holds; repeatable.")
    ] = None,
    schema: Annotated[
        str | None, typer.Option(metavar="NAME_OR_FILE", help="Fields there are.", show_default="by the names")
    ] = None,
    device: options.Device = "auto",
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
    """Find where known values are printed, and write a dataset with their boxes.

    Dates and amounts are found by value, texts over several lines and through OCR errors. Of several places that print a value
    those are labelled that are surely meant; a value about which that cannot be said, or that no page prints, is written without
    a box and told. Of twenty documents on, what stands beside the values is learnt from all of them together.
    """
    from docgrid.datasets import DatasetFormat
    from docgrid.datasets.base import documents_in
    from docgrid.datasets.converting import stems_of, write_dataset
    from docgrid.datasets.labelling import label as find_places
    from docgrid.schema import load_schema

    screen = open_screen(quiet=quiet, verbose=verbose)
    if sum((from_csv is not None, from_json is not None, from_xml, from_model is not None)) != 1:
        raise UsageError(
            "the known values must come from one place", hint="Give one of --from-csv, --from-json, --from-xml, --from-model."
        )
    if out.is_dir() and any(out.iterdir()) and not force:
        raise OutputError(f"{out} is not empty", hint="Add --force to replace it, or choose another --out.")
    _check_apart(folder, out)
    home = folder / "documents" if (folder / "documents").is_dir() else folder
    documents = documents_in(home)[:limit] if home.is_dir() else []
    if not documents:
        raise NoInputError(f"{folder} has no documents", hint="Name a folder with PDFs or pictures.")
    reading = options.reading_options(ocr=ocr, lang=lang, tessdata=tessdata, ocr_cache=ocr_cache)
    wanted = None if schema is None else load_schema(schema)
    columns = list(map_ or ())
    with locked(out):
        if from_csv is not None or from_json is not None:
            known = _known_in_file(from_csv, from_json, key, columns, wanted, accepted_only=not all_decisions)
        elif from_model is not None:
            known = _predicted(documents, from_model, wanted, reading, device, screen, jobs=jobs, accepted_only=not all_decisions)
        else:
            known = _embedded(documents, wanted)
        for note in known.notes + [f"{name}: there is no such document" for name in known.unused(documents)]:
            screen.warn(f"warning: {note}")
        records, rest = known.records(documents)
        if not records:
            raise DatasetError(
                f"nothing is known about any document in {home}", hint="--key names the column with their file names."
            )
        records, read, failed = _read(records, reading, screen, jobs=jobs)
        found = find_places(records, read, stems_of(records), known.schema)
        write_dataset(out, found.documents, known.schema, DatasetFormat.NATIVE, dpi=150, force=force)
    _report(found, out, [path.name for path in rest], failed, screen, as_json=as_json)
    if failed:
        raise typer.Exit(ExitCode.SOME_DOCUMENTS_FAILED)


def _check_apart(folder: Path, out: Path) -> None:
    old, new = folder.resolve(), out.resolve()
    if old == new or old.is_relative_to(new) or new.is_relative_to(old):
        raise OutputError(f"{out} and {folder} lie in one another", hint="Choose a folder outside of the documents.")


def _known_in_file(
    from_csv: Path | None, from_json: Path | None, key: str, pairs: list[str], schema: Schema | None, *, accepted_only: bool
) -> Known:
    from docgrid.datasets.knowntables import known_from_csv
    from docgrid.datasets.knownvalues import known_from_json, parse_map

    columns = parse_map(pairs)
    if from_csv is not None:
        return known_from_csv(from_csv, key=key, columns=columns, schema=schema)
    assert from_json is not None
    return known_from_json(from_json, key=key, columns=columns, schema=schema, accepted_only=accepted_only)


def _embedded(documents: Sequence[Path], schema: Schema | None) -> Known:
    """What the XML in e-invoices says; documents without any are left out and told."""
    from docgrid.datasets.einvoice import embedded_fields
    from docgrid.datasets.knownvalues import Known
    from docgrid.schema import INVOICE

    known = Known(schema or INVOICE)
    for path in documents:
        try:
            known.fields[path.name.lower()] = list(embedded_fields(path, known.schema))
        except DatasetError as error:
            known.notes.append(f"{path.name}: {error.problem}")
    return known


def _predicted(
    documents: Sequence[Path],
    model: str,
    schema: Schema | None,
    reading: ReadingOptions,
    device: str,
    screen: Screen,
    *,
    jobs: int | None,
    accepted_only: bool,
) -> Known:
    """What a model finds."""
    from docgrid.cli.measuring import documents_of
    from docgrid.datasets.base import Record
    from docgrid.datasets.knownvalues import known_from_extraction
    from docgrid.inference import Predictor, choose_device
    from docgrid.model import load_model
    from docgrid.pipeline import extract_document

    loaded = load_model(model)
    predictor = Predictor(loaded, device=choose_device(device))
    records = [Record(path.stem, path, ()) for path in documents]
    found: list[dict[str, Any]] = []
    with screen.progress() as progress:
        task = progress.add_task("predicting", total=len(records))
        for record, document, _, _ in documents_of(records, reading, jobs=jobs):
            if document is not None:
                found.append(extract_document(document, predictor).model_dump(mode="json") | {"source": record.path.name})
            progress.advance(task)
    return known_from_extraction({"documents": found}, schema=schema or loaded.schema, accepted_only=accepted_only)


def _read(
    records: Sequence[Record], reading: ReadingOptions, screen: Screen, *, jobs: int | None
) -> tuple[list[Record], list[Document], list[dict[str, str]]]:
    """The records that can be read, with their documents; and the others, with what is wrong."""
    from docgrid.cli.measuring import documents_of

    kept: list[Record] = []
    read: list[Document] = []
    failed: list[dict[str, str]] = []
    with screen.progress() as progress:
        task = progress.add_task("reading", total=len(records))
        for record, document, status, problem in documents_of(records, reading, jobs=jobs):
            if document is None:
                screen.failed(record.path, status, problem)
                failed.append({"document": record.path.name, "status": status.value, "problem": problem})
            else:
                kept.append(record)
                read.append(document)
            progress.advance(task)
    if not kept:
        raise NoInputError("no document could be read", hint="See the messages above.")
    return kept, read, failed


def _report(
    found: Labelling, out: Path, unknown: Sequence[str], failed: list[dict[str, str]], screen: Screen, *, as_json: bool
) -> None:
    from docgrid.datasets.labelling import Outcome
    from docgrid.review.tables import document_table

    rows = found.by_field()
    if as_json:
        screen.json(
            {
                "folder": str(out),
                "documents": len(found.documents),
                "without_values": list(unknown),
                "failed": failed,
                "fields": rows,
                "values": [asdict(value) | {"outcome": value.outcome.value} for value in found.values],
                "mismatches": list(found.mismatches),
            }
        )
        return
    columns = ("field", "values", "found", "ambiguous", "missing", "boxes")
    screen.out.print(document_table(rows, columns))
    open_values = [value for value in found.values if value.outcome is not Outcome.FOUND]
    for value in open_values[: None if screen.err.is_terminal is False else _TOLD]:
        why = "is printed nowhere" if value.outcome is Outcome.MISSING else f"stands at {value.places} places, none surely meant"
        screen.note(f"{value.document}: {value.field} {value.value!r} {why}")
    by_document = Counter(value.document for value in open_values)
    if by_document:
        screen.note(f"{len(open_values)} values of {len(by_document)} documents have no box; --json lists all of them")
    if unknown:
        screen.note(f"{len(unknown)} documents without known values are left out, such as {unknown[0]}")
    screen.note(f"{out}: {len(found.documents)} documents. Next: docgrid data check {out}; docgrid train {out} --out my-model")
