"""Labelled synthetic documents: invoices and receipts whose every value is known, in docgrid's own dataset layout.

A document is drawn on a `Sheet`, which records every printed value with its boxes; document number N of a seed depends on
nothing else. Layouts are families with stable names, so that whole families can be held out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from random import Random

from docgrid.errors import UsageError
from docgrid.files import atomic_path, write_text
from docgrid.synth.adbuys import FAMILIES as ADBUY_FAMILIES
from docgrid.synth.adbuys import draw_adbuy
from docgrid.synth.ink import Record, Sheet
from docgrid.synth.invoices import FAMILIES as INVOICE_FAMILIES
from docgrid.synth.invoices import draw_invoice
from docgrid.synth.letters import FAMILIES as LETTER_FAMILIES
from docgrid.synth.letters import draw_letter
from docgrid.synth.orders import FAMILIES as ORDER_FAMILIES
from docgrid.synth.orders import draw_order
from docgrid.synth.pen import write_pdf
from docgrid.synth.receipts import FAMILIES as RECEIPT_FAMILIES
from docgrid.synth.receipts import draw_receipt
from docgrid.synth.reports import FAMILIES as REPORT_FAMILIES
from docgrid.synth.reports import draw_report
from docgrid.synth.scan import draw_damage, scan, write_scan

REPORT_SHARE = 0.25  # of the invoices: renderings of electronic ones
RECEIPT_SHARE = 0.4  # of a mixed set


class SynthKind(StrEnum):
    """What to make; a model is trained on one kind."""

    INVOICE = "invoice"
    RECEIPT = "receipt"
    ADBUY = "adbuy"
    MIXED = "mixed"  # invoices and receipts


@dataclass(frozen=True, slots=True)
class Mix:
    """What else is among the documents of a kind, as shares.

    Attributes:
        letters: Letters and other pages without any field, from which a model learns to find nothing.
        orders: Purchase orders, in the schema of invoices.

    Raises:
        UsageError: They are no shares.
    """

    letters: float = 0.0
    orders: float = 0.0

    def __post_init__(self) -> None:
        if not (0 <= self.letters <= 1 and 0 <= self.orders <= 1 and self.letters + self.orders <= 1):
            raise UsageError("letters and orders are no shares of the documents", hint="Such as --letters 0.1 --orders 0.1.")


@dataclass(frozen=True, slots=True)
class SynthDocument:
    """One document before it is written."""

    id: str
    sheet: Sheet
    layout: str
    language: str
    schema: str


def layout_names(kind: SynthKind) -> tuple[str, ...]:
    """The layout families of a kind; the names stay, so that families can be held out."""
    invoices = INVOICE_FAMILIES + REPORT_FAMILIES
    return {
        SynthKind.INVOICE: invoices,
        SynthKind.RECEIPT: RECEIPT_FAMILIES,
        SynthKind.ADBUY: ADBUY_FAMILIES,
        SynthKind.MIXED: invoices + RECEIPT_FAMILIES,
    }[kind]


def make_document(number: int, *, seed: int, kind: SynthKind, mix: Mix | None = None) -> SynthDocument:
    """Document `number` of a seed; it depends on nothing else. What is mixed in takes the place of other documents."""
    mix = mix or Mix()
    rng = Random(f"docgrid-synth/{seed}/{kind.value}/{number}")
    choice = Random(f"docgrid-synth/{seed}/{kind.value}/{number}/mix").random()
    if choice < mix.letters:
        family = rng.choice(LETTER_FAMILIES)
        language, sheet = draw_letter(rng, family)
        return SynthDocument(f"letter-{seed}-{number:06}", sheet, family, language, kind.value)
    if choice < mix.letters + mix.orders:
        family = rng.choice(ORDER_FAMILIES)
        order, sheet = draw_order(rng, family)
        return SynthDocument(f"order-{seed}-{number:06}", sheet, family, order.language, "invoice")
    if kind is SynthKind.ADBUY:
        family = rng.choice(ADBUY_FAMILIES)
        _, sheet = draw_adbuy(rng, family)
        return SynthDocument(f"adbuy-{seed}-{number:06}", sheet, family, "en", "adbuy")
    if kind is SynthKind.RECEIPT or (kind is SynthKind.MIXED and rng.random() < RECEIPT_SHARE):
        family = rng.choice(RECEIPT_FAMILIES)
        receipt, sheet = draw_receipt(rng, family)
        return SynthDocument(f"receipt-{seed}-{number:06}", sheet, family, receipt.language, "receipt")
    if rng.random() < REPORT_SHARE:
        family = rng.choice(REPORT_FAMILIES)
        invoice, sheet = draw_report(rng, family)
    else:
        family = rng.choice(INVOICE_FAMILIES)
        invoice, sheet = draw_invoice(rng, family)
    return SynthDocument(f"invoice-{seed}-{number:06}", sheet, family, invoice.language, "invoice")


def generate(
    out: Path,
    *,
    documents: int,
    seed: int = 0,
    kind: SynthKind | str = SynthKind.INVOICE,
    rasterise: bool | float = False,
    jobs: int = 1,
    mix: Mix | None = None,
) -> int:
    """Write `documents` labelled documents to `out` in the native dataset layout.

    Args:
        out: The dataset folder: `data/documents/ID.pdf|png|jpg`, `data/annotations/ID.json`, `docgrid.toml`.
        documents: How many.
        seed: The same seed gives the same documents.
        kind: Invoices, receipts, orders of advertising, or invoices and receipts mixed.
        rasterise: True for scans instead of PDFs with text, or the fraction of documents that are scans.
        jobs: Processes to share the work.
        mix: What else is among them.

    Returns:
        How many were written.

    Raises:
        UsageError: A number is out of range or the kind is unknown.
        OutputError: The folder cannot be written to.
    """
    if documents < 1 or jobs < 1 or not 0 <= float(rasterise) <= 1:
        raise UsageError("documents and jobs must be at least 1, rasterise within 0..1", hint="Such as --documents 100.")
    try:
        kind = SynthKind(kind)
    except ValueError as error:
        raise UsageError(f"unknown kind {str(kind)!r}", hint=f"Choose one of {', '.join(SynthKind)}.") from error
    mix = mix or Mix()
    if mix.orders and kind is not SynthKind.INVOICE:
        raise UsageError("purchase orders are labelled like invoices", hint="Use --orders with --kind invoice.")
    if kind is not SynthKind.MIXED:
        write_text(out / "docgrid.toml", f'schema = "{kind.value}"\n')
    work = partial(_write_one, out=out, seed=seed, kind=kind, scans=float(rasterise), mix=mix)
    if jobs == 1:
        return sum(1 for _ in map(work, range(documents)))
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        return sum(1 for _ in pool.map(work, range(documents), chunksize=16))


def _write_one(number: int, *, out: Path, seed: int, kind: SynthKind, scans: float, mix: Mix) -> str:
    document = make_document(number, seed=seed, kind=kind, mix=mix)
    rng = Random(f"docgrid-scan/{seed}/{kind.value}/{number}")
    folder = out / "data" / "documents"
    if rng.random() < scans:
        damage = draw_damage(rng, narrow=document.schema == "receipt")
        pages = scan(document.sheet, damage, rng)
        suffix = ".pdf" if len(pages) > 1 else ".jpg" if damage.as_jpeg else ".png"
        with atomic_path(folder / f"{document.id}{suffix}", durable=False) as temporary:
            write_scan(pages, damage, temporary)
    else:
        with atomic_path(folder / f"{document.id}.pdf", durable=False) as temporary:
            write_pdf(document.sheet, temporary)
    # No indentation: it makes the file four times as long, and writing it as slow.
    labels = json.dumps(annotation(document), ensure_ascii=False, separators=(",", ":"))
    write_text(out / "data" / "annotations" / f"{document.id}.json", labels + "\n", durable=False)
    return document.id


def annotation(document: SynthDocument) -> dict[str, object]:
    """The labels of a document as its annotation file says them."""
    fields: dict[str, list[dict[str, object]]] = {}
    items: dict[int, dict[str, list[dict[str, object]]]] = {}
    for record in document.sheet.records:
        for name, entry in _entries(record, document.sheet):
            home = fields if record.value.item is None else items.setdefault(record.value.item, {})
            home.setdefault(name, []).append(entry)
    return {
        "schema": "docgrid.labels/1",
        "document_schema": document.schema,
        "layout": document.layout,
        "language": document.language,
        "languages": [document.language],
        "fields": fields,
        "line_items": [{"fields": items[number]} for number in sorted(items)],
    }


def _entries(record: Record, sheet: Sheet) -> Iterator[tuple[str, dict[str, object]]]:
    """The record under each of its fields; what lies beside the page is left out."""
    width, height = sheet.sizes[record.page - 1]
    edges = [[box[0] / width, box[1] / height, box[2] / width, box[3] / height] for box in record.boxes]
    clipped = [[round(min(max(edge, 0.0), 1.0), 5) for edge in line] for line in edges]
    lines = [line for line in clipped if line[0] < line[2] and line[1] < line[3]]
    if not lines:
        return
    lefts, tops, rights, bottoms = zip(*lines, strict=True)
    text = "\n".join(record.texts)
    place = {"page": record.page, "bbox": [min(lefts), min(tops), max(rights), max(bottoms)], "lines": lines}
    for name in record.value.fields:
        yield name, {"text": text, "value": record.value.value, **place}


__all__ = ["Mix", "SynthDocument", "SynthKind", "annotation", "generate", "layout_names", "make_document"]
