"""The default engine: from the networks' output to characters, and the real networks on a page."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from docgrid.reading import OcrEngineName, ReadingOptions, read_document
from docgrid.reading.layout import Glyphs
from docgrid.reading.ocr import rapid
from docgrid.reading.ocr.detection import find_lines, resize_for_detection
from docgrid.reading.ocr.ink import find_ink
from docgrid.reading.ocr.lookalikes import LOOKALIKES
from docgrid.reading.ocr.paddle_models import EXTRA_CHARACTERS, Columns, PaddleModels, wanted_classes
from docgrid.reading.ocr.rapid import RapidEngine, _breaks
from docgrid.reading.ocr.strips import strips_of

ALPHABET = " abcdefghij "  # class 0 is the blank, the last one the space
SPACE = len(ALPHABET) - 1


def models_that_see(mask: NDArray[np.bool_], *classes: list[int]) -> PaddleModels:
    """Networks that find text where `mask` says, and read each line as the next of these columns of classes."""
    queue = list(classes)

    def recognise(lines: NDArray[np.float32]) -> Columns:
        best = np.zeros((len(lines), len(queue[0])), np.int64)
        for row in range(len(lines)):
            best[row] = queue.pop(0)
        return columns_of(best, np.where(best == 0, 0.99, 0.9))

    code_points = np.array([ord(letter) for letter in ALPHABET], np.uint32)
    return PaddleModels(lambda picture: mask.astype(np.float32), recognise, code_points, "fake 1")


def columns_of(best: NDArray[np.int64], probability: NDArray[np.float64]) -> Columns:
    """Columns in which a space has no probability unless it is the best, and look-alikes have none."""
    space = np.where(best == SPACE, probability, 0).astype(np.float32)
    return Columns(best, probability.astype(np.float32), space, np.zeros((*best.shape, len(LOOKALIKES)), np.float32))


def text_picture(text: str, size: int = 40, *, margin: int = 40) -> Image.Image:
    font = ImageFont.load_default(size)
    left, top, right, bottom = font.getbbox(text)
    picture = Image.new("L", (int(right - left) + 2 * margin, int(bottom - top) + 2 * margin), 255)
    ImageDraw.Draw(picture).text((margin - left, margin - top), text, fill=0, font=font)
    return picture


def read_with(models: PaddleModels, width: int = 320, height: int = 64) -> Glyphs:
    return RapidEngine(models).read(np.full((height, width), 255, np.uint8), 200, 10)


def test_columns_of_the_recogniser_become_characters_in_their_places() -> None:
    mask = np.zeros((64, 320), np.bool_)
    mask[26:38, 40:280] = True  # one line, which the rectangle around it exceeds a little
    columns = [0, 1, 1, 0, 2, 0, 0, 2, 0, 0]  # a a, then b twice with a blank between
    glyphs = read_with(models_that_see(mask, columns))
    assert "".join(map(chr, glyphs.code_points)) == "abb"
    assert glyphs.confidence.tolist() == pytest.approx([0.9] * 3)
    lefts, rights = glyphs.boxes[:, 0], glyphs.boxes[:, 2]
    assert (np.diff(lefts) > 0).all()
    assert (lefts < rights).all()
    assert 30 < lefts[0] < 110  # columns 1 and 2 of 10 over 20..300 pixels
    assert glyphs.turns is None


def test_a_space_is_a_break_and_no_glyph() -> None:
    mask = np.zeros((64, 320), np.bool_)
    mask[26:38, 40:280] = True
    glyphs = read_with(models_that_see(mask, [1, 0, 2, 0, 11, 0, 3, 0, 4, 0]))
    assert "".join(map(chr, glyphs.code_points)) == "abcd"
    assert glyphs.breaks.tolist() == [True, False, True, False]


@pytest.mark.parametrize(("probability", "broken"), [(0.09, False), (0.11, True)])
def test_a_space_that_is_hardly_probable_is_a_break_too(probability: float, broken: bool) -> None:
    mask = np.zeros((64, 320), np.bool_)
    mask[26:38, 40:280] = True
    models = models_that_see(mask, [1, 0, 2, 0, 0, 0, 0, 3, 0, 4])
    space = np.array([[0, 0, 0, 0, 0, probability, 0, 0, 0, 0]], np.float32)
    glyphs = read_with(replace(models, recognise=lambda lines: replace(models.recognise(lines), space=space)))
    assert glyphs.breaks.tolist() == [True, False, broken, False]


def test_a_look_alike_is_judged_by_the_surest_column_of_its_character() -> None:
    mask = np.zeros((64, 320), np.bool_)
    mask[26:38, 40:280] = True
    classes = np.array([[1, 2, 2, 0, 3, 3, 0, 4, 0, 0]])  # J, 1 in two columns, n
    probability = np.array([[0.9, 0.5, 0.9, 0.9, 0.9, 0.6, 0.9, 0.9, 0.9, 0.9]])
    code_points = np.array([ord(letter) for letter in " J1n1 "], np.uint32)

    def letters(doubt_at: int) -> str:
        columns = columns_of(classes, probability)
        columns.lookalikes[0, doubt_at, LOOKALIKES.index("l")] = 0.1
        models = replace(models_that_see(mask), recognise=lambda lines: columns, code_points=code_points)
        return "".join(map(chr, read_with(models).code_points))

    assert letters(2) == "Jln1"
    assert letters(1) == "J1n1"  # beside its neighbour a column shows some of that one


def breaks_in(text: str, space: list[float]) -> list[bool]:
    """Breaks of a text whose characters take one column each, with the probability of a space in each column."""
    starts = np.arange(len(text))
    code_points = np.array([ord(letter) for letter in text], np.uint32)
    return [bool(one) for one in _breaks(code_points, np.array(space, np.float32), starts, starts + 1)]


def test_a_space_shows_at_the_edges_of_its_neighbours_too() -> None:
    assert breaks_in("ab", [0.2, 0]) == [False, True]
    assert breaks_in("abc", [0, 0, 0.2]) == [False, False, True]
    assert breaks_in("a", [0.9]) == [False]
    assert breaks_in("", []) == []


def test_an_unsure_space_does_not_split_a_number_at_its_point() -> None:
    assert breaks_in("2.3", [0, 0.3, 0]) == [False, False, False]
    assert breaks_in("2,3", [0, 0.6, 0]) == [False, True, True]
    assert breaks_in("a.3", [0, 0.3, 0]) == [False, True, True]
    assert breaks_in("No.2.3a", [0, 0, 0, 0, 0, 0, 0.3]) == [False] * 6 + [True]


def test_a_line_that_runs_up_or_down_is_read_both_ways_and_the_surer_one_counts() -> None:
    mask = np.zeros((320, 64), np.bool_)
    mask[40:280, 26:38] = True
    calls: list[list[int]] = [[1, 0, 2, 0, 3], [4, 0, 5, 0, 6]]

    def recognise(lines: NDArray[np.float32]) -> Columns:
        best = np.array([calls.pop(0) for _ in range(len(lines))])
        return columns_of(best, np.where(best < 4, 0.6, 0.95))

    code_points = np.array([ord(letter) for letter in ALPHABET], np.uint32)
    models = PaddleModels(lambda picture: mask.astype(np.float32), recognise, code_points, "fake 1")
    glyphs = read_with(models, width=64, height=320)
    assert "".join(map(chr, glyphs.code_points)) == "def"
    assert glyphs.turns is not None
    assert glyphs.turns.tolist() == [3, 3, 3]
    assert (np.diff(glyphs.boxes[:, 1]) < 0).all()  # it runs upwards


@pytest.mark.parametrize(("height", "turns"), [(20, [0]), (40, [0, 1, 3]), (80, [1, 3])])
def test_what_may_be_a_single_narrow_character_is_read_upright_too(height: int, turns: list[int]) -> None:
    quad = np.array([[10, 10], [30, 10], [30, 10 + height], [10, 10 + height]], np.float32)
    strips = strips_of(np.full((100, 100, 3), 255, np.uint8), quad)
    assert [strip.turn for strip in strips] == turns
    assert {strip.pixels.shape[0] for strip in strips} == {48}


def test_a_line_that_nobody_is_sure_of_is_dropped() -> None:
    mask = np.zeros((64, 320), np.bool_)
    mask[26:38, 40:280] = True
    models = models_that_see(mask, [1, 0, 2, 0])
    unsure = PaddleModels(
        models.detect,
        lambda lines: columns_of(models.recognise(lines).classes, np.full((len(lines), 4), 0.3)),
        models.code_points,
        "",
    )
    assert len(read_with(unsure).code_points) == 0


def small_print(*bars: tuple[float, float]) -> Callable[[NDArray[np.float32]], NDArray[np.float32]]:
    """A detector that sees one block on the page of 320 x 64 pixels, and these bars (0..1 of the height) in any part of it."""

    def detect(picture: NDArray[np.float32]) -> NDArray[np.float32]:
        height, width = picture.shape[2:]
        seen = np.zeros((height, width), np.float32)
        for top, bottom in bars if width < 320 else [(0.3, 0.7)]:
            seen[round(top * height) : round(bottom * height), width // 5 : width * 4 // 5] = 1
        return seen

    return detect


def test_small_print_that_ran_together_is_found_again_line_by_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rapid, "CLOSER_SCALE_MAX", 1.0)
    models = models_that_see(np.zeros((64, 320), np.bool_), [0, 0, 0, 0], [1, 0, 2, 0], [3, 0, 4, 0])
    glyphs = read_with(replace(models, detect=small_print((0.2, 0.35), (0.65, 0.8))))
    assert sorted(map(chr, glyphs.code_points)) == list("abcd")
    assert glyphs.breaks.tolist() == [True, False] * 2
    upper, lower = glyphs.boxes[:2], glyphs.boxes[2:]
    assert upper[:, 3].max() < lower[:, 1].min() or lower[:, 3].max() < upper[:, 1].min()
    assert 5 < glyphs.boxes[:, 1].min() < glyphs.boxes[:, 3].max() < 60
    assert 60 < glyphs.boxes[:, 0].min() < glyphs.boxes[:, 2].max() < 260


@pytest.mark.parametrize(("height", "closer"), [(700, True), (900, False)])
def test_only_a_picture_that_was_shrunk_is_looked_at_more_closely(height: int, closer: bool) -> None:
    looks: list[tuple[int, ...]] = []

    def detect(picture: NDArray[np.float32]) -> NDArray[np.float32]:
        looks.append(picture.shape[2:])
        seen = np.zeros(picture.shape[2:], np.float32)
        seen[100:130, 100:600] = len(looks) == 1
        return seen

    models = models_that_see(np.zeros((1, 1), np.bool_), [0, 0, 0, 0])
    read_with(replace(models, detect=detect), width=1500 if height == 900 else 2000, height=height)  # to 1,280 pixels: 0.85, 0.69
    assert len(looks) == 1 + closer


def test_a_line_that_was_read_is_not_read_again_when_its_neighbour_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rapid, "CLOSER_SCALE_MAX", 1.0)
    models = models_that_see(np.zeros((64, 320), np.bool_), [1, 0, 2, 0] * 20, [0] * 80)  # nothing to read a third line as
    looks: list[tuple[int, ...]] = []

    def detect(picture: NDArray[np.float32]) -> NDArray[np.float32]:
        looks.append(picture.shape[2:])
        seen = np.zeros(picture.shape[2:], np.float32)
        for top in (20, 36) if len(looks) == 1 else (36,):  # the lower one is found, and read, first
            seen[top : top + 8, 60:260] = 1
        return seen

    assert len(read_with(replace(models, detect=detect)).code_points) == 40
    assert looks == [(64, 320), (64, 256)]  # of the whole, then of both lines with a margin: they touch


def test_a_blank_page_has_no_glyphs() -> None:
    assert len(read_with(models_that_see(np.zeros((64, 320), np.bool_))).code_points) == 0


def test_lines_are_found_with_a_margin_around_their_core() -> None:
    probability = np.zeros((100, 200), np.float32)
    probability[40:50, 20:180] = 0.9
    (quad,) = find_lines(probability, width=400, height=200)  # of a picture twice as large
    left, top = quad.min(axis=0)
    right, bottom = quad.max(axis=0)
    assert left < 40 < 360 < right
    assert top < 80 < 100 < bottom
    assert bottom - top < 60


def test_faint_and_tiny_spots_are_no_lines() -> None:
    probability = np.zeros((100, 200), np.float32)
    probability[10:12, 10:12] = 0.9
    probability[40:50, 20:180] = 0.4  # above the threshold of a pixel, below that of a line
    assert len(find_lines(probability, 200, 100)) == 0


@pytest.mark.parametrize(("shape", "resized"), [((2000, 1000), (1280, 640)), ((100, 50), (96, 64)), ((6000, 600), (4800, 480))])
def test_pictures_are_shrunk_for_detection_but_long_receipts_less(shape: tuple[int, int], resized: tuple[int, int]) -> None:
    assert resize_for_detection(np.zeros((*shape, 3), np.uint8), 1280, short_side=480).shape[:2] == resized


def test_the_height_of_the_letters_is_found() -> None:
    strip = np.full((48, 400), 255, np.uint8)
    strip[10:38, 20:300:3] = 0
    ink = find_ink(strip)
    assert ink is not None
    assert ink.top * 48 < 10 < 38 < ink.bottom * 48
    assert ink.bottom - ink.top < 0.9


def test_light_letters_on_a_dark_ground_are_ink_too() -> None:
    strip = np.zeros((48, 100), np.uint8)
    strip[10:38, 40:60] = 255
    ink = find_ink(strip)
    assert ink is not None
    assert ink.top * 48 < 10 < 38 < ink.bottom * 48
    assert ink.bottom - ink.top < 0.9


def test_an_even_strip_has_no_ink() -> None:
    assert find_ink(np.full((48, 100), 200, np.uint8)) is None


def test_the_recogniser_keeps_latin_letters_digits_and_signs_but_no_chinese() -> None:
    characters = ["中", "a", "é", "ß", "9", "€", "ɐ", "ș", "א"]
    kept = [characters[index - 1] for index in wanted_classes(characters).tolist()[1:-1]]
    assert kept == ["a", "é", "ß", "9", "€", "ș"]
    assert wanted_classes(characters).tolist()[0] == 0
    assert wanted_classes(characters).tolist()[-1] == len(characters) + 1
    assert "€" in EXTRA_CHARACTERS


@pytest.fixture(scope="module")
def scan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A picture of two lines at 150 dpi."""
    picture = Image.new("L", (1240, 500), 255)
    draw = ImageDraw.Draw(picture)
    font = ImageFont.load_default(36)
    draw.text((100, 100), "Invoice number 4711-08", fill=0, font=font)
    draw.text((100, 300), "Total 1,234.50 EUR", fill=0, font=font)
    path = tmp_path_factory.mktemp("scans") / "scan.png"
    picture.save(path, dpi=(150, 150))
    return path


@pytest.mark.parametrize("engine", [OcrEngineName.RAPIDOCR, OcrEngineName.TESSEROCR])
def test_the_engines_read_a_clean_scan(scan: Path, engine: OcrEngineName) -> None:
    if engine is OcrEngineName.TESSEROCR:
        pytest.importorskip("tesserocr")
    (page,) = read_document(scan, ReadingOptions(ocr=engine, ocr_threads=1)).pages
    assert page.text.splitlines() == ["Invoice number 4711-08", "Total 1,234.50 EUR"]
    assert page.ocr is not None
    assert (page.ocr.engine, page.ocr.language) == (engine.value, "eng")
    assert [page.ocr.dpi, page.width_pt, page.height_pt] == pytest.approx([150, 595.2, 240], abs=0.1)


def test_characters_lie_on_their_ink(scan: Path) -> None:
    (page,) = read_document(scan, ReadingOptions(ocr=OcrEngineName.RAPIDOCR, ocr_threads=1)).pages
    pixels = np.asarray(Image.open(scan))
    for character in page.characters:
        box = character.box
        edges = [round(edge * 150 / 72) for edge in (box.left, box.top, box.right, box.bottom)]
        assert (pixels[edges[1] : edges[3], edges[0] : edges[2]] < 128).any(), character


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_page_that_lies_on_its_side_or_head_is_read_in_order(scan: Path, tmp_path: Path, degrees: int) -> None:
    path = tmp_path / "turned.png"
    Image.open(scan).rotate(-degrees, expand=True).save(path, dpi=(150, 150))  # Pillow turns anticlockwise
    (page,) = read_document(path, ReadingOptions(ocr=OcrEngineName.RAPIDOCR, ocr_threads=1)).pages
    assert page.text.splitlines() == ["Invoice number 4711-08", "Total 1,234.50 EUR"]
    assert page.ocr is not None
    assert page.ocr.rotated_degrees == (360 - degrees) % 360
    assert page.rotation == 0  # nobody asked for it: boxes stay in the frame that is displayed
    assert page.characters.boxes[:, 2].max() <= page.width_pt + 1


def test_a_skewed_scan_is_read_row_by_row(tmp_path: Path) -> None:
    picture = Image.new("L", (1240, 700), 255)
    draw = ImageDraw.Draw(picture)
    font = ImageFont.load_default(30)
    for row in range(6):
        draw.text((100, 100 + 60 * row), f"Article {row}", fill=0, font=font)
        draw.text((1000, 100 + 60 * row), f"{row}1.50", fill=0, font=font)
    path = tmp_path / "skewed.png"
    picture.rotate(-3, fillcolor=255).save(path, dpi=(150, 150))  # 900 pixels sink by 47
    (page,) = read_document(path, ReadingOptions(ocr=OcrEngineName.RAPIDOCR, ocr_threads=1)).pages
    assert page.text.splitlines() == [line for row in range(6) for line in (f"Article {row}", f"{row}1.50")]


def test_loading_the_engine_reports_to_nobody(tmp_path: Path) -> None:
    pytest.importorskip("openvino")
    program = (
        "import socket, sys\n"
        "def refuse(*arguments, **more): raise SystemExit('a socket was opened')\n"
        "socket.socket.connect = refuse; socket.create_connection = refuse\n"
        "from docgrid.reading.ocr.paddle_models import load_models, model_folder\n"
        "load_models(model_folder(), 'openvino', 1)\n"
        "assert not any(name.startswith('openvino_telemetry') for name in sys.modules), 'telemetry was imported'\n"
    )
    environment = os.environ | {"HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert list(tmp_path.iterdir()) == []
    assert done.stdout == ""
