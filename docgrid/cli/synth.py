"""`docgrid synth`: labelled documents out of a generator."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from docgrid.cli import options
from docgrid.cli.outputs import locked
from docgrid.cli.screen import open_screen
from docgrid.errors import OutputError, UsageError

LAYOUT = "layout"  # a kind of its own: pictures with masks, no documents


def synth(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="Dataset folder to write.", show_default=False, file_okay=False)],
    documents: Annotated[int, typer.Option(min=1, help="How many documents.")] = 100,
    kind: Annotated[
        str, typer.Option(help="invoice, receipt, adbuy or mixed; layout: page pictures with masks of regions.")
    ] = "invoice",
    letters: Annotated[
        float,
        typer.Option(min=0.0, max=1.0, help="Share of letters and other pages without any field, to learn to find nothing."),
    ] = 0.0,
    orders: Annotated[float, typer.Option(min=0.0, max=1.0, help="Share of purchase orders, with --kind invoice.")] = 0.0,
    rasterise: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="Share of documents written as noisy scans instead of PDFs.")
    ] = 0.0,
    seed: options.Seed = 0,
    jobs: Annotated[int, typer.Option(min=1, help="Processes that share the work.")] = 1,
    force: options.Force = False,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
    config: options.Config = None,
) -> None:
    """Write made-up invoices, receipts and orders with exact labels, as a dataset that `docgrid train` takes.

    The same seed gives the same documents.
    """
    from docgrid.synth import Mix, SynthKind, generate
    from docgrid.synth.layout import generate_layouts

    screen = open_screen(quiet=quiet, verbose=verbose)
    if kind not in (LAYOUT, *SynthKind):
        raise UsageError(f"unknown kind {kind!r}", hint=f"Choose one of {', '.join((*SynthKind, LAYOUT))}.")
    if out.is_dir() and any(out.iterdir()) and not force:
        raise OutputError(f"{out} is not empty", hint="Add --force to write into it, or choose another folder.")
    mix = Mix(letters=letters, orders=orders)
    with locked(out / "synth"):
        if kind == LAYOUT:
            generate_layouts(out, documents=documents, seed=seed)
        else:
            generate(out, documents=documents, seed=seed, kind=SynthKind(kind), rasterise=rasterise, jobs=jobs, mix=mix)
    if as_json:
        screen.json({"folder": str(out), "documents": documents, "seed": seed, "kind": kind})
    else:
        screen.write(f"{out}\n")
