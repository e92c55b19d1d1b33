"""How a data set writes its truths: day or month first, comma or point. Decided from the truths alone.

Reading a truth under the conventions that the prediction assumed would call a swapped day and month right whenever both sides
are swapped alike. So the truths decide for themselves, all together where they agree; only where they say nothing does the
predicted document decide.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from docgrid.evaluation.instances import DocumentValues
from docgrid.schema import FieldType, Schema
from docgrid.values import DocumentLocale, decide_locale

T = TypeVar("T")

AGREEMENT = 0.95  # share of the decisive truths that make a convention of the whole data set

_NUMERIC = (FieldType.MONEY, FieldType.NUMBER, FieldType.PERCENT)
_DECIMAL_MARK = re.compile(r"\d([.,])\d{1,2}(?!\d|[.,]\d)")


@dataclass(frozen=True, slots=True)
class Convention:
    """How truths are written; None: they do not say."""

    decimal_separator: str | None = None
    day_first: bool | None = None

    def locale(self, fallback: DocumentLocale | None) -> DocumentLocale | None:
        """The locale to read truths under, filled up from the predicted document; None where nobody knows."""
        if fallback is None:
            if self.decimal_separator is None and self.day_first is None:
                return None
            return DocumentLocale(self.decimal_separator or ".", self.day_first)
        return replace(
            fallback,
            decimal_separator=self.decimal_separator or fallback.decimal_separator,
            day_first=fallback.day_first if self.day_first is None else self.day_first,
        )


NO_CONVENTION = Convention()


def conventions_of(truths: Sequence[DocumentValues], schema: Schema) -> list[Convention]:
    """The convention of every truth: the one of the data set where there is one, else its own.

    Args:
        truths: All documents of a data set.
        schema: Gives the types of their fields.
    """
    numbers = [_decimal_votes(_texts(truth, schema, _NUMERIC)) for truth in truths]
    dates = [_order_votes(_texts(truth, schema, (FieldType.DATE,))) for truth in truths]
    common_separator = _agreed(sum(numbers, Counter()))
    common_order = _agreed(sum(dates, Counter()))
    return [
        Convention(
            _agreed(number) if common_separator is None else common_separator,
            _agreed(order) if common_order is None else common_order,
        )
        for number, order in zip(numbers, dates, strict=True)
    ]


def _texts(truth: DocumentValues, schema: Schema, types: Sequence[FieldType]) -> Iterable[str]:
    for values in (truth.fields, *truth.line_items):
        for name, entries in values.items():
            if schema.field(name).type in types:
                yield from (entry.text for entry in entries)


def _decimal_votes(texts: Iterable[str]) -> Counter[str]:
    return Counter(mark for text in texts for mark in _DECIMAL_MARK.findall(text))


def _order_votes(texts: Iterable[str]) -> Counter[bool]:
    """Votes of single dates that can be read in one way only, or are written with dots."""
    orders = (decide_locale([text]).day_first for text in texts)
    return Counter(order for order in orders if order is not None)


def _agreed(votes: Counter[T]) -> T | None:
    if not votes:
        return None
    first, count = votes.most_common(1)[0]
    return first if count >= AGREEMENT * votes.total() else None
