"""Numbers inside a line of text, with their signs, currency marks and per-cent signs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from docgrid.values.currencies import currency_of, mark_after, mark_before

_TOKEN = re.compile(r"\d(?:[\d.,'’`]*\d)?|(?<![\d.,])[.,]\d{2}(?!\d)")
_SPACED_GROUPS = re.compile(r"(?<![\d.,'])(?=(\d{1,3}(?: \d{3}){1,4}[.,]\d{2})(?!\d|[.,]\d))")
_PER_CENT = re.compile(r" ?(?:%|percent\b|prozent\b|v\. ?H\.)", re.IGNORECASE)
_NO_CENTS = re.compile(r"[.,](?:-{1,2}|–|—)(?!\w)")  # 12,-
_TIME = re.compile(r":\d{2}")
_GROUPED = re.compile(r"\d{1,3}(?:\d{3})*")
MINUS = "-−–"
_LONGEST = 20  # characters; longer runs of digits are identifiers


@dataclass(frozen=True, slots=True)
class NumberSpan:
    """A number in a text. `start` and `stop` hold its sign, its brackets and a currency mark that touches it ("RM7.42")."""

    start: int
    stop: int
    readings: tuple[Decimal, ...]  # best first
    decimals: int  # digits after the decimal separator, in the first reading; 0 without one
    currency: str | None  # ISO 4217 of the mark beside it
    mark: tuple[int, int] | None  # offsets of that mark
    per_cent: int  # offset after a per-cent sign, 0 without one
    bare: bool  # nothing but digits, so it may be a count, a year or a piece of an identifier
    padded: bool  # a whole number with leading zeros: a piece of an identifier
    touches_word: bool  # letters or a hyphen compound stand directly at it


def read_number(token: str, decimal_separator: str) -> tuple[Decimal, ...]:
    """All readings of digits with separators, best first; empty where the separators make no number.

    Args:
        token: Digits, dots, commas, apostrophes and spaces; begins and ends with a digit (or begins with a separator: .50).
        decimal_separator: "." or ",": decides 1.234 and 1,234, which both could be thousands.
    """
    token = re.sub(r"['’` ]", "", token)
    dots, commas = token.count("."), token.count(",")
    if not dots and not commas:
        return (Decimal(token),)
    if dots and commas:
        decimal = "." if token.rindex(".") > token.rindex(",") else ","
        if token.count(decimal) > 1:
            return ()
        whole, _, fraction = token.partition(decimal)
        return _decimal(whole, fraction) if _is_grouped(whole) else ()
    separator = "." if dots else ","
    whole, _, fraction = token.rpartition(separator)
    if max(dots, commas) > 1:
        if _is_grouped(token):
            return (Decimal(token.replace(separator, "")),)
        return _decimal(whole, fraction) if len(fraction) == 2 and _is_grouped(whole) else ()  # 1.234.56 for 1,234.56
    if len(fraction) == 3 and 1 <= len(whole) <= 3 and not whole.startswith("0"):
        readings = _decimal(whole, fraction) + (Decimal(whole + fraction),)
        return readings if separator == decimal_separator else readings[::-1]
    return _decimal(whole, fraction)


def _is_grouped(whole: str) -> bool:
    """Whether separators stand at every third digit, or in the Indian way (1,23,456)."""
    groups = re.split(r"[.,]", whole)
    if len(groups) == 1:
        return True
    if not 1 <= len(groups[0]) <= 3 or len(groups[-1]) != 3:
        return False
    middle = {len(group) for group in groups[1:-1]}
    return middle <= {3} or (middle == {2} and len(groups[0]) <= 2)


def _decimal(whole: str, fraction: str) -> tuple[Decimal, ...]:
    return (Decimal(re.sub(r"[.,]", "", whole or "0") + "." + fraction),)


def find_numbers(text: str, decimal_separator: str, dollar: str | None = None) -> list[NumberSpan]:
    """All numbers of a line that are no part of a time, a fraction or a dotted identifier; dates must be masked before.

    Where digits in groups could be one number or several (21 1 234,56), the list holds every way to read them.
    """
    spans = []
    for match in _SPACED_GROUPS.finditer(text):
        span = _span(text, match.start(1), match.end(1), decimal_separator, dollar)
        spans += [span] if span else []
    for match in _TOKEN.finditer(text):
        span = _span(text, match.start(), match.end(), decimal_separator, dollar)
        spans += [span] if span else []
    return sorted(spans, key=lambda span: (span.start, -span.stop))


def _span(text: str, start: int, stop: int, decimal_separator: str, dollar: str | None) -> NumberSpan | None:
    token = text[start:stop]
    readings = read_number(token, decimal_separator) if len(token) <= _LONGEST else ()
    if not readings:
        return None
    decimals = max(0, -int(readings[0].as_tuple().exponent))
    if _is_time_or_fraction(text, start, stop, decimals):
        return None
    no_cents = _NO_CENTS.match(text, stop)
    per_cent = _PER_CENT.match(text, stop)
    digits = (start, no_cents.end() if no_cents else stop)
    mark = _mark_beside(text, *digits)
    outer = (min(digits[0], mark[0]), max(digits[1], mark[1])) if mark else digits
    negative, first, last = _sign(text, digits, outer)
    if negative:
        readings = tuple(-reading for reading in readings)
    if mark and " " not in text[outer[0] : digits[0]] + text[digits[1] : outer[1]]:
        first, last = min(first, mark[0]), max(last, mark[1])
    return NumberSpan(
        first,
        last,
        readings,
        decimals,
        currency=currency_of(text[mark[0] : mark[1]], dollar) if mark else None,
        mark=mark,
        per_cent=per_cent.end() if per_cent else 0,
        bare=token.isdigit() and not (mark or no_cents or per_cent),
        padded=token.isdigit() and len(token) > 1 and token[0] == "0",
        touches_word=_touches_word(text, *outer),
    )


def _mark_beside(text: str, start: int, stop: int) -> tuple[int, int] | None:
    """Offsets of the currency mark before or after a number, the gap left out."""
    before = mark_before(text, start)
    if before is not None:
        return before, before + len(text[before:start].rstrip(" :"))
    after = mark_after(text, stop)
    return (stop + len(text[stop:after]) - len(text[stop:after].lstrip()), after) if after is not None else None


def _touches_word(text: str, start: int, stop: int) -> bool:
    before, after = text[start - 1 : start], text[stop : stop + 1]
    if before.isalnum() or after.isalnum() or (before and before in "#_/\\") or (after and after in "#_\\"):
        return True
    if before in ("-", ".") and text[start - 2 : start - 1].isalnum():
        return True
    return after in ("-", "/") and text[stop + 1 : stop + 2].isalnum()


def _is_time_or_fraction(text: str, start: int, stop: int, decimals: int) -> bool:
    before, before_that, after = text[start - 1 : start], text[start - 2 : start - 1], text[stop : stop + 1]
    if _TIME.match(text, stop) or (before == ":" and before_that.isdigit() and len(text[start:stop]) == 2):
        return True
    if decimals:
        return False
    return (before == "/" and before_that.isdigit()) or (after == "/" and text[stop + 1 : stop + 2].isdigit())


def _sign(text: str, number: tuple[int, int], outer: tuple[int, int]) -> tuple[bool, int, int]:
    """Whether a number is negative, and where it begins and ends with the minus sign or the brackets that say so.

    Args:
        text: The line.
        number: Offsets of the digits.
        outer: Offsets with the currency mark, where there is one.
    """
    start, stop = number
    for edge in dict.fromkeys((start, outer[0])):
        before, before_that = text[edge - 1 : edge], text[edge - 2 : edge - 1]
        if before and before in MINUS and not before_that.isalnum():
            return True, min(edge - 1, start), stop
    after = text[stop : stop + 1]
    if after and after in MINUS and not text[stop + 1 : stop + 2].isalnum():
        return True, start, stop + 1
    before, after = text[outer[0] - 1 : outer[0]], text[outer[1] : outer[1] + 1]
    if before == "(" and after == ")" and (outer != number or "." in text[start:stop] or "," in text[start:stop]):
        return True, outer[0] - 1, outer[1] + 1
    return False, start, stop
