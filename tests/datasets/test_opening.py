"""Dataset folders are recognised by their layout, opened whole, and refused with everything that is wrong in them."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from PIL import Image

from docgrid.datasets import DatasetFormat, load_aligned, open_dataset, recognise
from docgrid.errors import DatasetError
from docgrid.page import Document
from docgrid.schema import INVOICE, RECEIPT

RECEIPT_LINES = ["10,10,110,10,110,30,10,30,ACME, SDN BHD", "10,40,60,40,60,60,10,60,TOTAL", "70,40,110,40,110,60,70,60,9.00"]


def never_read(path: Path) -> Document:
    raise AssertionError(f"{path} brings its own text")


def write(path: Path, content: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def picture(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("L", (120, 200), 255).save(path)
    return path


def sroie(root: Path) -> Path:
    picture(root / "img/R1.jpg")
    write(root / "box/R1.txt", "\n".join(RECEIPT_LINES))
    write(root / "entities/R1.txt", {"company": "ACME, SDN BHD", "date": "", "total": "9.00"})
    return root


def pairs(root: Path) -> Path:
    for name, total in (("a", "9.00"), ("b", "7.50")):
        write(root / f"{name}.pdf", "%PDF-1.4")
        write(root / f"{name}.json", {"company": "ACME", "total": total, "date": None})
    return root


def native(root: Path, **changes: object) -> Path:
    write(root / "documents/d1.pdf", "%PDF-1.4")
    entry = {"text": "9.00", "value": "9.00", "page": 1, "bbox": [0.5, 0.5, 0.6, 0.52]} | changes
    write(root / "annotations/d1.json", {"schema": "docgrid.labels/1", "layout": "l1", "fields": {"total": [entry]}})
    return root


def problem_of(root: Path) -> str:
    with pytest.raises(DatasetError) as caught:
        open_dataset(root)
    assert caught.value.hint
    return str(caught.value)


def test_each_layout_is_recognised(tmp_path: Path) -> None:
    assert recognise(sroie(tmp_path / "s")) is DatasetFormat.SROIE
    assert recognise(pairs(tmp_path / "p")) is DatasetFormat.VALUES
    assert recognise(native(tmp_path / "n")) is DatasetFormat.NATIVE
    assert recognise(native(tmp_path / "m/data").parent) is DatasetFormat.NATIVE
    write(tmp_path / "e/x.json", {"id": "1", "seller": "S", "grand_total": "1", "lines": []})
    write(tmp_path / "e/x.pdf", "%PDF-1.4")
    assert recognise(tmp_path / "e") is DatasetFormat.EINVOICE


def test_a_receipt_brings_its_text_and_its_places(tmp_path: Path) -> None:
    dataset = open_dataset(sroie(tmp_path))
    record = dataset.records[0]
    assert record.layout == "acmesdnbhd"
    labelled, alignment = load_aligned(record, dataset.schema, never_read)
    page = labelled.document.pages[0]
    assert (page.width_pt, page.height_pt) == (120, 200)
    assert page.text == "ACME, SDN BHD\nTOTAL\n9.00"
    assert page.characters.boxes[0].tolist() == pytest.approx([10, 10, 10 + 100 / 13, 30])
    assert [entry.name for entry in alignment.fields] == ["company", "total"]
    assert alignment.missing == ()


def test_a_damaged_box_file_names_its_line(tmp_path: Path) -> None:
    write(sroie(tmp_path) / "box/R1.txt", RECEIPT_LINES[0] + "\n1,2,3")
    assert "box/R1.txt: line 2" in problem_of(tmp_path)


def test_values_without_boxes_take_their_schema_from_the_names(tmp_path: Path) -> None:
    dataset = open_dataset(pairs(tmp_path))
    assert dataset.schema is RECEIPT
    assert [(entry.name, entry.value) for entry in dataset.records[0].fields] == [("company", "ACME"), ("total", "9.00")]


def test_subfolders_are_the_parts_of_a_dataset(tmp_path: Path) -> None:
    pairs(tmp_path / "train")
    pairs(tmp_path / "valid")
    dataset = open_dataset(tmp_path)
    assert [record.id for record in dataset.part("valid")] == ["valid/a", "valid/b"]


def test_aliases_become_the_names_of_a_given_schema(tmp_path: Path) -> None:
    dataset = open_dataset(pairs(tmp_path), schema=INVOICE)
    assert {entry.name for entry in dataset.records[0].fields} == {"vendor_name", "amount_total_gross"}


def test_documents_without_labels_are_refused_with_how_to_label(tmp_path: Path) -> None:
    write(tmp_path / "a.pdf", "%PDF-1.4")
    assert "ID.json" in problem_of(tmp_path)
    native(tmp_path / "n")
    (tmp_path / "n/annotations/d1.json").unlink()
    assert "annotations/ID.json" in problem_of(tmp_path / "n")


def test_all_problems_are_listed_in_one_error_and_counted(tmp_path: Path) -> None:
    for number in range(25):
        write(tmp_path / f"{number:02}.pdf", "%PDF-1.4")
        write(tmp_path / f"{number:02}.json", {"total": ["9.00", {"x": 1}]})
    message = problem_of(tmp_path)
    assert "25 problems" in message
    assert "00.json: total is dict" in message
    assert "19.json" in message
    assert "20.json" not in message
    assert "5 more" in message


def test_an_unknown_field_name_gets_the_nearest_one(tmp_path: Path) -> None:
    write(pairs(tmp_path) / "a.json", {"totel": "9.00"})
    with pytest.raises(DatasetError, match="Did you mean 'total'"):
        open_dataset(tmp_path, schema=RECEIPT)


@pytest.mark.parametrize(
    ("text", "told"),
    [('{"total": ', "line 1 column"), ("[1]", "not a JSON object"), ("null", "only null"), ('{"total": true}', "total is bool")],
)
def test_an_unreadable_value_file_is_told_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    write(pairs(tmp_path) / "a.json", text)
    message = problem_of(tmp_path)
    assert "a.json" in message
    assert told in message


def test_a_missing_value_file_is_told(tmp_path: Path) -> None:
    (pairs(tmp_path) / "b.json").unlink()
    assert "b.pdf: has no b.json" in problem_of(tmp_path)


def test_documents_that_share_their_labels_are_told(tmp_path: Path) -> None:
    picture(pairs(tmp_path / "p") / "a.png")
    assert "a.png: has the same name as a.pdf" in problem_of(tmp_path / "p")
    picture(native(tmp_path / "n") / "documents/d1.png")
    assert "d1.png: has the same name as d1.pdf" in problem_of(tmp_path / "n")


def test_a_folder_that_is_none_or_empty_is_refused(tmp_path: Path) -> None:
    assert "not a folder" in problem_of(tmp_path / "nothing")
    assert "no dataset" in problem_of(tmp_path)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"bbox": [0.6, 0.5, 0.5, 0.52]}, "wrong box"),
        ({"bbox": [0, 0, 600, 800]}, "wrong box"),
        ({"bbox": "left"}, "wrong box"),
        ({"page": 0}, "page is 0"),
        ({"text": "", "value": ""}, "no text"),
        ({"lines": [[0, 0, 1]]}, "wrong box"),
    ],
)
def test_a_wrong_annotation_is_told_with_field_and_entry(tmp_path: Path, changes: dict[str, object], told: str) -> None:
    message = problem_of(native(tmp_path, **changes))
    assert "annotations/d1.json: total entry 1" in message
    assert told in message


def test_an_annotation_without_its_document_is_told(tmp_path: Path) -> None:
    (native(tmp_path) / "documents/d1.pdf").rename(tmp_path / "documents/other.pdf")
    assert "d1.json: has no document" in problem_of(tmp_path)


def test_a_line_item_field_outside_of_the_items_is_told(tmp_path: Path) -> None:
    write(native(tmp_path) / "annotations/d1.json", {"fields": {"line_item_quantity": [{"text": "2"}]}})
    assert "belongs to a line item" in problem_of(tmp_path)


def test_the_schema_that_the_folder_names_is_used(tmp_path: Path) -> None:
    write(native(tmp_path) / "docgrid.toml", 'schema = "receipt"')
    assert open_dataset(tmp_path).schema is RECEIPT
    write(tmp_path / "docgrid.toml", 'schema = "recipt"')
    assert "Did you mean 'receipt'" in problem_of(tmp_path)


def test_documents_without_an_annotation_are_a_warning(tmp_path: Path) -> None:
    write(native(tmp_path) / "documents/d2.pdf", "%PDF-1.4")
    assert open_dataset(tmp_path).warnings == ("1 documents have no annotation, such as d2",)


def test_mutated_annotations_are_refused_or_read_but_never_crash(tmp_path: Path) -> None:
    root = native(tmp_path)
    path = root / "annotations/d1.json"
    original = path.read_bytes()
    chance = random.Random(1)
    refused = 0
    for _ in range(200):
        changed = bytearray(original)
        for _ in range(chance.randint(1, 3)):
            place = chance.randrange(len(changed))
            changed[place : place + chance.randint(0, 4)] = bytes(
                chance.choices(b'{}[]",:0.1-nulltrue \xff', k=chance.randint(0, 3))
            )
        path.write_bytes(changed)
        try:
            open_dataset(root)
        except DatasetError:
            refused += 1
    assert refused > 100
