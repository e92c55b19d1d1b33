"""A PDF becomes a document: page by page the text layer, or OCR where the page is a picture or its text is unusable."""

from __future__ import annotations

import math
import time
from contextlib import ExitStack
from dataclasses import replace

from docgrid.errors import DocumentError, DocumentStatus
from docgrid.page import Characters, Document, OcrRun, Page, TextSource
from docgrid.reading.document import Listener, Reading, Step, wanted_pages
from docgrid.reading.frame import Frame
from docgrid.reading.ink import BLANK, PREVIEW_DPI, is_blank, type_height_pt
from docgrid.reading.layout import order_characters
from docgrid.reading.options import OcrEngineName, PdfReader, ReadingOptions
from docgrid.reading.pdf import POINTS_PER_INCH, READER_NAME, PdfFile, PdfPage
from docgrid.reading.pdf_glyphs import TextLayer

UNREADABLE_SHARE = 0.3  # of the glyphs have no meaning: the text layer is of no use
FEW_CHARACTERS = 100  # below this, a large picture makes the page a scan
SCAN_SHARE = 0.5  # of the page is covered by one picture
USUAL_TYPE_PT = 5.8  # height of the ink of 8 point type
FACTOR_MIN, FACTOR_MAX = 0.75, 2.0  # of the usual resolution
DPI_STEP = 25.0
SECOND_TRY_S = 20.0  # in which the second reader finds text where the first one found none, or is not waited for
OCR_PIXELS = 16_000_000  # a page is rendered with at most so many: A3 at 300 dpi


def read_pdf(content: bytes, document: Document, options: ReadingOptions, listener: Listener) -> Reading:
    """Read the pages that were asked for, one at a time, into `document`; with the second reader where the first finds nothing.

    Raises:
        DocumentError: The file cannot be opened.
        MissingDependencyError: A page needs OCR and the engine or its language is not installed.
    """
    if options.reader is PdfReader.PDFPLUMBER:
        return _read_with_pdfplumber(content, document, options, listener)
    try:
        reading = _read_with_pdfium(content, document, options, listener)
    except DocumentError as error:
        if options.reader is PdfReader.PDFIUM or error.status is not DocumentStatus.CORRUPT:
            raise
        return _second_try(content, document, options, listener) or _reraise(error)
    statuses = {error.status for error in reading.failures.values()}
    if reading.is_empty and options.reader is PdfReader.AUTO and statuses <= {DocumentStatus.CORRUPT}:
        return _second_try(content, document, options, listener) or reading
    return reading


def _reraise(error: DocumentError) -> Reading:
    raise error


def _second_try(content: bytes, document: Document, options: ReadingOptions, listener: Listener) -> Reading | None:
    """What pdfplumber finds without OCR, or None where it finds nothing either."""
    watched = _Unfinished(listener)
    listener.started(0, Step.SECOND_READER)  # opening alone may take for ever
    try:
        reading = _read_with_pdfplumber(content, document, replace(options, ocr=OcrEngineName.OFF), watched)
    except DocumentError:
        return None
    if reading.is_empty:
        return None
    pages = tuple(listener.finished(page) for page in reading.document.pages)
    return replace(reading, document=replace(reading.document, pages=pages))


class _Unfinished(Listener):
    """Passes on what begins, but no page: it is not known yet whether any of them has text.

    Raises:
        DocumentError: For a while no page had any.
    """

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._until = time.monotonic() + SECOND_TRY_S

    def started(self, number: int, step: Step) -> None:
        """See `Listener`."""
        if time.monotonic() > self._until:
            problem = f"The second reader found no text in {SECOND_TRY_S:g} s"
            raise DocumentError(problem, status=DocumentStatus.TIMEOUT, hint="Read fewer --pages.")
        self._listener.started(number, step)

    def finished(self, page: Page) -> Page:
        """See `Listener`."""
        if len(page.characters):
            self._until = math.inf
        return page


def _read_with_pdfium(content: bytes, document: Document, options: ReadingOptions, listener: Listener) -> Reading:
    pages: list[Page] = []
    failures: dict[int, DocumentError] = {}
    with PdfFile(content, limits=options.limits, password=options.password) as file:
        document = replace(document, reader=READER_NAME, page_count=file.page_count)
        numbers = wanted_pages(options, file.page_count)
        listener.opened(document, numbers)
        for number in numbers:
            listener.started(number, Step.TEXT_LAYER)
            try:
                with file.page(number) as page:
                    layer = page.read_text()
                    read = _choose(page, page.frame, layer, _reason_for_ocr(page, layer), options, listener)
                pages.append(listener.finished(read))
            except DocumentError as error:
                failures[number] = error
    return Reading(replace(document, pages=tuple(pages)), failures)


def _read_with_pdfplumber(content: bytes, document: Document, options: ReadingOptions, listener: Listener) -> Reading:
    """The same with the text layer from pdfplumber; pictures of pages for OCR still come from pdfium."""
    from docgrid.reading import plumber

    pages: list[Page] = []
    failures: dict[int, DocumentError] = {}
    with ExitStack() as stack:
        file = stack.enter_context(plumber.PlumberFile(content, limits=options.limits, password=options.password))
        pictures: PdfFile | None = None
        document = replace(document, reader=plumber.READER_NAME, page_count=file.page_count)
        numbers = wanted_pages(options, file.page_count)
        listener.opened(document, numbers)
        for number in numbers:
            listener.started(number, Step.SECOND_READER)
            try:
                layer, frame = file.read_page(number)
                if options.ocr is OcrEngineName.OFF:
                    pages.append(listener.finished(_choose(None, frame, layer, "", options, listener, number=number)))
                    continue
                if pictures is None:
                    pictures = stack.enter_context(PdfFile(content, limits=options.limits, password=options.password))
                with pictures.page(number) as page:
                    read = _choose(page, frame, layer, _reason_for_ocr(page, layer), options, listener)
                pages.append(listener.finished(read))
            except DocumentError as error:
                failures[number] = error
    return Reading(replace(document, pages=tuple(pages)), failures)


def _choose(
    page: PdfPage | None,
    frame: Frame,
    layer: TextLayer,
    reason: str,
    options: ReadingOptions,
    listener: Listener,
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
        listener.started(page.number, Step.OCR)
        seen, seen_run = _recognise(page, options)
        # A page with next to no text and no readable picture keeps the little it has.
        if seen_run is None:
            warnings = (BLANK,)
        elif len(seen) >= len(characters) or layer.unreadable > UNREADABLE_SHARE:
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


def _recognise(page: PdfPage, options: ReadingOptions) -> tuple[Characters, OcrRun | None]:
    """Render a page and read the picture; a blank one is not read.

    The resolution suits the size of the type, and is lower where the page is huge.
    """
    from docgrid.reading.ocr.engine import best_dpi
    from docgrid.reading.ocr_cache import recognise

    width_pt, height_pt = page.frame.size_pt
    pixels = min(OCR_PIXELS, 0.99 * options.limits.page_pixels)  # rounding must not pass the limit
    affordable = POINTS_PER_INCH * (pixels / (width_pt * height_pt)) ** 0.5
    preview_dpi = min(PREVIEW_DPI, affordable)
    preview = page.render(preview_dpi, grey=True)
    if is_blank(preview, preview_dpi):
        return Characters.empty(), None
    dpi = min(options.dpi or dpi_for_type(type_height_pt(preview, preview_dpi), best_dpi(options)), affordable)
    return recognise(page.render(dpi, grey=True), dpi, options)


def dpi_for_type(height_pt: float | None, usual_dpi: float) -> float:
    """The resolution at which type of this height is read, in steps: small type wants more, large type less.

    Args:
        height_pt: Of the ink of a line; None where it is not known.
        usual_dpi: For type of common size.
    """
    if height_pt is None:
        return usual_dpi
    factor = min(max(USUAL_TYPE_PT / height_pt, FACTOR_MIN), FACTOR_MAX)
    return round(usual_dpi * factor / DPI_STEP) * DPI_STEP


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
