"""Splits keep together what belongs together, do not depend on order, and tell unseen layouts."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest

from docgrid.datasets.base import Record
from docgrid.datasets.given import TextLine, page_from_lines
from docgrid.datasets.splits import SplitItem, Together, folds_of, groups_of, split_by_layout, split_items, split_records
from docgrid.datasets.sroie import issuers
from docgrid.errors import UsageError
from docgrid.labels import LabelledField
from docgrid.page import Document

ITEMS = [SplitItem(f"d{number:02}", layout=f"l{number // 5}", same="twin" if number in (3, 77) else "") for number in range(100)]


def document_of(*lines: str) -> Document:
    page = page_from_lines(
        (600, 800), [TextLine(text, (10, 12.0 * row, 10 + 6.0 * len(text), 12.0 * row + 10)) for row, text in enumerate(lines)]
    )
    return Document(Path("x.pdf"), "0" * 64, (page,))


def record(name: str, layout: str = "", **values: str) -> Record:
    return Record(name, Path(name), tuple(LabelledField(key, value) for key, value in values.items()), layout=layout)


def test_a_layout_and_near_duplicates_stay_on_one_side() -> None:
    parts = split_by_layout(ITEMS, fractions={"train": 0.7, "valid": 0.2, "test": 0.1}, seed=3)
    where = {key: name for name, ids in parts.items() for key in ids}
    assert len(where) == 100
    assert where["d03"] == where["d77"]
    for number in range(20):
        assert len({where[f"d{number * 5 + place:02}"] for place in range(5)}) == 1
    assert [len(parts[name]) for name in ("train", "valid", "test")] == [70, 20, 10]


def test_the_order_of_the_records_does_not_matter_but_the_seed_does() -> None:
    shuffled = list(ITEMS)
    random.Random(5).shuffle(shuffled)
    first = split_by_layout(ITEMS, fractions={"train": 0.5, "valid": 0.5}, seed=1)
    assert split_by_layout(shuffled, fractions={"train": 0.5, "valid": 0.5}, seed=1) == first
    assert split_by_layout(ITEMS, fractions={"train": 0.5, "valid": 0.5}, seed=2) != first


def test_a_large_layout_is_placed_before_the_small_ones() -> None:
    items = [SplitItem(f"big{number:02}", layout="big") for number in range(50)] + [
        SplitItem(f"d{number:02}") for number in range(50)
    ]
    for seed in range(10):
        parts = split_by_layout(items, fractions={"train": 0.5, "valid": 0.5}, seed=seed)
        assert [len(ids) for ids in parts.values()] == [50, 50]


def test_folds_are_disjoint_and_tell_unseen_layouts() -> None:
    splits = folds_of(ITEMS, folds=4, valid_count=20, seed=0)
    held_out = Counter(key for split in splits for key in split.valid)
    assert set(held_out.values()) == {1}
    for split in splits:
        assert len(split.valid) == 20
        assert set(split.train) | set(split.valid) == {item.id for item in ITEMS}
        seen = {item.layout for item in ITEMS if item.id in split.train}
        assert split.unseen == {item.id for item in ITEMS if item.id in split.valid and item.layout not in seen}
    by_layout = folds_of(ITEMS, folds=4, seed=0, together=Together.LAYOUTS)
    assert all(split.unseen == set(split.valid) for split in by_layout)


def test_equal_values_make_near_duplicates() -> None:
    values = {"company": "ACME", "date": "1/1/18", "total": "9.00"}
    items = split_items(
        [record("a", **values), record("b", **(values | {"company": "Acme."})), record("c", **(values | {"total": "9.10"}))]
    )
    assert groups_of(items, Together.DUPLICATES) == [("a", "b"), ("c",)]


def test_issuers_that_differ_by_a_letter_are_one_layout() -> None:
    united = issuers({"tedhengstationery", "teohengstationery", "popularbookco"})
    assert united["tedhengstationery"] == united["teohengstationery"] != united["popularbookco"]


def test_layouts_whose_names_are_like_stay_apart() -> None:
    items = split_items([record("a", "family number 11"), record("b", "family number 12")])
    assert groups_of(items, Together.LAYOUTS) == [("a",), ("b",)]


def test_layouts_are_told_by_the_words_in_their_columns() -> None:
    captions = ["Invoice number", "Invoice date", "Sold goods", "Payment terms", "Grand total amount"]
    other = ["Rechnung", "Kunde Nummer", "Datum Lieferung", "Betrag Netto", "Umsatzsteuer Satz", "Zahlbar sofort"]
    documents = {
        name: document_of(*lines, " ".join("word" + name + letter for letter in "abcdefghijklmnopqrstuvwx"))
        for name, lines in (("a", captions), ("b", captions), ("c", other), ("d", other))
    }
    items = split_items([record(name) for name in documents], documents)
    assert groups_of(items, Together.LAYOUTS) == [("a", "b"), ("c", "d")]


def test_a_copied_text_is_a_near_duplicate_and_a_different_one_of_the_same_issuer_is_not() -> None:
    head = ["ACME LTD", "1 MAIN STREET", "TAX INVOICE"]
    documents = {
        "a": document_of(*head, "apples 1.00", "pears 2.00", "total 3.00 cash 5.00 change 2.00"),
        "b": document_of(*head, "apples 1.00", "pears 2.00", "total 3.00 cash 5.00 change 2,00"),
        "c": document_of(*head, "nails 7.00", "screws 8.00", "total 15.00 cash 20.00 change 5.00"),
    }
    items = split_items([record(name) for name in documents], documents)
    assert groups_of(items, Together.DUPLICATES) == [("a", "b"), ("c",)]


def test_records_are_split_by_layout_unless_most_layouts_are_single() -> None:
    templates = [record(f"r{number:02}", f"template {number // 10} abc") for number in range(40)]
    training, held_out = split_records(templates, held_out=0.25, seed=0)
    assert {entry.layout for entry in training} & {entry.layout for entry in held_out} == set()
    assert (len(training), len(held_out)) == (30, 10)
    folds = [split_records(templates, held_out=0.25, fold=fold, seed=0)[1] for fold in range(4)]
    assert len({entry.id for held in folds for entry in held}) == 40


def test_with_fewer_layouts_than_folds_every_fold_still_holds_out_whole_layouts() -> None:
    templates = [record(f"r{number:02}", f"layout {number // 10}") for number in range(30)]
    for fold in range(10):
        training, held_out = split_records(templates, held_out=0.1, fold=fold, seed=0)
        assert {entry.layout for entry in training} & {entry.layout for entry in held_out} == set()
        assert len(held_out) == 10


def test_records_of_one_layout_can_still_be_split() -> None:
    training, held_out = split_records([record(f"r{number}", "one") for number in range(10)], held_out=0.2, seed=0)
    assert (len(training), len(held_out)) == (8, 2)


@pytest.mark.parametrize(("held_out", "fold"), [(0.0, 0), (0.9, 0), (0.2, 5), (0.2, -1)])
def test_impossible_splits_are_refused(held_out: float, fold: int) -> None:
    with pytest.raises(UsageError):
        split_records([record("a"), record("b"), record("c")], held_out=held_out, fold=fold, seed=0)


def test_fractions_must_add_up() -> None:
    with pytest.raises(UsageError, match="add up"):
        split_by_layout(ITEMS, fractions={"train": 0.5}, seed=0)
