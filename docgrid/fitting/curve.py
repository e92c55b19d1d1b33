"""How the score grows with the number of documents: the same training on all of them, on a half, on a quarter, on an eighth.

Every point is measured on the same held-out documents, with the weights after the last epoch, so that nothing is chosen on them.
Smaller sets are parts of the larger ones.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from docgrid.datasets import Record, open_dataset
from docgrid.errors import DatasetError
from docgrid.evaluation import Protocol, evaluate
from docgrid.fitting.run import FitReport, fit
from docgrid.fitting.settings import DoneReport, FitSettings, StartReport
from docgrid.fitting.steps import LAST_NAME
from docgrid.inference import Predictor
from docgrid.model import Model, load_model
from docgrid.page import Document
from docgrid.pipeline import extract_document

PARTS = (1, 2, 4, 8)  # all documents, a half, ...
FEWEST = 8  # documents that are worth a point


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """The figure of one training set."""

    documents: int
    f1: float  # document-level and line-item fields together, typed, on the held-out documents
    low: float  # 95 % over the held-out documents
    high: float
    held_out: int
    seconds: float

    def to_dict(self) -> dict[str, float | int]:
        """Plain data for a report."""
        return {
            "documents": self.documents,
            "f1": round(self.f1, 4),
            "low": round(self.low, 4),
            "high": round(self.high, 4),
            "held_out": self.held_out,
            "seconds": round(self.seconds, 1),
        }


def learning_curve(settings: FitSettings) -> Iterator[FitReport | CurvePoint]:
    """Train on all documents into the model folder, then on parts of them; a point after each, the largest first.

    Raises:
        DatasetError: There is no held-out document to measure on.
    """
    with ExitStack() as stack:
        work = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="docgrid-curve-")))
        settings = replace(settings, cache=settings.cache or work / "read")
        held_out: list[tuple[Record, Document]] = []
        everything = 0
        for part in PARTS:
            count = everything // part if everything else None
            if count is not None and count < FEWEST:
                return
            own = settings if count is None else replace(settings, out=work / "model", training_documents=count, force=True)
            done: DoneReport | None = None
            for report in fit(replace(own, resume=settings.resume and count is None)):
                if isinstance(report, StartReport):
                    everything = everything or report.training_documents
                if isinstance(report, DoneReport):
                    done = report
                yield report
            assert done is not None
            model = load_model(own.out / LAST_NAME, device=settings.training.device)
            held_out = held_out or _held_out(settings, model)
            yield _point(model, held_out, count or everything, done.seconds, settings)
            shutil.rmtree(work / "model", ignore_errors=True)


def _held_out(settings: FitSettings, model: Model) -> list[tuple[Record, Document]]:
    """The documents that training holds out, read once for all points."""
    from docgrid.reading import ReaderPool

    names = set(model.card.training["validation_documents"])
    found: list[tuple[Record, Document]] = []
    for folder in dict.fromkeys(settings.data):
        records = [record for record in open_dataset(folder, schema=model.schema).records if record.id in names]
        records = records[: settings.validation_documents]
        found += [(record, record.given()) for record in records if record.given is not None]
        to_read = [record for record in records if record.given is None]
        with ReaderPool(settings.reading, jobs=settings.jobs) as pool:
            results = pool.read([record.path for record in to_read])
            found += [(one, result.document) for one, result in zip(to_read, results, strict=True) if result.document is not None]
    if not found:
        raise DatasetError("no document is held out to measure on", hint="Raise --validation-share, or add documents.")
    return found


def _point(
    model: Model, held_out: Sequence[tuple[Record, Document]], documents: int, seconds: float, settings: FitSettings
) -> CurvePoint:
    predictor = Predictor(model, device=settings.training.device)
    found = {record.id: extract_document(document, predictor) for record, document in held_out}
    records = [record for record, _ in held_out]
    score = evaluate(found, records, schema=model.schema, protocol=Protocol.S1, seed=settings.training.seed).headline.overall
    figure = score.f1 or 0.0
    low, high = (score.interval.low, score.interval.high) if score.interval else (figure, figure)
    return CurvePoint(documents, figure, low, high, len(records), seconds)
