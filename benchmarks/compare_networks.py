"""The four networks, and the word head without any grid, on the same documents: `python benchmarks/compare_networks.py WORK`.

Every network is trained alike (data, fold, epochs, rate, seed, one thread) and measured on the same held-out documents after
its last epoch; nothing is chosen on them. Widths are set so that all have about the same number of weights, word head included.

R1  SROIE receipts, text given: micro F1, folded
S1  synthetic invoices of layout families that training did not see: F1 of all fields, line items included
W1  WildReceipt, boxes given, one class a segment: macro F1 over the 12 value classes

mIoU is that of the grid's segmentation over the cells of the held-out pages. Milliseconds (drawing the grid, network, word
head) and minutes are processor time of one thread, so other work on the machine hardly matters. Finished runs are kept in
WORK/results.json and not repeated; the table is printed anew after each.
"""

from __future__ import annotations

import argparse
import json
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch

from docgrid.chargrid import Frame
from docgrid.datasets import load, open_dataset
from docgrid.decoding import DecodingSettings
from docgrid.evaluation import Comparison, Protocol, evaluate, evaluate_places
from docgrid.evaluation.segments import match_segments
from docgrid.files import write_json
from docgrid.fitting import FitSettings, StartReport, fit
from docgrid.inference import Predictor
from docgrid.labels import LabelledDocument
from docgrid.metrics import confusion_matrix, mean_iou
from docgrid.model import Model, load_model
from docgrid.networks import Architecture
from docgrid.pipeline import extract_document
from docgrid.reading import read_document
from docgrid.samples import GridSettings, PageSample, collate, draw, page_samples
from docgrid.synth import generate
from docgrid.training import EpochReport, TrainingSettings

VALIDATED = 8  # documents extracted after each epoch, only to see that training goes on
SYNTHETIC_DOCUMENTS, SYNTHETIC_SEED = 260, 4711


@dataclass(frozen=True)
class Candidate:
    """A network in the width class of the comparison."""

    name: str
    network: Architecture | None
    width: int = 16
    options: dict[str, int | float | bool | str] = field(default_factory=dict)


CANDIDATES = (
    Candidate("chargrid", Architecture.CHARGRID, 16),
    Candidate("deeplab", Architecture.DEEPLAB, 16),
    Candidate("fcn", Architecture.FCN, 128, {"middle_kernel": 3}),  # as coded: 3x3, 512
    Candidate("resunet", Architecture.RESUNET, 12),
    Candidate("words only", None),
)
EPOCHS = {"R1": 4, "S1": 5, "W1": 8}


def settings_of(candidate: Candidate, protocol: str, data: Path, out: Path) -> FitSettings:
    """One training run; everything that the candidate does not name is the same for all."""
    return FitSettings(
        data=(data,),
        out=out,
        network=candidate.network,
        width=candidate.width,
        network_options=candidate.options,
        validation_documents=VALIDATED,
        force=True,
        jobs=1,
        training=TrainingSettings(epochs=EPOCHS[protocol]),
    )


def train(settings: FitSettings) -> tuple[Model, float]:
    """The model after the last epoch, and the minutes of processor time from the first step on."""
    started, stopped = 0.0, 0.0
    for report in fit(settings):
        if isinstance(report, StartReport):
            started = time.process_time()
        elif isinstance(report, EpochReport):
            stopped = time.process_time()
            print(f"  epoch {report.epoch}: loss {report.losses['total']:.3f}, {(stopped - started) / 60:.1f} min", flush=True)
    return load_model(settings.out / "last"), (stopped - started) / 60


def held_out(model: Model, data: Path) -> list[LabelledDocument]:
    """The documents that training held out, read (or given) and with their values located."""
    names = set(model.card.training["validation_documents"])
    dataset = open_dataset(data, schema=model.schema)
    return [load(record, dataset.schema, read_document) for record in dataset.records if record.id in names]


def measure(model: Model, documents: Sequence[LabelledDocument], protocol: str) -> dict[str, float | int | None]:
    """The figures of one model on the held-out documents."""
    predictor = Predictor(model)
    predictor.predict(documents[0].document)  # warms up
    started = time.process_time()
    for labelled in documents:
        predictor.predict(labelled.document)
    pages = sum(len(labelled.document.pages) for labelled in documents)
    milliseconds = 1000 * (time.process_time() - started) / pages
    known = frozenset(entry.name for labelled in documents for entry in labelled.fields)
    samples = [sample for labelled in documents for sample in page_samples(labelled, model.schema, known)]
    return {
        **(_value_classes(predictor, documents) if protocol == "W1" else _fields(predictor, documents, Protocol(protocol))),
        "mean_iou": _grid_iou(model, samples),
        "ms_a_page": round(milliseconds, 1),
        "parameters": model.card.parameters,
        "documents": len(documents),
    }


def _fields(predictor: Predictor, documents: Sequence[LabelledDocument], protocol: Protocol) -> dict[str, float | int | None]:
    found = {labelled.id: extract_document(labelled.document, predictor) for labelled in documents}
    result = evaluate(found, documents, schema=predictor.model.schema, protocol=protocol)
    figures = result.headline
    score = figures.micro if protocol is Protocol.R1 else figures.overall
    exact = result.results.get(Comparison.EXACT)
    return {
        "f1": score.f1,
        "low": score.interval.low if score.interval else None,
        "high": score.interval.high if score.interval else None,
        "exact_f1": exact.micro.f1 if exact else None,
        "header_f1": figures.micro.f1,
        "line_item_f1": figures.line_items.f1 if figures.line_items else None,
        "paper_measure": figures.overall.paper,
    }


def _value_classes(predictor: Predictor, documents: Sequence[LabelledDocument]) -> dict[str, float | int | None]:
    """Macro F1 over the value classes; the interval of the evaluation is that of micro F1, and so left out."""
    schema, settings = predictor.model.schema, DecodingSettings.from_dict(predictor.model.card.decoding)
    matches = {
        labelled.id: match_segments(labelled, predictor.predict(labelled.document), schema, Protocol.W1, settings)
        for labelled in documents
    }
    figures = evaluate_places(matches, documents, schema=schema, protocol=Protocol.W1).headline
    return {"f1": figures.macro_f1, "low": None, "high": None, "micro_f1": figures.micro.f1}


@torch.no_grad()
def _grid_iou(model: Model, samples: Sequence[PageSample]) -> float | None:
    """Mean IoU of the segmentation over the classes that occur, background among them."""
    if model.network.grid is None:
        return None
    card = model.card
    settings = GridSettings(model.alphabet, card.grid_size, Frame(card.frame), np.zeros((0, 2), np.float32))
    counts = torch.zeros(card.schema_.class_count, card.schema_.class_count, dtype=torch.int64)
    for sample in samples:
        batch, targets = collate([draw(sample, settings)], settings)
        found = model.network.grid(batch.grid).segmentation.argmax(1)
        counts += confusion_matrix(found, targets.segmentation, len(counts))
    return mean_iou(counts)


def table(results: dict[str, dict[str, float | int | None]]) -> str:
    """All finished runs as Markdown."""
    lines = ["| protocol | network | F1 | mIoU | parameters | ms a page | training, min |", "|---|---|---|---|---|---|---|"]
    for key, row in results.items():
        protocol, name = key.split("/")
        interval = "" if row["low"] is None or row["high"] is None else f" ({row['low']:.3f}-{row['high']:.3f})"
        iou = "-" if row["mean_iou"] is None else f"{row['mean_iou']:.3f}"
        lines.append(
            f"| {protocol} | `{name}` | {row['f1']:.3f}{interval} | {iou} | {row['parameters']:,} "
            f"| {row['ms_a_page']:.0f} | {row['minutes']:.1f} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Train, measure, print what is there so far."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=Path, metavar="WORK", help="folder for models and results")
    parser.add_argument("--sroie", type=Path, help="SROIE folder, for R1")
    parser.add_argument("--wildreceipt", type=Path, help="WildReceipt folder, for W1")
    parser.add_argument("--only", nargs="+", default=[one.name for one in CANDIDATES], help="networks")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    invoices = arguments.work / "invoices"
    if not (invoices / "docgrid.toml").is_file():
        generate(invoices, documents=SYNTHETIC_DOCUMENTS, seed=SYNTHETIC_SEED)
    folders = {"R1": arguments.sroie, "S1": invoices, "W1": arguments.wildreceipt}
    kept = arguments.work / "results.json"
    results: dict[str, dict[str, float | int | None]] = json.loads(kept.read_text()) if kept.is_file() else {}
    for protocol, folder in folders.items():
        for candidate in CANDIDATES:
            key = f"{protocol}/{candidate.name}"
            if folder is None or key in results or candidate.name not in arguments.only:
                continue
            print(key, flush=True)
            out = arguments.work / key.replace(" ", "_")
            model, minutes = train(settings_of(candidate, protocol, folder, out))
            results[key] = measure(model, held_out(model, folder), protocol) | {"minutes": round(minutes, 2)}
            write_json(kept, results)
            shutil.rmtree(out)
            print(table(results), flush=True)


if __name__ == "__main__":
    main()
