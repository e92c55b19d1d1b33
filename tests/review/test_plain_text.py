from __future__ import annotations

import csv
import io

import pytest

from docgrid.review.plain import printable, spreadsheet_cell
from docgrid.review.spreadsheet import COLUMNS, to_csv

NAUGHTY = [
    "\x1b[31mred\x1b[0m",
    "\x1b]8;;http://evil\x07link\x1b]8;;\x07",
    "\x9b2J",
    "a\x00b\x07c\x08d\x7f",
    "\u202egnp.exe",
    "\u2066x\u2069",
    "[bold]x[/x]",
    "line\nbreak\ttab\rreturn\u2028separator",
    "\ud800",
]


@pytest.mark.parametrize("text", NAUGHTY)
def test_what_is_printed_has_no_control_no_escape_and_no_bidirectional_mark(text: str) -> None:
    shown = printable(text)
    assert not any(ord(c) < 0x20 or 0x7F <= ord(c) < 0xA0 or c in "\u202e\u2066\u2069\u2028" for c in shown)
    shown.encode("utf-8")


def test_line_breaks_become_spaces_unless_they_are_wanted() -> None:
    assert printable("a\nb\tc") == "a b c"
    assert printable("a\nb\tc", keep_breaks=True) == "a\nb c"


def test_markup_and_letters_of_other_scripts_stay_as_they_are() -> None:
    assert printable("[bold]ÄÖ 漢字 €[/x]") == "[bold]ÄÖ 漢字 €[/x]"


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\uff1d1+1"])
def test_a_cell_that_starts_like_a_formula_is_quoted(text: str) -> None:
    assert spreadsheet_cell(text) == "'" + text


@pytest.mark.parametrize("text", ["-12.50", "+3", "12", "a=b", ""])
def test_numbers_and_plain_text_are_not_quoted(text: str) -> None:
    assert spreadsheet_cell(text) == text


def test_the_csv_has_one_row_a_value_and_reads_back() -> None:
    entry = {
        "text": "=HYPERLINK()\n2",
        "value": "-5.00",
        "currency": "EUR",
        "confidence": 0.5,
        "page": 2,
        "bbox": [0, 0.1, 0.2, 0.3],
    }
    document = {
        "source": "a,b.pdf",
        "fields": {"total": [entry]},
        "line_items": [{"fields": {"line_item_code": [{"text": 'say "x"', "value": None}]}}],
    }
    rows = list(csv.reader(io.StringIO(to_csv([document]))))
    assert rows[0] == list(COLUMNS)
    assert rows[1][:8] == ["a,b.pdf", "", "total", "-5.00", "EUR", "'=HYPERLINK() 2", "0.5", ""]
    assert rows[2][:6] == ["a,b.pdf", "1", "line_item_code", "", "", 'say "x"']
    assert len(rows) == 3
