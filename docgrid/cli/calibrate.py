"""`docgrid calibrate`: confidence fitted again, on documents that the model was not trained on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from docgrid.cli import options
from docgrid.cli.evaluate import choose_records, documents_of
from docgrid.cli.screen import Screen, open_screen
from docgrid.errors import DatasetError
from docgrid.reading.options import OcrEngineName

if TYPE_CHECKING:
    from docgrid.labels import LabelledDocument
    from docgrid.model import Model


def calibrate(
    model: Annotated[str, typer.Argument(metavar="MODEL", help="A model folder; its card is changed.", show_default=False)],
    data: Annotated[list[Path], typer.Argument(metavar="DATA...", help="Dataset folders.", show_default=False)],
    target_precision: Annotated[
        float | None, typer.Option(min=0.5, max=1.0, help="Also set the confidence from which fields are accepted.")
    ] = None,
    split: Annotated[str, typer.Option(metavar="auto|all|valid", help="Which documents; auto takes what was held out.")] = "auto",
    ocr: options.Ocr = OcrEngineName.AUTO,
    lang: options.Lang = "eng",
    tessdata: options.Tessdata = None,
    device: options.Device = "auto",
    limit: options.Limit = None,
    jobs: options.Jobs = None,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
    config: options.Config = None,
) -> None:
    """Fit the confidence of a model on documents that it did not see, so that 0.9 means right nine times of ten.

    With --target-precision the card also gets the confidence from which on so many fields of these documents are right.
    """
    screen = open_screen(quiet=quiet, verbose=verbose)
    reading = options.reading_options(ocr=ocr, lang=lang, tessdata=tessdata, pages=None, password_file=None)
    from docgrid.fitting.calibration import accept_threshold, fit_calibration, judge
    from docgrid.inference import choose_device
    from docgrid.model import load_model, write_card

    loaded = load_model(model, device=choose_device(device))
    documents = _documents(data, loaded, split, reading, screen, limit=limit, jobs=jobs)
    judged = judge(loaded, documents, device=choose_device(device))
    if not judged:
        raise DatasetError("nothing was found in these documents to calibrate on", hint="Give documents that the model can read.")
    calibration = fit_calibration(judged)
    update: dict[str, Any] = {"calibration": calibration}
    facts: dict[str, Any] = {"fields": len(judged), "right": sum(entry.right for entry in judged)}
    if target_precision is not None:
        threshold = accept_threshold(judged, calibration, target_precision)
        update["decoding"] = {**loaded.card.decoding, "accept_confidence": threshold}
        facts["accept_confidence"] = threshold
    assert loaded.folder is not None
    write_card(loaded.folder, loaded.card.model_copy(update=update))
    if as_json:
        screen.json(facts)
    else:
        accepted = f"; accepted from {facts['accept_confidence']:.3f} on" if target_precision is not None else ""
        screen.write(f"{loaded.folder}: calibrated on {len(judged)} fields, {facts['right']} of them right{accepted}\n")


def _documents(
    data: list[Path], model: Model, split: str, reading: Any, screen: Screen, *, limit: int | None, jobs: int | None
) -> dict[str, list[LabelledDocument]]:
    """The held-out documents of each dataset, read and aligned."""
    from dataclasses import replace

    from docgrid.datasets import load, open_dataset

    found: dict[str, list[LabelledDocument]] = {}
    for folder in data:
        dataset = open_dataset(folder, schema=model.schema)
        records = choose_records(dataset, model.card, split).records[:limit]
        loaded = found.setdefault(str(folder), [])
        for record, document, status, problem in documents_of(records, reading, jobs=jobs):
            if document is None:
                screen.failed(record.path, status, problem)
                continue
            loaded.append(load(replace(record, given=None), model.schema, lambda _, read=document: read))  # type: ignore[misc]  # a default argument binds the loop's document
    return found
