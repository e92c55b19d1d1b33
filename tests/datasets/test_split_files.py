"""The split that is written is the split that training and measuring go by."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from docgrid.datasets import open_dataset
from docgrid.datasets.base import Record
from docgrid.datasets.given import TextLine, page_from_lines
from docgrid.datasets.layouts import grid_signature, layout_items
from docgrid.datasets.splitfile import SPLIT_NAME, for_training, held_out_ids, write_split
from docgrid.errors import DatasetError, OutputError, UsageError
from docgrid.page import Document


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    for name in "abcd":
        (tmp_path / f"{name}.pdf").write_bytes(b"%PDF-")
        (tmp_path / f"{name}.json").write_text('{"total": "9.00"}')
    return tmp_path


def test_records_get_the_parts_and_layouts_that_were_written(dataset: Path) -> None:
    write_split(dataset, {"train": ["a", "b"], "valid": ["c"], "test": ["d"]}, {"a": "x"}, seed=1, force=False)
    records = open_dataset(dataset).records
    assert [(record.id, record.part, record.layout) for record in records] == [
        ("a", "train", "x"),
        ("b", "train", ""),
        ("c", "valid", ""),
        ("d", "test", ""),
    ]
    assert held_out_ids(records, 0) == {"c"}
    assert [record.id for record in for_training(records)] == ["a", "b", "c"]
    assert {record.part for record in open_dataset(dataset, with_parts=False).records} == {""}


def test_a_fold_is_held_out_by_its_number(dataset: Path) -> None:
    write_split(dataset, {"fold 0": ["a", "b"], "fold 1": ["c", "d"]}, {}, seed=1, force=False)
    records = open_dataset(dataset).records
    assert held_out_ids(records, 1) == {"c", "d"}
    with pytest.raises(UsageError, match="no fold 2"):
        held_out_ids(records, 2)


def test_a_split_is_not_replaced_unasked_and_a_damaged_one_is_refused(dataset: Path) -> None:
    write_split(dataset, {"train": ["a"]}, {}, seed=1, force=False)
    with pytest.raises(OutputError):
        write_split(dataset, {"train": ["a"]}, {}, seed=1, force=False)
    twice: dict[str, object] = {"schema": "docgrid.split/1", "parts": {"train": ["a", "a"]}}
    wrong: list[dict[str, object]] = [twice, {"parts": {}}, {"schema": "docgrid.split/1", "parts": [1]}]
    for content in wrong:
        (dataset / SPLIT_NAME).write_text(json.dumps(content))
        with pytest.raises(DatasetError, match=SPLIT_NAME):
            open_dataset(dataset)
    (dataset / SPLIT_NAME).write_text(json.dumps({"schema": "docgrid.split/1", "parts": {"train": ["zzz"]}}))
    with pytest.raises(DatasetError, match="there is no document 'zzz'"):
        open_dataset(dataset)


def page_like(left: float, words: str) -> Document:
    boxes = [(left, 30.0 * row, left + 300, 30.0 * row + 10) for row in range(10)]
    lines = [TextLine(f"{word} 111", box) for word, box in zip(words.split(), boxes, strict=True)]
    return Document(Path("x.pdf"), "0" * 64, (page_from_lines((600, 800), lines),))


WORDS = "qqqq wwww eeee rrrr tttt zzzz uuuu iiii oooo pppp"


def test_documents_whose_first_pages_look_the_same_share_a_layout() -> None:
    documents = {"a": page_like(50, WORDS), "b": page_like(50, WORDS[::-1]), "c": page_like(250, WORDS.upper()[::-1])}
    assert grid_signature(documents["a"]) == grid_signature(documents["b"])
    records = [Record(name, Path(name), ()) for name in documents]
    layouts = {item.id: item.layout for item in layout_items(records, documents)}
    assert layouts["a"] == layouts["b"] != layouts["c"]
