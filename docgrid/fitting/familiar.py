"""What the documents of a training run look like, kept beside the model so that it can tell documents unlike all of them."""

from __future__ import annotations

from docgrid.fitting.data import FitData
from docgrid.layouts import KnownLayouts, Signature, learn_layouts, page_signature, signature_of

PAGES_MOST = 8000  # training pages that are looked at, spread evenly


def layouts_of(data: FitData) -> KnownLayouts:
    """The signatures of the training documents; held-out documents of layouts among them give the threshold."""
    training: dict[str, list[Signature]] = {}
    for sample in data.pages.spread(PAGES_MOST):
        if sample.page.number == 1:
            training.setdefault(sample.document, []).append(page_signature(sample.page))
    familiar = [
        signature_of(labelled.document)
        for documents in data.validation.values()
        for name, labelled in documents.items()
        if name not in data.unseen_ids
    ]
    return learn_layouts(training, familiar)
