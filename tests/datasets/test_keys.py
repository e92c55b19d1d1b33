from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from docgrid.datasets.base import DrawnPlace, Record
from docgrid.datasets.keys import DocumentKeys
from docgrid.labels import LabelledField
from docgrid.page import Document
from docgrid.reading.options import OcrEngineName, ReadingOptions
from docgrid.schema import INVOICE, RECEIPT

PLAIN = ReadingOptions(ocr=OcrEngineName.OFF)


@pytest.fixture
def record(tmp_path: Path) -> Record:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"one")
    return Record("a", path, (LabelledField("total", "9.00"),))


def key(record: Record, reading: ReadingOptions = PLAIN) -> str:
    return DocumentKeys(RECEIPT, reading).of(record)


def test_the_key_of_an_unchanged_record_stays_wherever_its_file_is(record: Record, tmp_path: Path) -> None:
    before = key(record)
    moved = record.path.rename(tmp_path / "b.pdf")
    assert key(replace(record, path=moved)) == before


@pytest.mark.parametrize(
    "change",
    [
        lambda one: replace(one, fields=(LabelledField("total", "9.01"),)),
        lambda one: replace(one, fields=(LabelledField("total", "9.00", normal="9"),)),
        lambda one: replace(one, places=((DrawnPlace(1, ((0.1, 0.1, 0.2, 0.2),)),),)),
        lambda one: replace(one, plain_values=True),
        lambda one: replace(one, layout="blue"),
        lambda one: replace(one, id="b"),
        lambda one: replace(one, given=lambda: Document(one.path, "0", ())),
    ],
)
def test_the_key_changes_with_what_the_dataset_says(record: Record, change: Callable[[Record], Record]) -> None:
    assert key(change(record)) != key(record)


def test_the_key_changes_with_the_bytes_of_the_document(record: Record) -> None:
    before = key(record)
    record.path.write_bytes(b"two")
    assert key(record) != before


def test_the_key_changes_with_the_schema_and_the_way_of_reading(record: Record) -> None:
    keys = {
        key(record),
        DocumentKeys(INVOICE, PLAIN).of(record),
        key(record, replace(PLAIN, dpi=200)),
        key(record, replace(PLAIN, pages=(1,))),
    }
    assert len(keys) == 4


def test_passwords_and_threads_are_not_part_of_the_key(record: Record) -> None:
    assert key(record, replace(PLAIN, password="secret", ocr_threads=2)) == key(record)
