"""The UserUnit of PDF pages, which pdfium does not tell: how many points one unit of a page is."""

from __future__ import annotations

import io
import re
import zlib

KEY = b"/UserUnit"
UNIT_MAX = 75_000.0  # ISO 32000-2, annex C: what viewers support
INFLATED_MAX = 64 * 1024**2  # object streams are looked into up to here
OBJECT_STREAM = re.compile(rb"/ObjStm\b.{0,400}?stream\r?\n", re.DOTALL)


def user_units(content: bytes, password: str | None = None) -> dict[int, float]:
    """The pages (from 1) whose UserUnit is not 1, with its value. Only files that mention the key are parsed.

    Args:
        content: The PDF file.
        password: Opens it if it is encrypted.
    """
    if KEY not in content and not _in_object_stream(content):
        return {}
    from pdfminer.pdfdocument import PDFDocument
    from pdfminer.pdfpage import PDFPage
    from pdfminer.pdfparser import PDFParser
    from pdfminer.pdftypes import resolve1

    units: dict[int, float] = {}
    try:
        document = PDFDocument(PDFParser(io.BytesIO(content)), password=password or "")
        for number, page in enumerate(PDFPage.create_pages(document), start=1):
            unit = resolve1(page.attrs.get("UserUnit"))
            if isinstance(unit, int | float) and 0 < unit <= UNIT_MAX and unit != 1:
                units[number] = float(unit)
    except Exception:  # pdfminer meets a damaged file with many kinds of errors; pdfium has opened it and shows it at unit 1
        return units
    return units


def _in_object_stream(content: bytes) -> bool:
    """Whether a compressed object stream mentions the key."""
    budget = INFLATED_MAX
    for match in OBJECT_STREAM.finditer(content):
        try:
            inflated = zlib.decompressobj().decompress(content[match.end() : match.end() + 4 * 1024**2], budget)
        except zlib.error:
            continue
        budget -= len(inflated)
        if KEY in inflated:
            return True
        if budget <= 0:
            return False
    return False
