"""Protocol E2: born-digital documents as an office scanner gives them, skewed and noisy; the same for the same seed."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

from docgrid.datasets import Record
from docgrid.files import safe_stem
from docgrid.geometry import Box
from docgrid.reading.isolation import ReaderPool
from docgrid.reading.options import OcrEngineName, ReadingOptions
from docgrid.synth.scan import damage_picture, draw_damage, write_scan

DPI = 200


def scanned(records: Sequence[Record], folder: Path, *, seed: int, jobs: int | None = None) -> Iterator[Record]:
    """The same records, each with a PDF of damaged page pictures in place of its document; one that cannot be rendered stays.

    Args:
        records: Their documents are rendered in a reading process, never in this one.
        folder: Where the scans are written.
        seed: With the id of a record it decides how much its document suffers.
        jobs: Reading processes; None: one for each core.
    """
    with ReaderPool(ReadingOptions(ocr=OcrEngineName.OFF), jobs=jobs) as pool:
        results = pool.read([record.path for record in records])
        for record, result in zip(records, results, strict=True):
            pages = () if result.document is None else result.document.pages
            whole = [(page.number, Box(0.0, 0.0, page.width_pt, page.height_pt)) for page in pages]
            rng = Random(zlib.crc32(f"{seed} {record.id}".encode()))
            damage = replace(draw_damage(rng, narrow=False), dpi=DPI, as_jpeg=True)
            pictures = [picture for picture in pool.crops(record.path, whole, dpi=DPI) if picture is not None]
            if not pictures or len(pictures) < len(whole):
                yield record
                continue
            path = folder / f"{safe_stem(record.id, salt=str(record.path))}.pdf"
            write_scan([damage_picture(picture.convert("L"), damage, rng) for picture in pictures], damage, path)
            yield replace(record, path=path, given=None, located=None)
