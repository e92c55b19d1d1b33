"""`docgrid evaluate`: a model measured on labelled documents."""

from __future__ import annotations

import shlex
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from docgrid.cli import options
from docgrid.cli.outputs import check_new, parse_gate
from docgrid.cli.screen import Screen, open_screen
from docgrid.errors import DatasetError, DocgridError, DocumentError, DocumentStatus, UsageError
from docgrid.reading.options import OcrEngineName

if TYPE_CHECKING:
    from docgrid.datasets import Dataset, Record
    from docgrid.evaluation import Evaluation, Protocol
    from docgrid.inference import Predictor
    from docgrid.model import Model, ModelCard
    from docgrid.page import Document

SPLITS = ("auto", "all", "train", "valid")


@dataclass(frozen=True)
class Measured:
    """The records that were measured, and why these."""

    records: tuple[Record, ...]
    what: str


def evaluate(
    data: Annotated[Path, typer.Argument(metavar="DATA", help="Dataset folder.", show_default=False)],
    model: options.ModelName = None,
    split: Annotated[
        str,
        typer.Option(
            metavar="auto|all|train|valid",
            help="Which documents: auto takes what training held out, where that is known, else all of them.",
        ),
    ] = "auto",
    protocol: Annotated[
        str, typer.Option(metavar="auto|R1|R2|A1|E1|S1", help="How to measure; auto goes by the kind of DATA.")
    ] = "auto",
    fail_under: Annotated[
        list[str] | None, typer.Option(metavar="micro_f1=0.9", help="Exit with 8 when a figure is lower; repeatable.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Write the figures as JSON.")] = None,
    predictions: Annotated[Path | None, typer.Option(metavar="fields.json", help="Write the predictions too.")] = None,
    record: Annotated[bool, typer.Option("--record", help="Write the headline figures on the model's card.")] = False,
    ocr: options.Ocr = OcrEngineName.AUTO,
    lang: options.Lang = "eng",
    tessdata: options.Tessdata = None,
    reread: Annotated[bool, typer.Option("--reread", help="Read the files also where DATA brings the text along.")] = False,
    device: options.Device = "auto",
    limit: options.Limit = None,
    jobs: options.Jobs = None,
    seed: options.Seed = 0,
    force: options.Force = False,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
    config: options.Config = None,
) -> None:
    """Measure a model on labelled documents: precision, recall, F1 with 95 % intervals, line items, calibration.

    Layouts that training did not see come first.
    """
    screen = open_screen(quiet=quiet, verbose=verbose)
    gates = [parse_gate(text) for text in fail_under or ()]
    if split not in SPLITS:
        raise UsageError(f"unknown split {split!r}", hint=f"Choose one of {', '.join(SPLITS)}.")
    check_new([path for path in (out, predictions) if path is not None], force=force)
    reading = options.reading_options(ocr=ocr, lang=lang, tessdata=tessdata, pages=None, password_file=None)
    from docgrid.datasets import open_dataset
    from docgrid.evaluation import evaluate as measure
    from docgrid.inference import Predictor, choose_device
    from docgrid.model import load_model

    dataset = open_dataset(data)
    the_protocol = _protocol(protocol, dataset, reread=reread)
    loaded = load_model(model)
    measured = choose_records(dataset, loaded.card, split)
    records = measured.records[:limit]
    started = time.monotonic()
    predictor = Predictor(loaded, device=choose_device(device))
    found = _predict(records, predictor, reading, screen, jobs=jobs, reread=reread)
    evaluation = measure(
        found,
        records,
        schema=dataset.schema,
        protocol=the_protocol,
        seen_layouts=_seen_layouts(loaded.card),
        unseen_ids=frozenset(loaded.card.training.get("unseen_documents", ())),
        seed=seed,
    )
    facts = _facts(evaluation, loaded, data, measured.what, time.monotonic() - started)
    _write(facts, found, out, predictions)
    if record:
        _record(loaded, evaluation, str(facts["command"]))
    _print(evaluation, facts, screen, as_json=as_json)
    for name, least in gates:
        evaluation.check_gate(name, least)


def _protocol(name: str, dataset: Dataset, *, reread: bool) -> Protocol:
    from docgrid.datasets import DatasetFormat
    from docgrid.evaluation import Protocol

    by_format = {
        DatasetFormat.SROIE: Protocol.R2 if reread else Protocol.R1,
        DatasetFormat.VALUES: Protocol.A1,
        DatasetFormat.EINVOICE: Protocol.E1,
        DatasetFormat.NATIVE: Protocol.S1,
    }
    if name == "auto":
        return by_format.get(dataset.format, Protocol.S1)
    if name not in set(Protocol):
        raise UsageError(f"unknown protocol {name!r}", hint=f"Choose one of auto, {', '.join(Protocol)}.")
    return Protocol(name)


def choose_records(dataset: Dataset, card: ModelCard, split: str) -> Measured:
    """The records to measure.

    `auto` never measures what training may have seen, as far as the card tells: the data set's own `valid` part, else the
    documents that this model held out.

    Raises:
        DatasetError: There are none.
    """
    held_out = set(card.training.get("validation_documents", ()))
    records = dataset.records
    own = {part: tuple(record for record in records if record.part == part) for part in ("train", "valid")}
    kept_back = tuple(record for record in records if record.id in held_out)
    rest = tuple(record for record in records if record.id not in held_out)
    choices: dict[str, tuple[Record, ...]] = {
        "all": records,
        "valid": own["valid"] or kept_back,
        "train": own["train"] or (rest if kept_back else ()),
    }
    if split == "auto":
        chosen = choices["valid"] or records
        what = "valid" if choices["valid"] else "all"
    else:
        chosen, what = choices[split], split
    if not chosen:
        raise DatasetError(
            f"{dataset.root} has no documents for --split {split}",
            hint="Use --split all, or a model that was trained on this data.",
        )
    return Measured(chosen, what)


def documents_of(
    records: Sequence[Record], reading: Any, *, jobs: int | None, reread: bool = False
) -> Iterator[tuple[Record, Document | None, DocumentStatus, str]]:
    """Every record with its document, its status and what is wrong, in order; texts that the data set brings are taken."""
    from docgrid.reading.isolation import ReaderPool

    to_read = [record.path for record in records if record.given is None or reread]
    if not to_read:
        for record in records:
            yield _given(record)
        return
    with ReaderPool(reading, jobs=jobs) as pool:
        results = pool.read(to_read)
        for record in records:
            if record.given is not None and not reread:
                yield _given(record)
                continue
            result = next(results)
            yield record, result.document if result.status.has_pages else None, result.status, result.problem


def _given(record: Record) -> tuple[Record, Document | None, DocumentStatus, str]:
    assert record.given is not None
    try:
        return record, record.given(), DocumentStatus.OK, ""
    except DocumentError as error:
        return record, None, error.status, error.problem
    except DocgridError as error:
        return record, None, DocumentStatus.CORRUPT, error.problem


def _predict(
    records: Sequence[Record], predictor: Predictor, reading: Any, screen: Screen, *, jobs: int | None, reread: bool
) -> dict[str, dict[str, Any]]:
    """The extraction of every record, by the id of the record; documents that cannot be read have no fields."""
    from docgrid.pipeline import extract_document

    found: dict[str, dict[str, Any]] = {}
    with screen.progress() as progress:
        task = progress.add_task("measuring", total=len(records))
        for record, document, status, problem in documents_of(records, reading, jobs=jobs, reread=reread):
            if document is None:
                screen.failed(record.id, status, problem)
                found[record.id] = {"id": record.id, "status": status.value, "fields": {}, "line_items": []}
            else:
                found[record.id] = extract_document(document, predictor).model_dump(mode="json")
            progress.advance(task)
    return found


def _seen_layouts(card: ModelCard) -> frozenset[str] | None:
    layouts = card.training.get("training_layouts")
    return None if layouts is None else frozenset(layouts)


def _facts(evaluation: Evaluation, model: Model, data: Path, split: str, seconds: float) -> dict[str, Any]:
    return {
        "schema": "docgrid.evaluation/1",
        "model": model.card.name,
        "weights_sha256": model.card.weights_sha256,
        "data": str(data),
        "split": split,
        "command": shlex.join(["docgrid", *sys.argv[1:]]),
        "seconds": round(seconds, 2),
        **evaluation.to_dict(),
    }


def _write(facts: dict[str, Any], found: dict[str, dict[str, Any]], out: Path | None, predictions: Path | None) -> None:
    from docgrid.files import write_json

    if predictions is not None:
        write_json(predictions, {"schema": "docgrid.extraction/1", "documents": list(found.values())})
    if out is not None:
        write_json(out, facts)


def _record(model: Model, evaluation: Evaluation, command: str) -> None:
    """Put the headline figures on the card, in place of earlier ones of the same command."""
    from docgrid.model import Metric, write_card

    if model.folder is None:
        return
    rows = []
    groups = (("unseen layouts", evaluation.unseen), ("all documents", evaluation.results))
    for note, results in groups:
        for how, figures in results.items():
            scores = {"fields F1": figures.micro, "line items F1": figures.line_items}
            for name, score in scores.items():
                if score is None or score.f1 is None:
                    continue
                low, high = (score.interval.low, score.interval.high) if score.interval else (None, None)
                rows.append(
                    Metric(
                        protocol=evaluation.protocol.value,
                        figure=f"{name}, {how}",
                        value=score.f1,
                        low=low,
                        high=high,
                        documents=figures.documents,
                        command=command,
                        note=note,
                    )
                )
    kept = [metric for metric in model.card.metrics if metric.command != command]
    write_card(model.folder, model.card.model_copy(update={"metrics": [*kept, *rows]}))


def _print(evaluation: Evaluation, facts: dict[str, Any], screen: Screen, *, as_json: bool) -> None:
    if as_json:
        screen.json(facts)
        return
    from docgrid.review.tables import evaluation_tables

    for table in evaluation_tables(evaluation):
        screen.out.print(table)
    many = "" if evaluation.documents == 1 else "s"
    screen.note(f"{evaluation.documents} document{many} ({facts['split']}) in {facts['seconds']:.1f} s")
