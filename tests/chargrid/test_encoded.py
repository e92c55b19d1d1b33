from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import save_file

from docgrid.chargrid.alphabet import Alphabet
from docgrid.chargrid.encoded import ENCODED_SUFFIX, METADATA_KEY, EncodedDocument, _digest, read_encoded, write_encoded
from docgrid.chargrid.grid import Frame, GridSize, grid_of_page
from docgrid.errors import DocumentError, DocumentStatus, OutputError
from docgrid.geometry import Box
from docgrid.page import Character, Characters, Document, OcrRun, Page, TextSource

AB = Alphabet("abcü€")


def document() -> Document:
    rows = [
        Character("a", Box(10, 10, 20, 22), 0.75, 0, 0),
        Character("Ü", Box(20, 10, 30, 22), 0.5, 0, 0),
        Character("€", Box(10.25, 40, 17, 52), 1.0, 1, 1),
    ]
    first = Page(
        2,
        200.5,
        100.25,
        Characters.from_rows(rows),
        TextSource.OCR,
        rotation=90,
        ocr=OcrRun("rapidocr", "3.4", "eng", 150.0, -1.5),
        warnings=("tilted",),
    )
    empty = Page(3, 595, 842, Characters.empty(), TextSource.NONE)
    return Document(
        Path("folder/rechnung ü.pdf"),
        "ab" * 32,
        (first, empty),
        reader="pypdfium2 5.0",
        warnings=("one page left out",),
        page_count=7,
        metadata={"title": "Ünïcode \u202e", "control": "\x1b[31m"},
    )


@pytest.fixture
def encoded(tmp_path: Path) -> Path:
    path = tmp_path / f"name{ENCODED_SUFFIX}"
    made = document()
    grids = [grid_of_page(made.pages[0], AB, GridSize(16, 24), Frame.TEXT), grid_of_page(made.pages[1], AB, GridSize(8, 8))]
    write_encoded(path, made, grids, AB)
    return path


def parts(path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    with safe_open(path, framework="numpy") as handle:
        return json.loads(handle.metadata()[METADATA_KEY])["document"], {name: handle.get_tensor(name) for name in handle.keys()}  # noqa: SIM118


def forge(path: Path, data: object, tensors: dict[str, Any]) -> None:
    """Write a file whose checksum is right whatever it holds: a forger can compute one."""
    try:
        digest = _digest(data, tensors)
    except ValueError:  # not a number: cannot be part of strict JSON
        digest = ""
    save_file(tensors, path, metadata={METADATA_KEY: json.dumps({"version": 1, "sha256": digest, "document": data})})


def refusal(path: Path) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        read_encoded(path)
    assert caught.value.status is DocumentStatus.CORRUPT
    assert "Encode the document again" in caught.value.hint
    return caught.value


def test_a_document_comes_back_equal(encoded: Path) -> None:
    result = read_encoded(encoded)
    before, after = document(), result.document
    assert replace(after, pages=()) == replace(before, pages=())
    assert result.alphabet == AB
    for page, wanted in zip(after.pages, before.pages, strict=True):
        for name in ("code_points", "boxes", "confidence", "word_index", "line_index"):
            first, second = getattr(page.characters, name), getattr(wanted.characters, name)
            assert first.dtype == second.dtype
            assert np.array_equal(first, second), name
        empty = Characters.empty()
        assert replace(page, characters=empty).__dict__.keys() >= replace(wanted, characters=empty).__dict__.keys()
        for name in ("number", "width_pt", "height_pt", "source", "rotation", "ocr", "warnings"):
            assert getattr(page, name) == getattr(wanted, name)


def test_the_grids_come_back_equal(encoded: Path) -> None:
    wanted = grid_of_page(document().pages[0], AB, GridSize(16, 24), Frame.TEXT)
    grid = read_encoded(encoded).grids[0]
    assert np.array_equal(grid.grid, wanted.grid)
    assert np.array_equal(grid.cell_character, wanted.cell_character)
    assert grid.transform == wanted.transform
    assert grid.lost_characters == wanted.lost_characters


def test_the_owners_of_the_cells_can_be_left_out(encoded: Path) -> None:
    whole, light = read_encoded(encoded).grids[0], read_encoded(encoded, with_cells=False).grids[0]
    assert light.cell_character.size == 0 < whole.cell_character.size
    assert np.array_equal(light.grid, whole.grid)
    assert light.lost_characters == whole.lost_characters


def test_more_bytes_or_cells_than_any_document_needs_are_refused(encoded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FILE_BYTES_MAX", "GRID_CELLS_MAX"):
        with monkeypatch.context() as patch:
            patch.setattr(f"docgrid.chargrid.encoded.{name}", 16 * 24 - 1)
            with pytest.raises(DocumentError) as caught:
                read_encoded(encoded)
        assert caught.value.status is DocumentStatus.TOO_LARGE


def test_the_file_holds_the_grid_of_the_design(encoded: Path) -> None:
    with safe_open(encoded, framework="numpy") as handle:
        grid = handle.get_tensor("page.0.grid")
    assert (grid.dtype, grid.shape) == (np.uint8, (16, 24))


def test_reading_and_writing_again_gives_the_same_bytes(encoded: Path, tmp_path: Path) -> None:
    result: EncodedDocument = read_encoded(encoded)
    again = tmp_path / "again.safetensors"
    write_encoded(again, result.document, result.grids, result.alphabet)
    assert again.read_bytes() == encoded.read_bytes()


def test_a_path_that_is_no_unicode_comes_back(tmp_path: Path) -> None:
    made = replace(document(), path=Path("caf\udce9.pdf"), pages=())
    write_encoded(tmp_path / "x.safetensors", made, [], AB)
    assert read_encoded(tmp_path / "x.safetensors").document.path == made.path


def test_an_existing_file_is_kept_without_force(encoded: Path) -> None:
    with pytest.raises(OutputError, match="exists"):
        write_encoded(encoded, replace(document(), pages=()), [], AB, force=False)
    assert len(read_encoded(encoded).document.pages) == 2


def test_a_file_cut_anywhere_is_refused(encoded: Path) -> None:
    whole = encoded.read_bytes()
    for length in range(0, len(whole), max(len(whole) // 60, 1)):
        encoded.write_bytes(whole[:length])
        refusal(encoded)


def test_a_flipped_bit_anywhere_is_refused(encoded: Path) -> None:
    whole = encoded.read_bytes()
    for position in range(0, len(whole), max(len(whole) // 120, 1)):
        damaged = bytearray(whole)
        damaged[position] ^= 1 << position % 8
        encoded.write_bytes(damaged)
        try:
            result = read_encoded(encoded)
        except DocumentError as error:
            assert error.status in (DocumentStatus.CORRUPT, DocumentStatus.UNSUPPORTED)
        else:  # white space that pads the header says nothing
            assert result.document.metadata == document().metadata


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"\xff" * 64, (1 << 60).to_bytes(8, "little") + b"{}"])
def test_something_else_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.safetensors"
    path.write_bytes(content)
    refusal(path)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    refusal(tmp_path / "nothing.safetensors")
    refusal(tmp_path)


def test_weights_of_a_network_are_not_an_encoded_document(tmp_path: Path) -> None:
    save_file({"weight": np.zeros((2, 2), np.float32)}, tmp_path / "x.safetensors")
    refusal(tmp_path / "x.safetensors")


def test_a_later_version_is_unsupported_rather_than_corrupt(encoded: Path) -> None:
    data, tensors = parts(encoded)
    save_file(tensors, encoded, metadata={METADATA_KEY: json.dumps({"version": 2, "document": data})})
    with pytest.raises(DocumentError, match="version '2'") as caught:
        read_encoded(encoded)
    assert caught.value.status is DocumentStatus.UNSUPPORTED


HOSTILE: list[tuple[tuple[str | int, ...], object]] = [
    ((), []),
    (("pages",), {}),
    (("pages", 0), None),
    (("pages", 0, "width_pt"), -1),
    (("pages", 0, "width_pt"), float("nan")),
    (("pages", 0, "height_pt"), 1e400),
    (("pages", 0, "height_pt"), "842"),
    (("pages", 0, "rotation"), True),
    (("pages", 0, "source"), "pickle"),
    (("pages", 0, "ocr"), [1]),
    (("pages", 0, "warnings"), "text"),
    (("pages", 0, "transform"), {"scale": 0, "offset_x": 0, "offset_y": 0}),
    (("pages", 0, "transform"), {"scale": 1, "offset_x": 0, "offset_y": 0, "more": 1}),
    (("pages", 0, "transform", "scale"), 1e308),
    (("alphabet", "characters"), "aa"),
    (("alphabet", "characters"), 5),
    (("alphabet", "characters"), "xyz"),
    (("metadata",), {"key": 1}),
    (("page_count",), "9"),
    (("path",), None),
]


@pytest.mark.parametrize(("where", "value"), HOSTILE)
def test_hostile_metadata_with_a_right_checksum_is_refused(encoded: Path, where: tuple[str | int, ...], value: object) -> None:
    data, tensors = parts(encoded)
    if where:
        place: Any = data
        for key in where[:-1]:
            place = place[key]
        place[where[-1]] = value
    forge(encoded, data if where else value, tensors)
    refusal(encoded)


def test_metadata_nested_a_hundred_thousand_times_is_refused(encoded: Path) -> None:
    _, tensors = parts(encoded)
    save_file(tensors, encoded, metadata={METADATA_KEY: "[" * 100_000})
    refusal(encoded)


@pytest.mark.parametrize(
    ("name", "tensor"),
    [
        ("page.0.grid", np.zeros((16, 24), np.uint8)),  # not what the characters give
        ("page.0.grid", np.zeros((0, 24), np.uint8)),
        ("page.0.grid", np.zeros(9, np.uint8)),
        ("page.0.boxes", np.zeros((2, 4), np.float32)),
        ("page.0.boxes", np.full((3, 4), np.nan, np.float32)),
        ("page.0.word_index", np.array([2, 1, 0], np.int32)),
        ("page.0.code_points", np.array([97, 98, 99], np.float32)),
        ("page.0.confidence", np.zeros((3, 1), np.float32)),
        ("page.0.boxes", None),
    ],
)
def test_hostile_tensors_with_a_right_checksum_are_refused(encoded: Path, name: str, tensor: Any) -> None:
    data, tensors = parts(encoded)
    if tensor is None:
        del tensors[name]
    else:
        tensors[name] = tensor
    forge(encoded, data, tensors)
    refusal(encoded)


def test_boxes_that_are_no_numbers_are_refused_even_where_they_fit_an_empty_grid(encoded: Path) -> None:
    data, tensors = parts(encoded)
    tensors["page.0.boxes"] = np.full((3, 4), np.nan, np.float32)
    tensors["page.0.grid"] = np.zeros((16, 24), np.uint8)
    forge(encoded, data, tensors)
    assert "not finite" in refusal(encoded).problem
