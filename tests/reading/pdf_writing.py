"""PDF files written by hand, so that every number in them is known and no library decides what they contain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class PdfPageSpec:
    """One page: its content stream and its entries."""

    content: bytes
    media_box: tuple[float, float, float, float] = (0, 0, 300, 400)
    crop_box: tuple[float, float, float, float] | None = None
    rotate: int = 0
    user_unit: float = 1.0
    extra: str = ""  # further entries of the page dictionary


def pdf_bytes(pages: Sequence[PdfPageSpec], objects: Sequence[bytes] = (), resources: str = "") -> bytes:
    """A PDF with Helvetica as /F1 and Courier as /F2.

    Args:
        pages: The pages.
        objects: Further objects; the first gets number 10.
        resources: Further entries of the resources of every page.
    """
    first_page = 10 + len(objects)
    kids = " ".join(f"{first_page + 2 * index} 0 R" for index in range(len(pages)))
    table: dict[int, bytes] = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>".encode(),
        3: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        4: b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>",
    }
    table.update({10 + index: body for index, body in enumerate(objects)})
    for index, page in enumerate(pages):
        entries = f"/MediaBox [{' '.join(map(str, page.media_box))}] /Rotate {page.rotate} {page.extra}"
        if page.crop_box is not None:
            entries += f" /CropBox [{' '.join(map(str, page.crop_box))}]"
        if page.user_unit != 1:
            entries += f" /UserUnit {page.user_unit}"
        number = first_page + 2 * index
        table[number] = (
            f"<< /Type /Page /Parent 2 0 R {entries} /Contents {number + 1} 0 R"
            f" /Resources << /Font << /F1 3 0 R /F2 4 0 R >> {resources} >> >>"
        ).encode()
        table[number + 1] = b"<< /Length %d >>\nstream\n%s\nendstream" % (len(page.content), page.content)
    return assemble_pdf(table)


def assemble_pdf(table: dict[int, bytes]) -> bytes:
    """Objects with their numbers as a file with a cross-reference table; object 1 is the catalogue."""
    parts = [b"%PDF-1.7\n"]
    offsets: dict[int, int] = {}
    for number, body in sorted(table.items()):
        offsets[number] = sum(map(len, parts))
        parts.append(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = sum(map(len, parts))
    size = max(table) + 1
    rows = [b"0000000000 65535 f \n"]
    rows += [b"%010d 00000 n \n" % offsets[n] if n in offsets else b"0000000000 00000 f \n" for n in range(1, size)]
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, start)
    return b"".join([*parts, b"xref\n0 %d\n" % size, *rows, trailer])


def text_at(text: str, x: float, y: float, size: float = 12, font: str = "F1") -> bytes:
    """A content stream that shows `text` with its baseline starting at (x, y), in user space."""
    shown = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)").encode("cp1252")
    return b"BT /%s %g Tf %g %g Td (%s) Tj ET\n" % (font.encode(), size, x, y, shown)


def write_pdf(
    folder: Path, *pages: PdfPageSpec | bytes, name: str = "document.pdf", objects: Sequence[bytes] = (), resources: str = ""
) -> Path:
    """Write a PDF of the given pages (a content stream stands for a plain page) and give its path."""
    specs = [page if isinstance(page, PdfPageSpec) else PdfPageSpec(page) for page in pages]
    path = folder / name
    path.write_bytes(pdf_bytes(specs, objects, resources))
    return path
