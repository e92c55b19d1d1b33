"""Documents and options as bytes, for the socket of a reading process: JSON and plain arrays, never code.

The reading process has just opened a hostile file; nothing that it sends may be able to run anything in its parent.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from docgrid.page import Characters, Document, OcrRun, Page, TextSource
from docgrid.reading.options import Limits, OcrEngineName, PdfReader, ReadingOptions

LENGTH = struct.Struct("<Q")
COLUMNS = (
    ("code_points", "<u4", 1),
    ("boxes", "<f4", 4),
    ("confidence", "<f4", 1),
    ("word_index", "<i4", 1),
    ("line_index", "<i4", 1),
)


class WireError(ValueError):
    """The bytes are not what the other side should have sent."""


def pack(header: dict[str, Any], blocks: Sequence[bytes] = ()) -> bytes:
    """A JSON header and blocks of bytes as one message."""
    text = json.dumps(header).encode("ascii")
    return b"".join([LENGTH.pack(len(text)), text, *blocks])


def unpack(message: bytes) -> tuple[dict[str, Any], memoryview]:
    """The inverse of `pack`; the blocks come as one.

    Raises:
        WireError: It is no such message.
    """
    try:
        (length,) = LENGTH.unpack_from(message)
        header = json.loads(message[LENGTH.size : LENGTH.size + length])
    except (struct.error, ValueError) as error:
        raise WireError(f"not a message: {error}") from error
    if not isinstance(header, dict):
        raise WireError("the header is no object")
    return header, memoryview(message)[LENGTH.size + length :]


def pack_document(document: Document) -> tuple[dict[str, Any], list[bytes]]:
    """A header and blocks for `pack`."""
    blocks = [
        np.ascontiguousarray(getattr(page.characters, name), dtype=kind).tobytes()
        for page in document.pages
        for name, kind, _ in COLUMNS
    ]
    header = {
        "path": str(document.path),
        "sha256": document.sha256,
        "reader": document.reader,
        "warnings": list(document.warnings),
        "page_count": document.page_count,
        "metadata": document.metadata,
        "pages": [_page_header(page) for page in document.pages],
    }
    return header, blocks


def _page_header(page: Page) -> dict[str, Any]:
    run = page.ocr
    return {
        "number": page.number,
        "width_pt": page.width_pt,
        "height_pt": page.height_pt,
        "source": page.source.value,
        "rotation": page.rotation,
        "warnings": list(page.warnings),
        "characters": len(page.characters),
        "ocr": None if run is None else [run.engine, run.version, run.language, run.dpi, run.rotated_degrees],
    }


def unpack_document(header: dict[str, Any], block: memoryview) -> Document:
    """The inverse of `pack_document`.

    Raises:
        WireError: Header and block do not fit.
    """
    try:
        pages = []
        position = 0
        for entry in header["pages"]:
            characters, position = _unpack_characters(int(entry["characters"]), block, position)
            pages.append(_unpack_page(entry, characters))
        return Document(
            path=Path(header["path"]),
            sha256=str(header["sha256"]),
            pages=tuple(pages),
            reader=str(header["reader"]),
            warnings=tuple(map(str, header["warnings"])),
            page_count=int(header["page_count"]),
            metadata={str(key): str(value) for key, value in header["metadata"].items()},
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise WireError(f"not a document: {error}") from error


def _unpack_characters(count: int, block: memoryview, position: int) -> tuple[Characters, int]:
    arrays: dict[str, NDArray[Any]] = {}
    for name, kind, width in COLUMNS:
        size = count * width * np.dtype(kind).itemsize
        if count < 0 or position + size > len(block):
            raise WireError("a page has more characters than were sent")
        values = np.frombuffer(block[position : position + size], dtype=kind)
        arrays[name] = values.reshape(count, width) if width > 1 else values
        position += size
    return Characters(**arrays), position


def _unpack_page(entry: dict[str, Any], characters: Characters) -> Page:
    run = entry["ocr"]
    return Page(
        number=int(entry["number"]),
        width_pt=float(entry["width_pt"]),
        height_pt=float(entry["height_pt"]),
        characters=characters,
        source=TextSource(entry["source"]),
        rotation=int(entry["rotation"]),
        ocr=None if run is None else OcrRun(str(run[0]), str(run[1]), str(run[2]), float(run[3]), float(run[4])),
        warnings=tuple(map(str, entry["warnings"])),
    )


def options_as_json(options: ReadingOptions) -> dict[str, Any]:
    """What `options_from_json` reads."""
    limits = {name: getattr(options.limits, name) for name in Limits.__dataclass_fields__}
    return {
        "ocr": options.ocr.value,
        "language": options.language,
        "pages": None if options.pages is None else list(options.pages),
        "password": options.password,
        "dpi": options.dpi,
        "reader": options.reader.value,
        "tessdata": None if options.tessdata is None else str(options.tessdata),
        "ocr_threads": options.ocr_threads,
        "limits": limits,
    }


def options_from_json(values: dict[str, Any]) -> ReadingOptions:
    """The inverse of `options_as_json`."""
    return ReadingOptions(
        ocr=OcrEngineName(values["ocr"]),
        language=values["language"],
        pages=None if values["pages"] is None else tuple(values["pages"]),
        password=values["password"],
        dpi=values["dpi"],
        reader=PdfReader(values["reader"]),
        tessdata=None if values["tessdata"] is None else Path(values["tessdata"]),
        ocr_threads=values["ocr_threads"],
        limits=Limits(**values["limits"]),
    )
