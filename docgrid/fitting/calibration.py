"""Confidence that means something: fitted on held-out documents after training, kept on the model's card."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from docgrid.decoding import DecodingSettings, FieldPrediction, decode_document
from docgrid.decoding.confidence import EVERY_FIELD, features_of, fit_confidence
from docgrid.inference import Predictor
from docgrid.labels import LabelledDocument
from docgrid.model import Model
from docgrid.values import DocumentLocale, same_value

LEAST_EXAMPLES = 60  # a field with fewer predictions shares the calibration of all fields
LEAST_WRONG = 5  # and so does one that was hardly ever wrong: its slope would be guesswork


def calibrate_model(
    model: Model, documents: Mapping[str, Sequence[LabelledDocument]], *, device: str = "cpu"
) -> dict[str, list[float]]:
    """Weights that turn scores into the probability of being right, by field name, "*" for the rest.

    Args:
        model: With the weights that will be used.
        documents: Held-out documents by dataset; only fields that a dataset labels are looked at.
        device: Where to compute.

    Returns:
        An entry for the model's card; empty where there is nothing to fit on.
    """
    predictor = Predictor(model, device=device)
    settings = DecodingSettings.from_dict(model.card.decoding)
    judged: dict[str, list[tuple[list[float], bool]]] = defaultdict(list)
    for held_out in documents.values():
        labelled_names = {entry.name for document in held_out for entry in document.fields}
        for labelled in held_out:
            decoded = decode_document(labelled.document, predictor.predict(labelled.document), model.schema, settings)
            for prediction in (*decoded.fields, *(entry for item in decoded.line_items for entry in item.fields)):
                if prediction.name in labelled_names:
                    right = _is_right(prediction, labelled, model, decoded.locale)
                    judged[prediction.name].append((features_of(prediction), right))
    every = [row for rows in judged.values() for row in rows]
    if not every:
        return {}
    weights = {EVERY_FIELD: _fit(every)}
    for name, rows in judged.items():
        if len(rows) >= LEAST_EXAMPLES and sum(not right for _, right in rows) >= LEAST_WRONG:
            weights[name] = _fit(rows)
    return weights


def _fit(rows: Sequence[tuple[list[float], bool]]) -> list[float]:
    return fit_confidence([features for features, _ in rows], [right for _, right in rows])


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
