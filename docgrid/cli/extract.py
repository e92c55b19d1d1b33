"""`docgrid extract`: fields out of documents, as JSON with crops beside it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from docgrid.cli import options
from docgrid.cli.encode import SUFFIX, finish
from docgrid.cli.journal import Journal, journal_path
from docgrid.cli.outputs import STDOUT, check_new, locked
from docgrid.cli.screen import Screen, open_screen
from docgrid.errors import DocumentError, DocumentStatus, NoInputError
from docgrid.reading.options import OcrEngineName, ReadingOptions
from docgrid.version import __version__

if TYPE_CHECKING:
    from docgrid.inference import Predictor
    from docgrid.page import Document
    from docgrid.reading.isolation import ReaderPool, ReadResult


Finished = tuple[dict[str, Any], dict[str, Any]]  # the entry of the JSON, the facts of the ledger


@dataclass(frozen=True)
class Read:
    """One input after reading."""

    source: Path
    status: DocumentStatus
    document: Document | None = None
    problem: str = ""
    hint: str = ""
    seconds: float = 0.0
    peak_memory_bytes: int = 0  # of the reading process
    attempts: int = 1

    @property
    def facts(self) -> dict[str, Any]:
        """What it cost and why it ended as it did, for the ledger."""
        return {
            "source": str(self.source),
            "status": self.status.value,
            "reason": self.problem,
            "pages": len(self.document.pages) if self.document else 0,
            "seconds": round(self.seconds, 3),
            "peak_memory_bytes": self.peak_memory_bytes,
            "attempts": self.attempts,
        }


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


TABLES_MOST = 10  # documents whose fields are printed in full; more get one row each
_ROW_COLUMNS = ("source", "status", "fields", "to review", "missing", "line items")


def extract(
    inputs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="INPUT",
            help="Documents, folders, @list.txt, chargrid files.",
            show_default="every *.chargrid.safetensors here",
        ),
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="fields.json", help="JSON file to write; '-' is stdout.")] = None,
    crops: Annotated[bool, typer.Option(help="Write a PNG of every field into a folder beside the JSON.")] = True,
    csv: Annotated[Path | None, typer.Option(metavar="FILE", help="Write a CSV too, one row a value.")] = None,
    ledger: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a line of JSON for every input: status, reason, seconds, memory.")
    ] = None,
    model: options.ModelName = None,
    device: options.Device = "auto",
    force: options.Force = False,
    jobs: options.Jobs = None,
    limit: options.Limit = None,
    pages: options.Pages = None,
    ocr: options.Ocr = OcrEngineName.AUTO,
    lang: options.Lang = "eng",
    tessdata: options.Tessdata = None,
    password_file: options.PasswordFile = None,
    resume: options.Resume = False,
    fail_fast: options.FailFast = False,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
    config: options.Config = None,
) -> None:
    """Find the fields and line items of documents.

    Prints tables on a terminal and JSON into a pipe. With --out it writes a JSON file, with a crop of every field beside it, and
    prints the tables anywhere; --quiet leaves them out.
    """
    screen = open_screen(quiet=quiet, verbose=verbose)
    sources = find_sources(inputs or [])[:limit]
    to_file = out is not None and str(out) != STDOUT
    target = out if to_file else None
    outputs = Outputs(target, csv, ledger, _crops_folder(target) if crops else None)
    going_on = resume and target is not None and journal_path(target).exists()
    check_new(outputs.files, force=force or going_on)
    reading = options.reading_options(ocr=ocr, lang=lang, tessdata=tessdata, pages=pages, password_file=password_file)
    from docgrid.inference import Predictor, choose_device
    from docgrid.model import load_model

    predictor = Predictor(load_model(model), device=choose_device(device))
    settings = {"weights": predictor.model.card.weights_sha256, "ocr": ocr.value, "lang": lang, "pages": pages, "crops": crops}
    with ExitStack() as stack:
        for path in outputs.files:
            stack.enter_context(locked(path))
        journal = None if target is None else stack.enter_context(Journal(target, settings, resume=resume))
        run = Run(predictor, outputs, journal, screen, fail_fast=fail_fast)
        finished = run.work(sources, reading, jobs)
        documents = [entry for entry, _ in finished]
        _write(finished, predictor, outputs)
    _show(documents, predictor, screen, as_json=as_json or str(out) == STDOUT, silent=to_file)
    finish([(DocumentStatus(entry["status"]), _is_usable(entry)) for entry in documents], screen)


def find_sources(inputs: Sequence[str]) -> list[Path]:
    """The documents and chargrid files that are named; without a name every chargrid file in the current directory.

    Raises:
        NoInputError: There is none.
    """
    from docgrid.reading.inputs import expand_inputs

    if inputs:
        return expand_inputs(inputs)
    found = sorted(path for path in Path().glob(f"*{SUFFIX}") if path.is_file())
    if not found:
        raise NoInputError(
            f"no *{SUFFIX} in {Path().resolve()}",
            hint="Name documents or folders (docgrid extract invoice.pdf), or write chargrid files first (docgrid encode).",
        )
    return found


def _crops_folder(target: Path | None) -> Path | None:
    return None if target is None else target.with_name(f"{target.stem}_crops")


@dataclass(frozen=True)
class Run:
    """One extraction: reads in child processes, predicts here, notes every document as soon as it is finished."""

    predictor: Predictor
    outputs: Outputs
    journal: Journal | None
    screen: Screen
    fail_fast: bool

    def work(self, sources: Sequence[Path], reading: ReadingOptions, jobs: int | None) -> list[Finished]:
        """The result of every source, in order; each has exactly one status."""
        from docgrid.reading.isolation import ReaderPool

        finished: list[Finished] = []
        done = {source: earlier for source in sources if self.journal and (earlier := self.journal.finished(source)) is not None}
        to_read = [source for source in sources if source not in done and not source.name.endswith(SUFFIX)]
        with ReaderPool(reading, jobs=jobs) as pool, self.screen.progress() as progress:
            task = progress.add_task("extracting", total=len(sources))
            results = iter(pool.read(to_read))
            for number, source in enumerate(sources):
                if source in done:
                    finished.append(done[source])
                elif source.name.endswith(SUFFIX):
                    finished.append(self._finish(_read_chargrid(source), pool))
                else:
                    finished.append(self._finish(_read_result(next(results)), pool))
                progress.advance(task)
                if self.fail_fast and not _is_usable(finished[-1][0]):
                    skipped = (Read(rest, DocumentStatus.SKIPPED, problem=_AFTER_FAILURE) for rest in sources[number + 1 :])
                    finished += [(_failed(read), read.facts) for read in skipped]
                    break
        return finished

    def _finish(self, read: Read, pool: ReaderPool) -> Finished:
        """From what was read to the entry of the JSON."""
        if read.document is None:
            entry = _failed(read)
            self.screen.failed(read.source, read.status, read.problem, read.hint)
        else:
            entry = self._predict(read)
            if self.outputs.crops is not None and self.outputs.out is not None:
                entry = self._with_crops(entry, read, pool, self.outputs.crops, self.outputs.out.parent)
        if self.journal is not None:
            self.journal.add(read.source, entry, read.facts)
        return entry, read.facts

    def _predict(self, read: Read) -> dict[str, Any]:
        from docgrid.pipeline import extract_document

        assert read.document is not None
        found = extract_document(read.document, self.predictor, source=read.source, status=read.status)
        entry: dict[str, Any] = found.model_dump(mode="json")
        return entry

    def _with_crops(self, entry: dict[str, Any], read: Read, pool: ReaderPool, folder: Path, beside: Path) -> dict[str, Any]:
        from docgrid.files import sha256_of
        from docgrid.review.crops import write_crops

        assert read.document is not None
        path = read.document.path
        if read.source.name.endswith(SUFFIX) and not (path.is_file() and sha256_of(path) == read.document.sha256):
            self.screen.warn(f"{read.source}: no crops, since {path} is gone or has changed")
            return entry
        return write_crops(entry, path, pool, folder, relative_to=beside)


_AFTER_FAILURE = "an earlier document failed (--fail-fast)"


def _read_chargrid(source: Path) -> Read:
    from docgrid.chargrid.encoded import read_encoded

    try:
        document = read_encoded(source).document
    except DocumentError as error:
        return Read(source, error.status, None, error.problem, error.hint)
    if document.is_empty:
        return Read(source, DocumentStatus.EMPTY, None, f"{source} holds no text", "Encode the document again with OCR.")
    return Read(source, DocumentStatus.OK, document)


def _read_result(result: ReadResult) -> Read:
    document = result.document if result.status.has_pages else None
    return Read(
        result.path,
        result.status,
        document,
        result.problem,
        result.hint,
        result.seconds,
        result.peak_memory_bytes,
        result.attempts,
    )


def _failed(read: Read) -> dict[str, Any]:
    """The entry of a document without fields."""
    from docgrid.extraction import failed_document

    entry: dict[str, Any] = failed_document(read.source, read.status, read.problem, read.hint).model_dump(mode="json")
    return entry


def _is_usable(entry: dict[str, Any]) -> bool:
    return DocumentStatus(entry["status"]).has_pages


def _file(documents: Sequence[dict[str, Any]], predictor: Predictor) -> dict[str, Any]:
    """The whole JSON."""
    from docgrid.extraction import SCHEMA_NAME

    card = predictor.model.card
    return {
        "schema": SCHEMA_NAME,
        "docgrid": __version__,
        "model": {"name": card.name, "weights_sha256": card.weights_sha256},
        "documents": list(documents),
    }


def _write(finished: Sequence[Finished], predictor: Predictor, outputs: Outputs) -> None:
    """Write the ledger and the CSV, then the JSON: whoever sees the JSON sees everything."""
    from docgrid.files import write_json, write_text
    from docgrid.review.spreadsheet import to_csv

    documents = [entry for entry, _ in finished]
    if outputs.ledger is not None:
        write_text(outputs.ledger, "".join(json.dumps(facts) + "\n" for _, facts in finished))
    if outputs.csv is not None:
        write_text(outputs.csv, to_csv(documents))
    if outputs.out is not None:
        write_json(outputs.out, _file(documents, predictor))


def _show(documents: Sequence[dict[str, Any]], predictor: Predictor, screen: Screen, *, as_json: bool, silent: bool) -> None:
    """JSON into a pipe; tables on a terminal and wherever the JSON went into a file. Many documents get one row each."""
    if as_json or not (screen.out.is_terminal or silent):
        screen.json(_file(documents, predictor))
        return
    from docgrid.review.tables import document_table, field_table, item_table

    if screen.quiet:
        return
    if len(documents) > TABLES_MOST:
        screen.out.print(document_table([_row(entry) for entry in documents], _ROW_COLUMNS))
        return
    for entry in documents:
        if not _is_usable(entry):
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
