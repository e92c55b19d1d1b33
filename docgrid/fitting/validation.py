"""Field F1 on held-out documents while training, through the same decoding that users get."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from torch import Tensor

from docgrid.chargrid import Alphabet
from docgrid.decoding import Decoded, DecodingSettings, FieldPrediction, decode_document
from docgrid.evaluation import Protocol, evaluate
from docgrid.inference import Predictor
from docgrid.labels import LabelledDocument
from docgrid.model import Model, ModelCard
from docgrid.networks.words import DocumentNetwork
from docgrid.page import Document

_RESAMPLES = 2  # intervals are not needed after every epoch


def validate_weights(
    network: DocumentNetwork, weights: Mapping[str, Tensor], card: ModelCard, documents: Sequence[LabelledDocument], device: str
) -> dict[str, float]:
    """Figures of some weights on held-out documents.

    Args:
        network: The network in training; left as it is.
        weights: What to measure: the running mean of its weights.
        card: Alphabet, schema, grid.
        documents: Held-out documents.
        device: Where to compute.

    Returns:
        "score", which decides the best epoch: F1 of document-level and line-item fields together; "field_f1", and "line_item_f1"
        where there are line items. Without documents the score is 0.
    """
    if not documents:
        return {"score": 0.0}
    averaged = copy.deepcopy(network)
    averaged.load_state_dict(dict(weights))
    schema = card.schema_
    predictor = Predictor(Model(card, averaged.eval(), schema, Alphabet(card.alphabet)), device=device)
    settings = DecodingSettings.from_dict(card.decoding)
    predictions = {}
    for labelled in documents:
        decoded = decode_document(labelled.document, predictor.predict(labelled.document), schema, settings)
        predictions[labelled.id] = _plain(labelled.document, decoded)
    figures = evaluate(predictions, documents, schema=schema, protocol=Protocol.S1, resamples=_RESAMPLES).headline
    found = {"score": figures.overall.f1 or 0.0, "field_f1": figures.micro.f1 or 0.0}
    if figures.line_items is not None:
        found["line_item_f1"] = figures.line_items.f1 or 0.0
    return found


def _plain(document: Document, decoded: Decoded) -> dict[str, Any]:
    """What was decoded as plain data, as `evaluate` reads it."""
    return {
        "fields": _fields(document, decoded.fields),
        "line_items": [{"fields": _fields(document, item.fields)} for item in decoded.line_items],
    }


def _fields(document: Document, predictions: Iterable[FieldPrediction]) -> dict[str, list[dict[str, Any]]]:
    import numpy as np

    pages = {page.number: page for page in document.pages}
    fields: dict[str, list[dict[str, Any]]] = {}
    for entry in predictions:
        text = pages[entry.page].characters.text_of(np.array(entry.characters, np.int64))
        value = entry.value.value if entry.value is not None else None
        fields.setdefault(entry.name, []).append({"text": text, "value": value, "confidence": entry.score})
    return fields
