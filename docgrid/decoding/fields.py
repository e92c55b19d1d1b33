"""All fields of the document: typed ones by candidates, text and identifiers by runs of words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from docgrid.decoding.arithmetic import consistent_amounts
from docgrid.decoding.blocks import blocks_of
from docgrid.decoding.lines import PageLines
from docgrid.decoding.nouns import FieldPrediction, WordEvidence
from docgrid.decoding.settings import DecodingSettings
from docgrid.decoding.spans import choose_text
from docgrid.decoding.typed import choose, places_of, share_tokens
from docgrid.schema import FieldSpec, FieldType, Schema

TYPED = frozenset((FieldType.DATE, FieldType.MONEY, FieldType.NUMBER, FieldType.PERCENT, FieldType.CURRENCY))
PLACES_KEPT = 2_000  # of each field, the best: a document of very many pages has hundreds of thousands


def decode_fields(
    pages: Sequence[PageLines], predictions: Sequence[WordEvidence], schema: Schema, settings: DecodingSettings
) -> list[FieldPrediction]:
    """The fields of the document (not those of line items), in the order of the schema."""
    specs = [spec for spec in schema.fields if not spec.line_item]
    typed = [spec for spec in specs if spec.type in TYPED]
    ranked = {spec.name: places_of(pages, column_of(predictions, schema, spec), spec, settings)[:PLACES_KEPT] for spec in typed}
    ranked = share_tokens(ranked, typed)
    if settings.arithmetic:
        ranked = consistent_amounts(ranked, settings)
    fields: list[FieldPrediction] = []
    for spec in specs:
        if spec.name in ranked:
            fields += choose(pages, spec, ranked[spec.name], settings)
        else:
            blocks = blocks_of(pages, column_of(predictions, schema, spec), spec, settings)
            fields += choose_text(pages, spec, blocks, settings)
    return fields


def column_of(predictions: Sequence[WordEvidence], schema: Schema, spec: FieldSpec) -> list[NDArray[np.float32]]:
    """For each page float32 [W]: the probability of one field."""
    column = schema.class_of(spec.name) - 1
    return [prediction.word_probabilities[:, column] for prediction in predictions]
