"""An anonymised document keeps its shape and sums, and nothing else of the original."""

from __future__ import annotations

import re
import zlib
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random

import numpy as np
import pytest

from docgrid.datasets import align, open_dataset
from docgrid.datasets.anonymise import anonymise, new_stems
from docgrid.datasets.anonymise.days import other_dates, rewritten
from docgrid.datasets.anonymise.letters import Pseudonyms
from docgrid.datasets.anonymise.sums import UNIT, Sum, other_amounts, sums_of_two
from docgrid.datasets.base import DatasetFormat, Record
from docgrid.datasets.converting import write_dataset
from docgrid.datasets.given import TextLine, page_from_lines
from docgrid.labels import LabelledDocument, LabelledField
from docgrid.page import Document
from docgrid.reading import read_document
from docgrid.schema import INVOICE

PRINTED = [
    (10, "Canaria Zwölfling GmbH", 50), (11, "Zwölflingstrasse 4711, 80331 Canaringen", 50),
    (14, "Invoice No. KANARI-998877", 50),
    (15, "Invoice date 12.03.2024", 50), (16, "Due date 26.03.2024", 50), (20, "Yellowbird cage", 50), (20, "3", 300),
    (20, "150,25", 400), (20, "450,75", 500), (24, "Net", 300), (24, "450,75", 500), (25, "VAT 19 %", 300), (25, "85,64", 500),
    (26, "Total", 300), (26, "536,39 EUR", 500), (60, "Canaria Zwölfling GmbH, IBAN DE02 1203 0000 0000 2020 51", 50),
]  # fmt: skip
VALUES = {
    "vendor_name": "Canaria Zwölfling GmbH",
    "vendor_address": "Zwölflingstrasse 4711, 80331 Canaringen",
    "document_id": "KANARI-998877",
    "date_issue": "12.03.2024",
    "date_due": "26.03.2024",
    "amount_total_net": "450,75",
    "amount_total_tax": "85,64",
    "amount_total_gross": "536,39",
    "order_id": "NOT-PRINTED-CANARY",
}
ITEM = {"description": "Yellowbird cage", "quantity": "3", "unit_price_net": "150,25", "amount_net": "450,75"}
CANARIES = (
    "canari",
    "kanari",
    "zwölf",
    "zwoelf",
    "zwolf",
    "yellowbird",
    "4711",
    "80331",
    "998877",
    "53639",
    "536,39",
    "2020 51",
    "1203",
    "secretname",
)


def labelled() -> LabelledDocument:
    lines = [TextLine(text, (left, 12.0 * row, left + 6.0 * len(text), 12.0 * row + 10)) for row, text, left in PRINTED]
    document = Document(Path("secretname.pdf"), "0" * 64, (page_from_lines((700, 842), lines),), page_count=1)
    fields = [LabelledField(name, value) for name, value in VALUES.items()]
    fields += [LabelledField(f"line_item_{name}", value, 0) for name, value in ITEM.items()]
    return LabelledDocument("secretname", document, align(document, fields, INVOICE).fields, "Canaria layout")


@pytest.fixture
def written(tmp_path: Path) -> Path:
    document = labelled()
    record = Record("secretname", document.document.path, document.fields, layout="Canaria layout")
    drawn = tmp_path / "drawn"
    drawn.mkdir()
    done = anonymise(record, document, INVOICE, stem="document-00001", secret=b"s" * 32, folder=drawn)
    assert done.left_out == 1
    write_dataset(tmp_path / "out", [done.outgoing], INVOICE, DatasetFormat.NATIVE, dpi=100, force=False)
    return tmp_path / "out"


def every_byte(root: Path) -> str:
    """All files and their names, with every compressed stream unpacked."""
    text = ""
    for path in sorted(root.rglob("*")):
        text += f"{path.relative_to(root)}\n"
        content = path.read_bytes() if path.is_file() else b""
        for stream in re.findall(rb"stream\r?\n(.*?)endstream", content, re.DOTALL):
            content += zlib.decompressobj().decompress(stream)
        text += content.decode("latin-1") + content.decode("utf-8", "replace")
    shown = re.sub(r"\) Tj.*?\(", "", text, flags=re.DOTALL)  # letters that a PDF shows one by one
    return (text + shown).casefold()


def test_no_canary_is_left_in_any_byte(written: Path) -> None:
    everything = every_byte(written) + read_document(written / "documents/document-00001.pdf").pages[0].text.casefold()
    assert "invoice" in everything  # captions are kept, so the search sees what is drawn
    assert [canary for canary in CANARIES if canary in everything] == []
    assert "not-printed" not in everything


def test_labels_and_geometry_stay_and_sums_add_up(written: Path) -> None:
    dataset = open_dataset(written)
    (record,) = dataset.records
    document = read_document(record.path)
    before = labelled().document.pages[0].characters
    after = document.pages[0].characters
    assert len(before) == len(after)
    assert np.abs(before.boxes[:, [0, 2]] - after.boxes[:, [0, 2]]).max() < 0.6
    values = {entry.name: entry.normal or entry.value for entry in record.fields}
    assert set(values) == set(VALUES) - {"order_id"} | {f"line_item_{name}" for name in ITEM}
    net, tax, gross, price, total = (
        Decimal(values[name].replace(",", "."))
        for name in (
            "amount_total_net",
            "amount_total_tax",
            "amount_total_gross",
            "line_item_unit_price_net",
            "line_item_amount_net",
        )
    )
    assert (net + tax, price * 3, total) == (gross, net, net)
    days = [date.fromisoformat(values[name]) for name in ("date_issue", "date_due")]
    assert (days[1] - days[0]).days == 14
    assert days[0] != date(2024, 3, 12)
    vendors = [number for number, entry in enumerate(record.fields) if entry.name == "vendor_name"]
    assert [len(record.places[number]) for number in vendors] == [2]  # the same name at the top and in the footer


def test_words_change_in_kind_and_always_to_the_same(written: Path) -> None:
    words = Pseudonyms(b"one")
    new = words.word("McDonald7", named=True)
    assert re.fullmatch(r"[A-Z][a-z][A-Z][a-z]{5}[1-9]", new) and new != "McDonald7"
    assert words.word("mcdonald7", named=True) == new.lower()
    assert Pseudonyms(b"two").word("McDonald7", named=True) != new
    assert (words.word("Invoice", named=False), words.word("12", named=False)) == ("Invoice", "12")
    assert words.word("Invoice", named=True) != "Invoice"


def test_new_names_say_nothing_about_the_old_ones() -> None:
    stems = new_stems(["b", "a"], b"x")
    assert sorted(stems.values()) == ["document-00001", "document-00002"]


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("05.03.2024", "17.11.2025"),
        ("2024-03-05", "2025-11-17"),
        ("20240305", "20251117"),
        ("3/5/24", None),  # eleven has two digits
        ("5 March 2024", None),  # another month has another name
    ],
)
def test_a_date_is_written_in_the_same_way_or_not_at_all(text: str, new: str | None) -> None:
    assert rewritten(text, date(2024, 3, 5), date(2025, 11, 17)) == new


def test_dates_of_a_document_keep_their_distance() -> None:
    first, second = date(2024, 3, 12), date(2024, 3, 26)
    found = other_dates({first: ["12.03.2024"], second: ["26.03.2024", "2024-03-26"]}, Random(1))
    days = [
        date(int(text[6:]), int(text[3:5]), int(text[:2])) for text in (found[first]["12.03.2024"], found[second]["26.03.2024"])
    ]
    assert (days[1] - days[0]).days == 14
    assert found[second]["2024-03-26"] == days[1].isoformat()


def test_amounts_keep_their_digits_and_their_sums() -> None:
    cent = UNIT // 100
    amounts = {value * cent: cent for value in (100_00, 19_00, 119_00, 40_00, 60_00)}
    for seed in range(20):
        found = other_amounts(amounts, sums_of_two(amounts), Random(seed))
        new = {old // cent: found[old] // cent for old in amounts}
        assert new[10000] + new[1900] == new[11900]
        assert new[4000] + new[6000] == new[10000]
        assert {len(str(value)) for value in new.values()} == {4, 5}
        assert all(len(str(new[old])) == len(str(old)) for old in new)


def test_sums_that_cannot_all_hold_give_way_from_the_end() -> None:
    one = UNIT
    contradiction = [Sum(3 * one, ((one, 3),)), Sum(3 * one, ((one, 1), (2 * one, 1))), Sum(2 * one, ((one, 2),))]
    found = other_amounts({one: one, 2 * one: one, 3 * one: one}, contradiction, Random(0))
    assert found[3 * one] == 3 * found[one]


def test_characters_outside_of_the_font_and_empty_pages_are_drawn(tmp_path: Path) -> None:
    document = labelled()
    page = page_from_lines((300, 300), [TextLine("漢字 ☃", (10, 10, 60, 20))], number=2)
    empty = page_from_lines((300, 300), [], number=3)
    document = replace(document, document=replace(document.document, pages=(*document.document.pages, page, empty)))
    record = Record("x", document.document.path, document.fields)
    done = anonymise(record, document, INVOICE, stem="d", secret=b"s", folder=tmp_path)
    read = read_document(done.outgoing.record.path)
    assert [len(page.characters) for page in read.pages[1:]] == [3, 0]
