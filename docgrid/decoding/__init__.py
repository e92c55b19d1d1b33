"""Word probabilities -> fields and line items, under the document's types and layout."""

from __future__ import annotations

from collections.abc import Sequence

from docgrid.decoding.confidence import EVERY_FIELD, confidence_of, features_of, fit_confidence
from docgrid.decoding.fields import decode_fields
from docgrid.decoding.items import decode_items
from docgrid.decoding.lines import PageLines
from docgrid.decoding.nouns import Decoded, FieldPrediction, ItemPrediction, WordEvidence
from docgrid.decoding.settings import DecodingSettings, ItemGrouping
from docgrid.page import Document
from docgrid.schema import Schema
from docgrid.values import decide_locale

__all__ = [
    "EVERY_FIELD",
    "Decoded",
    "DecodingSettings",
    "FieldPrediction",
    "ItemGrouping",
    "ItemPrediction",
    "WordEvidence",
    "confidence_of",
    "decode_document",
    "features_of",
    "fit_confidence",
]


def decode_document(
    document: Document,
    predictions: Sequence[WordEvidence],
    schema: Schema,
    settings: DecodingSettings | None = None,
) -> Decoded:
    """Find the fields and line items of a document.

    Args:
        document: What was read.
        predictions: One for each page.
        schema: Names and types of the fields, in the order of the columns of `word_probabilities`.
        settings: The thresholds; the defaults when None.

    Raises:
        ValueError: The predictions do not fit the document or the schema.
    """
    settings = settings or DecodingSettings()
    _check(document, predictions, schema)
    locale = decide_locale([line for page in document.pages for line in page.text.split("\n")])
    pages = [PageLines(page, locale) for page in document.pages]
    return Decoded(
        tuple(decode_fields(pages, predictions, schema, settings)),
        tuple(decode_items(pages, predictions, schema, settings)) if schema.has_line_items else (),
        locale,
    )


def _check(document: Document, predictions: Sequence[WordEvidence], schema: Schema) -> None:
    if len(predictions) != len(document.pages):
        raise ValueError(f"{len(document.pages)} pages need as many predictions, not {len(predictions)}")
    for page, prediction in zip(document.pages, predictions, strict=True):
        shape = (len(page.characters.word_starts), len(schema.fields))
        if prediction.word_probabilities.shape != shape:
            raise ValueError(
                f"page {page.number} needs probabilities of shape {shape}, not {prediction.word_probabilities.shape}"
            )
