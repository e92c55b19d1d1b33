"""Text to typed values, and the candidates for each type in a line of text."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from docgrid.schema import FieldType
from docgrid.values.amounts import NumberSpan, find_numbers
from docgrid.values.currencies import currency_of, find_marks
from docgrid.values.dates import find_dates
from docgrid.values.folding import fold
from docgrid.values.identifiers import find_identifiers, trim_identifier
from docgrid.values.locale import DocumentLocale

_PLAIN_DECIMAL = re.compile(r"-?\d+(?:\.\d+)?")
_MASK = "\x00"
_LONGEST_LINE = 5000  # characters; what a line holds beyond them is no part of a document
_LONGEST_MONEY = 9  # digits of a bare whole number that may still be an amount


@dataclass(frozen=True, slots=True)
class Value:
    """A typed value in its normal form."""

    type: FieldType
    value: str | None  # ISO 8601 date, plain decimal ("1234.50"), ISO 4217 code, or text; None: cannot be read as its type
    currency: str | None = None  # ISO 4217, for money
    alternatives: tuple[str, ...] = ()  # other readings that nothing in the document rules out


@dataclass(frozen=True, slots=True)
class Candidate:
    """A piece of a line that can be read as a type; `start` and `stop` are offsets into the line."""

    start: int
    stop: int
    type: FieldType
    value: Value


def parse_date(text: str, locale: DocumentLocale) -> tuple[date, ...]:
    """All readings of the first date in a text, best first; empty without one."""
    spans = find_dates(text, locale.day_first)
    return spans[0].readings if spans else ()


def parse_amount(text: str, locale: DocumentLocale) -> tuple[Decimal, ...]:
    """All readings of the amount in a text, best first; empty without one.

    Of several numbers the one with a currency mark is taken, else the longest.
    """
    spans = find_numbers(text, locale.decimal_separator, locale.currency)
    if not spans:
        return ()
    return max(spans, key=lambda span: (span.mark is not None, span.stop - span.start)).readings


def parse_value(text: str, type: FieldType, locale: DocumentLocale) -> Value:
    """Read a text as a type; `value` is None where it cannot be.

    Args:
        text: Verbatim text; line breaks count as spaces.
        type: What it is to be read as.
        locale: The document's conventions.
    """
    return _PARSERS[type](" ".join(text.split()), locale)


def _parse_date(text: str, locale: DocumentLocale) -> Value:
    return _date_value(parse_date(text, locale), locale)


def _date_value(readings: tuple[date, ...], locale: DocumentLocale) -> Value:
    if not readings:
        return Value(FieldType.DATE, None)
    others = readings[1:] if locale.day_first is None else ()
    return Value(FieldType.DATE, readings[0].isoformat(), None, tuple(other.isoformat() for other in others))


def _parse_money(text: str, locale: DocumentLocale) -> Value:
    spans = find_numbers(text, locale.decimal_separator, locale.currency)
    if not spans:
        return Value(FieldType.MONEY, None)
    best = max(spans, key=lambda span: (span.mark is not None, span.stop - span.start))
    return _number_value(best, FieldType.MONEY, locale)


def _number_value(span: NumberSpan, type: FieldType, locale: DocumentLocale) -> Value:
    texts = tuple(format(reading, "f") for reading in span.readings)
    currency = (span.currency or locale.currency) if type is FieldType.MONEY else None
    return Value(type, texts[0], currency, texts[1:])


def _parse_number(type: FieldType) -> Callable[[str, DocumentLocale], Value]:
    def parse(text: str, locale: DocumentLocale) -> Value:
        spans = find_numbers(text, locale.decimal_separator)
        if not spans:
            return Value(type, None)
        marked = [span for span in spans if span.per_cent] if type is FieldType.PERCENT else []
        return _number_value((marked or spans)[0], type, locale)

    return parse


def _parse_identifier(text: str, locale: DocumentLocale) -> Value:
    start, stop = trim_identifier(text, 0, len(text))
    return Value(FieldType.IDENTIFIER, text[start:stop] or None)


def _parse_currency(text: str, locale: DocumentLocale) -> Value:
    code = currency_of(text, locale.currency)
    if code is None:
        marks = find_marks(text)
        code = currency_of(text[marks[0][0] : marks[0][1]], locale.currency) if marks else None
    return Value(FieldType.CURRENCY, code)


def _parse_text(text: str, locale: DocumentLocale) -> Value:
    return Value(FieldType.TEXT, text or None)


_PARSERS: dict[FieldType, Callable[[str, DocumentLocale], Value]] = {
    FieldType.TEXT: _parse_text,
    FieldType.DATE: _parse_date,
    FieldType.MONEY: _parse_money,
    FieldType.NUMBER: _parse_number(FieldType.NUMBER),
    FieldType.PERCENT: _parse_number(FieldType.PERCENT),
    FieldType.IDENTIFIER: _parse_identifier,
    FieldType.CURRENCY: _parse_currency,
}


def find_candidates(line_text: str, type: FieldType, locale: DocumentLocale, *, spaced_marks: bool = False) -> list[Candidate]:
    """Every piece of a line that can be read as a type, also inside one token ("Date:25/12/2018") and over several words.

    Candidates may overlap where a line can be cut in two ways ("1 234,56"). Free text has no candidates.

    Args:
        line_text: The words of one line, joined by one space.
        type: Which values are looked for.
        locale: The document's conventions.
        spaced_marks: Give an amount whose currency mark stands apart ("RM 7.42") twice, without and with the mark. A mark
            that touches its amount ("RM7.42") always belongs to it.
    """
    line_text = line_text[:_LONGEST_LINE]
    if type is FieldType.DATE:
        return [
            Candidate(span.start, span.stop, type, _date_value(span.readings, locale))
            for span in find_dates(line_text, locale.day_first)
        ]
    if type in (FieldType.MONEY, FieldType.NUMBER, FieldType.PERCENT):
        return _number_candidates(line_text, type, locale, spaced_marks)
    if type is FieldType.IDENTIFIER:
        return [Candidate(start, stop, type, Value(type, line_text[start:stop])) for start, stop in find_identifiers(line_text)]
    if type is FieldType.CURRENCY:
        return _currency_candidates(line_text, locale)
    return []


def _number_candidates(line_text: str, type: FieldType, locale: DocumentLocale, spaced_marks: bool) -> list[Candidate]:
    found = []
    for span in _line_numbers(line_text, locale.decimal_separator, locale.currency):
        if not _USABLE[type](span):
            continue
        start, stop = span.start, span.stop
        if type is FieldType.PERCENT and span.per_cent:
            stop = max(stop, span.per_cent)
        value = _number_value(span, type, locale)
        found.append(Candidate(start, stop, type, value))
        if spaced_marks and type is FieldType.MONEY and span.mark and not start <= span.mark[0] < stop:
            found.append(Candidate(min(start, span.mark[0]), max(stop, span.mark[1]), type, value))
    return found


@lru_cache(maxsize=4096)  # one line is asked for money, numbers and per cents in turn
def _line_numbers(line_text: str, decimal_separator: str, currency: str | None) -> tuple[NumberSpan, ...]:
    if not any(map(str.isdigit, line_text)):
        return ()
    pieces, done = [], 0
    for span in find_dates(line_text, None):
        pieces += [line_text[done : span.start], _MASK * (span.stop - span.start)]
        done = span.stop
    masked = "".join([*pieces, line_text[done:]])
    return tuple(find_numbers(masked, decimal_separator, currency))


def _usable_as_money(span: NumberSpan) -> bool:
    if span.per_cent or span.padded:
        return False
    if span.decimals == 2:
        return True
    if span.touches_word:
        return False
    return span.mark is not None or not span.bare or span.stop - span.start <= _LONGEST_MONEY


def _usable_as_number(span: NumberSpan) -> bool:
    return not span.per_cent and not span.padded and (span.decimals > 0 or span.stop - span.start <= _LONGEST_MONEY)


def _usable_as_percent(span: NumberSpan) -> bool:
    return span.per_cent > 0 or (span.mark is None and not span.touches_word and abs(span.readings[0]) <= 100)


_USABLE: dict[FieldType, Callable[[NumberSpan], bool]] = {
    FieldType.MONEY: _usable_as_money,
    FieldType.NUMBER: _usable_as_number,
    FieldType.PERCENT: _usable_as_percent,
}


def _currency_candidates(line_text: str, locale: DocumentLocale) -> list[Candidate]:
    found = []
    for start, stop in find_marks(line_text):
        code = currency_of(line_text[start:stop], locale.currency)
        if code is not None:
            found.append(Candidate(start, stop, FieldType.CURRENCY, Value(FieldType.CURRENCY, code)))
    return found


def same_value(first: str, second: str, type: FieldType, locale: DocumentLocale | None = None) -> bool:
    """Whether two texts mean the same: dates as dates, numbers as numbers, text and identifiers folded.

    Args:
        first: Verbatim or normal form.
        second: Likewise.
        type: How they are read.
        locale: The conventions of both; None tries every convention, the same one on both sides.
    """
    if type in (FieldType.TEXT, FieldType.IDENTIFIER, FieldType.DATE) and _same_letters(first, second):
        return True
    if type is FieldType.DATE:
        ways = (locale,) if locale else (DocumentLocale(day_first=True), DocumentLocale(day_first=False))
        return any(parse_date(first, way)[:1] == parse_date(second, way)[:1] != () for way in ways)
    if type in (FieldType.MONEY, FieldType.NUMBER, FieldType.PERCENT):
        return _same_amount(first, second, locale)
    if type is FieldType.CURRENCY:
        codes = [_parse_currency(text, locale or DocumentLocale()).value for text in (first, second)]
        return codes[0] == codes[1] is not None
    return False


def _same_letters(first: str, second: str) -> bool:
    """Whether two texts fold to the same; texts of nothing but punctuation must agree in it. Empty ones are never the same."""
    one, other = fold(first), fold(second)
    return one == other if one or other else first.strip() == second.strip() != ""


def _same_amount(first: str, second: str, locale: DocumentLocale | None) -> bool:
    ways = (locale,) if locale else (DocumentLocale("."), DocumentLocale(","))
    for way in ways:
        readings = [parse_amount(text, way) for text in (first, second)]
        if readings[0][:1] == readings[1][:1] != ():
            return True
        for text, others in ((first, readings[1]), (second, readings[0])):  # a normal form has one reading
            if locale is None and _PLAIN_DECIMAL.fullmatch(text.strip()) and Decimal(text.strip()) in others:
                return True
    return False
