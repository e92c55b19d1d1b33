from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docgrid.schema import FieldType
from docgrid.values import DocumentLocale, decide_locale, find_candidates, fold, parse_value, plain_letters, same_value

LINES = st.one_of(st.text(max_size=60), st.text(alphabet="0123456789.,-/ ':()$€RMabcEUR%\u00b2\u0663Ⅷ", max_size=40))
LOCALES = st.sampled_from([DocumentLocale(), DocumentLocale(",", False, "EUR", "de"), DocumentLocale(".", True, "SGD", None)])


@settings(max_examples=150, deadline=None)
@given(LINES, st.sampled_from(FieldType), LOCALES)
def test_any_line_gives_candidates_that_lie_inside_it_and_have_a_value(
    line: str, type: FieldType, locale: DocumentLocale
) -> None:
    for candidate in find_candidates(line, type, locale, spaced_marks=True):
        assert 0 <= candidate.start < candidate.stop <= len(line)
        assert candidate.value.value
        assert_normal(candidate.value.value, type)


def assert_normal(value: str, type: FieldType) -> None:
    if type is FieldType.DATE:
        assert date.fromisoformat(value).isoformat() == value
    elif type in (FieldType.MONEY, FieldType.NUMBER, FieldType.PERCENT):
        assert Decimal(value).is_finite()
        assert value.isascii()


@settings(max_examples=150, deadline=None)
@given(st.lists(LINES, max_size=5), LINES)
def test_no_text_breaks_deciding_folding_or_comparing(lines: list[str], text: str) -> None:
    locale = decide_locale(lines)
    assert locale.decimal_separator in (".", ",")
    assert len(plain_letters(text)) == len(text)
    assert fold(fold(text)) == fold(text)
    for type in FieldType:
        value = parse_value(text, type, locale).value
        assert value is None or value
        same_value(text, " ".join(lines), type)


@pytest.mark.parametrize("piece", ["1/", "1 ", ".", "a@", "may ", "12/12/2018 ", "DE89 ", "$", "(", "ab:", "-"])
def test_long_monotonous_lines_are_read_in_linear_time(piece: str) -> None:
    # Four thousand characters; anything quadratic would take many seconds here.
    for type in FieldType:
        find_candidates(piece * (4000 // len(piece)), type, DocumentLocale())
