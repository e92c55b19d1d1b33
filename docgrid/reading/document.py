"""A path becomes a document: the file is opened, and each page gets its text from the text layer or from OCR."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from docgrid.errors import DocumentError, DocumentStatus
from docgrid.geometry import Box
from docgrid.page import Document, Page, TextSource
from docgrid.reading.inputs import read_regular_file
from docgrid.reading.options import ReadingOptions

if TYPE_CHECKING:
    from PIL.Image import Image

POINTS_PER_INCH = 72
PDF_MARK, PDF_MARK_WITHIN = b"%PDF-", 1024  # viewers accept junk in front of the mark


class Step(StrEnum):
    """What is being done to a page."""

    TEXT_LAYER = "reading"
    OCR = "OCR"
    SECOND_READER = "the second reader"

    @property
    def is_slow(self) -> bool:
        """Whether it may take long, so that it gets a time limit of its own."""
        return self is not Step.TEXT_LAYER


class Listener:
    """Hears how the reading of a document goes on. This one does not care."""

    def opened(self, document: Document, numbers: Sequence[int]) -> None:
        """The file is open: `document` has no pages yet, `numbers` are those that will be read."""

    def started(self, number: int, step: Step) -> None:
        """A step on a page begins."""

    def finished(self, page: Page) -> Page:
        """A page is read; what is given back stands for it in the document, with the same source."""
        return page


SILENT = Listener()


@dataclass(frozen=True)
class Reading:
    """What came of a file: the pages that were read, and why others were not."""

    document: Document
    failures: Mapping[int, DocumentError] = field(default_factory=dict)  # by page number

    @property
    def is_empty(self) -> bool:
        """Whether no page has a character, also where a listener took them."""
        return all(page.source is TextSource.NONE for page in self.document.pages)

    def result(self) -> Document:
        """The document, with a warning for every page that is missing.

        Raises:
            DocumentError: No page could be read; this is why the first one could not.
        """
        if self.failures and not self.document.pages:
            raise self.failures[min(self.failures)]
        if not self.failures:
            return self.document
        numbers = sorted(self.failures)
        return replace(
            self.document,
            warnings=(*self.document.warnings, *_page_warnings(self.failures)),
            metadata=self.document.metadata | {FAILED_PAGES: ",".join(map(str, numbers))},
        )


FAILED_PAGES = "failed_pages"  # key of Document.metadata: the numbers of pages that could not be read


def _page_warnings(failures: Mapping[int, DocumentError]) -> Iterator[str]:
    """One line for each failed page, or for a run of pages that failed alike."""
    for problem, run in groupby(sorted(failures), key=lambda number: failures[number].problem):
        numbers = list(run)
        many = len(numbers) > 1 and numbers[-1] - numbers[0] == len(numbers) - 1
        for name in [f"pages {numbers[0]}-{numbers[-1]}"] if many else [f"page {number}" for number in numbers]:
            yield f"{name}: {problem}"


def read_document(path: Path, options: ReadingOptions | None = None) -> Document:
    """Read a PDF or an image file in this process.

    Args:
        path: The file.
        options: How to read; the defaults if left out.

    Raises:
        DocumentError: It cannot be read; `status` says why.
        MissingDependencyError: A page needs OCR and the engine or its language is not installed.
    """
    try:
        return read_pages(path, options or ReadingOptions()).result()
    except DocumentError as error:
        raise error.about(path) from error


def read_pages(path: Path, options: ReadingOptions, listener: Listener = SILENT) -> Reading:
    """Read a PDF or an image file in this process; pages that fail do not fail the document.

    Raises:
        DocumentError: The file cannot be opened.
        MissingDependencyError: A page needs OCR and the engine or its language is not installed.
    """
    content = read_regular_file(path, limit_bytes=options.limits.file_bytes)
    blank = Document(path, hashlib.sha256(content).hexdigest(), ())
    try:
        if is_pdf(content):
            from docgrid.reading.pdf_document import read_pdf

            return read_pdf(content, blank, options, listener)
        from docgrid.reading.image import read_image_file

        return read_image_file(content, blank, options, listener)
    except MemoryError as error:
        raise DocumentError(
            "the memory does not suffice", status=DocumentStatus.OUT_OF_MEMORY, hint="Raise --max-memory-gib."
        ) from error


def is_pdf(content: bytes) -> bool:
    """Whether the file says it is a PDF."""
    return PDF_MARK in content[:PDF_MARK_WITHIN]


def render_page(path: Path, page_number: int, *, dpi: float, options: ReadingOptions | None = None) -> Image:
    """A page as displayed, in colour, in the frame of the character boxes: pixel = point * dpi / 72.

    Raises:
        DocumentError: The file or the page cannot be read, or the picture would be too large.
    """
    options = options or ReadingOptions()
    content = read_regular_file(path, limit_bytes=options.limits.file_bytes)
    with _renderer(content, options) as render:
        return render(page_number, dpi)


def render_crops(
    path: Path, crops: Sequence[tuple[int, Box]], *, dpi: float, options: ReadingOptions | None = None
) -> list[Image | None]:
    """Parts of pages as displayed, in colour; None for a part whose page cannot be rendered or that lies off the page.

    Args:
        path: The document.
        crops: Page number and box in points.
        dpi: Resolution of the pictures.
        options: As for `read_document`.

    Raises:
        DocumentError: The file cannot be opened.
    """
    options = options or ReadingOptions()
    content = read_regular_file(path, limit_bytes=options.limits.file_bytes)
    wanted: dict[int, list[int]] = {}
    for row, (number, _) in enumerate(crops):
        wanted.setdefault(number, []).append(row)
    pictures: list[Image | None] = [None] * len(crops)
    with _renderer(content, options) as render:
        for number, rows in wanted.items():
            try:
                page = render(number, dpi)
            except DocumentError:
                continue  # these crops stay None
            scale = dpi / POINTS_PER_INCH
            for row in rows:
                box = crops[row][1]
                left, top = max(math.floor(box.left * scale), 0), max(math.floor(box.top * scale), 0)
                right, bottom = min(math.ceil(box.right * scale), page.width), min(math.ceil(box.bottom * scale), page.height)
                if left < right and top < bottom:
                    pictures[row] = page.crop((left, top, right, bottom))
    return pictures


@contextmanager
def _renderer(content: bytes, options: ReadingOptions) -> Iterator[Callable[[int, float], Image]]:
    """A function from page number and resolution to the page's picture, over an open file."""
    from PIL import Image as PillowImage

    if not is_pdf(content):
        from docgrid.reading.image import render_frame

        yield lambda number, dpi: render_frame(content, number, dpi, options)
        return
    from docgrid.reading.pdf import PdfFile

    with PdfFile(content, limits=options.limits, password=options.password) as file:

        def render(number: int, dpi: float) -> Image:
            if not 1 <= number <= file.page_count:
                raise no_such_page(number, file.page_count)
            with file.page(number) as page:
                return PillowImage.fromarray(page.render(dpi, grey=False))

        yield render


def no_such_page(number: int, count: int) -> DocumentError:
    """The error for a page number outside the file."""
    return DocumentError(
        f"There is no page {number}: the file has {count}",
        status=DocumentStatus.UNSUPPORTED,
        hint="Pages are counted from 1; choose one that is there.",
    )


def wanted_pages(options: ReadingOptions, count: int) -> list[int]:
    """The page numbers to read of a file with `count` pages.

    Raises:
        DocumentError: There are none, or more than the limit.
    """
    if count == 0:
        raise DocumentError("It has no pages", status=DocumentStatus.EMPTY, hint="Export it again.")
    numbers = range(1, count + 1) if options.pages is None else [number for number in options.pages if number <= count]
    if not numbers:
        raise DocumentError(
            f"None of the pages asked for exists: the file has {count}",
            status=DocumentStatus.EMPTY,
            hint="Pages are counted from 1: check --pages.",
        )
    if len(numbers) > options.limits.pages:
        raise DocumentError(
            f"It has {len(numbers):,} pages to read, more than the {options.limits.pages:,} allowed",
            status=DocumentStatus.TOO_LARGE,
            hint="Choose some with --pages, raise --max-pages, or split the file.",
        )
    return list(numbers)
