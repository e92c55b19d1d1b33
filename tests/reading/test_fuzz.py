"""Damaged copies of valid files through the reading processes: each ends in one status, and none ends the run."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from random import Random

import pytest
from hostile_images import receipt, saved
from hostile_mutations import mutate
from pdf_writing import PdfPageSpec, pdf_bytes, text_at

from docgrid.errors import DocumentStatus
from docgrid.reading import Limits, OcrEngineName, ReaderPool, ReadingOptions

EXAMPLES = Path(__file__).parents[2] / "examples"
LIMITS = Limits(document_timeout_s=20, ocr_timeout_s=10, memory_bytes=1024**3)


def valid() -> list[tuple[str, bytes]]:
    """Good files of every kind, with their suffixes."""
    text = text_at("Invoice 4711", 20, 300) + text_at("Total 1.190,00 EUR", 20, 280)
    made = [(".pdf", pdf_bytes([PdfPageSpec(text)] * 3))]
    made += [(f".{kind.lower()}", saved(receipt(mode="RGB"), kind)) for kind in ("PNG", "JPEG", "TIFF", "BMP", "WEBP", "GIF")]
    return made + [(path.suffix, path.read_bytes()) for path in sorted(EXAMPLES.glob("*.pdf"))] * 3


def damaged(folder: Path, seed: int) -> Iterator[Path]:
    """Damaged files without end; each is written when it is asked for, under one of a few names."""
    random, files = Random(seed), valid()
    number = 0
    while True:
        suffix, content = random.choice(files)
        path = folder / f"{number % 64}{suffix}"
        path.write_bytes(mutate(content, random))
        yield path
        number += 1


def fuzz(folder: Path, seed: int, ocr: OcrEngineName, *, seconds: float, files: int) -> Counter[str]:
    """Read damaged files for so long, or so many; counts the statuses."""
    until = time.monotonic() + seconds
    found: Counter[str] = Counter()

    def paths() -> Iterator[Path]:
        for path in islice(damaged(folder, seed), files):
            if time.monotonic() > until:
                return
            yield path

    with ReaderPool(ReadingOptions(ocr=ocr, limits=LIMITS), jobs=2) as pool:
        for result in pool.read(paths()):
            found[result.status.value] += 1
            assert result.status.has_pages == (result.document is not None and not result.document.is_empty)
            assert result.status is DocumentStatus.OK or (result.problem and result.hint), result
            assert "unexpected" not in result.problem, f"seed {seed}: {result.path.read_bytes()[:200]!r} {result.problem}"
            assert result.seconds < LIMITS.document_timeout_s + 40
    return found


def test_damaged_files_end_in_a_status_each(tmp_path: Path) -> None:
    found = fuzz(tmp_path, 1, OcrEngineName.OFF, seconds=60, files=60)
    assert sum(found.values()) == 60
    assert found["crashed"] == found["timeout"] == found["out_of_memory"] == 0


@pytest.mark.slow
def test_two_minutes_of_damaged_files_end_in_a_status_each(tmp_path: Path) -> None:
    seed = int(os.environ.get("DOCGRID_FUZZ_SEED", "2"))
    found = fuzz(tmp_path, seed, OcrEngineName.AUTO, seconds=120, files=1_000_000)
    assert sum(found.values()) >= 100
    assert found["crashed"] + found["timeout"] + found["out_of_memory"] <= 0.02 * sum(found.values())
