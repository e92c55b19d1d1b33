"""`docgrid encode`: documents become chargrid files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from docgrid.cli import options
from docgrid.cli.guard import guarded
from docgrid.cli.outputs import check_new, locked
from docgrid.cli.screen import Screen, open_screen
from docgrid.errors import DocumentError, DocumentStatus, ExitCode, UsageError
from docgrid.files import safe_stem

if TYPE_CHECKING:
    from docgrid.chargrid import Frame, GridSize
    from docgrid.reading.isolation import ReadResult
    from docgrid.reading.options import ReadingOptions

SUFFIX = ".chargrid.safetensors"


@dataclass(frozen=True)
class Encoded:
    """What became of one document."""

    source: Path
    status: DocumentStatus
    out: Path | None = None
    pages: int = 0
    characters: int = 0
    lost_characters: int = 0  # hidden under others in the grid
    seconds: float = 0.0
    problem: str = ""
    hint: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Plain data for --json."""
        return {
            "source": str(self.source),
            "status": self.status.value,
            "out": None if self.out is None else str(self.out),
            "pages": self.pages,
            "characters": self.characters,
            "lost_characters": self.lost_characters,
            "seconds": round(self.seconds, 3),
            "problem": self.problem,
            "hint": self.hint,
        }


@options.unfolded
def encode(
    inputs: Annotated[list[str], typer.Argument(metavar="INPUT", help="Documents, folders, @list.txt.", show_default=False)],
    out: Annotated[Path, typer.Option(help="Folder for the chargrid files.", file_okay=False)] = Path(),
    grid: Annotated[str, typer.Option(metavar="HxW", help="Rows and columns of a page's grid.")] = "336x256",
    frame: Annotated[str, typer.Option(metavar="page|text", help="Draw the whole page, or the part with text.")] = "page",
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
    """Turn documents into NAME.chargrid.safetensors files.

    One file a document, with the grid of every page and a table of its characters. Prints the written files, one a line.
    """
    from docgrid.reading.inputs import expand_inputs

    screen = open_screen(quiet=quiet, verbose=verbose)
    size, the_frame = _grid_size(grid), _frame(frame)
    how = reading.checked()
    found = expand_inputs(inputs)[:limit]
    rows = {one.path: Encoded(one.path, DocumentStatus.SKIPPED, problem=one.skipped) for one in found if one.skipped}
    for row in rows.values():
        screen.failed(row.source, row.status, row.problem)
    sources = [one.path for one in found if not one.skipped]
    targets = dict(zip(sources, target_paths(sources, out), strict=True))
    if not resume:
        check_new(list(targets.values()), force=force)
    done = [source for source in sources if resume and not force and _is_current(source, targets[source], size, reading.lang)]
    with locked(out / "chargrids"):
        rows |= {source: Encoded(source, DocumentStatus.SKIPPED, targets[source]) for source in done}
        to_do = [source for source in sources if source not in rows]
        rows |= _encode_all(to_do, targets, how, (size, the_frame), screen, jobs=jobs, fail_fast=fail_fast)
    _report([rows[one.path] for one in found], screen, as_json=as_json)


def target_paths(sources: Sequence[Path], folder: Path) -> list[Path]:
    """The output of each source: its own name where that is safe and the only one, else with a short hash of its path."""
    stems = [safe_stem(source.stem) for source in sources]
    return [
        folder / (safe_stem(source.stem, salt="" if stem == source.stem and stems.count(stem) == 1 else str(source)) + SUFFIX)
        for source, stem in zip(sources, stems, strict=True)
    ]


def _grid_size(text: str) -> GridSize:
    from docgrid.chargrid import GridSize

    match = re.fullmatch(r"(\d{1,4})x(\d{1,4})", text)
    if match is None:
        raise UsageError(f"{text!r} is not a grid size", hint="Write rows and columns: 336x256.")
    return GridSize(int(match[1]), int(match[2]))


def _frame(text: str) -> Frame:
    from docgrid.chargrid import Frame

    if text not in set(Frame):
        raise UsageError(f"unknown frame {text!r}", hint=f"Choose {' or '.join(Frame)}.")
    return Frame(text)


def _is_current(source: Path, target: Path, size: GridSize, language: str) -> bool:
    """Whether `target` is a whole encoded file of just this source, without missing pages and drawn as asked for now."""
    from docgrid.chargrid.encoded import read_encoded
    from docgrid.files import sha256_of
    from docgrid.reading.document import FAILED_PAGES

    try:
        encoded = read_encoded(target, with_cells=False) if target.is_file() else None
        if encoded is None or encoded.document.sha256 != sha256_of(source):
            return False
    except (DocumentError, OSError):
        return False
    runs = [page.ocr for page in encoded.document.pages if page.ocr is not None]
    as_asked = all(run.language == language for run in runs) and all(grid.size == size for grid in encoded.grids)
    return as_asked and FAILED_PAGES not in encoded.document.metadata


def _encode_all(
    sources: Sequence[Path],
    targets: dict[Path, Path],
    reading: ReadingOptions,
    grid: tuple[GridSize, Frame],
    screen: Screen,
    *,
    jobs: int | None,
    fail_fast: bool,
) -> dict[Path, Encoded]:
    from docgrid.reading.isolation import ReaderPool

    rows = {source: Encoded(source, DocumentStatus.SKIPPED, problem="an earlier document failed") for source in sources}
    if not sources:
        return rows
    with ReaderPool(reading, jobs=jobs) as pool, screen.progress() as progress:
        task = progress.add_task("encoding", total=len(sources))
        for result in pool.read(sources):
            try:
                with guarded(result.path, "drawing its grids", timeout_s=reading.limits.document_timeout_s):
                    row = _encode_one(result, targets[result.path], *grid)
            except DocumentError as error:
                row = Encoded(result.path, error.status, seconds=result.seconds, problem=error.problem, hint=error.hint)
            rows[result.path] = row
            progress.advance(task)
            if row.status is not DocumentStatus.OK:
                screen.failed(row.source, row.status, row.problem, row.hint)
            if fail_fast and not row.status.has_pages:
                break
    return rows


def _encode_one(result: ReadResult, target: Path, size: GridSize, frame: Frame) -> Encoded:
    from docgrid.chargrid import DEFAULT_ALPHABET, grid_of_page
    from docgrid.chargrid.encoded import write_encoded

    document = result.document
    if document is None or not result.status.has_pages:
        return Encoded(result.path, result.status, seconds=result.seconds, problem=result.problem, hint=result.hint)
    drawn = (grid_of_page(page, DEFAULT_ALPHABET, size, frame) for page in document.pages)
    # The file does not hold which character owns which cell; of 2,000 pages that would fill 700 MB here.
    grids = [replace(grid, cell_character=grid.cell_character[:0].copy()) for grid in drawn]
    write_encoded(target, document, grids, DEFAULT_ALPHABET)
    return Encoded(
        result.path,
        result.status,
        target,
        len(document.pages),
        sum(len(page.characters) for page in document.pages),
        sum(grid.lost_characters for grid in grids),
        result.seconds,
        result.problem,
        result.hint,
    )


def _report(rows: Sequence[Encoded], screen: Screen, *, as_json: bool) -> None:
    """Print what became of the documents and end with the exit code that says so."""
    if as_json:
        screen.json({"documents": [row.to_dict() for row in rows]})
    elif not screen.out.is_terminal:
        for row in rows:
            if row.out is not None:
                screen.write(f"{row.out}\n")
    else:
        from docgrid.review.tables import document_table

        screen.out.print(document_table([row.to_dict() for row in rows], ("source", "status", "pages", "characters", "out")))
    finish([(row.status, row.out is not None) for row in rows], screen)


def finish(outcomes: Sequence[tuple[DocumentStatus, bool]], screen: Screen) -> None:
    """Say how many documents went how, and end with exit code 4 or 7 where some failed or lack pages.

    Args:
        outcomes: For each document its status and whether there is a result of it (also one of an earlier run).
        screen: Where to say it.

    Raises:
        typer.Exit: Some or all failed.
    """
    counts: dict[str, int] = {}
    for status, _ in outcomes:
        counts[status.value] = counts.get(status.value, 0) + 1
    screen.note(
        f"{len(outcomes)} document{'' if len(outcomes) == 1 else 's'}: "
        + ", ".join(f"{count} {status}" for status, count in counts.items())
    )
    good = sum(has_result for _, has_result in outcomes)
    if good == len(outcomes) and DocumentStatus.PARTIAL.value not in counts:
        return
    raise typer.Exit(int(ExitCode.SOME_DOCUMENTS_FAILED if good else ExitCode.NO_INPUT))
