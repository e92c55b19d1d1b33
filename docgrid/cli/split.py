"""`docgrid data split`: which documents to train on and which to hold out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from docgrid.cli import options
from docgrid.cli.outputs import check_new
from docgrid.cli.screen import open_screen
from docgrid.errors import UsageError
from docgrid.reading.options import OcrEngineName


def split(
    folder: Annotated[Path, typer.Argument(metavar="DATA", help="Dataset folder.", show_default=False)],
    parts: Annotated[str, typer.Option(metavar="NAME=SHARE,...", help="Parts and their shares.")] = "train=0.8,valid=0.2",
    folds: Annotated[
        int | None, typer.Option(min=2, max=100, help="So many parts of equal size instead, for `train --fold`.")
    ] = None,
    by: Annotated[
        str, typer.Option(metavar="layouts|duplicates", help="What stays in one part: whole layouts, or only near-duplicates.")
    ] = "layouts",
    seed: options.Seed = 0,
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
    """Split a dataset so that figures are honest: no layout and no near-duplicate on both sides.

    Layouts are those that the dataset names, else documents whose first pages, drawn small, look the same. The split is written
    to docgrid-split.json in DATA; train holds out the part "valid" (or fold N with --fold N) and never looks at a part "test",
    evaluate measures on "valid" or on what --split names.
    """
    from docgrid.datasets import Together, open_dataset, split_by_layout
    from docgrid.datasets.layouts import layout_items
    from docgrid.datasets.splitfile import SPLIT_NAME, fold_name, write_split
    from docgrid.review.tables import document_table

    screen = open_screen(quiet=quiet, verbose=verbose)
    if by not in set(Together):
        raise UsageError(f"cannot split by {by!r}", hint=f"Choose one of {', '.join(Together)}.")
    fractions = {fold_name(number): 1 / folds for number in range(folds)} if folds else parse_parts(parts)
    check_new([folder / SPLIT_NAME], force=force)
    dataset = open_dataset(folder, with_parts=False)
    reading = options.reading_options(ocr=ocr, lang=lang, tessdata=tessdata, pages=None, password_file=None)
    from docgrid.cli.measuring import documents_of

    documents = {}
    with screen.progress() as progress:
        task = progress.add_task("reading", total=len(dataset.records))
        for record, document, status, problem in documents_of(dataset.records, reading, jobs=jobs):
            progress.advance(task)
            if document is None:
                screen.failed(record.id, status, problem)
            else:
                documents[record.id] = document
    items = layout_items(dataset.records, documents)
    found = split_by_layout(items, fractions=fractions, seed=seed, together=Together(by))
    layouts = {item.id: item.layout for item in items}
    path = write_split(folder, found, layouts, seed=seed, force=force)
    rows = [
        {
            "part": name,
            "documents": len(ids),
            "layouts": len({layouts[key] or key for key in ids}),
            "share": len(ids) / len(items),
        }
        for name, ids in found.items()
    ]
    for row in rows:
        if not row["documents"]:
            screen.warn(f"warning: {row['part']} has no document: its share is smaller than any layout; try --by duplicates")
    if as_json:
        screen.json({"file": str(path), "seed": seed, "by": by, "parts": rows})
        return
    screen.out.print(
        document_table([row | {"share": f"{row['share']:.1%}"} for row in rows], ("part", "documents", "layouts", "share"))
    )
    screen.note(f"{path}: train and evaluate go by it")


def parse_parts(text: str) -> dict[str, float]:
    """The shares of `train=0.8,valid=0.2`.

    Raises:
        UsageError: It is not written like that.
    """
    found: dict[str, float] = {}
    for piece in text.split(","):
        name, separator, share = piece.partition("=")
        try:
            found[name.strip()] = float(share)
        except ValueError:
            separator = ""
        if not separator or not name.strip() or name.count(" ") > 3:
            raise UsageError(f"{piece.strip()!r} is no part with its share", hint="Such as --parts train=0.8,valid=0.1,test=0.1.")
    return found
