"""Held-out documents judged after training: what the confidence on the model's card is fitted on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from docgrid.decoding import DecodingSettings, FieldPrediction, decode_document
from docgrid.evaluation.confidences import Rated
from docgrid.inference import Predictor
from docgrid.labels import LabelledDocument
from docgrid.model import Model
from docgrid.pipeline import at_distance
from docgrid.values import DocumentLocale, same_value


def judge(model: Model, documents: Mapping[str, Sequence[LabelledDocument]], *, device: str = "cpu") -> list[Rated]:
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
            distance = None if model.layouts is None else model.layouts.distance(labelled.document)
            answer = predictor.predict(labelled.document)
            decoded = at_distance(decode_document(labelled.document, answer, model.schema, settings), distance)
            for prediction in (*decoded.fields, *(entry for item in decoded.line_items for entry in item.fields)):
                if prediction.name in labelled_names:
                    judged.append(Rated(prediction, _is_right(prediction, labelled, model, decoded.locale)))
    return judged


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
