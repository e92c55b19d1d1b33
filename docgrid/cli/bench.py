"""`docgrid bench`: figures that anyone can repeat on their own machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from docgrid.cli import options
from docgrid.cli.screen import Screen, open_screen
from docgrid.errors import NoInputError

if TYPE_CHECKING:
    from docgrid.bench import BenchRow, LanguageBench, ReadingBench
    from docgrid.bench.machine import Machine

app = typer.Typer(no_args_is_help=True, help="Measure speed and accuracy on this machine, beside other programs.")


@app.command()
def read(
    files: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FILES]", help="PDFs, images, folders or @list.txt; with none, documents are made up."),
    ] = None,
    pages: Annotated[int, typer.Option(min=1, help="Born-digital pages (of your own: documents) at most.")] = 24,
    scans: Annotated[int, typer.Option(min=0, help="Scanned pages at most; 0 leaves OCR out.")] = 3,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
) -> None:
    """Time reading: text layers against pdfplumber, pdfminer.six and pdfium, OCR against pytesseract, rapidocr, tesserocr.

    What is not installed is left out. Other libraries read in this process: name only documents that you trust.
    """
    screen = open_screen(quiet=quiet, verbose=verbose)
    from docgrid.bench import bench_reading
    from docgrid.reading import expand_inputs

    chosen = [one.path for one in expand_inputs(files) if not one.skipped] if files else []
    bench = bench_reading(chosen, pages=pages, scans=scans)
    if not bench.rows:
        raise NoInputError(f"nothing could be measured: {'; '.join(bench.left_out)}", hint="Name readable PDFs or images.")
    if as_json:
        screen.json(bench.to_dict())
    else:
        _print_reading(bench, screen)


@app.command()
def languages(
    pages: Annotated[int, typer.Option(min=1, help="Pages of each language.")] = 3,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
) -> None:
    """Measure the characters that OCR reads wrong in seven languages, on made-up invoices scanned at 150 and 200 dpi."""
    screen = open_screen(quiet=quiet, verbose=verbose)
    from docgrid.bench import bench_languages

    bench = bench_languages(pages=pages)
    if as_json:
        screen.json(bench.to_dict())
    else:
        _print_languages(bench, screen)


def _print_reading(bench: ReadingBench, screen: Screen) -> None:
    from rich.table import Table

    from docgrid.review.tables import cell

    table = Table(header_style="bold", title_justify="left")
    table.add_column("way")
    for name in ("pages", "characters", "processor ms", "ms on the clock", "times as fast", "wrong", "with spaces"):
        table.add_column(name, justify="right")
    task = None
    for row in bench.rows:
        if row.task != task:
            table.add_section()
            table.add_row(cell(f"{row.task}, a page", style="bold"))
            task = row.task
        table.add_row(*(cell(text) for text in _reading_cells(row)))
    screen.out.print(table)
    _print_rest(bench.machine, bench.left_out, screen)
    screen.note("Ratios are of processor time. Text layers: docgrid counts no white space, the others what they report.")


def _reading_cells(row: BenchRow) -> tuple[str, ...]:
    return (
        f"  {row.way}",
        str(row.pages),
        f"{row.characters:,}",
        f"{row.processor_s * 1000:,.2f}" if row.processor_s < 0.1 else f"{row.processor_s * 1000:,.0f}",
        "" if row.wall_s is None else f"{row.wall_s * 1000:,.0f}",
        "" if row.times_reference is None else f"{row.times_reference:.1f}",
        _percent(row.error_rate),
        _percent(row.error_rate_with_spaces),
    )


def _print_languages(bench: LanguageBench, screen: Screen) -> None:
    from rich.table import Table

    from docgrid.review.tables import cell

    table = Table(header_style="bold", title="characters read wrong", title_justify="left")
    for name in ("language", "way"):
        table.add_column(name)
    for name in ("pages", "characters", "wrong", "without accents", "with spaces", "accents", "of them read"):
        table.add_column(name, justify="right")
    for row in bench.rows:
        rates = (row.error_rate, row.error_rate_without_accents, row.error_rate_with_spaces)
        figures = (str(row.pages), f"{row.characters:,}", *map(_percent, rates), f"{row.accents:,}", f"{row.accents_kept:.1%}")
        table.add_row(*(cell(text) for text in (row.language, row.way, *figures)))
    screen.out.print(table)
    _print_rest(bench.machine, bench.left_out, screen)


def _print_rest(machine: Machine, left_out: tuple[str, ...], screen: Screen) -> None:
    screen.write(f"{machine}\n")
    for line in left_out:
        screen.note(f"left out: {line}")


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.2%}"
