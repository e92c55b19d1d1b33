"""Datasets that can be shown to others: other words, numbers, dates and amounts in the same places, nothing of the original."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from docgrid.datasets.anonymise.drawing import draw_document, in_font
from docgrid.datasets.anonymise.rewriting import Rewriter
from docgrid.datasets.base import Record
from docgrid.datasets.exporting import Outgoing, places_in
from docgrid.datasets.labelling import printed_fields
from docgrid.labels import LabelledDocument
from docgrid.page import Document
from docgrid.schema import SCHEMAS, Schema

__all__ = ["Anonymised", "anonymise", "draw_document", "in_font", "new_stems"]


@dataclass(frozen=True)
class Anonymised:
    """One document as it may be shown, and how many of its values are printed nowhere and so left out."""

    outgoing: Outgoing
    left_out: int


def new_stems(ids: Sequence[str], secret: bytes) -> dict[str, str]:
    """A new name for every document, in an order that says nothing."""
    shuffled = sorted(ids)
    Random(secret).shuffle(shuffled)
    return {key: f"document-{number:05}" for number, key in enumerate(shuffled, start=1)}


def anonymise(
    record: Record, labelled: LabelledDocument, schema: Schema, *, stem: str, secret: bytes, folder: Path
) -> Anonymised:
    """Rewrite a document, draw it anew, and give its labels with the new values.

    Letters become letters, digits digits, the same word the same other word throughout the document. Captions, units, currencies,
    rates and quantities stay, so that a network can learn from it. Dates stay dates and keep their distances, sums add up.

    Args:
        record: The document in its dataset.
        labelled: The same, read, with the places of its values.
        schema: Gives the types.
        stem: The new name.
        secret: Of the whole dataset; without it nothing can be traced back.
        folder: Where the new file is drawn.
    """
    own_secret = hashlib.sha256(secret + record.id.encode("utf-8", "surrogatepass")).digest()
    document = Rewriter(labelled, schema, own_secret).document()
    path = folder / f"{stem}.pdf"
    draw_document(document, path)
    document = _drawn(document, path)
    found = [replace(entry, value="", normal="", boxes=()) for entry in labelled.fields if entry.occurrences]
    fields = printed_fields(document, found, schema)
    places = tuple(places_in(document, entry) for entry in fields)
    layout = hashlib.sha256(secret + record.layout.encode("utf-8", "surrogatepass")).hexdigest()[:8] if record.layout else ""
    new = Record(stem, path, fields, layout=layout, places=places, part=record.part, languages=record.languages)
    return Anonymised(Outgoing(stem, new, fields, places, ()), len(labelled.fields) - len(found))


def _drawn(document: Document, path: Path) -> Document:
    """The document as its drawing shows it."""
    pages = []
    for page in document.pages:
        code_points = page.characters.code_points.copy()
        for row, character in enumerate(page.characters.text):
            code_points[row] = ord(in_font(character))
        pages.append(replace(page, characters=replace(page.characters, code_points=code_points)))
    return replace(document, path=path, pages=tuple(pages))


def schema_to_show(schema: Schema) -> Schema:
    """The schema under a name that says nothing, unless it is built in."""
    return schema if schema.name in SCHEMAS else Schema("anonymised", schema.fields)
