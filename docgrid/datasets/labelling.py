"""Known values -> labels with boxes: every value is looked for, what is surely meant is written, the rest is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np

from docgrid.datasets.align import AlignSettings
from docgrid.datasets.base import Record
from docgrid.datasets.exporting import Outgoing, places_in
from docgrid.datasets.loading import load_aligned
from docgrid.datasets.settling import settle
from docgrid.labels import LabelledDocument, LabelledField, Occurrence
from docgrid.page import Document
from docgrid.schema import FieldType, Schema
from docgrid.values import decide_locale, fold, parse_value

SEARCH = AlignSettings(max_occurrences=60, max_text_occurrences=60)  # all places; which ones are meant is decided afterwards


class Outcome(StrEnum):
    """What became of a known value."""

    FOUND = "found"  # its boxes are written
    AMBIGUOUS = "ambiguous"  # it stands at several places, and none is surely meant: written without a box
    MISSING = "missing"  # no page prints it: written without a box


@dataclass(frozen=True, slots=True)
class LabelledValue:
    """One known value and what became of it."""

    document: str
    field: str
    item: int | None
    value: str
    outcome: Outcome
    places: int  # that print it
    boxes: int  # that are written


@dataclass(frozen=True)
class Labelling:
    """Labelled documents, as `write_dataset` takes them, and the account of every value."""

    documents: tuple[Outgoing, ...]
    values: tuple[LabelledValue, ...]
    mismatches: tuple[str, ...] = field(default=())  # predicted boxes whose characters differ from the text given with them

    def by_field(self) -> list[dict[str, object]]:
        """Counts for each field, in the order of the values."""
        counts = Counter((value.field, value.outcome) for value in self.values)
        boxes: Counter[str] = Counter()
        for value in self.values:
            boxes[value.field] += value.boxes
        return [
            {"field": name, "values": sum(counts[name, outcome] for outcome in Outcome)}
            | {outcome.value: counts[name, outcome] for outcome in Outcome}
            | {"boxes": boxes[name]}
            for name in dict.fromkeys(value.field for value in self.values)
        ]


def label(records: Sequence[Record], documents: Sequence[Document], stems: Sequence[str], schema: Schema) -> Labelling:
    """Find the places of known values.

    Args:
        records: Documents with what is known about them.
        documents: What was read, one for each record.
        stems: Names of the new files, one for each record.
        schema: Gives the types.
    """
    aligned: list[LabelledDocument] = []
    mismatches: list[str] = []
    for record, document in zip(records, documents, strict=True):
        labelled, alignment = load_aligned(record, schema, lambda _, read=document: read, SEARCH)  # type: ignore[misc]  # bound at once
        aligned.append(labelled)
        mismatches += alignment.mismatches
    settled = settle(aligned, schema)
    values = [value for before, after in zip(aligned, settled, strict=True) for value in _account(before, after)]
    outgoing = tuple(
        _outgoing(record, labelled, stem, schema) for record, labelled, stem in zip(records, settled, stems, strict=True)
    )
    return Labelling(outgoing, tuple(values), tuple(mismatches))


def _account(before: LabelledDocument, after: LabelledDocument) -> list[LabelledValue]:
    account = []
    for old, new in zip(before.fields, after.fields, strict=True):
        outcome = Outcome.FOUND if new.occurrences else Outcome.AMBIGUOUS if old.occurrences else Outcome.MISSING
        counts = len(old.occurrences), len(new.occurrences)
        account.append(LabelledValue(before.id, old.name, old.item, old.value, outcome, *counts))
    return account


def _outgoing(record: Record, labelled: LabelledDocument, stem: str, schema: Schema) -> Outgoing:
    fields = printed_fields(labelled.document, labelled.fields, schema)
    places = tuple(places_in(labelled.document, entry) for entry in fields)
    return Outgoing(stem, replace(record, fields=fields, places=places), fields, places, ())


def printed_fields(document: Document, fields: Sequence[LabelledField], schema: Schema) -> tuple[LabelledField, ...]:
    """The fields as the document prints them, one for each different writing of a value; those without a place stay as known."""
    locale = decide_locale([line for page in document.pages for line in page.text.split("\n")])
    found: list[LabelledField] = []
    for entry in fields:
        kind = schema.field(entry.name).type
        printed: dict[str, list[Occurrence]] = {}
        for place in entry.occurrences:
            printed.setdefault(_text_of(document, place), []).append(place)
        for text, places in printed.items():  # the label says what its boxes hold
            normal = entry.normal or parse_value(entry.value or text, kind, locale).value or ""
            said = fold(normal) == fold(text) if kind in (FieldType.TEXT, FieldType.IDENTIFIER) else normal == text
            known = "" if said else normal
            found.append(replace(entry, value=text, normal=known, occurrences=tuple(places)))
        if not printed:
            normal = entry.normal or parse_value(entry.value, kind, locale).value or ""
            found.append(replace(entry, normal="" if normal == entry.value else normal))
    return tuple(dict.fromkeys(found))


def _text_of(document: Document, place: Occurrence) -> str:
    page = next(page for page in document.pages if page.number == place.page)
    return " ".join(page.characters.text_of(np.array(place.characters)).split())
