"""Values -> the characters that print them. Labels are mostly values without boxes; what trains a network is their places.

Dates, amounts and numbers are found by value, not by spelling. Texts and identifiers are found by their letters and digits alone,
along any path of neighbouring lines (so that an address in one column is found although other columns stand beside it), and where
that fails, by likeness. The line items of a table are matched row by row, jointly.

Where a value is printed at several places, all of them are its occurrences, with these exceptions:

- A date in a column of dates (a table of bookings) is none where the same date also stands outside of such a column.
- Of an amount or date whose captions are known, places announced as something else are none where others are left.
- Characters of a line item are no place of a document's amount where others are left.
- More places than `max_occurrences`: the first ones in reading order are kept, and the field is reported as ambiguous.
- A text or identifier is looked for inside of words only where it is nowhere a word of its own; a piece of a longer number is no
  place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from docgrid.datasets.captions import announced_field, is_captioned
from docgrid.datasets.itemmatch import match_items
from docgrid.datasets.likeness import find_like
from docgrid.datasets.segments import DocumentIndex
from docgrid.datasets.textmatch import Match, find_confused, find_text, name_in
from docgrid.datasets.typedmatch import NUMERIC, find_typed
from docgrid.labels import LabelledField, Occurrence
from docgrid.page import Document
from docgrid.schema import FieldType, Schema
from docgrid.values import fold

_SHORTEST_DATE = 5  # letters and digits of a date that is looked for as a text
_COLUMN = 4  # so many dates below one another are a column of a table


@dataclass(frozen=True, slots=True)
class AlignSettings:
    """How places are looked for."""

    max_occurrences: int = 12  # of a date, amount or identifier
    max_text_occurrences: int = 8
    fuzzy_threshold: float = 0.8  # share of a text's letters and digits that must be found where it is not printed exactly
    fuzzy_shortest: int = 5  # texts with fewer letters are only found exactly
    plain_values: bool = False  # the values are plain decimals and ISO dates, whatever the document prints


@dataclass(frozen=True, slots=True)
class Alignment:
    """The fields with their places; `missing` were not found, `ambiguous` stand at more places than can all be meant."""

    fields: tuple[LabelledField, ...]
    missing: tuple[LabelledField, ...] = ()
    ambiguous: tuple[LabelledField, ...] = ()
    mismatches: tuple[str, ...] = ()  # drawn boxes whose characters differ from the text given with them


def align(
    document: Document, fields: Sequence[LabelledField], schema: Schema, settings: AlignSettings | None = None
) -> Alignment:
    """Find the places of every value.

    Args:
        document: What was read.
        fields: The true values; those that have occurrences already are kept as they are.
        schema: Gives the types.
        settings: The limits; the defaults suit labels as printed.

    Returns:
        The same fields in the same order, with occurrences where found.
    """
    settings = settings or AlignSettings()
    index = DocumentIndex(document)
    places = {number: entry.occurrences for number, entry in enumerate(fields) if entry.occurrences}
    open_items = [(number, entry) for number, entry in enumerate(fields) if entry.item is not None and number not in places]
    ambiguous = []
    plain = settings.plain_values or all(is_plain(entry) for _, entry in open_items)
    for number, matches in match_items(index, open_items, schema, plain=plain).items():
        places[number] = tuple(match.occurrence for match in matches)
    taken = _characters_of(places.values())
    for number, entry in enumerate(fields):
        if entry.item is not None or number in places:
            continue
        found = find_field(index, entry, schema, settings)
        chosen = _choose(index, entry, schema.field(entry.name).type, found, taken)
        limit = settings.max_text_occurrences if _is_text(entry, schema) else settings.max_occurrences
        if len(chosen) > limit:
            ambiguous.append(entry)
        places[number] = tuple(match.occurrence for match in chosen[:limit])
    aligned = tuple(replace(entry, occurrences=places.get(number, ())) for number, entry in enumerate(fields))
    return Alignment(aligned, tuple(entry for entry in aligned if not entry.occurrences), tuple(ambiguous))


def _is_text(entry: LabelledField, schema: Schema) -> bool:
    return schema.field(entry.name).type is FieldType.TEXT


def find_field(index: DocumentIndex, entry: LabelledField, schema: Schema, settings: AlignSettings) -> list[Match]:
    """All places that print the value of a field, before any choice between them."""
    kind = schema.field(entry.name).type
    plain = settings.plain_values or is_plain(entry)
    if kind in NUMERIC:
        found = find_typed(index, entry.value, kind, plain=plain, loose=plain)
        return found or _find_torn(index, entry.value)
    if kind is FieldType.DATE:
        return find_typed(index, entry.value, kind, plain=plain) or _find_date_text(index, entry.value)
    if kind is FieldType.CURRENCY:
        return find_typed(index, entry.value, kind) or find_text(index, entry.value)
    if kind is FieldType.IDENTIFIER:
        return find_text(index, entry.value, numeric_edges=True) or find_confused(index, entry.value)
    return find_text(index, entry.value) or _find_near(index, entry.value, settings)


def is_plain(entry: LabelledField) -> bool:
    """Whether a value is known in its typed form alone (an ISO date, a plain decimal), and not as the document prints it."""
    return bool(entry.normal) and entry.normal == entry.value


def _find_torn(index: DocumentIndex, value: str) -> list[Match]:
    """An amount that OCR read with a space in it ("29. 70"): its digits, with a separator before the last two."""
    digits = "".join(filter(str.isdigit, value))
    if not re.search(r"\d[.,]\d{2}$", value) or len(digits) < 3:
        return []
    matches = find_text(index, digits, numeric_edges=True)
    return [match for match in matches if match.page.page.characters.text[match.rows[-3] : match.rows[-2]].endswith((".", ","))]


def _find_date_text(index: DocumentIndex, value: str) -> list[Match]:
    """A date that cannot be read as one: printed in the same way, or dates of which it is all but the last two characters."""
    wanted = fold(value)
    if len(wanted) < _SHORTEST_DATE:
        return []
    cut = []
    for segment, candidate in index.candidates(FieldType.DATE):
        printed = fold(segment.text[candidate.start : candidate.stop])
        if printed.startswith(wanted) and len(printed) - len(wanted) <= 2:
            rows = tuple(row for row in segment.rows[candidate.start : candidate.stop] if row >= 0)
            cut.append(Match(index.pages[segment.page], rows, len(wanted) / len(printed)))
    return find_text(index, value, numeric_edges=True) or cut


def _find_near(index: DocumentIndex, value: str, settings: AlignSettings) -> list[Match]:
    """A text that is not printed letter by letter: what is most like it, else the name in it without its numbers."""
    if len(fold(value)) < settings.fuzzy_shortest:
        return []
    found = find_like(index, value, threshold=settings.fuzzy_threshold)
    if found:
        return found
    name = name_in(value)
    if name and len(fold(name)) >= settings.fuzzy_shortest:
        return find_text(index, name) or find_like(index, name, threshold=settings.fuzzy_threshold)
    return []


def _characters_of(places: Iterable[tuple[Occurrence, ...]]) -> set[tuple[int, int]]:
    return {(place.page, row) for occurrences in places for place in occurrences for row in place.characters}


def _choose(
    index: DocumentIndex, entry: LabelledField, kind: FieldType, matches: list[Match], taken: set[tuple[int, int]]
) -> list[Match]:
    """Leave out the places that are unlikely to be meant, as long as others are left."""
    if len(matches) < 2:
        return matches
    if kind in NUMERIC or kind is FieldType.DATE:
        matches = _unless_all(matches, lambda match: (match.page.page.number, match.rows[0]) in taken)
    if kind is FieldType.DATE:
        matches = _unless_all(matches, lambda match: in_column_of_dates(index, match))
    if is_captioned(entry.name):
        announced = [announced_field(entry.name, match.page, match.rows) for match in matches]
        foreign = {id(match) for match, name in zip(matches, announced, strict=True) if name not in (None, entry.name)}
        matches = _unless_all(matches, lambda match: id(match) in foreign)
    return matches


def _unless_all(matches: list[Match], unlikely: Callable[[Match], bool]) -> list[Match]:
    return [match for match in matches if not unlikely(match)] or matches


def in_column_of_dates(index: DocumentIndex, match: Match) -> bool:
    """Whether a date stands among many others in one column, as in a table of bookings."""
    boxes = index.date_boxes[match.page.index]
    own = match.page.page.characters.boxes[match.rows[0]]
    return int(np.sum(np.abs(boxes[:, 0] - own[0]) < 0.5 * (own[3] - own[1]))) >= _COLUMN
