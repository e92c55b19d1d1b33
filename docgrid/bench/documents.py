"""Documents to measure with: made up, so that anyone can repeat a figure, or the user's own."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from docgrid.bench.error_rate import Piece, lines_of
from docgrid.geometry import Box
from docgrid.page import TextSource
from docgrid.reading import Limits, OcrEngineName, ReaderPool, ReadingOptions
from docgrid.reading.layout import order_characters
from docgrid.reading.pdf import POINTS_PER_INCH, PdfFile
from docgrid.synth import SynthKind, make_document
from docgrid.synth.pen import write_pdf

SCAN_DPI = 200
SCAN_BLUR_PX = 0.5
SCAN_NOISE = 6.0  # grey levels
SCAN_QUALITY = 75  # of JPEG
SEED = 1


@dataclass(frozen=True, eq=False)
class ScannedPage:
    """The picture of a page.

    Attributes:
        pixels: uint8 [H, W] grey.
        dpi: Of the picture.
        truth: Its lines, boxes in pixels; empty where nobody knows them.
    """

    pixels: NDArray[np.uint8]
    dpi: float
    truth: tuple[Piece, ...] = ()


def invoice_pages(count: int) -> bytes:
    """A PDF of invoice-like pages with about 2,400 characters each."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4)
    for page in range(count):
        canvas.setFont("Helvetica", 9)
        for row in range(55):
            y = 800 - 14 * row
            canvas.drawString(40, y, f"{row + 1:03d} Item {page * 55 + row:06d} of steel")
            canvas.drawString(300, y, f"{row % 9 + 1} pcs")
            canvas.drawRightString(430, y, f"{1.37 * row + 2:,.2f}")
            canvas.drawRightString(550, y, f"{11.9 * row * page + 100:,.2f} EUR")
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def made_up_invoices(language: str | None = None) -> Iterator[bytes]:
    """PDFs of made-up invoices without end, of one language or of all."""
    number = 0
    while True:
        document = make_document(number, seed=SEED, kind=SynthKind.INVOICE)
        number += 1
        if language is None or document.language == language:
            buffer = io.BytesIO()
            write_pdf(document.sheet, buffer)
            yield buffer.getvalue()


def scan_pages(pdf: bytes, *, dpi: float = SCAN_DPI) -> Iterator[ScannedPage]:
    """The pages of a born-digital PDF as a good scanner gives them: a little blurred and noisy, compressed, straight."""
    with PdfFile(pdf, limits=Limits()) as file:
        for number in range(1, file.page_count + 1):
            with file.page(number) as page:
                glyphs = page.read_text().glyphs
                characters = order_characters(glyphs.code_points, glyphs.boxes, glyphs.confidence, glyphs.breaks, glyphs.turns)
                picture = page.render(dpi, grey=True)
            truth = lines_of(characters, dpi / POINTS_PER_INCH)
            yield ScannedPage(_as_scanned(picture, Random(f"docgrid-bench/{number}")), dpi, tuple(truth))


def _as_scanned(pixels: NDArray[np.uint8], rng: Random) -> NDArray[np.uint8]:
    picture = Image.fromarray(pixels).filter(ImageFilter.GaussianBlur(SCAN_BLUR_PX))
    noise = np.random.default_rng(rng.getrandbits(63)).normal(0, SCAN_NOISE, pixels.shape)
    noisy = np.clip(np.asarray(picture, np.float32) + noise, 0, 255).astype(np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(noisy).save(buffer, "JPEG", quality=SCAN_QUALITY)
    return np.asarray(Image.open(buffer).convert("L"), np.uint8)


@dataclass(frozen=True)
class Sorted:
    """The user's files by what can be measured with them."""

    born_digital: tuple[Path, ...]
    scans: tuple[ScannedPage, ...]
    left_out: tuple[str, ...]  # why, one line each


def sort_files(files: list[Path], *, scan_count: int) -> Sorted:
    """Read every file in a process of its own; those with a text layer and those without are measured differently.

    Args:
        files: PDFs and images.
        scan_count: How many scanned pages to take at most.
    """
    born_digital: list[Path] = []
    scans: list[ScannedPage] = []
    left_out: list[str] = []
    with ReaderPool(ReadingOptions(ocr=OcrEngineName.OFF), jobs=1) as pool:
        for result in pool.read(files):
            pages = () if result.document is None else result.document.pages
            if any(page.source is TextSource.TEXT_LAYER for page in pages):
                born_digital.append(result.path)
            elif not pages:
                left_out.append(f"{result.path}: {result.status}, {result.problem}")
            else:
                whole = [(page.number, Box(0, 0, page.width_pt, page.height_pt)) for page in pages[: scan_count - len(scans)]]
                pictures = pool.crops(result.path, whole, dpi=SCAN_DPI) if whole else []
                scans += [ScannedPage(np.asarray(one.convert("L"), np.uint8), SCAN_DPI) for one in pictures if one is not None]
    return Sorted(tuple(born_digital), tuple(scans), tuple(left_out))
