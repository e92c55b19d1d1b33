"""PDF pages: text, boxes and pixels in one frame."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from pdf_writing import PdfPageSpec, pdf_bytes, text_at, write_pdf

from docgrid.errors import DocumentError, DocumentStatus
from docgrid.page import Page, TextSource
from docgrid.reading import Limits, OcrEngineName, PdfReader, ReadingOptions, read_document, render_page
from docgrid.reading.frame import Frame
from docgrid.reading.pdf import PdfFile
from docgrid.reading.plumber import PlumberFile

NO_OCR = ReadingOptions(ocr=OcrEngineName.OFF)


def only_page(path: Path, options: ReadingOptions = NO_OCR) -> Page:
    (page,) = read_document(path, options).pages
    return page


def ink_box(path: Path, dpi: float = 144) -> tuple[float, float, float, float]:
    """left, top, right, bottom of all dark pixels of page 1, in points."""
    pixels = np.asarray(render_page(path, 1, dpi=dpi).convert("L"))
    rows, columns = np.nonzero(pixels < 128)
    return tuple(float(edge) * 72 / dpi for edge in (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1))  # type: ignore[return-value]  # four of them


def test_a_character_stands_where_its_advance_and_font_size_say(tmp_path: Path) -> None:
    page = only_page(write_pdf(tmp_path, text_at("H", x=60, y=100, size=10, font="F2")))  # Courier: every advance is 0.6 em
    left, top, right, bottom = page.characters.boxes[0].tolist()
    assert (left, right) == pytest.approx((60, 66))
    assert top < 400 - 100 < bottom  # the baseline lies 100 points above the lower edge of a 400 point page
    assert 9 < bottom - top < 13


@pytest.mark.parametrize(
    ("rotate", "crop_box", "user_unit"),
    list(itertools.product((0, 90, 180, 270), (None, (20, 30, 250, 380)), (1.0, 2.0))),
)
def test_boxes_lie_on_the_ink_whatever_the_rotation_crop_box_and_unit(
    tmp_path: Path, rotate: int, crop_box: tuple[float, float, float, float] | None, user_unit: float
) -> None:
    content = text_at("EHHE", 60, 100, 20)
    path = write_pdf(tmp_path, PdfPageSpec(content, (-10, 15, 290, 415), crop_box, rotate, user_unit))
    page = only_page(path)
    boxes = page.characters.boxes
    around = (boxes[:, 0].min(), boxes[:, 1].min(), boxes[:, 2].max(), boxes[:, 3].max())
    ink = ink_box(path)
    slack = 8 * user_unit  # the box is as high as the font, the ink of capitals only as high as they are
    assert all(0 <= inner - outer <= slack for outer, inner in zip(around[:2], ink[:2], strict=True))
    assert all(0 <= outer - inner <= slack for outer, inner in zip(around[2:], ink[2:], strict=True))


@pytest.mark.parametrize(("rotate", "size"), [(0, (460, 700)), (90, (700, 460)), (180, (460, 700)), (270, (700, 460))])
def test_the_page_is_as_large_as_it_is_displayed(tmp_path: Path, rotate: int, size: tuple[int, int]) -> None:
    path = write_pdf(tmp_path, PdfPageSpec(text_at("a", 60, 100), crop_box=(20, 30, 250, 380), rotate=rotate, user_unit=2.0))
    page = only_page(path)
    assert (page.width_pt, page.height_pt) == size
    assert page.rotation == rotate
    assert render_page(path, 1, dpi=36).size == (size[0] // 2, size[1] // 2)


@pytest.mark.parametrize("rotation", range(4))
def test_the_upper_left_corner_of_a_frame_is_the_origin(rotation: int) -> None:
    frame = Frame(left=10, bottom=20, right=110, top=220, rotation=rotation, unit_pt=1.0)
    corner = {0: (10, 220), 1: (10, 20), 2: (110, 20), 3: (110, 220)}[rotation]  # of user space, seen at the top left
    x, y = corner
    shown = frame.to_display(np.array([[x, y, x, y]], np.float32))
    assert shown.tolist() == [[0, 0, 0, 0]]


def test_both_readers_agree_on_every_frame() -> None:
    for rotate, crop in itertools.product((0, 90, 180, 270), (None, (20, 30, 250, 380))):
        content = pdf_bytes([PdfPageSpec(text_at("Hello", 60, 100, font="F2"), (-10, 15, 290, 415), crop, rotate)])
        with PdfFile(content, limits=Limits()) as first, first.page(1) as page:
            by_pdfium, frame = page.read_text().glyphs, page.frame
        with PlumberFile(content, limits=Limits()) as second:
            layer, plumber_frame = second.read_page(1)
        assert plumber_frame == frame
        assert layer.glyphs.code_points.tolist() == by_pdfium.code_points.tolist()
        assert np.abs(layer.glyphs.boxes - by_pdfium.boxes).max() < 3  # the fonts' heights are taken differently


def test_the_second_reader_reads_the_same_text(tmp_path: Path) -> None:
    path = write_pdf(tmp_path, text_at("Total 12.50", 60, 100) + text_at("EUR", 200, 100))
    second = read_document(path, ReadingOptions(ocr=OcrEngineName.OFF, reader=PdfReader.PDFPLUMBER))
    assert second.pages[0].text == only_page(path).text == "Total 12.50\nEUR"
    assert second.reader.startswith("pdfplumber")


def test_a_filled_form_field_is_text_of_the_page(tmp_path: Path) -> None:
    appearance = (
        b"<< /Type /XObject /Subtype /Form /BBox [0 0 100 20] /Resources << /Font << /F1 3 0 R >> >> /Length 37 >>\n"
        b"stream\nBT /F1 12 Tf 2 5 Td (Filled) Tj ET   \nendstream"
    )
    widget = b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (name) /V (Filled) /Rect [50 50 150 70] /F 4 /AP << /N 10 0 R >> >>"
    path = write_pdf(tmp_path, PdfPageSpec(text_at("Name:", 10, 55), extra="/Annots [11 0 R]"), objects=[appearance, widget])
    assert "Filled" in only_page(path).text


def test_a_hyphen_at_the_end_of_a_line_stays_a_hyphen(tmp_path: Path) -> None:
    page = only_page(write_pdf(tmp_path, text_at("invoice-", 60, 300) + text_at("number", 60, 285)))
    assert page.text == "invoice-\nnumber"


def test_ligatures_become_letters_that_share_their_width(tmp_path: Path) -> None:
    # Byte 200 of this font is the ligature fi, by its glyph name.
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding << /Type /Encoding /Differences [200 /fi] >> >>"
    path = write_pdf(tmp_path, b"BT /F3 20 Tf 50 100 Td (\xc8x) Tj ET", objects=[font], resources="")
    path.write_bytes(path.read_bytes().replace(b"/F1 3 0 R", b"/F3 10 0 R"))  # as long as before: offsets stay true
    page = only_page(path)
    assert page.characters.text == "fix"
    boxes = page.characters.boxes
    assert boxes[0, 2] == pytest.approx(boxes[1, 0], abs=0.05)
    assert boxes[0, 2] - boxes[0, 0] == pytest.approx(boxes[1, 2] - boxes[1, 0], abs=0.05)


def test_text_that_is_drawn_twice_for_boldness_is_read_once(tmp_path: Path) -> None:
    page = only_page(write_pdf(tmp_path, text_at("Total 11", 60, 100) + text_at("Total 11", 60.3, 100)))
    assert page.text == "Total 11"


def test_a_page_turned_by_its_content_reads_in_order(tmp_path: Path) -> None:
    content = b"BT /F1 12 Tf 0 1 -1 0 100 50 Tm (Upwards text) Tj ET\n" + text_at("Level", 150, 300)
    page = only_page(write_pdf(tmp_path, content))
    assert page.text == "Level\nUpwards text"


def test_upside_down_text_reads_in_order(tmp_path: Path) -> None:
    page = only_page(write_pdf(tmp_path, b"BT /F1 12 Tf -1 0 0 -1 200 50 Tm (Upside down) Tj ET\n"))
    assert page.text == "Upside down"


def test_a_watermark_does_not_mix_with_the_lines_that_it_crosses(tmp_path: Path) -> None:
    mark = b"BT /F1 40 Tf 0.707 0.707 -0.707 0.707 60 60 Tm (DRAFT) Tj ET\n"
    lines = b"".join(text_at(f"Line number {row} of the page", 40, 60 + 20 * row) for row in range(8))
    text = only_page(write_pdf(tmp_path, mark + lines)).text
    assert text.splitlines() == [*(f"Line number {row} of the page" for row in range(7, -1, -1)), "DRAFT"]


def test_a_page_without_content_has_no_text_and_no_warning(tmp_path: Path) -> None:
    page = only_page(write_pdf(tmp_path, b""))
    assert (page.source, page.warnings, len(page.characters)) == (TextSource.NONE, (), 0)


def test_only_the_pages_that_were_asked_for_are_read(tmp_path: Path) -> None:
    path = write_pdf(tmp_path, *(text_at(f"page {number}", 50, 100) for number in (1, 2, 3)))
    document = read_document(path, ReadingOptions(ocr=OcrEngineName.OFF, pages=(1, 3)))
    assert [page.text for page in document.pages] == ["page 1", "page 3"]
    assert [page.number for page in document.pages] == [1, 3]
    assert document.page_count == 3


def test_asking_for_pages_that_do_not_exist_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="None of the pages asked for exists") as caught:
        read_document(write_pdf(tmp_path, text_at("a", 1, 1)), ReadingOptions(pages=(7,)))
    assert "--pages" in caught.value.hint


@pytest.mark.parametrize("content", [b"%PDF-1.7\nnot much", b"%PDF-1.4\n" + b"\x00" * 5000])
def test_a_damaged_pdf_is_corrupt(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "damaged.pdf"
    path.write_bytes(content)
    with pytest.raises(DocumentError) as caught:
        read_document(path, NO_OCR)
    assert caught.value.status is DocumentStatus.CORRUPT
    assert str(path) in caught.value.problem


def test_a_page_of_no_size_fails_alone(tmp_path: Path) -> None:
    path = write_pdf(tmp_path, text_at("good", 50, 100), PdfPageSpec(b"", media_box=(0, 0, 300000, 10)))
    document = read_document(path, NO_OCR)
    assert [page.text for page in document.pages] == ["good"]
    assert document.metadata == {"failed_pages": "2"}
    assert "impossible size" in document.warnings[0]


@pytest.mark.parametrize(
    ("limits", "what"),
    [(Limits(pages=2), "3 pages"), (Limits(page_characters=3), "4 characters"), (Limits(file_bytes=100), "bytes")],
)
def test_what_is_too_large_is_refused_with_its_size(tmp_path: Path, limits: Limits, what: str) -> None:
    path = write_pdf(tmp_path, *[text_at("text", 50, 100)] * 3)
    with pytest.raises(DocumentError, match=what) as caught:
        read_document(path, ReadingOptions(ocr=OcrEngineName.OFF, limits=limits))
    assert caught.value.status is DocumentStatus.TOO_LARGE


def test_a_page_with_more_pixels_than_allowed_is_not_rendered(tmp_path: Path) -> None:
    options = ReadingOptions(limits=Limits(page_pixels=100 * 100))
    with pytest.raises(DocumentError, match="more than the limit") as caught:
        render_page(write_pdf(tmp_path, text_at("a", 1, 1)), 1, dpi=72, options=options)
    assert caught.value.status is DocumentStatus.TOO_LARGE


def test_grey_and_colour_pictures_show_the_same_page(tmp_path: Path) -> None:
    content = pdf_bytes([PdfPageSpec(b"0.2 0.2 0.2 rg 100 100 50 50 re f")])
    with PdfFile(content, limits=Limits()) as file, file.page(1) as page:
        grey, colour = page.render(72, grey=True), page.render(72, grey=False)
    assert grey.shape == (400, 300)
    assert colour.shape == (400, 300, 3)
    assert grey[275, 125] == pytest.approx(51, abs=2)
    assert np.abs(grey.astype(int) - colour[:, :, 0]).max() <= 2
    assert grey[0, 0] == 255


def test_a_unit_hidden_in_a_compressed_object_is_found() -> None:
    import zlib

    from docgrid.reading.user_unit import KEY, user_units

    stream = zlib.compress(b"4 0 << /Type /Page /UserUnit 2 >>")
    content = b"%PDF-1.5\n5 0 obj << /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode >> stream\r\n" + stream + b"\nendstream"
    assert KEY not in content
    assert user_units(content) == {}  # it is looked for, and the broken file only loses its units
    whole = pdf_bytes([PdfPageSpec(b"", user_unit=3.0), PdfPageSpec(b"")])
    assert user_units(whole) == {1: 3.0}
