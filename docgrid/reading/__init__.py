"""A path becomes a document: PDFs and images, text layers and OCR, each reader in a process that can be killed.

`read_document` reads in this process, `ReaderPool` in supervised children.
"""

from __future__ import annotations

from docgrid.reading.document import read_document, render_page
from docgrid.reading.inputs import DOCUMENT_SUFFIXES, expand_inputs
from docgrid.reading.isolation import ReaderPool, ReadResult
from docgrid.reading.ocr.engine import check_engine
from docgrid.reading.options import Limits, OcrEngineName, PdfReader, ReadingOptions, parse_pages

__all__ = [
    "DOCUMENT_SUFFIXES",
    "Limits",
    "OcrEngineName",
    "PdfReader",
    "ReadResult",
    "ReaderPool",
    "ReadingOptions",
    "check_engine",
    "expand_inputs",
    "parse_pages",
    "read_document",
    "render_page",
]
