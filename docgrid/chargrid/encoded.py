"""An encoded document on disk: its characters and its grids in one safetensors file, which cannot run code.

Layout, version 1. Tensors of the page at position N (from 0): `page.N.grid` uint8 [H, W], `page.N.code_points` uint32 [C],
`page.N.boxes` float32 [C, 4], `page.N.confidence` float32 [C], `page.N.word_index` and `page.N.line_index` int32 [C]. Metadata:
one entry (the library writes several in no fixed order), `docgrid.encoded` = JSON of `version`, `document` (everything else)
and `sha256` (of the document part and all tensors). Which character owns which cell is not stored: drawing the characters again
tells, and must give the stored grid.
"""

from __future__ import annotations

import hashlib
import json
import math
import struct
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from docgrid.chargrid.alphabet import Alphabet
from docgrid.chargrid.grid import GridSize, GridTransform, PageGrid, count_lost, rasterise
from docgrid.errors import DocgridError, DocumentError, DocumentStatus
from docgrid.files import atomic_path
from docgrid.page import Characters, Document, OcrRun, Page, TextSource

ENCODED_SUFFIX = ".chargrid.safetensors"
VERSION = 1
METADATA_KEY = "docgrid.encoded"
FILE_BYTES_MAX = 1024**3  # 2,000 pages with 4,000 characters each take half of it
GRID_CELLS_MAX = 2**24  # a page's grid has 86,016 as long as nobody asks for more

Arrays = dict[str, NDArray[Any]]

_DTYPES: dict[str, type[np.generic]] = {
    "code_points": np.uint32,
    "boxes": np.float32,
    "confidence": np.float32,
    "word_index": np.int32,
    "line_index": np.int32,
}


@dataclass(frozen=True)
class EncodedDocument:
    """What an encoded file holds; `grids[i]` belongs to `document.pages[i]`."""

    document: Document
    grids: tuple[PageGrid, ...]
    alphabet: Alphabet


def write_encoded(path: Path, document: Document, grids: Sequence[PageGrid], alphabet: Alphabet, *, force: bool = True) -> None:
    """Write a document and its grids, whole or not at all.

    Args:
        path: The file, by custom `NAME.chargrid.safetensors`.
        document: As it was read.
        grids: One for each page, in order, drawn with `alphabet` by `grid_of_page`.
        alphabet: Stored with the grids.
        force: Replace a file that is there already.

    Raises:
        OutputError: The file cannot be written, or exists and `force` is off.
        ValueError: The number of grids is not the number of pages.
    """
    tensors: Arrays = {}
    for number, (page, grid) in enumerate(zip(document.pages, grids, strict=True)):
        tensors[f"page.{number}.grid"] = np.ascontiguousarray(grid.grid, np.uint8)
        for name, dtype in _DTYPES.items():
            tensors[f"page.{number}.{name}"] = np.ascontiguousarray(getattr(page.characters, name), dtype)
    description = _describe(document, grids, alphabet)
    whole = {"version": VERSION, "sha256": _digest(description, tensors), "document": description}
    with atomic_path(path, force=force) as temporary:
        try:
            save_file(tensors, temporary, metadata={METADATA_KEY: _json(whole)})
        except SafetensorError as error:  # a full disk: the tensors are good
            raise OSError(str(error)) from error


def read_encoded(path: Path, *, with_cells: bool = True) -> EncodedDocument:
    """Read what `write_encoded` wrote; the document and the grids come back equal.

    Args:
        path: The file.
        with_cells: Keep which character owns which cell: four times as large as the grids, 700 MB for 2,000 pages. Without it
            `cell_character` of the grids is empty.

    Raises:
        DocumentError: The file is missing, damaged, or not an encoded document (status `corrupt`), of a later version
            (status `unsupported`), or has more bytes or cells than any document needs (status `too_large`).
    """
    if not path.is_file():
        raise _refused(path, "is not a file")
    if path.stat().st_size > FILE_BYTES_MAX:
        raise _too_large(path, f"has more than {FILE_BYTES_MAX // 1024**2:,} MiB")
    try:
        metadata, tensors = _load(path)
        whole = _as(json.loads(metadata[METADATA_KEY]), dict)
        if whole["version"] != VERSION:
            raise DocumentError(
                f"{path} has version {str(whole['version'])[:20]!r} of the encoded format, this docgrid reads {VERSION}",
                status=DocumentStatus.UNSUPPORTED,
                hint="Update docgrid, or encode the document again.",
            )
        if whole["sha256"] != _digest(whole["document"], tensors):
            raise ValueError("its content does not fit its checksum")
        if any(tensors[name].size > GRID_CELLS_MAX for name in tensors if name.endswith(".grid")):
            raise _too_large(path, f"has a grid of more than {GRID_CELLS_MAX:,} cells")
        return _rebuild(whole["document"], tensors, with_cells=with_cells)
    except DocumentError:
        raise
    except OSError as error:
        raise _refused(path, f"cannot be read: {error.strerror or error}") from error
    except (SafetensorError, ValueError, KeyError, TypeError, OverflowError, RecursionError, DocgridError) as error:
        raise _refused(path, f"is damaged or not an encoded document: {type(error).__name__}: {str(error)[:200]}") from error


def _refused(path: Path, problem: str) -> DocumentError:
    return DocumentError(
        f"{path} {problem}",
        status=DocumentStatus.CORRUPT,
        hint="Encode the document again: docgrid encode DOCUMENT.",
    )


def _too_large(path: Path, problem: str) -> DocumentError:
    return DocumentError(
        f"{path} {problem}", status=DocumentStatus.TOO_LARGE, hint="Encode fewer --pages at once, with a smaller --grid."
    )


def _load(path: Path) -> tuple[dict[str, str], Arrays]:
    with safe_open(path, framework="numpy") as handle:
        return dict(handle.metadata() or {}), {name: handle.get_tensor(name) for name in handle.keys()}  # noqa: SIM118  # no mapping


def _json(value: object) -> str:
    """ASCII, so that a path that is no Unicode survives, and strict."""
    return json.dumps(value, ensure_ascii=True, allow_nan=False, default=float)


def _digest(description: object, tensors: Mapping[str, NDArray[Any]]) -> str:
    """SHA-256 of the description and of every tensor with its name, type and shape."""
    digest = hashlib.sha256(_json(description).encode("ascii"))
    for name in sorted(tensors):
        tensor = tensors[name]
        header = f"{name} {tensor.dtype.str} {tensor.shape}".encode()
        digest.update(struct.pack("<Q", len(header)) + header)
        digest.update(np.ascontiguousarray(tensor).data)
    return digest.hexdigest()


def _describe(document: Document, grids: Sequence[PageGrid], alphabet: Alphabet) -> dict[str, Any]:
    """Everything that is no array, as plain data."""
    return {
        "path": str(document.path),
        "sha256": document.sha256,
        "reader": document.reader,
        "warnings": list(document.warnings),
        "page_count": document.page_count,
        "metadata": dict(document.metadata),
        "alphabet": {"id": alphabet.identifier, "characters": alphabet.characters},
        "pages": [
            {
                "number": int(page.number),
                "width_pt": float(page.width_pt),
                "height_pt": float(page.height_pt),
                "rotation": int(page.rotation),
                "source": page.source.value,
                "ocr": None if page.ocr is None else asdict(page.ocr),
                "warnings": list(page.warnings),
                "transform": asdict(grid.transform),
            }
            for page, grid in zip(document.pages, grids, strict=True)
        ],
    }


def _rebuild(data: dict[str, Any], tensors: Arrays, *, with_cells: bool) -> EncodedDocument:
    """Back to nouns. Whatever does not fit raises one of the errors that `read_encoded` translates."""
    alphabet = Alphabet(_as(data["alphabet"]["characters"], str))
    pages, grids = [], []
    for number, entry in enumerate(_as(data["pages"], list)):
        page = _page(entry, {name: tensors[f"page.{number}.{name}"] for name in _DTYPES})
        pages.append(page)
        grid = _grid(entry, tensors[f"page.{number}.grid"], page.characters, alphabet)
        grids.append(grid if with_cells else replace(grid, cell_character=grid.cell_character[:0].copy()))
    document = Document(
        Path(_as(data["path"], str)),
        _as(data["sha256"], str),
        tuple(pages),
        reader=_as(data["reader"], str),
        warnings=_texts(data["warnings"]),
        page_count=_as(data["page_count"], int),
        metadata={_as(key, str): _as(value, str) for key, value in _as(data["metadata"], dict).items()},
    )
    return EncodedDocument(document, tuple(grids), alphabet)


def _page(entry: dict[str, Any], arrays: Arrays) -> Page:
    for name, dtype in _DTYPES.items():
        if arrays[name].dtype != dtype:
            raise ValueError(f"{name} has type {arrays[name].dtype}")
    if not np.isfinite(arrays["boxes"]).all():
        raise ValueError("a box of a character is not finite")
    return Page(
        _as(entry["number"], int),
        _length(entry["width_pt"]),
        _length(entry["height_pt"]),
        Characters(**arrays),
        TextSource(entry["source"]),
        rotation=_as(entry["rotation"], int),
        ocr=None if entry["ocr"] is None else _ocr(entry["ocr"]),
        warnings=_texts(entry["warnings"]),
    )


def _ocr(entry: dict[str, Any]) -> OcrRun:
    return OcrRun(
        _as(entry["engine"], str),
        _as(entry["version"], str),
        _as(entry["language"], str),
        _number(entry["dpi"]),
        _number(entry["rotated_degrees"]),
    )


def _grid(entry: dict[str, Any], stored: NDArray[Any], characters: Characters, alphabet: Alphabet) -> PageGrid:
    transform = GridTransform(**{name: _number(value) for name, value in _as(entry["transform"], dict).items()})
    if stored.ndim != 2 or not 1e-6 < transform.scale < 1e6:
        raise ValueError(f"a grid of shape {stored.shape} at scale {transform.scale}")
    indices = alphabet.indices(characters.code_points)
    grid, cell_character = rasterise(indices, transform.to_cells(characters.boxes), GridSize(*stored.shape))
    if not np.array_equal(grid, stored):
        raise ValueError("its grid is not the one its characters give")
    return PageGrid(grid, cell_character, transform, count_lost(cell_character, len(characters)))


def _as(value: Any, kind: type[Any]) -> Any:
    """The value itself, if JSON gave the kind that belongs here."""
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise ValueError(f"{str(value)[:40]!r} stands where a {kind.__name__} belongs")
    return value


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(_as(text, str) for text in _as(value, list))


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"{str(value)[:40]!r} stands where a number belongs")
    return float(value)


def _length(value: Any) -> float:
    length = _number(value)
    if length <= 0:
        raise ValueError(f"a page side of {length} points")
    return length
