"""Finding dates, amounts, numbers and percentages by value."""

from __future__ import annotations

import re
from decimal import Decimal

from docgrid.datasets.segments import DocumentIndex, Segment
from docgrid.datasets.textmatch import Match, fit_edges
from docgrid.schema import FieldType
from docgrid.values import Candidate, DocumentLocale, Value, parse_value

PLAIN = DocumentLocale(decimal_separator=".", day_first=None, currency=None, language=None)
_NUMBER = re.compile(r"[(+\-−–]?(?<!\d)[.,]?\d(?:[\d.,'’` ]*\d)?[)\-]?")
NUMERIC = (FieldType.MONEY, FieldType.NUMBER, FieldType.PERCENT)


def find_typed(index: DocumentIndex, value: str, kind: FieldType, *, plain: bool = False, loose: bool = False) -> list[Match]:
    """All places that print a value, however it is spelt, in reading order.

    Places with exactly the value come alone; else those where one of several readings fits (03/04/20), and with `loose` those
    that print it rounded or without its sign.

    Args:
        index: The document.
        value: The true value.
        kind: How it is read.
        plain: The value is a plain decimal or an ISO date, whatever the document prints.
        loose: Take a rounded number (3.33 for 3.3333) or one without its sign where nothing else fits.
    """
    wanted = parse_value(value, kind, PLAIN if plain else index.locale)
    if wanted.value is None:
        return []
    groups: tuple[list[Match], list[Match], list[Match]] = ([], [], [])
    for segment, candidate in index.candidates(kind):
        rank = _rank(wanted, candidate, loose)
        if rank is not None:
            groups[rank].append(_match_of(index, segment, candidate, value))
    return next((group for group in groups if group), [])


def _match_of(index: DocumentIndex, segment: Segment, candidate: Candidate, value: str) -> Match:
    page = index.pages[segment.page]
    start, stop = candidate.start, candidate.stop
    if candidate.type in NUMERIC:  # without currency and per-cent signs, unless the value has them
        number = _NUMBER.search(segment.text, start, stop)
        start, stop = number.span() if number else (start, stop)
    rows = tuple(row for row in segment.rows[start:stop] if row >= 0)
    if candidate.type in NUMERIC:
        rows = fit_edges(page, rows, value, amount=True)
    return Match(page, rows, 1.0)


def _rank(wanted: Value, candidate: Candidate, loose: bool) -> int | None:
    """0: the same; 1: a possible reading, or without cents; 2: rounded or without its sign; None: another value."""
    printed = candidate.value
    if wanted.type not in NUMERIC:
        if printed.value == wanted.value:
            return 0
        return 1 if _readings(printed) & _readings(wanted) else None
    true, shown = Decimal(wanted.value or "0"), Decimal(printed.value or "0")
    if true == shown:
        bare = wanted.type is FieldType.MONEY and "." in (wanted.value or "") and "." not in (printed.value or "")
        return 1 if bare else 0
    others = [Decimal(text) for text in printed.alternatives]
    if true in others or shown in [Decimal(text) for text in wanted.alternatives]:
        return 1
    if not loose:
        return None
    return 2 if any(abs(true) == abs(reading) or _is_rounded(true, reading) for reading in (shown, *others)) else None


def _is_rounded(true: Decimal, shown: Decimal) -> bool:
    """Whether a number with two or more decimals is the other one, which has more, rounded."""
    exponent, full = shown.as_tuple().exponent, true.as_tuple().exponent
    if not isinstance(exponent, int) or not isinstance(full, int) or exponent > -2 or full >= exponent:
        return False
    return abs(true - shown) * 2 <= Decimal(1).scaleb(exponent)


def _readings(value: Value) -> set[str]:
    """Every reading of a text as a typed value."""
    return {*value.alternatives, *([value.value] if value.value is not None else [])}
