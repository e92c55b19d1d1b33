"""A PDF becomes a document: page by page the text layer, or OCR where the page is a picture or its text is unusable."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from docgrid.errors import DocumentError, DocumentStatus
from docgrid.page import Characters, Document, OcrRun, Page, TextSource
from docgrid.reading.document import PageStarted, Step, finish, wanted_pages
from docgrid.reading.frame import Frame
from docgrid.reading.layout import order_characters
from docgrid.reading.options import OcrEngineName, PdfReader, ReadingOptions
from docgrid.reading.pdf import POINTS_PER_INCH, READER_NAME, PdfFile, PdfPage
from docgrid.reading.pdf_glyphs import TextLayer

UNREADABLE_SHARE = 0.3  # of the glyphs have no meaning: the text layer is of no use
FEW_CHARACTERS = 100  # below this, a large picture makes the page a scan
SCAN_SHARE = 0.5  # of the page is covered by one picture
OCR_PIXELS = 16_000_000  # a page is rendered with at most so many: A3 at 300 dpi


def read_pdf(path: Path, content: bytes, sha256: str, options: ReadingOptions, started: PageStarted) -> Document:
    """Read the pages that were asked for, one at a time; with the second reader where the first finds nothing.

    Raises:
        DocumentError: The file cannot be opened, or none of its pages can be read.
        MissingDependencyError: A page needs OCR and the engine or its language is not installed.
    """
    if options.reader is PdfReader.PDFPLUMBER:
        return _read_with_pdfplumber(path, content, sha256, options, started)
    try:
        document = _read_with_pdfium(path, content, sha256, options, started)
    except DocumentError as error:
        if options.reader is PdfReader.PDFIUM or error.status is not DocumentStatus.CORRUPT:
            raise
        return _second_try(path, content, sha256, options, started) or _reraise(error)
    if document.is_empty and options.reader is PdfReader.AUTO:
        return _second_try(path, content, sha256, options, started) or document
    return document


def _reraise(error: DocumentError) -> Document:
    raise error


def _second_try(path: Path, content: bytes, sha256: str, options: ReadingOptions, started: PageStarted) -> Document | None:
    """What pdfplumber finds without OCR, or None where it finds nothing either."""
    try:
        document = _read_with_pdfplumber(path, content, sha256, replace(options, ocr=OcrEngineName.OFF), started)
    except DocumentError:
        return None
    return None if document.is_empty else document


def _read_with_pdfium(path: Path, content: bytes, sha256: str, options: ReadingOptions, started: PageStarted) -> Document:
    pages: list[Page] = []
    failures: dict[int, DocumentError] = {}
    with PdfFile(content, limits=options.limits, password=options.password) as file:
        for number in wanted_pages(options, file.page_count):
            started(number, Step.TEXT_LAYER)
            try:
                with file.page(number) as page:
                    layer = page.read_text()
                    pages.append(_choose(page, page.frame, layer, _reason_for_ocr(page, layer), options, started))
            except DocumentError as error:
                failures[number] = error
        count = file.page_count
    return finish(path, sha256, READER_NAME, pages, failures, count)


def _read_with_pdfplumber(path: Path, content: bytes, sha256: str, options: ReadingOptions, started: PageStarted) -> Document:
    """The same with the text layer from pdfplumber; pictures of pages for OCR still come from pdfium."""
    from docgrid.reading import plumber

    pages: list[Page] = []
    failures: dict[int, DocumentError] = {}
    with ExitStack() as stack:
        file = stack.enter_context(plumber.PlumberFile(content, limits=options.limits, password=options.password))
        pictures: PdfFile | None = None
        for number in wanted_pages(options, file.page_count):
            started(number, Step.SECOND_READER)
            try:
                layer, frame = file.read_page(number)
                if options.ocr is OcrEngineName.OFF:
                    pages.append(_choose(None, frame, layer, "", options, started, number=number))
                    continue
                if pictures is None:
                    pictures = stack.enter_context(PdfFile(content, limits=options.limits, password=options.password))
                with pictures.page(number) as page:
                    pages.append(_choose(page, frame, layer, _reason_for_ocr(page, layer), options, started))
            except DocumentError as error:
                failures[number] = error
        count = file.page_count
    return finish(path, sha256, plumber.READER_NAME, pages, failures, count)


def _choose(
    page: PdfPage | None,
    frame: Frame,
    layer: TextLayer,
    reason: str,
    options: ReadingOptions,
    started: PageStarted,
    *,
    number: int = 0,
) -> Page:
    """The page with the characters of its text layer, or those of OCR where there is a `reason` for it and it finds more."""
    glyphs = layer.glyphs
    characters = order_characters(glyphs.code_points, glyphs.boxes, glyphs.confidence, glyphs.breaks, glyphs.turns)
    run: OcrRun | None = None
    warnings: tuple[str, ...] = ()
    source = TextSource.TEXT_LAYER
    if page is not None and reason and options.ocr is OcrEngineName.OFF:
        warnings = (f"{reason}; OCR is off",)
    elif page is not None and reason:
        started(page.number, Step.OCR)
        seen, seen_run = _recognise(page, options)
        # A page with next to no text and no readable picture keeps the little it has.
        if len(seen) >= len(characters) or layer.unreadable > UNREADABLE_SHARE:
            characters, run, source = seen, seen_run, TextSource.OCR
            warnings = () if layer.raw_count == 0 else (f"{reason}; read by OCR",)
    width_pt, height_pt = frame.size_pt
    return Page(
        number=page.number if page is not None else number,
        width_pt=width_pt,
        height_pt=height_pt,
        characters=characters,
        source=source if len(characters) else TextSource.NONE,
        rotation=frame.rotation * 90,
        ocr=run,
        warnings=warnings,
    )


def _recognise(page: PdfPage, options: ReadingOptions) -> tuple[Characters, OcrRun]:
    """Render a page and read the picture, at a lower resolution where the page is huge."""
    from docgrid.reading.ocr.engine import load_engine
    from docgrid.reading.ocr.recognition import recognise_page

    width_pt, height_pt = page.frame.size_pt
    wanted = options.dpi or load_engine(options).best_dpi
    affordable = POINTS_PER_INCH * (OCR_PIXELS / (width_pt * height_pt)) ** 0.5
    dpi = min(wanted, affordable)
    return recognise_page(page.render(dpi, grey=True), dpi, options)


def _reason_for_ocr(page: PdfPage, layer: TextLayer) -> str:
    """Why the text layer does not do, or an empty text."""
    count = len(layer.glyphs.code_points)
    if layer.unreadable > UNREADABLE_SHARE:
        return "the text layer is unreadable"
    if count >= FEW_CHARACTERS:
        return ""
    if count == 0:
        return "there is no text layer" if page.object_count else ""  # a page without objects is blank
    return "the page is a picture with next to no text" if page.image_share() > SCAN_SHARE else ""
