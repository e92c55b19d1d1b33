"""`docgrid evaluate`: a model measured on labelled documents."""

from __future__ import annotations

import shlex
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from docgrid.cli import options
from docgrid.cli.measuring import choose_records, documents_of, record_figures
from docgrid.cli.outputs import check_new, parse_gate
from docgrid.cli.screen import Screen, open_screen
from docgrid.cli.segment import evaluate_pictures
from docgrid.errors import UsageError
from docgrid.reading.options import OcrEngineName

if TYPE_CHECKING:
    from docgrid.datasets import Dataset, Record
    from docgrid.evaluation import DocumentMatch, Evaluation, Protocol
    from docgrid.evaluation.attribution import Attribution
    from docgrid.inference import Predictor
    from docgrid.model import Model, ModelCard
    from docgrid.page import Document
    from docgrid.reading.options import ReadingOptions

SPLITS = ("auto", "all", "train", "valid", "test")


@dataclass
class Run:
    """One measurement: what it reads and how, and what it finds."""

    predictor: Predictor
    protocol: Protocol
    reading: ReadingOptions
    jobs: int | None
    reread: bool  # read the files also where the data set brings the text along
    attribution: Attribution | None = None
    found: dict[str, dict[str, Any]] = field(default_factory=dict)  # extractions by the id of the record
    matches: dict[str, DocumentMatch] = field(default_factory=dict)  # of protocols that compare places


def evaluate(
    data: Annotated[Path, typer.Argument(metavar="DATA", help="Dataset folder.", show_default=False)],
    model: options.ModelName = None,
    split: Annotated[
        str,
        typer.Option(
            metavar="auto|all|train|valid|test",
            help="Which documents: auto takes what training held out, where that is known, else all of them.",
        ),
    ] = "auto",
    protocol: Annotated[
        str, typer.Option(metavar="auto|R1|R2|A1|E1|E2|F1|W1|S1", help="How to measure; auto goes by the kind of DATA.")
    ] = "auto",
    fail_under: Annotated[
        list[str] | None, typer.Option(metavar="micro_f1=0.9", help="Exit with 8 when a figure is lower; repeatable.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Write the figures as JSON.")] = None,
    html: Annotated[
        Path | None, typer.Option(metavar="report.html", help="Write them as a page: tables, reliability, with --explain errors.")
    ] = None,
    predictions: Annotated[Path | None, typer.Option(metavar="fields.json", help="Write the predictions too.")] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say what lost each wrong field, and the best score that the characters read allow.")
    ] = False,
    record: Annotated[bool, typer.Option("--record", help="Write the headline figures on the model's card.")] = False,
    ocr: options.Ocr = OcrEngineName.AUTO,
    lang: options.Lang = "eng",
    tessdata: options.Tessdata = None,
    ocr_cache: options.OcrCache = None,
    reread: Annotated[bool, typer.Option("--reread", help="Read the files also where DATA brings the text along.")] = False,
    as_scans: Annotated[
        bool, typer.Option("--as-scans", help="Measure on scans made of the documents: 200 dpi, skew, noise, JPEG; by --seed.")
    ] = False,
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
    if (data / "SegmentationClass").is_dir():  # pictures with masks
        check_new([out] if out else [], force=force)
        evaluate_pictures(data, model, screen, split=split, gates=gates, out=out, device=device, limit=limit, as_json=as_json)
        return
    check_new([path for path in (out, html, predictions) if path is not None], force=force)
    reading = options.reading_options(ocr=ocr, lang=lang, tessdata=tessdata, ocr_cache=ocr_cache)
    from docgrid.datasets import open_dataset
    from docgrid.evaluation.scans import scanned
    from docgrid.inference import Predictor, choose_device
    from docgrid.model import load_model

    loaded = load_model(model)
    dataset = open_dataset(data)
    the_protocol = _protocol(protocol, dataset, reread=reread, as_scans=as_scans)
    if the_protocol.by_place:
        dataset = open_dataset(data, schema=loaded.schema)
    measured = choose_records(dataset, loaded.card, split)
    records: Sequence[Record] = measured.records[:limit]
    started = time.monotonic()
    run = Run(Predictor(loaded, device=choose_device(device)), the_protocol, reading, jobs, reread or as_scans)
    with ExitStack() as stack:
        if as_scans:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="docgrid-scans-")))
            records = list(scanned(records, folder, seed=seed, jobs=jobs))
        if explain:
            run.attribution = _attribution(run, records, dataset)
        _predict(run, records, screen)
        evaluation = _measure(run, records, dataset, loaded.card, seed)
        facts = _facts(evaluation, loaded, data, measured.what, time.monotonic() - started)
        if run.attribution is not None:
            ceiling = run.attribution.score()
            facts |= {"losses": [loss.to_dict() for loss in run.attribution.losses], "ceiling": ceiling.to_dict()["all"]}
        if html is not None:
            _write_page(html, run, records, evaluation, facts)
    _write(facts, run.found, out, predictions)
    if record:
        record_figures(loaded, evaluation, str(facts["command"]))
    _print(evaluation, run.attribution, facts, screen, as_json=as_json)
    for name, least in gates:
        evaluation.check_gate(name, least)


def _protocol(name: str, dataset: Dataset, *, reread: bool, as_scans: bool) -> Protocol:
    from docgrid.datasets import DatasetFormat
    from docgrid.evaluation import Protocol

    by_format = {
        DatasetFormat.SROIE: Protocol.R2 if reread or as_scans else Protocol.R1,
        DatasetFormat.VALUES: Protocol.A1,
        DatasetFormat.EINVOICE: Protocol.E2 if as_scans else Protocol.E1,
        DatasetFormat.NATIVE: Protocol.S1,
        DatasetFormat.FUNSD: Protocol.F1,
        DatasetFormat.WILDRECEIPT: Protocol.W1,
    }
    if name != "auto" and name not in set(Protocol):
        raise UsageError(f"unknown protocol {name!r}", hint=f"Choose one of auto, {', '.join(Protocol)}.")
    chosen = by_format.get(dataset.format, Protocol.S1) if name == "auto" else Protocol(name)
    if chosen.by_place and (reread or as_scans):
        raise UsageError(
            f"{chosen} compares labels by their places in the text that DATA brings, and cannot read the files again",
            hint="Leave out --reread and --as-scans, or choose --protocol S1, which compares values.",
        )
    return chosen


def _attribution(run: Run, records: Sequence[Record], dataset: Dataset) -> Attribution:
    from docgrid.decoding import DecodingSettings
    from docgrid.evaluation.attribution import Attribution

    if run.protocol.by_place:
        raise UsageError(f"--explain compares values, which {run.protocol} does not", hint="Add --protocol S1.")
    model = run.predictor.model
    settings = DecodingSettings.from_dict(model.card.decoding)
    return Attribution(records, dataset.schema, model.schema, settings, run.protocol)


def _predict(run: Run, records: Sequence[Record], screen: Screen) -> None:
    """Put what the model finds in every record into `run`; documents that cannot be read have no fields."""
    with screen.progress() as progress:
        task = progress.add_task("measuring", total=len(records))
        for record, document, status, problem in documents_of(records, run.reading, jobs=run.jobs, reread=run.reread):
            if document is not None:
                _predict_one(run, record, document)
            else:
                screen.failed(record.id, status, problem)
                run.found[record.id] = {"id": record.id, "status": status.value, "fields": {}, "line_items": []}
                if run.attribution is not None:
                    run.attribution.add_unread(record)
            progress.advance(task)


def _predict_one(run: Run, record: Record, document: Document) -> None:
    from docgrid.datasets import load
    from docgrid.decoding import DecodingSettings
    from docgrid.evaluation.segments import match_segments
    from docgrid.pipeline import extract_document

    model = run.predictor.model
    if run.protocol.by_place:
        labelled = load(record, model.schema, lambda _: document)
        settings = DecodingSettings.from_dict(model.card.decoding)
        evidence = run.predictor.predict(labelled.document)
        run.matches[record.id] = match_segments(labelled, evidence, model.schema, run.protocol, settings)
        return
    extraction = extract_document(document, run.predictor).model_dump(mode="json")
    run.found[record.id] = extraction
    if run.attribution is not None:
        run.attribution.add(record, document, run.predictor.predict(document), extraction)


def _measure(run: Run, records: Sequence[Record], dataset: Dataset, card: ModelCard, seed: int) -> Evaluation:
    from docgrid.evaluation import evaluate as measure
    from docgrid.evaluation import evaluate_places

    if run.protocol.by_place:
        return evaluate_places(run.matches, records, schema=dataset.schema, protocol=run.protocol, seed=seed)
    layouts = card.training.get("training_layouts")
    return measure(
        run.found,
        records,
        schema=dataset.schema,
        protocol=run.protocol,
        seen_layouts=None if layouts is None else frozenset(layouts),
        unseen_ids=frozenset(card.training.get("unseen_documents", ())),
        seed=seed,
    )


def _facts(evaluation: Evaluation, model: Model, data: Path, split: str, seconds: float) -> dict[str, Any]:
    return {
        "schema": "docgrid.evaluation/1",
        "model": model.card.name,
        "weights_sha256": model.card.weights_sha256,
        "parameters": model.card.parameters,
        "data": str(data),
        "split": split,
        "command": shlex.join(["docgrid", *sys.argv[1:]]),
        "seconds": round(seconds, 2),
        **evaluation.to_dict(),
    }


def _write_page(path: Path, run: Run, records: Sequence[Record], evaluation: Evaluation, facts: dict[str, Any]) -> None:
    from docgrid.files import write_text
    from docgrid.review.lossviews import loss_views
    from docgrid.review.report import report_page

    losses = [] if run.attribution is None else run.attribution.losses
    views = loss_views(losses, {record.id: record.path for record in records}, jobs=run.jobs)
    ceiling = None if run.attribution is None else run.attribution.score()
    write_text(path, report_page(evaluation, facts, losses=views, ceiling=ceiling))


def _write(facts: dict[str, Any], found: dict[str, dict[str, Any]], out: Path | None, predictions: Path | None) -> None:
    from docgrid.files import write_json

    if predictions is not None:
        write_json(predictions, {"schema": "docgrid.extraction/1", "documents": list(found.values())})
    if out is not None:
        write_json(out, facts)


def _print(
    evaluation: Evaluation, attribution: Attribution | None, facts: dict[str, Any], screen: Screen, *, as_json: bool
) -> None:
    if as_json:
        screen.json(facts)
        return
    from docgrid.review.tables import evaluation_tables, loss_table

    for table in evaluation_tables(evaluation):
        screen.out.print(table)
    if attribution is not None:
        screen.out.print(loss_table(attribution.losses, evaluation, attribution.score()))
    many = "" if evaluation.documents == 1 else "s"
    screen.note(f"{evaluation.documents} document{many} ({facts['split']}) in {facts['seconds']:.1f} s")
