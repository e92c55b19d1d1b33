"""Which predicted values are right: comparison of two values, of the values of a field, and of the line items of a document.

Counting is the same everywhere: of `predicted` instances and `true` instances, `matched` are equal one to one. The rest follows:
a wrong value costs a false positive and a false negative, a missing one a false negative, an extra one a false positive.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum

import numpy as np

from docgrid.evaluation.conventions import NO_CONVENTION, Convention
from docgrid.evaluation.instances import DocumentValues, FieldValue, Values
from docgrid.schema import FieldSpec, FieldType, Schema
from docgrid.values import DocumentLocale, fold, parse_amount, parse_date, same_value


class Comparison(StrEnum):
    """When two values are the same."""

    TYPED = "typed"  # dates as dates, money as decimals, text folded
    FOLDED = "folded"  # case, space and punctuation dropped, whatever the type
    EXACT = "exact"  # the verbatim string; a line break counts as a space
    PLACES = "places"  # the same label on the same words of the page, whatever they say


@dataclass(frozen=True, slots=True)
class Judged:
    """One predicted value and whether it is right."""

    field: str
    confidence: float
    right: bool
    accepted: bool
    scores: tuple[tuple[str, float], ...] = ()  # the parts of the confidence, by name


@dataclass(frozen=True, slots=True)
class Counts:
    """How many instances of a field (or of all fields) were predicted, are true, and agree."""

    matched: int = 0
    predicted: int = 0
    true: int = 0
    modified: int = 0  # pairs of one wrong prediction and the truth that it stands for

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.matched + other.matched,
            self.predicted + other.predicted,
            self.true + other.true,
            self.modified + other.modified,
        )

    @property
    def edits(self) -> int:
        """Insertions + deletions + modifications that turn what was predicted into the truth."""
        insertions = self.true - self.matched - self.modified
        deletions = self.predicted - self.matched - self.modified
        return insertions + deletions + self.modified


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one value: a true one with what was found for it, or one that was found where the truth has none."""

    field: str
    item: int | None  # number of the true line item, from 0; None for a field of the document
    true: tuple[FieldValue, ...]  # what the truth allows; empty: it has none
    predicted: FieldValue | None
    right: bool


@dataclass
class _Tally:
    """What is noted down while one document is matched."""

    judged: list[Judged] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)

    def note(self, name: str, item: int | None, true: Sequence[FieldValue], found: FieldValue | None, right: bool) -> None:
        if true or found is not None:
            self.outcomes.append(Outcome(name, item, tuple(true), found, right))
        if found is not None:
            self.judged.append(Judged(name, found.confidence, right, found.accepted, found.scores))


@dataclass(frozen=True)
class DocumentMatch:
    """The counts of one document, per field of its header and per field of its line items."""

    fields: dict[str, Counts]
    item_fields: dict[str, Counts]
    items: Counts  # whole line items; matched when every field of the true item is right and nothing is added
    judged: tuple[Judged, ...]
    outcomes: tuple[Outcome, ...]


def equal(
    prediction: FieldValue, truth: FieldValue, spec: FieldSpec, how: Comparison, locale: DocumentLocale | None = None
) -> bool:
    """Whether a predicted value says what the truth says.

    Args:
        prediction: Its typed value is compared where it has one and `how` is TYPED, else its text.
        truth: As the data set gives it.
        spec: The field, for its type.
        how: What counts as the same.
        locale: How the truth writes dates and numbers, for values that can be read in two ways; None tries all.
    """
    if how is Comparison.EXACT:
        return " ".join(prediction.text.split()) == " ".join(truth.text.split())
    if how is Comparison.FOLDED:
        return _same_folded(prediction.text, truth.text)
    if prediction.value is None:
        return same_value(prediction.text, truth.text, spec.type, locale)
    return _same_typed(prediction.value, truth.text, spec.type, locale)


def _same_typed(value: str, text: str, type: FieldType, locale: DocumentLocale | None) -> bool:
    """Whether a normal form is what a text says; a normal form has one reading, whatever the convention of the text."""
    if locale is not None:
        with suppress(ValueError, InvalidOperation):  # not a normal form: both are texts then
            if type is FieldType.DATE:
                return (date.fromisoformat(value),) == parse_date(text, locale)[:1]
            if type in (FieldType.MONEY, FieldType.NUMBER, FieldType.PERCENT):
                return (Decimal(value),) == parse_amount(text, locale)[:1]
    return same_value(value, text, type, locale)


def _same_folded(first: str, second: str) -> bool:
    one, two = fold(first), fold(second)
    return one == two if one or two else "".join(first.split()) == "".join(second.split())


def match_document(
    truth: DocumentValues,
    prediction: DocumentValues,
    schema: Schema,
    how: Comparison,
    convention: Convention = NO_CONVENTION,
) -> DocumentMatch:
    """Compare one document.

    A field that is not `repeated` has one value: the best prediction counts, and it is right when it equals any of the values
    that the truth allows. Of a repeated field every different value is an instance.

    Args:
        truth: Its fields must carry the names of `schema`.
        prediction: Likewise.
        schema: The fields to score; others are left out on both sides.
        how: What counts as the same value.
        convention: How the truth is written.
    """
    locale = convention.locale(prediction.locale)
    tally = _Tally()
    fields: dict[str, Counts] = {}
    for spec in schema.fields:
        if spec.line_item:
            continue
        sides = prediction.fields.get(spec.name, ()), truth.fields.get(spec.name, ())
        fields[spec.name] = _match_field(*sides, spec, how, locale, tally)
    specs = [spec for spec in schema.fields if spec.line_item]
    item_fields, items = _match_items((prediction.line_items, truth.line_items), specs, how, locale, tally)
    return DocumentMatch(fields, item_fields, items, tuple(tally.judged), tuple(tally.outcomes))


def _match_field(
    predicted: Sequence[FieldValue],
    true: Sequence[FieldValue],
    spec: FieldSpec,
    how: Comparison,
    locale: DocumentLocale | None,
    tally: _Tally,
) -> Counts:
    if not spec.repeated:
        right = bool(predicted) and any(equal(predicted[0], one, spec, how, locale) for one in true)
        tally.note(spec.name, None, true, predicted[0] if predicted else None, right)
        return Counts(int(right), min(len(predicted), 1), min(len(true), 1), int(bool(predicted and true) and not right))
    predicted, true = _distinct(predicted, spec, how, locale), _distinct(true, spec, how, locale)
    same = np.array([[equal(one, two, spec, how, locale) for two in true] for one in predicted], bool)
    rows, columns = _assign(same.reshape(len(predicted), len(true)).astype(np.float64))
    right_rows = {row for row, column in zip(rows, columns, strict=True) if same[row, column]}
    found_for = dict(zip(columns, rows, strict=True))
    for number, one in enumerate(true):
        row = found_for.get(number)
        tally.note(spec.name, None, [one], None if row is None else predicted[row], row in right_rows)
    for row in sorted(set(range(len(predicted))) - set(rows)):
        tally.note(spec.name, None, [], predicted[row], False)
    return Counts(len(right_rows), len(predicted), len(true), min(len(predicted), len(true)) - len(right_rows))


def _distinct(values: Sequence[FieldValue], spec: FieldSpec, how: Comparison, locale: DocumentLocale | None) -> list[FieldValue]:
    kept: list[FieldValue] = []
    for value in values:
        plain = FieldValue(value.value or value.text) if how is Comparison.TYPED else value
        if not any(equal(one, plain, spec, how, locale) for one in kept):
            kept.append(value)
    return kept


def _assign(gain: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> tuple[list[int], list[int]]:
    """Rows and columns of the assignment of largest gain; between equal ones, the one nearest to the order of the page."""
    if not gain.size:
        return [], []
    from scipy.optimize import linear_sum_assignment  # a third of a second to import, and `--help` passes this module

    distance = np.abs(np.arange(gain.shape[0])[:, None] - np.arange(gain.shape[1])[None, :])
    preference = distance / (4.0 * max(gain.shape) * min(gain.shape))  # all of them together stay below one match
    rows, columns = linear_sum_assignment(gain - preference, maximize=True)
    return rows.tolist(), columns.tolist()


def _match_items(
    sides: tuple[Sequence[Values], Sequence[Values]],
    specs: Sequence[FieldSpec],
    how: Comparison,
    locale: DocumentLocale | None,
    tally: _Tally,
) -> tuple[dict[str, Counts], Counts]:
    """Pair line items so that the most fields agree (as DocILE does), then count fields within the pairs."""
    names = {spec.name for spec in specs}
    predicted = [item for item in sides[0] if names & item.keys()]
    true = [item for item in sides[1] if names & item.keys()]
    same = np.array([[_equal_fields(one, two, specs, how, locale) for two in true] for one in predicted], bool).reshape(
        len(predicted), len(true), len(specs)
    )
    rows, columns = _assign(same.sum(axis=2).astype(np.float64))
    right = np.zeros((len(predicted), len(specs)), bool)
    modified = np.zeros(len(specs), np.int64)
    whole = 0
    for row, column in zip(rows, columns, strict=True):
        right[row] = same[row, column]
        both = [bool(predicted[row].get(spec.name) and true[column].get(spec.name)) for spec in specs]
        modified += np.array(both) & ~same[row, column]
        whole += names & predicted[row].keys() == names & true[column].keys() and all(
            same[row, column, number] for number, spec in enumerate(specs) if spec.name in true[column]
        )
    counts = {}
    for number, spec in enumerate(specs):
        found = [row for row, item in enumerate(predicted) if item.get(spec.name)]
        there = sum(bool(item.get(spec.name)) for item in true)
        counts[spec.name] = Counts(int(right[:, number].sum()), len(found), there, int(modified[number]))
    _note_items(predicted, true, dict(zip(columns, rows, strict=True)), right, specs, tally)
    return counts, Counts(whole, len(predicted), len(true), len(rows) - whole)


def _note_items(
    predicted: Sequence[Values],
    true: Sequence[Values],
    found_for: dict[int, int],
    right: np.ndarray[tuple[int, int], np.dtype[np.bool_]],
    specs: Sequence[FieldSpec],
    tally: _Tally,
) -> None:
    """Every field of every true line item with what its partner has, then the fields of line items without partner."""
    for column, item in enumerate(true):
        row = found_for.get(column)
        for number, spec in enumerate(specs):
            found = () if row is None else predicted[row].get(spec.name, ())
            is_right = row is not None and bool(right[row, number])
            tally.note(spec.name, column, item.get(spec.name, ()), found[0] if found else None, is_right)
    for row in sorted(set(range(len(predicted))) - set(found_for.values())):
        for spec in specs:
            for best in predicted[row].get(spec.name, ())[:1]:
                tally.note(spec.name, len(true) + row, [], best, False)


def _equal_fields(
    predicted: Values, true: Values, specs: Sequence[FieldSpec], how: Comparison, locale: DocumentLocale | None
) -> list[bool]:
    return [
        any(equal(best, one, spec, how, locale) for best in predicted.get(spec.name, ())[:1] for one in true.get(spec.name, ()))
        for spec in specs
    ]
