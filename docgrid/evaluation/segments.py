"""Protocols F1 and W1: labels compared by their places, where the words (F1) or the boxes of all segments (W1) are given.

F1 counts an entity as right when it has the label and exactly the words of a true one: the decoder must find where each begins
and ends. W1 gives every segment the box it has in the data set and asks only for its class.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from docgrid.decoding import DecodingSettings, WordEvidence
from docgrid.decoding.blocks import blocks_of
from docgrid.decoding.lines import PageLines
from docgrid.evaluation.matching import Counts, DocumentMatch, Judged
from docgrid.evaluation.protocols import Protocol
from docgrid.labels import LabelledDocument
from docgrid.page import Page
from docgrid.schema import Schema
from docgrid.values import DocumentLocale

SURE = 0.5  # a segment or word below this probability for every class has none

Entity = tuple[int, tuple[int, ...]]  # page number and words


def match_segments(
    labelled: LabelledDocument, evidence: Sequence[WordEvidence], schema: Schema, protocol: Protocol, settings: DecodingSettings
) -> DocumentMatch:
    """Compare the labels of one document by their places.

    Args:
        labelled: With the places of all its fields.
        evidence: What the network says about its pages.
        schema: The classes, in the order of the evidence's columns.
        protocol: F1 or W1.
        settings: Of the decoder, which joins words to entities in F1.
    """
    true = true_entities(labelled, schema)
    find = _classified if protocol is Protocol.W1 else _joined
    found: dict[str, dict[Entity, float]] = defaultdict(dict)
    for page, answer in zip(labelled.document.pages, evidence, strict=True):
        boxes = [words for entities in true.values() for number, words in entities if number == page.number]
        for name, words, score in find(page, answer.word_probabilities, boxes, schema, settings):
            found[name][page.number, words] = score
    judged = [
        Judged(name, score, entity in true[name], False) for name, entities in found.items() for entity, score in entities.items()
    ]
    counts = {
        name: Counts(len(found[name].keys() & true[name].keys()), len(found[name]), len(true[name])) for name in schema.names
    }
    return DocumentMatch(counts, {}, Counts(), tuple(judged), ())


def true_entities(labelled: LabelledDocument, schema: Schema) -> dict[str, Counter[Entity]]:
    """The words of every true field, by name."""
    ranks = {page.number: page.characters.word_rank for page in labelled.document.pages}
    entities: dict[str, Counter[Entity]] = {name: Counter() for name in schema.names}
    for entry in labelled.fields:
        for place in entry.occurrences[:1]:  # where words are given, a field stands in one place
            words = np.unique(ranks[place.page][list(place.characters)])
            entities[schema.field(entry.name).name][place.page, tuple(words.tolist())] += 1
    return entities


Found = list[tuple[str, tuple[int, ...], float]]


def _classified(
    page: Page, probabilities: NDArray[np.float32], boxes: Sequence[tuple[int, ...]], schema: Schema, settings: DecodingSettings
) -> Found:
    """The likeliest class of every given segment; what no label tells of is a segment for each of its words."""
    inside = {word for words in boxes for word in words}
    segments = [*dict.fromkeys(boxes), *((word,) for word in range(len(probabilities)) if word not in inside)]
    found: Found = []
    for words in segments:
        mean = probabilities[list(words)].mean(axis=0)
        best = int(mean.argmax())
        if mean[best] >= SURE:
            found.append((schema.names[best], words, float(mean[best])))
    return found


def _joined(
    page: Page, probabilities: NDArray[np.float32], boxes: Sequence[tuple[int, ...]], schema: Schema, settings: DecodingSettings
) -> Found:
    """Entities as the decoder joins them, from words that have one class each."""
    if not len(probabilities):
        return []
    best = probabilities.argmax(axis=1)
    lines = [PageLines(page, DocumentLocale())]
    found: Found = []
    for column, spec in enumerate(schema.fields):
        own = np.where(best == column, probabilities[:, column], 0.0).astype(np.float32)
        found += [(spec.name, block.words, block.score) for block in blocks_of(lines, [own], spec, settings)]
    return found
