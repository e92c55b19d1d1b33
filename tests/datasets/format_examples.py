"""The examples of docs/formats.md as folders: every section has the files of a small dataset, with their names and contents."""

from __future__ import annotations

import re
from pathlib import Path

from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from docgrid.datasets import DatasetFormat

PAGE = Path(__file__).parents[2] / "docs/formats.md"
SIZE = (120, 200)
_FILE = re.compile(r"^`([^`]+)`:\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_DOCUMENT = re.compile(r"^(?:Picture|Document) `([^`]+)`$", re.MULTILINE)


def sections() -> dict[DatasetFormat, str]:
    parts = re.split(r"^## (\S+)$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {DatasetFormat(name): text for name, text in zip(parts[1::2], parts[2::2], strict=True)}


def files_of(format: DatasetFormat) -> dict[str, str]:
    return dict(_FILE.findall(sections()[format]))


def make(root: Path, format: DatasetFormat) -> Path:
    for name, text in files_of(format).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for name in _DOCUMENT.findall(sections()[format]):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".pdf":
            write_pdf(path)
        else:
            Image.new("L", SIZE, 255).save(path)
    return root


def write_pdf(path: Path, pages: int = 1) -> None:
    canvas = Canvas(str(path), pagesize=SIZE, invariant=True)
    for number in range(1, pages + 1):
        canvas.setFont("Helvetica", 8)
        canvas.drawString(12, 182, f"ACME LTD {number}")
        canvas.drawString(66, 102, f"{number}9.00")
        canvas.showPage()
    canvas.save()
