"""What the tests of reading share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from pdf_writing import PdfPageSpec, pdf_bytes


@pytest.fixture
def write_pdf(tmp_path: Path) -> Callable[..., Path]:
    """A function that writes a PDF of the given pages and gives its path."""

    def write(*pages: PdfPageSpec | bytes, name: str = "document.pdf", objects: Sequence[bytes] = (), resources: str = "") -> Path:
        specs = [page if isinstance(page, PdfPageSpec) else PdfPageSpec(page) for page in pages]
        path = tmp_path / name
        path.write_bytes(pdf_bytes(specs, objects, resources))
        return path

    return write
