"""The generator: documents a second on one core, and how much of the page each field takes.

`python benchmarks/synth.py [--documents 300]` prints the rates, `python benchmarks/synth.py --shares [FOLDER ...]` the shares of
grid cells of synthetic invoices beside those published for a large set of real ones and those of dataset folders.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np

from docgrid.chargrid import DEFAULT_ALPHABET, Frame, GridSize
from docgrid.datasets import load, open_dataset
from docgrid.reading.document import read_document
from docgrid.samples import GridSettings, draw, page_samples
from docgrid.schema import INVOICE
from docgrid.synth import Mix, SynthKind, generate

# Shares of pixels that a chargrid of one large set of real invoices has, by the nearest field of docgrid.
PUBLISHED = {
    "(background)": 0.910,
    "line_item_description": 0.0062,
    "vendor_name": 0.0055,
    "vendor_address": 0.0032,
    "line_item_amount_net": 0.0011,
    "document_id": 0.0007,
    "amount_total_gross": 0.0007,
    "date_issue": 0.0006,
    "line_item_quantity": 0.0004,
}
MIXES = {
    "invoice": (SynthKind.INVOICE, Mix()),
    "receipt": (SynthKind.RECEIPT, Mix()),
    "adbuy": (SynthKind.ADBUY, Mix()),
    "order": (SynthKind.INVOICE, Mix(orders=1.0)),
    "letter": (SynthKind.INVOICE, Mix(letters=1.0)),
}


def rate(kind: SynthKind, mix: Mix, documents: int, *, rasterise: bool) -> float:
    """Documents a second of processor time, files written (the clock on the wall also counts what else the machine does)."""
    with tempfile.TemporaryDirectory() as folder:
        generate(Path(folder), documents=3, seed=99, kind=kind, mix=mix)  # fonts and names are loaded once
        start = time.process_time()
        generate(Path(folder), documents=documents, seed=1, kind=kind, mix=mix, rasterise=rasterise)
        return documents / (time.process_time() - start)


def shares(folder: Path, most: int) -> dict[str, float]:
    """The share of grid cells of each field, and of all that is no field, over the first pages of a dataset."""
    settings = GridSettings(DEFAULT_ALPHABET, GridSize(336, 256), Frame.PAGE, np.zeros((0, 2), np.float32))
    counts = np.zeros(INVOICE.class_count, np.int64)
    for record in open_dataset(folder, schema=INVOICE).records[:most]:
        labelled = load(record, INVOICE, read_document)
        for sample in page_samples(labelled, INVOICE, frozenset(INVOICE.names)):
            counts += np.bincount(np.maximum(draw(sample, settings).segmentation, 0).ravel(), minlength=len(counts))
    return dict(zip(("(background)", *INVOICE.names), (counts / counts.sum()).tolist(), strict=True))


def print_shares(folders: list[Path], documents: int) -> None:
    """A row for each field, a column for each set."""
    with tempfile.TemporaryDirectory() as made:
        generate(Path(made), documents=documents, seed=1)
        columns = {"published": PUBLISHED, "synthetic": shares(Path(made), documents)}
    columns |= {folder.name: shares(folder, documents) for folder in folders}
    print(f"{'share of grid cells, %':28}" + "".join(f"{name:>12}" for name in columns))
    for name in ("(background)", *INVOICE.names):
        if any(column.get(name) for column in columns.values()):
            cells = [f"{100 * column[name]:12.3f}" if name in column else f"{'':12}" for column in columns.values()]
            print(f"{name:28}" + "".join(cells))


def main() -> None:
    """Measure each kind, as PDF and as scan; or compare the shares of fields."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=300)
    parser.add_argument("--shares", type=Path, nargs="*")
    chosen = parser.parse_args()
    if chosen.shares is not None:
        print_shares(chosen.shares, chosen.documents)
        return
    for name, (kind, mix) in MIXES.items():
        print(f"{name:8} pdf  {rate(kind, mix, chosen.documents, rasterise=False):7.1f} documents/s")
        print(f"{name:8} scan {rate(kind, mix, max(1, chosen.documents // 10), rasterise=True):7.1f} documents/s")


if __name__ == "__main__":
    main()
