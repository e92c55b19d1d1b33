"""What a reader may do and how far it may go: the OCR engine, the pages, the limits."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from docgrid.errors import UsageError


class OcrEngineName(StrEnum):
    """Which engine reads scans."""

    AUTO = "auto"  # the first one installed that knows the language
    RAPIDOCR = "rapidocr"
    TESSEROCR = "tesserocr"
    PYTESSERACT = "pytesseract"
    OFF = "off"


class PdfReader(StrEnum):
    """Which library reads the text layer of a PDF."""

    AUTO = "auto"  # pdfium, then pdfplumber where pdfium finds nothing
    PDFIUM = "pdfium"
    PDFPLUMBER = "pdfplumber"


ENGINE_ADDRESS_SPACE_BYTES = 4 * 1024**3  # an OCR engine reserves up to 3 GiB of addresses and uses a quarter of them


@dataclass(frozen=True)
class Limits:
    """How much one document may cost. Everything above is a status of that document, never a crash of the run.

    Raises:
        UsageError: A limit is not a positive finite number.
    """

    file_bytes: int = 256 * 1024**2
    pages: int = 2_000  # that are read of one document
    page_pixels: int = 50_000_000  # of a rendered page or an image frame
    page_characters: int = 200_000
    page_objects: int = 100_000  # paths, texts and pictures that a page draws, forms not counted through
    ocr_timeout_s: float = 60.0  # one page
    document_timeout_s: float = 300.0  # all attempts together
    memory_bytes: int = 4 * 1024**3  # of a reading process, above what it needs at its start
    recycle_after: int = 200  # documents that one reading process reads before it is replaced

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if not (math.isfinite(value) and value > 0):
                raise UsageError(f"{value} is no limit for {name}", hint="A limit is a number above zero.")


@dataclass(frozen=True)
class ReadingOptions:
    """How documents are read.

    Attributes:
        ocr: The engine for pages without a usable text layer.
        language: Languages of the scans in tesseract's names, joined with a plus: "eng", "deu+fra".
        pages: Which pages to read, from 1; None reads all. See `parse_pages`.
        password: Opens encrypted PDFs. Never logged.
        dpi: Resolution at which PDF pages are rendered for OCR; None chooses one.
        reader: Which library reads the text layer of PDFs.
        tessdata: Folder of `*.traineddata` files for the tesseract engines; None uses what is installed.
        limits: When to give a document up.
        ocr_threads: Threads of the OCR engine; None uses what the machine has.
        ocr_cache: Folder that keeps what OCR read of a picture, for the next time; None keeps nothing.
    """

    ocr: OcrEngineName = OcrEngineName.AUTO
    language: str = "eng"
    pages: tuple[int, ...] | None = None
    password: str | None = field(default=None, repr=False)
    dpi: float | None = None
    reader: PdfReader = PdfReader.AUTO
    tessdata: Path | None = None
    limits: Limits = field(default_factory=Limits)
    ocr_threads: int | None = None
    ocr_cache: Path | None = None

    def __post_init__(self) -> None:
        if self.dpi is not None and not 30 <= self.dpi <= 1200:
            raise UsageError(f"{self.dpi} dpi is out of range", hint="Choose a resolution between 30 and 1200 dpi.")

    @property
    def address_space_bytes(self) -> int:
        """How far the address space of a reading process may grow; its real memory may grow by `limits.memory_bytes`."""
        return self.limits.memory_bytes + (0 if self.ocr is OcrEngineName.OFF else ENGINE_ADDRESS_SPACE_BYTES)

    def wants_page(self, number: int) -> bool:
        """Whether page `number` (from 1) was asked for."""
        return self.pages is None or number in self.pages


PAGES_LISTED_MAX = 100_000  # "1-999999999" would otherwise fill the memory


def parse_pages(text: str) -> tuple[int, ...]:
    """Read a page list such as "1-3,7" into page numbers, sorted, each once.

    Raises:
        UsageError: It is not such a list.
    """
    hint = 'Write pages as numbers and ranges counted from 1, such as "1-3,7".'
    pages: set[int] = set()
    for part in text.split(","):
        match = re.fullmatch(r"\s*(\d{1,7})\s*(?:-\s*(\d{1,7})\s*)?", part, re.ASCII)
        if match is None:
            raise UsageError(f"{text!r} is not a list of pages", hint=hint)
        first = int(match[1])
        last = int(match[2] or first)
        if first < 1 or last < first or last - first >= PAGES_LISTED_MAX:
            raise UsageError(f"{part.strip()!r} is not a range of pages", hint=hint)
        pages.update(range(first, last + 1))
    return tuple(sorted(pages))
