"""`docgrid train`: a dataset folder becomes a model folder."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import TextColumn

from docgrid.cli import options
from docgrid.cli.outputs import locked
from docgrid.cli.screen import Screen, open_screen
from docgrid.errors import UsageError
from docgrid.files import safe_stem
from docgrid.reading.options import OcrEngineName

if TYPE_CHECKING:
    from docgrid.fitting import DoneReport, FitReport, LoadReport, StartReport
    from docgrid.training import EpochReport

NO_GRID = "none"  # as a network: the word head alone


def train(
    data: Annotated[list[Path], typer.Argument(metavar="DATA", help="Dataset folders.", show_default=False)],
    out: Annotated[Path | None, typer.Option(help="Model folder to write.", show_default="models/<name of DATA>")] = None,
    epochs: Annotated[int, typer.Option(min=1, help="Passes over the training documents.")] = 20,
    base: Annotated[
        str | None, typer.Option("--from", metavar="NAME_OR_FOLDER", help="Start from a shipped model or a model folder.")
    ] = None,
    schema: Annotated[
        str | None, typer.Option(metavar="NAME_OR_FILE", help="Fields to learn.", show_default="what DATA labels")
    ] = None,
    network: Annotated[str, typer.Option(help="Grid network; 'none' trains the word head alone.")] = "chargrid",
    width: Annotated[int, typer.Option(min=4, max=256, help="Base channels of the grid network.")] = 16,
    batch_size: Annotated[int, typer.Option(min=1, help="Pages in one step.")] = 6,
    learning_rate: Annotated[float, typer.Option(min=0.0, help="Highest learning rate.")] = 2e-3,
    words: Annotated[bool, typer.Option(help="Train word heads beside the grid network.")] = True,
    word_heads: Annotated[
        int, typer.Option(min=1, max=16, help="Word heads whose mean answers; the first one reads the grid.")
    ] = 2,
    class_weights: Annotated[bool, typer.Option(help="Weigh rare classes as the chargrid paper does, with focal loss.")] = False,
    loss: Annotated[
        list[str] | None,
        typer.Option(metavar="HEAD=NAME:WEIGHT", help="Loss of one head, such as segmentation=dice:2; repeatable."),
    ] = None,
    network_option: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="Further setting of the network, such as dropout=0.2; repeatable."),
    ] = None,
    patience: Annotated[int, typer.Option(min=0, help="Epochs without a better score before stopping; 0: never.")] = 0,
    fold: Annotated[int, typer.Option(min=0, help="Which of the folds is held out.")] = 0,
    validation_share: Annotated[float, typer.Option(min=0.0, max=0.5, help="Share of documents held out.")] = 0.16,
    reread: Annotated[
        bool, typer.Option("--reread", help="Where DATA brings the text along, also train on it as OCR reads it.")
    ] = False,
    learning_curve: Annotated[
        bool,
        typer.Option(
            "--learning-curve",
            help="Also train on a half, a quarter and an eighth, and show F1 against documents, with intervals.",
        ),
    ] = False,
    device: options.Device = "auto",
    seed: options.Seed = 0,
    limit: options.Limit = None,
    jobs: options.Jobs = None,
    ocr: options.Ocr = OcrEngineName.AUTO,
    lang: options.Lang = "eng",
    tessdata: options.Tessdata = None,
    ocr_cache: options.OcrCache = None,
    cache: Annotated[
        Path | None,
        typer.Option(
            file_okay=False, help="Folder that keeps what was read, so that the next run starts at once.", show_default="none"
        ),
    ] = None,
    workers: Annotated[int, typer.Option(min=0, help="Processes that draw pages while the network trains; for a GPU.")] = 0,
    resume: options.Resume = False,
    force: options.Force = False,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
    config: options.Config = None,
) -> None:
    """Train a model on labelled documents and write its folder.

    DATA is any supported dataset folder: data/documents + data/annotations, PDFs with JSON values beside them, SROIE, e-invoices;
    or page pictures with masks of classes (JPEGImages + SegmentationClass, as Pascal VOC), whose model `docgrid segment` uses.
    """
    screen = open_screen(quiet=quiet, verbose=verbose)
    target = out if out is not None else Path("models") / safe_stem(data[0].resolve().name)
    missing = [folder for folder in data if not folder.is_dir()]
    if missing:
        raise UsageError(f"{missing[0]} is not a folder", hint="Name folders with labelled documents.")
    from docgrid.fitting import FitSettings
    from docgrid.inference import choose_device
    from docgrid.networks import architecture_named, network_options
    from docgrid.schema import load_schema
    from docgrid.training import TrainingSettings

    architecture = None if network == NO_GRID else architecture_named(network, others=(NO_GRID,))
    settings = FitSettings(
        data=tuple(data),
        out=target,
        schema=None if schema is None else load_schema(schema),
        base=base,
        network=architecture,
        width=width,
        network_options=network_options(architecture, network_option or ()) if architecture else {},
        words=words,
        word_heads=word_heads,
        class_weights=class_weights,
        losses=tuple(loss or ()),
        validation_share=validation_share,
        fold=fold,
        reread=reread,
        limit=limit,
        cache=cache,
        workers=workers,
        resume=resume,
        force=force,
        jobs=jobs,
        command=shlex.join(["docgrid", *sys.argv[1:]]),
        training=TrainingSettings(
            epochs=epochs,
            batch_size=batch_size,
            learning_rate=learning_rate,
            patience=patience,
            seed=seed,
            device=choose_device(device),
        ),
        reading=options.reading_options(ocr=ocr, lang=lang, tessdata=tessdata, ocr_cache=ocr_cache),
    )
    from docgrid.fitting import fit
    from docgrid.segmenting import fit_pictures, is_picture_folder

    run = fit_pictures if is_picture_folder(data[0]) else fit
    if learning_curve:
        if run is not fit:
            raise UsageError("--learning-curve needs documents with fields", hint="Leave it out for pictures with masks.")
        from docgrid.cli.curve import draw_curve

        draw_curve(settings, screen, as_json=as_json)
        return
    with locked(target / "card.json"):
        done = watch(run(settings), screen)
    if as_json:
        screen.json({"folder": str(done.folder), "best_epoch": done.best_epoch, "figures": done.figures, "seconds": done.seconds})
    else:
        screen.write(f"{done.folder}\n")


def watch(reports: Iterable[FitReport], screen: Screen) -> DoneReport:
    """Draw the bars of a run while it goes on."""
    from docgrid.fitting import DoneReport, LoadReport, StartReport
    from docgrid.training import EpochReport, StepReport

    progress = screen.progress(TextColumn("{task.fields[figures]}", markup=False))
    figures = ""
    with ExitStack() as stack:
        stack.enter_context(progress)
        reading = progress.add_task("reading", total=None, figures="")
        training = progress.add_task("training", total=None, visible=False, figures="")
        for report in reports:
            if isinstance(report, LoadReport):
                progress.update(reading, completed=report.done, total=report.total)
                _load_note(report, screen)
            elif isinstance(report, StartReport):
                progress.update(reading, visible=False)
                progress.update(training, visible=True, total=report.steps, completed=report.resumed_at)
                _start_note(report, screen)
            elif isinstance(report, StepReport):
                loss = report.losses.get("total")
                shown = "" if loss is None else f"loss {loss:.3f} {figures}"
                progress.update(training, completed=report.step, figures=shown, description=f"epoch {report.epoch}")
            elif isinstance(report, EpochReport):
                figures = _figures(report.figures)
                _epoch_note(report, screen)
            elif isinstance(report, DoneReport):
                return report
    raise RuntimeError("the training run ended without a report")


def _load_note(report: LoadReport, screen: Screen) -> None:
    if report.problem:
        screen.failed(report.document, report.status, report.problem)


def _start_note(report: StartReport, screen: Screen) -> None:
    screen.note(
        f"{report.training_documents} documents ({report.training_pages} pages) to train on, "
        f"{report.validation_documents} to validate with; {report.parameters:,} parameters, {report.steps} steps"
    )
    if report.resumed_at:
        screen.note(f"going on after step {report.resumed_at}")
    if report.values_not_found:
        lost = ", ".join(f"{name} in {count}" for name, count in sorted(report.values_not_found.items(), key=lambda one: -one[1]))
        screen.note(f"values that are not printed on the page, by documents: {lost}", style="dim")


def _epoch_note(report: EpochReport, screen: Screen) -> None:
    best = " *" if report.is_best else ""
    skipped = f" ({report.skipped_steps} steps skipped: loss not finite)" if report.skipped_steps else ""
    loss = report.losses.get("total", float("nan"))
    screen.note(f"epoch {report.epoch}: loss {loss:.4f} {_figures(report.figures)}{best}{skipped}")


def _figures(figures: dict[str, Any]) -> str:
    return " ".join(f"{name} {value:.3f}" for name, value in figures.items())
