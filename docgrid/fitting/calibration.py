"""Confidence that means something: fitted on held-out documents after training, kept on the model's card."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from docgrid.decoding import DecodingSettings, FieldPrediction, decode_document
from docgrid.decoding.confidence import EVERY_FIELD, confidence_of, features_of, fit_confidence
from docgrid.inference import Predictor
from docgrid.labels import LabelledDocument
from docgrid.model import Model
from docgrid.values import DocumentLocale, same_value

LEAST_EXAMPLES = 60  # a field with fewer predictions shares the calibration of all fields
LEAST_WRONG = 5  # and so does one that was hardly ever wrong: its slope would be guesswork


@dataclass(frozen=True)
class Judged:
    """A prediction on a held-out document and whether it was right."""

    prediction: FieldPrediction
    right: bool


def judge(model: Model, documents: Mapping[str, Sequence[LabelledDocument]], *, device: str = "cpu") -> list[Judged]:
    """Every predicted field of the documents, with whether it is right; only fields that a dataset labels are looked at.

    Args:
        model: With the weights that will be used.
        documents: Held-out documents by dataset.
        device: Where to compute.
    """
    predictor = Predictor(model, device=device)
    settings = DecodingSettings.from_dict(model.card.decoding)
    judged = []
    for held_out in documents.values():
        labelled_names = {entry.name for document in held_out for entry in document.fields}
        for labelled in held_out:
            decoded = decode_document(labelled.document, predictor.predict(labelled.document), model.schema, settings)
            for prediction in (*decoded.fields, *(entry for item in decoded.line_items for entry in item.fields)):
                if prediction.name in labelled_names:
                    judged.append(Judged(prediction, _is_right(prediction, labelled, model, decoded.locale)))
    return judged


def fit_calibration(judged: Sequence[Judged]) -> dict[str, list[float]]:
    """Weights that turn scores into the probability of being right, by field name, "*" for the rest; empty for nothing."""
    if not judged:
        return {}
    by_name: dict[str, list[Judged]] = defaultdict(list)
    for entry in judged:
        by_name[entry.prediction.name].append(entry)
    weights = {EVERY_FIELD: _fit(judged)}
    for name, rows in by_name.items():
        if len(rows) >= LEAST_EXAMPLES and sum(not row.right for row in rows) >= LEAST_WRONG:
            weights[name] = _fit(rows)
    return weights


def accept_threshold(judged: Sequence[Judged], calibration: Mapping[str, Sequence[float]], target_precision: float) -> float:
    """The lowest confidence from which on the share of right fields reaches a precision; 1 where none does."""
    confidences = np.array([confidence_of(entry.prediction, calibration) for entry in judged])
    order = np.argsort(-confidences, kind="stable")
    right = np.array([entry.right for entry in judged], bool)[order]
    precise = np.flatnonzero(np.cumsum(right) / np.arange(1, len(right) + 1) >= target_precision)
    return float(confidences[order][precise[-1]]) if len(precise) else 1.0


def _fit(rows: Sequence[Judged]) -> list[float]:
    return fit_confidence([features_of(row.prediction) for row in rows], [row.right for row in rows])


def _is_right(prediction: FieldPrediction, labelled: LabelledDocument, model: Model, locale: DocumentLocale) -> bool:
    """Whether the document has this value, as any of the values of the field."""
    page = next(page for page in labelled.document.pages if page.number == prediction.page)
    text = page.characters.text_of(np.array(prediction.characters, np.int64))
    kind = model.schema.field(prediction.name).type
    return any(
        same_value(text, entry.value, kind, locale)
        for entry in labelled.fields
        if entry.name == prediction.name and (entry.item is None) == (prediction.item is None)
    )
