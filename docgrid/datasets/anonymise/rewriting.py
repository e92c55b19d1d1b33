"""A document with other letters and digits in the same places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from random import Random

import numpy as np
from numpy.typing import NDArray

from docgrid.datasets.anonymise.days import other_dates
from docgrid.datasets.anonymise.letters import RUN, Pseudonyms
from docgrid.datasets.anonymise.sums import UNIT, Sum, other_amounts, sum_of, sums_of_two
from docgrid.datasets.segments import DocumentIndex, Segment
from docgrid.labels import LabelledDocument, LabelledField
from docgrid.page import Characters, Document
from docgrid.schema import FieldType, Schema
from docgrid.values import find_candidates, parse_date, parse_value
from docgrid.values.currencies import find_marks

_TEXTS = (FieldType.TEXT, FieldType.IDENTIFIER)
_COUNTS = (FieldType.NUMBER, FieldType.PERCENT, FieldType.CURRENCY)
_COLUMN_PT = 2.0  # amounts whose right edges are so near stand in one column
_LONGEST_COLUMN = 40  # amounts of a column that are looked at as one sum
_MOST_DIGITS = 13

_Rows = tuple[int, tuple[int, ...]]  # index of the page, rows of its characters


@dataclass(frozen=True, slots=True)
class _Amount:
    """One printed amount."""

    place: _Rows  # its digits alone
    parts: int  # of which `UNIT` make one
    step: int  # what one in its last digit is worth, in parts
    right: float  # points
    top: float


class Rewriter:
    """Rewrites one document; every character is rewritten at most once.

    Args:
        labelled: The document with the places of its values.
        schema: Gives the types.
        secret: Decides the new letters and digits; see `Pseudonyms`.
    """

    def __init__(self, labelled: LabelledDocument, schema: Schema, secret: bytes) -> None:
        self._labelled, self._schema = labelled, schema
        self._index = DocumentIndex(labelled.document)
        self._words = Pseudonyms(secret)
        self._random = Random(secret)
        self._new = [list(page.page.characters.text) for page in self._index.pages]
        self._done = [np.zeros(len(texts), bool) for texts in self._new]
        self._pages = {page.page.number: page.index for page in self._index.pages}
        self._types = self._labelled_types()

    def document(self) -> Document:
        """The document with other characters; boxes, words and lines as they were."""
        self._keep_counts()
        self._rewrite_dates()
        self._rewrite_amounts()
        self._keep_marks()
        self._rewrite_words()
        pages = [
            replace(page.page, characters=_with_text(page.page.characters, texts), warnings=())
            for page, texts in zip(self._index.pages, self._new, strict=True)
        ]
        return replace(self._labelled.document, pages=tuple(pages), warnings=(), metadata={})

    def _labelled_types(self) -> list[dict[int, FieldType]]:
        types: list[dict[int, FieldType]] = [{} for _ in self._new]
        for entry in self._labelled.fields:
            kind = self._schema.field(entry.name).type
            for place in entry.occurrences:
                for row in place.characters:
                    types[self._pages[place.page]].setdefault(row, kind)
        return types

    def _write(self, place: _Rows, text: str) -> None:
        page, rows = place
        for row, character in zip(rows, text, strict=True):
            self._new[page][row] = character
            self._done[page][row] = True

    def _is_free(self, place: _Rows) -> bool:
        return not self._done[place[0]][list(place[1])].any()

    def _keep_counts(self) -> None:
        """Quantities, rates and currencies of labels say nothing about anybody, and amounts are made of them."""
        for entry in self._labelled.fields:
            if self._schema.field(entry.name).type in _COUNTS:
                for place in entry.occurrences:
                    page = self._pages[place.page]
                    self._write((page, place.characters), "".join(self._new[page][row] for row in place.characters))

    def _spans(self, kind: FieldType) -> Iterator[tuple[Segment, int, int, str]]:
        for segment in self._index.segments:
            for found in find_candidates(segment.text, kind, self._index.locale):
                yield segment, found.start, found.stop, segment.text[found.start : found.stop]

    def _is_text(self, segment: Segment, start: int, stop: int) -> bool:
        """Whether a stretch of a line belongs to a labelled text or identifier, which is no amount and no date."""
        types = self._types[segment.page]
        return any(types.get(row) in _TEXTS for row in segment.rows[start:stop] if row >= 0)

    def _rewrite_dates(self) -> None:
        writings: dict[date, list[str]] = defaultdict(list)
        places: list[tuple[_Rows, date, str, str]] = []
        for segment, start, stop, text in self._spans(FieldType.DATE):
            readings = parse_date(text, self._index.locale)
            rows = tuple(row for row in segment.rows[start:stop] if row >= 0)
            if readings and self._is_free((segment.page, rows)) and not self._is_text(segment, start, stop):
                writings[readings[0]].append(text)
                places.append(((segment.page, rows), readings[0], text, segment.text))
        moved = other_dates(writings, self._random)
        for place, day, text, _ in places:
            self._write(place, "".join(moved[day][text].split()))

    def _rewrite_amounts(self) -> None:
        amounts = list(self._amounts())
        steps: dict[int, int] = {}
        for amount in amounts:
            steps[amount.parts] = max(steps.get(amount.parts, 1), amount.step)
        found = other_amounts(steps, self._sums(amounts), self._random)
        for amount in amounts:
            digits = str(found[amount.parts] // amount.step).zfill(len(amount.place[1]))
            self._write(amount.place, digits)

    def _amounts(self) -> Iterator[_Amount]:
        for segment, start, stop, text in self._spans(FieldType.MONEY):
            rows = tuple(row for row in segment.rows[start:stop] if row >= 0 and self._new[segment.page][row].isdigit())
            labelled = any(self._types[segment.page].get(row) is FieldType.MONEY for row in rows)
            value = parse_value(text, FieldType.MONEY, self._index.locale).value
            if not rows or value is None or not self._is_free((segment.page, rows)) or self._is_text(segment, start, stop):
                continue
            parts = int(abs(Decimal(value)) * UNIT)
            digits = "".join(self._new[segment.page][row] for row in rows)
            exponent = -int(Decimal(value).as_tuple().exponent)
            usual = exponent == 2 or (labelled and exponent <= 4)
            if not usual or len(digits) > _MOST_DIGITS or not digits.isascii():
                continue
            step = UNIT // 10**exponent
            if digits != str(parts // step).zfill(exponent + 1):
                continue
            box = self._index.pages[segment.page].page.characters.boxes[rows[-1]]
            yield _Amount((segment.page, rows), parts, step, float(box[2]), float(box[1]))
            self._done[segment.page][list(rows)] = True

    def _sums(self, amounts: Sequence[_Amount]) -> list[Sum]:
        """Sums among labels first, then those of the columns, then all of two."""
        totals = {amount.parts for amount in amounts}
        found = list(self._label_sums(totals))
        columns: list[list[_Amount]] = []
        for amount in sorted(amounts, key=lambda one: (one.place[0], one.top)):
            column = next((one for one in columns if self._continues(one[-1], amount)), None)
            if column is None:
                columns.append([amount])
            else:
                column.append(amount)
        for column in columns:
            values = [amount.parts for amount in column]
            for stop in range(3, min(len(values), _LONGEST_COLUMN)):
                starts = range(max(stop - _LONGEST_COLUMN, 0), stop - 2)
                found += [
                    one
                    for start in starts
                    if values[stop] == sum(values[start:stop])
                    for one in sum_of(values[start:stop], totals)
                ]
        return list(dict.fromkeys(found + sums_of_two(totals)))

    @staticmethod
    def _continues(before: _Amount, amount: _Amount) -> bool:
        return before.place[0] == amount.place[0] and abs(before.right - amount.right) < _COLUMN_PT

    def _label_sums(self, totals: set[int]) -> Iterator[Sum]:
        """Net + tax = gross, items and their total, quantity x price."""
        by_name: dict[str, list[int]] = defaultdict(list)
        by_item: dict[int, dict[str, LabelledField]] = defaultdict(dict)
        for entry in self._labelled.fields:
            if self._schema.field(entry.name).type is FieldType.MONEY and entry.occurrences:
                parts = self._parts(entry)
                if parts in totals:
                    by_name[entry.name].append(parts)
            if entry.item is not None:
                by_item[entry.item][entry.name] = entry
        heads = {name: values for name, values in by_name.items() if not self._schema.field(name).line_item}
        known = {value for values in heads.values() for value in values}
        yield from sums_of_two(known)
        for name, values in by_name.items():
            if self._schema.field(name).line_item:
                yield from sum_of(values, known)
        for entries in by_item.values():
            yield from self._products(list(entries.values()), totals)

    def _products(self, entries: Sequence[LabelledField], totals: set[int]) -> Iterator[Sum]:
        counts = [self._number(entry) for entry in entries if self._schema.field(entry.name).type is FieldType.NUMBER]
        money = [entry for entry in entries if self._schema.field(entry.name).type is FieldType.MONEY and entry.occurrences]
        prices = [value for entry in money if (value := self._parts(entry)) in totals]
        for count in (int(one) for one in counts if one is not None and one == int(one) and one > 1):
            yield from (Sum(total, ((price, count),)) for price in prices for total in prices if total == count * price)

    def _number(self, entry: LabelledField) -> Decimal | None:
        value = parse_value(entry.normal or entry.value, self._schema.field(entry.name).type, self._index.locale).value
        return None if value is None else Decimal(value)

    def _parts(self, entry: LabelledField) -> int:
        """The amount at the first place of a field; 0 where it cannot be read."""
        place = entry.occurrences[0]
        page = self._index.pages[self._pages[place.page]].page
        value = parse_value(page.characters.text_of(np.array(place.characters)), FieldType.MONEY, self._index.locale).value
        return 0 if value is None else int(abs(Decimal(value)) * UNIT)

    def _keep_marks(self) -> None:
        for segment in self._index.segments:
            for start, stop in find_marks(segment.text):
                rows = tuple(row for row in segment.rows[start:stop] if row >= 0)
                if self._is_free((segment.page, rows)) and not self._is_text(segment, start, stop):
                    self._done[segment.page][list(rows)] = True

    def _rewrite_words(self) -> None:
        for segment in self._index.segments:
            for match in RUN.finditer(segment.text):
                rows = segment.rows[match.start() : match.end()]
                types = self._types[segment.page]
                if self._is_free((segment.page, rows)):
                    named = any(types.get(row) in _TEXTS for row in rows)
                    self._write((segment.page, rows), self._words.word(match[0], named=named))
                else:  # a part of it is an amount or a date
                    for row in rows:
                        if not self._done[segment.page][row]:
                            self._write((segment.page, (row,)), self._words.word(self._new[segment.page][row], named=True))


def _with_text(characters: Characters, texts: Sequence[str]) -> Characters:
    code_points: NDArray[np.uint32] = np.array([ord(text) for text in texts], np.uint32).reshape(-1)
    return replace(characters, code_points=code_points)
