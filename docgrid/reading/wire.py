"""Documents and options as bytes, for the socket of a reading process: JSON and plain arrays, never code.

The reading process has just opened a hostile file; nothing that it sends may be able to run anything in its parent.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from docgrid.errors import DocumentError, DocumentStatus
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


def pack_page(page: Page) -> tuple[dict[str, Any], list[bytes]]:
    """A header and blocks for `pack`."""
    run, table = page.ocr, page.characters
    blocks = [np.ascontiguousarray(getattr(table, name), dtype=kind).tobytes() for name, kind, _ in COLUMNS]
    header = {
        "number": page.number,
        "width_pt": page.width_pt,
        "height_pt": page.height_pt,
        "source": page.source.value,
        "rotation": page.rotation,
        "warnings": list(page.warnings),
        "characters": len(table),
        "ocr": None if run is None else [run.engine, run.version, run.language, run.dpi, run.rotated_degrees],
    }
    return header, blocks


def unpack_page(header: dict[str, Any], block: memoryview) -> Page:
    """The inverse of `pack_page`.

    Raises:
        WireError: Header and block do not fit.
    """
    try:
        run = header["ocr"]
        return Page(
            number=int(header["number"]),
            width_pt=_length(header["width_pt"]),
            height_pt=_length(header["height_pt"]),
            characters=_unpack_characters(int(header["characters"]), block),
            source=TextSource(header["source"]),
            rotation=int(header["rotation"]),
            ocr=None if run is None else OcrRun(str(run[0]), str(run[1]), str(run[2]), float(run[3]), float(run[4])),
            warnings=tuple(map(str, header["warnings"])),
        )
    except (KeyError, TypeError, ValueError, IndexError, OverflowError) as error:
        raise WireError(f"not a page: {error}") from error


def _unpack_characters(count: int, block: memoryview) -> Characters:
    arrays: dict[str, NDArray[Any]] = {}
    position = 0
    for name, kind, width in COLUMNS:
        size = count * width * np.dtype(kind).itemsize
        if count < 0 or position + size > len(block):
            raise WireError("a page has more characters than were sent")
        values = np.frombuffer(block[position : position + size], dtype=kind)
        arrays[name] = values.reshape(count, width) if width > 1 else values
        position += size
    if not (np.isfinite(arrays["boxes"]).all() and np.isfinite(arrays["confidence"]).all()):
        raise WireError("a box or a confidence is not finite")
    return Characters(**arrays)


def _length(value: Any) -> float:
    length = float(value)
    if not 0 < length < math.inf:
        raise WireError(f"a page side of {length} points")
    return length


def pack_document(document: Document) -> dict[str, Any]:
    """Everything but the pages, as a header for `pack`."""
    return {
        "sha256": document.sha256,
        "reader": document.reader,
        "warnings": list(document.warnings),
        "page_count": document.page_count,
        "metadata": document.metadata,
    }


def unpack_document(header: dict[str, Any], path: Path, pages: Sequence[Page]) -> Document:
    """The inverse of `pack_document`, with what it left out.

    Raises:
        WireError: It is no such header.
    """
    try:
        return Document(
            path=path,
            sha256=str(header["sha256"]),
            pages=tuple(pages),
            reader=str(header["reader"]),
            warnings=tuple(map(str, header["warnings"])),
            page_count=int(header["page_count"]),
            metadata={str(key): str(value) for key, value in header["metadata"].items()},
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise WireError(f"not a document: {error}") from error


def pack_failure(error: DocumentError) -> list[str]:
    """Why a page or a document failed, as plain data."""
    return [error.status.value, error.problem, error.hint]


def unpack_failure(values: Any) -> DocumentError:
    """The inverse of `pack_failure`.

    Raises:
        WireError: It is no failure.
    """
    try:
        status, problem, hint = values
        return DocumentError(str(problem), status=DocumentStatus(status), hint=str(hint))
    except (TypeError, ValueError) as error:
        raise WireError(f"not a failure: {error}") from error


def options_as_json(options: ReadingOptions) -> dict[str, Any]:
    """What `options_from_json` reads."""
    return {
        "ocr": options.ocr.value,
        "language": options.language,
        "pages": None if options.pages is None else list(options.pages),
        "password": options.password,
        "dpi": options.dpi,
        "reader": options.reader.value,
        "tessdata": None if options.tessdata is None else str(options.tessdata),
        "ocr_threads": options.ocr_threads,
        "ocr_cache": None if options.ocr_cache is None else str(options.ocr_cache),
        "limits": asdict(options.limits),
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
        ocr_cache=None if values["ocr_cache"] is None else Path(values["ocr_cache"]),
        limits=Limits(**values["limits"]),
    )
