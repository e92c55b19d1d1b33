"""Page lists and limits."""

from __future__ import annotations

import pytest

from docgrid.errors import UsageError
from docgrid.reading.options import ReadingOptions, parse_pages


@pytest.mark.parametrize(("text", "pages"), [("1", (1,)), ("1-3,7", (1, 2, 3, 7)), ("7, 2-2 ,7", (2, 7))])
def test_pages_are_numbers_and_ranges_counted_from_one(text: str, pages: tuple[int, ...]) -> None:
    assert parse_pages(text) == pages


@pytest.mark.parametrize("text", ["", "0", "3-1", "a", "1-", "-1", "1,,2", "1-9999999", "99999999999999999999", "١"])
def test_anything_else_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_pages(text)
    assert '"1-3,7"' in caught.value.hint


def test_without_a_list_every_page_is_wanted() -> None:
    assert ReadingOptions().wants_page(12)
    assert not ReadingOptions(pages=(1, 3)).wants_page(2)


def test_the_password_is_not_shown() -> None:
    assert "secret" not in repr(ReadingOptions(password="secret"))


@pytest.mark.parametrize("dpi", [1, 29.9, 2000, float("nan")])
def test_a_resolution_out_of_range_is_refused(dpi: float) -> None:
    with pytest.raises(UsageError, match="dpi"):
        ReadingOptions(dpi=dpi)
