"""The line items of a table: all values of one item stand in one band of the page, items follow one another down the pages.

First each item gets the row that prints most of its values (dynamic programming: rows increase with the items), then each value
gets its place near that row, by the column in which the clear cases of the same field stand and by the column's header.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from scipy.optimize import linear_sum_assignment

from docgrid.datasets.captions import text_above
from docgrid.datasets.itemrows import NEAR_ROW, Band, Place, anchor_rows, bands_of, place_of
from docgrid.datasets.likeness import find_like
from docgrid.datasets.segments import DocumentIndex
from docgrid.datasets.textmatch import Match, find_text, name_in
from docgrid.datasets.typedmatch import NUMERIC, find_typed
from docgrid.labels import LabelledField
from docgrid.schema import FieldType, Schema
from docgrid.values import fold, plain_letters

_WEIGHTS = {FieldType.MONEY: 2.0, FieldType.TEXT: 3.0, FieldType.IDENTIFIER: 2.0, FieldType.DATE: 1.0}  # others 0.7
_OTHER_WEIGHT = 0.7
_LIKE = 0.75  # share of a text's letters that must be found near the row
_SHORTEST_LIKE = 5  # letters; shorter texts are only found exactly
# Header words, lower case without accents: English, German, French, Spanish, Italian, Dutch.
_HEADERS: dict[str, re.Pattern[str]] = {
    "line_item_quantity": re.compile(r"menge|anzahl|qty|quantit|qte|cantidad|units|aantal|hours|stunden"),
    "line_item_unit_price_net": re.compile(r"preis|price|prix|p\.?u\b|rate|precio|prezzo|prijs|einzel|tarif"),
    "line_item_amount_net": re.compile(r"betrag|amount|montant|total|gesamt|summe|entgelt|wert|importe|importo|bedrag"),
    "line_item_tax_rate": re.compile(r"mwst|ust|steuer|vat|tax|tva|iva|btw"),
    "line_item_position": re.compile(r"pos|#|nr|line|item"),
}

Entries = Sequence[tuple[int, LabelledField]]  # number in the list of fields, and the field


def match_items(index: DocumentIndex, entries: Entries, schema: Schema, *, plain: bool = False) -> dict[int, list[Match]]:
    """The place of every value of every line item, as far as found: at most one a value.

    Args:
        index: The document.
        entries: The line-item fields with their numbers.
        schema: Gives the types.
        plain: The values are plain decimals, whatever the document prints.

    Returns:
        For the number of a field its match.
    """
    if not entries:
        return {}
    finder = _Finder(index, schema, plain)
    places = {number: finder.places_of(entry) for number, entry in entries}
    by_item: dict[int, list[tuple[int, LabelledField]]] = defaultdict(list)
    for number, entry in entries:
        if entry.item is not None:
            by_item[entry.item].append((number, entry))
    items = [by_item[item] for item in sorted(by_item)]
    weights = {number: _WEIGHTS.get(schema.field(entry.name).type, _OTHER_WEIGHT) for number, entry in entries}
    bands = bands_of(anchor_rows([{number: places[number] for number, _ in item} for item in items], weights))
    settled = [finder.in_band(item, places, band) for item, band in zip(items, bands, strict=True) if band]
    columns: dict[str, list[float]] = defaultdict(list)
    for options in settled:
        for (_, entry), found in options:
            if len(found) == 1:
                columns[entry.name].append(found[0].right)
    edges = {name: float(np.median(found)) for name, found in columns.items()}
    chosen = {number: [place.match] for options in settled for number, place in _assign(options, edges).items()}
    _place_rest(entries, places, chosen)
    return chosen


class _Finder:
    """Looks for the values of line items; the same value in many lines is looked for once."""

    def __init__(self, index: DocumentIndex, schema: Schema, plain: bool) -> None:
        self._index = index
        self._schema = schema
        self._plain = plain
        self._found: dict[tuple[FieldType, str], list[Place]] = {}

    def places_of(self, entry: LabelledField) -> list[Place]:
        """All places that print a value, texts letter by letter."""
        kind = self._schema.field(entry.name).type
        if (kind, entry.value) not in self._found:
            self._found[kind, entry.value] = [place_of(match) for match in self._matches_of(kind, entry.value)]
        return self._found[kind, entry.value]

    def _matches_of(self, kind: FieldType, value: str) -> list[Match]:
        if kind in NUMERIC or kind is FieldType.DATE:
            matches = find_typed(self._index, value, kind, plain=self._plain, loose=True)
            if not matches and kind is FieldType.NUMBER:
                matches = find_typed(self._index, value, FieldType.MONEY, plain=self._plain, loose=True)
            return matches
        return find_text(self._index, value, numeric_edges=kind is FieldType.IDENTIFIER)

    def in_band(self, entries: Entries, places: dict[int, list[Place]], band: Band) -> Options:
        """For each value of an item its places in the band, those in the row alone where there are any."""
        options: Options = []
        for number, entry in entries:
            near = [place for place in places[number] if band.holds(place)]
            if not near and self._schema.field(entry.name).type is FieldType.TEXT:
                near = self._like(entry.value, band)
            near.sort(key=lambda place: abs(place.y - band.row.y))
            in_row = [place for place in near if abs(place.y - band.row.y) <= NEAR_ROW * band.row.height]
            options.append(((number, entry), in_row or near[:1]))
        return options

    def _like(self, value: str, band: Band) -> list[Place]:
        if len(fold(value)) < _SHORTEST_LIKE:
            return []
        page = self._index.pages[band.row.page]
        lines = [segment for segment in page.segments if segment.box[3] > band.top and segment.box[1] < band.bottom]
        found = find_like(self._index, value, threshold=_LIKE, among=lines)
        name = name_in(value)
        if not found and len(fold(name)) >= _SHORTEST_LIKE:
            found = find_like(self._index, name, threshold=_LIKE, among=lines)
        return [place_of(match) for match in found]


Options = list[tuple[tuple[int, LabelledField], list[Place]]]


def _assign(options: Options, columns: dict[str, float]) -> dict[int, Place]:
    """One place a value, no character twice, in the likeliest columns: the assignment with the most values and the best fit."""
    spots = {(place.page, place.match.rows): place for _, found in options for place in found}
    keys = list(spots)
    gains = np.zeros((len(options), len(keys)))
    for row, ((_, entry), found) in enumerate(options):
        for place in found:
            column = keys.index((place.page, place.match.rows))
            gains[row, column] = 1.0 + _column_score(entry.name, place, columns)
    chosen: dict[int, Place] = {}
    used: set[int] = set()
    pairs = zip(*linear_sum_assignment(gains, maximize=True), strict=True)
    for row, column in sorted(pairs, key=lambda pair: -float(gains[pair])):
        rows = set(spots[keys[column]].match.rows)
        if gains[row, column] > 0 and not rows & used:
            used |= rows
            chosen[options[row][0][0]] = spots[keys[column]]
    return chosen


def _column_score(name: str, place: Place, columns: dict[str, float]) -> float:
    """0..0.9: how well a place fits the column of a field: where its clear cases end, its header, and the usual order."""
    score = 0.0
    if name in columns:
        score += 0.4 * max(0.0, 1.0 - abs(columns[name] - place.right) / place.height / 4)
    header = _HEADERS.get(name)
    if header is not None:
        above = plain_letters(text_above(place.match.page, place.match.rows))
        score += 0.3 if header.search(above) else 0.0
    if name.startswith("line_item_amount"):
        score += 0.2 * place.right / place.match.page.page.width_pt  # the amount is mostly the last number of a row
    return score


def _place_rest(entries: Entries, places: dict[int, list[Place]], chosen: dict[int, list[Match]]) -> None:
    """Values of items without a row: taken where the document prints them only once and nothing else claims the place."""
    used = {(match.page.index, row) for matches in chosen.values() for match in matches for row in match.rows}
    for number, _ in entries:
        found = places[number]
        if number not in chosen and len(found) == 1 and len(found[0].match.rows) > 3:
            rows = {(found[0].page, row) for row in found[0].match.rows}
            if not rows & used:
                used |= rows
                chosen[number] = [found[0].match]
