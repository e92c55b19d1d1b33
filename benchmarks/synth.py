"""Documents a second of the generator, on one core: `python benchmarks/synth.py [--documents 300]`."""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from docgrid.synth import SynthKind, generate


def rate(kind: SynthKind, documents: int, *, rasterise: bool) -> float:
    """Documents a second of processor time, files written (the clock on the wall also counts what else the machine does)."""
    with tempfile.TemporaryDirectory() as folder:
        generate(Path(folder), documents=3, seed=99, kind=kind)  # fonts and names are loaded once
        start = time.process_time()
        generate(Path(folder), documents=documents, seed=1, kind=kind, rasterise=rasterise)
        return documents / (time.process_time() - start)


def main() -> None:
    """Measure each kind, as PDF and as scan."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=300)
    documents = parser.parse_args().documents
    for kind in (SynthKind.INVOICE, SynthKind.RECEIPT):
        print(f"{kind.value:8} pdf  {rate(kind, documents, rasterise=False):7.1f} documents/s")
        print(f"{kind.value:8} scan {rate(kind, max(1, documents // 10), rasterise=True):7.1f} documents/s")


if __name__ == "__main__":
    main()
