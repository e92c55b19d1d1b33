"""`docgrid show`: a page in the terminal or as a picture, with its fields in colour."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from docgrid.cli import options
from docgrid.cli.outputs import check_new
from docgrid.cli.screen import Screen, open_screen
from docgrid.errors import DocumentError, NoInputError, UsageError
from docgrid.reading.options import OcrEngineName, ReadingOptions

if TYPE_CHECKING:
    from docgrid.page import Document, Page
    from docgrid.review.marks import Mark

_WIDE = 200  # columns at most, where the terminal does not say
JSON_SUFFIX = ".json"


def show(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A document, a chargrid file, or a fields JSON.", show_default=False)
    ],
    page: Annotated[int, typer.Option(min=1, help="Which page.")] = 1,
    drawing: Annotated[
        str, typer.Option("--as", metavar="text|blocks", help="Words where they stand, or the grid itself.")
    ] = "text",
    fields: Annotated[Path | None, typer.Option(metavar="fields.json", help="Colour the fields found in this file.")] = None,
    model: options.ModelName = None,
    extract: Annotated[bool, typer.Option("--extract", help="Find the fields first, with --model.")] = False,
    out: Annotated[Path | None, typer.Option(metavar="page.png", help="Write the page as a picture instead.")] = None,
    dpi: Annotated[float, typer.Option(min=30, max=600, help="Of the picture.")] = 100.0,
    force: options.Force = False,
    device: options.Device = "auto",
    ocr: options.Ocr = OcrEngineName.AUTO,
    lang: options.Lang = "eng",
    tessdata: options.Tessdata = None,
    password_file: options.PasswordFile = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
    config: options.Config = None,
) -> None:
    """Show one page: its characters in the terminal, or its picture with --out page.png; fields in colour.

    FILE may be a fields.json: then the first document in it is shown.
    """
    from docgrid.review.terminal import Drawing, draw_blocks, draw_text, legend

    screen = open_screen(quiet=quiet, verbose=verbose)
    if drawing not in set(Drawing):
        raise UsageError(f"unknown drawing {drawing!r}", hint=f"Choose {' or '.join(Drawing)}.")
    if out is not None:
        check_new([out], force=force)
    data = _found(file if file.suffix == JSON_SUFFIX else fields, None if file.suffix == JSON_SUFFIX else file)
    source = _source_of(data, file) if data is not None and file.suffix == JSON_SUFFIX else file
    reading = options.reading_options(ocr=ocr, lang=lang, tessdata=tessdata, pages=str(page), password_file=password_file)
    document = _read(source, reading)
    the_page = _page(document, page)
    if data is None and extract:
        data = _extract(document, model, device)
    marks = _marks(data, page)
    if out is not None:
        _write_picture(document.path, the_page, marks, reading, out, dpi)
        screen.note(f"wrote {out}")
        return
    columns = screen.out.width if screen.out.is_terminal else min(shutil.get_terminal_size((120, 24)).columns, _WIDE)
    if drawing == Drawing.TEXT:
        lines = draw_text(the_page, marks, columns=columns)
    else:
        grid, alphabet = _grid(the_page)
        lines = draw_blocks(the_page, grid, alphabet, marks, columns=columns)
    for line in lines:
        screen.out.print(line, no_wrap=True, crop=True, overflow="crop", end="\n")
    if marks:
        screen.out.print(legend(marks))
    _say_page(the_page, document, screen)


def _say_page(page: Page, document: Document, screen: Screen) -> None:
    count = max(document.page_count, len(document.pages))
    engine = "" if page.ocr is None else f" by {page.ocr.engine}"
    screen.note(
        f"page {page.number} of {count}, {page.width_pt:.0f} x {page.height_pt:.0f} pt, "
        f"{len(page.characters)} characters from {page.source}{engine}",
        style="dim",
    )


def _grid(page: Page) -> tuple[Any, Any]:
    from docgrid.chargrid import DEFAULT_ALPHABET, GridSize, grid_of_page

    return grid_of_page(page, DEFAULT_ALPHABET, GridSize(336, 256)), DEFAULT_ALPHABET


def _read(source: Path, reading: ReadingOptions) -> Document:
    """The document, read in a child process; or out of a chargrid file."""
    from docgrid.cli.encode import SUFFIX

    if source.name.endswith(SUFFIX):
        from docgrid.chargrid.encoded import read_encoded

        return read_encoded(source).document
    from docgrid.reading.isolation import ReaderPool

    with ReaderPool(reading, jobs=1) as pool:
        result = next(iter(pool.read([source])))
    if result.document is None or not result.document.pages:
        raise DocumentError(f"{result.status}: {result.problem}", status=result.status, hint=result.hint)
    return result.document


def _page(document: Document, number: int) -> Page:
    for page in document.pages:
        if page.number == number:
            return page
    count = max(document.page_count, len(document.pages))
    raise NoInputError(f"{document.path} has no page {number}", hint=f"It has {count}; choose --page 1 to {count}.")


def _found(path: Path | None, source: Path | None) -> dict[str, Any] | None:
    """The extraction of one document out of a fields JSON: the one of `source`, or the first.

    Raises:
        UsageError: The file is not such a JSON, or does not know the document.
    """
    if path is None:
        return None
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        documents = content["documents"]
        if source is None:
            return dict(documents[0])
        names = (str(source), str(source.resolve()), source.name)
        for wanted in names:
            for entry in documents:
                if wanted in (entry["source"], Path(entry["source"]).name):
                    return dict(entry)
    except OSError as error:
        raise UsageError(
            f"{path} cannot be read: {error.strerror or error}", hint="Name the JSON of `docgrid extract`."
        ) from error
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise UsageError(
            f"{path} is not the JSON of `docgrid extract`", hint="Write one with: docgrid extract --out fields.json"
        ) from error
    raise UsageError(f"{path} has no document {source}", hint="Extract that document into it first.")


def _source_of(data: dict[str, Any], file: Path) -> Path:
    """The document that an extraction is about: as it was named, else beside the JSON."""
    named = Path(str(data["source"]))
    beside = file.parent / named.name
    return beside if not named.exists() and beside.exists() else named


def _marks(data: dict[str, Any] | None, page: int) -> list[Mark]:
    from docgrid.review.marks import marks_of

    return [] if data is None else marks_of(data, page=page)


def _extract(document: Document, model: str | None, device: str) -> dict[str, Any]:
    from docgrid.inference import Predictor, choose_device
    from docgrid.model import load_model
    from docgrid.pipeline import extract_document

    predictor = Predictor(load_model(model), device=choose_device(device))
    return dict(extract_document(document, predictor).model_dump(mode="json"))


def _write_picture(source: Path, page: Page, marks: list[Mark], reading: ReadingOptions, out: Path, dpi: float) -> None:
    from docgrid.files import atomic_path
    from docgrid.geometry import Box
    from docgrid.reading.isolation import ReaderPool
    from docgrid.review.overlay import draw_overlay

    with ReaderPool(reading, jobs=1) as pool:
        picture = pool.crops(source, [(page.number, Box(0, 0, page.width_pt, page.height_pt))], dpi=dpi)[0]
    if picture is None:
        raise NoInputError(f"page {page.number} of {source} cannot be drawn", hint="Look at it without --out.")
    with atomic_path(out) as temporary:
        draw_overlay(picture, marks).save(temporary, format="PNG")
