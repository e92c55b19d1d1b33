"""Field F1 on held-out documents while training, through the same decoding that users get."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence

from torch import Tensor

from docgrid.chargrid import Alphabet
from docgrid.evaluation import Protocol, evaluate
from docgrid.inference import Predictor
from docgrid.labels import LabelledDocument
from docgrid.model import Model, ModelCard
from docgrid.networks.words import DocumentNetwork
from docgrid.pipeline import extract_document

_RESAMPLES = 2  # intervals are not needed after every epoch


def validate_weights(
    network: DocumentNetwork,
    weights: Mapping[str, Tensor],
    card: ModelCard,
    documents: Mapping[str, Sequence[LabelledDocument]],
    device: str,
) -> dict[str, float]:
    """Figures of some weights on held-out documents.

    Args:
        network: The network in training; left as it is.
        weights: What to measure: the running mean of its weights.
        card: Alphabet, schema, grid.
        documents: Held-out documents by dataset.
        device: Where to compute.

    Returns:
        "score", which decides the best epoch: the mean over the datasets of the F1 of document-level and line-item fields
        together; for one dataset "field_f1" and "line_item_f1", for several the same with the dataset's name. Without documents
        the score is 0.
    """
    averaged = copy.deepcopy(network)
    averaged.load_state_dict(dict(weights))
    schema = card.schema_
    predictor = Predictor(Model(card, averaged.eval(), schema, Alphabet(card.alphabet)), device=device)
    scores, found = [], {}
    for name, held_out in documents.items():
        predictions = {labelled.id: extract_document(labelled.document, predictor) for labelled in held_out}
        figures = evaluate(predictions, held_out, schema=schema, protocol=Protocol.S1, resamples=_RESAMPLES).headline
        scores.append(figures.overall.f1 or 0.0)
        prefix = f"{name}_" if len(documents) > 1 else ""
        found[f"{prefix}field_f1"] = figures.micro.f1 or 0.0
        if figures.line_items is not None:
            found[f"{prefix}line_item_f1"] = figures.line_items.f1 or 0.0
    return {"score": sum(scores) / len(scores) if scores else 0.0, **found}
