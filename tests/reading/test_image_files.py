"""Image files: formats, frames, orientation, resolution and limits. OCR is off: only the page counts here."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from docgrid.errors import DocumentError, DocumentStatus
from docgrid.page import Page, TextSource
from docgrid.reading import Limits, OcrEngineName, ReadingOptions, read_document, render_page

NO_OCR = ReadingOptions(ocr=OcrEngineName.OFF)


def picture(width: int = 827, height: int = 400, mode: str = "L") -> Image.Image:
    """White with a black upper left corner."""
    image = Image.new("L", (width, height), 255)
    image.paste(0, (0, 0, width // 4, height // 4))
    return image.convert(mode)


def only_page(path: Path, options: ReadingOptions = NO_OCR) -> Page:
    (page,) = read_document(path, options).pages
    return page


@pytest.mark.parametrize("suffix", ["png", "jpg", "tif", "bmp", "webp", "gif"])
def test_every_format_is_a_page_with_a_warning_that_ocr_is_off(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"scan.{suffix}"
    picture().save(path)
    page = only_page(path)
    assert (page.source, page.warnings) == (TextSource.NONE, ("it is a picture; OCR is off",))


def test_the_content_decides_and_not_the_name(tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    picture().save(path, format="PNG")
    assert only_page(path).source is TextSource.NONE


@pytest.mark.parametrize(
    "content", [b"plain text", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", b"GIF89a", b"\x89PNG\r\n\x1a\n"]
)
def test_other_formats_and_stumps_are_refused_with_the_formats_that_are_known(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "file.png"
    path.write_bytes(content)
    with pytest.raises(DocumentError) as caught:
        read_document(path, NO_OCR)
    assert caught.value.status in (DocumentStatus.UNSUPPORTED, DocumentStatus.CORRUPT)
    assert str(path) in caught.value.problem


def test_a_truncated_picture_is_corrupt(tmp_path: Path) -> None:
    path = tmp_path / "cut.png"
    noise = np.random.default_rng(0).integers(0, 255, (200, 200), np.uint8)
    Image.fromarray(noise).save(path)
    path.write_bytes(path.read_bytes()[:9000])
    with pytest.raises(DocumentError) as caught:
        read_document(path, NO_OCR)
    assert caught.value.status is DocumentStatus.CORRUPT


def test_every_frame_of_a_tiff_is_a_page(tmp_path: Path) -> None:
    path = tmp_path / "scan.tif"
    picture(600, 300).save(path, save_all=True, append_images=[picture(300, 600), picture(600, 300)], dpi=(150, 150))
    document = read_document(path, ReadingOptions(ocr=OcrEngineName.OFF, pages=(2, 3)))
    assert document.page_count == 3
    assert [(page.number, page.width_pt, page.height_pt) for page in document.pages] == [(2, 144, 288), (3, 288, 144)]


def test_the_resolution_in_the_file_sets_the_size(tmp_path: Path) -> None:
    path = tmp_path / "scan.png"
    picture(600, 300).save(path, dpi=(200, 200))
    page = only_page(path)
    assert [page.width_pt, page.height_pt] == pytest.approx([216, 108], abs=0.1)


@pytest.mark.parametrize("dpi", [None, (1, 1), (72, 72), (9999, 9999), (300, 20)])
def test_without_a_sane_resolution_a_page_is_as_wide_as_a4(tmp_path: Path, dpi: tuple[int, int] | None) -> None:
    path = tmp_path / "scan.jpg"
    if dpi is None:
        picture(4000, 2000).save(path)
    else:
        picture(4000, 2000).save(path, dpi=dpi)
    page = only_page(path)
    assert [page.width_pt, page.height_pt] == pytest.approx([595, 297.5])


@pytest.mark.parametrize(
    ("orientation", "rotation", "size"), [(1, 0, (200, 100)), (3, 180, (200, 100)), (6, 90, (100, 200)), (8, 270, (100, 200))]
)
def test_the_exif_orientation_is_applied(tmp_path: Path, orientation: int, rotation: int, size: tuple[int, int]) -> None:
    path = tmp_path / "photo.jpg"
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture(400, 200).save(path, exif=exif, dpi=(144, 144), quality=95)
    page = only_page(path)
    assert page.rotation == rotation
    assert (page.width_pt, page.height_pt) == size
    shown = render_page(path, 1, dpi=72)
    assert shown.size == size
    corner = {1: (5, 5), 3: (-6, -6), 6: (-6, 5), 8: (5, -6)}[orientation]  # where the black corner goes
    x, y = (value % length for value, length in zip(corner, size, strict=True))
    assert shown.convert("L").getpixel((x, y)) < 60  # type: ignore[operator]  # grey has one value


def test_transparent_pixels_are_paper(tmp_path: Path) -> None:
    path = tmp_path / "scan.png"
    Image.new("RGBA", (50, 50), (0, 0, 0, 0)).save(path, dpi=(72.1, 72.1))
    assert render_page(path, 1, dpi=72).getpixel((5, 5)) == (255, 255, 255)


def test_deep_grey_is_scaled_down(tmp_path: Path) -> None:
    path = tmp_path / "scan.png"
    Image.fromarray(np.full((300, 300), 40000, np.uint16)).save(path, dpi=(100, 100))
    assert render_page(path, 1, dpi=72).convert("L").getpixel((5, 5)) == pytest.approx(40000 / 65535 * 255, abs=2)


def png_that_claims(width: int, height: int) -> bytes:
    """A PNG whose header promises a size that its few bytes do not hold."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")


@pytest.mark.parametrize(("width", "height"), [(10_000, 10_000), (100_000, 100_000)])
def test_a_picture_with_too_many_pixels_is_refused_before_it_is_decoded(tmp_path: Path, width: int, height: int) -> None:
    path = tmp_path / "bomb.png"
    path.write_bytes(png_that_claims(width, height))
    with pytest.raises(DocumentError) as caught:
        read_document(path, NO_OCR)
    assert caught.value.status is DocumentStatus.TOO_LARGE
    with pytest.raises(DocumentError):
        render_page(path, 1, dpi=72)


def test_a_crop_would_not_be_rendered_larger_than_allowed(tmp_path: Path) -> None:
    path = tmp_path / "scan.png"
    picture(600, 300).save(path, dpi=(150, 150))
    with pytest.raises(DocumentError) as caught:
        render_page(path, 1, dpi=1200, options=ReadingOptions(limits=Limits(page_pixels=1_000_000)))
    assert caught.value.status is DocumentStatus.TOO_LARGE
