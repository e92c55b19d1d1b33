"""Datasets that bring words and their labels: every entity is a field at its own characters."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from docgrid.datasets import DatasetFormat, load, open_dataset
from docgrid.datasets.given import TextLine, page_from_lines, places_of_entities
from docgrid.errors import DatasetError
from docgrid.labels import LabelledDocument
from docgrid.page import Document


def never_read(path: Path) -> Document:
    raise AssertionError(f"{path} brings its own text")


def texts(labelled: LabelledDocument) -> list[tuple[str, str]]:
    characters = labelled.document.pages[0].characters
    return [(entry.name, characters.text_of(np.array(entry.occurrences[0].characters))) for entry in labelled.fields]


def word(text: str, left: float, top: float) -> dict[str, object]:
    return {"text": text, "box": [left, top, left + 6 * len(text), top + 10]}


def funsd(root: Path) -> Path:
    for folder in ("images", "annotations"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    Image.new("L", (200, 100), 255).save(root / "images/f1.png")
    form = [
        {"id": 0, "label": "answer", "text": "ACME Ltd", "words": [word("ACME", 70, 10), word("Ltd", 100, 10)]},
        {"id": 1, "label": "question", "text": "Name:", "words": [word("Name:", 10, 11)]},
        {"id": 2, "label": "other", "text": "Page", "words": [word("Page", 10, 80)]},
        {"id": 3, "label": "answer", "text": "", "words": [word("", 10, 60)]},
    ]
    (root / "annotations/f1.json").write_text(json.dumps({"form": form}))
    return root


def wildreceipt(root: Path, **changes: object) -> Path:
    root.mkdir(parents=True, exist_ok=True)
    (root / "class_list.txt").write_text("0 Ignore\n1 Store_name_value\n2 Total_value\n")
    Image.new("L", (200, 100), 255).save(root / "a.jpeg")
    segments = [
        {"box": [10, 20, 60, 20, 60, 10, 10, 10], "text": "CHOEUN", "label": 1},
        {"box": [10, 60, 60, 60, 60, 50, 10, 50], "text": "$9.00", "label": 2},
        {"box": [10, 90, 60, 90, 60, 80, 10, 80], "text": "x", "label": 0},
    ]
    content = {"file_name": "a.jpeg", "height": 100, "width": 200, "annotations": segments} | changes
    (root / "train.txt").write_text(json.dumps(content) + "\n")
    return root


def test_entities_of_a_form_are_fields_at_their_words(tmp_path: Path) -> None:
    dataset = open_dataset(funsd(tmp_path))
    assert dataset.format is DatasetFormat.FUNSD
    labelled = load(dataset.records[0], dataset.schema, never_read)
    assert texts(labelled) == [("answer", "ACME Ltd"), ("question", "Name:")]
    assert labelled.document.pages[0].text == "Name:\nACME Ltd\nPage"


def test_segments_of_a_photographed_receipt_are_fields_of_their_class(tmp_path: Path) -> None:
    dataset = open_dataset(wildreceipt(tmp_path))
    assert dataset.format is DatasetFormat.WILDRECEIPT
    assert dataset.schema.names == ("Store_name_value", "Total_value")
    assert texts(load(dataset.records[0], dataset.schema, never_read)) == [
        ("Store_name_value", "CHOEUN"),
        ("Total_value", "$9.00"),
    ]


@pytest.mark.parametrize(
    "changes",
    [{"annotations": 3}, {"annotations": [{"box": [1, 2]}]}, {"annotations": [{"box": [1] * 8, "text": "x", "label": 99}]}],
)
def test_a_damaged_line_is_told_by_its_number(tmp_path: Path, changes: dict[str, object]) -> None:
    with pytest.raises(DatasetError, match=r"train.txt: line 1"):
        open_dataset(wildreceipt(tmp_path, **changes))


def test_a_picture_outside_of_the_dataset_is_refused(tmp_path: Path) -> None:
    Image.new("L", (20, 10), 255).save(tmp_path / "secret.jpeg")
    with pytest.raises(DatasetError, match="outside"):
        open_dataset(wildreceipt(tmp_path / "w", file_name="../secret.jpeg"))


def test_a_damaged_form_is_named(tmp_path: Path) -> None:
    (funsd(tmp_path) / "annotations/f1.json").write_text('{"form": [{"words": 1}]}')
    with pytest.raises(DatasetError, match=r"f1\.json"):
        open_dataset(tmp_path)


def test_lines_are_read_by_rows_and_words_by_spaces() -> None:
    lines = [
        TextLine("9.00", (100, 41, 140, 51), 2),
        TextLine("TOTAL RM", (10, 40, 90, 50), 1),
        TextLine("ACME", (10, 10, 50, 20), 0),
    ]
    page = page_from_lines((200, 100), lines)
    assert page.text == "ACME\nTOTAL RM\n9.00"
    assert page.characters.word_texts == ("ACME", "TOTAL", "RM", "9.00")
    assert page.characters.boxes[9].tolist() == [70, 40, 80, 50]
    assert places_of_entities(lines)[2].characters == (11, 12, 13, 14)
