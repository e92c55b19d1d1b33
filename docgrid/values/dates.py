"""Dates inside a line of text: numeric in any order, or with month names in eight languages.

Only full dates count: "December 2015" has no day and is none. A library such as dateparser reads far more, also what is no
date at all (it completes "December 2015" with today's day); these patterns read what documents print, and nothing else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from docgrid.values.folding import plain_letters

# Names and abbreviations without accents, one row a month: en, de, fr, es, it, nl, pt, ms.
_MONTH_ROWS = (
    "january jan januar janner jan janvier janv enero ene gennaio gen januari janeiro",
    "february feb februar febr fevrier fevr fev febrero febbraio februari fevereiro",
    "march mar marz mrz maerz mars marzo maart mrt marco mac",
    "april apr avril avr abril abr aprile",
    "may mai mayo maggio mag mei maio",
    "june jun juni juin junio giugno giu junho",
    "july jul juli juillet juil julio luglio lug julho julai",
    "august aug aout agosto ago augustus ogos agst",
    "september sep sept septembre septiembre settembre set setembro",
    "october oct oktober okt octobre octubre ottobre ott outubro out",
    "november nov novembre noviembre novembro",
    "december dec dezember dez decembre diciembre dic dicembre dezembro disember dis",
)
_MONTHS = {name: number for number, row in enumerate(_MONTH_ROWS, start=1) for name in row.split()}
_ALSO_WORDS = frozenset(("set", "out", "mag", "dis", "mac"))  # also words: months only with a four-digit year

_NAME = "|".join(sorted(_MONTHS, key=len, reverse=True))
_YEAR = r"'?((?:19|20)\d{2}(?!\d)|(?:19|20)\d{2}(?=\d{1,2}:\d{2})|\d{2}(?![.,:]?\d))"
_ORDINAL = r"(?:st|nd|rd|th|er|ere|eme|[ºª°])?"

_DAY_MONTH_YEAR = re.compile(rf"(?<!\d)(\d{{1,2}}) ?([./\-]) ?(\d{{1,2}}) ?\2 ?{_YEAR}")
_YEAR_MONTH_DAY = re.compile(r"(?<!\d)((?:19|20)\d{2}) ?([./\-]) ?(\d{1,2}) ?\2 ?(\d{1,2})(?!\d)")
_COMPACT = re.compile(r"(?<![\w.,])((?:19|20)\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\w|[.,\-]\d)")
_COMPACT_REVERSED = re.compile(r"(?<![\w.,])(0[1-9]|[12]\d|3[01])(0[1-9]|1[0-2])(20[0-4]\d)(?!\w|[.,\-/]\d)")
_SPACED = re.compile(r"(?<![\w.,])(\d{2}) (\d{2}) ((?:19|20)\d{2})(?![\w])")
_DAY_NAME_YEAR = re.compile(
    rf"(?<!\d)(\d{{1,2}}){_ORDINAL}[ \-/.,]{{0,3}}(?:of |de |d')?({_NAME})(?![a-z])[ \-/.,]{{0,3}}(?:de |del )?{_YEAR}"
)
_NAME_DAY_YEAR = re.compile(rf"(?<![a-z])({_NAME})[ \-/.]{{0,2}}(\d{{1,2}}){_ORDINAL}[ \-/.,]{{1,3}}{_YEAR}")
_YEAR_NAME_DAY = re.compile(rf"(?<!\d)((?:19|20)\d{{2}})[ \-/.]{{0,2}}({_NAME})(?![a-z])[ \-/.]{{0,2}}(\d{{1,2}})(?!\d)")

CENTURY_PIVOT = 70  # two-digit years from here on lie in the 1900s


@dataclass(frozen=True, slots=True)
class DateSpan:
    """A date in a text: its offsets and all its readings, best first."""

    start: int
    stop: int
    readings: tuple[date, ...]
    order: tuple[int, int] | None = None  # the first two numbers of a numeric date whose order matters
    separator: str = ""


def find_dates(text: str, day_first: bool | None) -> list[DateSpan]:
    """All full dates of a line, from left to right, without overlaps.

    Args:
        text: One line.
        day_first: Whether 02/03/2020 is the second of March; None prefers it but keeps the other reading.
    """
    if sum(map(str.isdigit, text)) < 3:
        return []
    found = list(_numeric_dates(text, day_first))
    if any(map(str.isalpha, text)):
        found += _named_dates(plain_letters(text))
    spans: list[DateSpan] = []
    for span in sorted(found, key=lambda span: (span.start, -span.stop)):
        if not spans or span.start >= spans[-1].stop:
            spans.append(span)
    return spans


def _numeric_dates(text: str, day_first: bool | None) -> list[DateSpan]:
    spans = []
    for match in _DAY_MONTH_YEAR.finditer(text):
        if _is_part_of_longer(text, match.start(), match.end(), match[2]):
            continue
        first, second, year = int(match[1]), int(match[3]), _year(match[4])
        readings = _orders(first, second, year, day_first)
        if not readings and len(match[1]) == len(match[4]) == 2:  # 99-01-31
            readings = _valid(_year(match[1]), second, int(match[4]))
        if readings:
            spans.append(DateSpan(match.start(), match.end(), readings, (first, second), match[2]))
    for match in _YEAR_MONTH_DAY.finditer(text):
        if not _is_part_of_longer(text, match.start(), match.end(), match[2]):
            readings = _valid(int(match[1]), int(match[3]), int(match[4]))
            spans += [DateSpan(match.start(), match.end(), readings)] if readings else []
    for match in _COMPACT.finditer(text):
        readings = _valid(int(match[1]), int(match[2]), int(match[3]))
        spans += [DateSpan(match.start(), match.end(), readings)] if readings else []
    for pattern in (_COMPACT_REVERSED, _SPACED):
        for match in pattern.finditer(text):
            readings = _orders(int(match[1]), int(match[2]), int(match[3]), day_first)
            spans += [DateSpan(match.start(), match.end(), readings)] if readings else []
    return spans


def _named_dates(plain: str) -> list[DateSpan]:
    spans = []
    for pattern, (day, name, year) in ((_DAY_NAME_YEAR, (1, 2, 3)), (_NAME_DAY_YEAR, (2, 1, 3)), (_YEAR_NAME_DAY, (3, 2, 1))):
        for match in pattern.finditer(plain):
            if match[name] in _ALSO_WORDS and len(match[year]) == 2:
                continue
            readings = _valid(_year(match[year]), _MONTHS[match[name]], int(match[day]))
            spans += [DateSpan(match.start(), match.end(), readings)] if readings else []
    return spans


def _is_part_of_longer(text: str, start: int, stop: int, separator: str) -> bool:
    """Whether the same separator goes on before or after: 1-12-03-2018 is a number with dashes, not a date."""
    before = text[max(0, start - 2) : start]
    if len(before) == 2 and before[1] == separator and (before[0].isdigit() or (separator == "-" and before[0].isalpha())):
        return True
    after = text[stop : stop + 2]
    return len(after) == 2 and after[0] == separator and after[1].isdigit()


def _year(digits: str) -> int:
    if len(digits) == 4:
        return int(digits)
    return int(digits) + (1900 if int(digits) >= CENTURY_PIVOT else 2000)


def _valid(year: int, month: int, day: int) -> tuple[date, ...]:
    try:
        return (date(year, month, day),)
    except ValueError:
        return ()


def _orders(first: int, second: int, year: int, day_first: bool | None) -> tuple[date, ...]:
    """Day and month both ways round, the preferred way first, equal readings once."""
    day_month, month_day = _valid(year, second, first), _valid(year, first, second)
    both = month_day + day_month if day_first is False else day_month + month_day
    return tuple(dict.fromkeys(both))
