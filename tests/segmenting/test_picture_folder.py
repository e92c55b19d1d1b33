from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from docgrid.errors import DatasetError
from docgrid.segmenting import is_picture_folder, open_picture_folder
from docgrid.segmenting.folder import read_mask
from docgrid.synth.layout import CLASSES, as_palette, generate_layouts, layout_page


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three small pictures with masks of two classes; the last one is for validation."""
    for name in "abc":
        for place in ("JPEGImages", "SegmentationClass"):
            (tmp_path / place).mkdir(exist_ok=True)
        Image.new("RGB", (12, 8), "white").save(tmp_path / "JPEGImages" / f"{name}.jpg")
        mask = np.zeros((8, 12), np.uint8)
        mask[2:4, 1:5], mask[7, 11] = 2, 255
        as_palette(mask).save(tmp_path / "SegmentationClass" / f"{name}.png")
    (tmp_path / "ImageSets" / "Segmentation").mkdir(parents=True)
    (tmp_path / "ImageSets" / "Segmentation" / "train.txt").write_text("a\nb\n")
    (tmp_path / "ImageSets" / "Segmentation" / "val.txt").write_text("c\n")
    (tmp_path / "labels.txt").write_text("background\ntext\ntable\n")
    return tmp_path


def problem_of(folder: Path) -> DatasetError:
    with pytest.raises(DatasetError) as caught:
        open_picture_folder(folder)
    assert caught.value.exit_code == 6
    return caught.value


def test_a_folder_gives_its_classes_and_its_two_parts(folder: Path) -> None:
    assert is_picture_folder(folder)
    opened = open_picture_folder(folder)
    assert opened.schema.names == ("text", "table")
    assert [one.id for one in opened.train] == ["a", "b"]
    assert [one.id for one in opened.valid] == ["c"]
    assert read_mask(opened.train[0].mask)[3, 4] == 2


def test_without_lists_and_names_every_mask_is_used_and_its_classes_are_counted(folder: Path) -> None:
    for path in (folder / "ImageSets" / "Segmentation").iterdir():
        path.unlink()
    (folder / "labels.txt").unlink()
    opened = open_picture_folder(folder)
    assert opened.schema.names == ("class_1", "class_2")
    assert [one.id for one in opened.train] == ["a", "b", "c"]
    assert opened.valid == ()


def test_a_mask_with_a_class_that_the_schema_lacks_is_refused_with_file_and_fix(folder: Path) -> None:
    (folder / "labels.txt").write_text("background\ntext\n")
    error = problem_of(folder)
    assert "SegmentationClass/a.png: holds class 2, the schema has 2 (0 to 1: background, text)" in error.problem
    assert "Name the class in labels.txt (line 3)" in error.hint


def test_all_problems_of_a_folder_are_told_at_once(folder: Path) -> None:
    (folder / "JPEGImages" / "a.jpg").unlink()
    (folder / "SegmentationClass" / "b.png").unlink()
    error = problem_of(folder)
    assert "JPEGImages/a.jpg: is missing" in error.problem
    assert "SegmentationClass/b.png: is missing" in error.problem


def test_a_mask_of_another_size_than_its_picture_is_refused(folder: Path) -> None:
    as_palette(np.zeros((8, 11), np.uint8)).save(folder / "SegmentationClass" / "b.png")
    assert "SegmentationClass/b.png: is 11x8, its picture 12x8" in problem_of(folder).problem


def test_a_mask_of_colours_is_refused(folder: Path) -> None:
    Image.new("RGB", (12, 8)).save(folder / "SegmentationClass" / "b.png")
    error = problem_of(folder)
    assert "b.png: holds colours (RGB), not class numbers" in error.problem
    assert "palette or gray PNG" in error.hint


def test_a_damaged_mask_and_a_damaged_picture_are_refused(folder: Path) -> None:
    (folder / "SegmentationClass" / "a.png").write_bytes(b"no png")
    (folder / "JPEGImages" / "b.jpg").write_bytes(b"no jpeg")
    error = problem_of(folder)
    assert "SegmentationClass/a.png: cannot be read" in error.problem
    assert "JPEGImages/b.jpg: cannot be read" in error.problem


def test_labels_begin_with_background(folder: Path) -> None:
    (folder / "labels.txt").write_text("text\ntable\n")
    assert "labels.txt: does not begin with 'background'" in problem_of(folder).problem


def test_a_list_cannot_lead_out_of_the_folder(folder: Path) -> None:
    (folder / "ImageSets" / "Segmentation" / "train.txt").write_text("../../secret\n")
    assert "is no name of a picture" in problem_of(folder).problem


def test_made_up_pages_open_as_a_folder_and_follow_from_their_seed(tmp_path: Path) -> None:
    assert generate_layouts(tmp_path, documents=5, seed=3) == 5
    opened = open_picture_folder(tmp_path)
    assert opened.schema.names == CLASSES[1:]
    assert (len(opened.train), len(opened.valid)) == (4, 1)
    _, mask = layout_page(np.random.default_rng([3, 2]))
    assert np.array_equal(read_mask(opened.train[2].mask), mask)
    assert 0.3 < (mask > 0).mean() < 0.95
