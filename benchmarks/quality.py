"""Every protocol in one table: `python benchmarks/quality.py DATA --work WORK [--only R1 F1 ...]`.

DATA holds the folders `sroie`, `adbuy`, `einvoice`, `wildreceipt` and `funsd`; a protocol whose folder is not there is left out.
R1, R2, A1, E1, E2 and S1 measure models that exist; F1 and W1 train one model a fold with the function behind `docgrid train`.

R1  receipts, text given                R2  the same from the picture
A1  ad-buy invoices                     E1  e-invoices           E2  the same as scans
S1  synthetic invoices of layout families that training did not see (made here, or --synth FOLDER)
F1  forms, words given, entities with exactly the true words, micro F1, five folds
W1  receipts, boxes given, macro F1 of the 12 value classes, five folds, once for each of --networks
N1  blank pages, letters, poems, photographs: fields that are reported or accepted although there are none

Rows are kept in WORK/quality.json and not measured again; the table (WORK/quality.md) is written anew after each. Figures of
layouts that training did not see come first. Intervals are 95 %, from resampled documents.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from docgrid.datasets import load, open_dataset
from docgrid.decoding import DecodingSettings
from docgrid.evaluation import DocumentMatch, Evaluation, Protocol, evaluate_places
from docgrid.evaluation.segments import match_segments
from docgrid.files import write_json, write_text
from docgrid.fitting import DoneReport, FitSettings, StartReport, fit
from docgrid.inference import Predictor, choose_device
from docgrid.model import load_model
from docgrid.networks import Architecture
from docgrid.pipeline import extract
from docgrid.reading import read_document
from docgrid.synth import generate
from docgrid.synth.foreign import write_foreign
from docgrid.training import TrainingSettings

FOLDS = 5
SHIPPED = {"R1": "receipt", "R2": "receipt", "A1": "adbuy", "E1": "invoice", "E2": "invoice", "S1": "invoice"}
FOLDERS = {"R1": "sroie", "R2": "sroie", "A1": "adbuy", "E1": "einvoice", "E2": "einvoice", "F1": "funsd", "W1": "wildreceipt"}
EXTRA = {"R2": ["--reread"], "E2": ["--as-scans"]}
SYNTHETIC_DOCUMENTS, SYNTHETIC_SEED = 120, 90210
FOREIGN_DOCUMENTS = 80
Row = dict[str, Any]


@dataclass(frozen=True)
class Work:
    """What the measurements share."""

    data: Path
    folder: Path
    epochs: int
    batch_size: int
    width: int
    folds: int
    networks: tuple[str, ...]
    models: dict[str, str]
    synth: Path | None
    device: str
    limit: int | None


def shipped(work: Work, protocol: str) -> list[Row]:
    """One protocol through `docgrid evaluate`, in a process of its own."""
    folder = synthetic(work) if protocol == "S1" else work.data / FOLDERS[protocol]
    out = work.folder / f"{protocol}.json"
    model = work.models.get(protocol, SHIPPED[protocol])
    command = ["evaluate", str(folder), "--model", model, "--protocol", protocol, *EXTRA.get(protocol, [])]
    shown = " ".join(["docgrid", *command])
    command += ["--explain", "--html", str(out.with_suffix(".html")), "--out", str(out), "--force", "-q", "--device", work.device]
    command += [] if work.limit is None else ["--limit", str(work.limit)]
    program = [sys.executable, "-c", "from docgrid.cli import main; main()"]
    subprocess.run([*program, *command], check=True, stdout=subprocess.DEVNULL)
    facts = json.loads(out.read_text(encoding="utf-8"))
    card = load_model(model).card
    about = {
        "parameters": card.parameters,
        "training_s": card.training.get("seconds"),
        "seconds_a_document": round(facts["seconds"] / max(facts["documents"], 1), 3),
        "command": shown,
    }
    rows = []
    for group in ("unseen_layouts", "seen_layouts", "all"):
        for how, figures in facts[group].items():
            for what, name in (("micro", "fields"), ("line_items", "line items")):
                if figures[what] is not None and figures[what]["f1"] is not None:
                    figure, layouts = f"{name} F1, {how}", group.replace("_", " ")
                    rows.append(_row(protocol, figure, layouts, figures[what], figures["documents"]) | about)
    return rows + _confidence_rows(protocol, facts)


def _row(protocol: str, figure: str, layouts: str, score: Row, documents: int) -> Row:
    return _figure(protocol, figure, score["f1"], documents, layouts=layouts, interval=score.get("f1_interval"))


def _confidence_rows(protocol: str, facts: Row) -> list[Row]:
    """C1 and O1 of a run: cross-fitted calibration, warnings, and the ceiling of reading and decoding."""
    rows: list[Row] = []
    documents, fitted = facts["documents"], facts["cross_fitted_calibration"]
    if fitted is not None:
        for name, key in (
            ("expected calibration error, cross-fitted", "expected_calibration_error"),
            ("share accepted at a target of 99 %", "accepted_share"),
            ("share of those that is right", "accepted_precision"),
        ):
            rows.append(_figure(f"{protocol} C1", name, fitted[key], documents, interval=fitted[f"{key}_interval"]))
    for name in ("unseen_layouts", "seen_layouts"):
        warned = facts["unfamiliar_warnings"][name]
        if warned and facts["unfamiliar_warnings"]["documents"]:
            share, layouts = round(warned[0] / max(warned[1], 1), 4), name.replace("_", " ")
            rows.append(_figure(f"{protocol} C1", "unfamiliar-document warnings", share, warned[1], layouts=layouts))
    for how, figures in facts["ceiling"].items():
        name = f"best F1 that reading and decoding allow, {how}"
        rows.append(_row(f"{protocol} O1", name, "all", figures["overall"], documents))
    causes = Counter(loss["cause"] for loss in facts["losses"])
    said = ", ".join(f"{cause} {count}" for cause, count in causes.most_common())
    rows.append(_figure(f"{protocol} O1", f"wrong fields ({said})", sum(causes.values()), documents))
    return rows


def _figure(
    protocol: str,
    figure: str,
    value: float | None,
    documents: int,
    *,
    layouts: str = "all",
    interval: Sequence[float] | None = None,
) -> Row:
    """A row; whole numbers are counts and printed as such."""
    low, high = interval or (None, None)
    names = ("protocol", "documents", "layouts", "figure", "value", "low", "high")
    return dict(zip(names, (protocol, documents, layouts, figure, value, low, high), strict=True))


def synthetic(work: Work) -> Path:
    """Synthetic invoices: those of --synth, else made here."""
    if work.synth is not None:
        return work.synth
    folder = work.folder / "synth-invoices"
    if not folder.is_dir():
        generate(folder, documents=SYNTHETIC_DOCUMENTS, seed=SYNTHETIC_SEED)
    return folder


def folds(work: Work, protocol: str) -> list[Row]:
    """F1 or W1: one model a fold, each measured on the documents that it held out; then all of them together."""
    names = work.networks if protocol == "W1" else ("chargrid",)
    rows = []
    for name in names:
        matches: dict[str, DocumentMatch] = {}
        seconds, parameters, predict_s, pages = 0.0, 0, 0.0, 0
        for fold in range(work.folds):
            result = _fold(work, protocol, name, fold)
            matches |= result.matches
            seconds, parameters = seconds + result.training_s, result.parameters
            predict_s, pages = predict_s + result.predict_s, pages + result.pages
        dataset = open_dataset(work.data / FOLDERS[protocol])
        records = [record for record in dataset.records if record.id in matches]
        found = evaluate_places(matches, records, schema=dataset.schema, protocol=Protocol(protocol))
        rows += _fold_rows(protocol, name, found)
        for row in rows[-2:]:
            row |= {
                "parameters": parameters,
                "training_s": round(seconds / work.folds),
                "folds": work.folds,
                "epochs": work.epochs,
            }
            row |= {"seconds_a_document": round(predict_s / max(pages, 1), 3)}
    return rows


def _fold_rows(protocol: str, network: str, found: Evaluation) -> list[Row]:
    """The headline figure first: macro F1 for W1, micro F1 for F1."""
    figures = found.headline
    micro = _row(protocol, f"micro F1, {network}", "held out", figures.micro.to_dict(), figures.documents)
    interval = figures.macro_interval.to_dict() if figures.macro_interval else None
    value = None if figures.macro_f1 is None else round(figures.macro_f1, 4)
    macro = _figure(protocol, f"macro F1, {network}", value, figures.documents, layouts="held out", interval=interval)
    return [macro, micro] if protocol == "W1" else [micro, macro]


@dataclass(frozen=True)
class Fold:
    """One trained and measured fold."""

    matches: dict[str, DocumentMatch]
    training_s: float
    predict_s: float
    pages: int
    parameters: int


def _fold(work: Work, protocol: str, network: str, fold: int) -> Fold:
    out = work.folder / f"{protocol}-{network.replace(' ', '-')}-{fold}"
    settings = FitSettings(
        data=(work.data / FOLDERS[protocol],),
        out=out,
        network=None if network == "none" else Architecture(network),
        width=work.width,
        validation_share=1 / FOLDS,
        fold=fold,
        validation_documents=4,
        limit=work.limit,
        training=TrainingSettings(epochs=work.epochs, batch_size=work.batch_size, device=work.device),
        command=f"python benchmarks/quality.py --only {protocol} --epochs {work.epochs}",
    )
    if not (out / "done.json").is_file():
        started = time.monotonic()
        for report in fit(replace(settings, force=True, resume=(out / "checkpoint.safetensors").is_file())):
            if isinstance(report, StartReport):
                started = time.monotonic()
            elif isinstance(report, DoneReport):
                write_json(out / "done.json", {"training_s": time.monotonic() - started})
    training_s = float(json.loads((out / "done.json").read_text(encoding="utf-8"))["training_s"])
    model = load_model(out / "last", device=work.device)  # not the best epoch: it was chosen on these documents
    predictor = Predictor(model, device=work.device)
    decoding = DecodingSettings.from_dict(model.card.decoding)
    held_out = set(model.card.training["validation_documents"])
    dataset = open_dataset(work.data / FOLDERS[protocol], schema=model.schema)
    matches, predict_s, pages = {}, 0.0, 0
    for record in dataset.records:
        if record.id in held_out:
            labelled = load(record, model.schema, read_document)
            started = time.monotonic()
            evidence = predictor.predict(labelled.document)
            predict_s, pages = predict_s + time.monotonic() - started, pages + len(labelled.document.pages)
            matches[record.id] = match_segments(labelled, evidence, model.schema, Protocol(protocol), decoding)
    return Fold(matches, training_s, predict_s, pages, model.card.parameters)


def foreign(work: Work, protocol: str) -> list[Row]:
    """N1: what each shipped model finds on documents without fields."""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as name:
        kinds = write_foreign(Path(name), FOREIGN_DOCUMENTS)
        for model in dict.fromkeys(work.models.get(key, shipped) for key, shipped in SHIPPED.items()):
            predictor = Predictor(load_model(model, device=work.device), device=work.device)
            found: Counter[str] = Counter()
            for path, extraction in zip(kinds, extract(kinds, predictor, jobs=1), strict=True):
                entries = [entry for several in extraction.fields.values() for entry in several]
                found["reported"] += len(entries) + len(extraction.line_items)
                found["accepted"] += sum(entry.decision.value == "accept" for entry in entries)
                found[f"documents with a field: {kinds[path].value}"] += bool(entries)
            for figure in sorted({*found, "reported", "accepted"}):
                rows.append(_figure(protocol, f"{figure}, {Path(model).name}", found[figure], len(kinds), layouts="none"))
    return rows


PROTOCOLS: dict[str, Callable[[Work, str], list[Row]]] = {
    **dict.fromkeys(("R1", "R2", "A1", "E1", "E2", "S1"), shipped),
    **dict.fromkeys(("F1", "W1"), folds),
    "N1": foreign,
}


def table(rows: Sequence[Row]) -> str:
    """All rows as a Markdown table."""
    lines = ["| protocol | layouts | documents | figure | value | 95 % | parameters | training s | s a document |"]
    lines.append("|---|---|---|---|---|---|---|---|---|")
    for row in rows:
        interval = "" if row["low"] is None else f"{row['low']:.3f}-{row['high']:.3f}"
        value = "" if row["value"] is None else str(row["value"]) if isinstance(row["value"], int) else f"{row['value']:.3f}"
        sizes = [str(row.get(name) or "") for name in ("parameters", "training_s", "seconds_a_document")]
        cells = [row["protocol"], row["layouts"], str(row["documents"]), row["figure"], value, interval, *sizes]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="the folder with the data sets")
    parser.add_argument("--work", type=Path, required=True, help="where models, pages and rows are kept")
    parser.add_argument("--only", nargs="+", choices=list(PROTOCOLS), default=list(PROTOCOLS))
    parser.add_argument("--again", action="store_true", help="measure again what WORK/quality.json has already")
    parser.add_argument("--model", action="append", default=[], metavar="R1=FOLDER", help="another model for a protocol")
    parser.add_argument("--epochs", type=int, default=20, help="of F1 and W1")
    parser.add_argument("--batch-size", type=int, default=6)
    parser.add_argument("--width", type=int, default=16)
    parser.add_argument("--folds", type=int, default=FOLDS, help="how many of the five folds are trained and measured")
    parser.add_argument("--networks", nargs="+", default=[entry.value for entry in Architecture], help="of W1; none: words alone")
    parser.add_argument("--synth", type=Path, help="synthetic invoices for S1")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--limit", type=int, help="at most so many documents of each data set, to try things out")
    given = parser.parse_args()
    models = dict(entry.split("=", 1) for entry in given.model)
    work = Work(
        *(given.data, given.work, given.epochs, given.batch_size, given.width, given.folds, tuple(given.networks)),
        *(models, given.synth, choose_device(given.device), given.limit),
    )
    kept = given.work / "quality.json"
    results: dict[str, list[Row]] = json.loads(kept.read_text(encoding="utf-8")) if kept.is_file() else {}
    for protocol in given.only:
        there = protocol not in FOLDERS or (given.data / FOLDERS[protocol]).is_dir()
        if not there or (protocol in results and not given.again):
            continue
        print(f"{protocol} ...", file=sys.stderr, flush=True)
        results[protocol] = PROTOCOLS[protocol](work, protocol)
        write_json(kept, results)
        write_text(given.work / "quality.md", table([row for name in PROTOCOLS for row in results.get(name, [])]))
    print(table([row for name in given.only for row in results.get(name, [])]), end="")


if __name__ == "__main__":
    main()
