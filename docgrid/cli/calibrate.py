"""`docgrid calibrate`: confidence fitted again, on documents that the model was not trained on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from docgrid.cli import options
from docgrid.cli.measuring import choose_records, documents_of
from docgrid.cli.screen import Screen, open_screen
from docgrid.errors import DatasetError
from docgrid.reading.options import OcrEngineName

if TYPE_CHECKING:
    from docgrid.datasets import Record
    from docgrid.labels import LabelledDocument
    from docgrid.layouts import KnownLayouts
    from docgrid.model import Model
    from docgrid.reading.options import ReadingOptions


def calibrate(
    model: Annotated[str, typer.Argument(metavar="MODEL", help="A model folder; its card is changed.", show_default=False)],
    data: Annotated[list[Path], typer.Argument(metavar="DATA...", help="Dataset folders.", show_default=False)],
    target_precision: Annotated[
        float | None, typer.Option(min=0.5, max=1.0, help="Also set the confidence from which fields are accepted.")
    ] = None,
    split: Annotated[str, typer.Option(metavar="auto|all|valid", help="Which documents; auto takes what was held out.")] = "auto",
    reread: Annotated[
        bool, typer.Option("--reread", help="Where DATA brings the text along, also calibrate on it as OCR reads it.")
    ] = False,
    layouts: Annotated[
        bool, typer.Option("--layouts", help="Also note what the training documents look like, to warn of unfamiliar ones.")
    ] = False,
    ocr: options.Ocr = OcrEngineName.AUTO,
    lang: options.Lang = "eng",
    tessdata: options.Tessdata = None,
    ocr_cache: options.OcrCache = None,
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
    reading = options.reading_options(ocr=ocr, lang=lang, tessdata=tessdata, ocr_cache=ocr_cache)
    from docgrid.evaluation import accept_threshold, fit_calibration
    from docgrid.fitting.calibration import judge
    from docgrid.inference import choose_device
    from docgrid.layouts import save_layouts
    from docgrid.model import load_model, write_card

    loaded = load_model(model, device=choose_device(device))
    parts = _records(data, loaded, split, limit)
    documents = _documents(parts, loaded, reading, screen, jobs=jobs, reread=False)
    if reread:
        documents |= _documents(parts, loaded, reading, screen, jobs=jobs, reread=True)
    known = _learn_layouts(parts, documents, loaded, reading, screen, jobs=jobs, reread=reread) if layouts else None
    if known is not None:
        loaded = replace(loaded, layouts=known)  # confidences depend on them
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
    if known is not None:
        save_layouts(loaded.folder, known)
        facts["layouts"] = {"documents": len(known.signatures), "unfamiliar": known.unfamiliar, "foreign": known.foreign}
    write_card(loaded.folder, loaded.card.model_copy(update=update))
    if as_json:
        screen.json(facts)
    else:
        accepted = f"; accepted from {facts['accept_confidence']:.3f} on" if target_precision is not None else ""
        screen.write(f"{loaded.folder}: calibrated on {len(judged)} fields, {facts['right']} of them right{accepted}\n")
        if known is not None:
            screen.write(
                f"{loaded.folder}: {len(known.signatures)} training documents remembered; unfamiliar beyond a distance of "
                f"{known.unfamiliar:.2f}, foreign beyond {known.foreign:.2f}\n"
            )


@dataclass(frozen=True)
class _Part:
    """One dataset: what is calibrated on, and what the model may have been trained on."""

    name: str
    held_out: tuple[Record, ...]
    trained_on: tuple[Record, ...]


def _records(data: list[Path], model: Model, split: str, limit: int | None) -> list[_Part]:
    from docgrid.datasets import open_dataset

    parts = []
    for folder in data:
        dataset = open_dataset(folder, schema=model.schema)
        held_out = choose_records(dataset, model.card, split).records[:limit]
        names = {record.id for record in held_out} | set(model.card.training.get("validation_documents", ()))
        rest = tuple(record for record in dataset.records if record.id not in names and record.part != "valid")
        parts.append(_Part(str(folder), held_out, rest[:limit]))
    return parts


def _documents(
    parts: Sequence[_Part], model: Model, reading: ReadingOptions, screen: Screen, *, jobs: int | None, reread: bool
) -> dict[str, list[LabelledDocument]]:
    """The held-out documents of each dataset, read and aligned; with `reread` those whose text the dataset brings, by OCR."""
    from docgrid.datasets import load

    found: dict[str, list[LabelledDocument]] = {}
    for part in parts:
        records = [record for record in part.held_out if not reread or record.given is not None]
        loaded = found.setdefault(part.name + (" (read again)" if reread else ""), [])
        for record, document, status, problem in documents_of(records, reading, jobs=jobs, reread=reread):
            if document is None:
                screen.failed(record.path, status, problem)
                continue
            plain = record if record.located is not None and not reread else replace(record, given=None, located=None)
            loaded.append(load(plain, model.schema, lambda _, read=document: read))  # type: ignore[misc]  # a default argument binds the loop's document
    return found


def _learn_layouts(
    parts: Sequence[_Part],
    documents: Mapping[str, Sequence[LabelledDocument]],
    model: Model,
    reading: ReadingOptions,
    screen: Screen,
    *,
    jobs: int | None,
    reread: bool,
) -> KnownLayouts | None:
    """What the training documents look like; held-out documents of layouts among them give the threshold."""
    from docgrid.layouts import learn_layouts, signature_of

    training: dict[str, list[frozenset[int]]] = {}
    layouts: set[str] = set()
    with screen.progress() as progress:
        records = [(part, record) for part in parts for record in part.trained_on]
        task = progress.add_task("looking at training documents", total=len(records))
        for part in parts:
            for again in (False, True) if reread else (False,):
                chosen = [record for record in part.trained_on if not again or record.given is not None]
                for record, document, _, _ in documents_of(chosen, reading, jobs=jobs, reread=again):
                    if document is not None and not document.is_empty:
                        training.setdefault(f"{part.name} {record.id}", []).append(signature_of(document))
                        layouts.add(record.layout)
                    progress.advance(task)
    if not training:
        screen.warn("none of these documents was trained on: no layouts are noted")
        return None
    unseen = set(model.card.training.get("unseen_documents", ()))
    familiar = [
        signature_of(labelled.document)
        for several in documents.values()
        for labelled in several
        if labelled.layout and labelled.layout in layouts and labelled.id not in unseen
    ]
    return learn_layouts(training, familiar)
