"""`docgrid extract`: fields out of documents, as JSON with crops beside it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from docgrid.cli import options
from docgrid.cli.encode import SUFFIX, finish
from docgrid.cli.guard import guarded
from docgrid.cli.journal import Journal, journal_path
from docgrid.cli.outputs import STDOUT, check_new, locked, mark_as_output
from docgrid.cli.results import Finished, Outputs, holds_no_result, is_usable, result_file, show_results, write_results
from docgrid.cli.screen import Screen, open_screen
from docgrid.errors import DocumentError, DocumentStatus, NoInputError
from docgrid.files import sweep_temporaries
from docgrid.reading.options import ReadingOptions
from docgrid.version import __version__

if TYPE_CHECKING:
    from docgrid.inference import Predictor
    from docgrid.page import Document
    from docgrid.reading.inputs import Input
    from docgrid.reading.isolation import ReaderPool, ReadResult

PAGE_TIMEOUT_S = 0.25  # that each page adds to the time for finding fields: three times what it takes


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


@options.unfolded
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
    *,
    reading: options.Reading,
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
    outputs = Outputs(target, csv, ledger, target.with_name(f"{target.stem}_crops") if crops and target else None)
    going_on = resume and target is not None and journal_path(target).exists()
    in_vain = all(holds_no_result(path) for path in outputs.files if os.path.lexists(path))
    check_new(outputs.files, force=force or going_on or in_vain)
    how = reading.checked()
    from docgrid.inference import Predictor, choose_device
    from docgrid.model import load_model

    predictor = Predictor(load_model(model), device=choose_device(device))
    settings = {
        "weights": predictor.model.card.weights_sha256,
        "crops": crops,
        "docgrid": __version__,
        **reading.what_changes_results(),
    }
    with ExitStack() as stack:
        for path in outputs.files:
            stack.enter_context(locked(path))
        if outputs.crops is not None:
            sweep_temporaries(outputs.crops)
        journal = None if target is None else stack.enter_context(Journal(target, settings, resume=resume))
        run = Run(predictor, outputs, journal, screen, fail_fast=fail_fast, timeout_s=how.limits.document_timeout_s)
        finished = run.work(sources, how, jobs)
        documents = [entry for entry, _ in finished]
        if journal is not None:
            journal.keep_for_resume(finished)
        content = result_file(documents, predictor)
        write_results(finished, content, outputs)
    show_results(content, screen, as_json=as_json or str(out) == STDOUT, silent=to_file)
    if journal is not None and journal.is_kept:
        screen.note(f"to try only those again that failed, repeat the command with --resume ({journal.path} keeps the others)")
    finish([(DocumentStatus(entry["status"]), is_usable(entry)) for entry in documents], screen)


def find_sources(inputs: Sequence[str]) -> list[Input]:
    """The documents and chargrid files that are named; without a name every chargrid file in the current directory.

    Raises:
        NoInputError: There is none.
    """
    from docgrid.reading.inputs import Input, expand_inputs

    if inputs:
        return expand_inputs(inputs)
    found = [Input(path) for path in sorted(Path().glob(f"*{SUFFIX}")) if path.is_file()]
    if not found:
        raise NoInputError(
            f"no *{SUFFIX} in {Path().resolve()}",
            hint="Name documents or folders (docgrid extract invoice.pdf), or write chargrid files first (docgrid encode).",
        )
    return found


@dataclass(frozen=True)
class Run:
    """One extraction: reads in child processes, predicts here, notes every document as soon as it is finished."""

    predictor: Predictor
    outputs: Outputs
    journal: Journal | None
    screen: Screen
    fail_fast: bool
    timeout_s: float  # for the work on one document in this process, after reading

    def work(self, inputs: Sequence[Input], reading: ReadingOptions, jobs: int | None) -> list[Finished]:
        """The result of every input, in order; each has exactly one status."""
        from docgrid.reading.isolation import ReaderPool

        finished: list[Finished] = []
        done = self._done(inputs)
        to_read = [one.path for one in inputs if not (one.skipped or one.path in done or one.path.name.endswith(SUFFIX))]
        with ReaderPool(reading, jobs=jobs) as pool, self.screen.progress() as progress:
            task = progress.add_task("extracting", total=len(inputs))
            results = iter(pool.read(to_read))
            for number, one in enumerate(inputs):
                if one.path in done:
                    finished.append(done[one.path])
                elif one.skipped:
                    finished.append(self._finish(Read(one.path, DocumentStatus.SKIPPED, problem=one.skipped), pool))
                elif one.path.name.endswith(SUFFIX):
                    finished.append(self._finish(_read_chargrid(one.path, self.timeout_s), pool))
                else:
                    finished.append(self._finish(_read_result(next(results)), pool))
                progress.advance(task)
                if self.fail_fast and not is_usable(finished[-1][0]):
                    skipped = (Read(rest.path, DocumentStatus.SKIPPED, problem=_AFTER_FAILURE) for rest in inputs[number + 1 :])
                    finished += [(_failed(read), read.facts) for read in skipped]
                    break
        return finished

    def _done(self, inputs: Sequence[Input]) -> dict[Path, Finished]:
        """What an earlier run finished."""
        if self.journal is None:
            return {}
        return {one.path: earlier for one in inputs if not one.skipped and (earlier := self.journal.finished(one.path))}

    def _finish(self, read: Read, pool: ReaderPool) -> Finished:
        """From what was read to the entry of the JSON; what goes wrong on the way is the failure of this document alone."""
        entry: dict[str, Any] | None = None
        if read.document is not None:
            try:
                timeout_s = self.timeout_s + PAGE_TIMEOUT_S * len(read.document.pages)
                with guarded(read.source, "finding its fields", timeout_s=timeout_s):
                    entry = self._predict(read)
            except DocumentError as error:
                read = replace(read, status=error.status, document=None, problem=error.problem, hint=error.hint)
        if read.status is not DocumentStatus.OK:
            self.screen.failed(read.source, read.status, read.problem, read.hint)
        if entry is None:
            entry = _failed(read)
        elif self.outputs.crops is not None and self.outputs.out is not None:
            try:
                with guarded(read.source, "cutting out its fields", timeout_s=self.timeout_s):
                    entry = self._with_crops(entry, read, pool, self.outputs.crops, self.outputs.out.parent)
            except DocumentError as error:
                self.screen.warn(f"no crops of {error.problem}")
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
        if entry["fields"] or entry["line_items"]:
            mark_as_output(folder)
        return write_crops(entry, path, pool, folder, relative_to=beside)


_AFTER_FAILURE = "an earlier document failed (--fail-fast)"


def _read_chargrid(source: Path, timeout_s: float) -> Read:
    from docgrid.chargrid.encoded import read_encoded
    from docgrid.reading.document import FAILED_PAGES

    try:
        with guarded(source, "reading it", timeout_s=timeout_s):
            document = read_encoded(source, with_cells=False).document
    except DocumentError as error:
        return Read(source, error.status, None, error.problem, error.hint)
    if document.is_empty:
        return Read(source, DocumentStatus.EMPTY, None, f"{source} holds no text", "Encode the document again with OCR.")
    if FAILED_PAGES in document.metadata:
        return Read(source, DocumentStatus.PARTIAL, document, "; ".join(document.warnings), "Encode the document again.")
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
