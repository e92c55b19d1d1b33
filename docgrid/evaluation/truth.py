"""True labels in the shape of a network's answer: what is decoded from them is the best that any network could reach."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from docgrid.labels import LabelledDocument
from docgrid.samples import page_samples
from docgrid.schema import Schema


@dataclass(frozen=True)
class TrueEvidence:
    """True labels of one page in the shape of a network's answer."""

    word_probabilities: NDArray[np.float32]
    item_boxes: NDArray[np.float32]
    item_scores: NDArray[np.float32]
    item_starts: NDArray[np.float32] | None


def true_evidence(labelled: LabelledDocument, schema: Schema) -> list[TrueEvidence]:
    """What a network that knows the truth would say: probability 1 on every word that holds a character of a value.

    Fields that `schema` does not have are left out.
    """
    labelled = replace(labelled, fields=tuple(entry for entry in labelled.fields if entry.name in schema))
    samples = {sample.page.number: sample for sample in page_samples(labelled, schema, frozenset(schema.names))}
    evidence = []
    for page in labelled.document.pages:
        sample = samples.get(page.number)
        words = np.zeros((0, len(schema.fields)), np.float32) if sample is None else sample.word_fields.astype(np.float32)
        starts = sample.item_starts.astype(np.float32) if sample is not None and sample.items_known else None
        evidence.append(TrueEvidence(words, np.zeros((0, 4), np.float32), np.zeros(0, np.float32), starts))
    return evidence
