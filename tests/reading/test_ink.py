"""The look at a page before OCR: blank or not, and at which resolution its type is read."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from pdf_writing import PdfPageSpec, text_at, write_pdf
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from docgrid.geometry import Box
from docgrid.page import Character, Characters, OcrRun
from docgrid.reading import Limits, OcrEngineName, ReadingOptions, read_document
from docgrid.reading.ink import BLANK, is_blank, type_height_pt
from docgrid.reading.ocr import recognition
from docgrid.reading.pdf import PdfFile
from docgrid.reading.pdf_document import dpi_for_type

RAPID = ReadingOptions(ocr=OcrEngineName.RAPIDOCR)


def sheet(
    draw: Callable[[ImageDraw.ImageDraw], object] = lambda pen: None, *, shade: int = 245, noise: float = 0.0
) -> Image.Image:
    """An A4 sheet at 150 dpi."""
    picture = Image.new("L", (1240, 1754), shade)
    draw(ImageDraw.Draw(picture))
    if not noise:
        return picture
    grain = np.random.default_rng(0).normal(0, noise, (1754, 1240))
    return Image.fromarray(np.clip(np.asarray(picture) + grain, 0, 255).astype(np.uint8))


def small_digit(ink: int) -> Callable[[ImageDraw.ImageDraw], object]:
    return lambda pen: pen.text((600, 800), "7", fill=ink, font=ImageFont.load_default(16))  # 8 point


@pytest.mark.parametrize(
    ("picture", "blank"),
    [
        (sheet(), True),
        (sheet(shade=120), True),  # grey paper
        (sheet(noise=4), True),
        (sheet(lambda pen: pen.rectangle((0, 0, 8, 1754), fill=0)), True),  # the edge of the glass
        (sheet(small_digit(0)), False),
        (sheet(small_digit(150), noise=4), False),  # faint
        (sheet(lambda pen: pen.line((100, 900, 1100, 900), fill=0, width=2)), False),
        (
            sheet(lambda pen: pen.text((600, 800), "7", fill=255, font=ImageFont.load_default(16)), shade=30),
            False,
        ),  # light on dark
    ],
)
def test_a_page_is_blank_if_nothing_stands_out_from_the_paper(picture: Image.Image, blank: bool) -> None:
    assert is_blank(np.asarray(picture), 150) is blank


@pytest.mark.parametrize("shape", [(1, 1), (3, 200), (200, 3), (30, 30)])
def test_tiny_pictures_do_not_break_the_look(shape: tuple[int, int]) -> None:
    for dpi in (30.0, 72.0, 1200.0):
        assert is_blank(np.full(shape, 255, np.uint8), dpi)
        assert type_height_pt(np.full(shape, 255, np.uint8), dpi) is None


def page_of_type(size: float) -> NDArray[np.uint8]:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 842))
    canvas.setFont("Helvetica", size)
    for row in range(10):
        canvas.drawString(40, 780 - row * size * 1.5, "Invoice total 24.50 EUR delivery note")
    canvas.save()
    with PdfFile(buffer.getvalue(), limits=Limits()) as file, file.page(1) as page:
        return page.render(100, grey=True)


@pytest.mark.parametrize("size", [5, 8, 12, 24])
def test_the_height_of_type_is_about_seven_tenths_of_its_size(size: float) -> None:
    assert type_height_pt(page_of_type(size), 100) == pytest.approx(0.74 * size, rel=0.1)


def test_small_type_is_read_at_a_higher_and_large_type_at_a_lower_resolution() -> None:
    assert [dpi_for_type(height, 200) for height in (None, 5.8, 2.9, 3.9, 1.0, 7.0, 50.0)] == [200, 200, 400, 300, 400, 175, 150]


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[tuple[tuple[int, ...], float]]:
    """Shapes and resolutions of the pictures that an engine was given; it reads one letter in each."""
    given: list[tuple[tuple[int, ...], float]] = []

    def read(pixels: NDArray[np.uint8], dpi: float, options: ReadingOptions) -> tuple[Characters, OcrRun]:
        given.append((pixels.shape, dpi))
        return Characters.from_rows([Character("a", Box(1, 2, 3, 4), 0.9, 0, 0)]), OcrRun("fake", "1", "eng", dpi)

    monkeypatch.setattr(recognition, "recognise_page", read)
    return given


Seen = list[tuple[tuple[int, ...], float]]


def scanned_pdf(folder: Path, *sizes: float) -> Path:
    """A PDF of pictures of pages, one for each size of type; 0 is blank paper."""
    canvas = Canvas(str(folder / "scan.pdf"), pagesize=(595, 842))
    for size in sizes:
        picture = Image.fromarray(page_of_type(size)) if size else sheet(noise=4)
        canvas.drawImage(ImageReader(picture), 0, 0, 595, 842)
        canvas.showPage()
    canvas.save()
    return folder / "scan.pdf"


def test_scanned_pages_are_rendered_as_their_type_wants_it_and_blank_ones_are_not_read(tmp_path: Path, seen: Seen) -> None:
    document = read_document(scanned_pdf(tmp_path, 5, 0, 8, 24), RAPID)
    assert [dpi for _, dpi in seen] == [325, 200, 150]
    assert [page.ocr.dpi if page.ocr else None for page in document.pages] == [325, None, 200, 150]  # recorded
    assert [page.warnings for page in document.pages] == [(), (BLANK,), (), ()]


def test_a_resolution_that_was_asked_for_is_taken(tmp_path: Path, seen: Seen) -> None:
    read_document(scanned_pdf(tmp_path, 5), replace(RAPID, dpi=110.0))
    assert [dpi for _, dpi in seen] == [110]


def test_a_huge_page_is_read_at_the_resolution_that_the_limit_affords(tmp_path: Path, seen: Seen) -> None:
    path = write_pdf(tmp_path, PdfPageSpec(b"0 0 0 rg 100 100 3000 3000 re f", media_box=(0, 0, 5000, 5000)))
    read_document(path, replace(RAPID, limits=Limits(page_pixels=1_000_000)))
    ((shape, dpi),) = seen
    assert 0.9e6 < shape[0] * shape[1] <= 1e6
    assert dpi == pytest.approx(14.3, abs=0.2)


def test_a_blank_picture_is_not_read(tmp_path: Path, seen: Seen) -> None:
    for name, picture in (("blank", sheet(noise=4)), ("digit", sheet(small_digit(0)))):
        picture.save(tmp_path / f"{name}.png", dpi=(150, 150))
    assert read_document(tmp_path / "blank.png", RAPID).pages[0].warnings == (BLANK,)
    assert seen == []
    assert len(read_document(tmp_path / "digit.png", RAPID).pages[0].characters) == 1
    assert len(seen) == 1


def test_a_page_with_text_is_not_rendered(tmp_path: Path, seen: Seen) -> None:
    read_document(write_pdf(tmp_path, text_at("Total 9.00", 50, 100)), RAPID)
    assert seen == []
