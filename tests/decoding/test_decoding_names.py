from __future__ import annotations

from pathlib import Path

import pytest

from docgrid.datasets.given import TextLine, document_from_lines
from docgrid.decoding.lines import PageLines
from docgrid.decoding.names import firm_words, is_name
from docgrid.schema import FieldSpec, FieldType
from docgrid.values import decide_locale


def page_of(*lines: str) -> PageLines:
    placed = [TextLine(text, (20, 20 * row, 20 + 8 * len(text), 20 * row + 10)) for row, text in enumerate(lines)]
    document = document_from_lines(Path(__file__), (600, 800), placed, reader="test")
    return PageLines(document.pages[0], decide_locale(lines))


def name_of(*lines: str) -> str:
    page = page_of(*lines)
    words = firm_words(page, range(len(page.characters.word_texts)))
    return " ".join(page.characters.word_texts[word] for word in words)


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        (("NYONYA COLORS@1 UTAMA", "LITTLE CRAVINGS SDN BHD"), "LITTLE CRAVINGS SDN BHD"),
        (("Chili's Grill & Bar", "T.A.S Leisure Asia Sdn. Bhd. (123-X)"), "T.A.S Leisure Asia Sdn. Bhd. (123-X)"),
        (("Café Morgenrot", "Bäckerei Sonnenschein GmbH"), "Bäckerei Sonnenschein GmbH"),
        (("BRAND", "WESTERN EASTERN STATIONERY LTD", "(KLANG)"), "WESTERN EASTERN STATIONERY LTD (KLANG)"),
    ],
)
def test_a_brand_above_a_whole_firm_is_left_out(lines: tuple[str, ...], name: str) -> None:
    assert name_of(*lines) == name


@pytest.mark.parametrize(
    "lines",
    [
        ("POPULAR BOOK", "CO. (M) SDN BHD"),  # the second line is no name by itself
        ("LIAN CHI PU TIAN VEGETARIAN", "RESTAURANT SDN BHD"),
        ("HOME MASTER HARDWARE &", "ELECTRICAL"),  # no legal form
        ("THE COFFEE BEAN", "& TEA LEAF HOUSE SDN. BHD."),  # one name over two lines
        ("Müller, Schmidt und", "Söhne Maschinenbau GmbH"),
        ("LITTLE CRAVINGS SDN BHD", "NYONYA COLORS UTAMA"),  # the firm stands above
        ("JOHN", "LIVES AG LONG ROAD"),  # "ag" inside a line is a word
    ],
)
def test_a_firm_that_takes_two_lines_keeps_both(lines: tuple[str, ...]) -> None:
    assert name_of(*lines) == " ".join(lines)


def test_fields_that_hold_names_are_known_by_their_name_or_an_alias() -> None:
    assert is_name(FieldSpec("vendor_name", FieldType.TEXT))
    assert is_name(FieldSpec("shop", FieldType.TEXT, aliases=("vendor_name",)))
    assert not is_name(FieldSpec("vendor_address", FieldType.TEXT))
    assert not is_name(FieldSpec("company", FieldType.IDENTIFIER))
