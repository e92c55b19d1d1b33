"""Which of several places that print a value are written down as its boxes: those that are surely meant, or none.

Training can live with a place too many; labels that people will trust cannot. The rules, in this order:

1. A text of one or two words takes the places where it is a line or cell of its own, where there are any.
2. Where two texts of a document are equal (the names of the customer who pays and of the one who receives), each takes the places
   nearest to the field it belongs with (`customer_delivery_name` with `customer_delivery_address`), where that one stands at one
   place only.
3. In a dataset of twenty documents or more, the places whose surroundings speak for the field (`refine`), and of these none that
   speaks nearly as much for another field of the same document.
4. In a smaller one, no place that another field claims as well.
5. A currency of an amount (`currency_code_amount_due`) stands beside a place of that amount.

A value that is printed at one place only has that place, shared or not: one printed amount is often both total and amount due.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from docgrid.datasets.refine import RefineSettings, refine
from docgrid.geometry import Box
from docgrid.labels import LabelledDocument, LabelledField, Occurrence
from docgrid.schema import FieldType, Schema
from docgrid.values import fold

STRICT = RefineSettings(
    margin=0.3,
    likely=float("inf"),
    coverage=0.5,
    lead=1.0,
    kinds=(FieldType.DATE, FieldType.MONEY, FieldType.IDENTIFIER, FieldType.NUMBER, FieldType.PERCENT, FieldType.TEXT),
)
_SHORT = 2  # words
_BESIDE = 3.0  # a currency stands at most so many line heights beside its amount
_NEARER = 1.5  # a place is the nearest when every other one is so many times as far

_Places = dict[int, tuple[Occurrence, ...]]  # by the number of a field


def settle(labelled: Sequence[LabelledDocument], schema: Schema) -> list[LabelledDocument]:
    """Keep the places that are surely meant; a value about which nothing can be said has none in the result.

    Args:
        labelled: Aligned documents of one dataset.
        schema: Gives the types.
    """
    near = [_by_neighbours(_by_lines(document, schema), schema) for document in labelled]
    refined = refine(near, schema, STRICT)
    return [_with_currencies(_without_shared(before, after), schema) for before, after in zip(near, refined, strict=True)]


def _replaced(document: LabelledDocument, places: _Places) -> LabelledDocument:
    fields = (replace(entry, occurrences=places.get(number, entry.occurrences)) for number, entry in enumerate(document.fields))
    return replace(document, fields=tuple(fields))


def _box(document: LabelledDocument, place: Occurrence) -> Box:
    page = next(page for page in document.document.pages if page.number == place.page)
    return Box.around(page.characters.boxes[np.array(place.characters)])


def _claims(document: LabelledDocument) -> Counter[Occurrence]:
    """How many document-level fields of different names claim each place."""
    names = {(entry.name, place) for entry in document.fields if entry.item is None for place in entry.occurrences}
    return Counter(place for _, place in names)


def _by_lines(document: LabelledDocument, schema: Schema) -> LabelledDocument:
    """Rule 1."""
    places: _Places = {}
    for number, entry in enumerate(document.fields):
        if entry.item is not None or entry.boxes or schema.field(entry.name).type is not FieldType.TEXT:
            continue
        if len(entry.occurrences) > 1 and len(entry.value.split()) <= _SHORT:
            alone = tuple(place for place in entry.occurrences if _is_alone(document, place))
            places[number] = alone or entry.occurrences
    return _replaced(document, places)


def _is_alone(document: LabelledDocument, place: Occurrence) -> bool:
    """Whether the lines of a place hold no letter or digit beside it."""
    page = next(page for page in document.document.pages if page.number == place.page)
    lines = page.characters.line_index
    rest = np.setdiff1d(np.flatnonzero(np.isin(lines, lines[list(place.characters)])), place.characters)
    return not fold("".join(page.characters.text[row] for row in rest.tolist()))


def _by_neighbours(document: LabelledDocument, schema: Schema) -> LabelledDocument:
    """Rule 2."""
    claims = _claims(document)
    places: _Places = {}
    for number, entry in enumerate(document.fields):
        if entry.item is not None or entry.boxes or schema.field(entry.name).type is not FieldType.TEXT:
            continue
        if len(entry.occurrences) > 1 and any(claims[place] > 1 for place in entry.occurrences):
            kept = _nearest(document, entry)
            if kept:
                places[number] = kept
    return _replaced(document, places)


def _nearest(document: LabelledDocument, entry: LabelledField) -> tuple[Occurrence, ...]:
    """The place of a field that is clearly nearer than others to a field of its kin; empty where there is none."""
    family = entry.name.rpartition("_")[0] + "_"
    kin = [
        other.occurrences[0]
        for other in document.fields
        if other.name != entry.name and other.item is None and other.name.startswith(family) and len(other.occurrences) == 1
    ]
    if len(family) < 2 or not kin:
        return ()
    ranked = sorted((min(_distance(document, place, other) for other in kin), place.page, place) for place in entry.occurrences)
    clear = ranked[1][0] > _NEARER * ranked[0][0] + 1.0
    return (ranked[0][2],) if clear and np.isfinite(ranked[0][0]) else ()


def _distance(document: LabelledDocument, first: Occurrence, second: Occurrence) -> float:
    """Points of white space between two places, across and down added; infinite from page to page."""
    if first.page != second.page:
        return float("inf")
    one, two = _box(document, first), _box(document, second)
    across = max(one.left - two.right, two.left - one.right, 0.0)
    return across + max(one.top - two.bottom, two.top - one.bottom, 0.0)


def _without_shared(before: LabelledDocument, after: LabelledDocument) -> LabelledDocument:
    """Rule 4, for the fields that `refine` had too few examples of."""
    claims = _claims(after)
    places: _Places = {}
    for number, (old, new) in enumerate(zip(before.fields, after.fields, strict=True)):
        if new.item is None and not new.boxes and len(new.occurrences) > 1 and old.occurrences == new.occurrences:
            places[number] = tuple(place for place in new.occurrences if claims[place] < 2)
    return _replaced(after, places)


def _with_currencies(document: LabelledDocument, schema: Schema) -> LabelledDocument:
    """Rule 5, by the places that are left of the amounts."""
    places: _Places = {}
    for number, entry in enumerate(document.fields):
        if entry.item is None and not entry.boxes and len(entry.occurrences) > 1:
            if schema.field(entry.name).type is not FieldType.CURRENCY:
                continue
            amounts = [place for other in document.fields if entry.name.endswith(f"_{other.name}") for place in other.occurrences]
            places[number] = tuple(
                place for place in entry.occurrences if any(_is_beside(document, place, amount) for amount in amounts)
            )
    return _replaced(document, places)


def _is_beside(document: LabelledDocument, place: Occurrence, amount: Occurrence) -> bool:
    if place.page != amount.page:
        return False
    own, other = _box(document, place), _box(document, amount)
    in_row = min(own.bottom, other.bottom) - max(own.top, other.top) > 0.4 * min(own.height, other.height)
    return in_row and max(own.left - other.right, other.left - own.right) < _BESIDE * max(own.height, 1.0)
