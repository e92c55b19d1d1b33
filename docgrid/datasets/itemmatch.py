"""The line items of a table: all values of one item stand in one band of the page, items follow one another down the pages.

First each item gets the row that prints most of its values (dynamic programming: rows increase with the items), then each value
gets its place near that row, by the column in which the clear cases of the same field stand and by the column's header.
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from docgrid.datasets.captions import text_above
from docgrid.datasets.segments import DocumentIndex
from docgrid.datasets.textmatch import Match, find_like, find_text
from docgrid.datasets.typedmatch import NUMERIC, find_typed
from docgrid.labels import LabelledField
from docgrid.schema import FieldType, Schema
from docgrid.values import fold, plain_letters

_WEIGHTS = {FieldType.MONEY: 2.0, FieldType.TEXT: 3.0, FieldType.IDENTIFIER: 2.0, FieldType.DATE: 1.0}  # others 0.7
_OTHER_WEIGHT = 0.7
_LEAST_SCORE = 2.0  # a row that prints less of an item is not its row
_ABOVE, _BELOW = 2.2, 9.0  # how many line heights around its row the values of an item may stand
_NEAR_ROW = 0.6  # line heights within which a place stands in a row
_CHOICES = 5  # places a value that are tried together
# Header words, lower case without accents: English, German, French, Spanish, Italian, Dutch.
_HEADERS: dict[str, re.Pattern[str]] = {
    "line_item_quantity": re.compile(r"menge|anzahl|qty|quantit|qte|cantidad|units|aantal|hours|stunden"),
    "line_item_unit_price_net": re.compile(r"preis|price|prix|p\.?u\b|rate|precio|prezzo|prijs|einzel|tarif"),
    "line_item_amount_net": re.compile(r"betrag|amount|montant|total|gesamt|summe|entgelt|wert|importe|importo|bedrag"),
    "line_item_tax_rate": re.compile(r"mwst|ust|steuer|vat|tax|tva|iva|btw"),
    "line_item_position": re.compile(r"pos|#|nr|line|item"),
}

Entries = Sequence[tuple[int, LabelledField]]  # number in the list of fields, and the field


@dataclass(frozen=True, slots=True)
class _Place:
    """A match with where it stands: page index, middle of its first line, edges and height in points."""

    match: Match
    page: int
    y: float
    left: float
    right: float
    height: float


@dataclass(frozen=True, slots=True)
class _Row:
    page: int
    y: float
    height: float


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
    places = {number: _places_of(index, entry, schema, plain) for number, entry in entries}
    items: dict[int, list[tuple[int, LabelledField]]] = defaultdict(list)
    for number, entry in entries:
        items[entry.item or 0].append((number, entry))
    rows = _rows_of(places)
    anchors = _anchor_rows([items[item] for item in sorted(items)], places, rows, schema)
    bands = _bands(anchors)
    columns: dict[str, list[float]] = defaultdict(list)
    chosen: dict[int, list[Match]] = {}
    settled = [_in_band(items[item], places, band) for item, band in zip(sorted(items), bands, strict=True) if band]
    for options in settled:
        for (_, entry), found in options:
            if len(found) == 1:
                columns[entry.name].append(found[0].right)
    for options in settled:
        for number, place in _assign(options, columns).items():
            chosen[number] = [place.match]
    _place_rest(entries, places, chosen)
    return chosen


def _places_of(index: DocumentIndex, entry: LabelledField, schema: Schema, plain: bool) -> list[_Place]:
    kind = schema.field(entry.name).type
    if kind in NUMERIC or kind is FieldType.DATE:
        matches = find_typed(index, entry.value, kind, plain=plain, loose=True)
        if not matches and kind is FieldType.NUMBER:
            matches = find_typed(index, entry.value, FieldType.MONEY, plain=plain, loose=True)
    else:
        matches = find_text(index, entry.value, numeric_edges=kind is FieldType.IDENTIFIER)
        if not matches and kind is FieldType.TEXT and len(fold(entry.value)) > 4:
            matches = find_like(index, entry.value, threshold=0.75)
    return [_place(match) for match in matches]


def _place(match: Match) -> _Place:
    boxes = match.page.page.characters.boxes[list(match.rows)]
    first = boxes[0]
    line = boxes[np.abs(boxes[:, 1] - first[1]) < first[3] - first[1]]
    height = max(float(first[3] - first[1]), 1.0)
    middle = float(first[1] + first[3]) / 2
    return _Place(match, match.page.index, middle, float(line[:, 0].min()), float(line[:, 2].max()), height)


def _rows_of(places: dict[int, list[_Place]]) -> list[_Row]:
    """The visual rows in which any value stands, down the pages."""
    rows: list[_Row] = []
    for place in sorted((place for found in places.values() for place in found), key=lambda place: (place.page, place.y)):
        if not rows or rows[-1].page != place.page or place.y - rows[-1].y > _NEAR_ROW * place.height:
            rows.append(_Row(place.page, place.y, place.height))
    return rows


def _anchor_rows(
    items: Sequence[Entries], places: dict[int, list[_Place]], rows: Sequence[_Row], schema: Schema
) -> list[_Row | None]:
    """The row of each item: the increasing sequence of rows that prints the most values."""
    scores = np.zeros((len(items), len(rows)))
    for item, entries in enumerate(items):
        for number, entry in entries:
            weight = _WEIGHTS.get(schema.field(entry.name).type, _OTHER_WEIGHT)
            scores[item] += weight * _presence(places[number], rows)
    scores[scores < _LEAST_SCORE] = 0.0
    best = np.zeros((len(items) + 1, len(rows) + 1))
    for item in range(len(items)):
        for row in range(len(rows)):
            gain = scores[item, row]
            best[item + 1, row + 1] = max(best[item + 1, row], best[item, row + 1], best[item, row] + gain if gain else 0.0)
    anchors: list[_Row | None] = [None] * len(items)
    item, row = len(items), len(rows)
    while item and row:
        if best[item, row] == best[item, row - 1]:
            row -= 1
        elif best[item, row] == best[item - 1, row]:
            item -= 1
        else:
            item, row = item - 1, row - 1
            anchors[item] = rows[row]
    return anchors


def _presence(places: Sequence[_Place], rows: Sequence[_Row]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """float64 [R] in 0..1: how near to each row the value stands; 1 in the row, less just above or below it."""
    result = np.zeros(len(rows))
    for place in places:
        for number, row in enumerate(rows):
            if row.page == place.page:
                distance = abs(place.y - row.y) / row.height
                near = 1.0 if distance <= _NEAR_ROW else max(0.0, 0.8 - 0.2 * distance)
                result[number] = max(result[number], near)
    return result


_Band = tuple[_Row, float, float]  # the row of an item and how far its values may stand above and below, in points


def _bands(anchors: Sequence[_Row | None]) -> list[_Band | None]:
    """Around each row, up to half the way to the row before it and up to the row after it."""
    found = [anchor for anchor in anchors if anchor is not None]
    bands: list[_Band | None] = []
    for anchor in anchors:
        if anchor is None:
            bands.append(None)
            continue
        number = found.index(anchor)
        before, after = found[number - 1] if number else None, found[number + 1] if number + 1 < len(found) else None
        top, bottom = anchor.y - _ABOVE * anchor.height, anchor.y + _BELOW * anchor.height
        if before is not None and before.page == anchor.page:
            top = max(top, (before.y + anchor.y) / 2)
        if after is not None and after.page == anchor.page:
            bottom = min(bottom, after.y - _NEAR_ROW * anchor.height)
        bands.append((anchor, top, bottom))
    return bands


_Options = list[tuple[tuple[int, LabelledField], list[_Place]]]


def _in_band(entries: Entries, places: dict[int, list[_Place]], band: _Band) -> _Options:
    """For each value of an item its places in the band, those in the row alone where there are any."""
    anchor, top, bottom = band
    options: _Options = []
    for number, entry in entries:
        near = [place for place in places[number] if place.page == anchor.page and top <= place.y <= bottom]
        in_row = [place for place in near if abs(place.y - anchor.y) <= _NEAR_ROW * anchor.height]
        near.sort(key=lambda place: abs(place.y - anchor.y))
        found = in_row or near[:1]
        options.append(((number, entry), found))
    return options


def _assign(options: _Options, columns: dict[str, list[float]]) -> dict[int, _Place]:
    """One place a value, no character twice, in the likeliest columns."""
    usable = [((number, entry), found[:_CHOICES]) for (number, entry), found in options if found]
    best: dict[int, _Place] = {}
    best_score = -1e9
    for combination in itertools.product(*([*found, None] for _, found in usable)):
        score = 0.0
        used: set[tuple[int, int]] = set()
        for ((_, entry), _), place in zip(usable, combination, strict=True):
            if place is None:
                continue
            rows = {(place.page, row) for row in place.match.rows}
            if rows & used:
                score = -1e9
                break
            used |= rows
            score += 1.0 + _column_score(entry.name, place, columns)
        if score > best_score:
            best_score = score
            best = {number: p for ((number, _), _), p in zip(usable, combination, strict=True) if p is not None}
    return best


def _column_score(name: str, place: _Place, columns: dict[str, list[float]]) -> float:
    """0..0.9: how well a place fits the column of a field: where its clear cases end, its header, and the usual order."""
    score = 0.0
    if columns.get(name):
        distance = abs(float(np.median(columns[name])) - place.right) / place.height
        score += 0.4 * max(0.0, 1.0 - distance / 4)
    header = _HEADERS.get(name)
    if header is not None:
        above = plain_letters(text_above(place.match.page, place.match.rows))
        score += 0.3 if header.search(above) else 0.0
    share = place.right / place.match.page.page.width_pt
    if name.startswith("line_item_amount"):
        score += 0.2 * share  # the amount is mostly the last number of a row
    return score


def _place_rest(entries: Entries, places: dict[int, list[_Place]], chosen: dict[int, list[Match]]) -> None:
    """Values of items without a row: taken where the document prints them only once and nothing else claims the place."""
    used = {(match.page.index, row) for matches in chosen.values() for match in matches for row in match.rows}
    for number, _ in entries:
        found = places[number]
        if number not in chosen and len(found) == 1 and len(found[0].match.rows) > 3:
            rows = {(found[0].page, row) for row in found[0].match.rows}
            if not rows & used:
                used |= rows
                chosen[number] = [found[0].match]
